"""What has the desk done so far? Read from its database and from the mails that have left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import RowMapping

from mailbot.mail import reading
from mailbot.mail.message import Message
from mailbot.store import inbound, incidents, outbox
from mailbot.store.engine import Store

_LIMIT = 500  # far more than a demo makes; the tables show the newest


@dataclass(frozen=True, slots=True)
class SeenIncident:
    """An incident as the table shows it."""

    number: str
    contract: str
    menu: str
    asker: str
    subject: str
    urgency: str
    received_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeenMail:
    """A mail that came in. `decision` is the verdict in words, empty while there is none; `why` is its last check."""

    id: int
    message_id: str | None
    writer: str
    state: str
    decision: str
    incident: str | None
    why: str


@dataclass(frozen=True, slots=True)
class SeenLetter:
    """A mail of the desk's: what it is, for whom, and how far it has come."""

    kind: str
    audience: str
    incident: str | None
    message_id: str
    recipient: str
    subject: str
    state: str
    answer: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything at one moment, oldest first."""

    incidents: tuple[SeenIncident, ...]
    mails: tuple[SeenMail, ...]
    letters: tuple[SeenLetter, ...]

    def mail(self, message_id: str) -> SeenMail | None:
        """The mail with this Message-ID, once it has been read."""
        return next((each for each in self.mails if each.message_id == message_id), None)

    def acknowledgement(self, number: str | None) -> SeenLetter | None:
        """What tells the customer that this incident was accepted."""
        of_kind = (each for each in self.letters if each.kind == "acknowledgement")
        return next((each for each in of_kind if each.incident == number), None)


def look(store: Store) -> Seen:
    """Read it all in one transaction."""
    with store.read() as connection:
        opened = incidents.listed(connection, contract_number=None, limit=_LIMIT)
        came = inbound.listed(connection, states=(), limit=_LIMIT)
        checks = {row["id"]: _last_check(inbound.find(connection, str(row["id"]))[0]["evidence"]) for row in came}
        leaving = outbox.listed(connection, states=(), limit=_LIMIT)
    return Seen(
        tuple(_incident(row) for row in reversed(opened)),
        tuple(_mail(row, checks[row["id"]]) for row in reversed(came)),
        tuple(_letter(row) for row in reversed(leaving)),
    )


def _incident(row: RowMapping) -> SeenIncident:
    return SeenIncident(
        number=row["number"],
        contract=row["contract"],
        menu=row["menu"],
        asker=row["asker_name"] or row["asker"],
        subject=row["subject"],
        urgency=row["urgency"],
        received_at=row["received_at"],
        due_at=row["due_at"],
        acknowledged_at=row["acknowledged_at"],
    )


def _mail(row: RowMapping, why: str) -> SeenMail:
    return SeenMail(
        id=row["id"],
        message_id=row["message_id"],
        writer=row["from_address"] or row["sender"],
        state=row["state"],
        decision=" ".join(each for each in (row["verdict"], row["reason"]) if each),
        incident=row["incident"],
        why=why,
    )


def _letter(row: RowMapping) -> SeenLetter:
    return SeenLetter(
        kind=row["kind"],
        audience=row["audience"],
        incident=row["incident"],
        message_id=row["message_id"],
        recipient=row["to"],
        subject=row["subject"],
        state=row["state"],
        answer=row["answer"] or "",
    )


def _last_check(evidence: list[list[str]] | None) -> str:
    return evidence[-1][1] if evidence else ""


def letters_that_left(folder: Path) -> dict[str, Message]:
    """Every mail that the relay took, read as its recipient reads it, by Message-ID."""
    found = [reading.read(path.read_bytes()) for path in folder.iterdir()] if folder.is_dir() else []
    return {each.message_id: each for each in found if each.message_id}
