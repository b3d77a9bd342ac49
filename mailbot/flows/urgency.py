"""A person says how urgent an incident is (S20): its clock, those who are called and its asker follow that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mailbot.desk import callreplies
from mailbot.desk.calendar import opens_next
from mailbot.desk.callreplies import Decided
from mailbot.desk.contract import AskerKind, Menu, Role, Staff
from mailbot.desk.incident import Incident, Status, Urgency
from mailbot.desk.orders import Outcome, Said
from mailbot.desk.sla import first_response, part_of_window
from mailbot.errors import RefusedError
from mailbot.flows import answerclocks, callletters, escalation, letters, life
from mailbot.flows.callletters import URGENCY
from mailbot.flows.context import Context
from mailbot.store import calendars as calendar_store
from mailbot.store import contracts, events, incidents, journal, outbox
from mailbot.store.engine import Connection, RowMapping

_FIRST_PAGE = 50  # per cent of the window


def decide(
    context: Context, connection: Connection, incident: Incident, by: Staff, *, urgent: bool, now: datetime
) -> Outcome:
    """Write down how urgent it is, in the caller's transaction, with all that follows from it.

    The first response is due anew, counted from arrival, where it was not given yet. Calls begin, or end. The asker is
    told where it changes what was promised. A closed incident is refused; what was said before changes nothing.
    """
    if by.role is Role.PARTNER:
        return Outcome(Said.NOT_CALLED)
    row = incidents.whole(connection, incident.id)
    if incident.status is Status.CLOSED:
        return Outcome(Said.INCIDENT_CLOSED, incident.number)
    wanted = Urgency.URGENT if urgent else Urgency.NORMAL
    if row["urgency"] == wanted or not incidents.decide_urgency(
        connection, incident.id, row["urgency"], wanted, by=by.address
    ):
        return Outcome(Said.UNCHANGED, incident.number)
    event = events.put(connection, incident.id, incident.contract_id, now, URGENCY, by.address, wanted.value)
    why = f"{row['urgency']} to {wanted}, by {by.address}"
    journal.write(connection, [journal.Entry(now, f"incident:{incident.id}", URGENCY, why)])
    _clock(context, connection, incident, row, urgent=urgent, now=now)
    answerclocks.set_anew(context, connection, incident.id, now)
    _calls(context, connection, incident, row, by, event, urgent=urgent, now=now)
    if (row["urgency"] == Urgency.NORMAL) == urgent:  # what is in doubt was handled as urgent before
        _tell_asker(context, connection, incident, row, event, urgent=urgent, now=now)
    return Outcome(Said.URGENT if urgent else Said.NOT_URGENT, incident.number)


def _clock(
    context: Context, connection: Connection, incident: Incident, row: RowMapping, *, urgent: bool, now: datetime
) -> None:
    menu, calendars = escalation.menu_of(context, connection, row), context.rules.calendars
    due = first_response(menu, calendars, received_at=row["received_at"], urgent=urgent)
    if due.due_at == row["due_at"]:
        return
    page_at = part_of_window(menu, calendars, received_at=row["received_at"], urgent=urgent, percent=_FIRST_PAGE)
    edition = calendar_store.keep(connection, due.hours, since=row["received_at"], until=due.due_at, now=now)
    incidents.count_anew(
        connection, incident.id, due_at=due.due_at, starts_at=due.starts_at, page_at=page_at, edition=edition
    )


def _calls(
    context: Context,
    connection: Connection,
    incident: Incident,
    row: RowMapping,
    by: Staff,
    event: int,
    *,
    urgent: bool,
    now: datetime,
) -> None:
    if not urgent:
        escalation.stop(connection, incident, f"not urgent, by {by.address}", now)
        key = f"claimed:{incident.id}:{event}"
        told = callletters.settled(context, connection, incident, by, taken=False, key=key, wrote="", now=now)
        outbox.put(connection, told, now)
    elif row["urgency"] == Urgency.NORMAL:
        escalation.start(context, connection, incident, now)
        escalation.call(context, connection, incident.id, now)


@dataclass(frozen=True, slots=True)
class _Promise:
    """What an asker can rely on: by when the first response comes, and when work goes on."""

    due_at: datetime
    goes_on_at: datetime


def _promise(context: Context, menu: Menu, row: RowMapping, *, urgent: bool, now: datetime) -> _Promise:
    calendars = context.rules.calendars
    due = first_response(menu, calendars, received_at=row["received_at"], urgent=urgent)
    return _Promise(due.due_at, opens_next(calendars[menu.urgent_coverage if urgent else menu.coverage], now))


def _tell_asker(
    context: Context,
    connection: Connection,
    incident: Incident,
    row: RowMapping,
    event: int,
    *,
    urgent: bool,
    now: datetime,
) -> None:
    menu = escalation.menu_of(context, connection, row)
    promise = _promise(context, menu, row, urgent=urgent, now=now)
    if promise == _promise(context, menu, row, urgent=not urgent, now=now):
        return
    registration = contracts.registration_of(connection, incident.asker_id)
    if registration is None or registration.asker.removed:
        return
    asker = registration.asker
    decided = Decided(
        language=row["language"],
        incident_number=incident.number,
        customer=registration.contract.customer,
        recipient_name=asker.name,
        to_list=asker.kind is AskerKind.LIST,
        subject=row["subject"],
        urgent=urgent,
        starts_at=promise.goes_on_at if promise.goes_on_at > now else None,
        zone=registration.contract.zone(context.desk.zone),
    )
    letter = letters.to_asker(
        context,
        asker,
        key=f"urgency:{incident.id}:{event}",
        kind="urgency",
        incident=incident,
        said=callreplies.urgency(context.desk, decided),
        now=now,
    )
    outbox.put(connection, [letter], now)


def decide_by_hand(context: Context, number: str, by: str, *, urgent: bool, now: datetime) -> str:
    """Do what `decide` does in a transaction of its own; say what was done.

    Raises InputError, NotFoundError, or RefusedError when the incident is closed.
    """
    with context.store.begin() as connection:
        person, incident = life.who(connection, by), life.existing(connection, number)
        outcome = decide(context, connection, incident, person, urgent=urgent, now=now)
    if outcome.said is Said.UNCHANGED:
        return f"{incident.number} is {'urgent' if urgent else 'normal'} already"
    if not outcome.done:
        raise RefusedError(life.refusal(incident, outcome))
    return f"{incident.number} is {'urgent' if urgent else 'normal'} now"
