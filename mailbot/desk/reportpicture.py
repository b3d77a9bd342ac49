"""Where does everything stand in the picture of a month? Report → numbers for an SVG of 840 units' width. Pure.

Two drawings over one line of days: above, how many questions came on each day and whether their first responses were in
time; below, one mark for each first response, as high as the share of its window that had passed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from mailbot.desk.incident import Urgency
from mailbot.desk.report import Asked, Kept, Report
from mailbot.desk.reportwords import percent

LEFT, RIGHT = 52.0, 832.0
BARS_TOP, BARS_FOOT = 62.0, 192.0
STRIP_TOP, STRIP_FOOT = 276.0, 436.0
_MOST_SHARE = 1.25  # of the window; what took longer stands at this height
_MOST_TICKS = 4
_BROAD = 18.0  # the greatest width of a bar
_MARK = 4.5  # half the size of a mark

_LEGEND = 256.0

Shape = Literal["in-time", "urgent", "late"]
_SAMPLES: tuple[tuple[Shape, float], ...] = (("in-time", 58.0), ("urgent", 198.0), ("late", 338.0))


@dataclass(frozen=True, slots=True)
class Tick:
    """A line with its label, at this height or place."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a day's bar: so many questions of one kind. `label` says which day and how many."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    day: str
    count: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One first response: the outline of its mark, and which question it belongs to."""

    shape: Shape
    outline: str
    number: str
    share: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is drawn. `levels` are shares of the window, `samples` the marks of the legend;
    `unplaced` counts marks whose share is not known.
    """

    counts: tuple[Tick, ...]
    days: tuple[Tick, ...]
    weekends: tuple[Bar, ...]
    bars: tuple[Bar, ...]
    levels: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    samples: tuple[Mark, ...]
    unplaced: int


def picture(report: Report, zone: ZoneInfo) -> Picture:
    """Draw a report; the days are those of this zone."""
    slot = (RIGHT - LEFT) / report.month.days
    by_day = Counter((_day(each, zone), each.kept(report.as_of)) for each in report.asked)
    step, top = _scale(max((_on(by_day, day) for day in _days(report)), default=0))
    marks = [mark for each in report.asked if (mark := _mark(each, report, zone)) is not None]
    waiting = report.figures.first[Kept.PENDING]
    return Picture(
        counts=tuple(Tick(_height(count / top, BARS_TOP, BARS_FOOT), str(count)) for count in range(0, top + 1, step)),
        days=tuple(Tick(_round(LEFT + slot * (day.day - 0.5)), str(day.day)) for day in _days(report)),
        weekends=tuple(_weekend(day, slot) for day in _days(report) if day.weekday() >= 5),
        bars=tuple(bar for day in _days(report) for bar in _bars(by_day, day, slot, top)),
        levels=tuple(
            Tick(_height(share / _MOST_SHARE, STRIP_TOP, STRIP_FOOT), percent(share)) for share in (0, 0.5, 1)
        ),
        marks=tuple(marks),
        samples=tuple(Mark(shape, outline(shape, x, _LEGEND), "", "") for shape, x in _SAMPLES),
        unplaced=len(report.asked) - len(marks) - waiting,
    )


def _days(report: Report) -> Iterator[date]:
    return (report.month.first + timedelta(days=n) for n in range(report.month.days))


def _day(asked: Asked, zone: ZoneInfo) -> date:
    return asked.received_at.astimezone(zone).date()


def _on(by_day: Counter[tuple[date, Kept]], day: date) -> int:
    return sum(by_day[day, kept] for kept in Kept)


def _scale(most: int) -> tuple[int, int]:
    """Give a step of 1, 2 or 5 times a power of ten, and the round number at the top of the scale."""
    step = next(
        step for power in range(12) for factor in (1, 2, 5) if (step := factor * 10**power) * _MOST_TICKS >= most
    )
    return step, max(2, -(-most // step)) * step


def _bars(by_day: Counter[tuple[date, Kept]], day: date, slot: float, top: int) -> Iterator[Bar]:
    width = min(_BROAD, slot * 0.7)
    below = 0
    for kept in (Kept.IN_TIME, Kept.LATE, Kept.PENDING):
        count = by_day[day, kept]
        if count:
            foot, head = (_height(n / top, BARS_TOP, BARS_FOOT) for n in (below, below + count))
            x = _round(LEFT + slot * (day.day - 0.5) - width / 2)
            yield Bar(kept.value, x, head, _round(width), _round(foot - head), day.isoformat(), str(count))
            below += count


def _weekend(day: date, slot: float) -> Bar:
    x, height = _round(LEFT + slot * (day.day - 1)), BARS_FOOT - BARS_TOP
    return Bar("weekend", x, BARS_TOP, _round(slot), height, day.isoformat(), "")


def _mark(asked: Asked, report: Report, zone: ZoneInfo) -> Mark | None:
    """What is late stands above the line even where its share is not known, or where no response was given yet."""
    kept = asked.kept(report.as_of)
    share = asked.window.share if asked.window else None
    if kept is Kept.PENDING or (share is None and kept is Kept.IN_TIME):
        return None
    height = _MOST_SHARE if share is None else min(share, _MOST_SHARE)
    x = _place(asked.received_at, report, zone)
    y = _height(height / _MOST_SHARE, STRIP_TOP, STRIP_FOOT)
    shape: Shape = "late" if kept is Kept.LATE else "in-time" if asked.urgency is Urgency.NORMAL else "urgent"
    return Mark(shape, outline(shape, x, y), asked.number, percent(share))


def _place(at: datetime, report: Report, zone: ZoneInfo) -> float:
    begins, ends = report.month.begins(zone), report.month.ends(zone)
    return _round(LEFT + (RIGHT - LEFT) * ((at - begins) / (ends - begins)))


def outline(shape: Shape, x: float, y: float) -> str:
    """Give the path of a mark around this point: a dot, a diamond or a cross. Shapes tell apart what colours cannot."""
    m = _MARK
    if shape == "in-time":
        return f"M{x - m:g} {y:g}a{m:g} {m:g} 0 1 0 {2 * m:g} 0a{m:g} {m:g} 0 1 0 {-2 * m:g} 0z"
    if shape == "urgent":
        return f"M{x:g} {y - m - 1:g}l{m + 1:g} {m + 1:g}l{-m - 1:g} {m + 1:g}l{-m - 1:g} {-m - 1:g}z"
    return f"M{x - m:g} {y - m:g}l{2 * m:g} {2 * m:g}m0 {-2 * m:g}l{-2 * m:g} {2 * m:g}"


def _height(share: float, top: float, foot: float) -> float:
    return _round(foot - (foot - top) * share)


def _round(value: float) -> float:
    return round(value, 1)
