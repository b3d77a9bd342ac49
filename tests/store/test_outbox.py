"""Does every mail leave through one pair of hands at a time, and who may say what became of it?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from mailbot.store import outbox
from mailbot.store.engine import Store, connect, open_store
from mailbot.store.outbox import BULLETIN, Claimed, Room, Settled
from mailbot.store.schema import outbox as outbox_table
from tests.store import rows
from tests.store.postgresql import Cluster
from tests.store.rows import NOW

LEASE = timedelta(seconds=60)
LATER = NOW + timedelta(seconds=61)


def claim(store: Store, *, now: datetime = NOW, owner: str = "one", limit: int = 9) -> list[Claimed]:
    with store.begin() as connection:
        return outbox.claim(connection, owner=owner, room=Room("first", limit, limit), now=now, lease=LEASE)


def put(store: Store, *keys: str, **more: object) -> None:
    with store.begin() as connection:
        outbox.put(connection, [rows.letter(key, **more) for key in keys], NOW)  # type: ignore[arg-type]


def settle(store: Store, letter: Claimed, state: str = "sent", *, again: datetime = NOW) -> bool:
    with store.begin() as connection:
        return outbox.settle(connection, Settled(letter.id, letter.fence, state, "250 ok", NOW, again))


def run_out(store: Store) -> None:
    """A minute goes by for the leases, whoever's clock counts them."""
    with store.begin() as connection:
        for number, until in connection.execute(select(outbox_table.c.id, outbox_table.c.lease_until)).all():
            passed = update(outbox_table).where(outbox_table.c.id == number).values(lease_until=until - (LATER - NOW))
            connection.execute(passed)


def state(store: Store, number: int = 1) -> str:
    with store.read() as connection:
        row = outbox.by_id(connection, number)
    assert row is not None
    return str(row["state"])


def test_a_key_is_queued_once(store: Store) -> None:
    put(store, "ack:1")
    with store.begin() as connection:
        outbox.put(connection, [rows.letter("ack:1"), rows.letter("ack:1"), rows.letter("ack:2")], NOW)
        assert outbox.counts(connection) == {"ready": 2}


def test_the_same_key_from_many_threads_is_one_mail(store: Store) -> None:
    barrier = Barrier(4)

    def one(_: int) -> None:
        barrier.wait(30)
        with store.begin() as connection:
            outbox.put(connection, [rows.letter("ack:1")], NOW)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one, range(4)))
    with store.read() as connection:
        assert outbox.counts(connection) == {"ready": 1}


def test_a_claimed_mail_is_nobody_elses(store: Store) -> None:
    put(store, "a", "b")
    assert [letter.key for letter in claim(store)] == ["a", "b"]
    assert claim(store, owner="two") == []


def test_acknowledgements_overtake_bulletins(store: Store) -> None:
    put(store, "bulletin", priority=BULLETIN)
    put(store, "ack")
    assert [letter.key for letter in claim(store, limit=1)] == ["ack"]


def test_what_is_not_due_waits(store: Store) -> None:
    put(store, "a")
    (letter,) = claim(store)
    assert settle(store, letter, "ready", again=LATER)
    assert claim(store) == []
    (again,) = claim(store, now=LATER)
    assert (again.attempts, again.fence) == (2, letter.fence + 1)


def test_a_mail_whose_lease_ran_out_is_in_doubt_and_goes_again_when_it_may(store: Store) -> None:
    put(store, "may", resend=True)
    put(store, "may-not", resend=False)
    assert len(claim(store)) == 2
    run_out(store)
    again = claim(store, owner="two")
    assert [letter.key for letter in again] == ["may"]
    assert state(store, 2) == "in_doubt"


def test_the_leases_of_the_other_way_are_its_own_dispatchers(store: Store) -> None:
    put(store, "alarm", way="second")
    second = Room("second", 9, 9)
    with store.begin() as connection:
        assert len(outbox.claim(connection, owner="one", room=second, now=NOW, lease=LEASE)) == 1
    run_out(store)
    assert claim(store) == []
    assert state(store) == "claimed"
    with store.begin() as connection:
        assert len(outbox.claim(connection, owner="two", room=second, now=NOW, lease=LEASE)) == 1


def test_who_lost_the_lease_has_no_say(store: Store) -> None:
    put(store, "a")
    (former,) = claim(store)
    run_out(store)
    (letter,) = claim(store, owner="two")
    assert not settle(store, former)
    assert state(store) == "claimed"
    assert settle(store, letter)
    assert state(store) == "sent"


def test_who_lost_the_lease_has_no_say_before_anybody_else_took_the_mail_either(store: Store) -> None:
    put(store, "a", resend=False)
    (former,) = claim(store)
    run_out(store)
    claim(store)
    assert not settle(store, former)
    assert state(store) == "in_doubt"


def test_a_mail_is_settled_once(store: Store) -> None:
    put(store, "a")
    (letter,) = claim(store)
    assert settle(store, letter)
    assert not settle(store, letter, "failed")
    assert claim(store, now=LATER) == []


def test_a_kept_lease_does_not_run_out(store: Store) -> None:
    put(store, "a")
    (letter,) = claim(store)
    run_out(store)
    with store.begin() as connection:
        outbox.extend(connection, {letter.id: letter.fence}, now=NOW, lease=LEASE)
        outbox.extend(connection, {letter.id: letter.fence - 1}, now=NOW, lease=-LEASE)
        outbox.extend(connection, {}, now=NOW, lease=-LEASE)
    assert claim(store, owner="two") == []
    assert settle(store, letter)


def test_what_a_dead_daemon_had_in_hand_is_in_doubt_at_the_next_start(store: Store) -> None:
    put(store, "a")
    (former,) = claim(store)
    with store.begin() as connection:
        assert outbox.abandon(connection, NOW) == 1
    assert not settle(store, former)
    assert [letter.message_id for letter in claim(store)] == [former.message_id]


@pytest.mark.parametrize(
    ("became", "retried"), [("failed", True), ("in_doubt", True), ("ready", True), ("sent", False), ("claimed", False)]
)
def test_retry_by_hand(store: Store, became: str, retried: bool) -> None:
    put(store, "a", resend=False)
    (letter,) = claim(store)
    if became != "claimed":
        assert settle(store, letter, became, again=LATER)
    with store.begin() as connection:
        assert outbox.retry(connection, letter.id, NOW) == retried
        assert not outbox.retry(connection, letter.id + 1, NOW)
    assert bool(claim(store)) == retried


def test_two_claimers_at_once_share_the_work(url: str) -> None:
    one, two = connect(url), connect(url)
    try:
        put(one, *(f"letter-{number}" for number in range(40)))
        barrier = Barrier(2)

        def take(store: Store) -> list[str]:
            taken: list[str] = []
            barrier.wait(30)
            while letters := claim(store, limit=3):
                taken += [letter.key for letter in letters]
            return taken

        with ThreadPoolExecutor(2) as threads:
            first, second = threads.map(take, (one, two))
        assert sorted(first + second) == sorted(f"letter-{number}" for number in range(40))
    finally:
        one.close()
        two.close()


@pytest.mark.real
def test_postgresql_claimers_do_not_wait_for_each_other(postgresql_url: str) -> None:
    store = connect(postgresql_url)
    put(store, *(f"letter-{number}" for number in range(6)))
    with store.begin() as one:
        held = outbox.claim(one, owner="one", room=Room("first", 3, 3), now=NOW, lease=LEASE)
        with store.begin() as two:  # the first transaction is still open, its rows are locked
            others = outbox.claim(two, owner="two", room=Room("first", 9, 9), now=NOW, lease=LEASE)
    assert len(held) == len(others) == 3
    assert not {letter.key for letter in held} & {letter.key for letter in others}
    store.close()


def test_what_is_told_of_a_mail(store: Store) -> None:
    with store.begin() as connection:
        found = rows.incident(connection, rows.contract(connection, "A-1"), "first")
        outbox.put(connection, [rows.letter("a", found=found)], NOW)
        row = outbox.by_message_id(connection, "a@example.com")
        assert row is not None
        assert row["incident"] == found.number
        assert outbox.by_id(connection, row["id"]) == row
        assert outbox.listed(connection, states=["ready"], limit=9) == [row]
        assert outbox.listed(connection, states=["sent"], limit=9) == []
        assert outbox.oldest_due(connection) == NOW
        assert outbox.caused_by(connection, 4711) == []
        assert outbox.raw(connection, row["id"]) == rows.letter("a").raw


def test_daemons_whose_clocks_disagree_leave_each_other_their_letters(cluster: Cluster) -> None:
    with closing(open_store(cluster.desk())) as store:
        put(store, "a")
        (letter,) = claim(store, owner="right")
        for wrong in (NOW + timedelta(days=365), NOW - timedelta(days=365)):
            assert claim(store, owner="wrong", now=wrong) == []
        assert settle(store, letter)
