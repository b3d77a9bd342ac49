"""Is every mail kept once, whoever brings it and however often, and found again in the order of its arrival?"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from mailbot.mail.envelope import Envelope
from mailbot.store import holds, inbound
from mailbot.store.engine import Store
from mailbot.store.inbound import Outcome
from tests.store import rows
from tests.store.rows import NOW


def outcome(inbound_id: int, state: str = "held") -> Outcome:
    return Outcome(inbound_id, state, "hold", "stranger", [["who", "nobody"]], "a@example.jp", "Subject", "x@y")


def states(store: Store) -> Sequence[str]:
    with store.read() as connection:
        return [row["state"] for row in inbound.listed(connection, states=[], limit=99)][::-1]


def test_a_mail_is_kept_as_it_came(store: Store) -> None:
    raw = b"From: a\xff\r\n\r\n\x00\xff bytes\r\n"
    with store.begin() as connection:
        number = inbound.keep(connection, replace(rows.arrival("x"), raw=raw))
        assert number is not None
        assert inbound.raw(connection, number) == raw
        assert inbound.raw(connection, number + 1) is None


def test_what_is_not_committed_is_not_there(store: Store) -> None:
    def interrupted() -> None:
        with store.begin() as connection:
            rows.kept(connection, "x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert states(store) == []


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, False),
        ({"envelope": Envelope("lmtp", "other@example.jp", ("support@example.com",))}, False),
        ({"envelope": Envelope("smtp", "a@example.jp", ("staff@example.com",))}, True),
        ({"raw": rows.arrival("x").raw + b"more\r\n"}, True),
        ({"raw": b"Received: by another way\r\n" + rows.arrival("x").raw}, False),
        ({"raw": rows.arrival("x").raw.replace(b"\r\n", b"\n")}, False),
    ],
    ids=["the same", "another door", "another recipient", "another body", "another way", "other line ends"],
)
def test_the_same_mail_is_kept_once(store: Store, change: dict[str, object], kept: bool) -> None:
    with store.begin() as connection:
        inbound.keep(connection, rows.arrival("x"))
        again = inbound.keep(connection, replace(rows.arrival("x"), **change))  # type: ignore[arg-type]
    assert (again is not None) == kept
    assert len(states(store)) == 1 + kept


def test_fifty_at_once_are_one(store: Store) -> None:
    barrier = Barrier(10)

    def bring(number: int) -> int | None:
        if number < 10:
            barrier.wait(30)
        with store.begin() as connection:
            return inbound.keep(connection, rows.arrival("the same"))

    with ThreadPoolExecutor(10) as threads:
        kept = list(threads.map(bring, range(50)))
    assert len([number for number in kept if number is not None]) == 1
    assert states(store) == ["new"]


def test_fifty_different_ones_at_once_are_fifty(store: Store) -> None:
    def bring(number: int) -> int | None:
        with store.begin() as connection:
            return inbound.keep(connection, rows.arrival(f"number {number}"))

    with ThreadPoolExecutor(8) as threads:
        kept = list(threads.map(bring, range(50)))
    assert len({number for number in kept if number is not None}) == 50


def test_undecided_mails_come_in_their_order_within_bounds(store: Store) -> None:
    with store.begin() as connection:
        first, second, third = (rows.kept(connection, words) for words in ("one", "two", "three"))
        size = len(rows.arrival("one").raw)

        def ids(after: int = 0, limit: int = 9, max_bytes: int = 10**6) -> list[int]:
            return [mail.id for mail in inbound.waiting(connection, after=after, limit=limit, max_bytes=max_bytes)]

        assert ids() == [first, second, third]
        assert ids(after=first) == [second, third]
        assert ids(limit=2) == [first, second]
        assert ids(max_bytes=2 * size) == [first, second]
        assert ids(max_bytes=1) == [first], "one at least, or a large mail would wait for ever"
        inbound.settle(connection, [outcome(first, "done")])
        assert ids() == [second, third]


def test_a_mail_is_decided_once(store: Store) -> None:
    with store.begin() as connection:
        number = rows.kept(connection, "x")
        assert inbound.claim_processing(connection, [number]) == {number}
        inbound.settle(connection, [outcome(number)])
        assert inbound.claim_processing(connection, [number]) == set()
        assert not inbound.fail(connection, number, "late")


def test_what_became_of_a_mail_can_be_read(store: Store) -> None:
    with store.begin() as connection:
        number = rows.kept(connection, "x")
        inbound.settle(connection, [outcome(number)])
        by_id, by_message_id = inbound.find(connection, str(number)), inbound.find(connection, "<x@y>")
        assert by_id == by_message_id
        assert by_id[0]["evidence"] == [["who", "nobody"]]
        assert by_id[0]["attempts"] == 1
        assert inbound.find(connection, "9" * 30) == []
        assert inbound.counts(connection) == {"held": 1}
        assert inbound.oldest(connection, "held") == NOW
        assert inbound.oldest(connection, "new") is None


@pytest.mark.parametrize(("state", "retried"), [("held", True), ("failed", True), ("done", False), ("new", False)])
def test_only_what_was_set_aside_is_looked_at_again(store: Store, state: str, retried: bool) -> None:
    with store.begin() as connection:
        number = rows.kept(connection, "x")
        if state == "failed":
            assert inbound.fail(connection, number, "ValueError: x")
        elif state != "new":
            inbound.settle(connection, [outcome(number, state)])
        assert inbound.retry(connection, number) == retried
    assert states(store) == ["new" if retried else state]


def test_staff_are_told_once(store: Store) -> None:
    with store.begin() as connection:
        numbers = [rows.kept(connection, words) for words in ("one", "two")]
        inbound.settle(connection, [outcome(number) for number in numbers])
        assert inbound.last_told(connection) is None
        assert [held.id for held in holds.untold(connection)] == numbers
        inbound.mark_told(connection, numbers[:1], NOW)
        assert [held.id for held in holds.untold(connection)] == numbers[1:]
        assert inbound.last_told(connection) == NOW


def test_twins_are_found_by_their_content(store: Store) -> None:
    with store.begin() as connection:
        rows.kept(connection, "x")
        inbound.keep(connection, rows.arrival("x", to="staff@example.com"))
        prints = [mail.fingerprint for mail in inbound.waiting(connection, after=0, limit=9, max_bytes=10**6)]
        assert len(inbound.twins(connection, prints[:1])) == 2
