"""Keys, records and mails of our own: what passes, what fails, and what is not known (RFC 6376, 7208, 9989, 8617)."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from dkim.canonicalization import Relaxed
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mail.domainkeys import relaxed
from mailbot.mail.lookup import Answer, Kind, Question, Record, Unverified
from mailbot.mail.verification import verify
from tests.mail.corpus_auth import asked_through
from tests.mail.signing import ED25519, RSA, SMALL, Key, record, signed

ARRIVED = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
NOW = int(ARRIVED.timestamp())
RAW = (
    b"From: Yamada <yamada@customer.example>\r\nSubject: Question\r\n folded\r\n\r\nHello  \r\n\r\n  there\r\n\r\n\r\n"
)
KEY = "s1._domainkey.customer.example"
TROUBLE = Answer(trouble=True)

Zone = Mapping[tuple[str, Kind], Record | Answer | tuple[Record, ...]]


def found(raw: bytes = RAW, zone: Zone | None = None, **about: str | bool) -> dict[str, str]:
    """Method → result, the policy behind DMARC's."""
    answers = {
        Question(name, kind): said if isinstance(said, Answer) else Answer(said if isinstance(said, tuple) else (said,))
        for (name, kind), said in (zone or {}).items()
    }
    given = {
        "author_domain": "customer.example",
        "client": "",
        "helo": "",
        "sender": "",
        "through_list": False,
        **about,
    }
    results = asked_through(Unverified(raw, arrived=ARRIVED, **given), answers).results  # type: ignore[arg-type]
    return {each.method: f"{each.result} {each.policy}".strip() for each in results}


# DKIM


@pytest.mark.parametrize("key", [RSA, SMALL, ED25519], ids=["rsa", "rsa-1024", "ed25519"])
def test_a_signature_passes(key: Key) -> None:
    assert found(signed(RAW, key), {(KEY, "TXT"): record(key)})["dkim"] == "pass"


@pytest.mark.parametrize(
    ("change", "result"),
    [
        ((b"Hello", b"Hallo"), "fail"),
        ((b"Subject: Question", b"Subject: Answer"), "fail"),
        ((b"Yamada <", b"Tanaka <"), "fail"),
        ((b"Hello  \r\n", b"Hello\r\n"), "pass"),  # relaxed
        ((b"\r\n folded", b" folded"), "pass"),
        ((b"From: Yamada", b"From: eve@evil.example\r\nFrom: Yamada"), "permerror"),  # RFC 6376 §8.15
        ((b"DKIM-Signature", b"\r\n\r\nDKIM-Signature"), "pass"),  # the reader passes over blank lines, too
        ((b"DKIM-Signature", b"From x@y.example Mon Jan  1 00:00:00 2026\r\nDKIM-Signature"), "pass"),
        ((b"; d=customer.example", b""), "permerror"),
        ((b"b=", b"b=?"), "permerror"),
        ((b"c=relaxed/relaxed", b"c=loose"), "permerror"),
        ((b"v=1", b"v=2"), "permerror"),
        ((b"DKIM-Signature: ", b"DKIM-Signature: " + b"\r\n " * 200), "permerror"),
    ],
)
def test_what_is_changed_after_signing(change: tuple[bytes, bytes], result: str) -> None:
    raw = signed(RAW, RSA).replace(*change, 1)
    assert found(raw, {(KEY, "TXT"): record(RSA)})["dkim"] == result


@pytest.mark.parametrize(
    ("tags", "result"),
    [
        ({"x": str(NOW + 60)}, "pass"),
        ({"x": str(NOW - 86_400)}, "permerror"),  # expired when it arrived
        ({"t": str(NOW + 86_400)}, "permerror"),
        ({"t": str(NOW - 50), "x": str(NOW - 60)}, "permerror"),
        ({"t": "yesterday"}, "permerror"),
        ({"l": "5"}, "policy"),  # RFC 6376 §8.2
        ({"a": "rsa-sha1"}, "permerror"),  # RFC 8301 §3.1
        ({"i": "x@sub.customer.example"}, "pass"),
        ({"i": "x@other.example"}, "permerror"),
        ({"names": "subject"}, "permerror"),  # RFC 6376 §5.4
        ({"names": "from:" + ":".join(["x"] * 400)}, "permerror"),
    ],
    ids=str,
)
def test_tags_of_a_signature(tags: dict[str, str], result: str) -> None:
    assert found(signed(RAW, RSA, **tags), {(KEY, "TXT"): record(RSA)})["dkim"] == result


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ((b"unrelated", record(RSA)), "pass"),
        (record(RSA, "h=sha1:sha256", "s=*"), "pass"),
        (record(RSA, "t=s"), "pass"),
        (record(RSA, "h=sha1"), "permerror"),
        (record(RSA, "s=tlsrpt"), "permerror"),
        (record(RSA).replace(b"DKIM1", b"DKIM2"), "permerror"),
        (record(ED25519), "permerror"),  # not the kind that signed
        (record(SMALL), "fail"),
        (record(generate_private_key(65537, 1024)).replace(b"p=", b"p=!"), "permerror"),
        (b"v=DKIM1; k=rsa; p=", "permerror"),  # withdrawn
        (b"v=DKIM1; k=rsa; p=AAAA", "permerror"),
        (Answer(exists=False), "permerror"),
        (TROUBLE, "temperror"),
    ],
    ids=[
        "one of two",
        "limits that hold",
        "testing",
        "another hash",
        "another service",
        "another version",
        "another kind of key",
        "small",
        "broken",
        "withdrawn",
        "cut short",
        "none",
        "trouble",
    ],
)
def test_keys(answer: Record | Answer | tuple[Record, ...], result: str) -> None:
    assert found(signed(RAW, RSA), {(KEY, "TXT"): answer})["dkim"] == result


def test_a_key_for_the_very_domain_alone() -> None:
    raw = signed(RAW, RSA, i="x@sub.customer.example")
    assert found(raw, {(KEY, "TXT"): record(RSA, "t=s")})["dkim"] == "permerror"


def test_a_key_that_is_too_short() -> None:
    # Today's libraries make none of 512 bits, so its record is put together here (RFC 8301 §3.2).
    number = bytes.fromhex("3048 0241 00") + b"\xc5" + b"\x5a" * 62 + b"\x01" + bytes.fromhex("0203010001")
    short = b"v=DKIM1; p=" + base64.b64encode(number)
    assert found(signed(RAW, RSA), {(KEY, "TXT"): short})["dkim"] == "policy"


def test_a_bare_key() -> None:
    """RFC 6376 §3.6.1 says RSAPublicKey, and everybody publishes SubjectPublicKeyInfo: both are read."""
    bare = RSA.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    assert found(signed(RAW, RSA), {(KEY, "TXT"): b"p=" + base64.b64encode(bare)})["dkim"] == "pass"


def test_five_signatures_are_tried_and_no_more() -> None:
    raw = signed(RAW, RSA)
    for _ in range(5):
        raw = signed(raw, RSA, domain="other.example")
    assert found(raw, {(KEY, "TXT"): record(RSA)})["dkim"] == "permerror"  # the good one is the sixth


def test_all_that_is_missing_is_asked_for_at_once() -> None:
    raw = signed(signed(RAW, RSA), ED25519, domain="relay.example")
    mail = Unverified(raw, "customer.example", "192.0.2.1", "mx.customer.example", "y@path.example", ARRIVED, False)
    missing = {(each.name, each.kind) for each in verify(mail, {}).missing}
    assert missing == {
        (KEY, "TXT"),
        ("s1._domainkey.relay.example", "TXT"),
        ("path.example", "TXT"),
        ("_dmarc.customer.example", "TXT"),
        ("_dmarc.example", "TXT"),
        ("customer.example", "A"),
    }


@pytest.mark.parametrize(
    "raw",
    [b"", b"\r\n", b" \r\n", b"no field\r\n\r\n", b"DKIM-Signature: \xff; h\r\n\r\n", b"DKIM-Signature:\r\n\r\n"],
)
def test_strange_mail_is_no_error(raw: bytes) -> None:
    assert found(raw)["dmarc"] == "none"


@pytest.mark.parametrize(
    "raw",
    [
        signed(RAW + b" " * 2_000_000, RSA),
        signed(RAW + b" \t" * 1_000_000 + b"x\r\n", RSA),
        signed(RAW + b"\r\n" * 1_000_000, RSA),
        signed(RAW + b"\r\n" * 500_000 + b"x", RSA).replace(b"\r\n", b"\n"),
        b"DKIM-Signature: b=" + (b" \r\n" * 30 + b" a") * 80 + b"\r\n" + RAW,
        b"DKIM-Signature: v=1; h=" + b"a:" * 8_000 + b"\r\n" + RAW,
        b"ARC-Seal: i=1; cv=none\r\n" * 300 + RAW,
        b"ARC-Seal: i=999999999\r\nARC-Message-Signature: i=99999999999999999999\r\n" + RAW,
    ],
    ids=["blanks", "tabs", "lines", "lines within", "folds", "names", "seals", "numbers"],
)
def test_bombs_take_linear_time(raw: bytes) -> None:
    before = time.process_time()
    found(raw, {(KEY, "TXT"): record(RSA)}, through_list=True)
    assert time.process_time() - before < 2


@given(st.lists(st.sampled_from([b" ", b"\t", b"\r\n", b"a", b"\r", b"\n", b"  ", b"b c"]), max_size=12).map(b"".join))
def test_our_relaxed_body_is_the_library_s(body: bytes) -> None:
    assert relaxed(body) == Relaxed.canonicalize_body(body)


# SPF


@pytest.mark.parametrize(
    ("policy", "client", "result"),
    [
        (b"v=spf1 ip4:192.0.2.0/24 -all", "192.0.2.7", "pass"),
        (b"v=spf1 ip4:192.0.2.0/24 -all", "198.51.100.7", "fail"),
        (b"v=spf1 ip6:2001:db8::/32 ~all", "2001:db8::1", "pass"),
        (b"v=spf1 include:other.example ?all", "203.0.113.9", "pass"),
        (b"v=spf1 include:away.example -all", "203.0.113.9", "temperror"),
        (b"v=spf1 a:gone1.example a:gone2.example a:gone3.example -all", "203.0.113.9", "permerror"),
        (b"v=spf1 nonsense", "203.0.113.9", "permerror"),
        (b"no policy", "203.0.113.9", "none"),
    ],
)
def test_paths(policy: bytes, client: str, result: str) -> None:
    zone: Zone = {
        ("customer.example", "TXT"): policy,
        ("other.example", "TXT"): b"v=spf1 mx -all",
        ("other.example", "MX"): ((10, "mx.other.example"),),
        ("mx.other.example", "A"): "203.0.113.9",
        ("away.example", "TXT"): TROUBLE,
    }
    assert found(zone=zone, client=client, sender="y@customer.example", helo="mx")["spf"] == result


def test_the_null_path_is_judged_by_its_helo() -> None:
    zone: Zone = {("mx.customer.example", "TXT"): b"v=spf1 ip4:192.0.2.1 -all"}
    assert found(zone=zone, client="192.0.2.1", helo="mx.customer.example")["spf"] == "pass"


def test_behind_a_server_of_ours_there_is_no_path() -> None:
    assert "spf" not in found(zone={("customer.example", "TXT"): b"v=spf1 -all"}, sender="y@customer.example")


# DMARC


@pytest.mark.parametrize(
    ("author", "signer", "records", "result"),
    [
        ("customer.example", "customer.example", {"customer.example": "p=reject"}, "pass reject"),
        ("customer.example", "mail.customer.example", {"customer.example": "p=reject"}, "pass reject"),
        ("mail.customer.example", "customer.example", {"customer.example": "p=reject; sp=none"}, "pass none"),
        ("customer.example", "mail.customer.example", {"customer.example": "p=reject; adkim=s"}, "fail reject"),
        ("customer.example", "other.example", {"customer.example": "p=quarantine"}, "fail quarantine"),
        ("customer.example", "other.example", {"customer.example": "p=none"}, "fail none"),
        ("customer.example", "other.example", {"customer.example": "p=reject; t=y"}, "fail quarantine"),
        ("customer.example", "xcustomer.example", {"customer.example": "p=reject"}, "fail reject"),
        ("customer.example", "other.example", {}, "none"),
        ("customer.example", "other.example", {"customer.example": "sp=reject"}, "none"),
        ("customer.example", "other.example", {"customer.example": "p=refuse; rua=mailto:d@x.example"}, "fail none"),
        # The registry of a suffix (§4.10.2): two below it are strangers to each other.
        ("a.bank.example", "b.bank.example", {"bank.example": "p=reject; psd=y"}, "fail reject"),
        ("a.bank.example", "x.a.bank.example", {"bank.example": "p=none; psd=y"}, "pass none"),
        ("u.unit.customer.example", "customer.example",
         {"unit.customer.example": "p=reject; psd=n", "customer.example": "p=none"}, "fail reject"),
        ("gone.customer.example", "other.example", {"customer.example": "p=none; np=reject"}, "fail reject"),
        ("here.customer.example", "other.example", {"customer.example": "p=none; np=reject"}, "fail none"),
        ("a.b.c.d.e.f.g.h.i.customer.example", "customer.example", {"customer.example": "p=reject"}, "pass reject"),
    ],
)  # fmt: skip
def test_author_policies(author: str, signer: str, records: dict[str, str], result: str) -> None:
    zone: dict[tuple[str, Kind], Record | Answer | tuple[Record, ...]] = {
        (f"_dmarc.{name}", "TXT"): f"v=DMARC1; {text}".encode() for name, text in records.items()
    }
    zone |= {(f"s1._domainkey.{signer}", "TXT"): record(RSA), ("here.customer.example", "A"): Answer()}
    assert found(signed(RAW, RSA, domain=signer), zone, author_domain=author)["dmarc"] == result


def test_a_path_stands_for_its_author() -> None:
    zone: Zone = {
        ("_dmarc.customer.example", "TXT"): b"v=DMARC1; p=reject",
        ("bounces.customer.example", "TXT"): b"v=spf1 ip4:192.0.2.1 -all",
    }
    assert found(zone=zone, client="192.0.2.1", sender="b@bounces.customer.example")["dmarc"] == "pass reject"


@pytest.mark.parametrize(
    "zone",
    [
        {("_dmarc.customer.example", "TXT"): TROUBLE},
        {("_dmarc.example", "TXT"): TROUBLE},
        {("_dmarc.customer.example", "TXT"): b"v=DMARC1; p=reject", (KEY, "TXT"): TROUBLE},
    ],
    ids=["policy", "parent", "key"],
)
def test_trouble_is_no_forgery(zone: Zone) -> None:
    assert found(signed(RAW, RSA), zone)["dmarc"].startswith("temperror")


def test_two_records_are_none() -> None:
    zone: Zone = {("_dmarc.customer.example", "TXT"): (b"v=DMARC1; p=reject", b"v=DMARC1; p=none")}
    assert found(zone=zone)["dmarc"] == "none"


# ARC


def test_a_chain_counts_only_through_a_list() -> None:
    raw = b"ARC-Seal: i=1; cv=none; d=lists.example; s=s1\r\n" + RAW
    assert found(raw, through_list=True)["arc"] == "fail"
    assert "arc" not in found(raw)
