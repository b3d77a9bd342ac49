"""Which incidents are there, what was said in each, and which Message-IDs belong to them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    Row,
    RowMapping,
    and_,
    bindparam,
    case,
    func,
    insert,
    not_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.desk.incident import LIFE, Happening, Incident, Status, Urgency
from mailbot.desk.loops import BEGINNING, Asked
from mailbot.desk.verdict import Signal
from mailbot.mail.message import Attachment
from mailbot.store.schema import asker, attachment, contract, counter, incident, message, outbox, reference, staff


@dataclass(frozen=True, slots=True)
class NewIncident:
    """What is written down when a question is accepted.

    Of its clocks: the menu and the calendar's edition by which they count, the covered minutes of the first response,
    when these begin, when staff are paged if it is missing, what is promised of answers (`store.answers.written`), and
    when the first one is due and staff are reminded of it.
    """

    contract_id: int
    asker_id: int
    urgency: Urgency
    language: str
    subject: str
    base_subject: str
    scope: str
    products: tuple[str, ...]
    received_at: datetime
    due_at: datetime
    former_id: int | None
    inbound_id: int
    menu: str | None = None
    edition: str | None = None
    response_minutes: int | None = None
    starts_at: datetime | None = None
    page_at: datetime | None = None
    answers: Mapping[str, Any] | None = None
    answer_due_at: datetime | None = None
    remind_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewMessage:
    """One mail as part of an incident: a customer's, or a note of those who answer, which nobody else sees."""

    incident_id: int
    contract_id: int
    inbound_id: int
    at: datetime
    written_at: datetime | None
    author_name: str
    author_address: str
    subject: str
    text: str
    new_text: str
    signal: Signal
    attachments: tuple[Attachment, ...]
    direction: Literal["in", "note"] = "in"


def open_incident(connection: Connection, new: NewIncident, *, year: int) -> Incident:
    """Write a new incident under the next number of the year."""
    upsert = _NEXT_SQLITE if connection.dialect.name == "sqlite" else _NEXT_POSTGRESQL
    serial = connection.execute(upsert, {"name": f"incident-{year}", "value": 1}).scalar_one()
    number = f"INC-{year}-{serial:06d}"
    values = {
        "number": number,
        "contract_id": new.contract_id,
        "asker_id": new.asker_id,
        "status": Status.NEW,
        "urgency": new.urgency,
        "language": new.language,
        "subject": new.subject,
        "base_subject": new.base_subject,
        "scope": new.scope,
        "products": list(new.products),
        "received_at": new.received_at,
        "due_at": new.due_at,
        "former_id": new.former_id,
        "inbound_id": new.inbound_id,
        "menu": new.menu,
        "edition": new.edition,
        "response_minutes": new.response_minutes,
        "starts_at": new.starts_at,
        "page_at": new.page_at,
        "answers": new.answers,
        "answer_due_at": new.answer_due_at,
        "remind_at": new.remind_at,
    }
    incident_id = connection.execute(_OPEN, values).scalar_one()
    return Incident(incident_id, number, new.contract_id, new.asker_id, Status.NEW, new.base_subject)


_OPEN = insert(incident).returning(incident.c.id)
_NEXT_SQLITE = (
    sqlite.insert(counter)
    .on_conflict_do_update(index_elements=["name"], set_={"value": counter.c.value + 1})
    .returning(counter.c.value)
)
_NEXT_POSTGRESQL = (
    postgresql.insert(counter)
    .on_conflict_do_update(index_elements=["name"], set_={"value": counter.c.value + 1})
    .returning(counter.c.value)
)


def add_messages(connection: Connection, messages: Sequence[NewMessage]) -> None:
    """Write customers' mails into their incidents."""
    bare = [each for each in messages if not each.attachments]
    if bare:
        connection.execute(insert(message), [_message_row(each) for each in bare])
    for each in messages:
        if each.attachments:
            _add_with_attachments(connection, each)


def _message_row(new: NewMessage) -> dict[str, object]:
    return {
        "incident_id": new.incident_id,
        "contract_id": new.contract_id,
        "inbound_id": new.inbound_id,
        "direction": new.direction,
        "at": new.at,
        "written_at": new.written_at,
        "author_name": new.author_name,
        "author_address": new.author_address,
        "subject": new.subject,
        "text": new.text,
        "new_text": new.new_text,
        "signal": new.signal,
    }


def _add_with_attachments(connection: Connection, new: NewMessage) -> None:
    message_id = connection.execute(_ADD_MESSAGE, _message_row(new)).scalar_one()
    add_attachments(connection, message_id, new.contract_id, new.attachments)


def add_attachments(
    connection: Connection, message_id: int, contract_id: int, attachments: Sequence[Attachment]
) -> None:
    """Write down what is attached to a message."""
    rows = [
        {
            "message_id": message_id,
            "contract_id": contract_id,
            "part": each.part,
            "filename": each.filename,
            "content_type": each.content_type,
            "size": each.size,
            "inline": each.inline,
        }
        for each in attachments
    ]
    if rows:
        connection.execute(insert(attachment), rows)


_ADD_MESSAGE = insert(message).returning(message.c.id)


def refer(connection: Connection, found: Incident, *, seen: Sequence[str], ghosts: Iterable[str]) -> None:
    """Remember Message-IDs that belong to this incident; `ghosts` are named by others but were never seen here."""
    rows = [{"message_id": each, "ghost": False} for each in seen] + [
        {"message_id": each, "ghost": True} for each in ghosts
    ]
    if not rows:
        return
    common = {"contract_id": found.contract_id, "incident_id": found.id}
    statement = _REFER_SQLITE if connection.dialect.name == "sqlite" else _REFER_POSTGRESQL
    connection.execute(statement, [row | common for row in rows])


_REFER_SQLITE = sqlite.insert(reference)
_REFER_SQLITE = _REFER_SQLITE.on_conflict_do_update(
    index_elements=["message_id", "contract_id"],
    set_={"ghost": False, "incident_id": _REFER_SQLITE.excluded.incident_id},
    where=and_(reference.c.ghost, not_(_REFER_SQLITE.excluded.ghost)),  # a ghost that came belongs where it came
)
_REFER_POSTGRESQL = postgresql.insert(reference)
_REFER_POSTGRESQL = _REFER_POSTGRESQL.on_conflict_do_update(
    index_elements=["message_id", "contract_id"],
    set_={"ghost": False, "incident_id": _REFER_POSTGRESQL.excluded.incident_id},
    where=and_(reference.c.ghost, not_(_REFER_POSTGRESQL.excluded.ghost)),
)

_INCIDENT = (
    incident.c.id,
    incident.c.number,
    incident.c.contract_id,
    incident.c.asker_id,
    incident.c.status,
    incident.c.base_subject,
)


def by_references(connection: Connection, message_ids: Sequence[str]) -> list[tuple[str, bool, Incident]]:
    """Give (Message-ID, is it a ghost, incident) for each of these ids that some incident knows, in any contract."""
    rows = connection.execute(_BY_REFERENCES, {"ids": list(message_ids)})
    return [(row.message_id, row.ghost, _incident(row)) for row in rows]


_BY_REFERENCES = (
    select(reference.c.message_id, reference.c.ghost, *_INCIDENT)
    .join(incident, incident.c.id == reference.c.incident_id)
    .where(reference.c.message_id.in_(bindparam("ids", expanding=True)))
)


def by_id(connection: Connection, incident_id: int) -> Incident | None:
    """Find an incident by its row."""
    row = connection.execute(select(*_INCIDENT).where(incident.c.id == incident_id)).one_or_none()
    return None if row is None else _incident(row)


def by_number(connection: Connection, number: str) -> Incident | None:
    """Find an incident by what people call it."""
    row = connection.execute(select(*_INCIDENT).where(incident.c.number == number)).one_or_none()
    return None if row is None else _incident(row)


def whole(connection: Connection, incident_id: int) -> RowMapping:
    """Give all that is written down of an incident. Raises NoResultFound when there is none."""
    return connection.execute(select(incident).where(incident.c.id == incident_id)).mappings().one()


def take(connection: Connection, incident_id: int, person_id: int, now: datetime) -> bool:
    """Write down who looks after an incident; false when somebody does already."""
    done = connection.execute(
        update(incident)
        .where(incident.c.id == incident_id, incident.c.assignee_id.is_(None))
        .values(assignee_id=person_id, taken_at=now)
    )
    return done.rowcount == 1


def decide_urgency(connection: Connection, incident_id: int, former: str, urgency: Urgency, *, by: str) -> bool:
    """Write down how urgent a person says that an incident is; false when it is not as `former` says any more."""
    done = connection.execute(
        update(incident)
        .where(incident.c.id == incident_id, incident.c.urgency == former)
        .values(urgency=urgency, urgency_by=by)
    )
    return done.rowcount == 1


def count_anew(
    connection: Connection,
    incident_id: int,
    *,
    due_at: datetime,
    starts_at: datetime,
    page_at: datetime,
    edition: str,
) -> None:
    """Set the clock of an incident whose first response has not been given yet, and begin its pages anew."""
    connection.execute(
        update(incident)
        .where(incident.c.id == incident_id, incident.c.acknowledged_at.is_(None))
        .values(due_at=due_at, starts_at=starts_at, page_at=page_at, paged=0, edition=edition)
    )


def by_numbers(connection: Connection, numbers: Sequence[str], contract_ids: Sequence[int]) -> list[Incident]:
    """Find incidents of these contracts by their numbers."""
    rows = connection.execute(
        select(*_INCIDENT).where(incident.c.number.in_(numbers), incident.c.contract_id.in_(contract_ids))
    )
    return [_incident(row) for row in rows]


def by_subject(connection: Connection, asker_ids: Sequence[int], base_subject: str, since: datetime) -> Incident | None:
    """Find the newest incident of these askers with this base subject."""
    row = connection.execute(
        select(*_INCIDENT)
        .where(
            incident.c.asker_id.in_(asker_ids), incident.c.base_subject == base_subject, incident.c.received_at >= since
        )
        .order_by(incident.c.received_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _incident(row)


def asked_lately(connection: Connection, asker_id: int, since: datetime, limit: int) -> list[Asked]:
    """Give the newest questions that this asker put, newest first, and how each begins."""
    rows = connection.execute(_ASKED_LATELY, {"asker": asker_id, "since": since, "n": limit})
    return [Asked(row.subject, row.text, row.written_at, row.received_at, row.acknowledged_at) for row in rows]


_ASKED_LATELY = (
    select(
        incident.c.subject,
        func.substr(message.c.new_text, 1, BEGINNING).label("text"),
        message.c.written_at,
        incident.c.received_at,
        incident.c.acknowledged_at,
    )
    .join(message, message.c.inbound_id == incident.c.inbound_id)
    .where(incident.c.asker_id == bindparam("asker"), incident.c.received_at >= bindparam("since"))
    .order_by(incident.c.received_at.desc(), incident.c.id.desc())
    .limit(bindparam("n"))
)


def _incident(row: Row[*tuple[Any, ...]]) -> Incident:
    return Incident(row.id, row.number, row.contract_id, row.asker_id, Status(row.status), row.base_subject)


def acknowledged(connection: Connection, at: Mapping[int, datetime]) -> None:
    """Write down when the relay took the acknowledgement of these incidents."""
    if at:
        connection.execute(_ACKNOWLEDGED, [{"row": row, "moment": moment} for row, moment in at.items()])


_ACKNOWLEDGED = (
    update(incident)
    .where(incident.c.id == bindparam("row"), incident.c.acknowledged_at.is_(None))
    .values(
        acknowledged_at=bindparam("moment"),
        status=case(
            *(
                (incident.c.status == status, following)
                for (status, happening), following in LIFE.items()
                if happening is Happening.ACKNOWLEDGEMENT_SENT
            ),
            else_=incident.c.status,
        ),
    )
)
_MESSAGES = select(func.count()).where(message.c.incident_id == incident.c.id).scalar_subquery()
_LISTED = select(
    incident.c.id,
    incident.c.number,
    contract.c.number.label("contract"),
    contract.c.customer,
    contract.c.menu,
    incident.c.status,
    incident.c.urgency,
    incident.c.language,
    incident.c.subject,
    asker.c.name.label("asker_name"),
    asker.c.address.label("asker"),
    incident.c.scope,
    incident.c.products,
    incident.c.received_at,
    incident.c.due_at,
    incident.c.acknowledged_at,
    incident.c.answered_at,
    incident.c.answer_due_at,
    staff.c.name.label("assignee"),
    _MESSAGES.label("messages"),
).select_from(
    incident.join(contract, contract.c.id == incident.c.contract_id)
    .join(asker, asker.c.id == incident.c.asker_id)
    .outerjoin(staff, staff.c.id == incident.c.assignee_id)
)


def listed(connection: Connection, *, contract_number: str | None, limit: int) -> list[RowMapping]:
    """Give the newest incidents, newest first."""
    query = _LISTED.order_by(incident.c.id.desc()).limit(limit)
    if contract_number is not None:
        query = query.where(contract.c.number == contract_number)
    return list(connection.execute(query).mappings())


def shown(connection: Connection, number: str) -> RowMapping | None:
    """Give one incident by its number."""
    return connection.execute(_LISTED.where(incident.c.number == number)).mappings().one_or_none()


def conversation(connection: Connection, incident_id: int) -> list[RowMapping]:
    """Give the customer's mails of an incident, and the notes about it, in order."""
    query = select(message).where(message.c.incident_id == incident_id).order_by(message.c.at, message.c.id)
    return list(connection.execute(query).mappings())


def attachments(connection: Connection, incident_id: int) -> list[RowMapping]:
    """Give the attachments of an incident: message_id, filename, content_type, size."""
    query = (
        select(attachment)
        .join(message, message.c.id == attachment.c.message_id)
        .where(message.c.incident_id == incident_id)
    )
    return list(connection.execute(query.order_by(attachment.c.id)).mappings())


def sent(connection: Connection, incident_id: int) -> list[RowMapping]:
    """Give the mails that this incident caused: what, to whom, in which state."""
    columns = (
        outbox.c.id,
        outbox.c.key,
        outbox.c.kind,
        outbox.c.audience,
        outbox.c.recipient,
        outbox.c.subject,
        outbox.c.state,
        outbox.c.created_at,
        outbox.c.sent_at,
    )
    return list(
        connection.execute(select(*columns).where(outbox.c.incident_id == incident_id).order_by(outbox.c.id)).mappings()
    )


def counts(connection: Connection) -> dict[str, int]:
    """Count the incidents by status."""
    rows = connection.execute(select(incident.c.status, func.count()).group_by(incident.c.status))
    return dict(rows.all())


def overdue(connection: Connection, now: datetime) -> int:
    """Count the incidents whose acknowledgement is late."""
    late = select(func.count()).where(incident.c.acknowledged_at.is_(None), incident.c.due_at < now)
    return connection.execute(late).scalar_one()
