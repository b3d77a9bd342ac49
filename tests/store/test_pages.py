"""Pages: one of a kind, one pair of hands, at least once; and routes, written only when they change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import event

from mailbot.desk.routes import Health, PageRoute, Tried
from mailbot.store import outbox, pages, routes
from mailbot.store.engine import Store
from mailbot.store.outbox import ACKNOWLEDGEMENT, BULLETIN, STAFF, URGENT, Room
from mailbot.store.pages import Claimed, Settled
from tests.store import rows
from tests.store.rows import NOW

LEASE = timedelta(seconds=40)
BODY = {"kind": "relay", "text": "第 1 リレー", "facts": {"route": "first"}}


def put(store: Store, key: str = "late:1:50", *names: PageRoute) -> None:
    with store.begin() as connection:
        pages.put(connection, key, names or ("command", "webhook"), BODY, NOW)


def claim(store: Store, route: PageRoute = "command", now: datetime = NOW, limit: int = 9) -> list[Claimed]:
    with store.begin() as connection:
        assert pages.due(connection, route, now) or limit
        return pages.claim(connection, route, limit=limit, now=now, lease=LEASE)


def settle(store: Store, page: Claimed, state: Literal["ready", "sent", "failed"], now: datetime = NOW) -> bool:
    with store.begin() as connection:
        return pages.settle(connection, Settled(page, state, "said", now if state == "sent" else None, now))


def counts(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return pages.counts(connection)


def test_an_alarm_is_one_page_for_each_route(store: Store) -> None:
    put(store)
    put(store)
    (command,), (webhook,) = claim(store), claim(store, "webhook")
    assert (command.route, webhook.route) == ("command", "webhook")
    assert command.body == webhook.body == BODY
    assert (command.key, command.attempts) == ("late:1:50:command", 1)
    assert counts(store) == {"claimed": 2}


def test_no_route_no_page(store: Store) -> None:
    with store.begin() as connection:
        pages.put(connection, "late:1:50", (), BODY, NOW)
    assert counts(store) == {}


def test_what_its_holder_left_lying_comes_again_and_he_may_say_nothing_any_more(store: Store) -> None:
    put(store, "a", "command")
    (lost,) = claim(store)
    assert claim(store, now=NOW + LEASE - timedelta(seconds=1)) == []
    (again,) = claim(store, now=NOW + LEASE)
    assert (again.id, again.attempts) == (lost.id, 2)
    assert not settle(store, lost, "failed")
    assert settle(store, again, "sent")
    assert not settle(store, again, "failed")
    with store.read() as connection:
        (row,) = pages.fates(connection, "a")
        assert (row["state"], row["answer"], pages.last_failed(connection)) == ("sent", "said", None)


def test_a_failed_page_is_seen_and_never_taken_again(store: Store) -> None:
    put(store, "a", "webhook")
    (page,) = claim(store, "webhook")
    assert settle(store, page, "failed")
    assert claim(store, "webhook", NOW + timedelta(days=1)) == []
    with store.read() as connection:
        assert (pages.counts(connection), pages.last_failed(connection)) == ({"failed": 1}, NOW)
        assert not pages.due(connection, "webhook", NOW + timedelta(days=1))


def test_the_oldest_come_first(store: Store) -> None:
    for key in ("a", "b", "c"):
        put(store, key, "command")
    (first,) = claim(store, limit=1)
    settle(store, first, "ready", NOW + timedelta(seconds=9))
    assert [page.key for page in claim(store, now=NOW + timedelta(seconds=9), limit=3)] == [
        "a:command",
        "b:command",
        "c:command",
    ]


# Routes.


def test_how_routes_fare_is_written_only_when_it_changes(store: Store) -> None:
    writes: list[str] = []

    def seen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE")):
            writes.append(statement)

    event.listen(store.engine, "before_cursor_execute", seen)
    try:
        for second in range(59):
            with store.begin() as connection:
                at = NOW + timedelta(seconds=second)
                routes.note(connection, [Tried("first"), Tried("second", "refused"), Tried("first")], at)
    finally:
        event.remove(store.engine, "before_cursor_execute", seen)
    assert len(writes) == 22  # the second one is written until 20 seconds of failures make it an outage
    with store.read() as connection:
        assert routes.every(connection) == [
            Health("first", NOW),
            Health("second", None, NOW, NOW + timedelta(seconds=20), "refused"),
        ]


def test_a_recovery_is_noted(store: Store) -> None:
    for tried in (Tried("first", "refused"), Tried("first")):
        with store.begin() as connection:
            routes.note(connection, [tried], NOW)
    with store.begin() as connection:
        routes.note(connection, [], NOW)
        assert routes.every(connection) == [Health("first", NOW)]


# Which letters are claimed where there is room.


def test_each_way_has_its_own_letters_and_those_that_may_wait_their_own_room(store: Store) -> None:
    with store.begin() as connection:
        for key, priority, way in (
            ("b1", BULLETIN, "first"),
            ("b2", BULLETIN, "first"),
            ("s1", STAFF, "first"),
            ("ack1", ACKNOWLEDGEMENT, "first"),
            ("ack2", ACKNOWLEDGEMENT, "first"),
            ("urgent", URGENT, "first"),
            ("alarm", URGENT, "second"),
        ):
            outbox.put(connection, [rows.letter(key, priority=priority, way=way)], NOW)

    def taken(room: Room) -> set[str]:
        with store.begin() as connection:
            found = outbox.claim(connection, owner="one", room=room, now=NOW, lease=LEASE)
        assert [each.pressing for each in found] == [each.priority <= ACKNOWLEDGEMENT for each in found]
        return {each.key for each in found}

    assert taken(Room("second", 4, 4)) == {"alarm"}
    assert taken(Room("first", 1, 1)) == {"urgent"}
    assert taken(Room("first", 4, 0)) == {"ack1", "ack2"}
    assert taken(Room("first", 4, 0)) == set()
    assert taken(Room("first", 4, 1)) == {"s1"}
    assert taken(Room("first", 1, 4)) <= {"b1", "b2"}
    assert len(taken(Room("first", 4, 4))) == 1
