"""Which clock runs for the answers of an incident, and how does it stand?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailbot.desk.answerclock import AnswerClock, History, Step, answer_clock
from mailbot.desk.contract import AnswerPromise, Menu
from mailbot.desk.incident import Happening, Urgency
from mailbot.desk.promise import PromisedAnswer
from mailbot.flows.context import Context
from mailbot.store import answers, events
from mailbot.store.answers import Clocked
from mailbot.store.engine import Connection


@dataclass(frozen=True, slots=True)
class Begun:
    """What a new incident is given: the promise as it is kept, when it is due, and when staff are reminded."""

    answers: Mapping[str, Any] | None = None
    due_at: datetime | None = None
    remind_at: datetime | None = None
    promised: PromisedAnswer | None = None


def begin(context: Context, menu: Menu, received_at: datetime, *, urgent: bool) -> Begun:
    """Start the clock of a question, where its menu promises an answer."""
    if menu.answers is None:
        return Begun()
    clock = answer_clock(menu.answers, context.rules.calendars, History(received_at, urgent), received_at)
    remind_at = clock.reminders[0].at if clock.reminders else None
    return Begun(
        answers.written(menu.answers, urgent=urgent), clock.due_at, remind_at, _promised(menu.answers, clock, urgent)
    )


def _promised(promise: AnswerPromise, clock: AnswerClock, urgent: bool) -> PromisedAnswer | None:
    minutes = promise.targets(urgent=urgent).answer
    if minutes is None or clock.due_at is None:
        return None
    return PromisedAnswer(clock.due_at, minutes, in_covered_time=promise.time == "covered")


def clock_of(context: Context, connection: Connection, found: Clocked, now: datetime) -> AnswerClock | None:
    """Give the clock of an incident; None where no answer was promised, or by calendars that are gone."""
    promise, calendars = found.promise, context.rules.calendars
    if promise is None or not {promise.coverage, promise.urgent_coverage} <= calendars.keys():
        return None
    return answer_clock(promise, calendars, history_of(connection, found), now)


def promise_and_clock(
    context: Context, connection: Connection, incident_id: int, now: datetime
) -> tuple[AnswerPromise, AnswerClock] | None:
    """Give what proves an incident's answers, see `desk.answerproof.explain`; None where none was promised."""
    found = answers.clocked(connection, incident_id, lock=False)
    clock = clock_of(context, connection, found, now)
    return None if clock is None or found.promise is None else (found.promise, clock)


def history_of(connection: Connection, found: Clocked) -> History:
    """Give what happened to an incident, as far as its clock goes by it. What was said of its urgency begins with the
    word; one in doubt counts as urgent (S20).
    """
    steps = [
        Step(each.at, Happening(each.what), urgent=each.detail.split()[:1] != [Urgency.NORMAL])
        for each in events.of(connection, found.id)
        if each.what in _HAPPENINGS
    ]
    return History(found.received_at, found.urgent, steps)


def set_anew(context: Context, connection: Connection, incident_id: int, at: datetime) -> None:
    """Say when the next answer is due and staff are reminded, after something happened at this moment that is written
    down already. What moves nothing moves no reminder either.
    """
    clock = clock_of(context, connection, answers.clocked(connection, incident_id), at)
    if clock is not None and clock.set_at >= at:
        remind_at = clock.reminders[0].at if clock.reminders else None
        answers.set_clock(connection, incident_id, due_at=clock.due_at, remind_at=remind_at)


_HAPPENINGS = frozenset(Happening)
