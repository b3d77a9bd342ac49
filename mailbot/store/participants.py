"""Who was in To or Cc of an incident's mails, and whom has somebody admitted to it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.desk.incident import Incident
from mailbot.mail.message import Mailbox
from mailbot.store.schema import incident, participant


@dataclass(frozen=True, slots=True)
class Part:
    """That somebody takes part in an incident, in the contract of its asker."""

    incident_id: int
    asker_id: int
    admitted: bool


def see(connection: Connection, found: Incident, people: Sequence[Mailbox], now: datetime) -> None:
    """Remember who is in To and Cc; addresses are normalised. Nobody is admitted by that."""
    if people:
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(
            insert(participant).on_conflict_do_nothing(index_elements=["incident_id", "address"]),
            [
                {
                    "incident_id": found.id,
                    "contract_id": found.contract_id,
                    "name": person.name,
                    "address": person.address,
                    "seen_at": now,
                }
                for person in people
            ],
        )


def parts_of(connection: Connection, address: str, incident_ids: Sequence[int]) -> list[Part]:
    """Say in which of these incidents this address takes part."""
    rows = connection.execute(_PARTS, {"address": address, "ids": list(incident_ids)})
    return [Part(row.incident_id, row.asker_id, row.admitted_at is not None) for row in rows]


_PARTS = (
    select(participant.c.incident_id, incident.c.asker_id, participant.c.admitted_at)
    .join(incident, incident.c.id == participant.c.incident_id)
    .where(
        participant.c.address == bindparam("address"), participant.c.incident_id.in_(bindparam("ids", expanding=True))
    )
)


def admit(connection: Connection, incident_id: int, address: str, *, by: str, now: datetime) -> bool:
    """Let somebody in who was seen in this incident, and in no other; false when they were not seen."""
    done = connection.execute(
        update(participant)
        .where(participant.c.incident_id == incident_id, participant.c.address == address)
        .values(admitted_at=now, admitted_by=by)
    )
    return done.rowcount == 1


def listed(connection: Connection, incident_id: int) -> list[RowMapping]:
    """Give everybody who was seen in an incident, and who admitted whom."""
    columns = (
        participant.c.name,
        participant.c.address,
        participant.c.seen_at,
        participant.c.admitted_at,
        participant.c.admitted_by,
    )
    query = select(*columns).where(participant.c.incident_id == incident_id).order_by(participant.c.id)
    return list(connection.execute(query).mappings())
