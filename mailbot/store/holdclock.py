"""When must people hear of a held mail: staff, that nobody has decided about it, and its writer, that it is here?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, bindparam, func, literal, or_, select, update

from mailbot.store.holds import Held, as_held, held_in
from mailbot.store.schema import hold, inbound


@dataclass(frozen=True, slots=True)
class Alarmed:
    """Of how much of a held mail's window staff know now, in per cent, and when they hear of it next."""

    inbound_id: int
    percent: int
    next_at: datetime | None


def waits_for_alarm(connection: Connection, now: datetime) -> bool:
    """Say whether there may be a held mail of which staff must be alarmed now."""
    return connection.execute(_ALARM_DUE, {"now": now}).first() is not None


_ALARM_DUE = select(literal(1)).where(hold.c.alarm_at.is_not(None), hold.c.alarm_at <= bindparam("now")).limit(1)


def _with_clock() -> Select[*tuple[object, ...]]:
    """Held mails, found by their clock; no other daemon gets these until the transaction ends."""
    clocked = hold.join(inbound, inbound.c.id == hold.c.inbound_id)
    return held_in(clocked).with_for_update(of=hold, skip_locked=True)


def alarming(connection: Connection, now: datetime) -> list[Held]:
    """Give the held mails of which staff must be alarmed now: their next alarm is due."""
    query = _with_clock().where(hold.c.alarm_at.is_not(None), hold.c.alarm_at <= now)
    return [as_held(row) for row in connection.execute(query)]


def last_alarm(connection: Connection) -> datetime | None:
    """Say when staff were last alarmed about a mail that is still held."""
    query = select(func.max(hold.c.alarmed_at)).select_from(hold.join(inbound)).where(inbound.c.state == "held")
    return connection.execute(query).scalar_one_or_none()


def mark_alarmed(connection: Connection, alarmed: Sequence[Alarmed], now: datetime) -> None:
    """Remember what staff know of these mails since now."""
    rows = [{"row": each.inbound_id, "percent": each.percent, "next": each.next_at, "now": now} for each in alarmed]
    if rows:
        connection.execute(_ALARMED, rows)


_ALARMED = (
    update(hold)
    .where(hold.c.inbound_id == bindparam("row"))
    .values(alarmed=bindparam("percent"), alarm_at=bindparam("next"), alarmed_at=bindparam("now"))
)


def waits_for_neutral(connection: Connection, now: datetime) -> bool:
    """Say whether there may be a held mail whose writer is to be told now that it is here."""
    return connection.execute(_NEUTRAL_DUE, {"now": now}).first() is not None


_NEUTRAL_DUE = select(literal(1)).where(hold.c.neutral_at.is_not(None), hold.c.neutral_at <= bindparam("now")).limit(1)


def for_neutral(connection: Connection, now: datetime, *, limit: int) -> list[Held]:
    """Give held mails whose writers are to be told now that they are here, oldest first."""
    query = _with_clock().where(hold.c.neutral_at.is_not(None), hold.c.neutral_at <= now).limit(limit)
    return [as_held(row) for row in connection.execute(query)]


def set_neutral(connection: Connection, following: Mapping[int, datetime | None]) -> None:
    """Write down when the writers of these mails are told; None: they were, or are not to be."""
    if following:
        connection.execute(_SET_NEUTRAL, [{"row": row, "next": at} for row, at in following.items()])


_SET_NEUTRAL = update(hold).where(hold.c.inbound_id == bindparam("row")).values(neutral_at=bindparam("next"))


def late(connection: Connection, now: datetime) -> int:
    """Count the held mails whose window is half over, or more."""
    query = (
        select(func.count())
        .select_from(hold.join(inbound))
        .where(inbound.c.state == "held", or_(hold.c.alarmed > 0, hold.c.alarm_at <= now))
    )
    return int(connection.execute(query).scalar_one())
