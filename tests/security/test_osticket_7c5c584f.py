"""osTicket 7c5c584f: a name that holds an address makes nobody a recipient."""

from __future__ import annotations

import pytest

from tests.flows.office import Office, mail
from tests.security.people import STRANGER, decided

NAMES = [
    f"Bob, {STRANGER}",
    f"Bob <{STRANGER}>,",
    f'Bob" <{STRANGER}>, "x',
    f"Bob\r\nBcc: {STRANGER}",
    f"=?utf-8?q?{STRANGER}?=",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_registered_name_stays_a_name(office: Office, name: str) -> None:
    bob = "bob@acme.example"
    office.asker(office.contract("C-002"), name, bob)
    assert decided(office, mail(bob, "Question", "How?"), sender=bob) == "open"
    letter = office.sent[0]
    assert letter.recipient == bob
    assert [each.addr_spec for each in letter.message["To"].addresses] == [bob]
    assert "Bcc" not in letter.message
