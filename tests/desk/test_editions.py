"""Is a calendar the same after it was kept as data and made again? And is its fingerprint its own?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.desk.calendar import (
    AnyOf,
    Calendar,
    DatedClosure,
    Edition,
    Hours,
    YearlyClosure,
    count_covered,
    why_closed,
)
from mailbot.desk.editions import calendar_of, fingerprint, kept

TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")
NINE_TO_SIX = (Hours(540, 720), Hours(780, 1080))


def holidays(year: int) -> Mapping[date, str]:
    return {date(year, 1, 1): "元日", date(year, 4, 29): "昭和の日"}


OFFICE = Edition(
    None,
    TOKYO,
    (NINE_TO_SIX,) * 5 + ((), ()),
    holidays,
    (YearlyClosure((12, 29), (1, 3), "year's end"), DatedClosure(date(2026, 8, 13), date(2026, 8, 14), "festival")),
    {date(2026, 8, 15): (Hours(600, 720),)},
)
WEST = replace(OFFICE, zone=BERLIN, holidays=lambda year: {date(year, 5, 1): "Tag der Arbeit"}, closures=())
BUSINESS = Calendar("business", (OFFICE,))
UNITED = Calendar("united", (AnyOf(None, TOKYO, {"tokyo": OFFICE, "berlin": WEST}),))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def again(calendar: Calendar, since: datetime, until: datetime) -> Calendar:
    """Kept, written as JSON, read, and made again."""
    content = json.loads(json.dumps(kept(calendar, since=since, until=until).content))
    return calendar_of(content)


@given(calendar=st.sampled_from([BUSINESS, UNITED]), since=MOMENTS, minutes=st.integers(1, 20_000))
def test_a_count_by_the_kept_edition_is_the_same(calendar: Calendar, since: datetime, minutes: int) -> None:
    counted = count_covered(calendar, since, minutes)
    assert count_covered(again(calendar, since, counted[-1].closes_at), since, minutes) == counted


def test_the_reasons_are_kept() -> None:
    since = at("2026-08-01 12:00")
    made = again(BUSINESS, since, since)
    for number in range(366):
        day = date(2026, 5, 1) + timedelta(days=number)
        assert why_closed(made, since, day) == why_closed(BUSINESS, since, day)
    assert why_closed(made, since, date(2027, 4, 29)) == "昭和の日"


@pytest.mark.parametrize("calendar", [BUSINESS, UNITED], ids=lambda each: each.name)
def test_the_fingerprint_is_that_of_the_content_however_it_was_stored(calendar: Calendar) -> None:
    since = at("2026-08-01 12:00")
    found = kept(calendar, since=since, until=since)
    assert re.fullmatch(r"[0-9a-f]{64}", found.fingerprint)
    turned = dict(reversed(json.loads(json.dumps(found.content)).items()))
    assert fingerprint(turned) == found.fingerprint
    remade = calendar_of(turned)
    assert kept(remade, since=since, until=since) == found


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(OFFICE, zone=BERLIN), id="zone"),
        pytest.param(replace(OFFICE, week=(NINE_TO_SIX,) * 4 + ((), (), ())), id="week"),
        pytest.param(replace(OFFICE, holidays=lambda year: {date(year, 1, 1): "元日"}), id="holidays"),
        pytest.param(replace(OFFICE, closures=OFFICE.closures[:1]), id="closures"),
        pytest.param(replace(OFFICE, openings={}), id="openings"),
    ],
)
def test_whatever_changes_changes_the_fingerprint(other: Edition) -> None:
    since = at("2026-08-01 12:00")
    before = kept(BUSINESS, since=since, until=since).fingerprint
    assert kept(Calendar("business", (other,)), since=since, until=since).fingerprint != before
    assert kept(Calendar("another", (OFFICE,)), since=since, until=since).fingerprint != before


def test_the_same_edition_is_worked_out_once_a_year() -> None:
    first = kept(BUSINESS, since=at("2026-02-01 12:00"), until=at("2026-02-01 13:00"))
    assert kept(BUSINESS, since=at("2026-11-30 12:00"), until=at("2026-12-01 13:00")) is first


def years(since: str, until: str) -> list[int]:
    content = kept(BUSINESS, since=at(since), until=at(until)).content
    return sorted(map(int, content["holidays"]))


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        pytest.param("2026-04-01 12:00", "2026-04-01 13:00", [2026, 2027], id="the year and the next"),
        pytest.param("2026-12-28 17:30", "2027-01-04 09:30", [2026, 2027], id="over New Year"),
        pytest.param("2026-12-31 17:30", "2027-01-04 10:00", [2026, 2027, 2028], id="in no zone left out"),
        pytest.param("2027-01-01 00:10", "2027-01-04 10:00", [2026, 2027, 2028], id="and the day before"),
        pytest.param("2026-04-01 12:00", "2028-12-30 13:00", [2026, 2027, 2028, 2029], id="as far as the count runs"),
    ],
)
def test_the_holidays_of_the_years_that_a_count_can_touch(since: str, until: str, expected: list[int]) -> None:
    assert years(since, until) == expected


def test_a_year_that_was_not_kept_is_never_guessed() -> None:
    since = at("2026-04-01 12:00")
    with pytest.raises(LookupError, match="2028"):
        count_covered(again(BUSINESS, since, since), since, 525_600)
