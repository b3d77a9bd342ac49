"""Who is called for an urgent question, in which order, and when? (S21, S27) Pure.

A ladder is climbed rung by rung until somebody takes the incident; then the last rung is called again and again. There
is one ladder for the hours in which staff are at work and one for all other time. Whoever has not been reached when the
hours change is looked for on the other ladder, from its first rung on: so the partner runs the desk outside the hours,
and never within them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from mailbot.desk.calendar import Calendar, is_open, local_moment
from mailbot.desk.contract import Role, Staff

ALL = "all"
PARTNER = "partner"
ROTA = "rota:"
BUSINESS = "business"
OUTSIDE = "outside"
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Deputy:
    """Who is on call instead of whoever's turn it is; from `since`, and no more at `until`."""

    since: datetime
    until: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Rota:
    """People who take turns by the week. Addresses are normalised.

    `first_week` is the Monday of the week in which the first of them takes over, on that `weekday` (0 is Monday), so
    many `minutes` after midnight by the clock of the zone. The turns go on for ever, backwards too.
    """

    name: str
    zone: ZoneInfo
    first_week: date
    weekday: int
    minutes: int
    people: tuple[str, ...]
    deputies: tuple[Deputy, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """That somebody is on call, half-open."""

    since: datetime
    until: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of every day, half-open, in minutes after midnight; over midnight where they end before they begin."""

    begins: int
    ends: int

    def holds(self, minutes: int) -> bool:
        """Say whether that time of the day lies in them."""
        if self.begins < self.ends:
            return self.begins <= minutes < self.ends
        return minutes >= self.begins or minutes < self.ends


@dataclass(frozen=True, slots=True)
class Rung:
    """Whom to call, how long after the rung before (after the start, for the first), and when rather not.

    `who` is "all" (all staff), "partner", "rota:NAME", or the normalised address of one of them.
    """

    who: str
    after: timedelta
    quiet: tuple[Quiet, ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in their order; the last one that can be called is called again every so often, so many times."""

    name: str
    rungs: tuple[Rung, ...]
    repeat_after: timedelta
    repeats: int


@dataclass(frozen=True, slots=True)
class OnCallRules:
    """`hours` is the calendar in which staff are at work; quiet hours are read by the clock of `zone`."""

    zone: ZoneInfo
    hours: Calendar
    rotas: Mapping[str, Rota]
    business: Ladder
    outside: Ladder

    def ladder(self, at: datetime) -> Ladder:
        """Give the ladder of that moment."""
        return self.business if is_open(self.hours, at) else self.outside

    def name(self, rung: Rung, at: datetime) -> str:
        """Say whom a rung means at that moment: an address, "all" or "partner"."""
        if not rung.who.startswith(ROTA):
            return rung.who
        return on_duty(self.rotas[rung.who.removeprefix(ROTA)], at)

    def people(self, rung: Rung, at: datetime, registered: Sequence[Staff]) -> tuple[Staff, ...]:
        """Give those of the registered people whom a rung calls at that moment; the partner only outside the hours."""
        name = self.name(rung, at)
        if name in (ALL, PARTNER):
            role = Role.STAFF if name == ALL else Role.PARTNER
            found = [person for person in registered if person.role is role]
        else:
            found = [person for person in registered if person.address == name]
        partner_may = not is_open(self.hours, at)
        return tuple(person for person in found if partner_may or person.role is Role.STAFF)


def on_duty(rota: Rota, at: datetime) -> str:
    """Give the address of whoever is on call at that moment."""
    for deputy in rota.deputies:
        if deputy.since <= at < deputy.until:
            return deputy.who
    return rota.people[_week_of(rota, at) % len(rota.people)]


def _week_of(rota: Rota, at: datetime) -> int:
    """The number of the turn: of the last hand-over that is not after this moment."""
    week = (at.astimezone(rota.zone).date() - rota.first_week) // _WEEK + 1
    while _hand_over(rota, week) > at:
        week -= 1
    return week


def _hand_over(rota: Rota, week: int) -> datetime:
    return local_moment(rota.zone, rota.first_week + week * _WEEK + timedelta(days=rota.weekday), rota.minutes)


def turns(rota: Rota, since: datetime, until: datetime) -> list[Turn]:
    """Give who is on call when between two moments, in order; neighbouring turns of one person are one."""
    first, last = _week_of(rota, since), _week_of(rota, until)
    changes = {_hand_over(rota, week) for week in range(first, last + 1)}
    changes |= {moment for deputy in rota.deputies for moment in (deputy.since, deputy.until)}
    moments = [since, *sorted(moment for moment in changes if since < moment < until), until]
    found: list[Turn] = []
    for start, end in pairwise(moments):
        who = on_duty(rota, start)
        if found and found[-1].who == who:
            found[-1] = replace(found[-1], until=end)
        else:
            found.append(Turn(start, end, who))
    return found


@dataclass(frozen=True, slots=True)
class Climbed:
    """How far a ladder has been climbed: the number of the last call on it; -1 before the first."""

    ladder: str
    number: int


@dataclass(frozen=True, slots=True)
class Step:
    """The next call: its number on the ladder (those behind the rungs are repetitions), whom it calls, and how long to
    wait before the one after it.
    """

    ladder: str
    number: int
    rung: Rung
    wait: timedelta

    @property
    def climbed(self) -> Climbed:
        """Say how far the ladder is climbed with this call."""
        return Climbed(self.ladder, self.number)


class End(StrEnum):
    """Why nobody is called."""

    UNCLAIMED = "everybody was called as often as the ladder says"
    NOBODY = "nobody is registered who could be called"


def following(rules: OnCallRules, at: datetime, climbed: Climbed, reaches: Callable[[Rung], bool]) -> Step | End:
    """Say who is called at this moment. `reaches` tells whether somebody stands behind a rung; where nobody does, the
    next one is called without waiting. A rung in its quiet hours is passed over too, but never all: then the first is
    called all the same. Where no rung reaches anybody, all staff are called.
    """
    ladder = rules.ladder(at)
    if not any(map(reaches, ladder.rungs)):
        ladder = replace(ladder, rungs=(Rung(ALL, timedelta(0)),))
    last = climbed.number if climbed.ladder == ladder.name else -1
    usable = [number for number, rung in enumerate(ladder.rungs) if reaches(rung)]
    if not usable:
        return End.NOBODY
    awake = [number for number in usable if not _is_quiet(rules, ladder.rungs[number], at)]
    ahead = [number for number in awake if number > last]
    if ahead:
        return _step(ladder, ahead[0], ahead[0])
    if last < 0:
        return _step(ladder, usable[0], usable[0])
    number = max(last + 1, len(ladder.rungs))
    if number >= len(ladder.rungs) + ladder.repeats:
        return End.UNCLAIMED
    return _step(ladder, number, awake[-1] if awake else usable[0])


def _is_quiet(rules: OnCallRules, rung: Rung, at: datetime) -> bool:
    local = at.astimezone(rules.zone)
    return any(quiet.holds(local.hour * 60 + local.minute) for quiet in rung.quiet)


def _step(ladder: Ladder, number: int, rung: int) -> Step:
    after = number + 1
    wait = ladder.rungs[after].after if after < len(ladder.rungs) else ladder.repeat_after
    return Step(ladder.name, number, ladder.rungs[rung], wait)


def plan(
    rules: OnCallRules, at: datetime, reaches: Callable[[Rung, datetime], bool]
) -> Iterator[tuple[datetime, Step]]:
    """Give the calls for an urgent question of that moment until the first repetition, if nobody takes it."""
    climbed = Climbed("", -1)
    at += rules.ladder(at).rungs[0].after
    while True:
        step = following(rules, at, climbed, _then(reaches, at))
        if isinstance(step, End) or step.number >= len(_named(rules, step.ladder).rungs):
            return
        yield at, step
        climbed, at = step.climbed, at + step.wait


def _then(reaches: Callable[[Rung, datetime], bool], at: datetime) -> Callable[[Rung], bool]:
    return lambda rung: reaches(rung, at)


def _named(rules: OnCallRules, name: str) -> Ladder:
    return rules.business if name == BUSINESS else rules.outside


def unknown(rules: OnCallRules, registered: Sequence[Staff]) -> list[str]:
    """Give the addresses, of all rotas and ladders, that nobody is registered with."""
    rungs = [rung.who for rung in (*rules.business.rungs, *rules.outside.rungs)]
    named = [who for who in rungs if who not in (ALL, PARTNER) and not who.startswith(ROTA)]
    for rota in rules.rotas.values():
        named += [*rota.people, *(deputy.who for deputy in rota.deputies)]
    known = {person.address for person in registered}
    return [address for address in dict.fromkeys(named) if address not in known]
