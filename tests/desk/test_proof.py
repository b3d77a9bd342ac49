"""Is every piece of time between arrival and due told, without a gap, and with the days that were closed?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.desk.calendar import Calendar, add_covered
from mailbot.desk.proof import Closed, ClosedDays, Counted, margin, proof
from tests.desk.test_sla import CALENDARS, at

BUSINESS, ALWAYS = CALENDARS["business"], CALENDARS["always"]
HOUR = timedelta(hours=1)


def test_a_friday_evening_before_a_three_day_weekend() -> None:
    counted = proof(BUSINESS, since=at("2026-11-20 18:05:00"), minutes=60)
    assert counted.pieces == (
        Closed(
            at("2026-11-20 18:05:00"),
            at("2026-11-24 09:00:00"),
            (
                ClosedDays(date(2026, 11, 21), date(2026, 11, 21), "Saturday"),
                ClosedDays(date(2026, 11, 22), date(2026, 11, 22), "Sunday"),
                ClosedDays(date(2026, 11, 23), date(2026, 11, 23), "holiday"),
            ),
        ),
        Counted(at("2026-11-24 09:00:00"), at("2026-11-24 10:00:00"), HOUR),
    )
    assert counted.due_at == at("2026-11-24 10:00:00")


def test_a_night_is_one_piece_without_days() -> None:
    counted = proof(BUSINESS, since=at("2026-04-01 17:59:59"), minutes=60)
    assert counted.pieces == (
        Counted(at("2026-04-01 17:59:59"), at("2026-04-01 18:00:00"), timedelta(seconds=1)),
        Closed(at("2026-04-01 18:00:00"), at("2026-04-02 09:00:00"), ()),
        Counted(at("2026-04-02 09:00:00"), at("2026-04-02 09:59:59"), HOUR),
    )


def test_new_year_is_one_closing() -> None:
    counted = proof(BUSINESS, since=at("2026-12-28 17:30:00"), minutes=60)
    assert isinstance(counted.pieces[1], Closed)
    assert counted.pieces[1].days == (ClosedDays(date(2026, 12, 29), date(2027, 1, 3), "year's end"),)


def test_midnight_does_not_cut_what_never_closes() -> None:
    counted = proof(ALWAYS, since=at("2026-12-31 23:50:00"), minutes=30)
    assert counted.pieces == (Counted(at("2026-12-31 23:50:00"), at("2027-01-01 00:20:00"), HOUR / 2),)


def test_arrival_on_a_closed_day_names_that_day() -> None:
    (closed, _) = proof(BUSINESS, since=at("2026-04-29 12:00:00"), minutes=60).pieces
    assert isinstance(closed, Closed)
    assert closed.days == (ClosedDays(date(2026, 4, 29), date(2026, 4, 29), "holiday"),)


@pytest.mark.parametrize(
    ("acknowledged", "real", "covered", "late"),
    [
        pytest.param("2026-11-20 18:05:03", timedelta(days=3, hours=15, minutes=54, seconds=57), HOUR, False, id="all"),
        pytest.param("2026-11-24 09:45:00", HOUR / 4, HOUR / 4, False, id="a quarter"),
        pytest.param("2026-11-24 10:00:00", timedelta(0), timedelta(0), False, id="the last moment"),
        pytest.param("2026-11-24 10:00:01", -timedelta(seconds=1), timedelta(0), True, id="a second late"),
        pytest.param("2036-11-24 10:00:00", at("2026-11-24 10:00:00") - at("2036-11-24 10:00:00"), timedelta(0), True),
    ],
)
def test_how_much_was_left(acknowledged: str, real: timedelta, covered: timedelta, late: bool) -> None:
    counted = proof(BUSINESS, since=at("2026-11-20 18:05:00"), minutes=60)
    found = margin(counted, due_at=counted.due_at, at=at(acknowledged))
    assert (found.real, found.covered, found.late) == (real, covered, late)


@given(
    since=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    minutes=st.integers(1, 6000),
    calendar=st.sampled_from([BUSINESS, ALWAYS]),
)
def test_the_pieces_are_the_whole_time(since: datetime, minutes: int, calendar: Calendar) -> None:
    """They adjoin from arrival to due, counted and closed by turns, and what counted makes the sum."""
    counted = proof(calendar, since=since, minutes=minutes)
    pieces = counted.pieces
    assert (pieces[0].starts_at, pieces[-1].ends_at) == (since, add_covered(calendar, since, minutes))
    assert all(one.ends_at == other.starts_at and type(one) is not type(other) for one, other in pairwise(pieces))
    totals = [piece.total for piece in pieces if isinstance(piece, Counted)]
    spans = [piece.ends_at - piece.starts_at for piece in pieces if isinstance(piece, Counted)]
    assert totals == [sum(spans[: n + 1], timedelta(0)) for n in range(len(spans))]
    assert totals[-1] == timedelta(minutes=minutes)
