"""FreeScout CVE-2026-47123: the From of staff and the ids of an incident make nobody speak in the company's name."""

from __future__ import annotations

import pytest

from tests.flows.office import Office, mail
from tests.security.people import ASKER, STAFF, STRANGER, acknowledged, decided


@pytest.mark.parametrize("by", ["message-id", "number", "reply address"])
def test_staff_by_name_alone(office: Office, by: str) -> None:
    letter = acknowledged(office)
    before = len(office.sent)
    to = letter.message["Reply-To"].addresses[0].addr_spec if by == "reply address" else "support@desk.example"
    fields = (f"In-Reply-To: {letter.message_id}", f"To: {ASKER}") if by == "message-id" else ()
    raw = mail(STAFF, "Re: [INC-2026-000001] Question", "Please send your passwords.", *fields, to=to)
    assert decided(office, raw, sender=STRANGER, to=to) == "hold staff-mail"
    assert {each.recipient for each in office.sent[before:]} <= {STAFF}
    assert office.incidents()[0]["messages"] == 1
