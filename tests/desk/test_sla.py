"""By when must a question be acknowledged? Against tables and a second, naive implementation over a whole year."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from mailbot.desk.calendar import Calendar, Edition, Hours, YearlyClosure, add_covered
from mailbot.desk.contract import Menu
from mailbot.desk.sla import first_response

TOKYO = ZoneInfo("Asia/Tokyo")

# The national holidays as the Cabinet Office lists them, with substitute and bridging ones.
DAYS_OFF = {
    2026: "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23",
    2027: "01-01 01-11 02-11 02-23",
}
HOLIDAYS = {date.fromisoformat(f"{year}-{day}") for year, days in DAYS_OFF.items() for day in days.split()}


def holidays(year: int) -> Mapping[date, str]:
    return {day: "holiday" for day in HOLIDAYS if day.year == year}


CALENDARS = {
    "business": Calendar(
        "business",
        (
            Edition(
                None,
                TOKYO,
                ((Hours(540, 1080),),) * 5 + ((), ()),
                holidays,
                (YearlyClosure((12, 29), (1, 3), "year's end"),),
                {},
            ),
        ),
    ),
    "always": Calendar("always", (Edition(None, TOKYO, ((Hours(0, 1440),),) * 7, lambda _: {}, (), {}),)),
}
PREMIUM = Menu("premium", {"ja": "プレミアム", "en": "Premium"}, "business", "always", 30, 800_000)
BUSINESS = Menu("business", {"ja": "ビジネスタイム", "en": "Business time"}, "business", "business", 60, 400_000)
MENUS = {"premium": PREMIUM, "business": BUSINESS}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("menu", "urgent", "received", "calendar", "starts", "due"),
    [
        pytest.param("premium", False, "2026-04-01 10:00:00", "business", "same", "2026-04-01 10:30:00", id="P-hours"),
        pytest.param("premium", True, "2026-04-01 10:00:00", "always", "same", "2026-04-01 10:30:00", id="P-hours-!"),
        pytest.param(
            "premium", False, "2026-04-01 18:00:00", "business", "2026-04-02 09:00:00", "2026-04-02 09:30:00", id="P-18"
        ),
        pytest.param("premium", True, "2026-04-01 18:00:00", "always", "same", "2026-04-01 18:30:00", id="P-18-!"),
        pytest.param(
            "premium", True, "2027-01-01 00:00:00", "always", "same", "2027-01-01 00:30:00", id="P-new-year-!"
        ),
        pytest.param(
            "premium", False, "2026-04-01 17:59:59", "business", "same", "2026-04-02 09:29:59", id="P-17:59:59"
        ),
        pytest.param("business", False, "2026-04-01 17:00:00", "business", "same", "2026-04-01 18:00:00", id="B-17"),
        pytest.param(
            "business",
            True,
            "2026-04-01 18:00:00",
            "business",
            "2026-04-02 09:00:00",
            "2026-04-02 10:00:00",
            id="B-18-!",
        ),
        pytest.param(
            "business",
            False,
            "2026-05-02 12:00:00",
            "business",
            "2026-05-07 09:00:00",
            "2026-05-07 10:00:00",
            id="B-GW",
        ),
        pytest.param(
            "business",
            False,
            "2026-12-28 18:00:00",
            "business",
            "2027-01-04 09:00:00",
            "2027-01-04 10:00:00",
            id="B-NY",
        ),
        pytest.param(
            "business", False, "2026-09-18 17:30:00", "business", "same", "2026-09-24 09:30:00", id="B-silver-week"
        ),
    ],
)
def test_first_response(menu: str, urgent: bool, received: str, calendar: str, starts: str, due: str) -> None:
    answer = first_response(MENUS[menu], CALENDARS, received_at=at(received), urgent=urgent)
    assert answer.calendar == calendar
    assert answer.starts_at == at(received if starts == "same" else starts)
    assert answer.due_at == at(due)


def test_the_steps_explain_it() -> None:
    due = first_response(PREMIUM, CALENDARS, received_at=at("2026-12-28 18:05:33"), urgent=False)
    assert due.steps == (
        "arrived Mon 2026-12-28 18:05:33 +0900 (Asia/Tokyo)",
        "menu premium: the calendar business covers normal questions",
        "closed on arrival; opens Mon 2027-01-04 09:00:00 +0900",
        "closed on 2026-12-29 to 2027-01-03: year's end",
        "30 covered minutes end Mon 2027-01-04 09:30:00 +0900",
    )


def test_the_steps_name_days_within_the_window() -> None:
    due = first_response(BUSINESS, CALENDARS, received_at=at("2026-04-28 17:30:00"), urgent=True)
    assert due.steps == (
        "arrived Tue 2026-04-28 17:30:00 +0900 (Asia/Tokyo)",
        "menu business: the calendar business covers urgent questions",
        "60 covered minutes end Thu 2026-04-30 09:30:00 +0900",
        "closed on 2026-04-29: holiday",
    )


# --- The second implementation: every minute of the year asked by the words of S16, then counted ---

FIRST = datetime(2026, 1, 1, tzinfo=TOKYO)
MINUTES_OF_2026 = 365 * 1440
MARGIN = 10 * 1440


def _covered(minute: int, calendar: str) -> bool:
    if calendar == "always":
        return True
    wall = datetime(2026, 1, 1) + timedelta(minutes=minute)  # noqa: DTZ001
    day = wall.date()
    if day.isoweekday() > 5 or day in HOLIDAYS:
        return False
    if (day.month == 12 and day.day >= 29) or (day.month == 1 and day.day <= 3):
        return False
    return 9 <= wall.hour < 18


@cache
def _covered_minutes(calendar: str) -> list[int]:
    return [minute for minute in range(MINUTES_OF_2026 + MARGIN) if _covered(minute, calendar)]


def _naive_due(calendar: str, minute: int, second: int, minutes: int) -> datetime:
    covered = _covered_minutes(calendar)
    first = bisect_left(covered, minute)
    if covered[first] > minute:  # it starts with an opening, so at its full minute
        second = 0
    whole = FIRST + timedelta(minutes=covered[first + minutes - 1] + 1)
    if not second:
        return whole
    return FIRST + timedelta(minutes=covered[first + minutes], seconds=second)


@pytest.mark.parametrize(("minutes", "step"), [pytest.param(60, 1, id="60"), pytest.param(30, 7, id="30")])
def test_every_minute_of_a_year(minutes: int, step: int) -> None:
    """Every full minute of 2026 for the longer window, every seventh for the shorter; exact to the microsecond."""
    business = CALENDARS["business"]
    start = FIRST.astimezone(UTC)
    wrong = [
        minute
        for minute in range(0, MINUTES_OF_2026, step)
        if add_covered(business, start + timedelta(minutes=minute), minutes)
        != _naive_due("business", minute, 0, minutes)
    ]
    assert wrong == []


@pytest.mark.parametrize("urgent", [False, True], ids=["normal", "urgent"])
@pytest.mark.parametrize("menu", [PREMIUM, BUSINESS], ids=lambda menu: menu.key)
def test_a_sampled_year_of_both_menus(menu: Menu, urgent: bool) -> None:
    calendar = "always" if menu is PREMIUM and urgent else "business"
    for minute in range(0, MINUTES_OF_2026, 61):
        second = minute % 60
        received_at = FIRST + timedelta(minutes=minute, seconds=second)
        due = first_response(menu, CALENDARS, received_at=received_at, urgent=urgent)
        assert due.calendar == calendar
        assert due.due_at == _naive_due(calendar, minute, second, menu.first_response_minutes), received_at
        assert received_at <= due.starts_at < due.due_at


def test_urgent_is_never_later() -> None:
    for minute in range(0, MINUTES_OF_2026, 997):
        received_at = FIRST + timedelta(minutes=minute)
        normal, urgent = (
            first_response(PREMIUM, CALENDARS, received_at=received_at, urgent=urgent) for urgent in (False, True)
        )
        assert urgent.due_at <= normal.due_at
