"""Are requests kept whole, and decided by one alone?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from mailbot.desk.changes import Doing, MachineStep, PersonStep, Role, Step
from mailbot.desk.contract import Equipment
from mailbot.mail.message import Mailbox, Trust
from mailbot.store import changes
from mailbot.store.changes import NewChange
from mailbot.store.engine import Connection, Store
from tests.store import rows
from tests.store.rows import NOW

STEPS: tuple[Step, ...] = (
    PersonStep(
        Role.ASKER, Doing.REPLACE, Mailbox("山田", "y@a.example"), Mailbox("鈴木", "s@a.example"), "山田から鈴木に"
    ),
    MachineStep(Doing.ADD, None, Equipment("db1", "RHEL 9.4", "pgpool-II 4.5"), "db1"),
)


def put(connection: Connection, owner: rows.Registered, words: str, *, steps: tuple[Step, ...] = STEPS) -> int:
    inbound_id = rows.kept(connection, words)
    new = NewChange(owner.contract, inbound_id, "y@a.example", NOW, steps, "ja", Trust.PLAUSIBLE, "変更", "本文" * 99)
    return changes.put(connection, new)


def test_a_request_comes_back_as_it_was_kept(store: Store) -> None:
    with store.begin() as connection:
        change_id = put(connection, rows.contract(connection, "C-1"), "one")
    with store.read() as connection:
        found = changes.by_id(connection, change_id)
        assert found is not None
        assert (found.number, found.contract, found.steps, found.trust, found.text) == (
            f"CHG-{change_id}", "C-1", STEPS, Trust.PLAUSIBLE, "本文" * 99,
        )  # fmt: skip
        assert (found.asked_at, found.state, found.decided_by) == (NOW, "waiting", None)
        assert changes.by_id(connection, change_id + 1) is None


def test_requests_are_found_by_contract_and_writer(store: Store) -> None:
    with store.begin() as connection:
        one, two = rows.contract(connection, "C-1"), rows.contract(connection, "C-2")
        first, second = put(connection, one, "one"), put(connection, one, "two", steps=())
        third = put(connection, two, "three")
        assert changes.settle(connection, first, approved=True, by="Sato", now=NOW)
    with store.read() as connection:
        assert [each.id for each in changes.waiting_of(connection, one.contract, "y@a.example")] == [second]
        assert changes.waiting_of(connection, one.contract, "x@a.example") == []
        assert [each.id for each in changes.waiting(connection)] == [second, third]
        assert [each.id for each in changes.listed(connection, states=(), limit=2)] == [third, second]
        assert [each.id for each in changes.listed(connection, states=("approved",), limit=9)] == [first]
        assert changes.counts(connection) == {"approved": 1, "waiting": 2}
        assert changes.oldest_waiting(connection) == NOW


def test_only_one_decides(store: Store) -> None:
    with store.begin() as connection:
        change_id = put(connection, rows.contract(connection, "C-1"), "one")
    barrier = Barrier(2)

    def decide(by: str) -> bool:
        barrier.wait()
        with store.begin() as connection:
            return changes.settle(connection, change_id, approved=True, by=by, now=NOW)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, ["Sato", "Ito"])) == [False, True]
