"""T17: every minute of a year, in each menu, urgent or not, against a second implementation.

The rules are the real ones, their holidays those of the library; the second implementation has its own.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from mailbot.desk.calendar import why_closed
from mailbot.desk.sla import first_response
from mailbot.rules import Rules, load
from tests.desk.japanese_year import Year, national_holidays

YEAR = 2026  # with a substitute holiday behind Golden Week, and a holiday only because it lies between two
MIDNIGHT = datetime(YEAR - 1, 12, 31, 15, tzinfo=UTC)  # 1 January 00:00 in Tokyo
MINUTES = {"business": 60, "premium": 30}  # S18
ROUND_THE_CLOCK = {("premium", True)}  # S17
CASES = [pytest.param(menu, urgent, id=f"{menu}-{urgent}") for menu in MINUTES for urgent in (False, True)]


@cache
def _rules() -> Rules:
    return load(Path(__file__).parents[2] / "rules")


def _second_opinion(menu: str, urgent: bool) -> Year:
    return Year(YEAR, round_the_clock=(menu, urgent) in ROUND_THE_CLOCK)


@pytest.mark.parametrize(("menu", "urgent"), CASES)
def test_every_minute_of_a_year(menu: str, urgent: bool) -> None:
    rules, other, minutes = _rules(), _second_opinion(menu, urgent), MINUTES[menu]
    sold, calendars = rules.service.menus[menu], rules.calendars
    moments = [MIDNIGHT + timedelta(minutes=minute) for minute in range(len(other.row))]
    wrong = [
        received_at
        for minute, received_at in enumerate(moments[: other.minutes])
        if first_response(sold, calendars, received_at=received_at, urgent=urgent).due_at
        != moments[other.due(minute, minutes)]
    ]
    assert (len(wrong), wrong[:3], other.minutes) == (0, [], 525_600)


@pytest.mark.parametrize(("menu", "urgent"), CASES)
@pytest.mark.parametrize(
    "around",
    [
        "2026-04-01 09:00",
        "2026-04-01 17:00",
        "2026-04-01 17:30",
        "2026-04-01 18:00",
        "2026-04-02 00:00",
        "2026-04-28 18:00",  # before Showa Day
        "2026-05-01 18:00",  # before Golden Week
        "2026-09-18 17:30",  # before Silver Week
        "2026-09-24 09:00",
        "2026-12-28 17:45",
        "2026-12-28 18:00",  # before the year's end
        "2026-12-31 23:59",
    ],
)
def test_every_second_at_the_edges(menu: str, urgent: bool, around: str) -> None:
    rules, other, minutes = _rules(), _second_opinion(menu, urgent), MINUTES[menu]
    middle = datetime.fromisoformat(f"{around}+09:00") - MIDNIGHT
    for second in range(middle // timedelta(seconds=1) - 61, middle // timedelta(seconds=1) + 62):
        received_at = MIDNIGHT + timedelta(seconds=second)
        due = first_response(rules.service.menus[menu], rules.calendars, received_at=received_at, urgent=urgent)
        assert due.due_at == MIDNIGHT + timedelta(seconds=other.due_second(second, minutes)), received_at


@pytest.mark.parametrize("year", range(2024, 2031))
def test_japanese_holidays_are_those_of_the_published_list(year: int) -> None:
    edition = _rules().calendars["business"].edition(MIDNIGHT)
    listed = {day for day in national_holidays() if day.year == year}
    assert set(edition.holidays(year)) == listed


def test_what_holidays_there_are_by_kind() -> None:
    """Against slips in the list itself: each of the sixteen once a year, and the substitutes where a Sunday is one."""
    holidays = national_holidays()
    named = [name for name in holidays.values() if name not in {"振替休日", "国民の休日"}]
    assert (len(named), len(set(named))) == (7 * 16, 16)
    sundays = [day for day, name in holidays.items() if day.isoweekday() == 7 and name != "振替休日"]
    substitutes = [day for day, name in holidays.items() if name == "振替休日"]
    assert len(substitutes) == len(sundays)
    assert all(any(0 < (day - sunday).days <= 3 for sunday in sundays) for day in substitutes)
    assert [day for day, name in holidays.items() if name == "国民の休日"] == [date(2026, 9, 22)]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2025, 5, 6), "substitute"),
        (date(2026, 9, 22), "National Holiday"),
        (date(2027, 3, 22), "substitute"),
        (date(2026, 12, 29), "the company's closing"),
    ],
)
def test_why_a_day_is_closed(day: date, why: str) -> None:
    reason = why_closed(_rules().calendars["business"], MIDNIGHT, day)
    assert reason is not None
    assert why.lower() in reason.lower()
