"""Which alarms are to reach people by the operator's own command or webhook, and what became of each?

ready → claimed → sent | ready | failed. A page whose holder vanished is due again when its time is over: it may come
twice, and never not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import Connection, RowMapping, and_, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.desk.routes import PageRoute
from mailbot.store.schema import PAGE_WAITS, page


@dataclass(frozen=True, slots=True)
class Claimed:
    """A page that is ours to bring to its route; `attempts` counts this one too."""

    id: int
    key: str
    route: PageRoute
    body: Mapping[str, Any]
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claimed page."""

    page: Claimed
    state: Literal["ready", "sent", "failed"]
    answer: str
    sent_at: datetime | None
    next_attempt_at: datetime


def put(
    connection: Connection, key: str, routes: Sequence[PageRoute], body: Mapping[str, object], now: datetime
) -> None:
    """Queue an alarm for these routes; one whose key was queued before is left as it is."""
    if not routes:
        return
    rows = [
        {
            "key": f"{key}:{route}",
            "route": route,
            "created_at": now,
            "body": body,
            "state": "ready",
            "attempts": 0,
            "next_attempt_at": now,
        }
        for route in routes
    ]
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(insert(page).on_conflict_do_nothing(index_elements=["key"]), rows)


def due(connection: Connection, route: PageRoute, now: datetime) -> bool:
    """Say whether there is a page for this route to be taken."""
    return connection.execute(select(page.c.id).where(*_due(route, now)).limit(1)).first() is not None


def claim(connection: Connection, route: PageRoute, *, limit: int, now: datetime, lease: timedelta) -> list[Claimed]:
    """Take up to `limit` pages that are due, the oldest first, for the time of the lease."""
    wanted = select(page.c.id).where(*_due(route, now)).order_by(page.c.next_attempt_at).limit(limit)
    taken = connection.execute(
        update(page)
        .where(page.c.id.in_(wanted.with_for_update(skip_locked=True).scalar_subquery()))
        .values(state="claimed", attempts=page.c.attempts + 1, next_attempt_at=now + lease)
        .returning(page)
    )
    found = [
        Claimed(row.id, row.key, cast(PageRoute, row.route), row.body, row.attempts, row.created_at) for row in taken
    ]
    return sorted(found, key=lambda each: each.id)


def _due(route: PageRoute, now: datetime) -> tuple[Any, ...]:
    return (text(PAGE_WAITS), page.c.route == route, page.c.next_attempt_at <= now)


def settle(connection: Connection, settled: Settled) -> bool:
    """Write down what became of a page; false when it was taken again meanwhile."""
    held = and_(page.c.id == settled.page.id, page.c.state == "claimed", page.c.attempts == settled.page.attempts)
    done = connection.execute(
        update(page)
        .where(held)
        .values(
            state=settled.state,
            answer=settled.answer,
            sent_at=settled.sent_at,
            next_attempt_at=settled.next_attempt_at,
        )
    )
    return done.rowcount == 1


def counts(connection: Connection) -> dict[str, int]:
    """Count the pages by state."""
    return dict(connection.execute(select(page.c.state, func.count()).group_by(page.c.state)).all())


def fates(connection: Connection, key: str) -> list[RowMapping]:
    """Say what became of the pages of an alarm: route, state, attempts and answer."""
    query = select(page.c.route, page.c.state, page.c.attempts, page.c.answer)
    wanted = [f"{key}:command", f"{key}:webhook"]
    return list(connection.execute(query.where(page.c.key.in_(wanted)).order_by(page.c.id)).mappings())


def last_failed(connection: Connection) -> datetime | None:
    """Say when the newest of those pages was raised that nobody got."""
    return connection.execute(select(func.max(page.c.created_at)).where(page.c.state == "failed")).scalar_one_or_none()
