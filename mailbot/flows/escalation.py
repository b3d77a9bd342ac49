"""Call people for an urgent incident, one rung of the ladder after the other, until somebody takes it (S21, S27).

When to call next stands in the database, so a restart forgets nobody, and what fell due meanwhile is done at once.

Who is called hears it by mail, before all other mail. A machine (command, webhook) is told besides when mail may not be
enough: outside the hours from the first call on, for then nobody sits at their mail; within them from the second call
on, for the first was not seen. It is told of the call itself, not by a second letter to the same people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from mailbot.desk import callreplies
from mailbot.desk.calendar import opens_next
from mailbot.desk.callreplies import Next
from mailbot.desk.contract import Menu, Staff
from mailbot.desk.incident import Incident, Status, Urgency
from mailbot.desk.oncall import BUSINESS, Climbed, End, OnCallRules, Step, following, unknown
from mailbot.errors import MailbotError
from mailbot.flows import callletters
from mailbot.flows.callletters import Urgent
from mailbot.flows.context import Context
from mailbot.flows.paging import Alarm, raise_alarm
from mailbot.store import contracts, escalations, incidents, journal, outbox
from mailbot.store.engine import Connection, RowMapping
from mailbot.store.escalations import Escalation

_AFTER_A_BUG = timedelta(minutes=1)

log = structlog.get_logger("mailbot")


def start(context: Context, connection: Connection, incident: Incident, now: datetime) -> None:
    """Begin to call people in the time that is covered for urgent questions (S17), unless somebody has it already. The
    first call is made by `call`, or by the next tick.
    """
    row = incidents.whole(connection, incident.id)
    if row["assignee_id"] is not None or row["status"] == Status.CLOSED:
        return
    begins = _covered(context, connection, row, now)
    ladder = context.rules.oncall.ladder(begins)
    next_at = begins + ladder.rungs[0].after
    escalations.start(connection, incident, ladder.name, now, next_at=next_at)
    journal.write(connection, [_entry(incident.id, now, "calling", f"the ladder {ladder.name} from {next_at}")])


def _covered(context: Context, connection: Connection, row: RowMapping, at: datetime) -> datetime:
    menu = menu_of(context, connection, row)
    return opens_next(context.rules.calendars[menu.urgent_coverage], at)


def menu_of(context: Context, connection: Connection, row: RowMapping) -> Menu:
    """Give the menu by which an incident (its row) is looked after: the one of its clock, else its contract's."""
    menus = context.rules.service.menus
    if row["menu"] in menus:
        return menus[row["menu"]]
    contract = contracts.by_ids(connection, [row["contract_id"]])[row["contract_id"]]
    return menus[contract.as_of(context.day(row["received_at"])).menu]


def call_due(context: Context, now: datetime) -> int:
    """Make every call that is due, each in a transaction of its own; give how many were made. For every tick."""
    with context.store.read() as connection:
        waiting = [running.incident_id for running in escalations.due(connection, now)]
    made = 0
    for incident_id in waiting:
        with context.store.begin() as connection:
            made += call(context, connection, incident_id, now)
    return made


def call(context: Context, connection: Connection, incident_id: int, now: datetime) -> bool:
    """Make the call of this incident if it is due, in the caller's transaction; say whether it was made.

    A bug in it costs a minute, and neither the acknowledgement nor another's call.
    """
    running = escalations.of(connection, incident_id)
    if running is None or running.next_at is None or running.next_at > now:
        return False
    try:
        with connection.begin_nested():
            return _go_on(context, connection, running, now)
    except MailbotError:
        raise
    except Exception as error:
        log.error("a bug", incident=incident_id, error=f"{type(error).__name__}: {error}", exc_info=error)
        escalations.advance(connection, running, running.ladder, running.rung, next_at=now + _AFTER_A_BUG)
        return False


def stop(connection: Connection, incident: Incident, why: str, now: datetime) -> None:
    """Call nobody any more."""
    if escalations.stop(connection, incident.id):
        journal.write(connection, [_entry(incident.id, now, "called off", why)])


def _go_on(context: Context, connection: Connection, running: Escalation, now: datetime) -> bool:
    """Make the next call; false when there is nobody to call, or nothing to call for any more."""
    incident = incidents.by_id(connection, running.incident_id)
    if incident is None or incident.status is Status.CLOSED:
        escalations.stop(connection, running.incident_id)
        return False
    about = callletters.urgent(connection, incident)
    covered = _covered(context, connection, about.row, now)
    if covered > now:  # the day ended while nobody had taken it
        escalations.advance(connection, running, running.ladder, running.rung, next_at=covered)
        return False
    registered = contracts.everybody(connection)
    found = _following(context.rules.oncall, now, Climbed(running.ladder, running.rung), registered)
    match found:
        case End.NOBODY:  # whoever is registered next is called
            return False
        case End.UNCLAIMED:
            return _give_up(context, connection, about, running, now)
        case Step():
            return _take_step(context, connection, about, running, found, registered, now)


def _following(rules: OnCallRules, at: datetime, climbed: Climbed, registered: Sequence[Staff]) -> Step | End:
    return following(rules, at, climbed, lambda rung: bool(rules.people(rung, at, registered)))


def _take_step(
    context: Context,
    connection: Connection,
    about: Urgent,
    running: Escalation,
    step: Step,
    registered: Sequence[Staff],
    now: datetime,
) -> bool:
    rules, incident = context.rules.oncall, about.incident
    next_at = _covered(context, connection, about.row, now + step.wait)
    if not escalations.advance(connection, running, step.ladder, step.number, next_at=next_at):
        return False
    if running.rung < 0:
        _tell_of_nobody(context, connection, running, incident, registered, now)
    people = rules.people(step.rung, now, registered)
    after = _following(rules, next_at, step.climbed, registered)
    told = callletters.calls(
        context,
        connection,
        about,
        people,
        key=_key(running, step, now),
        again=step.number >= len(rules.ladder(now).rungs),
        following=_next(rules, after, next_at, registered) if isinstance(after, Step) else None,
        now=now,
    )
    outbox.put(connection, told, now)
    who = ", ".join(person.address for person in people)
    journal.write(connection, [_entry(incident.id, now, "called", f"{step.ladder} {step.number}: {who}")])
    if step.ladder != BUSINESS or running.rung >= 0:
        _tell_machines(context, connection, about, running, step, now)
    return True


def _tell_of_nobody(
    context: Context,
    connection: Connection,
    running: Escalation,
    incident: Incident,
    registered: Sequence[Staff],
    now: datetime,
) -> None:
    """An address that nobody is registered with is passed over, but not in silence."""
    missing = unknown(context.rules.oncall, registered)
    if not missing:
        return
    journal.write(connection, [_entry(incident.id, now, "nobody there", ", ".join(missing))])
    alarm = Alarm(
        key=f"nobody-there:{incident.id}:{running.started_at:%Y%m%dT%H%M%S%f}",
        kind="nobody-there",
        say=lambda language: callreplies.nobody_there(context.desk, language, incident.number, missing),
        incident=incident,
        facts={"incident": incident.number, "addresses": ", ".join(missing)},
    )
    raise_alarm(context, connection, alarm, now)


def _key(running: Escalation, step: Step, now: datetime) -> str:
    """A ladder that is climbed once more calls once more."""
    return f"call:{running.incident_id}:{step.ladder}:{step.number}:{now:%Y%m%dT%H%M%S}"


def _next(rules: OnCallRules, step: Step, at: datetime, registered: Sequence[Staff]) -> Next:
    name = rules.name(step.rung, at)
    names = [person.name for person in registered if person.address == name]
    return Next(at, names[0] if names else name)


def _tell_machines(
    context: Context, connection: Connection, about: Urgent, running: Escalation, step: Step, now: datetime
) -> None:
    incident = about.incident
    doubtful = about.row["urgency"] == Urgency.DOUBTFUL
    alarm = Alarm(
        key=_key(running, step, now),
        kind="call",
        say=lambda language: callreplies.staff_call(
            context.desk, about.call(context, language, again=running.rung >= 0, steps=()), None
        ),
        incident=incident,
        facts={
            "incident": incident.number,
            "contract": about.contract.number,
            "urgency": (Urgency.DOUBTFUL if doubtful else Urgency.URGENT).value,
            "called": step.rung.who,
        },
        to=(),
    )
    raise_alarm(context, connection, alarm, now)


def _give_up(context: Context, connection: Connection, about: Urgent, running: Escalation, now: datetime) -> bool:
    """Everybody was called as often as the ladder says: all staff hear that nobody took it."""
    if not escalations.advance(connection, running, running.ladder, running.rung, next_at=None):
        return False
    incident = about.incident
    journal.write(connection, [_entry(incident.id, now, "unclaimed", End.UNCLAIMED)])
    alarm = Alarm(
        key=f"unclaimed:{incident.id}:{running.started_at:%Y%m%dT%H%M%S%f}",
        kind="unclaimed",
        say=lambda language: callletters.unclaimed(context, about, running, language),
        incident=incident,
        facts={"incident": incident.number, "contract": about.contract.number},
    )
    return raise_alarm(context, connection, alarm, now)


def _entry(incident_id: int, now: datetime, what: str, why: str) -> journal.Entry:
    return journal.Entry(now, f"incident:{incident_id}", what, why)
