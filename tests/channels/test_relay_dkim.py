"""Signatures as others check them: by dkimpy with a DNS of our own, and Ed25519 by the standard's own steps."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.channels import dkim
from mailbot.channels.letter import normalised
from mailbot.config.settings import Dkim
from mailbot.errors import ConfigurationError, RelayError
from tests.channels.relaying import RAW, letter, relay_to
from tests.channels.sink import Sink

RSA = rsa.generate_private_key(65537, 2048)
ED25519 = ed25519.Ed25519PrivateKey.generate()
FULL = (
    b"Received: by desk.test\r\n"
    b"From: =?utf-8?b?44K144Od44O844OI?=\r\n\t<desk@desk.test>\r\n"
    b"To: asker@example.com\r\nSubject: Re:  two   blanks\r\n folded\r\nDate: Mon, 2 Nov 2026 09:00:00 +0900\r\n"
    b"Message-ID: <1@desk.test>\r\nReply-To: r@desk.test\r\n"
    b"In-Reply-To: <0@example.com>\r\nReferences: <0@example.com>\r\n"
    b"List-Id: <news.desk.test>\r\nList-Unsubscribe: <mailto:u@desk.test>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    b"\xe8\xbf\x94\xe9\x87\x91  \t x \r\n.dot\r\n\r\n\r\n"
)


def signer(key: Any) -> dkim.Signer:
    return dkim.Signer(key, "s1", "desk.test")


def verifies(raw: bytes, key: Any = RSA) -> bool:
    """By dkimpy for RSA; its Ed25519 needs another library, so there the key object takes the library's place."""
    public = base64.b64encode(RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"s1._domainkey.desk.test."
        return b"v=DKIM1; k=rsa; p=" + public

    if key is RSA:
        return bool(dkimpy.verify(raw, dnsfunc=dns))
    checker = dkimpy.DKIM(raw)
    sig, include, fields = checker.verify_headerprep()
    assert sig[b"a"] == b"ed25519-sha256"
    digests: list[bytes] = []

    class PublicKey:
        def verify(self, digest: bytes, signature: bytes) -> None:
            digests.append(digest)
            key.public_key().verify(signature, digest)  # RFC 8463 §3: PureEdDSA over the SHA-256 digest

    checker.pk, checker.keysize, checker.ktag = PublicKey(), 256, b"ed25519"
    return bool(checker.verify_sig_process(sig, include, fields[0], None)) and len(digests) == 1


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
@pytest.mark.parametrize(
    "raw", [RAW, FULL, FULL.replace(b"\r\n", b"\n"), RAW.replace(b"Hello\r\n", b""), b"From: a@b.test\r\n"]
)
def test_signature_verifies(key: Any, raw: bytes) -> None:
    signed = signer(key).sign(raw)
    assert signed.endswith(normalised(raw))
    assert verifies(signed, key)


def test_what_is_signed() -> None:
    field = signer(RSA).sign(FULL)[: -len(FULL)].decode()
    tags = dict(tag.strip().split("=", 1) for tag in re.sub(r"\r\n\s+", " ", field.partition(":")[2]).split(";"))
    names = re.split(r"\s*:\s*", tags["h"].strip())
    expected = (
        b"from from to subject date message-id reply-to in-reply-to references list-id list-unsubscribe "
        b"list-unsubscribe-post auto-submitted mime-version content-type content-transfer-encoding"
    )
    assert sorted(names) == sorted(expected.decode().split())
    assert (tags["d"], tags["s"], tags["a"], tags["c"]) == ("desk.test", "s1", "rsa-sha256", "relaxed/relaxed")
    assert "l" not in tags
    assert max(map(len, field.split("\r\n"))) <= 78


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Re:  two", b"Re: three"),
        (b"asker@", b"other@"),
        (b"<mailto:u@", b"<mailto:v@"),
        (b"auto-replied", b"no"),
        (b"  \t x", b"  y"),
        (b"Received: by", b"From: ceo@desk.test\r\nReceived: by"),
    ],
)
@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_changed_letter_does_not_verify(key: Any, old: bytes, new: bytes) -> None:
    signed = signer(key).sign(FULL)
    assert old in signed
    try:
        good = verifies(signed.replace(old, new, 1), key)
    except Exception:
        good = False
    assert not good


def test_what_mail_servers_do_on_the_way_does_no_harm() -> None:
    signed = signer(RSA).sign(FULL)
    assert verifies(
        b"Received: from us\r\n by them\r\n" + signed.replace(b"Re:  two", b"Re: two").rstrip(b"\r\n") + b"\r\n"
    )


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_a_retry_has_the_same_bytes(key: Any) -> None:
    assert signer(key).sign(FULL) == signer(key).sign(FULL)


@pytest.mark.parametrize(
    "raw", [b"Subject: nobody\r\n\r\nx", b" From: folded first\r\n\r\nx", b"no field at all\r\n\r\nx", b""]
)
def test_what_cannot_be_signed_is_not_sent(raw: bytes) -> None:
    with pytest.raises(RelayError, match="cannot be signed") as caught:
        signer(RSA).sign(raw)
    assert caught.value.permanent


@pytest.mark.timeout(10)
def test_long_runs_of_blanks_take_no_time() -> None:
    signed = signer(ED25519).sign(RAW + b" \t" * 1_000_000 + b"x\r\n")
    assert verifies(signed.replace(b" \t" * 1_000_000, b" "), ED25519)


BODIES = st.lists(st.sampled_from([b" ", b"\t", b"\r\n", b"\n", b"\r", b".", b"a", b"From: x"]), max_size=40)


@given(BODIES.map(b"".join))
@settings(deadline=None, max_examples=50)
def test_every_body_verifies(body: bytes) -> None:
    assert verifies(signer(ED25519).sign(b"From: a@desk.test\r\n\r\n" + body), ED25519)


def written(folder: Path, key: Any, form: PrivateFormat = PrivateFormat.PKCS8) -> Dkim:
    file = folder / "dkim.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, form, NoEncryption()))
    return Dkim(selector="s1", domain="desk.test", key_file=file)


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_rsa_key_is_loaded(tmp_path: Path, form: PrivateFormat) -> None:
    assert verifies(dkim.load(written(tmp_path, RSA, form)).sign(RAW))


def test_ed25519_key_is_loaded(tmp_path: Path) -> None:
    assert verifies(dkim.load(written(tmp_path, ED25519)).sign(RAW), ED25519)


@pytest.mark.parametrize(
    ("key", "mend"),
    [
        (rsa.generate_private_key(65537, 1024), "2048 bits, this has 1024"),
        (ec.generate_private_key(ec.SECP256R1()), "RSA or Ed25519"),
    ],
)
def test_unfit_key_is_a_fault(tmp_path: Path, key: Any, mend: str) -> None:
    with pytest.raises(ConfigurationError, match=mend) as caught:
        dkim.load(written(tmp_path, key))
    assert caught.value.faults[0].key == "[relay.dkim] key_file"


@pytest.mark.parametrize(
    ("contents", "mend"), [(None, "cannot be read: No such file"), (b"nothing", "not a private key in PEM")]
)
def test_missing_key_is_a_fault(tmp_path: Path, contents: bytes | None, mend: str) -> None:
    if contents is not None:
        (tmp_path / "dkim.pem").write_bytes(contents)
    with pytest.raises(ConfigurationError, match=mend):
        dkim.load(Dkim(selector="s1", domain="desk.test", key_file=tmp_path / "dkim.pem"))


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
async def test_letters_leave_signed(tmp_path: Path, protocol: Any) -> None:
    raw = FULL + b"bare\rand\nfeeds\r\n.\r\n"
    async with Sink(protocol=protocol) as sink, relay_to(sink, dkim=written(tmp_path, RSA)) as relay:
        await relay.send(letter(raw=raw))
    assert verifies(sink.taken[0].raw)
    assert sink.taken[0].raw.endswith(b"bare\r\nand\r\nfeeds\r\n.\r\n")
