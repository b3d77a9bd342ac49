"""Which changes of the registered information were asked for, and what became of each? (S25)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, func, insert, select, update

from mailbot.desk.changes import Step, from_json, to_json
from mailbot.desk.contract import Language
from mailbot.mail.message import Trust
from mailbot.store.schema import change, contract

_LONGEST_TEXT = 100_000  # the whole mail is kept with the inbound row


@dataclass(frozen=True, slots=True)
class NewChange:
    """A request as it came in. `asked_by` is a normalised address, `language` the one to answer in; `steps` are empty
    when nothing was understood.
    """

    contract_id: int
    inbound_id: int
    asked_by: str
    asked_at: datetime
    steps: tuple[Step, ...]
    language: Language
    trust: Trust
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A request with what became of it. `contract` is the number that people know."""

    id: int
    contract_id: int
    contract: str
    customer: str
    inbound_id: int | None
    asked_by: str
    asked_at: datetime
    steps: tuple[Step, ...]
    language: Language
    trust: Trust
    subject: str
    text: str
    state: str
    decided_at: datetime | None
    decided_by: str | None

    @property
    def number(self) -> str:
        """What people call it."""
        return number_of(self.id)


def number_of(change_id: int) -> str:
    """Give what people call a request."""
    return f"CHG-{change_id}"


def put(connection: Connection, new: NewChange) -> int:
    """Keep a request; give its id."""
    wanted = {
        "steps": to_json(new.steps),
        "language": new.language,
        "trust": new.trust.value,
        "subject": new.subject,
        "text": new.text[:_LONGEST_TEXT],
    }
    values = {
        "contract_id": new.contract_id,
        "inbound_id": new.inbound_id,
        "asked_by": new.asked_by,
        "asked_at": new.asked_at,
        "wanted": wanted,
        "state": "waiting",
    }
    return int(connection.execute(insert(change).values(values).returning(change.c.id)).scalar_one())


def settle(connection: Connection, change_id: int, *, approved: bool, by: str, now: datetime) -> bool:
    """Write down that somebody decided; false when it does not wait any more, so that only one decides."""
    done = connection.execute(
        update(change)
        .where(change.c.id == change_id, change.c.state == "waiting")
        .values(state="approved" if approved else "rejected", decided_at=now, decided_by=by)
    )
    return done.rowcount == 1


_SHOWN = select(change, contract.c.number, contract.c.customer).join(contract, contract.c.id == change.c.contract_id)


def by_id(connection: Connection, change_id: int) -> Change | None:
    """Find a request."""
    row = connection.execute(_SHOWN.where(change.c.id == change_id)).one_or_none()
    return None if row is None else _change(row)


def waiting_of(connection: Connection, contract_id: int, asked_by: str) -> list[Change]:
    """Give what this writer asks for with this contract and nobody has decided about, oldest first."""
    query = _SHOWN.where(
        change.c.contract_id == contract_id, change.c.asked_by == asked_by, change.c.state == "waiting"
    )
    return [_change(row) for row in connection.execute(query.order_by(change.c.id))]


def waiting(connection: Connection) -> list[Change]:
    """Give all that nobody has decided about, oldest first."""
    return [_change(row) for row in connection.execute(_SHOWN.where(change.c.state == "waiting").order_by(change.c.id))]


def listed(connection: Connection, *, states: Sequence[str], limit: int) -> list[Change]:
    """Give the newest requests, newest first; in these states, or in all when none is named."""
    query = _SHOWN.order_by(change.c.id.desc()).limit(limit)
    if states:
        query = query.where(change.c.state.in_(states))
    return [_change(row) for row in connection.execute(query)]


def counts(connection: Connection) -> dict[str, int]:
    """Count the requests by state."""
    return dict(connection.execute(select(change.c.state, func.count()).group_by(change.c.state)).all())


def oldest_waiting(connection: Connection) -> datetime | None:
    """Say since when the oldest request waits."""
    query = select(func.min(change.c.asked_at)).where(change.c.state == "waiting")
    return connection.execute(query).scalar_one_or_none()


def _change(row: Row[*tuple[Any, ...]]) -> Change:
    return Change(
        id=row.id,
        contract_id=row.contract_id,
        contract=row.number,
        customer=row.customer,
        inbound_id=row.inbound_id,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        steps=from_json(row.wanted["steps"]),
        language=cast(Language, row.wanted["language"]),
        trust=Trust(row.wanted["trust"]),
        subject=row.wanted["subject"],
        text=row.wanted["text"],
        state=row.state,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )
