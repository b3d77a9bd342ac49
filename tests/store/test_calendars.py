"""Is a calendar's edition kept once, whole, whatever happens to the transaction that wrote it first?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, RowMapping, event, select

from mailbot.desk.calendar import Calendar, Edition, Hours
from mailbot.desk.editions import calendar_of, kept
from mailbot.store import calendars, events, incidents
from mailbot.store.engine import Store
from mailbot.store.schema import calendar_edition
from tests.store import rows
from tests.store.rows import NOW

OFFICE = Edition(None, ZoneInfo("Asia/Tokyo"), ((Hours(540, 1080),),) * 5 + ((), ()), lambda _: {}, (), {})
HOUR = timedelta(hours=1)


def business() -> Calendar:
    return Calendar("business", (OFFICE,))


def keep(connection: Connection, calendar: Calendar, now: datetime = NOW) -> str:
    return calendars.keep(connection, calendar, since=NOW, until=NOW + HOUR, now=now)


def stored(store: Store) -> list[RowMapping]:
    with store.read() as connection:
        return list(connection.execute(select(calendar_edition)).mappings())


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def test_an_edition_is_kept_whole_and_once(store: Store) -> None:
    calendar = business()
    for later in range(3):
        with store.begin() as connection:
            fingerprint = keep(connection, calendar, NOW + later * HOUR)
            assert keep(connection, business(), NOW + later * HOUR) == fingerprint
    (row,) = stored(store)
    assert (row["fingerprint"], row["calendar"], row["first_used_at"]) == (fingerprint, "business", NOW)
    assert kept(calendar_of(row["content"]), since=NOW, until=NOW).fingerprint == fingerprint


def test_what_is_known_costs_nothing(store: Store) -> None:
    calendar = business()
    for _ in range(2):
        with store.begin() as connection:
            keep(connection, calendar)
    with store.begin() as connection, statements(store) as seen:
        for _ in range(100):
            keep(connection, calendar)
    assert [each for each in seen if "calendar_edition" in each] == []


@pytest.mark.parametrize("nested", [False, True], ids=["whole transaction", "savepoint"])
def test_what_was_rolled_back_is_written_again(store: Store, nested: bool) -> None:
    calendar = business()
    for _ in range(2):
        with store.engine.connect() as connection:
            outer = connection.begin()
            inner = connection.begin_nested() if nested else outer
            keep(connection, calendar)
            keep(connection, calendar)
            inner.rollback()
            if nested:
                keep(connection, calendar)
                outer.rollback()
    assert stored(store) == []
    with store.begin() as connection:
        keep(connection, calendar)
        keep(connection, calendar)
    assert len(stored(store)) == 1


def test_another_edition_is_another_row(store: Store) -> None:
    closed = replace(OFFICE, week=((),) * 6 + ((Hours(0, 1),),))
    with store.begin() as connection:
        assert len({keep(connection, business()), keep(connection, Calendar("business", (closed,)))}) == 2
    assert len(stored(store)) == 2


def test_the_clock_of_an_incident(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1")
        old = rows.incident(connection, ours, "old")
        new = replace(rows.new_incident(ours, rows.kept(connection, "new")), edition=keep(connection, business()))
        opened = incidents.open_incident(connection, new, year=2026)
        assert calendars.clock_of(connection, "INC-2026-999999") is None
        before = calendars.clock_of(connection, old.number)
        clock = calendars.clock_of(connection, opened.number)
    assert before is not None
    assert (before["edition"], before["content"], before["first_used_at"]) == (None, None, None)
    assert clock is not None
    assert (clock["number"], clock["contract"], clock["first_used_at"]) == (opened.number, "A-1", NOW)
    assert clock["content"] == kept(business(), since=NOW, until=NOW).content


def test_what_people_did(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1")
        found, other = rows.incident(connection, ours, "one"), rows.incident(connection, ours, "other")
        for what, incident in (("urgency", found), ("taken", found), ("taken", other)):
            events.put(connection, incident.id, incident.contract_id, NOW, what, "sato@desk.example", "normal")
        told = [(each.at, each.what, each.by, each.detail) for each in events.of(connection, found.id)]
        assert told == [(NOW, what, "sato@desk.example", "normal") for what in ("urgency", "taken")]
