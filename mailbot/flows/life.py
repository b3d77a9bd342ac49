"""An incident goes on: somebody takes it, a person answered, it is the customer's turn or the desk's, it is over (S6).

One table decides what may happen (`desk.incident.LIFE`); each step is written down, and sets the clock of its answers,
in one transaction. Doing it twice is harmless.
"""

from __future__ import annotations

from datetime import UTC, datetime

from mailbot.desk.contract import Role, Staff
from mailbot.desk.incident import LIFE, Happening, Incident, Status
from mailbot.desk.orders import Outcome, Said
from mailbot.errors import InputError, NotFoundError, RefusedError
from mailbot.flows import answerclocks, callletters, escalation
from mailbot.flows.context import Context
from mailbot.mail.address import normalise
from mailbot.store import answers, contracts, escalations, events, incidents, journal, outbox
from mailbot.store.answers import Clocked
from mailbot.store.engine import Connection

TAKEN = "taken"
_WHY_NOT = {
    Said.TAKEN_BY_ANOTHER: "is taken already, by",
    Said.INCIDENT_CLOSED: "is closed",
    Said.NOT_CALLED: "is not for the partner, who was not called",
}


class ClosedMeanwhileError(Exception):
    """An incident was closed while a mail to it was looked at: looked at again, it is a new question (S6)."""


def answered(context: Context, connection: Connection, incident: Incident, by: str, now: datetime) -> None:
    """A person answered the customer: the promise is kept, and the time until news begins. Raises RefusedError."""
    _by_person(context, connection, incident, Happening.ANSWERED, by, now)


def wait(context: Context, connection: Connection, incident: Incident, by: str, now: datetime) -> None:
    """It is the customer's turn: the clock stops until they write. Raises RefusedError."""
    _by_person(context, connection, incident, Happening.WAITS, by, now)


def resume(context: Context, connection: Connection, incident: Incident, by: str, now: datetime) -> None:
    """It is the desk's turn although the customer did not write: the clock goes on. Raises RefusedError."""
    _by_person(context, connection, incident, Happening.RESUMED, by, now)


def close(context: Context, connection: Connection, incident: Incident, by: str, now: datetime) -> None:
    """The question is complete (S6). Raises RefusedError."""
    _by_person(context, connection, incident, Happening.CLOSED, by, now)


def customer_wrote(context: Context, connection: Connection, incident: Incident, by: str, at: datetime) -> None:
    """The customer wrote: one that waited for that is the desk's again, from the arrival of the mail on.

    Raises ClosedMeanwhileError.
    """
    found = answers.clocked(connection, incident.id)
    status = LIFE.get((found.status, Happening.CUSTOMER_WROTE))
    if status is None:
        raise ClosedMeanwhileError(incident.number)
    if status is not found.status:
        _step(context, connection, found, status, Happening.CUSTOMER_WROTE, by, at)


def by_hand(context: Context, number: str, happening: Happening, by: str, now: datetime) -> Status:
    """Take a step for one of staff, in a transaction of its own; give where the incident then stands.

    Raises InputError, NotFoundError or RefusedError.
    """
    with context.store.begin() as connection:
        incident, person = existing(connection, number), who(connection, by)
        if person.role is Role.PARTNER:
            raise RefusedError(f"{person.address} is a partner: only staff can do that")
        return _by_person(context, connection, incident, happening, person.address, now)


def _by_person(
    context: Context, connection: Connection, incident: Incident, happening: Happening, by: str, now: datetime
) -> Status:
    found = answers.clocked(connection, incident.id)
    status = LIFE.get((found.status, happening))
    if status is None:
        raise RefusedError(f"{incident.number} is {found.status}: {_REFUSED[happening]}")
    _step(context, connection, found, status, happening, by, now)
    if happening in _ENDS_CALLS:
        escalation.stop(connection, incident, f"{happening} by {by}", now)
    return status


_ENDS_CALLS = frozenset({Happening.ANSWERED, Happening.CLOSED})


_REFUSED = {
    Happening.ANSWERED: "only what is open can be answered",
    Happening.WAITS: "only what is open can wait for its customer",
    Happening.RESUMED: "only what waits for its customer can be resumed",
    Happening.CLOSED: "only what is open can be closed",
}


def _step(
    context: Context,
    connection: Connection,
    found: Clocked,
    status: Status,
    happening: Happening,
    by: str,
    at: datetime,
) -> None:
    answered_at = at if happening is Happening.ANSWERED and found.answered_at is None else found.answered_at
    kept = _promise_kept(context, connection, found, happening, at)
    answers.step(connection, found.id, status, answered_at)
    events.put(connection, found.id, found.contract_id, at, happening, by, kept)
    answerclocks.set_anew(context, connection, found.id, at)


def _promise_kept(context: Context, connection: Connection, found: Clocked, happening: Happening, at: datetime) -> str:
    """What was due when it was done: a verdict that no later change of a calendar can touch."""
    if happening not in (Happening.ANSWERED, Happening.CLOSED):
        return ""
    clock = answerclocks.clock_of(context, connection, found, at)
    if clock is None or (due_at := clock.rounds[-1].due_at) is None:
        return ""
    return f"due {due_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}, {'late' if clock.rounds[-1].late else 'in time'}"


def take(
    context: Context, connection: Connection, incident: Incident, person: Staff, now: datetime, *, wrote: str = ""
) -> Outcome:
    """Give the incident to the first who wants it: nobody is called for it any more, and those who were called hear who
    has it, with what that person `wrote` besides. The partner may take only what he was called for, and hears of nobody
    else (S27).
    """
    if person.role is Role.PARTNER and person.address not in escalations.called(connection, incident.id):
        return Outcome(Said.NOT_CALLED)
    if incident.status is Status.CLOSED:
        return Outcome(Said.INCIDENT_CLOSED, incident.number)
    if not incidents.take(connection, incident.id, person.id, now):
        return _taken(connection, incident, person)
    escalations.claim(connection, incident.id, person.id, now)
    event = events.put(connection, incident.id, incident.contract_id, now, TAKEN, person.address, "")
    journal.write(connection, [journal.Entry(now, f"incident:{incident.id}", TAKEN, f"by {person.address}")])
    key = f"claimed:{incident.id}:{event}"
    told = callletters.settled(context, connection, incident, person, taken=True, key=key, wrote=wrote, now=now)
    outbox.put(connection, told, now)
    return Outcome(Said.TAKEN, incident.number)


def _taken(connection: Connection, incident: Incident, person: Staff) -> Outcome:
    """Somebody was first; only staff hear who."""
    holder = incidents.whole(connection, incident.id)["assignee_id"]
    if holder == person.id:
        return Outcome(Said.TAKEN, incident.number)
    first = contracts.staff_by_id(connection, holder)
    if first is None or person.role is Role.PARTNER:
        return Outcome(Said.TAKEN_BY_ANOTHER, incident.number)
    return Outcome(Said.TAKEN_BY_ANOTHER, f"{incident.number}, {first.name} <{first.address}>")


def take_by_hand(context: Context, number: str, by: str, now: datetime) -> str:
    """Do what `take` does in a transaction of its own; say what was done.

    Raises InputError, NotFoundError, or RefusedError when another has it or it is closed.
    """
    with context.store.begin() as connection:
        incident, person = existing(connection, number), who(connection, by)
        outcome = take(context, connection, incident, person, now)
    if not outcome.done:
        raise RefusedError(refusal(incident, outcome))
    return f"{incident.number} is taken by {person.name} <{person.address}>"


def refusal(incident: Incident, outcome: Outcome) -> str:
    """Say in one line why something was not done."""
    holder = outcome.detail.partition(", ")[2]
    return f"{incident.number} {_WHY_NOT.get(outcome.said, outcome.said.value)} {holder}".strip()


def existing(connection: Connection, number: str) -> Incident:
    """Give the incident of this number. Raises NotFoundError."""
    incident = incidents.by_number(connection, number.strip().upper())
    if incident is None:
        raise NotFoundError(f"there is no incident {number!r}: see mailbot incident list")
    return incident


def who(connection: Connection, written: str) -> Staff:
    """Give the one of those who answer with this address. Raises InputError or NotFoundError."""
    try:
        address = normalise(written)
    except ValueError as error:
        raise InputError(f"--by {written!r}: {error}") from None
    for person in contracts.everybody(connection):
        if person.address == address:
            return person
    raise NotFoundError(f"--by {address}: nobody is registered so: see mailbot staff list")
