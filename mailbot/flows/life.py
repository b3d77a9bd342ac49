"""What do those who answer do with an incident? Each deed whole or not at all; doing it twice is harmless."""

from __future__ import annotations

from datetime import datetime

from mailbot.desk.contract import Role, Staff
from mailbot.desk.incident import Incident, Status
from mailbot.desk.orders import Outcome, Said
from mailbot.errors import InputError, NotFoundError, RefusedError
from mailbot.flows import callletters
from mailbot.flows.context import Context
from mailbot.mail.address import normalise
from mailbot.store import contracts, escalations, events, incidents, journal, outbox
from mailbot.store.engine import Connection

TAKEN = "taken"
_WHY_NOT = {
    Said.TAKEN_BY_ANOTHER: "is taken already, by",
    Said.INCIDENT_CLOSED: "is closed",
    Said.NOT_CALLED: "is not for the partner, who was not called",
}


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
