"""Several desks as one calendar: open when any of them is, in zones whose clocks jump on different days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailbot.desk.calendar import (
    AnyOf,
    Calendar,
    DatedClosure,
    Edition,
    Hours,
    Interval,
    add_covered,
    closes_next,
    count_covered,
    covered_between,
    is_open,
    opens_next,
    why_closed,
)
from mailbot.desk.hours import in_words

TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")
NEW_YORK, LORD_HOWE = ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")
GREENERY = {date(2026, 5, 4): "Greenery Day"}
MAY_DAY = {date(2026, 5, 1): "May Day"}


def desk(zone: ZoneInfo, opens: int, closes: int, holidays: Mapping[date, str] | None = None) -> Edition:
    week = ((Hours(opens * 60, closes * 60),),) * 5 + ((), ())
    named = holidays or {}
    return Edition(None, zone, week, lambda year: {d: n for d, n in named.items() if d.year == year}, (), {})


def united(zone: ZoneInfo, **members: Edition | AnyOf) -> Calendar:
    return Calendar("united", (AnyOf(None, zone, members),))


def alone(edition: Edition) -> Calendar:
    return Calendar("alone", (edition,))


def at(text: str, zone: ZoneInfo = TOKYO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


SUN = united(
    TOKYO, tokyo=desk(TOKYO, 9, 18, GREENERY), berlin=desk(BERLIN, 9, 17, MAY_DAY), new_york=desk(NEW_YORK, 9, 17)
)


@pytest.mark.parametrize(
    ("moment", "minutes", "due"),
    [
        pytest.param("2026-04-01 10:00", 60, "2026-04-01 11:00", id="Tokyo's day"),
        pytest.param("2026-04-01 17:30", 60, "2026-04-01 18:30", id="Berlin takes over: it opened at 16:00"),
        pytest.param("2026-04-01 23:30", 60, "2026-04-02 00:30", id="New York takes over: it opened at 22:00"),
        pytest.param("2026-04-02 05:30", 60, "2026-04-02 09:30", id="after New York's end comes Tokyo's morning"),
        pytest.param("2026-04-04 05:30", 60, "2026-04-06 09:30", id="Saturday: New York's Friday ends, then Monday"),
        pytest.param("2026-05-01 18:00", 60, "2026-05-01 23:00", id="May Day in Berlin: nobody until New York"),
        pytest.param("2026-05-04 10:00", 60, "2026-05-04 17:00", id="Greenery Day in Tokyo: Berlin opens"),
        pytest.param("2026-01-07 17:30", 60, "2026-01-07 18:30", id="winter: Berlin opens at 17:00"),
        pytest.param("2026-01-08 06:30", 60, "2026-01-08 09:30", id="winter: New York until 07:00"),
    ],
)
def test_round_the_sun(moment: str, minutes: int, due: str) -> None:
    assert add_covered(SUN, at(moment), minutes) == at(due)


def test_what_overlaps_or_adjoins_is_one_piece() -> None:
    pieces = count_covered(SUN, at("2026-04-01 09:00"), 21 * 60)
    assert pieces == (Interval(at("2026-04-01 09:00"), at("2026-04-02 06:00")),)
    assert closes_next(SUN, at("2026-04-01 10:00")) == at("2026-04-02 06:00")
    assert opens_next(SUN, at("2026-04-02 07:00")) == at("2026-04-02 09:00")


def test_who_is_always_open_decides() -> None:
    whole = Edition(None, LORD_HOWE, ((Hours(0, 1440),),) * 7, lambda _: {}, (), {})
    always = united(TOKYO, tokyo=desk(TOKYO, 9, 18), always=whole)
    moment = at("2026-04-05 00:00")  # the night in which Lord Howe's clock goes back by half an hour
    assert closes_next(always, moment) is None
    assert count_covered(always, moment, 3000) == (Interval(moment, moment + timedelta(minutes=3000)),)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-04-01", None),
        ("2026-04-04", None),  # New York's Friday is open until 06:00 here
        ("2026-04-05", "Sunday"),
        ("2026-05-04", None),
    ],
)
def test_why_a_day_is_closed(day: str, why: str | None) -> None:
    assert why_closed(SUN, at("2026-04-01 10:00"), date.fromisoformat(day)) == why


def test_each_desk_has_its_reason() -> None:
    two = united(TOKYO, tokyo=desk(TOKYO, 9, 18, GREENERY), seoul=desk(TOKYO, 9, 18, {date(2026, 5, 4): "a bridge"}))
    now = at("2026-04-01 10:00")
    assert why_closed(two, now, date(2026, 5, 4)) == "tokyo: Greenery Day; seoul: a bridge"
    # New York's Monday evening is Tokyo's Tuesday: nobody is there on Tokyo's Monday, although both have one.
    evening = united(TOKYO, new_york=desk(NEW_YORK, 18, 22))
    assert why_closed(evening, now, date(2026, 4, 6)) == "outside its hours"
    assert why_closed(evening, now, date(2026, 4, 7)) is None


def test_members_may_be_united_themselves() -> None:
    inner = AnyOf(None, BERLIN, {"berlin": desk(BERLIN, 9, 17), "new york": desk(NEW_YORK, 9, 17)})
    nested = united(TOKYO, tokyo=desk(TOKYO, 9, 18, GREENERY), west=inner)
    flat = united(TOKYO, tokyo=desk(TOKYO, 9, 18, GREENERY), b=desk(BERLIN, 9, 17), n=desk(NEW_YORK, 9, 17))
    for hour in range(0, 24 * 60, 5):
        moment = at("2026-03-01 00:00") + timedelta(hours=hour)
        assert add_covered(nested, moment, 700) == add_covered(flat, moment, 700)


def test_a_day_that_one_desk_closes_later_changes_no_earlier_promise() -> None:
    announced = at("2026-08-01 00:00")
    tokyo, seoul = desk(TOKYO, 9, 18), desk(TOKYO, 10, 12)
    festival = DatedClosure(date(2026, 8, 13), date(2026, 8, 13), "festival")
    later = Edition(announced, TOKYO, tokyo.week, tokyo.holidays, (festival,), {})
    both = Calendar(
        "both",
        (
            AnyOf(None, TOKYO, {"tokyo": tokyo, "seoul": seoul}),
            AnyOf(announced, TOKYO, {"tokyo": later, "seoul": seoul}),
        ),
    )
    days = 540 * 8  # from Monday the 3rd to Wednesday the 12th
    assert add_covered(both, announced - timedelta(seconds=1), days + 60) == at("2026-08-13 10:00")
    assert add_covered(both, announced, days + 60) == at("2026-08-13 11:00")  # Seoul is there, from 10:00


ZONES = [TOKYO, BERLIN, NEW_YORK, LORD_HOWE]


@pytest.mark.parametrize("first", ZONES, ids=str)
@pytest.mark.parametrize("second", ZONES, ids=str)
@pytest.mark.parametrize("start", ["2026-03-27", "2026-04-03", "2026-10-02", "2026-10-23", "2026-10-30"])
def test_any_of_two_minute_by_minute(first: ZoneInfo, second: ZoneInfo, start: str) -> None:
    """Over the days on which the clocks of Berlin, New York and Lord Howe jump, asked of each desk alone."""
    one, other = desk(first, 1, 13), desk(second, 2, 20)
    both = united(TOKYO, one=one, other=other)
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    moments = [begin + timedelta(minutes=10 * n) for n in range(4 * 144)]
    open_then = [is_open(alone(one), moment) or is_open(alone(other), moment) for moment in moments]
    assert [is_open(both, moment) for moment in moments] == open_then
    assert covered_between(both, begin, begin + timedelta(days=4)) == timedelta(minutes=10 * sum(open_then))
    due = add_covered(both, begin, 10 * sum(open_then)) if any(open_then) else begin
    assert covered_between(both, begin, due) == timedelta(minutes=10 * sum(open_then))


def test_the_hours_in_words_are_those_of_each_desk() -> None:
    two = united(TOKYO, tokyo=desk(TOKYO, 9, 18, GREENERY), berlin=desk(BERLIN, 9, 17))
    now = at("2026-04-01 10:00")
    assert in_words(two, "en", now) == (
        "Mon-Fri 9:00-18:00 JST, except public holidays; or Mon-Fri 9:00-17:00 Europe/Berlin"
    )
    assert in_words(two, "ja", now) == (
        "月曜～金曜 9:00～18:00 JST（祝日を除く）、または 月曜～金曜 9:00～17:00 Europe/Berlin"
    )
