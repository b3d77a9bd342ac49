"""Mails made to kill their reader (promises §0.5, attack rows 18-20): each is kept and shown to staff, and others flow.

CPython gh-136063, Dovecot CVE-2024-23184, RT CVE-2015-7686, OTRS CVE-2021-36093. Through the real reading children.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot import rules
from mailbot.config import bundled
from mailbot.mail.reading import read
from mailbot.sandbox import ReadingPool
from tests.flows.office import Office, mail, open_office
from tests.security.people import ASKER, STAFF

END = b"\r\n\r\nHow?\r\n"
TO = b"To: support@desk.example\r\n"
FROM = b"From: ann@acme.example\r\n"


def nested_in_base64(depth: int, inner: bytes) -> bytes:
    """A mail in a mail in a mail: no dividing line shows how deep it goes."""
    raw = b"Subject: y\r\n\r\n" + inner
    for _ in range(depth):
        raw = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(raw)
    return raw


BOMBS: dict[str, bytes] = {
    "comments in From": b"From: " + b"(" * 5_000 + b"ann@acme.example\r\n" + TO + b"Subject: b" + END,
    "encoded words": FROM + TO + b"Subject: " + b"=?utf-8?q?a?= " * 16_000 + END,
    "long subject": FROM + TO + b"Subject: " + b"word " * 200_000 + END,
    "many addresses": FROM + b"To: " + b"a@b.example, " * 50_000 + b"c@d.example\r\nSubject: b" + END,
    "many fields": FROM + TO + b"X: y\r\n" * 100_000 + b"Subject: b" + END,
    "nested parts": FROM
    + TO
    + b"Subject: b\r\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1_000))
    + END,
    "empty parts": FROM
    + TO
    + b"Subject: b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\n" * 100_000,
    "nested messages": FROM + TO + b"Subject: b\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 2_000 + END,
    "parameters": FROM + TO + b"Subject: b\r\nContent-Type: text/plain" + b"; a=b" * 30_000 + END,
    "references": FROM + TO + b"Subject: b\r\nReferences: " + b"<a@b> " * 30_000 + END,
    "quotes": FROM + TO + b"Subject: b\r\n\r\n" + b"> On Mon wrote:\r\n" * 60_000,
    "On ": FROM + TO + b"Subject: b\r\n\r\n" + b"On " * 300_000,
    "blanks": FROM + TO + b"Subject: b\r\n\r\n" + b" \t" * 500_000 + b"x\r\n",
    "HTML": FROM + TO + b"Subject: b\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
    "broken header lines": FROM + TO + b"Subject: b\r\n" + b"garbage\r\n" * 900 + END,
    "broken part headers": FROM
    + TO
    + b"Subject: b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    + b"garbage\r\nContent-A: b\r\n" * 150_000,
    "dividing lines": FROM
    + TO
    + b"Subject: b\r\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(18))
    + b"\r\n"
    + b"--x\r\n" * 45_000,
    "messages in base64": FROM + TO + b"Subject: b\r\n" + nested_in_base64(15, b"z" * 100_000),
    "deep messages in base64": FROM + TO + b"Subject: b\r\n" + nested_in_base64(25, b"z"),
    "uuencoded files": FROM + TO + b"Subject: b\r\n\r\n" + b"begin 644 a\r\n#0V%T\r\n`\r\nend\r\n" * 90_000,
    "padding": FROM + TO + b"Subject: b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"YQ==" * 500_000,
    "escapes": FROM + TO + b"Subject: b\r\n\r\n" + b"\x1b$B\xff!" * 200_000,
    "no charset": FROM + TO + b"Subject: b\r\n\r\n" + bytes(range(128, 256)) * 10_000,
    "one long line": FROM + TO + b"Subject: b\r\n\r\n" + b"a" * 4_000_000,
    "nothing at all": b"",
    "zeros": b"\0" * 100_000,
}


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Office]:
    pool = ReadingPool(2, rules=rules.load(bundled("rules")).content, authserv_id="")
    pool.start()
    try:
        with open_office(tmp_path / "office", reader=pool.read) as office:
            office.asker(office.contract("C-001", language="en"), "Ann", ASKER)
            office.staff("Sato", STAFF)
            yield office
    finally:
        pool.close()


def test_every_bomb_is_kept_and_seen_and_others_flow(guarded: Office) -> None:
    bombs = {name: raw.replace(b"Subject: b", b"Subject: " + name.encode(), 1) for name, raw in BOMBS.items()}
    ids = {name: guarded.take_in(raw, sender=ASKER) for name, raw in bombs.items()}
    good = guarded.take_in(mail(ASKER, "A good question", "How?"), sender=ASKER)
    guarded.work()
    rows = {row["id"]: row for row in guarded.inbound()}
    assert rows[good]["verdict"] == "open"
    unseen = []
    for name, inbound_id in ids.items():
        row = rows[inbound_id]
        seen = row["state"] in ("held", "failed") or row["verdict"] in ("open", "append")
        if not seen or row["size"] != len(bombs[name]):
            unseen.append((name, row["state"], row["verdict"], row["reason"]))
    assert unseen == []
    assert {letter.recipient for letter in guarded.sent} <= {ASKER, STAFF}


MIXED = FROM + TO + b"Subject: b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
GROWING: dict[str, tuple[bytes, bytes]] = {
    "header without a colon": (FROM + b"Subject: b\r\n", b"garbage\r\n"),
    "part header without a colon": (MIXED + b"--b\r\n", b"garbage\r\n"),
    "part header": (MIXED + b"--b\r\n", b"X-A: b\r\n"),
    "broken part header": (MIXED + b"--b\r\n", b"garbage\r\nContent-A: b\r\n"),
    "parameters": (MIXED + b"--b\r\nContent-Type: a/b", b"; a*0=b"),
    "blanks in a field": (MIXED + b"--b\r\nContent-Type:", b"\t"),
    "blanks in a field's name": (MIXED + b"--b\r\nA", b" "),
    "closing lines": (MIXED, b"--b--\r\n"),
    "empty parts": (MIXED, b"--b\r\n\r\n"),
    "hyphens": (FROM + END, b"--"),
    "quoted-printable": (FROM + b"Content-Transfer-Encoding: quoted-printable" + END, b"= \t"),
    "bare returns": (FROM + b"Content-Transfer-Encoding: quoted-printable" + END, b"=\r="),
    "padding": (FROM + b"Content-Transfer-Encoding: base64\r\n\r\n", b"YQ=="),
    "uuencoded": (FROM + END, b"begin 644 a\r\n#0V%T\r\n"),
    "uuencoded lines": (FROM + END + b"begin 644 a\r\n", b"#0V%T9999\r\n"),
    "escapes": (FROM + END, b"\x1b$B\xff!"),
    "lost escapes": (FROM + END, b"$B$$(B "),
    "EUC-JP": (FROM + b"Content-Type: text/plain; charset=euc-jp" + END, b"\x8f\xa1\xa1\xa1"),
    "high bytes": (FROM + END, bytes(range(128, 256))),
    "status": (FROM + b"Content-Type: message/delivery-status\r\n\r\n", b"A: b\r\n\r\n"),
}
SIZE = 600_000


def _seconds(raw: bytes) -> float:
    began = time.process_time()
    read(raw)
    return time.process_time() - began


@pytest.mark.parametrize(("start", "more"), GROWING.values(), ids=GROWING.keys())
def test_twice_as_much_takes_no_more_than_twice_as_long(start: bytes, more: bytes) -> None:
    count = SIZE // len(more)
    once = min(_seconds(start + more * count) for _ in range(2))
    twice = min(_seconds(start + more * count * 2) for _ in range(2))
    assert twice < 2
    assert twice < 3 * once + 0.1
