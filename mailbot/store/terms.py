"""Which terms has a contract, and is it to be renewed? (S7, S24)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from mailbot.desk.contract import Term
from mailbot.store.schema import contract, term


def add(connection: Connection, contract_id: int, terms: Sequence[Term]) -> None:
    """Write more terms of a contract."""
    if terms:
        rows = [
            {"contract_id": contract_id, "starts_on": each.starts_on, "ends_on": each.ends_on, "menu": each.menu}
            for each in terms
        ]
        connection.execute(insert(term), rows)


def sell(connection: Connection, contract_id: int, *, menu: str, before: str, from_day: date) -> None:
    """Sell another menu from this day on; terms that are over by then keep the one that they had."""
    mine = update(term).where(term.c.contract_id == contract_id)
    connection.execute(mine.where(term.c.ends_on < from_day, term.c.menu.is_(None)).values(menu=before))
    connection.execute(mine.where(term.c.ends_on >= from_day).values(menu=None))
    connection.execute(update(contract).where(contract.c.id == contract_id).values(menu=menu))


def set_cancelled(connection: Connection, contract_id: int, at: datetime | None) -> None:
    """Write down when it was told that the contract is not renewed; None: it is, after all."""
    connection.execute(update(contract).where(contract.c.id == contract_id).values(cancelled_at=at))


def change(connection: Connection, contract_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of a contract."""
    connection.execute(update(contract).where(contract.c.id == contract_id).values(dict(values)))


def by_contract(connection: Connection) -> dict[int, list[Term]]:
    """Give the terms of every contract."""
    found: dict[int, list[Term]] = {}
    for row in connection.execute(select(term).order_by(term.c.contract_id, term.c.starts_on)):
        found.setdefault(row.contract_id, []).append(Term(row.starts_on, row.ends_on, row.menu))
    return found
