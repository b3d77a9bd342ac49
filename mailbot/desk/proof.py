"""Why is a due time what it is? Every piece of time between arrival and due: what counted, and what did not. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from mailbot.desk.calendar import Calendar, Interval, count_covered, covered_between, why_closed


@dataclass(frozen=True, slots=True)
class Counted:
    """A piece of covered time, and how much has counted with it."""

    starts_at: datetime
    ends_at: datetime
    total: timedelta


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Neighbouring days that are closed all day for one reason, both included; told in English, for staff."""

    first: date
    last: date
    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A piece of time outside the hours, with the closed days in it; a night has none."""

    starts_at: datetime
    ends_at: datetime
    days: tuple[ClosedDays, ...]


Piece = Counted | Closed


@dataclass(frozen=True, slots=True)
class Proof:
    """How a clock ran: so many covered minutes after `since`, piece by piece without a gap, to `due_at` (UTC)."""

    calendar: Calendar
    since: datetime
    minutes: int
    pieces: tuple[Piece, ...]

    @property
    def due_at(self) -> datetime:
        """The moment at which the last minute has counted (UTC)."""
        return self.pieces[-1].ends_at


@dataclass(frozen=True, slots=True)
class Margin:
    """How a response lies to its due time: what was left of real and of covered time; late is less than nothing.

    How much covered time it is late is not said: what was promised ended when it was due.
    """

    real: timedelta
    covered: timedelta

    @property
    def late(self) -> bool:
        """Say whether it came, or will come, after the due time."""
        return self.real < timedelta(0)


def proof(calendar: Calendar, *, since: datetime, minutes: int) -> Proof:
    """Count the first response (S18) anew."""
    counted = count_covered(calendar, since, minutes)
    return Proof(calendar, since, minutes, tuple(pieces(calendar, since, counted)))


def pieces(calendar: Calendar, since: datetime, counted: Sequence[Interval]) -> Iterator[Piece]:
    """Put between the pieces that counted what did not, from arrival on."""
    here, total = since, timedelta(0)
    for interval in counted:
        if interval.opens_at > here:
            yield Closed(here, interval.opens_at, _closed_in(calendar, since, here, interval.opens_at))
        here = interval.closes_at
        total += here - interval.opens_at
        yield Counted(interval.opens_at, here, total)


def _closed_in(calendar: Calendar, at: datetime, start: datetime, end: datetime) -> tuple[ClosedDays, ...]:
    zone = calendar.edition(at).zone
    return tuple(closed_days(calendar, at, start.astimezone(zone).date(), end.astimezone(zone).date()))


def closed_days(calendar: Calendar, at: datetime, first: date, last: date) -> Iterator[ClosedDays]:
    """Name the closed days from the first to the day before the last, as known at `at`."""
    days = (first + timedelta(days=n) for n in range((last - first).days))
    for reason, group in groupby(days, key=lambda day: why_closed(calendar, at, day)):
        if reason is not None:
            run = list(group)
            yield ClosedDays(run[0], run[-1], reason)


def margin(counted: Proof, *, due_at: datetime, at: datetime) -> Margin:
    """Compare a response at that moment with what was promised."""
    covered = covered_between(counted.calendar, at, counted.due_at) if at < counted.due_at else timedelta(0)
    return Margin(due_at - at, covered)
