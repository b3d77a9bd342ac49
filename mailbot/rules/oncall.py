"""Who is on call? rules/oncall.toml → the desk's rules (S21, S27)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, model_validator

from mailbot.desk.calendar import Calendar
from mailbot.desk.oncall import (
    ALL,
    BUSINESS,
    OUTSIDE,
    PARTNER,
    ROTA,
    Deputy,
    Ladder,
    OnCallRules,
    Quiet,
    Rota,
    Rung,
    plan,
)
from mailbot.errors import Fault
from mailbot.mail.address import normalise
from mailbot.rules.example import Example
from mailbot.rules.reading import Key, Line, Table, Zone

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HAND_OVER = re.compile(rf"({'|'.join(_WEEKDAYS)}) ([01]\d|2[0-3]):([0-5]\d)")
_QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_LONGEST_WAIT = 1_440  # minutes: a day


def _hand_over(written: object) -> tuple[int, int]:
    match = _HAND_OVER.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise ValueError('must be a weekday and a time like "monday 09:00"')
    return _WEEKDAYS.index(match[1]), int(match[2]) * 60 + int(match[3])


def _quiet(written: object) -> Quiet:
    match = _QUIET.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise ValueError('must be hours like "22:00-07:00"')
    begins, ends = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if begins == ends:
        raise ValueError("must end at another time than it begins")
    return Quiet(begins, ends)


def _monday(day: date) -> date:
    if day.weekday() != 0:
        raise ValueError(f"must be a Monday: {day} is none")
    return day


def _address(written: str) -> str:
    try:
        return normalise(written)
    except ValueError:
        raise ValueError("must be a mail address, such as sato@example.com") from None


def _who(written: str) -> str:
    if written in (ALL, PARTNER) or written.startswith(ROTA):
        return written
    try:
        return _address(written)
    except ValueError:
        raise ValueError('must be "all", "partner", "rota:NAME" or the address of one of staff') from None


_Address = Annotated[Line, AfterValidator(_address)]


class _Instead(Table):
    since: AwareDatetime
    until: AwareDatetime
    who: _Address

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until <= self.since:
            raise ValueError("must end after it begins")
        return self


class _Rota(Table):
    zone: Zone
    first_week: Annotated[date, AfterValidator(_monday)]
    hand_over: Annotated[tuple[int, int], BeforeValidator(_hand_over)]
    people: list[_Address] = Field(min_length=1)
    instead: list[_Instead] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_at_a_time(self) -> Self:
        ordered = sorted(self.instead, key=lambda each: each.since)
        if any(after.since < before.until for before, after in pairwise(ordered)):
            raise ValueError("entries of instead must not overlap")
        return self

    def rota(self, name: str) -> Rota:
        """Make it the desk's value."""
        deputies = tuple(Deputy(each.since, each.until, each.who) for each in self.instead)
        return Rota(name, self.zone, self.first_week, *self.hand_over, tuple(self.people), deputies)


class _Rung(Table):
    who: Annotated[Line, AfterValidator(_who)]
    after_minutes: int = Field(default=0, ge=0, le=_LONGEST_WAIT)
    quiet: list[Annotated[Quiet, BeforeValidator(_quiet)]] = Field(default_factory=list)


class _Ladder(Table):
    repeat_minutes: int = Field(ge=1, le=_LONGEST_WAIT)
    repeats: int = Field(ge=0, le=1_000)
    rungs: list[_Rung] = Field(min_length=1)

    def ladder(self, name: str) -> Ladder:
        """Make it the desk's value."""
        rungs = (Rung(each.who, timedelta(minutes=each.after_minutes), tuple(each.quiet)) for each in self.rungs)
        return Ladder(name, tuple(rungs), timedelta(minutes=self.repeat_minutes), self.repeats)


class _Ladders(Table):
    business: _Ladder
    outside: _Ladder


class _Example(Table):
    at: AwareDatetime
    calls: Line


class OnCallFile(Table):
    """The shape of oncall.toml."""

    zone: Zone
    hours: str
    rotas: dict[Key, _Rota] = Field(default_factory=dict)
    ladders: _Ladders
    examples: list[_Example] = Field(default_factory=list)


def on_call_rules_of(document: OnCallFile, calendars: Mapping[str, Calendar]) -> OnCallRules:
    """Make the desk's value."""
    return OnCallRules(
        zone=document.zone,
        hours=calendars[document.hours],
        rotas={name: rota.rota(name) for name, rota in document.rotas.items()},
        business=document.ladders.business.ladder(BUSINESS),
        outside=document.ladders.outside.ladder(OUTSIDE),
    )


def on_call_faults(file: str, document: OnCallFile, calendars: Mapping[str, object]) -> Iterator[Fault]:
    """Give what names a calendar or a rota that is not there, and a partner where there is none."""
    if document.hours not in calendars:
        yield Fault(
            file, "hours", f'"{document.hours}"', f"must be a calendar of calendar.toml: {', '.join(calendars)}"
        )
    ladders = ((BUSINESS, document.ladders.business), (OUTSIDE, document.ladders.outside))
    for name, ladder in ladders:
        for number, rung in enumerate(ladder.rungs, 1):
            key = f"ladders.{name}.rungs[{number}].who"
            if rung.who.startswith(ROTA) and rung.who.removeprefix(ROTA) not in document.rotas:
                known = ", ".join(document.rotas) or "none"
                yield Fault(file, key, f'"{rung.who}"', f"there is no such rota; there are: {known}")
            if name == BUSINESS and rung.who == PARTNER:
                yield Fault(file, key, '"partner"', "the partner is called outside the business hours alone (S27)")


def on_call_examples(file: str, document: OnCallFile, rules: OnCallRules) -> Iterator[Example]:
    """Climb the ladder at the moment of every example, as if everybody could be called."""
    for number, example in enumerate(document.examples, 1):
        calls = (
            f"{(at - example.at) // timedelta(minutes=1)} {rules.name(step.rung, at)}"
            for at, step in plan(rules, example.at, lambda _rung, _at: True)
        )
        yield Example(file, f"examples[{number}]", example.at.isoformat(), example.calls, ", ".join(calls))
