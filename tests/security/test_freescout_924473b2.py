"""FreeScout 924473b2: where an automatic answer goes is never for the mail to say (RFC 3834 §4)."""

from __future__ import annotations

import pytest

from tests.flows.office import SUPPORT, Office
from tests.security.people import ASKER, STRANGER, acknowledged, outsiders

FIELDS = [
    f"Reply-To: {STRANGER}",
    f"Reply-To: {SUPPORT}",
    f"Mail-Followup-To: {STRANGER}",
    f"Return-Receipt-To: {STRANGER}",
    f"Disposition-Notification-To: {STRANGER}",
    f"Errors-To: {STRANGER}",
    f"Sender: {STRANGER}",
]


@pytest.mark.parametrize("field", FIELDS)
def test_the_answer_goes_to_the_registered_address(office: Office, field: str) -> None:
    assert acknowledged(office, "Question", "How?", field).recipient == ASKER
    assert outsiders(office) == []
