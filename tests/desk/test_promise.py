"""What does an acknowledgement promise? With the calendars and menus that travel with the program."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot.desk.promise import Promise, PromisedAnswer, Sold, promise_of, variables_of_promise
from mailbot.desk.sla import first_response
from mailbot.rules import Rules, load

TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")
HOURS = "Mon-Fri 9:00-18:00 JST, except public holidays, 29 Dec-3 Jan"
ALWAYS = "24 hours a day, every day"


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load(Path(__file__).parents[2] / "rules")


def promised(
    rules: Rules,
    menu: str,
    at: datetime,
    *,
    urgent: bool,
    later: timedelta = timedelta(),
    answer: PromisedAnswer | None = None,
) -> Promise:
    menus = rules.service.menus
    sold = Sold(menus[menu], tuple(menus.values()), rules.calendars)
    due = first_response(sold.menu, rules.calendars, received_at=at, urgent=urgent)
    return promise_of(sold, due, answer, received_at=at, urgent=urgent, language="en", now=at + later)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 4, day, hour, minute, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("menu", "urgent", "answer_by", "opens_at", "minutes", "urgent_hours", "open_menu"),
    [
        ("premium", True, at(4, 3, 30), None, 30, ALWAYS, ""),
        ("premium", False, at(6, 9, 30), at(6, 9), 30, ALWAYS, ""),
        ("business", True, at(6, 10), at(6, 9), 60, "", "Premium"),
        ("business", False, at(6, 10), at(6, 9), 60, "", ""),
    ],
)
def test_on_a_saturday_at_three(
    rules: Rules,
    menu: str,
    urgent: bool,
    answer_by: datetime,
    opens_at: datetime | None,
    minutes: int,
    urgent_hours: str,
    open_menu: str,
) -> None:
    expected = Promise(at(4, 3), answer_by, opens_at, minutes, HOURS, urgent_hours, open_menu)
    assert promised(rules, menu, at(4, 3), urgent=urgent) == expected


@pytest.mark.parametrize("urgent", [False, True])
def test_in_hours_no_other_menu_is_offered(rules: Rules, urgent: bool) -> None:
    found = promised(rules, "business", at(6, 10), urgent=urgent)
    assert (found.answer_by, found.opens_at, found.open_menu) == (at(6, 11), None, "")


def test_what_waited_is_promised_what_is_still_true(rules: Rules) -> None:
    opened = promised(rules, "business", at(4, 3), urgent=True, later=timedelta(days=2, hours=6, minutes=30))
    assert (opened.answer_by, opened.opens_at, opened.open_menu) == (at(6, 10), None, "")
    late = promised(rules, "business", at(4, 3), urgent=True, later=timedelta(days=2, hours=7))
    assert (late.answer_by, late.opens_at) == (None, None)


def test_every_moment_is_told_in_both_zones(rules: Rules) -> None:
    found = promised(rules, "premium", at(4, 3), urgent=False)
    told = variables_of_promise(found, "en", zone=BERLIN, desk_zone=TOKYO)
    assert told == {
        "received_at": "Fri 3 Apr 2026 20:00 CEST (Sat 4 Apr 2026 03:00 JST)",
        "answer_by": "Mon 6 Apr 2026 02:30 CEST (09:30 JST)",
        "opens_at": "Mon 6 Apr 2026 02:00 CEST (09:00 JST)",
        "minutes": "30",
        "hours": HOURS,
        "urgent_hours": ALWAYS,
        "open_menu": "",
    }


def test_an_answer_that_is_sold_is_what_is_promised(rules: Rules) -> None:
    monday = at(6, 12)
    covered = PromisedAnswer(monday, 240, in_covered_time=True)
    found = promised(rules, "premium", at(4, 3), urgent=False, answer=covered)
    assert (found.answer_by, found.minutes, found.opens_at) == (monday, 240, at(6, 9))
    assert found.hours
    real = promised(rules, "premium", at(4, 3), urgent=False, answer=replace(covered, in_covered_time=False))
    assert (real.answer_by, real.minutes, real.opens_at, real.hours) == (monday, 240, None, "")
