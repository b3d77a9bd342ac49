"""Who waits for the guide to a contract, and which terms are over without anybody having been told? (S22, S24)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, and_, bindparam, exists, func, literal, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.desk.contract import Term
from mailbot.desk.incident import Status
from mailbot.store.schema import CLOSING, GUIDE_WAITS, asker, contract, incident, outbox, term, welcome


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who waits for the guide to a contract; the address is normalised."""

    contract_id: int
    address: str


@dataclass(frozen=True, slots=True)
class PastTerm:
    """A term that is over, and what followed from that is not done yet."""

    id: int
    contract_id: int
    term: Term
    registered_at: datetime


def expect(connection: Connection, contract_id: int, address: str) -> None:
    """Let this person wait for the guide; whoever got it once under this contract does not get it again."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(welcome).values(contract_id=contract_id, address=address, state="waiting")
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["contract_id", "address"], set_={"state": "waiting"}, where=welcome.c.state == "waived"
        )
    )


def newcomers(connection: Connection, *, today: date, begun_by: date, limit: int) -> list[Newcomer]:
    """Take those who wait under a contract that began by `begun_by`, and of which a term holds today."""
    rows = connection.execute(_NEWCOMERS, {"today": today, "begun_by": begun_by, "n": limit})
    return [Newcomer(row.contract_id, row.address) for row in rows]


_MINE = term.c.contract_id == welcome.c.contract_id
_FIRST_DAY = select(func.min(term.c.starts_on)).where(_MINE).scalar_subquery()
_NEWCOMERS = (
    select(welcome.c.contract_id, welcome.c.address)
    .where(
        text(GUIDE_WAITS),
        bindparam("begun_by") >= _FIRST_DAY,
        exists().where(_MINE, term.c.starts_on <= bindparam("today"), term.c.ends_on >= bindparam("today")),
    )
    .order_by(welcome.c.contract_id, welcome.c.address)
    .limit(bindparam("n"))
    .with_for_update(skip_locked=True)
)


def settle(connection: Connection, newcomer: Newcomer, *, sent: bool, now: datetime) -> None:
    """Write down that the guide is on its way, or that there is nobody any more to whom it could go."""
    connection.execute(
        update(welcome)
        .where(welcome.c.contract_id == newcomer.contract_id, welcome.c.address == newcomer.address)
        .values(state="sent" if sent else "waived", settled_at=now)
    )


def guide_key(contract_id: int, address: str) -> str:
    """Give the idempotency key of a guide: once ever for a contract and address."""
    return f"{_guide_keys(contract_id)}{address}"


def _guide_keys(contract_id: int) -> str:
    return f"welcome:{contract_id}:"


def guides(connection: Connection, contract_id: int) -> list[RowMapping]:
    """Give what became of the guides of a contract: address, state (waiting, waived, or the outbox's) and sent_at."""
    state = func.coalesce(outbox.c.state, welcome.c.state).label("state")
    key = literal(_guide_keys(contract_id)).concat(welcome.c.address)
    query = (
        select(welcome.c.address, state, outbox.c.sent_at)
        .select_from(welcome.outerjoin(outbox, outbox.c.key == key))
        .where(welcome.c.contract_id == contract_id)
        .order_by(welcome.c.address)
    )
    return list(connection.execute(query).mappings())


def past_terms(connection: Connection, *, ended_before: date, limit: int) -> list[PastTerm]:
    """Take the terms whose last day is before that day, and of whose end nothing was made yet; oldest first."""
    rows = connection.execute(_PAST, {"ended_before": ended_before, "n": limit})
    return [PastTerm(row.id, row.contract_id, Term(row.starts_on, row.ends_on), row.created_at) for row in rows]


_PAST = (
    select(term.c.id, term.c.contract_id, term.c.starts_on, term.c.ends_on, contract.c.created_at)
    .join(contract, contract.c.id == term.c.contract_id)
    .where(text(CLOSING), term.c.ends_on < bindparam("ended_before"))
    .order_by(term.c.ends_on, term.c.id)
    .limit(bindparam("n"))
    .with_for_update(skip_locked=True, of=term)
)


def close(connection: Connection, term_ids: Sequence[int]) -> None:
    """Write down that all has been done that follows from these terms' last days, as they stand now."""
    connection.execute(update(term).where(term.c.id.in_(term_ids)).values(closed_on=term.c.ends_on))


def open_incidents(connection: Connection, contract_id: int) -> list[RowMapping]:
    """Give the incidents of a contract that are not closed, oldest first: number, status, subject, asker's name."""
    columns = (incident.c.number, incident.c.status, incident.c.subject, asker.c.name, asker.c.address)
    query = (
        select(*columns)
        .join(asker, and_(asker.c.id == incident.c.asker_id, asker.c.contract_id == incident.c.contract_id))
        .where(incident.c.contract_id == contract_id, incident.c.status != Status.CLOSED)
        .order_by(incident.c.id)
    )
    return list(connection.execute(query).mappings())
