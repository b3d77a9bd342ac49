"""Who is still to be called for an urgent incident, and who was called? (S21, S27)

What a tick and an answer change at the same moment is changed by one of them: each step names the call that it follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.desk.incident import Incident
from mailbot.store.schema import escalation, outbox

CALL = "call"
"""The kind of the letters by which people are called."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """How far people were called for an incident. `rung` is the number of the last call, -1 before the first.

    `next_at` is None when nobody is called any more: `claimed_by` somebody, called off, or called in vain.
    """

    incident_id: int
    contract_id: int
    ladder: str
    rung: int
    started_at: datetime
    next_at: datetime | None
    claimed_at: datetime | None
    claimed_by: int | None


def start(connection: Connection, found: Incident, ladder: str, now: datetime, *, next_at: datetime) -> None:
    """Begin to call at that moment; anew where it was called off before."""
    fresh = {
        "ladder": ladder,
        "rung": -1,
        "started_at": now,
        "next_at": next_at,
        "claimed_at": None,
        "claimed_by": None,
    }
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    new = insert(escalation).values(incident_id=found.id, contract_id=found.contract_id, **fresh)
    connection.execute(new.on_conflict_do_update(index_elements=["incident_id"], set_=fresh))


def of(connection: Connection, incident_id: int) -> Escalation | None:
    """Give how far people were called for this incident; None when nobody ever was to be."""
    row = connection.execute(select(escalation).where(escalation.c.incident_id == incident_id)).one_or_none()
    return None if row is None else _escalation(row)


def due(connection: Connection, now: datetime) -> list[Escalation]:
    """Give those where somebody is to be called now, the longest waiting first."""
    return [_escalation(row) for row in connection.execute(_DUE, {"now": now})]


_DUE = select(escalation).where(escalation.c.next_at <= bindparam("now")).order_by(escalation.c.next_at)


def _escalation(row: Row[*tuple[object, ...]]) -> Escalation:
    return Escalation(
        row.incident_id,
        row.contract_id,
        row.ladder,
        row.rung,
        row.started_at,
        row.next_at,
        row.claimed_at,
        row.claimed_by,
    )


def advance(connection: Connection, former: Escalation, ladder: str, rung: int, *, next_at: datetime | None) -> bool:
    """Write down the next call; false when somebody else has called, claimed or called off meanwhile."""
    done = connection.execute(
        update(escalation)
        .where(
            escalation.c.incident_id == former.incident_id,
            escalation.c.ladder == former.ladder,
            escalation.c.rung == former.rung,
            escalation.c.started_at == former.started_at,
            escalation.c.next_at.is_not(None),
        )
        .values(ladder=ladder, rung=rung, next_at=next_at)
    )
    return done.rowcount == 1


def claim(connection: Connection, incident_id: int, person_id: int, now: datetime) -> None:
    """Write down who has taken the incident: nobody is called for it any more."""
    connection.execute(
        update(escalation)
        .where(escalation.c.incident_id == incident_id, escalation.c.claimed_at.is_(None))
        .values(claimed_at=now, claimed_by=person_id, next_at=None)
    )


def stop(connection: Connection, incident_id: int) -> bool:
    """Call nobody any more; false when nobody was to be called."""
    done = connection.execute(
        update(escalation)
        .where(escalation.c.incident_id == incident_id, escalation.c.next_at.is_not(None))
        .values(next_at=None)
    )
    return done.rowcount == 1


def called(connection: Connection, incident_id: int) -> Sequence[str]:
    """Give the addresses of those who were called for this incident, whoever they are by now."""
    return list(connection.execute(_CALLED, {"incident": incident_id}).scalars())


_CALLED = (
    select(outbox.c.recipient)
    .where(outbox.c.incident_id == bindparam("incident"), outbox.c.kind == CALL)
    .distinct()
    .order_by(outbox.c.recipient)
)
