"""What did people do to an incident, as far as its clocks are concerned?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select

from mailbot.store.schema import incident_event


def put(
    connection: Connection, incident_id: int, contract_id: int, at: datetime, what: str, by: str, detail: str
) -> None:
    """Write down what somebody did; `by` is an address, `detail` is for staff."""
    row = {
        "incident_id": incident_id,
        "contract_id": contract_id,
        "at": at,
        "what": what,
        "by": by,
        "detail": detail,
    }
    connection.execute(insert(incident_event), row)


def of(connection: Connection, incident_id: int) -> list[RowMapping]:
    """Give what happened to an incident, oldest first: at, what, by, detail."""
    columns = (incident_event.c.at, incident_event.c.what, incident_event.c.by, incident_event.c.detail)
    return list(
        connection.execute(
            select(*columns).where(incident_event.c.incident_id == incident_id).order_by(incident_event.c.id)
        ).mappings()
    )
