"""A second implementation of the answer clock: every minute is lived through, one after the other.

Nothing of the first one is used, and no calendar: a minute is open when the clocks on the wall say so. A round is late
from the first moment at which it is the desk's turn and as many minutes have been counted as were promised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAYS = 70
"""How long a window is; what is to happen in it must leave room for what is due then."""


@cache
def open_minutes(zone: str, first_day: date, opens: int, closes: int, weekdays: frozenset[int]) -> Sequence[bool]:
    """Which minutes of the window are open: hours in local minutes after midnight, on days that `weekday` numbers."""
    here, start = ZoneInfo(zone), window_start(first_day)
    walls = [(start + timedelta(minutes=n)).astimezone(here) for n in range(DAYS * 1440)]
    found = [False] * len(walls)
    for day in sorted({wall.date() for wall in walls}):
        if day.weekday() not in weekdays:
            continue
        since = max(0, ((day - first_day).days - 1) * 1440)  # no zone is further away than that
        first, last = (
            next((n for n in range(since, len(walls)) if _shows(walls[n], day, minutes)), len(walls))
            for minutes in (opens, closes)
        )
        for n in range(first, last):
            found[n] = True
    return found


def _shows(wall: datetime, day: date, minutes: int) -> bool:
    """Whether the clock on the wall has come to this time of that day."""
    return wall.date() > day or (wall.date() == day and wall.hour * 60 + wall.minute >= minutes)


def window_start(first_day: date) -> datetime:
    return datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC)


@dataclass(frozen=True)
class Sold:
    """Minutes until the first answer and until news, by urgency."""

    answer: dict[bool, int | None]
    update: dict[bool, int | None]


@dataclass
class Lived:
    """A round as it was lived through, in minutes of the window."""

    counted: int = 0
    customers: int = 0
    closed: int = 0
    due: int | None = None
    ended: int | None = None
    late: bool = False


def live(
    sold: Sold,
    counts: dict[bool, Sequence[bool]],
    *,
    arrival: int,
    urgent: bool,
    steps: Sequence[tuple[int, str]],
    now: int,
) -> list[Lived]:
    """Play it minute by minute; `counts` says by urgency which minutes count. The last round goes on unless closed."""
    rounds, turn, answered, flag = [Lived()], "desk", False, None
    left = list(steps)
    minute = arrival
    while True:
        while left and left[0][0] <= minute:
            _, what = left.pop(0)
            if what in ("answered", "closed"):
                rounds[-1].ended = minute
                rounds[-1].due = flag
                if flag is None and turn == "desk":
                    rounds[-1].due = _ahead(_target(sold, answered, urgent), counts[urgent], rounds[-1].counted, minute)
                rounds[-1].late = rounds[-1].due is not None and rounds[-1].due < minute
                if what == "closed":
                    return rounds
                rounds, answered, flag = [*rounds, Lived()], True, None
            elif what == "waits":
                turn = "customer"
            elif what in ("resumed", "customer-wrote"):
                turn = "desk"
            elif what in ("urgent", "normal"):
                urgent = what == "urgent"
        target = _target(sold, answered, urgent)
        here = rounds[-1]
        if target is None or here.counted < target:
            flag = None
        elif flag is None and turn == "desk":
            flag = minute
        if minute >= now and not left:
            here.due = flag
            if flag is None and turn == "desk":
                here.due = _ahead(target, counts[urgent], here.counted, minute)
            here.late = here.due is not None and here.due < minute
            return rounds
        if turn == "customer":
            here.customers += 1
        elif counts[urgent][minute]:
            here.counted += 1
        else:
            here.closed += 1
        minute += 1


def _target(sold: Sold, answered: bool, urgent: bool) -> int | None:
    if not answered and sold.answer[urgent] is not None:
        return sold.answer[urgent]
    return sold.update[urgent]


def _ahead(target: int | None, counts: Sequence[bool], counted: int, minute: int) -> int | None:
    """When it would be due if nothing more happened."""
    if target is None:
        return None
    while counted < target:
        counted += counts[minute]
        minute += 1
    return minute
