"""What did people do to an incident, when? For its clocks, and for those who look back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from mailbot.store.schema import incident_event


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done. `by` is an address of those who answer, or "rules"."""

    id: int
    at: datetime
    what: str
    by: str
    detail: str


def put(
    connection: Connection, incident_id: int, contract_id: int, at: datetime, what: str, by: str, detail: str
) -> int:
    """Write it down; give its id."""
    values = {
        "incident_id": incident_id,
        "contract_id": contract_id,
        "at": at,
        "what": what,
        "by": by,
        "detail": detail,
    }
    return int(connection.execute(insert(incident_event).values(values).returning(incident_event.c.id)).scalar_one())


def of(connection: Connection, incident_id: int) -> list[Event]:
    """Give all that was done to an incident, in order."""
    rows = connection.execute(
        select(incident_event).where(incident_event.c.incident_id == incident_id).order_by(incident_event.c.id)
    )
    return [Event(row.id, row.at, row.what, row.by, row.detail) for row in rows]
