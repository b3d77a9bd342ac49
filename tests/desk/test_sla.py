"""By when must a question be acknowledged? Against tables; every minute of a year is in test_every_minute.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailbot.desk.calendar import Calendar, Edition, Hours, YearlyClosure
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


def test_urgent_is_never_later() -> None:
    for minute in range(0, 365 * 1440, 997):
        received_at = at("2026-01-01 00:00:00") + timedelta(minutes=minute)
        normal, urgent = (
            first_response(PREMIUM, CALENDARS, received_at=received_at, urgent=urgent) for urgent in (False, True)
        )
        assert urgent.due_at <= normal.due_at
