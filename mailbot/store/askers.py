"""Who is or was an asker of a contract, and which of their questions are open?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select, update

from mailbot.desk.incident import Status
from mailbot.store.schema import asker, incident


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """A question that is not closed."""

    id: int
    number: str
    subject: str


def history(connection: Connection, contract_id: int) -> list[RowMapping]:
    """Give everybody who was ever an asker of this contract, those removed among them: persons first, then lists."""
    columns = (
        asker.c.kind,
        asker.c.name,
        asker.c.address,
        asker.c.list_id,
        asker.c.registered_at.label("since"),
        asker.c.removed_at.label("until"),
    )
    query = select(*columns).where(asker.c.contract_id == contract_id).order_by(asker.c.kind.desc(), asker.c.id)
    return list(connection.execute(query).mappings())


def remove(connection: Connection, asker_id: int, now: datetime) -> None:
    """Strike an asker off; the row stays, for the questions that were asked."""
    connection.execute(update(asker).where(asker.c.id == asker_id).values(removed_at=now))


def open_incidents(connection: Connection, asker_id: int) -> list[OpenIncident]:
    """Give the questions of this asker that are not closed, oldest first."""
    columns = (incident.c.id, incident.c.number, incident.c.subject)
    query = select(*columns).where(incident.c.asker_id == asker_id, incident.c.status != Status.CLOSED)
    return [OpenIncident(*row) for row in connection.execute(query.order_by(incident.c.id))]


def hand_over(connection: Connection, asker_id: int, to: int) -> None:
    """Let another asker of the same contract go on with the questions that are not closed."""
    mine = update(incident).where(incident.c.asker_id == asker_id, incident.c.status != Status.CLOSED)
    connection.execute(mine.values(asker_id=to))
