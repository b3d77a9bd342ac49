"""When is the desk open? Against tables, a naive second implementation, and zones with jumping clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.desk.calendar import (
    Calendar,
    DatedClosure,
    Edition,
    Hours,
    YearlyClosure,
    add_covered,
    closes_next,
    covered_between,
    is_open,
    opens_next,
    why_closed,
)

TOKYO = ZoneInfo("Asia/Tokyo")
NINE_TO_SIX = (Hours(540, 1080),)
OFFICE_WEEK = (NINE_TO_SIX,) * 5 + ((), ())
ROUND_THE_CLOCK = ((Hours(0, 1440),),) * 7
YEAR_END = YearlyClosure((12, 29), (1, 3), "year's end")
HOLIDAYS = {date(2026, 4, 29): "Showa Day", date(2026, 5, 6): "Substitute Holiday"}


def holidays(year: int) -> Mapping[date, str]:
    return {day: name for day, name in HOLIDAYS.items() if day.year == year}


def calendar(
    zone: ZoneInfo = TOKYO,
    week: tuple[tuple[Hours, ...], ...] = OFFICE_WEEK,
    closures: tuple[YearlyClosure | DatedClosure, ...] = (YEAR_END,),
    openings: Mapping[date, tuple[Hours, ...]] | None = None,
) -> Calendar:
    return Calendar("office", (Edition(None, zone, week, holidays, closures, openings or {}),))


OFFICE = calendar()


def at(text: str, zone: ZoneInfo = TOKYO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param("2026-04-01 08:59:59.999999", False, id="before opening"),
        pytest.param("2026-04-01 09:00:00", True, id="the opening moment"),
        pytest.param("2026-04-01 17:59:59.999999", True, id="just before closing"),
        pytest.param("2026-04-01 18:00:00", False, id="the closing moment"),
        pytest.param("2026-04-04 12:00:00", False, id="Saturday"),
        pytest.param("2026-04-29 12:00:00", False, id="holiday"),
        pytest.param("2026-12-28 12:00:00", True, id="before the year's end"),
        pytest.param("2026-12-29 12:00:00", False, id="first day of the year's end"),
        pytest.param("2025-01-03 12:00:00", False, id="last day of the year's end"),
        pytest.param("2027-01-04 12:00:00", True, id="after the year's end"),
    ],
)
def test_is_open(moment: str, expected: bool) -> None:
    assert is_open(OFFICE, at(moment)) is expected


@pytest.mark.parametrize(
    ("moment", "minutes", "expected"),
    [
        pytest.param("2026-04-01 10:15:30", 60, "2026-04-01 11:15:30", id="seconds are kept"),
        pytest.param("2026-04-01 17:00:00", 60, "2026-04-01 18:00:00", id="ends with the hours"),
        pytest.param("2026-04-01 17:00:00.000001", 60, "2026-04-02 09:00:00.000001", id="a microsecond runs over"),
        pytest.param("2026-04-01 18:00:00", 60, "2026-04-02 10:00:00", id="arrives at closing"),
        pytest.param("2026-04-01 03:00:00", 60, "2026-04-01 10:00:00", id="arrives at night"),
        pytest.param("2026-04-03 17:30:00", 60, "2026-04-06 09:30:00", id="over the week-end"),
        pytest.param("2026-04-28 17:59:00", 30, "2026-04-30 09:29:00", id="over a holiday"),
        pytest.param("2026-12-28 17:59:59", 30, "2027-01-04 09:29:59", id="over the year's end"),
        pytest.param("2026-04-01 09:00:00", 540 * 5, "2026-04-07 18:00:00", id="five days"),
        pytest.param("2026-04-04 12:00:00", 0, "2026-04-04 12:00:00", id="nothing to wait for"),
    ],
)
def test_add_covered(moment: str, minutes: int, expected: str) -> None:
    assert add_covered(OFFICE, at(moment), minutes) == at(expected)


def test_answers_are_in_utc() -> None:
    moment = at("2026-04-01 10:00:00")
    assert add_covered(OFFICE, moment, 0).tzinfo is UTC
    assert add_covered(OFFICE, moment, 30).tzinfo is UTC
    assert opens_next(OFFICE, moment).tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "opens", "closes"),
    [
        pytest.param("2026-04-01 10:00:00", "2026-04-01 10:00:00", "2026-04-01 18:00:00", id="open"),
        pytest.param("2026-04-01 18:00:00", "2026-04-02 09:00:00", "2026-04-02 18:00:00", id="closing moment"),
        pytest.param("2026-04-03 20:00:00", "2026-04-06 09:00:00", "2026-04-06 18:00:00", id="Friday night"),
    ],
)
def test_opens_and_closes_next(moment: str, opens: str, closes: str) -> None:
    assert opens_next(OFFICE, at(moment)) == at(opens)
    assert closes_next(OFFICE, at(moment)) == at(closes)


def test_what_adjoins_is_one_opening() -> None:
    week = ((Hours(0, 600), Hours(600, 1440)),) + ((Hours(0, 360),),) * 6
    moment = at("2026-04-06 05:00:00")  # Monday
    assert closes_next(calendar(week=week), moment) == at("2026-04-07 06:00:00")


def test_round_the_clock_never_closes() -> None:
    always = calendar(week=ROUND_THE_CLOCK, closures=())
    without_holidays = Calendar("always", (Edition(None, TOKYO, ROUND_THE_CLOCK, lambda _: {}, (), {}),))
    assert closes_next(without_holidays, at("2026-04-01 10:00:00")) is None
    assert closes_next(always, at("2026-04-01 10:00:00")) == at("2026-04-29 00:00:00")


def test_an_opening_decides_before_closures_holidays_and_the_week() -> None:
    half_day = (Hours(600, 720),)
    days = [date(2026, 12, 30), date(2026, 4, 29), date(2026, 4, 4), date(2026, 4, 1)]
    office = calendar(openings=dict.fromkeys(days, half_day))
    for day in days:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=TOKYO)
        assert is_open(office, noon - timedelta(minutes=1))
        assert not is_open(office, noon)


def test_a_closure_over_29_february() -> None:
    leap = calendar(closures=(YearlyClosure((2, 29), (2, 29), "leap day"),))
    assert not is_open(leap, at("2028-02-29 12:00:00"))
    assert is_open(leap, at("2028-02-28 12:00:00"))
    assert is_open(leap, at("2028-03-01 12:00:00"))


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-04-01", None),
        ("2026-04-04", "Saturday"),
        ("2026-04-29", "Showa Day"),
        ("2026-12-31", "year's end"),
    ],
)
def test_why_closed(day: str, reason: str | None) -> None:
    assert why_closed(OFFICE, at("2026-04-01 10:00:00"), date.fromisoformat(day)) == reason


def test_a_day_closed_later_changes_no_earlier_promise() -> None:
    announced = at("2026-08-01 00:00:00")
    first = OFFICE.editions[0]
    festival = DatedClosure(date(2026, 8, 13), date(2026, 8, 14), "festival")
    second = Edition(announced, TOKYO, first.week, holidays, (YEAR_END, festival), {})
    office = Calendar("office", (first, second))
    before, after = announced - timedelta(seconds=1), announced
    assert add_covered(office, before, 540 * 9 + 1) == at("2026-08-14 09:01:00")
    assert add_covered(office, after, 540 * 9 + 1) == at("2026-08-18 09:01:00")
    assert is_open(office, at("2026-08-12 12:00:00"))
    assert not is_open(office, at("2026-08-13 12:00:00"))
    assert opens_next(office, at("2026-08-12 19:00:00")) == at("2026-08-17 09:00:00")


@pytest.mark.parametrize("ask", [is_open, opens_next, closes_next], ids=lambda ask: ask.__name__)
def test_a_time_without_a_zone_is_refused(ask: object) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        ask(OFFICE, datetime(2026, 4, 1, 10))  # type: ignore[operator]  # noqa: DTZ001


def test_negative_spans_are_refused() -> None:
    moment = at("2026-04-01 10:00:00")
    with pytest.raises(ValueError, match="negative"):
        add_covered(OFFICE, moment, -1)
    with pytest.raises(ValueError, match="before"):
        covered_between(OFFICE, moment, moment - timedelta(seconds=1))


def test_a_calendar_that_never_opens_says_so() -> None:
    never = calendar(week=((),) * 7)
    with pytest.raises(ValueError, match="does not open within"):
        opens_next(never, at("2026-04-01 10:00:00"))
    with pytest.raises(ValueError, match="does not open within"):
        add_covered(never, at("2026-04-01 10:00:00"), 1)
    assert covered_between(never, at("2026-04-01 10:00:00"), at("2027-04-01 10:00:00")) == timedelta(0)


# --- Zones with jumping clocks, minute by minute in UTC ---

JUMPS = [
    pytest.param("America/New_York", "2026-03-08", id="New York, forward at 02:00"),
    pytest.param("America/New_York", "2026-11-01", id="New York, back at 02:00"),
    pytest.param("Europe/London", "2026-10-25", id="London, back at 02:00"),
    pytest.param("America/Sao_Paulo", "2018-11-04", id="São Paulo, forward at midnight"),
    pytest.param("America/Sao_Paulo", "2018-02-18", id="São Paulo, back at midnight"),
    pytest.param("America/St_Johns", "2010-11-07", id="St. John's, back at 00:01"),
    pytest.param("Australia/Lord_Howe", "2026-04-05", id="Lord Howe, back by half an hour"),
    pytest.param("Pacific/Apia", "2011-12-30", id="Apia, a day that never was"),
]


@pytest.mark.parametrize(("zone_name", "jump_day"), JUMPS)
def test_round_the_clock_has_no_gap_where_the_clock_jumps(zone_name: str, jump_day: str) -> None:
    zone = ZoneInfo(zone_name)
    always = calendar(zone=zone, week=ROUND_THE_CLOCK, closures=())
    start = datetime.fromisoformat(jump_day).replace(tzinfo=UTC) - timedelta(days=1)
    for minutes in range(0, 3 * 1440, 7):
        moment = start + timedelta(minutes=minutes)
        assert is_open(always, moment)
        assert add_covered(always, moment, 1440) == moment + timedelta(days=1)


@pytest.mark.parametrize(("zone_name", "jump_day"), JUMPS)
@pytest.mark.parametrize("hours", [Hours(540, 1080), Hours(135, 165), Hours(0, 150), Hours(30, 1440)], ids=str)
def test_hours_follow_the_wall_clock(zone_name: str, jump_day: str, hours: Hours) -> None:
    """Open is every minute whose wall time lies in the hours; where it is shown twice, the sums must still agree."""
    zone = ZoneInfo(zone_name)
    office = calendar(zone=zone, week=((hours,),) * 7, closures=())
    start = datetime.fromisoformat(jump_day).replace(tzinfo=UTC) - timedelta(days=1)
    moments = [start + timedelta(minutes=n) for n in range(3 * 1440)]
    for moment in moments[::3]:
        wall = moment.astimezone(zone)
        if wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset():  # shown once
            minute = wall.hour * 60 + wall.minute
            assert is_open(office, moment) is (hours.opens <= minute < hours.closes), wall
    opened = [moment for moment in moments if is_open(office, moment)]
    assert covered_between(office, moments[0], moments[-1] + timedelta(minutes=1)) == timedelta(minutes=len(opened))


ZONES = st.sampled_from(["Asia/Tokyo", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "UTC"])
DAY = st.lists(st.integers(0, 1440), max_size=4, unique=True).map(
    lambda edges: tuple(Hours(*pair) for pair in zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)
WEEKS = st.tuples(*[DAY] * 7).filter(any)
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(zone=ZONES, week=WEEKS, moment=MOMENTS, minutes=st.integers(0, 6000))
def test_adding_and_measuring_are_inverse(
    zone: str, week: tuple[tuple[Hours, ...], ...], moment: datetime, minutes: int
) -> None:
    office = calendar(zone=ZoneInfo(zone), week=week)
    due = add_covered(office, moment, minutes)
    assert covered_between(office, moment, due) == timedelta(minutes=minutes)
    if minutes:  # and no earlier moment would do
        assert covered_between(office, moment, due - timedelta(microseconds=1)) < timedelta(minutes=minutes)


@given(zone=ZONES, week=WEEKS, moment=MOMENTS)
def test_the_next_opening_is_open_and_nothing_before_it(
    zone: str, week: tuple[tuple[Hours, ...], ...], moment: datetime
) -> None:
    office = calendar(zone=ZoneInfo(zone), week=week)
    opens = opens_next(office, moment)
    assert is_open(office, opens)
    assert covered_between(office, moment, opens) == timedelta(0)
    closes = closes_next(office, moment)
    if closes is not None:
        assert not is_open(office, closes)
        assert covered_between(office, opens, closes) == closes - opens


@given(week=WEEKS, moment=MOMENTS, first=st.integers(0, 3000), second=st.integers(0, 3000))
def test_adding_twice_is_adding_the_sum(
    week: tuple[tuple[Hours, ...], ...], moment: datetime, first: int, second: int
) -> None:
    office = calendar(week=week)
    assert add_covered(office, add_covered(office, moment, first), second) == add_covered(
        office, moment, first + second
    )
