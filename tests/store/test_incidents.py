"""Do incidents get one number each, and are they found by what belongs to them?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from mailbot.store import contracts, incidents, journal
from mailbot.store.engine import Store
from mailbot.store.journal import Entry
from tests.store import rows
from tests.store.rows import NOW


def test_numbers_have_no_gap_and_no_double_whoever_asks(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1")

    def one(number: int) -> str:
        with store.begin() as connection:
            return rows.incident(connection, ours, f"mail {number}").number

    with ThreadPoolExecutor(6) as threads:
        numbers = list(threads.map(one, range(30)))
    assert sorted(numbers) == [f"INC-2026-{number:06d}" for number in range(1, 31)]


def test_every_year_counts_from_one(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1")
        years = [
            incidents.open_incident(connection, rows.new_incident(ours, rows.kept(connection, words)), year=year)
            for words, year in (("one", 2026), ("two", 2027), ("three", 2026))
        ]
    assert [each.number for each in years] == ["INC-2026-000001", "INC-2027-000001", "INC-2026-000002"]


def test_a_number_that_was_rolled_back_is_given_again(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1")
    with store.engine.connect() as connection:
        rows.incident(connection, ours, "lost")
        connection.rollback()
    with store.begin() as connection:
        assert rows.incident(connection, ours, "kept").number == "INC-2026-000001"


def test_the_first_acknowledgement_counts(store: Store) -> None:
    with store.begin() as connection:
        found = rows.incident(connection, rows.contract(connection, "A-1"), "x")
        assert incidents.overdue(connection, NOW + timedelta(seconds=1)) == 1
        assert incidents.overdue(connection, NOW) == 0
        incidents.acknowledged(connection, {found.id: NOW})
        incidents.acknowledged(connection, {found.id: NOW + timedelta(hours=1)})
        incidents.acknowledged(connection, {})
        row = incidents.shown(connection, found.number)
        assert row is not None
        assert (row["acknowledged_at"], row["status"]) == (NOW, "acknowledged")
        assert incidents.overdue(connection, NOW + timedelta(days=1)) == 0


def test_incidents_are_found_by_number_only_in_contracts_of_the_writer(store: Store) -> None:
    with store.begin() as connection:
        ours, others = rows.contract(connection, "A-1"), rows.contract(connection, "B-1")
        found = rows.incident(connection, ours, "x")
        assert incidents.by_numbers(connection, [found.number], [ours.contract]) == [found]
        assert incidents.by_numbers(connection, [found.number], [others.contract]) == []
        assert incidents.by_subject(connection, [ours.asker], "question", NOW) == found
        assert incidents.by_subject(connection, [others.asker], "question", NOW) is None
        assert incidents.by_subject(connection, [ours.asker], "question", NOW + timedelta(seconds=1)) is None


def test_a_ghost_stays_a_ghost_and_a_message_a_message(store: Store) -> None:
    with store.begin() as connection:
        found = rows.incident(connection, rows.contract(connection, "A-1"), "x")
        incidents.refer(connection, found, seen=["seen@x"], ghosts=["ghost@x"])
        incidents.refer(connection, found, seen=[], ghosts=["seen@x"])
        known = {each: ghost for each, ghost, _ in incidents.by_references(connection, ["seen@x", "ghost@x", "no@x"])}
    assert known == {"seen@x": False, "ghost@x": True}


def test_a_ghost_that_came_is_one_no_longer(store: Store) -> None:
    with store.begin() as connection:
        found = rows.incident(connection, rows.contract(connection, "A-1"), "x")
        incidents.refer(connection, found, seen=[], ghosts=["late@x"])
        incidents.refer(connection, found, seen=["late@x"], ghosts=[])
        assert [ghost for _, ghost, _ in incidents.by_references(connection, ["late@x"])] == [False]


def test_staff_come_and_go(store: Store) -> None:
    with store.begin() as connection:
        contracts.add_staff(connection, name="S", address="s@example.com", language="en", now=NOW)
        assert [each.address for each in contracts.all_staff(connection)] == ["s@example.com"]
        assert contracts.remove_staff(connection, "s@example.com", NOW)
        assert not contracts.remove_staff(connection, "s@example.com", NOW)


def test_the_journal_keeps_its_order(store: Store) -> None:
    with store.begin() as connection:
        journal.write(connection, [])
        journal.write(connection, [Entry(NOW, "inbound:1", what, "why") for what in ("kept", "held", "retried")])
        journal.write(connection, [Entry(NOW, "inbound:11", "kept", "another")])
        assert [row["what"] for row in journal.about(connection, "inbound:1")] == ["kept", "held", "retried"]
