"""When is the desk open, and when has so much covered time passed? (S16, S18) Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

Holidays = Callable[[int], Mapping[date, str]]
"""The public holidays of a year with their names; the same year must always give the same answer."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_opening = attrgetter("opens_at")
_PATIENCE = 800
"""After so many closed days in a row a calendar is taken to be closed for ever; the rule files refuse such a one."""


@dataclass(frozen=True, slots=True)
class Hours:
    """An opening on one local day, half-open, in minutes after midnight: 0 ≤ opens < closes ≤ 1440."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class YearlyClosure:
    """Days that are closed in every year, (month, day) to (month, day), both included; may run over the new year."""

    first: tuple[int, int]
    last: tuple[int, int]
    reason: str

    def holds(self, day: date) -> bool:
        """Say whether the day is closed by this."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True)
class DatedClosure:
    """Days that are closed once; both ends are included."""

    first: date
    last: date
    reason: str

    def holds(self, day: date) -> bool:
        """Say whether the day is closed by this."""
        return self.first <= day <= self.last


Closure = YearlyClosure | DatedClosure


@dataclass(frozen=True, slots=True)
class Interval:
    """An open stretch of time, half-open, in UTC."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Edition:
    """A calendar as it was known from one moment on.

    `week` holds the hours of Monday to Sunday. On a day, `openings` decide before `closures`, these before
    `holidays`, and these before the week. `_days` remembers what was worked out: the same day is asked for with
    every mail.
    """

    valid_from: datetime | None
    zone: ZoneInfo
    week: tuple[tuple[Hours, ...], ...]
    holidays: Holidays
    closures: tuple[Closure, ...]
    openings: Mapping[date, tuple[Hours, ...]]
    _days: dict[date, tuple[Interval, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Several desks as one, as they were known from one moment on: open when any of them is.

    `members` are their editions by name, each in its own zone; `zone` is the one in which people are told the time.
    """

    valid_from: datetime | None
    zone: ZoneInfo
    members: Mapping[str, Edition | AnyOf]


@dataclass(frozen=True, slots=True)
class KeptEdition:
    """An edition as it is kept (desk.editions): the SHA-256 of its content, the calendar's name, and the content."""

    fingerprint: str
    calendar: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A named calendar in its editions, oldest first; the first is valid since ever.

    Every question is answered by the edition that is in force at its `at`. So a closed day that becomes known later
    never rewrites what a mail was promised when it came. `_kept` remembers what was made of it for keeping.
    """

    name: str
    editions: tuple[Edition | AnyOf, ...]
    _kept: dict[tuple[datetime | None, int, int], KeptEdition] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def edition(self, at: datetime) -> Edition | AnyOf:
        """Give the edition in force at that moment."""
        for edition in reversed(self.editions):
            if edition.valid_from is None or edition.valid_from <= at:
                return edition
        return self.editions[0]


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Say whether the desk is open at that moment; at the closing moment it is closed."""
    return opens_next(calendar, at) == at


def opens_next(calendar: Calendar, at: datetime) -> datetime:
    """Give the first open moment at or after `at`, in UTC."""
    at = _utc(at)
    return max(at, _next(calendar, at).opens_at)


def closes_next(calendar: Calendar, at: datetime) -> datetime | None:
    """Give the end of the open time that holds `at` or, when closed, of the next; None when it never closes."""
    at = _utc(at)
    closes_at = _next(calendar, at).closes_at
    for interval in _intervals(calendar.edition(at), closes_at):
        if interval.opens_at > closes_at:
            return closes_at
        closes_at = interval.closes_at
        if closes_at - at > _PATIENCE * _DAY:
            return None
    return closes_at


def count_covered(calendar: Calendar, at: datetime, minutes: float) -> tuple[Interval, ...]:
    """Give the first so many covered minutes after `at` piece by piece, in UTC; what adjoins is one piece.

    What ends with the opening hours ends at the closing moment, not on the next morning. Seconds are kept. Nothing to
    count has no piece.
    """
    if minutes < 0:
        raise ValueError(f"covered minutes cannot be negative: {minutes}")
    at, left = _utc(at), timedelta(minutes=minutes)
    pieces: list[Interval] = []
    for interval in _intervals(calendar.edition(at), at) if left else ():
        starts_at = max(at, interval.opens_at)
        ends_at = min(interval.closes_at, starts_at + left)
        left -= ends_at - starts_at
        if pieces and pieces[-1].closes_at == starts_at:
            starts_at = pieces.pop().opens_at
        pieces.append(Interval(starts_at, ends_at))
        if not left:
            break
    if left:
        raise _never_opens(calendar, at)
    return tuple(pieces)


def add_covered(calendar: Calendar, at: datetime, minutes: float) -> datetime:
    """Give the earliest moment, in UTC, by which so many covered minutes have passed since `at`."""
    pieces = count_covered(calendar, at, minutes)
    return pieces[-1].closes_at if pieces else _utc(at)


def covered_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Give how much of the time from `start` to `end` was open, by the edition in force at `start`."""
    spans = (interval.closes_at - interval.opens_at for interval in open_between(calendar, start, end))
    return sum(spans, timedelta(0))


def open_between(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Interval]:
    """Give what was open from `start` to `end`, in order, by the edition in force at `start`."""
    start, end = _utc(start), _utc(end)
    if end < start:
        raise ValueError(f"{end} is before {start}")
    for interval in _intervals(calendar.edition(start), start):
        if interval.opens_at >= end:
            break
        yield Interval(max(start, interval.opens_at), min(end, interval.closes_at))


def why_closed(calendar: Calendar, at: datetime, day: date) -> str | None:
    """Say in English, for staff, why a whole local day is closed, as known at `at`; None when it opens at some time."""
    edition = calendar.edition(_utc(at))
    if isinstance(edition, Edition):
        return _reason(edition, day)
    ends_at = local_moment(edition.zone, day, 1440)
    opening = next(_intervals(edition, local_moment(edition.zone, day, 0)), None)
    return None if opening is not None and opening.opens_at < ends_at else _reason(edition, day)


def _reason(edition: Edition | AnyOf, day: date) -> str | None:
    if isinstance(edition, AnyOf):
        # Elsewhere the same date is another day: who opens on it does so before or after this one.
        told = {name: _reason(member, day) or "outside its hours" for name, member in edition.members.items()}
        same = set(told.values())
        return same.pop() if len(same) == 1 else "; ".join(f"{name}: {reason}" for name, reason in told.items())
    if _hours(edition, day):
        return None
    for closure in edition.closures:
        if closure.holds(day):
            return closure.reason
    return edition.holidays(day.year).get(day) or f"{day:%A}"


def _next(calendar: Calendar, at: datetime) -> Interval:
    for interval in _intervals(calendar.edition(at), at):
        return interval
    raise _never_opens(calendar, at)


def _intervals(edition: Edition | AnyOf, at: datetime) -> Iterator[Interval]:
    """Give the open intervals that end after `at`, in order, without end unless the calendar stays closed."""
    return _own(edition, at) if isinstance(edition, Edition) else _of_any(edition, at)


def _of_any(edition: AnyOf, at: datetime) -> Iterator[Interval]:
    """Of what overlaps, the later one begins where the earlier one ends: who is always open has no end to wait for."""
    until = datetime.min.replace(tzinfo=UTC)
    for interval in merge(*(_intervals(member, at) for member in edition.members.values()), key=_opening):
        if interval.closes_at > until:
            yield Interval(max(until, interval.opens_at), interval.closes_at)
            until = interval.closes_at


def _own(edition: Edition, at: datetime) -> Iterator[Interval]:
    # The clock may have been put back over midnight: then yesterday's date still shows while today's hours run.
    day = at.astimezone(edition.zone).date() - _DAY
    closed_days = 0
    while closed_days <= _PATIENCE:
        intervals = _intervals_on(edition, day)
        closed_days = 0 if intervals else closed_days + 1
        for interval in intervals:
            if interval.closes_at > at:
                yield interval
        day += _DAY


def _intervals_on(edition: Edition, day: date) -> tuple[Interval, ...]:
    known = edition._days.get(day)
    if known is None:
        spans = (
            Interval(local_moment(edition.zone, day, hours.opens), local_moment(edition.zone, day, hours.closes))
            for hours in _hours(edition, day)
        )
        # Hours that lie in a gap of the clock never come.
        known = tuple(span for span in spans if span.opens_at < span.closes_at)
        edition._days[day] = known
    return known


def _hours(edition: Edition, day: date) -> tuple[Hours, ...]:
    opening = edition.openings.get(day)
    if opening is not None:
        return opening
    if any(closure.holds(day) for closure in edition.closures) or day in edition.holidays(day.year):
        return ()
    return edition.week[day.weekday()]


def local_moment(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    """Give when a local clock shows that time: the first time if twice, the moment of the jump if never (PEP 495)."""
    wall = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minutes)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _jump(zone, before=wall.replace(fold=1).astimezone(UTC), after=moment)


def _jump(zone: ZoneInfo, *, before: datetime, after: datetime) -> datetime:
    """Give the moment between the two at which the clock of the zone is put forward, to the second."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // (2 * _SECOND) * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at}")
    return at.astimezone(UTC)


def _never_opens(calendar: Calendar, at: datetime) -> ValueError:
    return ValueError(f"the calendar {calendar.name} does not open within {_PATIENCE} days after {at}")
