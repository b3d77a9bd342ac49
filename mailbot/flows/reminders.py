"""Are answers due that staff should be reminded of? Run at every tick.

When to remind stands with each incident (`incident.remind_at`), set in the transaction of what moved its clock: a
restart loses nothing. Nobody is reminded while the calendar of the incident's menu is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mailbot.desk.answerclock import BREACH
from mailbot.desk.calendar import is_open, opens_next
from mailbot.desk.contract import Staff
from mailbot.desk.reminding import DueAnswer, answers_late
from mailbot.flows import answerclocks, paging, staffletters
from mailbot.flows.context import Context
from mailbot.flows.paging import Alarm
from mailbot.mail.message import Mailbox
from mailbot.store import answers, contracts, incidents, journal, outbox
from mailbot.store.answers import ToRemind
from mailbot.store.engine import Connection

_TOGETHER = timedelta(minutes=5)  # what comes up next is told with what is due now: one mail instead of several
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class _Due:
    """Something to remind of, and how much of its time is over, in per cent."""

    row: ToRemind
    percent: int
    due_at: datetime
    first: bool
    urgent: bool

    @property
    def late(self) -> bool:
        return self.percent == BREACH


def remind(context: Context, now: datetime) -> int:
    """Remind staff of the answers that are due soon or late; whoever took an incident, else everybody. Call people
    about the late ones. Gives the number of incidents.

    Without staff nobody is reminded, and all waits until there is someone.
    """
    with context.store.read() as connection:
        if not answers.anything_to_remind(connection, now):
            return 0
    with context.store.begin() as connection:
        people = contracts.all_staff(connection)
        rows = answers.to_remind(connection, now + _TOGETHER, limit=_AT_ONCE)
        if not people or not any(row.remind_at <= now for row in rows):
            return 0
        due = [each for row in rows if (each := _due(context, connection, row, now)) is not None]
        _call(context, connection, people, [each for each in due if each.late], now)
        outbox.put(connection, _letters(context, people, due, now), now)
        journal.write(connection, [_entry(each, now) for each in due])
    return len(due)


def _due(context: Context, connection: Connection, row: ToRemind, now: datetime) -> _Due | None:
    """Look at the clock once more, and say when this incident comes up again."""
    clock, promise = answerclocks.clock_of(context.rules.calendars, connection, row.clocked, now), row.clocked.promise
    if clock is None or promise is None or clock.due_at is None:
        answers.put_off(connection, row.clocked.id, None)
        return None
    calendar = context.rules.calendars[promise.calendar(urgent=clock.urgent)]
    if not is_open(calendar, now):  # it was put off, by a downtime or by an edition of the calendar
        answers.put_off(connection, row.clocked.id, max(row.remind_at, opens_next(calendar, now)))
        return None
    at = max(now, row.remind_at)
    reached, following = clock.reminder_reached(at), clock.reminder_after(at)
    if reached is not None and reached.percent == BREACH and reached.at > now:
        return None
    answers.put_off(connection, row.clocked.id, following.at if following else None)
    if reached is None:
        return None
    return _Due(row, reached.percent, clock.due_at, clock.answered_at is None, clock.urgent)


def _letters(context: Context, people: Sequence[Staff], due: Sequence[_Due], now: datetime) -> list[outbox.NewLetter]:
    """One letter for each of staff with all that is theirs, and with what is nobody's."""
    there = {person.id: person for person in people}
    written = []
    for person in people:
        own = [each for each in due if each.row.assignee_id == person.id or each.row.assignee_id not in there]
        if own:
            key = f"{own[0].row.clocked.id}:{own[0].percent}"
            written.append(staffletters.reminder(context, person, key, _shown(there, own), now))
    return written


def _call(
    context: Context, connection: Connection, people: Sequence[Staff], late: Sequence[_Due], now: datetime
) -> None:
    if not late:
        return
    shown = _shown({person.id: person for person in people}, late)
    first, due_at = late[0].row.clocked, min(each.due_at for each in late).astimezone(UTC)
    alarm = Alarm(
        key=f"answer:{first.id}:{late[0].due_at.astimezone(UTC):%Y%m%dT%H%M%S}",
        kind="answer",
        say=lambda language: answers_late(context.desk, language, shown),
        incident=incidents.by_id(connection, first.id) if len(late) == 1 else None,
        facts={
            "count": str(len(late)),
            "incidents": ", ".join(each.row.number for each in late),
            "due_at": f"{due_at:%Y-%m-%dT%H:%M:%SZ}",
        },
    )
    paging.raise_alarm(context, connection, alarm, now)


def _shown(people: dict[int, Staff], due: Sequence[_Due]) -> list[DueAnswer]:
    return [
        DueAnswer(
            incident_number=each.row.number,
            contract_number=each.row.contract,
            customer=each.row.customer,
            asker=Mailbox(each.row.asker_name, each.row.asker_address),
            subject=each.row.subject,
            first=each.first,
            urgent=each.urgent,
            due=each.due_at,
            late=each.late,
            assignee=people[each.row.assignee_id].name if each.row.assignee_id in people else "",
        )
        for each in due
    ]


def _entry(each: _Due, now: datetime) -> journal.Entry:
    why = f"{each.percent} per cent of the time is over, due {each.due_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return journal.Entry(now, f"incident:{each.row.clocked.id}", "reminded", why)
