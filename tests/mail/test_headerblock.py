"""Where the header ends, and what is left of it when something has broken it."""

from __future__ import annotations

import pytest

from mailbot.mail.headerblock import beginning, mail_header
from mailbot.mail.reading import header_fields, read

FIELDS = b"From: ann@acme.example\r\nSubject: down\r\n"
MAILS = {
    "as it should be": FIELDS + b"\r\ntext\r\n",
    "line ends of Unix": (FIELDS + b"\r\ntext\r\n").replace(b"\r\n", b"\n"),
    "line ends of old Macs": (FIELDS + b"\r\ntext\r\n").replace(b"\r\n", b"\r"),
    "mixed line ends": b"From: ann@acme.example\nSubject: down\r\n\ntext\r\n",
    "blank lines before": b"\r\n\n" + FIELDS + b"\r\ntext",
    "byte order mark": b"\xef\xbb\xbf" + FIELDS + b"\r\ntext",
    "mbox envelope": b"From ann@acme.example Mon Jan  1 00:00:00 2026\n" + FIELDS + b"\r\ntext",
    "quoted mbox envelope": b">From ann@acme.example Mon Jan  1 00:00:00 2026\n" + FIELDS + b"\r\ntext",
    "no blank line before the text": FIELDS + b"text\r\n",
    "garbage before a field": b"From: ann@acme.example\r\nnothing\r\nSubject: down\r\n\r\ntext",
    "a name with a blank in it": b"Fro m: x\r\nFrom: ann@acme.example\r\nSubject: down\r\n\r\ntext",
    "blanks before the colon": b"From : ann@acme.example\r\nSubject: down\r\n\r\ntext",
    "a fold of a lost field": b" x\r\nFrom: ann@acme.example\r\nSubject: down\r\n\r\ntext",
    "a blank line in the middle": b"Received: x\r\n\r\n" + FIELDS + b"\r\ntext",
}


@pytest.mark.parametrize("raw", MAILS.values(), ids=MAILS.keys())
def test_nothing_is_lost(raw: bytes) -> None:
    message = read(raw)
    assert (message.subject, message.text.strip()) == ("down", "text")
    assert [box.address for box in message.from_] == ["ann@acme.example"]


SOUND = ("as it should be", "line ends of Unix", "line ends of old Macs", "mbox envelope", "byte order mark")
BROKEN_BEFORE_FROM = (
    "a name with a blank in it",
    "blanks before the colon",
    "a fold of a lost field",
    "a blank line in the middle",
)


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_header_is_believed(name: str) -> None:
    assert read(MAILS[name]).author is not None


@pytest.mark.parametrize("name", BROKEN_BEFORE_FROM)
def test_nobody_is_believed_behind_a_break(name: str) -> None:
    """Another program may end the header at the break, and check no From at all."""
    message = read(MAILS[name])
    assert message.author is None
    assert message.author_defects == ("From does not stand in a sound header",)


def test_a_second_from_behind_a_break_spoils_the_first() -> None:
    assert read(b"From: ann@acme.example\r\nx\r\nFrom: eve@evil.example\r\n\r\n").author is None


def test_the_summary_keeps_the_same_rule() -> None:
    assert "from" in header_fields(b"garbage\r\nFrom: ann@acme.example\r\n\r\n").doubtful
    assert "from" not in header_fields(b"From: ann@acme.example\r\ngarbage\r\n\r\n").doubtful


def test_a_wrapped_subject_goes_on() -> None:
    fields, _ = mail_header(b"Subject: one\r\ntwo\r\nTo: a@b.example\r\n\r\n", 0, 44)
    assert fields.raw("subject") == "one two"


def test_text_that_quotes_a_header_is_no_header() -> None:
    raw = FIELDS + b"\r\nFrom: bob@acme.example\r\nSubject: other\r\n\r\nSee above."
    assert read(raw).text.startswith("From: bob@acme.example\nSubject: other")


def test_blank_lines_before_a_text_stay() -> None:
    assert beginning(b"\r\n\r\nhello") == 0
