"""How does each route fare? A row is written only when that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.desk.routes import Health, Route, Tried, after
from mailbot.store.schema import route


def note(connection: Connection, tried: Sequence[Tried], now: datetime) -> None:
    """Write down how these tries, in their order, went; they cost a write only when a route changes."""
    if not tried:
        return
    known = {health.route: health for health in every(connection)}
    for name in dict.fromkeys(each.route for each in tried):
        before = known.get(name, Health(name))
        changed = after(before, [each for each in tried if each.route == name], now)
        if changed != before:
            keep(connection, changed)


def every(connection: Connection) -> list[Health]:
    """Give the routes that were ever tried, by name."""
    return [
        Health(cast(Route, row.name), row.last_ok_at, row.failing_since, row.failed_at, row.error, row.told_at)
        for row in connection.execute(select(route).order_by(route.c.name))
    ]


def keep(connection: Connection, health: Health) -> None:
    """Write down how a route fares."""
    values = asdict(health)
    values["name"] = values.pop("route")
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    changes = {name: value for name, value in values.items() if name != "name"}
    connection.execute(insert(route).values(values).on_conflict_do_update(index_elements=["name"], set_=changes))
