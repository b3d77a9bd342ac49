"""What is remembered of held mail: its clock, whom it concerns, and when staff must be alarmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from mailbot.store import holdclock, holds, inbound
from mailbot.store.engine import Connection, Store
from mailbot.store.holdclock import Alarmed
from mailbot.store.holds import NewHold
from mailbot.store.inbound import Outcome
from tests.store import rows
from tests.store.rows import NOW

HALF, WHOLE = NOW + timedelta(minutes=15), NOW + timedelta(minutes=30)


def held(connection: Connection, text: str = "x", reason: str = "stranger", hold: NewHold | None = None) -> int:
    number = rows.kept(connection, text)
    inbound.settle(connection, [Outcome(number, "held", "hold", reason, [], "A@Else.example", "s", None)])
    new = hold or NewHold(number, NOW, WHOLE, HALF, author_name="A", excerpt="text")
    holds.put(connection, [replace(new, inbound_id=number)])
    return number


def test_a_held_mail_alarms_until_staff_know_of_all_of_its_window(store: Store) -> None:
    with store.begin() as connection:
        number = held(connection)
        assert holdclock.alarming(connection, HALF - timedelta(seconds=1)) == []
        assert [each.id for each in holdclock.alarming(connection, HALF)] == [number]
        assert (holdclock.late(connection, NOW), holdclock.late(connection, HALF)) == (0, 1)
        holdclock.mark_alarmed(connection, [Alarmed(number, 50, WHOLE)], HALF)
        assert holdclock.last_alarm(connection) == HALF
        assert holdclock.alarming(connection, WHOLE - timedelta(seconds=1)) == []
        assert [each.id for each in holdclock.alarming(connection, WHOLE)] == [number]
        assert [each.alarmed for each in holdclock.alarming(connection, WHOLE)] == [50]
        holdclock.mark_alarmed(connection, [Alarmed(number, 100, None)], WHOLE)
        assert not holdclock.waits_for_alarm(connection, WHOLE + timedelta(days=9))
        assert holdclock.alarming(connection, WHOLE + timedelta(days=9)) == []
        assert holdclock.late(connection, WHOLE) == 1


def test_its_writer_is_told_once_at_its_time(store: Store) -> None:
    nearly = WHOLE - timedelta(minutes=3)
    with store.begin() as connection:
        told = NewHold(0, NOW, WHOLE, HALF, neutral_at=nearly, menu="premium", urgent=True, proven=True)
        number = held(connection, hold=told)
        held(connection, "another")
        assert not holdclock.waits_for_neutral(connection, nearly - timedelta(seconds=1))
        assert holdclock.waits_for_neutral(connection, nearly)
        (found,) = holdclock.for_neutral(connection, nearly, limit=9)
        assert (found.id, found.menu, found.urgent, found.proven) == (number, "premium", True, True)
        holdclock.set_neutral(connection, {number: nearly + timedelta(hours=1)})
        assert holdclock.for_neutral(connection, nearly, limit=9) == []
        assert [each.id for each in holdclock.for_neutral(connection, nearly + timedelta(hours=1), limit=9)] == [number]
        holdclock.set_neutral(connection, {number: None})
        assert not holdclock.waits_for_neutral(connection, WHOLE + timedelta(days=9))


@pytest.mark.parametrize("decided", ["released", "dropped", "looked at again"])
def test_what_is_decided_alarms_no_more(store: Store, decided: str) -> None:
    with store.begin() as connection:
        number = held(connection, hold=NewHold(0, NOW, WHOLE, HALF, neutral_at=HALF))
        if decided == "released":
            assert holds.release(connection, number, by="sato", asker=None, now=NOW)
            assert not holds.release(connection, number, by="suzuki", asker=None, now=NOW)
        elif decided == "dropped":
            assert holds.drop(connection, number)
            assert not holds.drop(connection, number)
        else:
            assert inbound.retry(connection, number)
        assert holdclock.alarming(connection, WHOLE) == []
        assert not holdclock.waits_for_alarm(connection, WHOLE)
        assert not holdclock.waits_for_neutral(connection, WHOLE)
        assert holdclock.late(connection, WHOLE) == 0
        assert holds.by_id(connection, number) is None


def test_what_is_held_once_more_keeps_its_clock_and_its_name(store: Store) -> None:
    with store.begin() as connection:
        registered = rows.contract(connection, "A-1")
        number = held(connection, hold=NewHold(0, NOW, WHOLE, HALF, menu="business", author_name="A", excerpt="text"))
        holdclock.mark_alarmed(connection, [Alarmed(number, 80, WHOLE)], HALF)
        assert holds.release(
            connection, number, by="sato", asker=(registered.asker, registered.contract), now=NOW + timedelta(hours=1)
        )
        inbound.settle(connection, [Outcome(number, "held", "hold", "ended", [], "a@else.example", "s", None)])
        later = NOW + timedelta(days=1)
        holds.put(connection, [NewHold(number, later, later, later, menu="premium")])
        (found,) = holds.untold(connection)
        assert (found.due_at, found.contract, found.reason, found.excerpt) == (WHOLE, "A-1", "ended", "text")
        (again,) = holdclock.alarming(connection, later)
        assert (again.menu, again.alarmed) == ("business", 0)
        (released,) = holds.released(connection, [number])
        assert (released.by, released.asker_id) == ("sato", registered.asker)


def test_the_writer_is_known_beyond_doubt_or_not_at_all(store: Store) -> None:
    with store.begin() as connection:
        known = holds.by_id(connection, held(connection))
        unknown = holds.by_id(connection, held(connection, "y", "ambiguous-author"))
    assert known is not None
    assert unknown is not None
    assert (holds.writer(known), holds.writer(unknown)) == ("a@else.example", None)


def _released_in_anothers_name(connection: Connection) -> None:
    ours, theirs = rows.contract(connection, "A-1"), rows.contract(connection, "B-1")
    holds.release(connection, held(connection), by="sato", asker=(ours.asker, theirs.contract), now=NOW)


def _joins_anothers_incident(connection: Connection) -> None:
    ours, theirs = rows.contract(connection, "A-1"), rows.contract(connection, "B-1")
    incident = rows.incident(connection, ours, "q")
    new = NewHold(0, NOW, WHOLE, HALF, contract_id=theirs.contract, incident_id=incident.id)
    held(connection, "y", "participant", new)


@pytest.mark.parametrize("crossing", [_released_in_anothers_name, _joins_anothers_incident])
def test_a_hold_never_joins_two_contracts(store: Store, crossing: Callable[[Connection], None]) -> None:
    with store.begin() as connection, pytest.raises(IntegrityError):
        crossing(connection)


def test_senders_are_ignored_and_heeded(store: Store) -> None:
    with store.begin() as connection:
        for _ in range(2):
            holds.ignore(connection, "a@else.example", by="sato", now=NOW)
        assert holds.ignored(connection, ["a@else.example", "b@else.example"]) == {"a@else.example"}
        assert holds.heed(connection, "a@else.example")
        assert not holds.heed(connection, "a@else.example")
