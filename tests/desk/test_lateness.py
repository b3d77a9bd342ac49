"""How much of a window is over, in covered time, and when is the next alarm?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from mailbot import rules
from mailbot.config import bundled
from mailbot.desk.lateness import NEUTRAL, Window, next_alarm, stage_at
from mailbot.desk.sla import first_response

RULES = rules.load(bundled("rules"))
CALENDARS, MENUS = RULES.calendars, RULES.service.menus
TOKYO = ZoneInfo("Asia/Tokyo")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"20{text}").replace(tzinfo=TOKYO)


def window(menu: str, came: str, *, urgent: bool = False) -> Window:
    received_at = at(came)
    due = first_response(MENUS[menu], CALENDARS, received_at=received_at, urgent=urgent)
    return Window(MENUS[menu], urgent, received_at, due.due_at)


CASES = [
    ("business", "26-04-01 10:00", False, "26-04-01 10:30", "26-04-01 10:48", "26-04-01 10:54", "26-04-01 11:00"),
    ("premium", "26-04-01 10:00", False, "26-04-01 10:15", "26-04-01 10:24", "26-04-01 10:27", "26-04-01 10:30"),
    # Over a night: ten minutes before the closing, the rest in the morning.
    ("business", "26-04-01 17:50", False, "26-04-02 09:20", "26-04-02 09:38", "26-04-02 09:44", "26-04-02 09:50"),
    # What ends with the opening hours ends at their end.
    ("business", "26-04-01 17:12", False, "26-04-01 17:42", "26-04-01 18:00", "26-04-02 09:06", "26-04-02 09:12"),
    # On a Saturday before a holiday on Monday (20 July 2026, Marine Day).
    ("business", "26-07-18 12:00", False, "26-07-21 09:30", "26-07-21 09:48", "26-07-21 09:54", "26-07-21 10:00"),
    # Over the new year's closing.
    ("business", "26-12-28 17:30", False, "26-12-28 18:00", "27-01-04 09:18", "27-01-04 09:24", "27-01-04 09:30"),
    ("premium", "26-12-31 23:50", True, "27-01-01 00:05", "27-01-01 00:14", "27-01-01 00:17", "27-01-01 00:20"),
    ("premium", "26-04-01 03:00", False, "26-04-01 09:15", "26-04-01 09:24", "26-04-01 09:27", "26-04-01 09:30"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("menu", "came", "urgent", "half", "most", "neutral", "whole"), CASES, ids=[c[1] for c in CASES]
)
def test_stages_stand_at_exact_minutes(
    menu: str, came: str, urgent: bool, half: str, most: str, neutral: str, whole: str
) -> None:
    counted = window(menu, came, urgent=urgent)
    passed = [counted.passes(CALENDARS, percent).astimezone(TOKYO) for percent in (50, 80, NEUTRAL, 100)]
    assert passed == [at(half), at(most), at(neutral), at(whole)]
    reached = [
        stage_at(counted, CALENDARS, moment) for moment in (at(came), at(half), at(most), at(neutral), at(whole))
    ]
    assert reached == [0, 50, 80, 80, 100]


def test_a_stage_begins_with_its_second_and_not_before() -> None:
    counted = window("premium", "26-04-01 10:00")
    assert stage_at(counted, CALENDARS, at("26-04-01 10:14:59")) == 0
    assert stage_at(counted, CALENDARS, at("26-04-01 10:23:59")) == 50
    assert stage_at(counted, CALENDARS, at("26-04-01 10:29:59")) == 80


def test_the_next_alarm_is_that_of_the_next_stage() -> None:
    counted = window("premium", "26-04-01 10:00")
    following = [next_alarm(counted, CALENDARS, stage) for stage in (0, 50, 80, 100)]
    assert following == [at("26-04-01 10:15"), at("26-04-01 10:24"), at("26-04-01 10:30"), None]


def test_without_its_menu_only_the_end_counts() -> None:
    counted = replace(window("premium", "26-04-01 10:00"), menu=None)
    assert stage_at(counted, CALENDARS, at("26-04-01 10:29")) == 0
    assert stage_at(counted, CALENDARS, at("26-04-01 10:30")) == 100


def test_what_was_promised_is_never_put_off() -> None:
    promised = replace(window("business", "26-04-01 10:00"), due_at=at("26-04-01 10:40"))
    assert stage_at(promised, CALENDARS, at("26-04-01 10:40")) == 100
    assert next_alarm(promised, CALENDARS, 50) == at("26-04-01 10:40")
