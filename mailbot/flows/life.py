"""An incident goes on: a person answered, it is the customer's turn or the desk's, it is over (S6). One table decides
what may happen (`desk.incident.LIFE`); each step is written down and sets the clock of its answers in one transaction.
"""

from __future__ import annotations

from datetime import UTC, datetime

from mailbot.desk.incident import LIFE, Happening, Incident, Status
from mailbot.errors import InputError, NotFoundError, RefusedError
from mailbot.flows import answerclocks
from mailbot.flows.context import Context
from mailbot.mail.address import normalise
from mailbot.store import answers, contracts, events, incidents
from mailbot.store.answers import Clocked
from mailbot.store.engine import Connection


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
    try:
        address = normalise(by)
    except ValueError:
        raise InputError(f"--by {by!r} is no mail address") from None
    with context.store.begin() as connection:
        incident = incidents.by_number(connection, number)
        if incident is None:
            raise NotFoundError(f"there is no incident {number!r}: see mailbot incident list")
        if address not in {person.address for person in contracts.all_staff(connection)}:
            raise NotFoundError(f"{address} is not registered as staff: see mailbot staff list")
        return _by_person(context, connection, incident, happening, address, now)


def _by_person(
    context: Context, connection: Connection, incident: Incident, happening: Happening, by: str, now: datetime
) -> Status:
    found = answers.clocked(connection, incident.id)
    status = LIFE.get((found.status, happening))
    if status is None:
        raise RefusedError(f"{incident.number} is {found.status}: {_REFUSED[happening]}")
    _step(context, connection, found, status, happening, by, now)
    return status


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
