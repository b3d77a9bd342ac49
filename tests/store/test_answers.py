"""Is what was promised of answers kept, and is every incident found whose reminder has come?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from mailbot.desk.contract import AnswerPromise, AnswerTargets
from mailbot.desk.incident import Incident, Status
from mailbot.store import answers, events, incidents
from mailbot.store.engine import Connection, Store
from tests.store import rows
from tests.store.rows import NOW, Registered

PROMISE = AnswerPromise(
    normal=AnswerTargets(480, None),
    urgent=AnswerTargets(120, 240),
    time="real",
    coverage="business",
    urgent_coverage="always",
    remind_at=(50, 80),
)
HOUR = timedelta(hours=1)


def promised(
    connection: Connection, owner: Registered, words: str, *, urgent: bool = False, hours: int = 1
) -> Incident:
    """An incident of which staff are reminded after so many hours."""
    new = replace(
        rows.new_incident(owner, rows.kept(connection, words)),
        answers=answers.written(PROMISE, urgent=urgent),
        answer_due_at=NOW + 2 * hours * HOUR,
        remind_at=NOW + hours * HOUR,
    )
    return incidents.open_incident(connection, new, year=2026)


def test_a_promise_is_kept_as_it_was(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1")
        normal, urgent = promised(connection, ours, "one"), promised(connection, ours, "two", urgent=True)
        without = rows.incident(connection, ours, "three")
    with store.read() as connection:
        found = [answers.clocked(connection, each.id, lock=False) for each in (normal, urgent, without)]
    assert [each.promise for each in found] == [PROMISE, PROMISE, None]
    assert [each.urgent for each in found] == [False, True, False]
    assert [(each.status, each.received_at, each.answered_at) for each in found] == [(Status.NEW, NOW, None)] * 3


def test_steps_and_clocks_are_written(store: Store) -> None:
    with store.begin() as connection:
        found = promised(connection, rows.contract(connection, "A-1"), "one")
        answers.step(connection, found.id, Status.WAITING, NOW + HOUR)
        answers.set_clock(connection, found.id, due_at=None, remind_at=None)
        row = incidents.shown(connection, found.number)
        assert row is not None
        assert (row["status"], row["answered_at"], row["answer_due_at"]) == ("waiting", NOW + HOUR, None)
        assert not answers.anything_to_remind(connection, NOW + 99 * HOUR)
        answers.set_clock(connection, found.id, due_at=NOW + 3 * HOUR, remind_at=NOW + 2 * HOUR)
        assert answers.anything_to_remind(connection, NOW + 2 * HOUR)
        answers.put_off(connection, found.id, NOW + 5 * HOUR)
        assert not answers.anything_to_remind(connection, NOW + 4 * HOUR)
        assert incidents.by_number(connection, found.number) == replace(found, status=Status.WAITING)
        assert incidents.by_number(connection, "INC-2026-999999") is None


def test_reminders_come_in_order_and_not_before_their_time(store: Store) -> None:
    with store.begin() as connection:
        ours, others = rows.contract(connection, "A-1"), rows.contract(connection, "B-1")
        late, soon = promised(connection, ours, "one", hours=3), promised(connection, others, "two", hours=1)
        rows.incident(connection, ours, "three")
        assert not answers.anything_to_remind(connection, NOW)
        (first,) = answers.to_remind(connection, NOW + HOUR, limit=9)
        assert (first.clocked.id, first.number, first.contract, first.asker_address, first.remind_at) == (
            soon.id,
            soon.number,
            "B-1",
            "b-1@example.jp",
            NOW + HOUR,
        )
        assert (first.clocked.promise, first.assignee_id, first.subject) == (PROMISE, None, "Question")
        found = [each.clocked.id for each in answers.to_remind(connection, NOW + 9 * HOUR, limit=9)]
        assert found == [soon.id, late.id]
        assert len(answers.to_remind(connection, NOW + 9 * HOUR, limit=1)) == 1


def test_two_daemons_remind_once(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1")
        for number in range(8):
            promised(connection, ours, f"mail {number}")

    def one(_: int) -> int:
        with store.begin() as connection:
            found = answers.to_remind(connection, NOW + HOUR, limit=3)
            for each in found:
                answers.put_off(connection, each.clocked.id, None)
            return len(found)

    with ThreadPoolExecutor(4) as threads:
        taken = sum(threads.map(one, range(40)))
    assert taken == 8


def test_what_was_done_stands_in_its_order(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1")
        found, other = rows.incident(connection, ours, "one"), rows.incident(connection, ours, "two")
        for incident, what in ((found, "waits"), (other, "taken"), (found, "customer-wrote")):
            events.put(connection, incident.id, incident.contract_id, NOW - len(what) * HOUR, what, "a@x", "")
        events.put(connection, found.id, found.contract_id, NOW, "answered", "s@x", "due")
        assert [(each.what, each.by, each.detail) for each in events.of(connection, found.id)] == [
            ("waits", "a@x", ""),
            ("customer-wrote", "a@x", ""),
            ("answered", "s@x", "due"),
        ]
