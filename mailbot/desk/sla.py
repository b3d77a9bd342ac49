"""By when must a question be acknowledged, and why then? (S16–S18) Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from mailbot.desk.calendar import Calendar, add_covered, opens_next, why_closed
from mailbot.desk.contract import Menu


@dataclass(frozen=True, slots=True)
class Due:
    """When the first response is due (UTC), by which calendar, and when the covered time begins to count (UTC).

    `steps` explain it in English, for staff, in the calendar's zone.
    """

    due_at: datetime
    calendar: str
    starts_at: datetime
    steps: tuple[str, ...]


def first_response(menu: Menu, calendars: Mapping[str, Calendar], *, received_at: datetime, urgent: bool) -> Due:
    """Work out the due time: so many covered minutes after arrival (S18), in the time that the menu covers (S17)."""
    name = menu.urgent_coverage if urgent else menu.coverage
    calendar = calendars[name]
    starts_at = opens_next(calendar, received_at)
    due_at = add_covered(calendar, received_at, menu.first_response_minutes)
    steps = tuple(_steps(menu, calendar, received_at=received_at, starts_at=starts_at, due_at=due_at, urgent=urgent))
    return Due(due_at=due_at, calendar=name, starts_at=starts_at, steps=steps)


def part_of_window(
    menu: Menu, calendars: Mapping[str, Calendar], *, received_at: datetime, urgent: bool, percent: int
) -> datetime:
    """Give when so much of the window for the first response has passed, in UTC."""
    calendar = calendars[menu.urgent_coverage if urgent else menu.coverage]
    return add_covered(calendar, received_at, menu.first_response_minutes * percent / 100)


def _steps(
    menu: Menu, calendar: Calendar, *, received_at: datetime, starts_at: datetime, due_at: datetime, urgent: bool
) -> Iterator[str]:
    zone = calendar.edition(received_at).zone
    arrival, start, due = (at.astimezone(zone) for at in (received_at, starts_at, due_at))
    yield f"arrived {_shown(arrival)} ({zone.key})"
    yield f"menu {menu.key}: the calendar {calendar.name} covers {'urgent' if urgent else 'normal'} questions"
    if start > arrival:
        yield f"closed on arrival; opens {_shown(start)}"
        yield from _closed_days(calendar, received_at, arrival.date(), start.date())
    yield f"{menu.first_response_minutes} covered minutes end {_shown(due)}"
    yield from _closed_days(calendar, received_at, start.date(), due.date())


def _closed_days(calendar: Calendar, at: datetime, first: date, last: date) -> Iterator[str]:
    """Name the closed days between two days, neighbours with one reason in one line."""
    days = (first + timedelta(days=n) for n in range((last - first).days))
    for reason, group in groupby(days, key=lambda day: why_closed(calendar, at, day)):
        if reason is not None:
            run = list(group)
            through = f" to {run[-1]:%Y-%m-%d}" if len(run) > 1 else ""
            yield f"closed on {run[0]:%Y-%m-%d}{through}: {reason}"


def _shown(at: datetime) -> str:
    return f"{at:%a %Y-%m-%d %H:%M:%S %z}"
