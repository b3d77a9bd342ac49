"""Did the desk live all the time, and can its clock be believed? Two readings of two clocks → what happened. Pure.

The clock on the wall can be set; the seconds since the boot cannot, but end with it. What both agree about is sure:
time went by. What only the wall says may be wrong (promises, row 36, invariant 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

from mailbot.desk.contract import Language
from mailbot.desk.moments import moment, span
from mailbot.desk.replies import Desk, Wording, line, variables_of

STILL = timedelta(minutes=2)
"""Who did nothing for so long stood still; a tick is 5 seconds."""
SLEW = timedelta(seconds=30)
"""By so much a clock may be corrected without anybody being told."""
LARGE = timedelta(hours=1)
"""A jump by more than this can make a day come too early, and is longer than any window of a first response (S18)."""
UNSEEN = timedelta(days=1)
"""For longer than this no machine is believed to have been off, only because its clock says so."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Both clocks at one moment: the wall's, and the seconds since the boot with this id."""

    at: datetime
    since_boot: float
    boot: str


@dataclass(frozen=True, slots=True)
class Steady:
    """All is well."""


@dataclass(frozen=True, slots=True)
class Slept:
    """Nothing was done for this long: the machine slept, the process was stopped, or its database did not answer."""

    time: timedelta


@dataclass(frozen=True, slots=True)
class Restarted:
    """The program did not run for this long; not `sure` when only the wall says so, and says too much."""

    after: timedelta
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Jumped:
    """The clock on the wall was set, forwards or (negative) backwards by this much."""

    by: timedelta


Finding: TypeAlias = Steady | Slept | Restarted | Jumped


def judge(former: Reading, present: Reading, *, restarted: bool) -> Finding:
    """Say what happened between two readings; `restarted` when another process took the former one."""
    moved = present.at - former.at
    if former.boot != present.boot or present.since_boot < former.since_boot:
        if moved < -SLEW:
            return Jumped(moved)
        return Restarted(max(moved, timedelta(0)), sure=moved <= UNSEEN)
    elapsed = timedelta(seconds=present.since_boot - former.since_boot)
    if abs(moved - elapsed) > SLEW:
        return Jumped(moved - elapsed)
    if restarted:
        return Restarted(elapsed)
    return Slept(elapsed) if elapsed >= STILL else Steady()


def ahead(before: timedelta, finding: Finding) -> timedelta:
    """Say how far the wall is from the clock that was believed last: `before` it was so far, then this was found.

    What adds up to an hour or less is believed; so the clock is trusted again when it comes back.
    """
    after = before + _in_question(finding)
    return after if abs(after) > LARGE else timedelta(0)


def _in_question(finding: Finding) -> timedelta:
    match finding:
        case Jumped(by=by):
            return by
        case Restarted(after=after, sure=False):
            return after
        case Steady() | Slept() | Restarted():
            return timedelta(0)
        case _ as unreachable:
            assert_never(unreachable)


def in_doubt(off: timedelta) -> bool:
    """Say whether letters that a day causes must wait: the clock is `off` so far ahead that the day may not be here.

    A clock that is behind makes no such letter early, and none is sent twice. Everything that a mail causes goes on.
    """
    return off > LARGE


def tells(finding: Finding) -> bool:
    """Say whether people must know of this. A short restart is for the journal only."""
    match finding:
        case Steady():
            return False
        case Slept() | Jumped():
            return True
        case Restarted(after=after):
            return after > LARGE
        case _ as unreachable:
            assert_never(unreachable)


def named(finding: Finding) -> tuple[str, timedelta]:
    """Give the word for a finding, and its time: steady, slept, restarted, forwards or backwards."""
    match finding:
        case Steady():
            return "steady", timedelta(0)
        case Slept(time=time):
            return "slept", time
        case Restarted(after=after):
            return "restarted", after
        case Jumped(by=by):
            return ("forwards", by) if by > timedelta(0) else ("backwards", -by)
        case _ as unreachable:
            assert_never(unreachable)


@dataclass(frozen=True, slots=True)
class Found:
    """What people are told: on which machine, between which moments, and whether letters of a day wait or go on."""

    daemon: str
    finding: Finding
    former_at: datetime
    present_at: datetime
    suspended: bool
    resumed: bool


def alarm(desk: Desk, language: Language, what: Found) -> Wording:
    """Give the letter that tells what happened to the clock, what mailbot did about it, and what a person is to do."""
    name, time = named(what.finding)
    variables = variables_of(desk) | {
        "what": name,
        "time": span(time, language),
        "daemon": line(what.daemon),
        "former_at": moment(what.former_at, language, desk.zone),
        "present_at": moment(what.present_at, language, desk.zone),
        "suspended": what.suspended,
        "resumed": what.resumed,
    }
    return Wording("staff-clock", language, variables)


def facts(what: Found) -> Mapping[str, str]:
    """Say the same for programs; times in UTC."""
    name, time = named(what.finding)
    return {
        "what": name,
        "seconds": str(round(time.total_seconds())),
        "daemon": what.daemon,
        "former_at": what.former_at.isoformat(),
        "present_at": what.present_at.isoformat(),
        "suspended": "yes" if what.suspended else "no",
    }
