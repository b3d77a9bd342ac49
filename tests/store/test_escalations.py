"""Is each call made once, whoever looks at the same moment, and is it known who was called and who did what?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from mailbot.desk.incident import Incident, Urgency
from mailbot.store import contracts, escalations, events, incidents, outbox
from mailbot.store.engine import Connection, Store
from mailbot.store.escalations import Escalation
from tests.store import rows
from tests.store.rows import NOW

LATER = NOW + timedelta(minutes=15)


def begun(connection: Connection, number: str = "C-1") -> tuple[Incident, Escalation]:
    found = rows.incident(connection, rows.contract(connection, number), number)
    escalations.start(connection, found, "outside", NOW, next_at=LATER)
    running = escalations.of(connection, found.id)
    assert running is not None
    return found, running


def test_it_is_due_when_its_time_has_come(store: Store) -> None:
    with store.begin() as connection:
        found, running = begun(connection)
        assert (running.ladder, running.rung, running.started_at, running.claimed_by) == ("outside", -1, NOW, None)
        assert escalations.due(connection, LATER - timedelta(seconds=1)) == []
        assert escalations.due(connection, LATER) == [running]
        assert escalations.of(connection, found.id + 1) is None


def test_of_two_who_call_at_once_one_does(store: Store) -> None:
    with store.begin() as connection:
        found, running = begun(connection)
        assert escalations.advance(connection, running, "outside", 0, next_at=LATER + timedelta(minutes=15))
        assert not escalations.advance(connection, running, "outside", 0, next_at=LATER + timedelta(minutes=15))
        after = escalations.of(connection, found.id)
        assert after is not None
        assert after.rung == 0
        assert escalations.advance(connection, after, "business", 0, next_at=None), (
            "another ladder, from its first rung"
        )
        assert escalations.due(connection, LATER + timedelta(days=1)) == []


@pytest.mark.parametrize("how", ["claimed", "called off", "begun anew"])
def test_who_read_it_before_does_not_call_after(store: Store, how: str) -> None:
    with store.begin() as connection:
        found, running = begun(connection)
        if how == "claimed":
            escalations.claim(connection, found.id, _staff(connection), NOW)
        elif how == "called off":
            assert escalations.stop(connection, found.id)
            assert not escalations.stop(connection, found.id)
        else:
            escalations.start(connection, found, "outside", LATER, next_at=LATER)
        assert not escalations.advance(connection, running, "outside", 0, next_at=LATER)


def _staff(connection: Connection) -> int:
    return contracts.add_staff(connection, name="S", address="s@desk.example", language="en", now=NOW)


def test_the_first_claim_stays(store: Store) -> None:
    with store.begin() as connection:
        found, _ = begun(connection)
        first = _staff(connection)
        escalations.claim(connection, found.id, first, NOW)
        escalations.claim(connection, found.id, first + 1, LATER)  # would break the foreign key if it were written
        running = escalations.of(connection, found.id)
        assert running is not None
        assert (running.claimed_by, running.claimed_at, running.next_at) == (first, NOW, None)
        assert incidents.take(connection, found.id, first, NOW)
        assert not incidents.take(connection, found.id, first, LATER)
        assert incidents.whole(connection, found.id)["taken_at"] == NOW


def test_who_was_called(store: Store) -> None:
    with store.begin() as connection:
        found, _ = begun(connection)
        other, _ = begun(connection, "C-2")
        letters = [
            rows.letter("call:1", found=found),
            rows.letter("call:2", found=found),
            rows.letter("call:3", found=other),
            rows.letter("question:1", found=found),
        ]
        kinds = ("call", "call", "call", "question")
        whom = ("b@desk.example", "a@desk.example", "c@desk.example", "d@desk.example")
        put = [replace(each, kind=kind, recipient=to) for each, kind, to in zip(letters, kinds, whom, strict=True)]
        outbox.put(connection, put, NOW)
        assert escalations.called(connection, found.id) == ["a@desk.example", "b@desk.example"]


def test_what_people_did_stands_in_order(store: Store) -> None:
    with store.begin() as connection:
        found, _ = begun(connection)
        first = events.put(connection, found.id, found.contract_id, LATER, "taken", "s@desk.example", "")
        second = events.put(connection, found.id, found.contract_id, NOW, "urgency", "rules", "urgent\nmark: urgent")
        assert [(each.id, each.what, each.by, each.at) for each in events.of(connection, found.id)] == [
            (first, "taken", "s@desk.example", LATER),
            (second, "urgency", "rules", NOW),
        ]


def test_nothing_crosses_from_one_contract_to_another(store: Store) -> None:
    with store.begin() as connection:
        found, _ = begun(connection)
        other, _ = begun(connection, "C-2")
        third = rows.incident(connection, rows.contract(connection, "C-3"), "third")
    with pytest.raises(IntegrityError), store.begin() as connection:  # S26
        events.put(connection, found.id, other.contract_id, NOW, "taken", "s@desk.example", "")
    crossed = replace(third, contract_id=other.contract_id)
    with pytest.raises(IntegrityError), store.begin() as connection:
        escalations.start(connection, crossed, "outside", NOW, next_at=NOW)


def test_a_persons_word_changes_what_was_said_before_and_nothing_later(store: Store) -> None:
    with store.begin() as connection:
        found, _ = begun(connection)
        assert incidents.decide_urgency(connection, found.id, "normal", Urgency.URGENT, by="s@desk.example")
        assert not incidents.decide_urgency(connection, found.id, "normal", Urgency.NORMAL, by="t@desk.example")
        incidents.count_anew(connection, found.id, due_at=LATER, starts_at=NOW, page_at=LATER)
        row = incidents.whole(connection, found.id)
        assert (row["urgency"], row["urgency_by"], row["due_at"], row["paged"]) == (
            "urgent",
            "s@desk.example",
            LATER,
            0,
        )
        incidents.acknowledged(connection, {found.id: NOW})
        incidents.count_anew(connection, found.id, due_at=NOW, starts_at=NOW, page_at=NOW)
        assert incidents.whole(connection, found.id)["due_at"] == LATER, "what was given is given"
