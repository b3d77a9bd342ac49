"""Roundup sf#640854: our own letter, sent back to us by whatever way, starts nothing."""

from __future__ import annotations

import pytest

from tests.flows.office import BOUNCE, SUPPORT, Office, mail
from tests.security.people import acknowledged, decided


@pytest.mark.parametrize("sender", ["", "ann@acme.example", SUPPORT, BOUNCE])
def test_our_own_letter(office: Office, sender: str) -> None:
    letter = acknowledged(office)
    before = len(office.sent)
    assert decided(office, b"Received: from elsewhere\r\n" + letter.raw, sender=sender) == "ignore own-mail"
    assert len(office.sent) == before


@pytest.mark.parametrize(
    "address", [SUPPORT, "SUPPORT@DESK.EXAMPLE", BOUNCE, "staff@desk.example", "postmaster@desk.example"]
)
def test_a_mail_in_our_own_name(office: Office, address: str) -> None:
    raw = mail(f"Support <{address}>", "Question", "How?")
    assert decided(office, raw, sender="eve@elsewhere.example") == "ignore own-mail"
    assert office.sent == []
