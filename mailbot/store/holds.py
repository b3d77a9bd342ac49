"""Which held mails wait for a person and how long may they, which were released, and which senders are ignored?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.store.schema import hold, ignored_sender, inbound


@dataclass(frozen=True, slots=True)
class NewHold:
    """A mail that waits: by when its first response would be due, and when to alarm if nobody looked."""

    inbound_id: int
    held_at: datetime
    due_at: datetime
    alarm_at: datetime


@dataclass(frozen=True, slots=True)
class Released:
    """Who let a held mail go its way, and in which asker's name, if in somebody's."""

    inbound_id: int
    by: str
    asker_id: int | None


def put(connection: Connection, held: Sequence[NewHold]) -> None:
    """Start the clock of held mails; one that was held before keeps the clock that it had."""
    if held:
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(
            insert(hold).on_conflict_do_nothing(index_elements=["inbound_id"]),
            [
                {
                    "inbound_id": each.inbound_id,
                    "held_at": each.held_at,
                    "due_at": each.due_at,
                    "alarm_at": each.alarm_at,
                }
                for each in held
            ],
        )


def release(connection: Connection, inbound_id: int, *, by: str, asker_id: int | None, now: datetime) -> bool:
    """Let a held mail be decided again with a person's word behind it; false when it is not held."""
    done = connection.execute(
        update(inbound)
        .where(inbound.c.id == inbound_id, inbound.c.state == "held")
        .values(state="new", verdict=None, reason=None, evidence=None)
    )
    if done.rowcount:
        connection.execute(
            update(hold)
            .where(hold.c.inbound_id == inbound_id)
            .values(released_at=now, released_by=by, asker_id=asker_id)
        )
    return done.rowcount == 1


def drop(connection: Connection, inbound_id: int) -> bool:
    """Put a held mail away for good, unanswered; false when it is not held. The mail itself stays."""
    done = connection.execute(
        update(inbound).where(inbound.c.id == inbound_id, inbound.c.state == "held").values(state="dropped")
    )
    return done.rowcount == 1


def released(connection: Connection, inbound_ids: Sequence[int]) -> list[Released]:
    """Say which of these mails a person has released."""
    return [
        Released(row.inbound_id, row.released_by, row.asker_id)
        for row in connection.execute(_RELEASED, {"ids": list(inbound_ids)})
    ]


_RELEASED = select(hold.c.inbound_id, hold.c.released_by, hold.c.asker_id).where(
    hold.c.inbound_id.in_(bindparam("ids", expanding=True)), hold.c.released_at.is_not(None)
)


def alarming(connection: Connection, now: datetime) -> list[RowMapping]:
    """Give the held mails that have waited half their window and were not told of again."""
    columns = (
        inbound.c.id,
        inbound.c.received_at,
        inbound.c.from_address,
        inbound.c.subject,
        inbound.c.reason,
        hold.c.due_at,
    )
    query = (
        select(*columns)
        .join(hold, hold.c.inbound_id == inbound.c.id)
        .where(hold.c.alarmed_at.is_(None), hold.c.alarm_at <= now, inbound.c.state == "held")
        .order_by(hold.c.due_at, inbound.c.id)
    )
    return list(connection.execute(query).mappings())


def mark_alarmed(connection: Connection, inbound_ids: Sequence[int], now: datetime) -> None:
    """Remember that staff were alarmed about these."""
    connection.execute(update(hold).where(hold.c.inbound_id.in_(inbound_ids)).values(alarmed_at=now))


def ignored(connection: Connection, addresses: Sequence[str]) -> set[str]:
    """Say which of these senders staff want to hear nothing of."""
    return set(connection.execute(_IGNORED, {"addresses": list(addresses)}).scalars())


_IGNORED = select(ignored_sender.c.address).where(ignored_sender.c.address.in_(bindparam("addresses", expanding=True)))


def ignore(connection: Connection, address: str, *, by: str, now: datetime) -> None:
    """Hear nothing of this sender any more; the address is normalised."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(
        insert(ignored_sender)
        .values(address=address, since=now, by=by)
        .on_conflict_do_nothing(index_elements=["address"])
    )


def heed(connection: Connection, address: str) -> bool:
    """Hear of this sender again; false when it was not ignored."""
    return connection.execute(ignored_sender.delete().where(ignored_sender.c.address == address)).rowcount == 1
