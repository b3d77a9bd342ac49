"""When is the desk open? rules/calendar.toml → calendars in their editions (S16)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby, pairwise
from types import MappingProxyType
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, model_validator

from mailbot.desk.calendar import (
    AnyOf,
    Calendar,
    Closure,
    DatedClosure,
    Edition,
    Holidays,
    Hours,
    YearlyClosure,
    is_open,
)
from mailbot.errors import Fault
from mailbot.rules.example import Example
from mailbot.rules.reading import Key, Line, Table, Zone

_HOURS = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")
_YEARLY = re.compile(r"\d\d-\d\d(\.\.\d\d-\d\d)?")
_LONGEST_CLOSURE = 366  # days
_LEAST_RUN = 28  # days in a row that must stay free of yearly closures, so that every weekday comes in them


def _hours(written: object) -> Hours:
    match = _HOURS.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise ValueError('must be hours like "09:00-18:00"')
    opens, closes = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if not 0 <= opens < closes <= 1440:
        raise ValueError("must end after it begins, by 24:00; hours over midnight are two entries, on two days")
    return Hours(opens, closes)


def _no_overlap(day: list[Hours]) -> list[Hours]:
    ordered = sorted(day, key=lambda hours: hours.opens)
    if any(after.opens < before.closes for before, after in pairwise(ordered)):
        raise ValueError("hours of one day must not overlap")
    return ordered


def _closure(written: object) -> Closure:
    """Read closed days: with a year once, without one every year. The reason stands beside them."""
    text = written if isinstance(written, str) else ""
    try:
        if _YEARLY.fullmatch(text):
            first, last = _ends(text, lambda day: date.fromisoformat(f"2024-{day}"))  # a leap year: 02-29 may be meant
            return YearlyClosure((first.month, first.day), (last.month, last.day), "")
        return DatedClosure(*_run(text), "")
    except _NotDaysError:
        raise ValueError('must be days like "12-29..01-03", "08-15" or "2026-08-13..2026-08-14"') from None


def _days(written: object) -> tuple[date, date]:
    try:
        return _run(str(written))
    except _NotDaysError:
        raise ValueError('must be days like "2026-08-13..2026-08-14" or "2026-08-13"') from None


def _run(text: str) -> tuple[date, date]:
    first, last = _ends(text, date.fromisoformat)
    if not timedelta(0) <= last - first < timedelta(days=_LONGEST_CLOSURE):
        raise ValueError(f"must run from the earlier to the later day, at most {_LONGEST_CLOSURE} days")
    return first, last


def _ends(text: str, read: Callable[[str], date]) -> tuple[date, date]:
    first, _, last = text.partition("..")
    try:
        return read(first), read(last or first)
    except ValueError:
        raise _NotDaysError from None


class _NotDaysError(Exception):
    """The text is no day and no run of days."""


def _country(written: object) -> str:
    # Loading the tables takes 80 ms; who needs no holidays does not pay for them.
    from holidays import list_supported_countries

    if not isinstance(written, str) or written not in list_supported_countries():
        raise ValueError('must be the two-letter code of a country, such as "JP"')
    return written


_Day = Annotated[list[Annotated[Hours, BeforeValidator(_hours)]], AfterValidator(_no_overlap)]


class _Week(Table):
    monday: _Day = Field(default_factory=list)
    tuesday: _Day = Field(default_factory=list)
    wednesday: _Day = Field(default_factory=list)
    thursday: _Day = Field(default_factory=list)
    friday: _Day = Field(default_factory=list)
    saturday: _Day = Field(default_factory=list)
    sunday: _Day = Field(default_factory=list)


class _Dated(Table):
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None

    def counts(self, at: datetime | None) -> bool:
        """Say whether this is part of the edition that begins then; None is the first one."""
        begun = self.valid_from is None or (at is not None and self.valid_from <= at)
        return begun and (self.valid_until is None or at is None or at < self.valid_until)


class _Closed(_Dated):
    days: Annotated[YearlyClosure | DatedClosure, BeforeValidator(_closure)]
    reason: Line

    def closure(self) -> Closure:
        """Make it the desk's value."""
        return replace(self.days, reason=self.reason)


class _Open(_Dated):
    days: Annotated[tuple[date, date], BeforeValidator(_days)]
    hours: _Day = Field(min_length=1)

    def dates(self) -> Iterator[date]:
        """Give every day of it."""
        first, last = self.days
        return (first + timedelta(days=n) for n in range((last - first).days + 1))


class _Calendar(Table):
    zone: Zone
    any_of: list[str] = Field(default_factory=list)
    holidays: Annotated[str, BeforeValidator(_country)] | None = None
    week: _Week | None = None
    closed: list[_Closed] = Field(default_factory=list)
    open: list[_Open] = Field(default_factory=list)

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        if self.any_of and (self.week or self.holidays or self.closed or self.open):
            raise ValueError("must have either any_of or hours of its own: week, holidays, closed and open")
        if not self.any_of and self.week is None:
            raise ValueError("must have hours, a section week, or any_of, the calendars of which any may be open")
        if len(set(self.any_of)) < len(self.any_of):
            raise ValueError("must name each calendar of any_of once")
        return self

    @model_validator(mode="after")
    def _opens_at_all(self) -> Self:
        if self.any_of:
            return self
        if not any(self.hours()):
            raise ValueError("must open on some day of the week")
        yearly = [entry.days for entry in self.closed if isinstance(entry.days, YearlyClosure)]
        days = (date(2024, 1, 1) + timedelta(days=n) for n in range(2 * 366))
        runs = groupby(days, key=lambda day: any(closure.holds(day) for closure in yearly))
        if not any(not closed and len(list(run)) >= _LEAST_RUN for closed, run in runs):
            raise ValueError(f"yearly closed days must leave {_LEAST_RUN} days in a row")
        return self

    def hours(self) -> tuple[tuple[Hours, ...], ...]:
        """Give the hours of Monday to Sunday."""
        week = self.week or _Week()
        days = (week.monday, week.tuesday, week.wednesday, week.thursday, week.friday, week.saturday, week.sunday)
        return tuple(tuple(day) for day in days)


class _Example(Table):
    calendar: str
    at: AwareDatetime
    open: bool


class CalendarFile(Table):
    """The shape of calendar.toml."""

    calendars: dict[Key, _Calendar] = Field(min_length=1)
    examples: list[_Example] = Field(default_factory=list)


def calendars_of(document: CalendarFile) -> dict[str, Calendar]:
    """Make the desk's values: an edition for every moment at which something begins or ceases to count."""
    made: dict[str, Calendar] = {}

    def make(name: str) -> Calendar:
        if name not in made:
            written = document.calendars[name]
            members = {each: make(each) for each in written.any_of}
            editions = _united(written.zone, members) if members else _editions(written)
            made[name] = Calendar(name, tuple(editions))
        return made[name]

    return {name: make(name) for name in document.calendars}


def _editions(calendar: _Calendar) -> Iterator[Edition]:
    entries: list[_Dated] = [*calendar.closed, *calendar.open]
    moments = {at for entry in entries for at in (entry.valid_from, entry.valid_until) if at is not None}
    holidays = _public(calendar.holidays)
    for begins in (None, *sorted(moments)):
        yield Edition(
            valid_from=begins,
            zone=calendar.zone,
            week=calendar.hours(),
            holidays=holidays,
            closures=tuple(entry.closure() for entry in calendar.closed if entry.counts(begins)),
            openings=_openings(calendar.open, begins),
        )


def _united(zone: ZoneInfo, members: Mapping[str, Calendar]) -> Iterator[AnyOf]:
    moments = {each.valid_from for calendar in members.values() for each in calendar.editions if each.valid_from}
    yield AnyOf(None, zone, {name: calendar.editions[0] for name, calendar in members.items()})
    for begins in sorted(moments):
        yield AnyOf(begins, zone, {name: calendar.edition(begins) for name, calendar in members.items()})


def _openings(entries: list[_Open], begins: datetime | None) -> Mapping[date, tuple[Hours, ...]]:
    return {day: tuple(entry.hours) for entry in entries if entry.counts(begins) for day in entry.dates()}


def _public(country: str | None) -> Holidays:
    """Give the national holidays of a country by year; worked out once, when the year is first asked for."""

    @cache
    def of_year(year: int) -> Mapping[date, str]:
        if country is None:
            return MappingProxyType({})
        from holidays import country_holidays

        # In English where there is a translation: the names explain due times to staff.
        languages = country_holidays(country).supported_languages
        language = "en_US" if "en_US" in languages else None
        return MappingProxyType(dict(country_holidays(country, years=year, language=language)))

    return of_year


def calendar_faults(file: str, document: CalendarFile) -> Iterator[Fault]:
    """Give what is wrong between the calendars: names that are none, and calendars that hold themselves."""
    known = f"must be a calendar: {', '.join(document.calendars)}"
    for name, calendar in document.calendars.items():
        for number, member in enumerate(calendar.any_of, 1):
            if member not in document.calendars:
                yield Fault(file, f"calendars.{name}.any_of[{number}]", f'"{member}"', known)
        if name in _within(document, name):
            yield Fault(file, f"calendars.{name}.any_of", "", "must not lead back to this calendar itself")
    for number, example in enumerate(document.examples, 1):
        if example.calendar not in document.calendars:
            yield Fault(file, f"examples[{number}].calendar", f'"{example.calendar}"', known)


def _within(document: CalendarFile, name: str) -> set[str]:
    """Give all calendars of which this one consists, at whatever depth."""
    found: set[str] = set()
    open_ends = [name]
    while open_ends:
        written = document.calendars.get(open_ends.pop())
        new = set(written.any_of) - found if written else set()
        found |= new
        open_ends += new
    return found


def calendar_examples(file: str, document: CalendarFile, calendars: Mapping[str, Calendar]) -> Iterator[Example]:
    """Ask every calendar what its examples ask."""
    for number, example in enumerate(document.examples, 1):
        says = is_open(calendars[example.calendar], example.at)
        asked = f"{example.calendar}, {example.at.isoformat()}"
        yield Example(file, f"examples[{number}]", asked, _word(example.open), _word(says))


def _word(is_open_then: bool) -> str:
    return "open" if is_open_then else "closed"
