"""Is an order of staff done whole, once, and answered; and does nothing wait unseen?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.store import contracts, holdclock, holds, journal
from tests.flows.office import NOON, Letter, Office, mail, open_office

ASKER, SECOND, SATO, EVE = "ann@acme.example", "bob@acme.example", "sato@desk.example", "eve@elsewhere.example"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as office:
        office.asker(office.contract("C-001", language="en", customer="Acme Ltd"), "Ann Archer", ASKER)
        office.staff("Sato", SATO)
        yield office


def held(office: Office, sender: str = EVE, text: str = "How?", *fields: str) -> int:
    raw = mail(sender, f"Question {len(office.inbound())}", text, *fields)
    number = office.take_in(raw, sender=sender)
    assert number is not None
    office.work()
    assert office.inbound(number)[0]["state"] == "held"
    return number


def order(office: Office, text: str, *, answers: Letter | None = None) -> Letter:
    """Write this to the address in the newest letter; give the transcript."""
    letters = [each for each in office.sent if each.message["Reply-To"] and each.audience == "staff"]
    letter = answers or letters[-1]
    to = letter.message["Reply-To"].addresses[0].addr_spec
    ids = (f"In-Reply-To: {letter.message_id}",)
    office.take_in(mail(SATO, f"Re: {len(office.inbound())}", text, *ids, to=to), sender=SATO, recipients=[to])
    office.work()
    return next(each for each in reversed(office.sent) if each.kind == "transcript")


def state(office: Office, number: int) -> tuple[str, str | None]:
    row = office.inbound(number)[0]
    return row["state"], row["reason"]


def test_a_released_mail_keeps_the_time_at_which_it_came(office: Office) -> None:
    number = held(office)
    office.passes(timedelta(minutes=12))
    order(office, f"release {number} for C-001")
    (incident,) = office.incidents()
    assert incident["received_at"] == NOON
    assert incident["due_at"] == NOON + timedelta(minutes=30)
    assert incident["asker"] == ASKER


def test_the_orders_of_one_mail_stand_alone(office: Office) -> None:
    one, two, three = (held(office, f"x{number}@else.example") for number in range(3))
    told = order(office, f"reject {one}\nrelease {two} for C-999\nreject 4711\nreject {three}\nreject {one}")
    assert [state(office, number)[0] for number in (one, two, three)] == ["dropped", "held", "dropped"]
    assert "release 2 for C-999\n    -> there is no contract with this number: C-999" in told.text.replace("\r\n", "\n")
    assert "reject 4711\n    -> there is nothing with this number: 4711" in told.text.replace("\r\n", "\n")
    assert told.text.count("put away") == 2


def test_a_number_is_needed_when_the_letter_tells_of_several(office: Office) -> None:
    first = held(office)
    (digest,) = [each for each in office.sent if each.kind == "digest"]
    office.passes(timedelta(minutes=1))
    second = held(office, "x@else.example")
    office.passes(timedelta(minutes=29))
    office.work()
    assert "Write its number" in order(office, "reject").text
    assert [state(office, number)[0] for number in (first, second)] == ["held", "held"]
    order(office, "reject", answers=digest)
    assert [state(office, number)[0] for number in (first, second)] == ["dropped", "held"]


def test_of_several_askers_one_must_be_named(office: Office) -> None:
    office.asker(1, "Bob", SECOND)
    number = held(office)
    assert f"one of: C-001: {ASKER}, {SECOND}" in order(office, f"release {number} for C-001").text
    assert "no such asker" in order(office, f"release {number} for C-001 as eve@elsewhere.example").text
    order(office, f"release {number} for C-001 as {SECOND}")
    assert [each["asker"] for each in office.incidents()] == [SECOND]


def test_what_is_held_once_more_is_told_once_more(office: Office) -> None:
    raw = mail(EVE, "To another address", "How?", to="news@desk.example")
    number = office.take_in(raw, sender=EVE, recipients=["news@desk.example"])
    assert number is not None
    office.work()
    assert state(office, number) == ("held", "other-address")
    office.passes(timedelta(minutes=1))
    order(office, f"release {number}")
    assert state(office, number) == ("held", "stranger")
    assert [each.kind for each in office.sent].count("digest") == 2


def test_a_registered_writer_is_served_with_all_that_waits(office: Office) -> None:
    with office.context.store.begin() as connection:
        holds.ignore(connection, "carl@acme.example", by="x", now=NOON)
        holds.heed(connection, "carl@acme.example")
    one, two = held(office, "carl@acme.example"), held(office, "carl@acme.example", "Why?")
    told = order(office, f"register {one} Carl Cox for C-001")
    assert "registered, and looked at again: C-001, Carl Cox <carl@acme.example>: #1, #2" in told.text
    assert [state(office, number)[0] for number in (one, two)] == ["done", "done"]
    assert len(office.incidents()) == 2
    assert "asker of this contract already" in order(office, "register Carl Cox <carl@acme.example> for C-001").text


def test_an_asker_is_never_ignored(office: Office) -> None:
    number = held(office, ASKER, "How?", "Authentication-Results: mx.desk.example; dmarc=fail")
    assert "cannot be ignored" in order(office, f"ignore {number}").text
    assert state(office, number) == ("held", "forged")


def test_an_unknown_change_is_told(office: Office) -> None:
    held(office)
    assert "Not done" in order(office, "approve 7\ndecline 8 no").text


def test_more_orders_than_anybody_writes_are_not_carried_out(office: Office) -> None:
    number = held(office)
    told = order(office, "\n".join(["reject 4711"] * 50 + [f"reject {number}"]))
    assert state(office, number)[0] == "held"
    assert "too many orders" in told.text


def test_what_is_decided_alarms_no_more(office: Office) -> None:
    rejected, released = held(office), held(office, "x@else.example")
    order(office, f"reject {rejected}\nrelease {released} for C-001")
    office.passes(timedelta(days=1))
    assert office.work() == []


def test_an_alarm_is_given_three_times_and_written_down(office: Office) -> None:
    number = held(office)
    kinds = []
    for _ in range(60):
        office.passes(timedelta(minutes=1))
        kinds += [(letter.kind, office.now - NOON) for letter in office.work()]
    assert kinds == [("alarm", timedelta(minutes=minutes)) for minutes in (15, 24, 30)]
    with office.context.store.read() as connection:
        assert [each["what"] for each in journal.about(connection, f"inbound:{number}")].count("alarmed") == 3
        assert holdclock.late(connection, office.now) == 1


def test_after_a_night_without_the_daemon_one_alarm_is_enough(office: Office) -> None:
    held(office)
    office.passes(timedelta(hours=12))
    assert [letter.kind for letter in office.work()] == ["alarm"]
    office.passes(timedelta(hours=12))
    assert office.work() == []


def test_a_colleague_who_left_is_not_alarmed(office: Office) -> None:
    held(office)
    with office.context.store.begin() as connection:
        contracts.remove_staff(connection, SATO, office.now)
    office.passes(timedelta(hours=1))
    assert office.work() == []
    office.staff("Sato", SATO)
    assert [letter.kind for letter in office.work()] == ["alarm"]
