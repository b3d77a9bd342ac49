"""Hand over what is to leave: claim, (send), settle. Sending itself is the relay's, between two turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot import faults
from mailbot.desk.delivery import Attempt, Next, after_failure
from mailbot.desk.routes import Tried
from mailbot.errors import RelayError
from mailbot.flows import staffletters
from mailbot.flows.context import Context
from mailbot.mail.outgoing import Expected, faults_of
from mailbot.store import contracts, incidents, journal, outbox, routes
from mailbot.store.engine import Connection
from mailbot.store.outbox import Claimed, Room, Settled

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Result:
    """What the relay said to one mail, and when: its last word, or its error. `tried`: how the relays fared at that."""

    letter: Claimed
    said: str | RelayError
    at: datetime
    tried: tuple[Tried, ...] = ()


@dataclass(frozen=True, slots=True)
class Claims:
    """The mails that are ours to send, and what only staff may see in them: the addresses of staff and partner."""

    letters: list[Claimed]
    forbidden: tuple[str, ...]


def turn(context: Context, results: Sequence[Result], *, owner: str, room: Room, now: datetime) -> Claims:
    """Write down what became of these mails, and take as many more that are due as there is room for, in one
    transaction.

    Raises StoreUnavailableError; then nothing was written, and the results are to be handed in again.
    """
    if results:
        faults.hit("dispatch.before-settle")
    if room.all:
        faults.hit("dispatch.before-claim")
    with context.store.begin() as connection:
        _settle(context, connection, results)
        routes.note(connection, [tried for each in results for tried in each.tried], now)
        claims = _claim(connection, owner, room, now) if room.all else Claims([], ())
    if results:
        faults.hit("dispatch.after-settle")
    if claims.letters:
        faults.hit("dispatch.after-claim")
    return claims


def _claim(connection: Connection, owner: str, room: Room, now: datetime) -> Claims:
    claimed = outbox.claim(connection, owner=owner, room=room, now=now, lease=LEASE)
    people = contracts.everybody(connection) if claimed else []
    return Claims(claimed, tuple(person.address for person in people))


def refusal(context: Context, letter: Claimed, forbidden: Sequence[str]) -> RelayError | None:
    """Say why a mail must not leave: it is not what it was meant to be (attack row 23). Staff are told then."""
    found = faults_of(letter.raw, _expected(context, letter, forbidden))
    return RelayError(f"not sent by mailbot itself: {'; '.join(found)}", permanent=True) if found else None


def _expected(context: Context, letter: Claimed, forbidden: Sequence[str]) -> Expected:
    return Expected(
        audience=letter.audience,
        sender=context.desk.address,
        recipient=letter.recipient,
        subject=letter.subject,
        message_id=letter.message_id,
        forbidden=tuple(forbidden),
    )


def _settle(context: Context, connection: Connection, results: Sequence[Result]) -> None:
    sent = [(each.letter, each.said, each.at) for each in results if isinstance(each.said, str)]
    outbox.settle_sent(connection, [Settled(it.id, it.fence, "sent", said, at, at) for it, said, at in sent])
    # The relay's 250 is the moment that counts (S18, S19), whoever holds the lease by now.
    incidents.acknowledged(
        connection, {it.incident_id: at for it, _, at in sent if it.kind == "acknowledgement" and it.incident_id}
    )
    journal.write(connection, [_late(it, at) for it, _, at in sent if _is_late(it, at)])
    for result in results:
        if isinstance(result.said, RelayError):
            _settle_failure(context, connection, result.letter, result.said, result.at)


def _is_late(letter: Claimed, at: datetime) -> bool:
    return letter.kind == "acknowledgement" and letter.due_at is not None and at > letter.due_at


def _late(letter: Claimed, at: datetime) -> journal.Entry:
    return journal.Entry(at, f"incident:{letter.incident_id}", "acknowledged-late", f"due {letter.due_at}")


def _settle_failure(
    context: Context, connection: Connection, letter: Claimed, error: RelayError, now: datetime
) -> None:
    decided = _after(context, letter, error, now)
    following = Settled(letter.id, letter.fence, decided.state, str(error), None, decided.at)
    if outbox.settle(connection, following) and decided.state == "failed":
        _tell_staff(context, connection, letter, error, now)


def _after(context: Context, letter: Claimed, error: RelayError, now: datetime) -> Next:
    attempt = Attempt(letter.attempts, letter.created_at, letter.due_at, letter.resend, error.permanent, error.in_doubt)
    policy = context.policy
    return after_failure(attempt, now, give_up_after=policy.give_up_after, max_backoff=policy.max_backoff)


def _tell_staff(context: Context, connection: Connection, letter: Claimed, error: RelayError, now: datetime) -> None:
    journal.write(connection, [journal.Entry(now, f"outbox:{letter.id}", "failed", str(error))])
    if letter.audience == "staff":
        return  # a mail about a mail about a mail helps nobody; `status` shows it
    incident = incidents.by_id(connection, letter.incident_id) if letter.incident_id else None
    number = incident.number if incident else None
    lost = staffletters.Lost(letter.id, letter.key, number, letter.recipient, letter.subject, str(error))
    people = contracts.all_staff(connection)
    outbox.put(connection, [staffletters.undelivered(context, person, lost, now) for person in people], now)


def keep_leases(context: Context, fences: Mapping[int, int], now: datetime) -> None:
    """Say that these mails (id → fence) are still on their way."""
    with context.store.begin() as connection:
        outbox.extend(connection, fences, now=now, lease=LEASE)


def recover(context: Context, now: datetime) -> int:
    """At the start of the only daemon on this database: what was on its way when the last one died is in doubt."""
    with context.store.begin() as connection:
        return outbox.abandon(connection, now)
