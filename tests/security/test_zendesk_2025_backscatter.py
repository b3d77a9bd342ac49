"""Zendesk, October 2025: anonymous questions, acknowledged by machine, made mail bombs. This desk stays silent."""

from __future__ import annotations

from datetime import timedelta

from tests.flows.office import Office, mail
from tests.security.people import STAFF


def test_a_thousand_forged_strangers_get_nothing(office: Office) -> None:
    for number in range(1_000):
        victim = f"victim{number % 10}@elsewhere{number}.example"
        office.take_in(mail(victim, f"Activate your account {number}", "Click here."), sender=victim)
        if number % 100 == 99:
            office.work()
            office.passes(timedelta(minutes=4))
    office.passes(timedelta(minutes=31))
    office.work()
    assert {letter.recipient for letter in office.sent} == {STAFF}
    kinds = [letter.kind for letter in office.sent]
    assert kinds.count("digest") <= 4  # one at once, then one each half hour
    assert len(kinds) - kinds.count("digest") == kinds.count("alarm") <= 2 * 71 / 5  # never less than 5 minutes apart
    assert office.incidents() == []
    assert {row["state"] for row in office.inbound()} == {"held"}
