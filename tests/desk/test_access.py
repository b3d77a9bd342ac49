"""When does support begin and end, in the zone of the desk, on days that are longer or shorter than others?"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailbot.desk.access import Mailings, NoteKind, guides_now, is_over, notes, wants_guides
from mailbot.desk.contract import Contract, Term

TOKYO, NEW_YORK, CAIRO = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York"), ZoneInfo("Africa/Cairo")
YEAR = Term(date(2026, 4, 1), date(2027, 3, 31))
NEXT = Term(date(2027, 4, 1), date(2028, 3, 31))
LATER = Term(date(2027, 6, 1), date(2028, 5, 31))


def contract(*terms: Term) -> Contract:
    return Contract(1, "C-1", "Customer", "premium", "ja", "", 0, False, terms)


def at(text: str, zone: ZoneInfo = TOKYO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("terms", "now", "due"),
    [
        ((), "2026-04-01 12:00", False),
        ((YEAR,), "2026-03-31 23:59:59", False),
        ((YEAR,), "2026-04-01 00:00", False),
        ((YEAR,), "2026-04-01 08:59:59", False),
        ((YEAR,), "2026-04-01 09:00", True),
        ((YEAR,), "2026-10-03 03:00", True),  # registered when it had begun: at any hour
        ((YEAR,), "2027-03-31 23:59:59", True),
        ((YEAR,), "2027-04-01 00:00", False),
        ((YEAR, NEXT), "2027-04-01 00:00", True),  # support began long before nine
        ((YEAR, LATER), "2027-04-15 12:00", False),  # it pauses
    ],
)
def test_a_guide_is_due(terms: tuple[Term, ...], now: str, due: bool) -> None:
    assert guides_now(contract(*terms), Mailings(9, TOKYO), at(now)) is due


@pytest.mark.parametrize(
    ("zone", "hour", "day", "moment"),
    [
        (TOKYO, 9, date(2026, 4, 1), "2026-04-01T00:00:00+00:00"),
        (NEW_YORK, 9, date(2026, 3, 7), "2026-03-07T14:00:00+00:00"),
        (NEW_YORK, 9, date(2026, 3, 8), "2026-03-08T13:00:00+00:00"),  # summer time has begun in the night
        (NEW_YORK, 2, date(2026, 3, 8), "2026-03-08T07:00:00+00:00"),  # there is no two o'clock: at the jump
        (NEW_YORK, 1, date(2026, 11, 1), "2026-11-01T05:00:00+00:00"),  # there are two: at the first
        (CAIRO, 0, date(2026, 4, 24), "2026-04-23T22:00:00+00:00"),  # there is no midnight
    ],
)
def test_the_moment_of_a_day(zone: ZoneInfo, hour: int, day: date, moment: str) -> None:
    mailings = Mailings(hour, zone)
    assert mailings.at(day).isoformat() == moment
    assert mailings.last_day(mailings.at(day)) == day
    assert mailings.last_day(mailings.at(day) - timedelta(seconds=1)) == day - timedelta(days=1)


@pytest.mark.parametrize(
    "zone", [TOKYO, NEW_YORK, CAIRO, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")]
)
@pytest.mark.parametrize("last", [date(2026, 3, 7), date(2026, 3, 8), date(2026, 4, 23), date(2026, 10, 31)])
def test_access_goes_on_to_the_last_second_of_the_last_day_and_no_further(zone: ZoneInfo, last: date) -> None:
    """S24; the next day may have no midnight, and the last one an hour twice."""
    ours = contract(Term(date(2025, 4, 1), last))
    ends = Mailings(0, zone).at(last + timedelta(days=1))
    assert ours.in_term((ends - timedelta(seconds=1)).astimezone(zone).date())
    assert not ours.in_term(ends.astimezone(zone).date())


def test_notes_are_what_the_terms_cause() -> None:
    assert [
        (note.kind, note.at.astimezone(TOKYO).isoformat()) for note in notes(contract(YEAR), Mailings(9, TOKYO))
    ] == [
        (NoteKind.WELCOME, "2026-04-01T09:00:00+09:00"),
        (NoteKind.TERM_ENDED, "2027-04-01T09:00:00+09:00"),
    ]
    (first, last) = notes(contract(NEXT, YEAR), Mailings(9, TOKYO))
    assert (first.at, last.at) == (at("2026-04-01 09:00"), at("2028-04-01 09:00"))
    assert notes(contract(), Mailings(9, TOKYO)) == ()


def test_a_term_that_another_follows_is_no_end() -> None:
    assert is_over(contract(YEAR), YEAR)
    assert not is_over(contract(YEAR, NEXT), YEAR)
    assert not is_over(contract(YEAR, LATER), YEAR)
    assert is_over(contract(YEAR, NEXT), NEXT)


@pytest.mark.parametrize(
    ("starts_on", "said", "wanted"),
    [
        (date(2026, 6, 1), None, True),
        (date(2026, 4, 30), None, True),
        (date(2026, 3, 31), None, True),
        (date(2026, 3, 30), None, False),  # 31 days ago
        (date(2020, 4, 1), None, False),
        (date(2020, 4, 1), True, True),
        (date(2026, 6, 1), False, False),
    ],
)
def test_old_customers_are_not_greeted_as_new_ones(starts_on: date, said: bool | None, wanted: bool) -> None:
    assert wants_guides(starts_on, date(2026, 4, 30), said) is wanted
