"""How was the time of every answer counted? In English, for staff. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mailbot.desk.answerclock import AnswerClock, Counts, Round
from mailbot.desk.contract import AnswerPromise

_NOTHING = timedelta(0)
_MINUTE = timedelta(minutes=1)


def explain(promise: AnswerPromise, clock: AnswerClock, zone: ZoneInfo) -> tuple[str, ...]:
    """Tell in English, for staff, in this zone, how every round was counted."""
    lines: list[str] = []
    for number, each in enumerate(clock.rounds, 1):
        lines += _round_told(promise, number, each, zone)
    return tuple(lines)


def _round_told(promise: AnswerPromise, number: int, what: Round, zone: ZoneInfo) -> Iterator[str]:
    name = "first answer" if what.kind == "answer" else f"news {number - 1}"
    urgency, calendar = "urgent" if what.urgent else "normal", promise.calendar(urgent=what.urgent)
    if what.minutes is None:
        yield f"{name}: none is sold for {urgency} questions"
    else:
        yield f"{name}: {what.minutes} {promise.time} minutes, {urgency}, calendar {calendar}"
    counted = _NOTHING
    for stretch in what.stretches:
        span = f"{_shown(stretch.starts_at, zone)} to {_shown(stretch.ends_at, zone)}"
        if stretch.counts is Counts.YES:
            counted += stretch.length
            yield f"  {span}: {_minutes_of(stretch.length)}, together {_minutes_of(counted)}"
        else:
            yield f"  {span}: not counted, {stretch.counts}"
    yield f"  {_outcome(what, zone)}"


def _outcome(what: Round, zone: ZoneInfo) -> str:
    due = f"due {_shown(what.due_at, zone)}" if what.due_at else "not due"
    if what.ended_at is None or what.ended_by is None:
        return f"{due}: {'late' if what.late else 'runs'}"
    ended = f"{what.ended_by} {_shown(what.ended_at, zone)}"
    if what.due_at is None:
        return f"{due}: {ended}"
    by = abs(what.ended_at - what.due_at)
    return f"{due}: {ended}, {'late by' if what.late else 'early by'} {_minutes_of(by)}"


def _shown(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M:%S %z}"


def _minutes_of(time: timedelta) -> str:
    return f"{time / _MINUTE:.10g} min"
