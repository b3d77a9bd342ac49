"""By when must a question be acknowledged, and why then? (S16–S18) Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mailbot.desk.calendar import Calendar, Interval, add_covered, count_covered
from mailbot.desk.contract import Menu
from mailbot.desk.proof import closed_days


@dataclass(frozen=True, slots=True)
class Due:
    """When the first response is due (UTC), and how that was counted: what arrived when, and the pieces of covered time
    that make up the window.
    """

    menu: Menu
    urgent: bool
    received_at: datetime
    hours: Calendar
    counted: tuple[Interval, ...]

    @property
    def due_at(self) -> datetime:
        """The end of the window (UTC)."""
        return self.counted[-1].closes_at

    @property
    def starts_at(self) -> datetime:
        """When the covered time begins to count (UTC)."""
        return self.counted[0].opens_at

    @property
    def calendar(self) -> str:
        """The name of the calendar that covers this question."""
        return self.hours.name

    @property
    def steps(self) -> tuple[str, ...]:
        """The same in English, for staff, in the calendar's zone."""
        return tuple(_steps(self))


def first_response(menu: Menu, calendars: Mapping[str, Calendar], *, received_at: datetime, urgent: bool) -> Due:
    """Work out the due time: so many covered minutes after arrival (S18), in the time that the menu covers (S17)."""
    calendar = calendars[menu.urgent_coverage if urgent else menu.coverage]
    counted = count_covered(calendar, received_at, menu.first_response_minutes)
    return Due(menu, urgent, received_at, calendar, counted)


def part_of_window(
    menu: Menu, calendars: Mapping[str, Calendar], *, received_at: datetime, urgent: bool, percent: int
) -> datetime:
    """Give when so much of the window for the first response has passed, in UTC."""
    calendar = calendars[menu.urgent_coverage if urgent else menu.coverage]
    return add_covered(calendar, received_at, menu.first_response_minutes * percent / 100)


def _steps(due: Due) -> Iterator[str]:
    menu, calendar, received_at = due.menu, due.hours, due.received_at
    zone = calendar.edition(received_at).zone
    arrival, start, end = (at.astimezone(zone) for at in (received_at, due.starts_at, due.due_at))
    yield f"arrived {_shown(arrival)} ({zone.key})"
    yield f"menu {menu.key}: the calendar {calendar.name} covers {'urgent' if due.urgent else 'normal'} questions"
    if start > arrival:
        yield f"closed on arrival; opens {_shown(start)}"
        yield from _closed_days(calendar, received_at, arrival.date(), start.date())
    yield f"{menu.first_response_minutes} covered minutes end {_shown(end)}"
    yield from _closed_days(calendar, received_at, start.date(), end.date())


def _closed_days(calendar: Calendar, at: datetime, first: date, last: date) -> Iterator[str]:
    for run in closed_days(calendar, at, first, last):
        through = f" to {run.last:%Y-%m-%d}" if run.last > run.first else ""
        yield f"closed on {run.first:%Y-%m-%d}{through}: {run.reason}"


def _shown(at: datetime) -> str:
    return f"{at:%a %Y-%m-%d %H:%M:%S %z}"
