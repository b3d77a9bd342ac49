"""When is an answer of a person due, and was it in time? Pure.

What a menu may sell besides the first response (S18): the first answer within so many minutes, and news within so many
again while it is the desk's turn. What is counted is covered time or real time; the customer's turn never is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Literal

from mailbot.desk.calendar import Calendar, Interval, add_covered, is_open, open_between, opens_next
from mailbot.desk.contract import AnswerPromise
from mailbot.desk.incident import Happening, Turn

_NOTHING = timedelta(0)
_MINUTE = timedelta(minutes=1)
_BEFORE_CLOSING = timedelta(minutes=30)  # a word that falls into closed hours comes while something can still be done

BREACH = 100
"""Per cent of the time: the reminder that says that it is over."""

Kind = Literal["answer", "update"]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to an incident; `urgent` says to what its urgency was set, where it was."""

    at: datetime
    what: Happening
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """What the clock goes by: when our server took the question, whether it counted as urgent then, and what followed.

    The steps stand in the order in which they were written down. One that claims to be earlier than the one before it
    counts from there: what was known at a moment is not changed by what is heard of later.
    """

    received_at: datetime
    urgent: bool
    steps: Sequence[Step] = ()


class Counts(StrEnum):
    """Whether a stretch of time counts, and why not."""

    YES = "counted"
    CLOSED_HOURS = "closed hours"
    CUSTOMERS_TURN = "customer's turn"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time of one kind, in UTC, and the calendar by which it was looked at."""

    starts_at: datetime
    ends_at: datetime
    counts: Counts
    calendar: str

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.ends_at - self.starts_at


@dataclass(frozen=True, slots=True)
class Round:
    """The wait for one answer: the first, or the next news.

    `minutes` is the last target that held, None where none was sold. `due_at` is None while it is the customer's turn,
    unless it was missed before. `ended_by` is None for the round that goes on.
    """

    kind: Kind
    urgent: bool
    minutes: int | None
    stretches: tuple[Stretch, ...]
    counted: timedelta
    due_at: datetime | None
    ended_at: datetime | None
    ended_by: Happening | None
    late: bool

    @property
    def starts_at(self) -> datetime | None:
        """When it began; None where no time has passed in it."""
        return self.stretches[0].starts_at if self.stretches else None


@dataclass(frozen=True, slots=True)
class Reminder:
    """When staff are reminded, and after how many per cent of the time, `BREACH` when all of it is over."""

    at: datetime
    percent: int


@dataclass(frozen=True, slots=True)
class AnswerClock:
    """Where an incident stands: whose turn, its rounds (the last one goes on unless it is nobody's turn), and the
    reminders to come of the stretch that began at `set_at`, earliest first.
    """

    turn: Turn
    urgent: bool
    rounds: tuple[Round, ...]
    set_at: datetime
    reminders: tuple[Reminder, ...]

    @property
    def running(self) -> Round | None:
        """The round that goes on."""
        return None if self.turn is Turn.NOBODY else self.rounds[-1]

    @property
    def due_at(self) -> datetime | None:
        """When the next answer is due; None when none is, or while it is the customer's turn."""
        if self.turn is not Turn.DESK:
            return None
        return self.rounds[-1].due_at

    @property
    def answered_at(self) -> datetime | None:
        """When a person first answered."""
        return next((each.ended_at for each in self.rounds if each.ended_by is Happening.ANSWERED), None)

    def reminder_reached(self, now: datetime) -> Reminder | None:
        """Give the last reminder whose time has come: after a downtime only the highest counts."""
        return next((each for each in reversed(self.reminders) if each.at <= now), None)

    def reminder_after(self, now: datetime) -> Reminder | None:
        """Give the first reminder that is still to come."""
        return next((each for each in self.reminders if each.at > now), None)


def answer_clock(
    promise: AnswerPromise, calendars: Mapping[str, Calendar], history: History, now: datetime
) -> AnswerClock:
    """Play the history through up to now, or to its last step if that is later."""
    clock = _Clock(promise, calendars, history)
    for step in history.steps:
        clock.take(step)
    return clock.shown(now)


class _Clock:
    """The clock while the history is played through. Every change of the state counts what has passed, then aims
    anew; what changes nothing does neither.
    """

    def __init__(self, promise: AnswerPromise, calendars: Mapping[str, Calendar], history: History) -> None:
        self._promise = promise
        self._calendars = calendars
        self._at = history.received_at.astimezone(UTC)
        self._turn = Turn.DESK
        self._urgent = history.urgent
        self._rounds: list[Round] = []
        self._stretches: list[Stretch] = []
        self._counted = _NOTHING
        self._due_at: datetime | None = None
        self._aim()

    def take(self, step: Step) -> None:
        """Go on to this step; one that cannot be at this point changes nothing."""
        if self._turn is Turn.NOBODY:
            return
        match step.what:
            case Happening.ANSWERED | Happening.CLOSED:
                self._pass_to(step.at)
                self._end(step.what)
            case Happening.WAITS if self._turn is Turn.DESK:
                self._pass_to(step.at)
                self._turn = Turn.CUSTOMER
            case Happening.RESUMED | Happening.CUSTOMER_WROTE if self._turn is Turn.CUSTOMER:
                self._pass_to(step.at)
                self._turn = Turn.DESK
            case Happening.URGENCY if step.urgent is not self._urgent:
                self._pass_to(step.at)
                self._urgent = step.urgent
            case _:
                return
        self._aim()

    def shown(self, now: datetime) -> AnswerClock:
        """Give what can be said at this moment."""
        set_at, reminders = self._at, tuple(self._reminders())
        if self._turn is not Turn.NOBODY:
            self._pass_to(now)
            self._rounds.append(self._round(None))
        return AnswerClock(self._turn, self._urgent, tuple(self._rounds), set_at, reminders)

    @property
    def _kind(self) -> Kind:
        return "update" if any(each.ended_by is Happening.ANSWERED for each in self._rounds) else "answer"

    @property
    def _minutes(self) -> int | None:
        """Where no first answer is sold, the first news count from the arrival."""
        targets = self._promise.targets(urgent=self._urgent)
        return targets.update if self._kind == "update" or targets.answer is None else targets.answer

    @property
    def _calendar(self) -> Calendar:
        return self._calendars[self._promise.calendar(urgent=self._urgent)]

    def _pass_to(self, at: datetime) -> None:
        at = max(at.astimezone(UTC), self._at)
        for stretch in self._passed(at):
            if stretch.counts is Counts.YES:
                self._counted += stretch.length
            self._stretches.append(stretch)
        self._at = at

    def _passed(self, at: datetime) -> Iterator[Stretch]:
        if self._at == at:
            return
        if self._turn is Turn.CUSTOMER:
            yield Stretch(self._at, at, Counts.CUSTOMERS_TURN, self._calendar.name)
        elif self._promise.time == "real":
            yield Stretch(self._at, at, Counts.YES, self._calendar.name)
        else:
            yield from _covered(self._calendar, self._at, at)

    def _end(self, by: Happening) -> None:
        self._rounds.append(self._round(by))
        self._stretches, self._counted, self._due_at = [], _NOTHING, None
        if by is Happening.CLOSED:
            self._turn = Turn.NOBODY

    def _round(self, ended_by: Happening | None) -> Round:
        return Round(
            kind=self._kind,
            urgent=self._urgent,
            minutes=self._minutes,
            stretches=tuple(self._stretches),
            counted=self._counted,
            due_at=self._due_at,
            ended_at=self._at if ended_by else None,
            ended_by=ended_by,
            late=self._due_at is not None and self._due_at < self._at,
        )

    def _aim(self) -> None:
        """Say from here when the round is due. One that was missed stays so, unless its target was put off."""
        missed = self._due_at if self._due_at is not None and self._due_at < self._at else None
        minutes = self._minutes
        if minutes is None or self._turn is Turn.NOBODY:
            self._due_at = None
        elif self._counted >= minutes * _MINUTE:
            self._due_at = missed or (self._at if self._turn is Turn.DESK else None)
        else:
            self._due_at = self._after(minutes * _MINUTE) if self._turn is Turn.DESK else None

    def _after(self, time: timedelta) -> datetime:
        """The moment at which so much of the round has been counted, from here on."""
        left = time - self._counted
        return (
            self._at + left if self._promise.time == "real" else add_covered(self._calendar, self._at, left / _MINUTE)
        )

    def _reminders(self) -> Iterator[Reminder]:
        """Strictly ascending: a lower one that would not come before a higher one is left out."""
        found: list[Reminder] = []
        for each in self._all_reminders():
            while found and found[-1].at >= each.at:
                found.pop()
            found.append(each)
        yield from found

    def _all_reminders(self) -> Iterator[Reminder]:
        minutes = self._minutes
        if self._turn is not Turn.DESK or minutes is None or self._due_at is None or self._due_at < self._at:
            return
        for percent in self._promise.remind_at:
            part = minutes * _MINUTE * percent / BREACH
            if part > self._counted:  # else its time came before this stretch
                yield Reminder(_in_open_time(self._calendar, self._at, self._after(part)), percent)
        yield Reminder(opens_next(self._calendar, self._due_at), BREACH)


def _covered(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Stretch]:
    """Cut a span into open and closed stretches; what adjoins is one."""
    at = start
    for interval in _joined(open_between(calendar, start, end)):
        if at < interval.opens_at:
            yield Stretch(at, interval.opens_at, Counts.CLOSED_HOURS, calendar.name)
        yield Stretch(interval.opens_at, interval.closes_at, Counts.YES, calendar.name)
        at = interval.closes_at
    if at < end:
        yield Stretch(at, end, Counts.CLOSED_HOURS, calendar.name)


def _joined(intervals: Iterable[Interval]) -> Iterator[Interval]:
    last: Interval | None = None
    for each in intervals:
        if last is not None and last.closes_at == each.opens_at:
            last = Interval(last.opens_at, each.closes_at)
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


def _in_open_time(calendar: Calendar, since: datetime, at: datetime) -> datetime:
    """Never at night: that moment if somebody is there then, else shortly before the closing that comes before it, else
    at the next opening.
    """
    if is_open(calendar, at):
        return at
    before = list(open_between(calendar, since, at))
    return max(before[-1].opens_at, before[-1].closes_at - _BEFORE_CLOSING) if before else opens_next(calendar, at)
