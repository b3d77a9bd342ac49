"""FreeScout GHSA-j49f-9g94-3wh4: an answer from a new address, or a Cc, puts nobody into the customer's place."""

from __future__ import annotations

from tests.flows.office import Office, mail
from tests.security.people import ASKER, STRANGER, acknowledged, decided, outsiders


def test_an_answer_from_a_new_address(office: Office) -> None:
    letter = acknowledged(office)
    to = letter.message["Reply-To"].addresses[0].addr_spec
    fields = (f"In-Reply-To: {letter.message_id}",)
    raw = mail(f"Ann Archer <{STRANGER}>", "Re: Question", "My new address!", *fields, to=to)
    assert decided(office, raw, sender=STRANGER, to=to) == "hold stranger"
    assert office.incidents()[0]["asker"] == ASKER
    assert outsiders(office) == []


def test_a_third_party_in_cc(office: Office) -> None:
    letter = acknowledged(office, "Question", "How?", f"Cc: {STRANGER}")
    assert (
        decided(office, mail(STRANGER, "Re: Question", "Me too.", f"In-Reply-To: {letter.message_id}"), sender=STRANGER)
        == "hold participant"
    )
    assert outsiders(office) == []
