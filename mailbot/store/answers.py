"""Which answers were promised, how far has each incident come, and of which are staff to be reminded?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from mailbot.desk.contract import AnswerPromise, AnswerTargets
from mailbot.desk.incident import Status
from mailbot.store.schema import asker, contract, incident


@dataclass(frozen=True, slots=True)
class Clocked:
    """An incident as its clock needs it. `promise` is None where nothing is promised; `urgent` says what it counted as
    when it came.
    """

    id: int
    contract_id: int
    status: Status
    received_at: datetime
    answered_at: datetime | None
    urgent: bool
    promise: AnswerPromise | None


@dataclass(frozen=True, slots=True)
class ToRemind:
    """An incident of which staff are to be reminded, with what they must know of it."""

    clocked: Clocked
    remind_at: datetime
    number: str
    contract: str
    customer: str
    asker_name: str
    asker_address: str
    subject: str
    assignee_id: int | None


def written(promise: AnswerPromise, *, urgent: bool) -> Mapping[str, Any]:
    """As it is kept with an incident: what is promised later to others changes nothing for this one."""
    return asdict(promise) | {"remind_at": list(promise.remind_at), "counted_as_urgent": urgent}


def clocked(connection: Connection, incident_id: int, *, lock: bool = True) -> Clocked:
    """Give an incident for its next step; with `lock`, nobody else takes one before this transaction ends."""
    query = select(*_CLOCKED).where(incident.c.id == incident_id)
    return _clocked(connection.execute(query.with_for_update() if lock else query).one())


def step(connection: Connection, incident_id: int, status: Status, answered_at: datetime | None) -> None:
    """Write down where an incident stands, and when a person first answered."""
    values = {"status": status, "answered_at": answered_at}
    connection.execute(update(incident).where(incident.c.id == incident_id).values(values))


def set_clock(connection: Connection, incident_id: int, *, due_at: datetime | None, remind_at: datetime | None) -> None:
    """Write down when the next answer is due, and when staff are reminded of it."""
    values = {"answer_due_at": due_at, "remind_at": remind_at}
    connection.execute(update(incident).where(incident.c.id == incident_id).values(values))


def put_off(connection: Connection, incident_id: int, remind_at: datetime | None) -> None:
    """Write down when staff are next reminded; None: no more."""
    connection.execute(update(incident).where(incident.c.id == incident_id).values(remind_at=remind_at))


def to_remind(connection: Connection, until: datetime, *, limit: int) -> list[ToRemind]:
    """Give the incidents whose reminder has come by then, the earliest first; nobody else takes one before this
    transaction ends.
    """
    rows = connection.execute(
        _TO_REMIND.where(incident.c.remind_at <= until)
        .order_by(incident.c.remind_at, incident.c.id)
        .limit(limit)
        .with_for_update(of=incident)
    )
    return [
        ToRemind(
            clocked=_clocked(row),
            remind_at=row.remind_at,
            number=row.number,
            contract=row.contract,
            customer=row.customer,
            asker_name=row.asker_name,
            asker_address=row.asker_address,
            subject=row.subject,
            assignee_id=row.assignee_id,
        )
        for row in rows
    ]


def anything_to_remind(connection: Connection, now: datetime) -> bool:
    """Say whether there is anything at all; asked at every tick."""
    return connection.execute(select(incident.c.id).where(incident.c.remind_at <= now).limit(1)).first() is not None


_CLOCKED = (
    incident.c.id,
    incident.c.contract_id,
    incident.c.status,
    incident.c.received_at,
    incident.c.answered_at,
    incident.c.answers,
)
_TO_REMIND = select(
    *_CLOCKED,
    incident.c.remind_at,
    incident.c.number,
    incident.c.subject,
    incident.c.assignee_id,
    contract.c.number.label("contract"),
    contract.c.customer,
    asker.c.name.label("asker_name"),
    asker.c.address.label("asker_address"),
).select_from(
    incident.join(contract, contract.c.id == incident.c.contract_id).join(asker, asker.c.id == incident.c.asker_id)
)


def _clocked(row: Row[*tuple[Any, ...]]) -> Clocked:
    kept: Mapping[str, Any] = row.answers or {}
    return Clocked(
        id=row.id,
        contract_id=row.contract_id,
        status=Status(row.status),
        received_at=row.received_at,
        answered_at=row.answered_at,
        urgent=bool(kept.get("counted_as_urgent")),
        promise=_promise(kept) if kept else None,
    )


def _promise(kept: Mapping[str, Any]) -> AnswerPromise:
    return AnswerPromise(
        normal=AnswerTargets(**kept["normal"]),
        urgent=AnswerTargets(**kept["urgent"]),
        time=kept["time"],
        coverage=kept["coverage"],
        urgent_coverage=kept["urgent_coverage"],
        remind_at=tuple(kept["remind_at"]),
    )
