"""The outgoing check: every way in which a letter can be other than meant is seen (attack rows 23 and 26)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mailbot.mail.compose import Draft, Enclosed, compose
from mailbot.mail.message import Mailbox
from mailbot.mail.outgoing import Expected, faults_of, without

DRAFT = Draft(
    audience="customer",
    sender=Mailbox("サポート窓口", "support@example.jp"),
    recipient=Mailbox("山田 太郎", "taro@example.co.jp"),
    reply_to=Mailbox("", "support+abc@example.jp"),
    subject="Re: [INC-2026-000123] フェイルオーバーしません",
    text="お問い合わせありがとうございます。\n",
    html=None,
    message_id="abc.def@example.jp",
    date=datetime(2026, 11, 22, 1, 0, tzinfo=UTC),
    in_reply_to="parent@example.co.jp",
    references=("parent@example.co.jp",),
    auto_submitted="auto-replied",
    language="ja",
)
RAW = compose(DRAFT)
EXPECTED = Expected(
    "customer", "support@example.jp", "taro@example.co.jp", DRAFT.subject, DRAFT.message_id, ("Boss@staff.example",)
)


def changed(old: bytes, new: bytes) -> bytes:
    assert old in RAW
    return RAW.replace(old, new, 1)


def with_field(field: bytes) -> bytes:
    return field + b"\r\n" + RAW


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (RAW.replace(b"\r\n", b"\n"), "CRLF"),
        (changed(b"Auto-Submitted", b"X: a\nBcc: b\r\nAuto-Submitted"), "CRLF"),
        (changed(b"Auto-Submitted", b"X: a\rBcc: b\r\nAuto-Submitted"), "CRLF"),
        (RAW + b"\xe3\x81\x82\r\n", "7-bit"),
        (RAW + b"\0\r\n", "7-bit"),
        (RAW + b"x" * 999 + b"\r\n", "longer than 998"),
        (RAW[:-2], "last line"),
        (with_field(b"Bcc: x@example.org"), "bcc does not belong"),
        (with_field(b"Received: from x"), "received does not belong"),
        (with_field(b"Sender: boss@staff.example"), "sender does not belong"),
        (with_field(b"User-Agent: x"), "user-agent does not belong"),
        (with_field(b"X-Originating-IP: 192.0.2.1"), "x-originating-ip does not belong"),
        (with_field(b"Precedence: list"), "Precedence is for letters to lists alone"),
        (with_field(b"List-Post: <mailto:db@example.org>"), "list-post does not belong"),
        (with_field(b"To: second@example.org"), "2 fields to instead of one"),
        (with_field(b"Subject: second"), "2 fields subject instead of one"),
        (with_field(b"References: <a@b>"), "2 fields references"),
        (changed(b"MIME-Version: 1.0\r\n", b""), "0 fields mime-version"),
        (changed(b"Auto-Submitted", b"\r\nAuto-Submitted"), "0 fields mime-version"),
        (changed(b"<taro@example.co.jp>", b"<x@evil.example>"), "To is not"),
        (changed(b"<taro@example.co.jp>", b"<taro@example.co.jp>, <x@evil.example>"), "To is not"),
        (changed(b"To: =?utf-8?b?5bGx55SwIOWkqumDjg==?=", b"To: taro@example.co.jp"), "To is not"),
        (changed(b"<support@example.jp>", b"<boss@example.jp>"), "From is not"),
        (changed(b"support+abc@example.jp", b"a@example.jp, b@example.jp"), "Reply-To is not one"),
        (changed(b"<abc.def@example.jp>", b"<other@example.jp>"), "Message-ID is not"),
        (changed(b"44GX44G+44Gb44KT", b"44GX44G+44GZ"), "Subject does not read"),
        (changed(b"text/plain", b"application/x-sh"), "a part is application/x-sh"),
    ],
)
def test_faults(raw: bytes, fault: str) -> None:
    assert any(fault in found for found in faults_of(raw, EXPECTED)), faults_of(raw, EXPECTED)


def test_a_good_letter_has_none() -> None:
    assert faults_of(RAW, EXPECTED) == ()


def test_a_letter_to_a_list_says_so_and_may() -> None:
    raw = compose(replace(DRAFT, audience="list"))
    assert raw.count(b"\r\nPrecedence: list\r\n") == 1
    assert faults_of(raw, replace(EXPECTED, audience="list")) == ()
    assert b"Precedence" not in RAW


@pytest.mark.parametrize(
    "draft",
    [
        replace(DRAFT, text="ask BOSS@staff.example, he knows"),
        replace(DRAFT, text="ありがとうございます boss@staff.example へ"),
        replace(DRAFT, html="<p>boss&#64;staff.example</p>"),
        replace(DRAFT, html="<p>boss@staff.example</p>"),
        replace(DRAFT, sender=Mailbox("boss@staff.example", "support@example.jp")),
        replace(DRAFT, in_reply_to="boss@staff.example"),
    ],
    ids=["text", "base64", "html entity", "html", "name", "id"],
)
def test_staff_addresses_do_not_leave(draft: Draft) -> None:
    raw, expected = compose(draft), replace(EXPECTED, subject=draft.subject)
    assert faults_of(raw, expected) == ("Boss@staff.example would be shown to a customer",)
    assert faults_of(raw, replace(expected, audience="list")) == ("Boss@staff.example would be shown to a list",)
    assert faults_of(raw, replace(expected, audience="staff")) == ()


@pytest.mark.parametrize(
    ("draft", "forbidden"),
    [
        (
            replace(DRAFT, subject="Re: boss@staff.example への質問", text="件名: boss@staff.example への質問"),
            "boss@staff.example",
        ),
        (DRAFT, "o@example.co.jp"),
        (DRAFT, "taro@example.co"),
        (DRAFT, "taro@example.co.jp"),
        (DRAFT, "Support@example.jp"),
    ],
    ids=["customer's own subject", "end of another", "start of another", "the recipient", "the desk"],
)
def test_what_the_reader_knows_already_is_no_leak(draft: Draft, forbidden: str) -> None:
    assert faults_of(compose(draft), replace(EXPECTED, subject=draft.subject, forbidden=(forbidden,))) == ()


def test_a_field_in_a_part_is_seen() -> None:
    raw = compose(replace(DRAFT, html="<p>x</p>"))
    bad = raw.replace(b"Content-Type: text/html", b"X-Note: secret\r\nContent-Type: text/html")
    assert "a part has a field that does not belong there" in faults_of(bad, EXPECTED)


WITH_FILE = compose(replace(DRAFT, enclosed=(Enclosed("a.csv", "text/csv", b"boss@staff.example"),)))


def test_staff_addresses_do_not_leave_in_a_file() -> None:
    assert faults_of(WITH_FILE, EXPECTED) == ("Boss@staff.example would be shown to a customer",)
    page = Enclosed("a.html", "text/html", b"<p>boss&#64;staff.example</p>")
    assert faults_of(compose(replace(DRAFT, enclosed=(page,))), EXPECTED) != ()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"text/csv", b"application/x-sh", "a part is application/x-sh"),
        (b"text/csv", b"multipart/mixed", "a part is multipart/mixed"),
        (b"attachment;", b"inline;", "attached in another way"),
        (b'"a.csv"', b'"a.csv"; size=3', "attached in another way"),
        (b'"a.csv"', b'"../a.csv"', "attached in another way"),
        (b"Content-Disposition", b"Content-ID: <a@b>\r\nContent-Disposition", "a field that does not belong"),
    ],
)
def test_files_are_enclosed_in_one_way(old: bytes, new: bytes, fault: str) -> None:
    assert old in WITH_FILE
    found = faults_of(WITH_FILE.replace(old, new, 1), replace(EXPECTED, forbidden=()))
    assert any(fault in each for each in found), found


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("nothing", "nothing"),
        ("Boss@staff.example and boss@STAFF.example", "… and …"),
        (
            "the big.boss@staff.example and boss@staff.example.org",
            "the big.boss@staff.example and boss@staff.example.org",
        ),
        ("ask boss@staff.exampleさん", "ask …さん"),
        ("bo\u017fs@staff.example", "…"),  # a long s folds to s
    ],
)
def test_what_may_not_be_shown_is_taken_out_of_a_customers_words(text: str, left: str) -> None:
    secrets = ["x@staff.example", "boss@staff.example"]
    assert without(text, secrets) == left
    raw = compose(replace(DRAFT, text=without(text, secrets)))
    assert faults_of(raw, replace(EXPECTED, forbidden=tuple(secrets))) == ()
