"""RT CVE-2012-4735 and CVE-2023-41259: fields that a program uses within are believed from nobody outside.

So are Authentication-Results of another's (RFC 8601 §5): only those of our own border are read.
"""

from __future__ import annotations

import pytest

from mailbot.mail.reading import read
from tests.flows.office import AUTHSERV_ID, Office, mail
from tests.security.people import ASKER, STRANGER, acknowledged, decided, outsiders

FORGED = [
    "X-Mailbot-Incident: INC-2026-000001",
    "X-Mailbot-Author: ann@acme.example",
    "X-Mailbot-Verdict: open",
    "X-RT-Incoming-Signature: good",
    f"X-RT-Send-Cc: {STRANGER}",
    "X-Original-From: ann@acme.example",
    f"Resent-From: {ASKER}",
    f"Sender: {ASKER}",
    f"Return-Path: <{ASKER}>",
    f"X-Envelope-From: {ASKER}",
    f"Delivered-To: {ASKER}",
]


@pytest.mark.parametrize("field", FORGED)
def test_a_stranger_stays_a_stranger(office: Office, field: str) -> None:
    acknowledged(office)
    assert decided(office, mail(STRANGER, "Question", "How?", field), sender=STRANGER) == "hold stranger"
    assert outsiders(office) == []


@pytest.mark.parametrize("field", [f"X-RT-Send-Cc: {STRANGER}", f"Cc: {STRANGER}", f"Resent-To: {STRANGER}"])
def test_nobody_is_added_by_a_field(office: Office, field: str) -> None:
    acknowledged(office, "Question", "How?", field)
    assert outsiders(office) == []


@pytest.mark.parametrize(
    "value",
    [
        "mx.elsewhere.example; dmarc=pass header.from=acme.example",
        f"{AUTHSERV_ID}.elsewhere.example; dmarc=pass header.from=acme.example",
        f"x{AUTHSERV_ID}; dkim=pass header.d=acme.example",
        f"({AUTHSERV_ID}) evil.example; dkim=pass header.d=acme.example",
    ],
)
def test_the_word_of_others_is_not_read(value: str) -> None:
    assert read(mail(ASKER, "Q", "?", f"Authentication-Results: {value}"), authserv_id=AUTHSERV_ID).authentication == ()


def test_only_our_own_topmost_field_is_read() -> None:
    fields = [
        f"Authentication-Results: {AUTHSERV_ID}; dmarc={word} header.from=acme.example" for word in ("fail", "pass")
    ]
    found = read(mail(ASKER, "Q", "?", *fields), authserv_id=AUTHSERV_ID).authentication
    assert [(each.method, each.result) for each in found] == [("dmarc", "fail")]
