"""When the clock is set back, nothing waits for it to come round again: and no time in the database was forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from mailbot.store import holdclock, holds, inbound, incidents, outbox, rewinding
from mailbot.store.engine import Connection, Store
from mailbot.store.holdclock import Alarmed
from mailbot.store.holds import NewHold
from mailbot.store.inbound import Outcome
from mailbot.store.schema import Instant, escalation, hold, incident, metadata, page, route
from mailbot.store.schema import outbox as outbox_table
from tests.store import rows
from tests.store.rows import NOW

LEASE = timedelta(seconds=60)
HOUR = timedelta(hours=1)
WRONG = NOW + HOUR
"""What the clock said before it was set back to NOW."""

REWOUND = {
    "outbox.next_attempt_at",
    "outbox.lease_until",
    "page.next_attempt_at",
    "incident.page_at",
    "incident.paged_at",
    "incident.remind_at",
    "escalation.next_at",
    "hold.alarm_at",
    "hold.neutral_at",
    "hold.alarmed_at",
    "inbound.told_staff_at",
    "route.failing_since",
    "route.told_at",
}
HARMLESS = {
    # Noted for people and programs to read; no flow waits for them.
    "contract.created_at": "told only",
    "contract.cancelled_at": "set or not is what counts",
    "asker.registered_at": "told only",
    "asker.removed_at": "set or not is what counts",
    "welcome.settled_at": "told only",
    "equipment.registered_at": "told only",
    "equipment.removed_at": "set or not is what counts",
    "staff.added_at": "told only",
    "staff.removed_at": "set or not is what counts",
    "hold.held_at": "the fact by which the others are judged",
    "hold.due_at": "told; the alarms stand in alarm_at",
    "hold.released_at": "set or not is what counts",
    "ignored_sender.since": "told only",
    "change.asked_at": "one in the future counts as old (flows.changes._is_new)",
    "change.decided_at": "told only",
    "calendar_edition.first_used_at": "told only",
    "inbound.received_at": "mails are decided in the order of their ids",
    "incident.received_at": "the fact by which the others are judged",
    "incident.due_at": "a promise that was told; the pages stand in page_at",
    "incident.acknowledged_at": "set or not is what counts",
    "incident.starts_at": "told only",
    "incident.taken_at": "set or not is what counts",
    "incident.answered_at": "set or not is what counts",
    "incident.answer_due_at": "a promise that was told; the reminders stand in remind_at",
    "incident_event.at": "told only",
    "escalation.started_at": "the fact by which next_at is judged",
    "escalation.claimed_at": "set or not is what counts",
    "outbox.created_at": "one in the future is given up later, never earlier",
    "outbox.due_at": "only shortens the time between tries",
    "outbox.sent_at": "told only",
    "message.at": "told only",
    "message.written_at": "what the mail says",
    "participant.seen_at": "told only",
    "participant.admitted_at": "set or not is what counts",
    "journal.at": "told only",
    "page.created_at": "told only",
    "page.sent_at": "told only",
    "route.last_ok_at": "told only",
    "pulse.at": "what the jump is found by",
    "pulse.suspended_at": "set or not is what counts",
}


def test_every_time_in_the_database_was_thought_about() -> None:
    """Whoever adds a time says here what becomes of it when the clock is set back: `rewind` it, or say why not."""
    times = {f"{table}.{each.name}" for table in metadata.tables.values() for each in table.c if _is_time(each.type)}
    assert REWOUND | set(HARMLESS) == times
    assert not REWOUND & set(HARMLESS)


def _is_time(kind: object) -> bool:
    return isinstance(kind, Instant)


def rewind(connection: Connection) -> int:
    return rewinding.rewind(connection, NOW, lease=LEASE)


def read(connection: Connection, column: Any) -> list[datetime | None]:
    return list(connection.execute(select(column).order_by(*column.table.primary_key.columns)).scalars())


def test_letters_are_tried_at_once(store: Store) -> None:
    with store.begin() as connection:
        outbox.put(connection, [rows.letter("waits"), rows.letter("flies")], WRONG)
        first, second = outbox.claim(connection, owner="one", limit=9, now=WRONG, lease=LEASE)
        assert outbox.settle(connection, outbox.Settled(first.id, first.fence, "ready", "451", None, WRONG + LEASE))
        ours = outbox.lease_clock(connection, NOW)
        connection.execute(update(outbox_table).where(outbox_table.c.id == second.id).values(lease_until=ours + HOUR))
        assert rewind(connection) == 3  # the one on its way has a next try, too, which nobody looks at
        assert read(connection, outbox_table.c.next_attempt_at) == [NOW, NOW]
        _, until = read(connection, outbox_table.c.lease_until)
        assert until is not None
        assert timedelta(0) <= until - ours - LEASE < LEASE
        (again,) = outbox.claim(connection, owner="two", limit=9, now=NOW, lease=LEASE)
        assert again.id == first.id, "what is on its way is not sent twice"
        assert outbox.settle(connection, outbox.Settled(second.id, second.fence, "sent", "250", NOW, NOW))
        assert rewind(connection) == 0


def test_a_new_letter_waits_for_nothing_even_before_the_clock_was_looked_at(store: Store) -> None:
    with store.begin() as connection:
        outbox.put(connection, [rows.letter("new")], WRONG)
        assert len(outbox.claim(connection, owner="one", limit=9, now=NOW, lease=LEASE)) == 1


def test_pages_are_tried_at_once_and_those_on_their_way_are_left_a_while(store: Store) -> None:
    values = {"route": "command", "created_at": WRONG, "body": {}, "attempts": 1, "next_attempt_at": WRONG}
    with store.begin() as connection:
        for state in ("ready", "claimed", "sent"):
            connection.execute(insert(page).values(key=state, state=state, **values))
        assert rewind(connection) == 2
        assert read(connection, page.c.next_attempt_at) == [NOW, NOW + LEASE, WRONG]


@pytest.mark.parametrize(
    ("received_at", "page_at", "then"),
    [
        pytest.param(WRONG, WRONG + LEASE, NOW, id="came in the future: at once"),
        pytest.param(NOW, WRONG + LEASE, WRONG + LEASE, id="came before: its window is right"),
        pytest.param(WRONG, NOW - LEASE, NOW - LEASE, id="is due anyhow"),
        pytest.param(WRONG, None, None, id="nobody is called any more"),
    ],
)
def test_windows_that_began_in_the_future(
    store: Store, received_at: datetime, page_at: datetime | None, then: datetime | None
) -> None:
    with store.begin() as connection:
        owner = rows.contract(connection, "C-1")
        found = rows.incident(connection, owner, "one")
        connection.execute(update(incident).values(received_at=received_at, page_at=page_at, remind_at=page_at))
        _escalation(connection, found.id, owner.contract, received_at, page_at)
        number = _held(connection)
        times = {"held_at": received_at, "alarm_at": page_at, "neutral_at": page_at}
        connection.execute(update(hold).where(hold.c.inbound_id == number).values(**times))
        rewind(connection)
        for column in (
            incident.c.page_at,
            incident.c.remind_at,
            escalation.c.next_at,
            hold.c.alarm_at,
            hold.c.neutral_at,
        ):
            assert read(connection, column) == [then], column


def _escalation(connection: Connection, number: int, contract: int, at: datetime, then: datetime | None) -> None:
    values = {"incident_id": number, "contract_id": contract, "ladder": "x", "rung": 0}
    connection.execute(insert(escalation).values(**values, started_at=at, next_at=then))


def _held(connection: Connection) -> int:
    number = rows.kept(connection, "held")
    inbound.settle(connection, [Outcome(number, "held", "hold", "stranger", [], "a@b.example", "s", None)])
    holds.put(connection, [NewHold(number, NOW, WRONG, NOW, author_name="A", excerpt="text")])
    return number


def test_an_acknowledged_incident_pages_nobody(store: Store) -> None:
    with store.begin() as connection:
        found = rows.incident(connection, rows.contract(connection, "C-1"), "one")
        incidents.acknowledged(connection, {found.id: WRONG})
        connection.execute(update(incident).values(received_at=WRONG, page_at=WRONG))
        rewind(connection)
        assert read(connection, incident.c.page_at) == [WRONG]


@pytest.mark.parametrize("fact", ["taken_at", "answered_at"])
def test_a_reminder_that_counts_from_the_future_comes_now(store: Store, fact: str) -> None:
    with store.begin() as connection:
        rows.incident(connection, rows.contract(connection, "C-1"), "one")
        connection.execute(update(incident).values({fact: WRONG, "remind_at": WRONG + HOUR}))
        rewind(connection)
        assert read(connection, incident.c.remind_at) == [NOW]


def test_what_was_told_in_the_future_keeps_nobody_silent(store: Store) -> None:
    with store.begin() as connection:
        number = _held(connection)
        inbound.mark_told(connection, [number], WRONG)
        holdclock.mark_alarmed(connection, [Alarmed(number, 50, None)], WRONG)
        rows.incident(connection, rows.contract(connection, "C-1"), "one")
        connection.execute(update(incident).values(paged_at=WRONG))
        connection.execute(insert(route).values(name="first", failing_since=WRONG, told_at=WRONG))
        rewind(connection)
        assert (inbound.last_told(connection), holdclock.last_alarm(connection)) == (NOW, NOW)
        assert read(connection, incident.c.paged_at) == [NOW]
        assert (*read(connection, route.c.failing_since), *read(connection, route.c.told_at)) == (NOW, NOW)
