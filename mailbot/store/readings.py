"""What does the database keep of the reading of a mail, and how is it replaced by a better one?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from mailbot.desk.incident import Incident
from mailbot.mail.message import Attachment
from mailbot.store import incidents
from mailbot.store.schema import attachment, inbound, incident, message, reference


@dataclass(frozen=True, slots=True)
class Head:
    """What is kept of every mail that was looked at."""

    from_address: str
    subject: str
    message_id: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What is kept of a mail that belongs to an incident."""

    author_name: str
    author_address: str
    written_at: datetime | None
    subject: str
    text: str
    new_text: str
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """What an incident is called after the mail that opened it."""

    subject: str
    base_subject: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One mail as the database has it. `said` and `incident` are None outside of incidents; `title` is None too for
    mails that did not open theirs.
    """

    state: str
    head: Head
    said: Said | None
    incident: Incident | None
    title: Title | None


def kept(connection: Connection, inbound_id: int) -> Kept | None:
    """Give what is kept of this mail; None when there is no such mail."""
    columns = (inbound.c.state, inbound.c.from_address, inbound.c.subject, inbound.c.message_id)
    row = connection.execute(select(*columns).where(inbound.c.id == inbound_id)).one_or_none()
    if row is None:
        return None
    head = Head(row.from_address, row.subject, row.message_id)
    found = connection.execute(select(message).where(message.c.inbound_id == inbound_id)).one_or_none()
    if found is None:
        return Kept(row.state, head, None, None, None)
    said = Said(
        found.author_name,
        found.author_address,
        found.written_at,
        found.subject,
        found.text,
        found.new_text,
        _attachments(connection, found.id),
    )
    its = incidents.by_id(connection, found.incident_id)
    return Kept(row.state, head, said, its, _title(connection, inbound_id))


def _attachments(connection: Connection, message_id: int) -> tuple[Attachment, ...]:
    query = select(attachment).where(attachment.c.message_id == message_id).order_by(attachment.c.id)
    return tuple(
        Attachment(row.filename, row.content_type, row.size, row.inline, row.part) for row in connection.execute(query)
    )


def _title(connection: Connection, inbound_id: int) -> Title | None:
    query = select(incident.c.subject, incident.c.base_subject).where(incident.c.inbound_id == inbound_id)
    row = connection.execute(query).one_or_none()
    return Title(row.subject, row.base_subject) if row else None


def unknown_ids(connection: Connection, contract_id: int, *, seen: str | None, named: Iterable[str]) -> list[str]:
    """Say which of these Message-IDs the contract does not know yet; a ghost does not count for the mail's own."""
    wanted = [*dict.fromkeys(filter(None, (seen, *named)))]
    query = select(reference.c.message_id, reference.c.ghost).where(
        reference.c.contract_id == contract_id, reference.c.message_id.in_(wanted)
    )
    known = {row.message_id for row in connection.execute(query) if not (row.ghost and row.message_id == seen)}
    return [each for each in wanted if each not in known]


def lock(connection: Connection, inbound_id: int) -> None:
    """Let nobody else change this mail until the transaction ends; SQLite has one writer anyway."""
    connection.execute(select(inbound.c.id).where(inbound.c.id == inbound_id).with_for_update())


def set_head(connection: Connection, inbound_id: int, head: Head) -> None:
    """Replace what is kept of the mail itself."""
    values = {"from_address": head.from_address, "subject": head.subject, "message_id": head.message_id}
    connection.execute(update(inbound).where(inbound.c.id == inbound_id).values(values))


def set_said(connection: Connection, inbound_id: int, said: Said) -> None:
    """Replace what the mail says in its incident; its row, its place and its tie stay."""
    row = connection.execute(
        update(message)
        .where(message.c.inbound_id == inbound_id)
        .values(
            author_name=said.author_name,
            author_address=said.author_address,
            written_at=said.written_at,
            subject=said.subject,
            text=said.text,
            new_text=said.new_text,
        )
        .returning(message.c.id, message.c.contract_id)
    ).one()
    if _attachments(connection, row.id) == said.attachments:
        return
    connection.execute(delete(attachment).where(attachment.c.message_id == row.id))
    incidents.add_attachments(connection, row.id, row.contract_id, said.attachments)


def set_title(connection: Connection, inbound_id: int, title: Title) -> None:
    """Call the incident that this mail opened by another subject."""
    values = {"subject": title.subject, "base_subject": title.base_subject}
    connection.execute(update(incident).where(incident.c.inbound_id == inbound_id).values(values))
