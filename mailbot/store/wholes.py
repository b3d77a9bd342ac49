"""What belongs to each contract, altogether? For those who read many at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from mailbot.desk.contract import Asker, AskerKind, Contract, Equipment
from mailbot.mail.message import Mailbox
from mailbot.store import contracts
from mailbot.store.schema import asker, contact, contract, equipment

_AT_ONCE = 500
_Row = Row[*tuple[Any, ...]]
_Rows = dict[int, list[_Row]]


@dataclass(frozen=True, slots=True)
class Whole:
    """A contract with all that is registered for it now."""

    contract: Contract
    askers: tuple[Asker, ...]
    contacts: tuple[Mailbox, ...]
    equipment: tuple[Equipment, ...]


def wholes(connection: Connection, number: str | None) -> Iterator[Whole]:
    """Give every contract, or the one of this number, in the order of numbers."""
    query = select(contract.c.id).order_by(contract.c.number)
    ids = list(connection.execute(query if number is None else query.where(contract.c.number == number)).scalars())
    for start in range(0, len(ids), _AT_ONCE):
        yield from _some(connection, ids[start : start + _AT_ONCE])


def _some(connection: Connection, ids: list[int]) -> Iterator[Whole]:
    found = contracts.by_ids(connection, ids)
    askers, contacts, machines = (_rows(connection, table, ids) for table in (asker, contact, equipment))
    for each in ids:
        yield Whole(
            found[each],
            tuple(_asker(row) for row in askers.get(each, ())),
            tuple(Mailbox(row.name, row.address) for row in contacts.get(each, ())),
            tuple(Equipment(row.host, row.os, row.versions) for row in machines.get(each, ())),
        )


def _rows(connection: Connection, table: Table, ids: list[int]) -> _Rows:
    query = select(table).where(table.c.contract_id.in_(ids)).order_by(table.c.id)
    if "removed_at" in table.c:
        query = query.where(table.c.removed_at.is_(None))
    found: _Rows = {}
    for row in connection.execute(query):
        found.setdefault(row.contract_id, []).append(row)
    return found


def _asker(row: _Row) -> Asker:
    return Asker(row.id, row.contract_id, AskerKind(row.kind), row.name, row.address, row.list_id)
