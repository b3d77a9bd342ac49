"""Which machines are registered for a contract? (S3, S25)"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from mailbot.desk.contract import Equipment
from mailbot.store.schema import equipment


def of(connection: Connection, contract_id: int) -> list[Equipment]:
    """Give the registered machines of a contract, in the order of registration."""
    query = select(equipment).where(equipment.c.contract_id == contract_id, equipment.c.removed_at.is_(None))
    return [Equipment(row.host, row.os, row.versions) for row in connection.execute(query.order_by(equipment.c.id))]


def add(connection: Connection, contract_id: int, machines: Sequence[Equipment], now: datetime) -> None:
    """Register more machines."""
    if machines:
        rows = [
            {"contract_id": contract_id, "host": e.host, "os": e.os, "versions": e.versions, "registered_at": now}
            for e in machines
        ]
        connection.execute(insert(equipment), rows)


def change(connection: Connection, contract_id: int, host: str, machine: Equipment) -> None:
    """Write what is true of a registered machine now; the journal holds what was before."""
    connection.execute(
        update(equipment)
        .where(equipment.c.contract_id == contract_id, equipment.c.host == host, equipment.c.removed_at.is_(None))
        .values(host=machine.host, os=machine.os, versions=machine.versions)
    )


def remove(connection: Connection, contract_id: int, host: str, now: datetime) -> None:
    """Strike a machine off; the row stays."""
    connection.execute(
        update(equipment)
        .where(equipment.c.contract_id == contract_id, equipment.c.host == host, equipment.c.removed_at.is_(None))
        .values(removed_at=now)
    )
