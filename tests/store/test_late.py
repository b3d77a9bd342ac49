"""Which acknowledgements have not left, in both databases: what people know of each, and what became of its letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from mailbot.desk.incident import Incident, Status
from mailbot.store import incidents, late, outbox
from mailbot.store.engine import Connection, Store
from mailbot.store.late import Page
from mailbot.store.schema import incident
from tests.store import rows
from tests.store.rows import NOW, Registered

HALF, WHOLE = NOW + timedelta(minutes=30), NOW + timedelta(minutes=60)


def opened(connection: Connection, owner: Registered, words: str) -> Incident:
    new = replace(
        rows.new_incident(owner, rows.kept(connection, words)),
        due_at=WHOLE,
        page_at=HALF,
        menu="business",
        response_minutes=60,
    )
    return incidents.open_incident(connection, new, year=2026)


def test_a_question_is_missed_from_half_its_window_on(store: Store) -> None:
    with store.begin() as connection:
        found = opened(connection, rows.contract(connection, "A-1"), "q")
        assert late.waiting(connection, HALF - timedelta(seconds=1)) == (0, 0)
        assert late.unacknowledged(connection, HALF - timedelta(seconds=1)) == []
        assert late.waiting(connection, HALF) == (1, 0)
        assert late.waiting(connection, WHOLE) == (1, 1)
        (each,) = late.unacknowledged(connection, HALF)
        assert (each.id, each.number, each.contract, each.paged) == (found.id, found.number, "A-1", 0)
        assert (each.menu, each.response_minutes, each.due_at) == ("business", 60, WHOLE)
        assert (late.half_over(connection, HALF - timedelta(seconds=1)), late.half_over(connection, HALF)) == (0, 1)


def test_what_people_know_is_kept(store: Store) -> None:
    with store.begin() as connection:
        found = opened(connection, rows.contract(connection, "A-1"), "q")
        assert late.last_page(connection) is None
        late.mark_paged(connection, [Page(found.id, 50, WHOLE)], HALF)
        assert late.last_page(connection) == HALF
        assert late.waiting(connection, WHOLE - timedelta(seconds=1)) == (0, 0)
        assert [each.paged for each in late.unacknowledged(connection, WHOLE)] == [50]
        late.put_off(connection, [Page(found.id, 50, WHOLE + timedelta(minutes=1))])
        assert late.unacknowledged(connection, WHOLE) == []
        late.mark_paged(connection, [Page(found.id, 100, None)], WHOLE)
        assert late.waiting(connection, WHOLE + timedelta(days=9)) == (0, 0)
        assert late.half_over(connection, WHOLE) == 1


@pytest.mark.parametrize("happened", ["acknowledged", "closed by a person"])
def test_what_was_seen_to_is_missed_no_more(store: Store, happened: str) -> None:
    with store.begin() as connection:
        found = opened(connection, rows.contract(connection, "A-1"), "q")
        if happened == "acknowledged":
            incidents.acknowledged(connection, {found.id: HALF})
        else:
            connection.execute(update(incident).where(incident.c.id == found.id).values(status=Status.CLOSED))
        assert late.waiting(connection, WHOLE) == (0, 0)
        assert late.unacknowledged(connection, WHOLE) == []
        assert late.half_over(connection, WHOLE) == 0


def test_the_letter_is_the_acknowledgement_and_no_other(store: Store) -> None:
    with store.begin() as connection:
        owner = rows.contract(connection, "A-1")
        found, other = opened(connection, owner, "q"), opened(connection, owner, "r")
        acknowledgement = replace(rows.letter("ack:1", found=found), kind="acknowledgement", recipient="a@x.example")
        outbox.put(connection, [acknowledgement, replace(rows.letter("question:1", found=found), kind="question")], NOW)
        letters = late.letters(connection, [found.id, other.id])
        assert list(letters) == [found.id]
        told = letters[found.id]
        assert (told.recipient, told.state, told.attempts, told.answer) == ("a@x.example", "ready", 0, "")


@pytest.mark.parametrize("url", [pytest.param("postgresql", marks=pytest.mark.real)], indirect=True)
def test_two_daemons_never_tell_of_the_same(store: Store) -> None:
    """SQLite has one writer, and so no such danger."""
    with store.begin() as connection:
        opened(connection, rows.contract(connection, "A-1"), "q")
    with store.begin() as one, store.begin() as two:
        assert len(late.unacknowledged(one, HALF)) == 1
        assert late.unacknowledged(two, HALF) == []
