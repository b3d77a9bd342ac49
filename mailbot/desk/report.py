"""What was asked in a month, and was the first response in time each time? The figures of the monthly proof. Pure.

A month holds the questions that our server took in it, by the desk's own calendar; what became of them afterwards
counts with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from math import ceil
from statistics import median

from mailbot.desk.calendar import Calendar, add_covered, covered_between
from mailbot.desk.contract import Contract
from mailbot.desk.incident import Urgency
from mailbot.desk.month import Month

_NOTHING = timedelta(0)


class Kept(StrEnum):
    """What became of a promise. `PENDING` is one that is not due yet."""

    IN_TIME = "in-time"
    LATE = "late"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Window:
    """The covered time that a first response may take (S18), where it is known: how long, from when, and how much of it
    had passed at the response, which is None when the calendar by which it was counted is not known any more.
    """

    length: timedelta
    starts_at: datetime
    used: timedelta | None

    @property
    def share(self) -> float | None:
        """How much was used, 1.0 being all of it."""
        return None if self.used is None else self.used / self.length


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the month. `answer` is what became of the first answer, where one was sold by its time.

    `products` are titles. Its contract is told by number and customer, for the desk's own report.
    """

    number: str
    contract: str
    customer: str
    subject: str
    urgency: Urgency
    scope: str
    products: tuple[str, ...]
    menu: str
    received_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    window: Window | None
    answer: Kept | None
    answered_at: datetime | None
    closed: bool

    def kept(self, as_of: datetime) -> Kept:
        """Say what became of the first response: at the due time itself it is in time."""
        if self.acknowledged_at is None:
            return Kept.PENDING if as_of <= self.due_at else Kept.LATE
        return Kept.IN_TIME if self.acknowledged_at <= self.due_at else Kept.LATE

    def left(self, as_of: datetime) -> timedelta:
        """Give the time that was left, by the clock; less than nothing is how late it was, or is by now."""
        return self.due_at - (self.acknowledged_at or as_of)

    @property
    def took(self) -> timedelta | None:
        """How long the first response took by the clock; None while there is none."""
        return None if self.acknowledged_at is None else self.acknowledged_at - self.received_at


def used_of_window(
    calendars: Iterable[Calendar],
    *,
    length: timedelta,
    received_at: datetime,
    starts_at: datetime,
    due_at: datetime,
    responded_at: datetime,
) -> timedelta | None:
    """Give the covered time from arrival to response, by the first of these calendars that led to this due time and
    knows the time of the response; None when none does.

    A window without a gap needs no calendar: in it the clock and the covered time run alike.
    """
    if responded_at <= starts_at:
        return _NOTHING
    if responded_at <= due_at and due_at - starts_at == length:
        return responded_at - starts_at
    for calendar in calendars:
        with suppress(LookupError):  # a calendar that was kept for some years does not guess about others
            if add_covered(calendar, received_at, length / timedelta(minutes=1)) == due_at:
                return covered_between(calendar, received_at, responded_at)
    return None


@dataclass(frozen=True, slots=True)
class Spread:
    """Where many values lie: the least, the middle, the value that nine of ten do not exceed, and the greatest."""

    least: float
    median: float
    ninety: float
    greatest: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread | None:
        """None of no value. The ninetieth percentile is by nearest rank: one of the values, never one in between."""
        ordered = sorted(values)
        if not ordered:
            return None
        return cls(ordered[0], median(ordered), ordered[ceil(0.9 * len(ordered)) - 1], ordered[-1])


@dataclass(frozen=True, slots=True)
class Figures:
    """How many questions there were, and how their promises were kept. `open` and `closed` are at the month's end."""

    questions: int
    by_urgency: Mapping[Urgency, int]
    first: Mapping[Kept, int]
    answers: Mapping[Kept, int]
    open: int
    closed: int

    @property
    def share(self) -> float | None:
        """How many of the first responses that were due were in time, 1.0 being all; None when none was due."""
        due = self.first[Kept.IN_TIME] + self.first[Kept.LATE]
        return self.first[Kept.IN_TIME] / due if due else None


@dataclass(frozen=True, slots=True)
class OfContract:
    """The figures of one contract in the desk's own report."""

    number: str
    customer: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Report:
    """The proof of a month, for one contract or, when that is None, for the desk.

    `asked` stands with the late ones first, the latest of them at the top, then by arrival. `covered` and `clock` are
    minutes from arrival to first response, `used` the share of the window. `as_of` is when the figures were taken.
    """

    month: Month
    contract: Contract | None
    as_of: datetime
    finished: bool
    asked: tuple[Asked, ...]
    figures: Figures
    covered: Spread | None
    clock: Spread | None
    used: Spread | None
    scopes: tuple[tuple[str, int], ...]
    products: tuple[tuple[str, int], ...]
    contracts: tuple[OfContract, ...]


def report(
    month: Month, contract: Contract | None, asked: Sequence[Asked], *, as_of: datetime, finished: bool
) -> Report:
    """Count what happened; a month without questions has a report too."""
    answered = [each for each in asked if each.took is not None]
    windows = [each.window for each in answered if each.window and each.window.used is not None]
    return Report(
        month=month,
        contract=contract,
        as_of=as_of,
        finished=finished,
        asked=tuple(sorted(asked, key=lambda each: _place(each, as_of))),
        figures=_figures(asked, as_of),
        covered=Spread.of(_minutes(window.used) for window in windows),
        clock=Spread.of(_minutes(each.took) for each in answered),
        used=Spread.of(window.share or 0.0 for window in windows),
        scopes=_counted(each.scope for each in asked),
        products=_counted(product for each in asked for product in dict.fromkeys(each.products or ("",))),
        contracts=() if contract else _by_contract(asked, as_of),
    )


def _place(asked: Asked, as_of: datetime) -> tuple[bool, timedelta, datetime, str]:
    late = asked.kept(as_of) is Kept.LATE
    return (not late, asked.left(as_of) if late else _NOTHING, asked.received_at, asked.number)


def _minutes(time: timedelta | None) -> float:
    return (time or _NOTHING) / timedelta(minutes=1)


def _figures(asked: Sequence[Asked], as_of: datetime) -> Figures:
    urgency = Counter(each.urgency for each in asked)
    first = Counter(each.kept(as_of) for each in asked)
    answers = Counter(each.answer for each in asked)
    closed = sum(each.closed for each in asked)
    return Figures(
        questions=len(asked),
        by_urgency={each: urgency[each] for each in Urgency},
        first={each: first[each] for each in Kept},
        answers={each: answers[each] for each in Kept},
        open=len(asked) - closed,
        closed=closed,
    )


def _counted(keys: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """The most frequent first."""
    return tuple(sorted(Counter(keys).items(), key=lambda pair: (-pair[1], pair[0])))


def _by_contract(asked: Sequence[Asked], as_of: datetime) -> tuple[OfContract, ...]:
    ordered = sorted(asked, key=lambda each: (each.contract, each.customer))
    return tuple(
        OfContract(number, customer, _figures(list(group), as_of))
        for (number, customer), group in groupby(ordered, key=lambda each: (each.contract, each.customer))
    )
