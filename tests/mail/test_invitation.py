"""Invitations in words, and as files too."""

import time

import pytest

from mailbot.mail.invitation import invitation_text
from mailbot.mail.reading import read

INVITATION = """\
BEGIN:VCALENDAR
METHOD:REQUEST
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Tokyo Standard Time
BEGIN:STANDARD
DTSTART:16010101T000000
RRULE:FREQ=SECONDLY
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1
ORGANIZER;CN=山田太郎:mailto:taro@customer.example
SUMMARY;LANGUAGE=ja-JP:障害の打合せ
DTSTART;TZID=Tokyo Standard Time:20261201T100000
DTEND;TZID=Tokyo Standard Time:20261201T110000
RRULE:FREQ=WEEKLY;COUNT=999999999
LOCATION:会議室A
DESCRIPTION:お世話になっております。\\n原因を確かめたく、
 お時間をください。
BEGIN:VALARM
DESCRIPTION:REMINDER
END:VALARM
END:VEVENT
END:VCALENDAR
"""
JAPANESE = """\
会議への招待: 障害の打合せ
日時: 2026-12-01 10:00 – 11:00 (Tokyo Standard Time)
繰り返し: 毎週
場所: 会議室A
主催者: 山田太郎 <taro@customer.example>

お世話になっております。
原因を確かめたく、お時間をください。
"""


def test_japanese() -> None:
    assert invitation_text(INVITATION) == JAPANESE


def test_line_ends_do_not_matter() -> None:
    assert invitation_text(INVITATION.replace("\n", "\r\n")) == JAPANESE


def _event(*lines: str, method: str = "REQUEST") -> str:
    return "\n".join(["BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])


BOB = "ATTENDEE;CN=Bob;PARTSTAT={}:mailto:bob@e.example"
TOLD = {
    "invitation": (_event("SUMMARY:Review"), "Invitation: Review"),
    "cancelled": (_event("SUMMARY:Review", method="CANCEL"), "Cancellation: Review"),
    "cancelled by its state": (_event("SUMMARY:Review", "STATUS:CANCELLED"), "Cancellation: Review"),
    "accepted": (
        _event("SUMMARY:Review", BOB.format("ACCEPTED"), method="REPLY"),
        "Answer to an invitation: Review\nAnswer: accepted (Bob <bob@e.example>)",
    ),
    "declined": (
        _event("SUMMARY:Review", BOB.format("DECLINED"), "COMMENT:On holiday", method="REPLY"),
        "Answer to an invitation: Review\nAnswer: declined (Bob <bob@e.example>)\nComment: On holiday",
    ),
    "nobody has answered an invitation": (_event("SUMMARY:R", BOB.format("ACCEPTED")), "Invitation: R"),
    "whole days": (
        _event("SUMMARY:R", "DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261203"),
        "Invitation: R\nWhen: 2026-12-01 – 2026-12-02",
    ),
    "one day": (_event("SUMMARY:R", "DTSTART;VALUE=DATE:20261201"), "Invitation: R\nWhen: 2026-12-01"),
    "universal time": (_event("DTSTART:20261201T010000Z"), "Invitation\nWhen: 2026-12-01 01:00 (UTC)"),
    "length": (
        _event("DTSTART:20261201T230000", "DURATION:PT2H"),
        "Invitation\nWhen: 2026-12-01 23:00 – 2026-12-02 01:00",
    ),
    "no date at all": (_event("SUMMARY:R", "DTSTART:soon"), "Invitation: R"),
    "torn off": ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:R", "Appointment: R"),
    "no calendar": ("Dear all,", ""),
}


@pytest.mark.parametrize(("calendar", "text"), TOLD.values(), ids=TOLD.keys())
def test_told(calendar: str, text: str) -> None:
    assert invitation_text(calendar).strip() == text


def _mail(kind: str, calendar: str) -> bytes:
    return f"Subject: x\nContent-Type: {kind}\n\n{calendar}".encode()


def test_it_is_the_text_where_there_is_no_other_and_a_file_always() -> None:
    message = read(_mail("text/calendar; method=REQUEST; charset=utf-8", INVITATION))
    assert message.text == JAPANESE
    assert [each.content_type for each in message.attachments] == ["text/calendar"]


def test_a_letter_counts_more() -> None:
    raw = (
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlease come.\n"
        f"--b\nContent-Type: text/calendar; charset=utf-8\n\n{INVITATION}\n--b--\n"
    )
    message = read(raw.encode())
    assert message.text.strip() == "Please come."
    assert [each.content_type for each in message.attachments] == ["text/calendar"]


def test_what_the_library_cannot_read_is_said() -> None:
    message = read(_mail("text/calendar", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY;;=:x\nEND:VCALENDAR"))
    assert message.text == ""
    assert message.warnings == ("the invitation cannot be read",)


BOMBS = {
    "nested": "BEGIN:VEVENT\n" * 20_000,
    "guests": _event(*["ATTENDEE;CN=a:mailto:b@c"] * 10_000, method="REPLY"),
    "events": "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n" * 7_000,
    "parameters": _event("SUMMARY" + ";A=b" * 4_000 + ":x"),
    "folds": _event("SUMMARY:" + "x\n " * 80_000),
    "open quotes": _event(*['SUMMARY;X="' + "a" * 19_000] * 10),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_bombs_are_bounded(bomb: str) -> None:
    began = time.process_time()
    read(_mail("text/calendar", bomb))
    assert time.process_time() - began < 1
