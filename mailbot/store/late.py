"""Which acknowledgements have not left although half of their window is over, and what were people told of each?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, func, or_, select, text, update

from mailbot.desk.incident import Status
from mailbot.store.schema import UNACKNOWLEDGED, contract, incident, outbox


@dataclass(frozen=True, slots=True)
class Unacknowledged:
    """An incident that people must hear of. `paged` is the per cent of its window that they know of.

    `menu` and `response_minutes` are None in incidents that were opened before these were written down.
    """

    id: int
    number: str
    contract: str
    urgency: str
    menu: str | None
    response_minutes: int | None
    received_at: datetime
    due_at: datetime
    paged: int


@dataclass(frozen=True, slots=True)
class Letter:
    """What became of the acknowledgement of an incident; `answer` is the relay's last word."""

    id: int
    incident_id: int
    recipient: str
    state: str
    attempts: int
    answer: str


@dataclass(frozen=True, slots=True)
class Page:
    """What people know now of an incident, and when they hear of it next."""

    incident_id: int
    percent: int
    next_at: datetime | None


_MISSED = (
    text(UNACKNOWLEDGED),
    incident.c.page_at <= bindparam("now"),
    incident.c.status != Status.CLOSED,  # a person has seen to it
)


def waiting(connection: Connection, now: datetime) -> tuple[int, int]:
    """Count the incidents that people must hear of, and those of them that they know of already or that are overdue."""
    row = connection.execute(_COUNTED, {"now": now}).one()
    return row.all, row.pressing or 0


_PRESSING = or_(incident.c.paged > 0, incident.c.due_at <= bindparam("now"))
_COUNTED = select(func.count().label("all"), func.sum(case((_PRESSING, 1), else_=0)).label("pressing")).where(*_MISSED)


def unacknowledged(connection: Connection, now: datetime) -> list[Unacknowledged]:
    """Give the incidents that people must hear of now; no other daemon gets them until the transaction ends."""
    return [
        Unacknowledged(
            id=row.id,
            number=row.number,
            contract=row.contract,
            urgency=row.urgency,
            menu=row.menu,
            response_minutes=row.response_minutes,
            received_at=row.received_at,
            due_at=row.due_at,
            paged=row.paged,
        )
        for row in connection.execute(_UNACKNOWLEDGED, {"now": now})
    ]


_UNACKNOWLEDGED = (
    select(
        incident.c.id,
        incident.c.number,
        contract.c.number.label("contract"),
        incident.c.urgency,
        incident.c.menu,
        incident.c.response_minutes,
        incident.c.received_at,
        incident.c.due_at,
        incident.c.paged,
    )
    .join(contract, contract.c.id == incident.c.contract_id)
    .where(*_MISSED)
    .order_by(incident.c.id)
    .with_for_update(of=incident, skip_locked=True)
)


def letters(connection: Connection, incident_ids: Sequence[int]) -> Mapping[int, Letter]:
    """Give the acknowledgements of these incidents, by incident."""
    return {
        row.incident_id: Letter(row.id, row.incident_id, row.recipient, row.state, row.attempts, row.answer or "")
        for row in connection.execute(_LETTERS, {"ids": list(incident_ids)})
    }


_LETTERS = select(
    outbox.c.id, outbox.c.incident_id, outbox.c.recipient, outbox.c.state, outbox.c.attempts, outbox.c.answer
).where(outbox.c.incident_id.in_(bindparam("ids", expanding=True)), outbox.c.kind == "acknowledgement")


def last_page(connection: Connection) -> datetime | None:
    """Say when people were last told of a missing acknowledgement."""
    return connection.execute(_LAST_PAGE).scalar_one_or_none()


_LAST_PAGE = (
    select(incident.c.paged_at).where(incident.c.paged_at.is_not(None)).order_by(incident.c.paged_at.desc()).limit(1)
)


def put_off(connection: Connection, pages: Sequence[Page]) -> None:
    """Write down when people hear next of incidents of which they know enough."""
    if pages:
        connection.execute(_PUT_OFF, [{"row": each.incident_id, "next": each.next_at} for each in pages])


_PUT_OFF = update(incident).where(incident.c.id == bindparam("row")).values(page_at=bindparam("next"))


def mark_paged(connection: Connection, pages: Sequence[Page], now: datetime) -> None:
    """Remember what people know of these incidents since now."""
    rows = [{"row": each.incident_id, "percent": each.percent, "next": each.next_at, "now": now} for each in pages]
    if rows:
        connection.execute(_PAGED, rows)


_PAGED = (
    update(incident)
    .where(incident.c.id == bindparam("row"))
    .values(paged=bindparam("percent"), page_at=bindparam("next"), paged_at=bindparam("now"))
)


def half_over(connection: Connection, now: datetime) -> int:
    """Count the incidents without acknowledgement whose window is half over, or all of it."""
    known = or_(incident.c.paged > 0, incident.c.page_at <= now)
    query = select(func.count()).where(incident.c.acknowledged_at.is_(None), known, incident.c.status != Status.CLOSED)
    return int(connection.execute(query).scalar_one())
