"""The figures of a month: what was in time, how long it took, and in which order it is told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mailbot.config import bundled
from mailbot.desk.calendar import Calendar
from mailbot.desk.incident import Urgency
from mailbot.desk.report import Kept, Spread, used_of_window
from mailbot.rules import load
from tests.desk.report_values import AFTER, CONTRACT, HALF_AN_HOUR, RECEIVED, after, asked, reported

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("took", "as_of", "kept", "left"),
    [
        (1, AFTER, Kept.IN_TIME, timedelta(minutes=29)),
        (30, AFTER, Kept.IN_TIME, timedelta(0)),
        (30 + 1 / 60, AFTER, Kept.LATE, -SECOND),
        (None, RECEIVED + HALF_AN_HOUR, Kept.PENDING, timedelta(0)),
        (None, RECEIVED + HALF_AN_HOUR + SECOND, Kept.LATE, -SECOND),
    ],
    ids=["early", "at the due time", "a second late", "not due yet", "nothing, and due"],
)
def test_what_became_of_a_first_response(took: float | None, as_of: datetime, kept: Kept, left: timedelta) -> None:
    assert (asked(took).kept(as_of), asked(took).left(as_of)) == (kept, left)


def test_a_month_without_questions_has_a_report() -> None:
    found = reported()
    assert (found.figures.questions, found.figures.share) == (0, None)
    assert (found.covered, found.clock, found.used, found.asked, found.contracts) == (None, None, None, (), ())
    assert set(found.figures.first) == set(Kept)
    assert set(found.figures.by_urgency) == set(Urgency)


def test_what_is_not_due_has_no_part_in_the_share() -> None:
    found = reported(*after(1, 2, 45), asked(None, due_at=AFTER))
    assert found.figures.first == {Kept.IN_TIME: 2, Kept.LATE: 1, Kept.PENDING: 1}
    assert found.figures.share == pytest.approx(2 / 3)


def test_urgencies_subjects_and_ends_are_counted() -> None:
    found = reported(
        asked(urgency=Urgency.URGENT, closed=True, products=("pgpool-II", "pgpoolAdmin", "pgpool-II")),
        asked(urgency=Urgency.DOUBTFUL, scope="adjacent", products=()),
        asked(answer=Kept.LATE),
        asked(answer=Kept.IN_TIME, closed=True),
    )
    assert found.figures.by_urgency == {Urgency.NORMAL: 2, Urgency.DOUBTFUL: 1, Urgency.URGENT: 1}
    assert found.scopes == (("in-scope", 3), ("adjacent", 1))
    assert found.products == (("pgpool-II", 3), ("", 1), ("pgpoolAdmin", 1))
    assert (found.figures.open, found.figures.closed) == (2, 2)
    assert found.figures.answers == {Kept.IN_TIME: 1, Kept.LATE: 1, Kept.PENDING: 0}


def test_late_ones_stand_first_the_latest_at_the_top_then_by_arrival() -> None:
    numbers = [each.number[-1] for each in reported(*reversed(after(5, 31, 1, 90))).asked]
    assert numbers == ["4", "2", "1", "3"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([7], (7, 7, 7, 7)),
        ([1, 2], (1, 1.5, 2, 2)),
        ([3, 1, 2], (1, 2, 3, 3)),
        (range(1, 11), (1, 5.5, 9, 10)),
        (range(1, 12), (1, 6, 10, 11)),
        (range(1, 101), (1, 50.5, 90, 100)),
    ],
    ids=["one", "two", "three", "ten", "eleven", "a hundred"],
)
def test_spread(values: list[float], expected: tuple[float, ...]) -> None:
    found = Spread.of(values)
    assert found is not None
    assert (found.least, found.median, found.ninety, found.greatest) == expected
    assert Spread.of([]) is None


def test_times_are_told_of_what_is_known() -> None:
    unknown = asked(5, window=None)
    found = reported(*after(3, 6), unknown, asked(None, due_at=AFTER))
    assert found.covered == Spread(3, 4.5, 6, 6)
    assert found.used == Spread(0.1, pytest.approx(0.15), 0.2, 0.2)
    assert found.clock == Spread(3, 5, 6, 6)


def test_the_desks_report_tells_by_contract() -> None:
    other = replace(asked(40), contract="C-002", customer="Other")
    found = reported(*after(1, 2), other, contract=None)
    assert [(each.number, each.customer, each.figures.questions, each.figures.share) for each in found.contracts] == [
        ("C-001", "株式会社サンプル", 2, 1.0),
        ("C-002", "Other", 1, 0.0),
    ]
    assert reported(*after(1), contract=CONTRACT).contracts == ()


# Friday 2 October 2026, 17:40 in Tokyo, with an hour: 20 minutes are left today, 40 count from Monday 9:00 on.
FRIDAY = datetime(2026, 10, 2, 8, 40, tzinfo=UTC)
MONDAY = datetime(2026, 10, 5, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def business() -> Calendar:
    return load(bundled("rules")).calendars["business"]


@pytest.mark.parametrize(
    ("responded_at", "used"),
    [
        (FRIDAY, 0),
        (FRIDAY + timedelta(minutes=15), 15),
        (FRIDAY + timedelta(hours=20), 20),
        (MONDAY + timedelta(minutes=40), 60),
        (MONDAY + timedelta(minutes=50), 70),
        (MONDAY + timedelta(hours=24), 20 + 9 * 60),
    ],
    ids=["at once", "before closing", "on the day off", "at the due time", "late", "a day late"],
)
def test_only_covered_time_is_used_up(business: Calendar, responded_at: datetime, used: float) -> None:
    def found(calendars: list[Calendar]) -> timedelta | None:
        return used_of_window(
            calendars,
            length=HOUR,
            received_at=FRIDAY,
            starts_at=FRIDAY,
            due_at=MONDAY + timedelta(minutes=40),
            responded_at=responded_at,
        )

    assert found([business]) == timedelta(minutes=used)
    # By a calendar that does not lead to this due time nothing can be said, but at the very beginning.
    other = load(bundled("rules")).calendars["always"]
    assert found([other]) == found([]) == (timedelta(0) if used == 0 else None)


def test_a_window_without_a_gap_needs_no_calendar() -> None:
    def found(minutes: float) -> timedelta | None:
        return used_of_window(
            [],
            length=HALF_AN_HOUR,
            received_at=FRIDAY,
            starts_at=MONDAY,
            due_at=MONDAY + HALF_AN_HOUR,
            responded_at=MONDAY + timedelta(minutes=minutes),
        )

    assert [found(minutes) for minutes in (-600, 0, 12, 30, 31)] == [
        timedelta(0),
        timedelta(0),
        timedelta(minutes=12),
        timedelta(minutes=30),
        None,
    ]


def test_a_calendar_that_was_kept_for_some_years_leaves_the_others_to_the_next(business: Calendar) -> None:
    def holidays(year: int) -> dict[date, str]:
        if year > 2026:
            raise LookupError(year)
        return {}

    edition = replace(business.edition(FRIDAY), holidays=holidays)
    kept = Calendar("business", (edition,))  # type: ignore[arg-type]
    years_later = FRIDAY + timedelta(days=400)

    def found(*calendars: Calendar, responded_at: datetime) -> timedelta | None:
        due_at = MONDAY + timedelta(minutes=40)
        times = {"received_at": FRIDAY, "starts_at": FRIDAY, "due_at": due_at, "responded_at": responded_at}
        return used_of_window(calendars, length=HOUR, **times)

    assert found(kept, responded_at=MONDAY) == timedelta(minutes=20)
    assert found(kept, responded_at=years_later) is None
    assert found(kept, business, responded_at=years_later) == found(business, responded_at=years_later) is not None
