"""Which mails are to leave, and what became of each? Nothing leaves except through here.

ready → claimed → sent | in_doubt | failed; only the holder of the current fence may settle a claimed row (promises,
invariants 3–5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, and_, bindparam, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.desk.routes import Way
from mailbot.mail.compose import Audience
from mailbot.store.schema import CLAIMED, WAITING_TO_LEAVE, Instant, incident, outbox

URGENT, ACKNOWLEDGEMENT, ANSWER, STAFF, NOTICE, BULLETIN = range(6)
"""Priorities: acknowledgements overtake everything else; those of urgent questions, and alarms, overtake all others."""


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A finished mail that is to leave. `sender` is the envelope's: empty for the null path.

    `resend` says whether it may go out again when nobody knows if it was taken; `way` is the relay that it prefers.
    """

    key: str
    kind: str
    audience: Audience
    contract_id: int | None
    incident_id: int | None
    inbound_id: int | None
    message_id: str
    sender: str
    recipient: str
    subject: str
    raw: bytes
    priority: int
    resend: bool
    due_at: datetime | None
    way: Way = "first"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that is ours to send for the time of the lease."""

    id: int
    fence: int
    key: str
    kind: str
    audience: Audience
    incident_id: int | None
    message_id: str
    sender: str
    recipient: str
    subject: str
    raw: bytes
    attempts: int
    resend: bool
    created_at: datetime
    due_at: datetime | None
    priority: int
    way: Way

    @property
    def pressing(self) -> bool:
        """Say whether it must not wait: an acknowledgement, or an alarm."""
        return self.priority <= ACKNOWLEDGEMENT


@dataclass(frozen=True, slots=True)
class Room:
    """How many mails that prefer a way may be taken: in all, and of those that may wait."""

    way: Way
    all: int
    patient: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claimed mail."""

    id: int
    fence: int
    state: str
    answer: str
    sent_at: datetime | None
    next_attempt_at: datetime


def put(connection: Connection, letters: Sequence[NewLetter], now: datetime) -> None:
    """Queue mails; one whose key was queued before is left as it is, so that a replay cannot double it."""
    if letters:
        statement = _PUT_SQLITE if connection.dialect.name == "sqlite" else _PUT_POSTGRESQL
        connection.execute(statement, [_row(letter, now) for letter in letters])


def _row(letter: NewLetter, now: datetime) -> dict[str, object]:
    return {
        "key": letter.key,
        "kind": letter.kind,
        "audience": letter.audience,
        "contract_id": letter.contract_id,
        "incident_id": letter.incident_id,
        "inbound_id": letter.inbound_id,
        "message_id": letter.message_id,
        "sender": letter.sender,
        "recipient": letter.recipient,
        "subject": letter.subject,
        "raw": letter.raw,
        "priority": letter.priority,
        "created_at": now,
        "due_at": letter.due_at,
        "way": letter.way,
        "state": "ready",
        "resend": letter.resend,
        "attempts": 0,
        "next_attempt_at": now,
        "fence": 0,
    }


_PUT_SQLITE = sqlite.insert(outbox).on_conflict_do_nothing(index_elements=["key"])
_PUT_POSTGRESQL = postgresql.insert(outbox).on_conflict_do_nothing(index_elements=["key"])


def claim(connection: Connection, *, owner: str, room: Room, now: datetime, lease: timedelta) -> list[Claimed]:
    """Take mails that are due. One whose holder let the lease run out is in doubt first."""
    counted = lease_clock(connection, now)
    connection.execute(_EXPIRE, {"now": counted, "chosen": room.way})
    values = {"now": now, "owner": owner, "until": counted + lease, "chosen": room.way}
    pressing = _claimed(connection, values | {"least": URGENT, "most": ACKNOWLEDGEMENT, "n": room.all})
    patient = min(room.patient, room.all - len(pressing))
    if patient <= 0:
        return pressing
    return pressing + _claimed(connection, values | {"least": ANSWER, "most": BULLETIN, "n": patient})


def _claimed(connection: Connection, values: Mapping[str, object]) -> list[Claimed]:
    found = [
        Claimed(
            id=row.id,
            fence=row.fence,
            key=row.key,
            kind=row.kind,
            audience=row.audience,
            incident_id=row.incident_id,
            message_id=row.message_id,
            sender=row.sender,
            recipient=row.recipient,
            subject=row.subject,
            raw=row.raw,
            attempts=row.attempts,
            resend=row.resend,
            created_at=row.created_at,
            due_at=row.due_at,
            priority=row.priority,
            way=row.way,
        )
        for row in connection.execute(_CLAIM, values)
    ]
    return sorted(found, key=lambda each: each.id)


def lease_clock(connection: Connection, now: datetime) -> datetime:
    """Give the moment by which leases are counted: the server's, for the clocks of several daemons may disagree."""
    if connection.dialect.name == "sqlite":
        return now
    return connection.execute(select(func.clock_timestamp(type_=Instant))).scalar_one()


_EXPIRE = (
    update(outbox)
    # Those of the other way are its own dispatcher's, which prolongs them first when the clock was set.
    .where(text(CLAIMED), outbox.c.way == bindparam("chosen"), outbox.c.lease_until < bindparam("now"))
    .values(state="in_doubt", answer="its sender vanished", fence=outbox.c.fence + 1)
)
_DUE = (
    select(outbox.c.id)
    .where(
        text(WAITING_TO_LEAVE),
        outbox.c.way == bindparam("chosen"),
        outbox.c.priority.between(bindparam("least"), bindparam("most")),
        or_(outbox.c.state == "ready", and_(outbox.c.state == "in_doubt", outbox.c.resend)),
        # A new letter waits for nothing: that it was made by a clock ahead of ours is no reason.
        or_(outbox.c.attempts == 0, outbox.c.next_attempt_at <= bindparam("now")),
    )
    .order_by(outbox.c.priority, outbox.c.next_attempt_at)
    .limit(bindparam("n"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(_DUE.scalar_subquery()))
    .values(
        state="claimed",
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        fence=outbox.c.fence + 1,
        attempts=outbox.c.attempts + 1,
    )
    .returning(outbox)
)


def extend(connection: Connection, fences: Mapping[int, int], *, now: datetime, lease: timedelta) -> None:
    """Keep the leases of mails that are still on their way (id → fence)."""
    if fences:
        until = lease_clock(connection, now) + lease
        connection.execute(_EXTEND, [{"row": row, "held": fence, "until": until} for row, fence in fences.items()])


_HELD = and_(outbox.c.id == bindparam("row"), outbox.c.fence == bindparam("held"), outbox.c.state == "claimed")
_EXTEND = update(outbox).where(_HELD).values(lease_until=bindparam("until"))


def abandon(connection: Connection, now: datetime) -> int:
    """Put in doubt what was claimed by a daemon that cannot be alive any more; only for a database with one daemon."""
    done = connection.execute(
        update(outbox)
        .where(outbox.c.state == "claimed")
        .values(state="in_doubt", answer="its sender vanished", next_attempt_at=now, fence=outbox.c.fence + 1)
    )
    return done.rowcount


def settle(connection: Connection, settled: Settled) -> bool:
    """Write down what became of a mail; false when the lease was lost, and with it the right to say so."""
    return connection.execute(_SETTLE, _settled_row(settled)).rowcount == 1


def _settled_row(settled: Settled) -> dict[str, object]:
    return {
        "row": settled.id,
        "held": settled.fence,
        "new_state": settled.state,
        "new_answer": settled.answer,
        "at": settled.sent_at,
        "next": settled.next_attempt_at,
    }


def settle_sent(connection: Connection, sent: Sequence[Settled]) -> None:
    """Write down which mails the relay took. One whose lease was lost is left to its new holder."""
    if sent:
        connection.execute(_SETTLE, [_settled_row(each) for each in sent])


_SETTLE = (
    update(outbox)
    .where(_HELD)
    .values(
        state=bindparam("new_state"),
        answer=bindparam("new_answer"),
        sent_at=bindparam("at"),
        next_attempt_at=bindparam("next"),
        lease_owner=None,
        lease_until=None,
    )
)


def retry(connection: Connection, outbox_id: int, now: datetime) -> bool:
    """Let a failed, held or doubtful mail go out again; false when it is none of these."""
    done = connection.execute(
        update(outbox)
        .where(outbox.c.id == outbox_id, outbox.c.state.in_(("failed", "held", "in_doubt", "ready")))
        .values(state="ready", next_attempt_at=now, attempts=0)
    )
    return done.rowcount == 1


_LISTED = (
    outbox.c.id,
    outbox.c.key,
    outbox.c.kind,
    outbox.c.audience,
    outbox.c.recipient.label("to"),
    outbox.c.subject,
    outbox.c.message_id,
    outbox.c.state,
    outbox.c.attempts,
    outbox.c.created_at,
    outbox.c.next_attempt_at,
    outbox.c.sent_at,
    outbox.c.due_at,
    outbox.c.answer,
    outbox.c.inbound_id,
    incident.c.number.label("incident"),
)
_SHOWN = select(*_LISTED).select_from(outbox.outerjoin(incident, incident.c.id == outbox.c.incident_id))


def listed(connection: Connection, *, states: Sequence[str], limit: int) -> list[RowMapping]:
    """Give the newest mails, newest first; of these states, or of all when none is named."""
    query = _SHOWN.order_by(outbox.c.id.desc()).limit(limit)
    if states:
        query = query.where(outbox.c.state.in_(states))
    return list(connection.execute(query).mappings())


def by_message_id(connection: Connection, message_id: str) -> RowMapping | None:
    """Find the mail of ours with this Message-ID."""
    return connection.execute(_SHOWN.where(outbox.c.message_id == message_id)).mappings().one_or_none()


def keys_of(connection: Connection, message_ids: Sequence[str]) -> list[str]:
    """Give the keys of those mails of ours that have one of these Message-IDs."""
    return list(connection.execute(select(outbox.c.key).where(outbox.c.message_id.in_(message_ids))).scalars())


def has(connection: Connection, key: str) -> bool:
    """Say whether a mail with this key was queued, whatever became of it."""
    return connection.execute(select(outbox.c.id).where(outbox.c.key == key)).first() is not None


def by_id(connection: Connection, outbox_id: int) -> RowMapping | None:
    """Find a mail of ours by its row."""
    return connection.execute(_SHOWN.where(outbox.c.id == outbox_id)).mappings().one_or_none()


def caused_by(connection: Connection, inbound_id: int) -> list[RowMapping]:
    """Give the mails that leave because this one came in, oldest first."""
    query = _SHOWN.where(outbox.c.inbound_id == inbound_id).order_by(outbox.c.id)
    return list(connection.execute(query).mappings())


def raw(connection: Connection, outbox_id: int) -> bytes | None:
    """Give the bytes of a mail as they leave (before DKIM)."""
    return connection.execute(select(outbox.c.raw).where(outbox.c.id == outbox_id)).scalar_one_or_none()


def counts(connection: Connection) -> dict[str, int]:
    """Count the mails by state."""
    rows = connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return dict(rows.all())


def fates(connection: Connection, keys: Sequence[str]) -> list[RowMapping]:
    """Say what became of the mails with these keys: way, recipient, state, attempts and answer."""
    chosen = (outbox.c.way, outbox.c.recipient, outbox.c.state, outbox.c.attempts, outbox.c.answer)
    return list(connection.execute(select(*chosen).where(outbox.c.key.in_(keys)).order_by(outbox.c.id)).mappings())


def waiting(connection: Connection, kind: str) -> int:
    """Count the mails of this kind that have not left yet."""
    query = select(func.count()).where(text(WAITING_TO_LEAVE), outbox.c.kind == kind)
    return int(connection.execute(query).scalar_one())


def oldest_due(connection: Connection) -> datetime | None:
    """Say since when the oldest mail waits that has not left."""
    return connection.execute(
        select(func.min(outbox.c.created_at)).where(outbox.c.state.in_(("ready", "claimed", "in_doubt")))
    ).scalar_one_or_none()
