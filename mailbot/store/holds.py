"""Which held mails wait for a person and how long may they, which were released, and which senders are ignored?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, FromClause, Row, Select, bindparam, case, func, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.mail.address import normalise
from mailbot.store.schema import contract, hold, ignored_sender, inbound


@dataclass(frozen=True, slots=True)
class NewHold:
    """A mail that waits: by when its first response would be due, and when to alarm if nobody looked.

    `neutral_at` is when its writer is told that it is here, None where he is not; `menu` and `urgent` say whose window
    this is, `proven` that the writer's domain vouches for the mail.
    `contract_id` is the one that it likely means, `incident_id` one of that contract that a participant wants to join.
    """

    inbound_id: int
    held_at: datetime
    due_at: datetime
    alarm_at: datetime
    neutral_at: datetime | None = None
    menu: str | None = None
    urgent: bool = False
    proven: bool = False
    contract_id: int | None = None
    incident_id: int | None = None
    author_name: str = ""
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A mail that waits, as those need it who decide. `from_address` is as written; `contract` is a number.

    `alarmed` is the per cent of its window that staff know of; `menu` None where nobody wrote down whose window it is.
    """

    id: int
    received_at: datetime
    from_address: str
    author_name: str
    subject: str
    reason: str
    contract: str | None
    incident_id: int | None
    due_at: datetime | None
    excerpt: str
    message_id: str | None
    menu: str | None
    urgent: bool
    proven: bool
    alarmed: int


@dataclass(frozen=True, slots=True)
class Released:
    """Who let a held mail go its way, and in which asker's name, if in somebody's."""

    inbound_id: int
    by: str
    asker_id: int | None


def put(connection: Connection, held: Sequence[NewHold]) -> None:
    """Start the clock of held mails; one that was held before keeps the clock that it had."""
    if not held:
        return
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    new = insert(hold)
    # In whose name it was released stays, and with it the contract.
    unnamed = hold.c.asker_id.is_(None)
    again = {
        "alarm_at": new.excluded.alarm_at,
        "alarmed": 0,
        "neutral_at": new.excluded.neutral_at,
        "menu": func.coalesce(hold.c.menu, new.excluded.menu),
        "urgent": func.coalesce(hold.c.urgent, new.excluded.urgent),
        "proven": new.excluded.proven,
        "contract_id": case((unnamed, new.excluded.contract_id), else_=hold.c.contract_id),
        "incident_id": case((unnamed, new.excluded.incident_id), else_=null()),
    }
    connection.execute(
        new.on_conflict_do_update(index_elements=["inbound_id"], set_=again),
        [
            {
                "inbound_id": each.inbound_id,
                "held_at": each.held_at,
                "due_at": each.due_at,
                "alarm_at": each.alarm_at,
                "neutral_at": each.neutral_at,
                "menu": each.menu,
                "urgent": each.urgent,
                "proven": each.proven,
                "contract_id": each.contract_id,
                "incident_id": each.incident_id,
                "author_name": each.author_name,
                "excerpt": each.excerpt,
            }
            for each in held
        ],
    )


def _waiting() -> Select[*tuple[object, ...]]:
    return held_in(inbound.outerjoin(hold, hold.c.inbound_id == inbound.c.id))


def held_in(source: FromClause) -> Select[*tuple[object, ...]]:
    """Select the mails that are held, oldest first, from `inbound` joined with `hold`."""
    return (
        select(
            inbound.c.id,
            inbound.c.received_at,
            inbound.c.from_address,
            inbound.c.subject,
            inbound.c.reason,
            hold.c.author_name,
            hold.c.incident_id,
            hold.c.due_at,
            hold.c.excerpt,
            inbound.c.message_id,
            hold.c.menu,
            hold.c.urgent,
            hold.c.proven,
            hold.c.alarmed,
            contract.c.number,
        )
        .select_from(source.outerjoin(contract, contract.c.id == hold.c.contract_id))
        .where(inbound.c.state == "held")
        .order_by(inbound.c.id)
    )


def as_held(row: Row[*tuple[object, ...]]) -> Held:
    """Read a row of `held_in`."""
    return Held(
        id=row.id,
        received_at=row.received_at,
        from_address=row.from_address,
        author_name=row.author_name or "",
        subject=row.subject,
        reason=row.reason or "",
        contract=row.number,
        incident_id=row.incident_id,
        due_at=row.due_at,
        excerpt=row.excerpt or "",
        message_id=row.message_id,
        menu=row.menu,
        urgent=bool(row.urgent),
        proven=bool(row.proven),
        alarmed=row.alarmed or 0,
    )


def by_id(connection: Connection, inbound_id: int) -> Held | None:
    """Give a mail that waits; None when it does not."""
    row = connection.execute(_waiting().where(inbound.c.id == inbound_id)).one_or_none()
    return None if row is None else as_held(row)


def waiting(connection: Connection) -> list[Held]:
    """Give every mail that waits, oldest first."""
    return [as_held(row) for row in connection.execute(_waiting())]


def untold(connection: Connection) -> list[Held]:
    """Give the held mails that staff have not been told of."""
    return [as_held(row) for row in connection.execute(_waiting().where(inbound.c.told_staff_at.is_(None)))]


def parked(connection: Connection, incident_id: int) -> list[Held]:
    """Give the mails of those who want to join this incident."""
    query = _waiting().where(hold.c.incident_id == incident_id, inbound.c.reason == "participant")
    return [as_held(row) for row in connection.execute(query)]


def joining(connection: Connection, incident_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Give (incident, normalised address) of those who want to join one of these incidents."""
    found = {(each, writer(mail)) for each in dict.fromkeys(incident_ids) for mail in parked(connection, each)}
    return sorted((incident_id, address) for incident_id, address in found if address)


def writer(mail: Held) -> str | None:
    """Give the normalised address of the one who wrote a held mail; None when it cannot be said who that is."""
    if mail.reason == "ambiguous-author":
        return None
    try:
        return normalise(mail.from_address)
    except ValueError:
        return None


def release(connection: Connection, inbound_id: int, *, by: str, asker: tuple[int, int] | None, now: datetime) -> bool:
    """Let a held mail be decided again with a person's word behind it, in the name of `asker` (id and contract) where
    that person said so; false when it is not held. Should it be held once more, staff are told once more.
    """
    done = connection.execute(
        update(inbound)
        .where(inbound.c.id == inbound_id, inbound.c.state == "held")
        .values(state="new", verdict=None, reason=None, evidence=None, told_staff_at=None)
    )
    if done.rowcount:
        named = {} if asker is None else {"asker_id": asker[0], "contract_id": asker[1], "incident_id": None}
        connection.execute(
            update(hold)
            .where(hold.c.inbound_id == inbound_id)
            .values(released_at=now, released_by=by, alarm_at=None, neutral_at=None, **named)
        )
    return done.rowcount == 1


def drop(connection: Connection, inbound_id: int) -> bool:
    """Put a held mail away for good, unanswered; false when it is not held. The mail itself stays."""
    done = connection.execute(
        update(inbound).where(inbound.c.id == inbound_id, inbound.c.state == "held").values(state="dropped")
    )
    if done.rowcount:
        stop(connection, inbound_id)
    return done.rowcount == 1


def stop(connection: Connection, inbound_id: int) -> None:
    """Stop the clock of a mail that does not wait any more."""
    connection.execute(update(hold).where(hold.c.inbound_id == inbound_id).values(alarm_at=None, neutral_at=None))


def released(connection: Connection, inbound_ids: Sequence[int]) -> list[Released]:
    """Say which of these mails a person has released."""
    return [
        Released(row.inbound_id, row.released_by, row.asker_id)
        for row in connection.execute(_RELEASED, {"ids": list(inbound_ids)})
    ]


_RELEASED = select(hold.c.inbound_id, hold.c.released_by, hold.c.asker_id).where(
    hold.c.inbound_id.in_(bindparam("ids", expanding=True)), hold.c.released_at.is_not(None)
)


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
