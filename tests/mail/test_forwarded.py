"""Forwarded mail: whose it was. Replies that quote are none."""

from datetime import UTC, datetime

import pytest

from mailbot.mail.date import written_moment
from mailbot.mail.message import Forwarded, Mailbox
from mailbot.mail.reading import read

TARO = Mailbox("山田太郎", "taro@customer.example")
AT_TEN = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def _forwarded(subject: str, text: str) -> Forwarded | None:
    head = (
        f"From: s@desk.example\nDate: Sun, 22 Nov 2026 12:00:00 +0900\nSubject: {subject}\n"
        "Content-Type: text/plain; charset=utf-8\n\n"
    )
    return read((head + text).encode()).forwarded


HEAD = (
    "From: 山田太郎 <taro@customer.example>\nDate: Sun, Nov 22, 2026 at 10:00 AM\nSubject: 障害\nTo: d@desk.example\n"
)
INLINE = {
    "gmail": ("Fwd: 障害", f"---------- Forwarded message ---------\n{HEAD}\n\n落ちました。\n"),
    "gmail, with a word of one's own": (
        "Fwd: x",
        f"お願いします。\n\n---------- Forwarded message ---------\n{HEAD}\n落\n",
    ),
    "gmail, subject rewritten": ("至急", f"---------- Forwarded message ---------\n{HEAD}\n落ちました。\n"),
    "thunderbird": (
        "Fwd: 障害",
        "-------- 転送されたメッセージ --------\n件名: \t障害\n日付: \tSun, 22 Nov 2026 10:00:00 +0900\n"
        "差出人: \t山田太郎 <taro@customer.example>\n宛先: \td@desk.example\n\n落ちました。\n",
    ),
    "apple, marked": (
        "転送: 障害",
        "> 転送されたメッセージ:\n>\n> 差出人: 山田太郎 <taro@customer.example>\n> 件名: 障害\n"
        "> 日付: 2026年11月22日 10:00:00 JST\n> 宛先: d@desk.example\n>\n> 落ちました。\n",
    ),
    "outlook": (
        "FW: 障害",
        "________________________________\n差出人: 山田太郎 <taro@customer.example>\n送信日時: 2026年11月22日 10:00\n"
        "宛先: d@desk.example\n件名: 障害\n\n落ちました。\n",
    ),
    "outlook, in English": (
        "FW: 障害",
        "From: 山田太郎 [mailto:taro@customer.example]\nSent: Sunday, November 22, 2026 10:00 AM\n"
        "To: d@desk.example\nSubject: 障害\n\nIt is down.\n",
    ),
    "becky": (
        "Fw: 障害",
        "Forwarded by 佐藤 <s@desk.example>\n"
        f"----------------------- Original Message -----------------------\n{HEAD}----\n\n落\n",
    ),
    "yahoo, all on one line": (
        "Fw: 障害",
        "  ----- Forwarded Message ----- From: 山田太郎 <taro@customer.example>To: d <d@desk.example>"
        "Sent: Sunday, November 22, 2026 at 10:00:00 AM GMT+09:00Subject: 障害\n 落ちました。\n",
    ),
    "a program that translates": ("Tr: 障害", f"----- Message transféré -----\n{HEAD}\nx\n"),
    "answered line under a subject that says forwarded": (
        "FW: 障害",
        'On 2026/11/22 10:00, "山田太郎" <taro@customer.example> wrote:\n\n    落ちました。\n',
    ),
}


@pytest.mark.parametrize(("subject", "text"), INLINE.values(), ids=INLINE.keys())
def test_inline(subject: str, text: str) -> None:
    found = _forwarded(subject, text)
    assert found is not None
    assert (found.how, found.author, found.date, found.message_id) == ("inline", TARO, AT_TEN, None)
    assert found.subject in ("障害", "")


def test_forwarded_by_nobody_knows_whom() -> None:
    text = "----- 転送者 Taro/Example 日付 2026/11/22 10:00 -----\n\nTaro Yamada\n落ちました。\n"
    assert _forwarded("Fw: 障害", text) == Forwarded("inline", None, "", None, None)


NOT_FORWARDED = {
    "a reply of outlook": (
        "RE: 障害",
        "了解です。\n\n差出人: 山田太郎 <taro@customer.example>\n"
        "送信日時: 2026年11月22日 10:00\n宛先: d\n件名: 障害\n\n落\n",
    ),
    "a reply to a forwarded mail": (
        "Re: Fwd: 障害",
        f"了解です。\n\n---------- Forwarded message ---------\n{HEAD}\n落\n",
    ),
    "a quotation that holds a forwarded mail": (
        "障害",
        f"了解です。\n\nOn 2026/11/22 11:00, S wrote:\n> ---------- Forwarded message ---------\n> {HEAD}\n",
    ),
    "a quoted block under a subject of its own": ("障害", f"見てください。\n\n{HEAD}\n落\n"),
    "words about forwarding": ("障害", "転送:\n\n転送されたメールが届きません。\n"),
    "a log with header lines": ("Fwd test", "Log:\nFrom: node1\nERROR\n"),
    "nothing": ("FW: 障害", ""),
}


@pytest.mark.parametrize(("subject", "text"), NOT_FORWARDED.values(), ids=NOT_FORWARDED.keys())
def test_not_forwarded(subject: str, text: str) -> None:
    assert _forwarded(subject, text) is None


INNER = (
    "From: =?utf-8?b?5bGx55Sw5aSq6YOO?= <taro@customer.example>\nSubject: down\n"
    "Date: Sun, 22 Nov 2026 10:00:00 +0900\nMessage-ID: <m1@customer.example>\n\nIt is down.\n"
)


def _with_attached(text: str, kind: str = "mixed") -> bytes:
    letter = f"--b\n\n{text}\n" if text else ""
    attached = f"--b\nContent-Type: message/rfc822\n\n{INNER}\n--b--\n"
    return f"Subject: Fwd: x\nContent-Type: multipart/{kind}; boundary=b\n\n{letter}{attached}".encode()


def test_attached() -> None:
    message = read(_with_attached("Please look."))
    assert message.forwarded == Forwarded("attached", TARO, "down", AT_TEN, "m1@customer.example")
    assert message.text.strip() == "Please look."


def test_attached_without_a_word_shows_what_was_handed_on() -> None:
    message = read(_with_attached(""))
    assert message.text.strip() == "It is down."
    assert [each.content_type for each in message.attachments] == ["message/rfc822"]


def test_digests_are_no_forwarded_mail() -> None:
    assert read(_with_attached("", "digest")).forwarded is None


def test_reports_are_no_forwarded_mail() -> None:
    raw = (
        "From: MAILER-DAEMON@mx.example\nSubject: Undelivered\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\n\nNot delivered.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{INNER}\n--b--\n"
    )
    assert read(raw.encode()).bounce is not None
    assert read(raw.encode()).forwarded is None


DATES = {
    "Sunday, November 22, 2026 10:00 AM": (2026, 11, 22, 10, 0),
    "22 November 2026 10:00": (2026, 11, 22, 10, 0),
    "2026年11月22日(日) 午後3時05分": (2026, 11, 22, 15, 5),
    "2026/11/22 12:30 AM": (2026, 11, 22, 0, 30),
    "22.11.2026 10:00": (2026, 11, 22, 10, 0),
    "11/22/2026 3:07 PM": (2026, 11, 22, 15, 7),
    "Sun, 22 Nov 2026 10:00:00 +0900": (2026, 11, 22, 1, 0),
    "03/04/2026 10:00": None,
    "2026/13/40 10:00": None,
    "yesterday": None,
}


@pytest.mark.parametrize(("written", "moment"), DATES.items(), ids=DATES.keys())
def test_dates_for_people(written: str, moment: tuple[int, ...] | None) -> None:
    assert written_moment(written, UTC) == (datetime(*moment, tzinfo=UTC) if moment else None)
