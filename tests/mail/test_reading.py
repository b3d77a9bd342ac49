"""A whole mail: every field, and every bomb of promises §0.5 within bounds."""

import resource
import time
from datetime import UTC, datetime

import pytest

from mailbot.mail.message import Attachment, Mailbox, Message
from mailbot.mail.reading import read, read_summary

MAIL = """\
Message-ID: <m1@customer.example>
From: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <Taro@customer.example>
To: support@desk.example, Other <o@desk.example>
Cc: c@customer.example
Reply-To: r@customer.example
Subject: Re: [INC-2026-000123] =?utf-8?b?6Zqc5a6z?=
Date: Sun, 22 Nov 2026 10:00:00 +0900
In-Reply-To: <p@desk.example>
References: <o@desk.example> <p@desk.example>
Authentication-Results: mx.desk.example; dmarc=pass header.from=customer.example
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: multipart/alternative; boundary="c"

--c
Content-Type: text/plain; charset=utf-8

落ちました。

2026年11月22日(日) 9:00 サポート <support@desk.example>:
> 版は?
--c
Content-Type: text/html; charset=utf-8

<p>落ちました。</p>
--c--
--b
Content-Type: application/octet-stream; name="pgpool.log"
Content-Disposition: attachment; filename="../pgpool.log"
Content-Transfer-Encoding: base64

QUJD
--b--
"""


def test_everything() -> None:
    message = read(MAIL.encode(), authserv_id="mx.desk.example")
    assert message.message_id == "m1@customer.example"
    assert message.subject == "Re: [INC-2026-000123] 障害"
    assert message.author == Mailbox("山田", "Taro@customer.example")
    assert [box.address for box in message.to] == ["support@desk.example", "o@desk.example"]
    assert message.date == datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    assert message.in_reply_to == ("p@desk.example",)
    assert message.references == ("o@desk.example", "p@desk.example")
    assert message.new_text == "落ちました。"
    assert "版は?" in message.quoted_text
    assert message.attachments == (Attachment("pgpool.log", "application/octet-stream", 3, False, 4),)
    assert [(one.method, one.result) for one in message.authentication] == [("dmarc", "pass")]
    assert (message.analysed, message.warnings) == (True, ())


def test_ways_of_line_ends_are_one() -> None:
    assert read(MAIL.encode().replace(b"\n", b"\r\n")) == read(MAIL.encode())


def test_mark_that_editors_leave_is_no_part_of_the_header() -> None:
    message = read(b"\xef\xbb\xbfFrom: a@example.jp\nSubject: x\n\nhello\n")
    assert message.author is not None
    assert (message.author.address, message.subject, message.text) == ("a@example.jp", "x", "hello\n")


def test_html_alone_becomes_text() -> None:
    raw = b"Subject: x\nContent-Type: text/html\n\n<style>p{}</style><p>Hello</p><ul><li>one</ul><a href='https://e.example/x'>see</a>"
    text = read(raw).text
    assert "Hello" in text
    assert "one" in text
    assert "https://e.example/x" in text
    assert "p{}" not in text


def test_stub_is_no_text() -> None:
    raw = (
        b"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nYour client does not support HTML mail.\n"
        b"--b\nContent-Type: text/html\n\n<p>The question</p>\n--b--\n"
    )
    assert read(raw).text.strip() == "The question"


def test_flowed() -> None:
    raw = b"Content-Type: text/plain; format=flowed\n\nThis goes \non here.\n> quoted \n> too\n-- \nTaro\n"
    assert read(raw).text == "This goes on here.\n> quoted too\n-- \nTaro\n"


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"\x00" * 5_000, b"x", b"From x\n", b"\xff" * 1_000, b":\n:\n", b"A" * 200_000]
)
def test_nothing_is_refused(raw: bytes) -> None:
    assert isinstance(read(raw), Message)
    summary = read_summary(raw, why="test")
    assert not summary.analysed
    assert summary.warnings == ("not analysed: test",)


BOMBS = {
    "comments in From": b"From: " + b"(" * 500 + b"\r\n\r\nx",
    "words in Subject": b"Subject: " + b"=?utf-8?q?a?= " * 15_000 + b"\r\n\r\nx",
    "long Subject": b"Subject: " + b"a b " * 250_000 + b"\r\n\r\nx",
    "empty parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 100_000,
    "nesting": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1_000)),
    "messages in messages": b"Content-Type: message/rfc822\r\n\r\n" * 1_000,
    "lines": b"Subject: x\r\n\r\n" + b"\r\n" * 2_000_000,
    "fields": b"A: b\r\n" * 15_000 + b"\r\nx",
    "addresses": b"To: " + b"a@b.c," * 2_000 + b"\r\n\r\nx",
    "parameters": b"Content-Type: multipart/mixed" + b"; a=b" * 3_000 + b"\r\n\r\nx",
    "divs": b"Content-Type: text/html\r\n\r\n" + b"<div>" * 50_000 + b"x",
    "tables": b"Content-Type: text/html\r\n\r\n" + b"<table><tr><td>" * 16_000 + b"x",
    "marks": b"Content-Type: text/plain; charset=utf-8\r\n\r\na" + "\u0301\u0316".encode() * 120_000,
    "idna": b"Content-Type: text/plain; charset=idna\r\n\r\n" + b"\xff" * 1_000,
    "base64": b"Content-Transfer-Encoding: base64\r\n\r\n" + b"A" * 5_000_000,
    "dividers": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"boundary=b\n--c\n" * 90_000,
}


@pytest.mark.parametrize("raw", BOMBS.values(), ids=BOMBS.keys())
def test_bombs_are_bounded(raw: bytes) -> None:
    """Two seconds of processor time and 200 MB for each."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    assert isinstance(read(raw), Message)
    assert time.process_time() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_summary_keeps_what_can_be_had() -> None:
    raw = b"From: a@b.jp\r\nSubject: x\r\nMessage-ID: <i@d>\r\nX: " + b"y" * 20_000 + b"\r\n\r\nx"
    message = read(raw)
    assert not message.analysed
    assert (message.subject, message.message_id, message.author) == ("x", "i@d", Mailbox("", "a@b.jp"))
    assert message.warnings == ("not analysed: a header field is over 16,384 bytes",)


def test_a_cut_sender_is_no_sender() -> None:
    assert read(b"From: a@b.jp" + b" " * 20_000 + b", x@y\r\n\r\nx").author is None


def test_what_was_guessed_of_the_header_is_said() -> None:
    raw = "From: 山田 <y@x.example>\nSubject: 障害のご連絡です\n\nx\n".encode("cp932")
    message = read(raw)
    assert message.subject == "障害のご連絡です"
    assert [each for each in message.warnings if each.startswith("subject: ")] == ["subject: read as Japanese (cp932)"]


def test_a_header_that_says_what_it_is_needs_no_guess() -> None:
    assert read("Subject: 障害のご連絡です\n\nx\n".encode()).warnings == ()
    assert read("Subject: 障害のご連絡です\n\nx\n".encode("iso2022_jp")).warnings == ()
