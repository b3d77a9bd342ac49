"""When did each daemon last live, and which of them have a clock that is in doubt? (promises, invariant 9)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.desk.pulse import LARGE, Reading
from mailbot.store.schema import pulse


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a daemon noted last. `ahead` is how far its clock is from the one that was believed; `suspended_at` and
    `why` are set while letters that a day causes wait.
    """

    daemon: str
    reading: Reading
    ahead: timedelta = timedelta(0)
    suspended_at: datetime | None = None
    why: str | None = None


def of(connection: Connection, daemon: str) -> Pulse | None:
    """Take what this daemon noted last, so that nobody else notes it at the same time; None when it never did."""
    row = connection.execute(select(pulse).where(pulse.c.daemon == daemon).with_for_update()).one_or_none()
    return None if row is None else _pulse(row)


def newest(connection: Connection) -> Pulse | None:
    """Give what any daemon noted last."""
    row = connection.execute(select(pulse).order_by(pulse.c.at.desc()).limit(1)).one_or_none()
    return None if row is None else _pulse(row)


def every(connection: Connection) -> list[Pulse]:
    """Give what each daemon noted last, the newest first."""
    return [_pulse(row) for row in connection.execute(select(pulse).order_by(pulse.c.at.desc()))]


def _pulse(row: Row[tuple[object, ...]]) -> Pulse:
    reading = Reading(row.at, row.since_boot, row.boot)
    return Pulse(row.daemon, reading, timedelta(seconds=row.ahead), row.suspended_at, row.why)


def in_doubt(connection: Connection, now: datetime) -> bool:
    """Say whether letters that a day causes must wait: a clock is in doubt, or `now` is not when any daemon lived, so
    that a jump was not looked at yet. Without a daemon there is no doubt.
    """
    known = connection.execute(select(pulse.c.at, pulse.c.suspended_at)).all()
    if any(row.suspended_at is not None for row in known):
        return True
    return bool(known) and all(abs(row.at - now) > LARGE for row in known)


def put(connection: Connection, noted: Pulse) -> None:
    """Note this in place of what the daemon noted before."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {
        "at": noted.reading.at,
        "since_boot": noted.reading.since_boot,
        "boot": noted.reading.boot,
        "ahead": noted.ahead.total_seconds(),
        "suspended_at": noted.suspended_at,
        "why": noted.why,
    }
    connection.execute(
        insert(pulse)
        .values(daemon=noted.daemon, **values)
        .on_conflict_do_update(index_elements=["daemon"], set_=values)
    )


def believe(connection: Connection) -> Sequence[str]:
    """Believe the clocks as they are; give the daemons whose letters waited for that."""
    waiting = connection.execute(select(pulse.c.daemon).where(pulse.c.suspended_at.is_not(None))).scalars().all()
    connection.execute(update(pulse).values(ahead=0.0, suspended_at=None, why=None))
    return waiting
