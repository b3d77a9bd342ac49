"""How are many contracts written at once? A statement for each table, not for each contract."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert

from mailbot.desk.contract import Equipment, Term
from mailbot.desk.sale import NewAsker, Sale
from mailbot.mail.message import Mailbox
from mailbot.store.contracts import domain
from mailbot.store.schema import asker, contact, contract, equipment, term, welcome

_Row = dict[str, Any]


def put(connection: Connection, sales: Sequence[Sale], guided: Collection[str], now: datetime) -> dict[str, int]:
    """Write these contracts with all that belongs to them; give their ids by their numbers. The people of those whose
    numbers are `guided` wait for the guide (S22).
    """
    if not sales:
        return {}
    written = insert(contract).returning(contract.c.number, contract.c.id)
    rows = connection.execute(written, [_contract(sale, now) for sale in sales])
    ids = {row.number: row.id for row in rows}
    owned = [(ids[sale.number], sale) for sale in sales]
    _write(connection, term, [_term(owner, each) for owner, sale in owned for each in sale.terms])
    _write(connection, contact, [_contact(owner, each) for owner, sale in owned for each in sale.contacts])
    _write(connection, asker, [_asker(owner, each, now) for owner, sale in owned for each in sale.askers])
    _write(connection, equipment, [_equipment(owner, each, now) for owner, sale in owned for each in sale.equipment])
    _write(connection, welcome, [row for owner, sale in owned for row in _welcome(owner, sale, guided, now)])
    return ids


def _write(connection: Connection, table: Table, rows: list[_Row]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _contract(sale: Sale, now: datetime) -> _Row:
    return {
        "number": sale.number,
        "customer": sale.customer,
        "menu": sale.menu,
        "language": sale.language,
        "cluster": sale.cluster,
        "extra_askers": sale.extra_askers,
        "mailing_list_option": sale.mailing_list_option,
        "created_at": now,
        "cancelled_at": sale.cancelled_at,
        "trust": sale.trust,
        "timezone": sale.timezone,
    }


def _term(owner: int, each: Term) -> _Row:
    return {"contract_id": owner, "starts_on": each.starts_on, "ends_on": each.ends_on, "menu": each.menu}


def _contact(owner: int, box: Mailbox) -> _Row:
    return {"contract_id": owner, "name": box.name, "address": box.address, "domain": domain(box.address)}


def _asker(owner: int, each: NewAsker, now: datetime) -> _Row:
    return {
        "contract_id": owner,
        "kind": each.kind,
        "name": each.name,
        "address": each.address,
        "list_id": each.list_id,
        "registered_at": now,
        "domain": domain(each.address),
    }


def _equipment(owner: int, each: Equipment, now: datetime) -> _Row:
    return {
        "contract_id": owner,
        "host": each.host,
        "os": each.os,
        "versions": each.versions,
        "registered_at": now,
    }


def _welcome(owner: int, sale: Sale, guided: Collection[str], now: datetime) -> Iterator[_Row]:
    waits = sale.number in guided
    for address in sorted(sale.people):
        yield {
            "contract_id": owner,
            "address": address,
            "state": "waiting" if waits else "waived",
            "settled_at": None if waits else now,
        }
