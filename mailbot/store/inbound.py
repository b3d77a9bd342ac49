"""Which mails were taken in, and what became of each?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, case, func, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.mail.envelope import Arrival
from mailbot.mail.fingerprint import fingerprint, first_message_id
from mailbot.store.schema import hold, inbound, incident, message

_PROCESSING_LOCK = 0x6D61696C  # one number, known to every daemon on this database


@dataclass(frozen=True, slots=True)
class Waiting:
    """A kept mail that has not been looked at yet."""

    id: int
    raw: bytes
    sender: str
    recipients: tuple[str, ...]
    received_at: datetime
    fingerprint: str
    attempts: int
    channel: str
    peer: str
    helo: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail."""

    id: int
    state: str
    verdict: str
    reason: str | None
    evidence: list[list[str]]
    from_address: str
    subject: str
    message_id: str | None


def keep(connection: Connection, arrival: Arrival) -> int | None:
    """Store one mail; give its id, or None when this very mail was kept before (attack row 17)."""
    envelope = arrival.envelope
    values = {
        "channel": envelope.channel,
        "received_at": arrival.received_at,
        "sender": envelope.sender,
        "recipients": "\n".join(envelope.recipients),
        "envelope": {
            "channel": envelope.channel,
            "sender": envelope.sender,
            "recipients": envelope.recipients,
            "peer": envelope.peer,
            "helo": envelope.helo,
            "tls": envelope.tls,
            "smtputf8": envelope.smtputf8,
        },
        "size": len(arrival.raw),
        "fingerprint": fingerprint(arrival.raw),
        "message_id": first_message_id(arrival.raw),
        "from_address": "",
        "subject": "",
        "state": "new",
        "attempts": 0,
        "raw": arrival.raw,
    }
    statement = _KEEP_SQLITE if connection.dialect.name == "sqlite" else _KEEP_POSTGRESQL
    return connection.execute(statement, values).scalar_one_or_none()


_KEEP_SQLITE = sqlite.insert(inbound).on_conflict_do_nothing().returning(inbound.c.id)
_KEEP_POSTGRESQL = postgresql.insert(inbound).on_conflict_do_nothing().returning(inbound.c.id)


def waiting(connection: Connection, *, after: int, limit: int, max_bytes: int) -> list[Waiting]:
    """Give the oldest undecided mails behind the id `after`, in order of arrival: one at least, `max_bytes` at most."""
    chosen: list[int] = []
    total = 0
    for row in connection.execute(_WAITING_SIZES, {"n": limit, "after": after}):
        total += row.size
        if chosen and total > max_bytes:
            break
        chosen.append(row.id)
    if not chosen:
        return []
    return [
        Waiting(
            row.id,
            row.raw,
            row.sender,
            _lines(row.recipients),
            row.received_at,
            row.fingerprint,
            row.attempts,
            row.channel,
            row.envelope["peer"],
            row.envelope["helo"],
        )
        for row in connection.execute(_WAITING, {"ids": chosen})
    ]


def _lines(recipients: str) -> tuple[str, ...]:
    return tuple(recipients.split("\n"))


_WAITING_SIZES = (
    select(inbound.c.id, inbound.c.size)
    .where(inbound.c.state == "new", inbound.c.id > bindparam("after"))
    .order_by(inbound.c.id)
    .limit(bindparam("n"))
)
_WAITING = (
    select(
        inbound.c.id,
        inbound.c.raw,
        inbound.c.sender,
        inbound.c.recipients,
        inbound.c.received_at,
        inbound.c.fingerprint,
        inbound.c.attempts,
        inbound.c.channel,
        inbound.c.envelope,
    )
    .where(inbound.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(inbound.c.id)
)


def claim_processing(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Become the only one who decides about mails, until the transaction ends; say which of these are still undecided.

    Mails are decided strictly one after another, whatever the number of daemons, so that a reply never overtakes the
    question that it answers. SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_PROCESSING_LOCK)))
    return set(connection.execute(_STILL_NEW, {"ids": list(ids)}).scalars())


_STILL_NEW = select(inbound.c.id).where(inbound.c.id.in_(bindparam("ids", expanding=True)), inbound.c.state == "new")


def twins(connection: Connection, fingerprints: Sequence[str]) -> list[tuple[str, int, tuple[str, ...]]]:
    """Give (fingerprint, id, recipients) of every kept mail with one of these contents."""
    rows = connection.execute(_TWINS, {"prints": list(fingerprints)})
    return [(row.fingerprint, row.id, _lines(row.recipients)) for row in rows]


_TWINS = select(inbound.c.fingerprint, inbound.c.id, inbound.c.recipients).where(
    inbound.c.fingerprint.in_(bindparam("prints", expanding=True)), inbound.c.state != "dropped"
)


def settle(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Write down what became of these mails."""
    if outcomes:
        connection.execute(
            _SETTLE,
            [
                {
                    "row": outcome.id,
                    "new_state": outcome.state,
                    "new_verdict": outcome.verdict,
                    "new_reason": outcome.reason,
                    "new_evidence": outcome.evidence,
                    "new_from": outcome.from_address,
                    "new_subject": outcome.subject,
                    "new_message_id": outcome.message_id,
                }
                for outcome in outcomes
            ],
        )


_SETTLE = (
    update(inbound)
    .where(inbound.c.id == bindparam("row"))
    .values(
        state=bindparam("new_state"),
        verdict=bindparam("new_verdict"),
        reason=bindparam("new_reason"),
        evidence=bindparam("new_evidence"),
        from_address=bindparam("new_from"),
        subject=bindparam("new_subject"),
        message_id=bindparam("new_message_id"),
        attempts=inbound.c.attempts + 1,
        error=None,
    )
)


def fail(connection: Connection, inbound_id: int, error: str) -> bool:
    """Set a mail aside that broke the program; false when it was decided meanwhile."""
    done = connection.execute(
        update(inbound)
        .where(inbound.c.id == inbound_id, inbound.c.state == "new")
        .values(state="failed", error=error, attempts=inbound.c.attempts + 1)
    )
    return done.rowcount == 1


def retry(connection: Connection, inbound_id: int) -> bool:
    """Let a failed, held or dropped mail be looked at again; false when it is none of these."""
    done = connection.execute(
        update(inbound)
        .where(inbound.c.id == inbound_id, inbound.c.state.in_(("failed", "held", "dropped")))
        .values(state="new", verdict=None, reason=None, evidence=None, told_staff_at=None)
    )
    if done.rowcount:
        connection.execute(update(hold).where(hold.c.inbound_id == inbound_id).values(alarm_at=None, neutral_at=None))
    return done.rowcount == 1


def last_told(connection: Connection) -> datetime | None:
    """Say when staff were last told of held mails."""
    return connection.execute(
        select(inbound.c.told_staff_at)
        .where(inbound.c.told_staff_at.is_not(None))
        .order_by(inbound.c.told_staff_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def mark_told(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Remember that staff know of these; of some they may have known before."""
    new = inbound.c.id.in_(ids), inbound.c.told_staff_at.is_(None)
    connection.execute(update(inbound).where(*new).values(told_staff_at=now))


_LISTED = (
    inbound.c.id,
    inbound.c.channel,
    inbound.c.received_at,
    inbound.c.sender,
    inbound.c.recipients,
    inbound.c.from_address,
    inbound.c.subject,
    inbound.c.message_id,
    inbound.c.size,
    inbound.c.state,
    inbound.c.verdict,
    inbound.c.reason,
    incident.c.number.label("incident"),
    case((inbound.c.state == "held", hold.c.due_at)).label("due_at"),
)
_JOINED = (
    inbound.outerjoin(message, message.c.inbound_id == inbound.c.id)
    .outerjoin(incident, incident.c.id == message.c.incident_id)
    .outerjoin(hold, hold.c.inbound_id == inbound.c.id)
)


def listed(connection: Connection, *, states: Sequence[str], limit: int) -> list[RowMapping]:
    """Give the newest mails, newest first; of these states, or of all when none is named."""
    query = select(*_LISTED).select_from(_JOINED).order_by(inbound.c.id.desc()).limit(limit)
    if states:
        query = query.where(inbound.c.state.in_(states))
    return list(connection.execute(query).mappings())


def find(connection: Connection, what: str) -> list[RowMapping]:
    """Give the mails with this id or Message-ID, with their evidence and error."""
    named = inbound.c.message_id == what.strip().strip("<>")
    is_id = what.isascii() and what.isdigit() and len(what) < 19  # as many digits as a row's id can have
    wanted = or_(named, inbound.c.id == int(what)) if is_id else named
    query = select(
        *_LISTED, inbound.c.evidence, inbound.c.error, inbound.c.attempts, inbound.c.envelope, inbound.c.fingerprint
    )
    return list(connection.execute(query.select_from(_JOINED).where(wanted).order_by(inbound.c.id)).mappings())


def raw(connection: Connection, inbound_id: int) -> bytes | None:
    """Give the bytes of a mail as they came."""
    return connection.execute(select(inbound.c.raw).where(inbound.c.id == inbound_id)).scalar_one_or_none()


def size(connection: Connection, inbound_id: int) -> int | None:
    """Say how many bytes a mail has; None when there is no such mail."""
    return connection.execute(select(inbound.c.size).where(inbound.c.id == inbound_id)).scalar_one_or_none()


def sizes(connection: Connection, since: datetime | None) -> dict[int, int]:
    """Give the size of every mail that was decided about, oldest first; only of those since then, if it is said."""
    query = select(inbound.c.id, inbound.c.size).where(inbound.c.state != "new").order_by(inbound.c.id)
    if since is not None:
        query = query.where(inbound.c.received_at >= since)
    return {row.id: row.size for row in connection.execute(query)}


def counts(connection: Connection) -> Mapping[str, int]:
    """Count the mails by state."""
    rows = connection.execute(select(inbound.c.state, func.count(literal_column("*"))).group_by(inbound.c.state))
    return dict(rows.all())


def oldest(connection: Connection, state: str) -> datetime | None:
    """Say when the oldest mail in this state came."""
    return connection.execute(
        select(func.min(inbound.c.received_at)).where(inbound.c.state == state)
    ).scalar_one_or_none()
