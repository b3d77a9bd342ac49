"""Machines are found; people are never taken for machines."""

import pytest

from mailbot.mail.reading import read

MACHINES = {
    "auto-replied": ("Auto-Submitted: auto-replied", "Re: x", "", "auto-submitted"),
    "auto-generated": ("Auto-Submitted: auto-generated; x=y", "x", "", "auto-submitted"),
    "exchange": ("X-MS-Exchange-Inbox-Rules-Loop: a@b", "x", "", "auto-reply"),
    "precedence auto_reply": ("Precedence: auto_reply", "x", "", "auto-reply"),
    "x-autoreply": ("X-Autoreply: yes", "x", "", "auto-reply"),
    "subject ja": ("X-A: b", "自動返信: 障害の件", "", "auto-reply"),
    "subject ja brackets": ("X-A: b", "【自動返信】お問い合わせありがとうございます", "", "auto-reply"),
    "absence ja": ("X-A: b", "不在通知: 11/22 休みます", "", "auto-reply"),
    "out of office": ("X-A: b", "Out of Office: x", "", "auto-reply"),
    "automatic reply": ("X-A: b", "Automatic reply: x", "", "auto-reply"),
    "sentence ja": ("X-A: b", "受付完了", "このメールはシステムより自動送信されています。", "auto-reply"),
    "calendar": ("Content-Type: text/calendar; method=REPLY", "承諾: 会議", "BEGIN:VCALENDAR", "calendar-answer"),
    "receipt": (
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
        "開封済み: x",
        "--b\n\nread\n--b--",
        "read-receipt",
    ),
    "complaint": (
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b",
        "x",
        "--b\n\nspam\n--b--",
        "feedback-report",
    ),
}
PEOPLE = {
    "plain": ("X-A: b", "question", "hello"),
    "auto-submitted no": ("Auto-Submitted: no", "question", "hello"),
    "list": ("Precedence: list\nList-Id: <a.b>", "question", "hello"),
    "bulk": ("Precedence: bulk", "question", "hello"),
    "suppress": ("X-Auto-Response-Suppress: All", "question", "hello"),
    "x-autoreply no": ("X-Autoreply: no", "question", "hello"),
    "about automatic things": ("X-A: b", "自動フェイルオーバーについて", "自動で切り替わりません。"),
    "answer to an automatic reply": ("X-A: b", "Re: 自動返信: 受付", "この件はどうなりましたか"),
    "talks of vacation": ("X-A: b", "Vacation plans", "I am out of office next week, is that ok?"),
    "invitation": ("Content-Type: text/calendar; method=REQUEST", "会議", "BEGIN:VCALENDAR"),
    "answer quoting a machine": ("X-A: b", "質問", "> このメールは自動送信です\n質問です"),
    "auto at the start": ("X-A: b", "auto failback does not work", "x"),
}


def _mail(fields: str, subject: str, body: str) -> bytes:
    return f"From: a@example.jp\n{fields}\nSubject: {subject}\n\n{body}\n".encode()


@pytest.mark.parametrize(("fields", "subject", "body", "reason"), MACHINES.values(), ids=MACHINES.keys())
def test_machine(fields: str, subject: str, body: str, reason: str) -> None:
    found = read(_mail(fields, subject, body)).automatic
    assert found is not None
    assert found.reason == reason
    assert found.evidence


@pytest.mark.parametrize(("fields", "subject", "body"), PEOPLE.values(), ids=PEOPLE.keys())
def test_person(fields: str, subject: str, body: str) -> None:
    message = read(_mail(fields, subject, body))
    assert message.automatic is None
    assert message.bounce is None
