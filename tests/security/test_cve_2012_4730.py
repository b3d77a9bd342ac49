"""RT CVE-2012-4730 and CVE-2013-3373, CPython CVE-2024-6923: no field is written into our letters from outside."""

from __future__ import annotations

import pytest

from tests.flows.office import Office, mail
from tests.security.people import ASKER, acknowledged, decided, outsiders

OURS = {
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted"),
    *("X-Auto-Response-Suppress", "Content-Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
}
EVIL = "Bcc: eve@elsewhere.example"
SUBJECTS = [
    "=?utf-8?q?Hi=0ABcc:_eve=40elsewhere.example?=",
    "=?utf-8?q?Hi=0D=0ABcc:_eve=40elsewhere.example=0D=0A=0D=0ABody?=",
    "=?utf-8?b?SGkNCkJjYzogZXZlQGVsc2V3aGVyZS5leGFtcGxl?=",
    "=?utf-8?q?Hi=00=0B=0C=1C=1D=1E=C2=85=E2=80=A8Bcc:_x=40y?=",
    f"Hi\rBcc: eve@elsewhere.example {EVIL}",
    f"Hi\x0b{EVIL}\x85{EVIL}",
    "x" * 5_000 + " " + EVIL,
    "Re: [INC-2026-000009] " * 200,
]


@pytest.mark.parametrize("subject", SUBJECTS, ids=range(len(SUBJECTS)))
def test_by_the_subject(office: Office, subject: str) -> None:
    letter = acknowledged(office, subject)
    assert set(letter.message.keys()) == OURS
    assert len(letter.message.keys()) == len(OURS)
    assert outsiders(office) == []
    assert {each.recipient for each in office.sent} == {ASKER, "sato@desk.example"}


@pytest.mark.parametrize(
    "name", ["=?utf-8?q?A=0D=0ABcc:_e=40x.example?=", '"A\\\r\n Bcc: e@x.example"', "A\x0bBcc: e@x"]
)
def test_by_the_writers_name(office: Office, name: str) -> None:
    decided(office, mail(f"{name} <{ASKER}>", "Question", "How?"), sender=ASKER)
    assert all({*letter.message.keys()} <= OURS for letter in office.sent)
    assert outsiders(office) == []


@pytest.mark.parametrize(
    "message_id", ["<a@b\r\n Bcc: e@x>", "<=?utf-8?q?a=0ABcc:_x?=@y>", "<a@b> <c@d>", "<" + "a" * 900 + "@b>"]
)
def test_by_the_message_id(office: Office, message_id: str) -> None:
    decided(office, mail(ASKER, "Question", "How?", message_id=message_id), sender=ASKER)
    assert office.sent[0].kind == "acknowledgement"
    assert all({*letter.message.keys()} <= OURS for letter in office.sent)
