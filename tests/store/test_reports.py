"""Are the questions of a month found, exact at its edges, and those of one contract alone?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from mailbot.store import incidents, reports
from mailbot.store.engine import Connection, Store
from mailbot.store.schema import incident_event
from tests.store import rows
from tests.store.rows import Registered

SINCE = datetime(2026, 9, 30, 15, tzinfo=UTC)
BEFORE = datetime(2026, 10, 31, 15, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def asked(connection: Connection, owner: Registered, words: str, at: datetime) -> int:
    new = replace(rows.new_incident(owner, rows.kept(connection, words)), received_at=at, subject=words)
    return incidents.open_incident(connection, new, year=2026).id


def test_a_month_begins_and_ends_exactly(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1")
        for words, at in (
            ("last", BEFORE - MOMENT),
            ("too late", BEFORE),
            ("first", SINCE),
            ("too early", SINCE - MOMENT),
        ):
            asked(connection, ours, words, at)
        found = reports.received(connection, since=SINCE, before=BEFORE, contract_id=None)
    assert [row["subject"] for row in found] == ["first", "last"]


def test_a_contract_gets_nothing_of_another(store: Store) -> None:
    with store.begin() as connection:
        ours, others = rows.contract(connection, "A-1"), rows.contract(connection, "B-1")
        mine, theirs = asked(connection, ours, "mine", SINCE), asked(connection, others, "theirs", SINCE)
        for owner, incident_id in ((ours, mine), (others, theirs)):
            done(connection, owner, incident_id, "closed")
        found = reports.received(connection, since=SINCE, before=BEFORE, contract_id=ours.contract)
        events = reports.answers(connection, since=SINCE, before=BEFORE, contract_id=ours.contract)
        everything = reports.received(connection, since=SINCE, before=BEFORE, contract_id=None)
    assert [(row["subject"], row["contract"]) for row in found] == [("mine", "A-1")]
    assert [row["incident_id"] for row in events] == [mine]
    assert {row["contract"] for row in everything} == {"A-1", "B-1"}


def test_only_answers_and_ends_are_told_in_order_and_never_by_whom(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1")
        incident_id = asked(connection, ours, "mine", SINCE)
        for what in ("taken", "answered", "waits", "closed"):
            done(connection, ours, incident_id, what)
        events = reports.answers(connection, since=SINCE, before=BEFORE, contract_id=None)
    assert [row["what"] for row in events] == ["answered", "closed"]
    assert set(events[0]) == {"incident_id", "at", "what", "detail"}


def done(connection: Connection, owner: Registered, incident_id: int, what: str) -> None:
    values = {"incident_id": incident_id, "contract_id": owner.contract, "at": SINCE, "what": what}
    connection.execute(insert(incident_event).values(**values, by="eng@desk.example", detail=""))
