"""FreeScout 0df3a7ad: Exchange answers automatic mail unless X-Auto-Response-Suppress forbids it; every letter does."""

from __future__ import annotations

from tests.flows.office import Office, mail
from tests.security.people import STRANGER, acknowledged, decided


def test_every_letter_asks_for_silence(office: Office) -> None:
    acknowledged(office)
    decided(office, mail(STRANGER, "Question", "How?"), sender=STRANGER)
    assert {letter.kind for letter in office.sent} == {"acknowledgement", "question", "digest"}
    for letter in office.sent:
        assert letter.message["X-Auto-Response-Suppress"] == "All"
        assert letter.message["Auto-Submitted"] in {"auto-replied", "auto-generated"}
        assert "Precedence" not in letter.message
        assert letter.audience == "staff" or letter.sender == ""  # RFC 3834 §3.3: a bounce of it cannot loop
