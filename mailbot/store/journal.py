"""Why did each thing happen? Append only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select

from mailbot.store.schema import journal


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `subject` names what it happened to, as `inbound:12` or `contract:3`."""

    at: datetime
    subject: str
    what: str
    why: str


def write(connection: Connection, entries: Sequence[Entry]) -> None:
    """Append these entries."""
    if entries:
        connection.execute(
            insert(journal),
            [{"at": each.at, "subject": each.subject, "what": each.what, "why": each.why} for each in entries],
        )


def about(connection: Connection, subject: str) -> list[RowMapping]:
    """Give what happened to this subject, oldest first."""
    columns = (journal.c.at, journal.c.what, journal.c.why)
    return list(
        connection.execute(select(*columns).where(journal.c.subject == subject).order_by(journal.c.id)).mappings()
    )
