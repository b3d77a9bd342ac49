"""Months of the desk's calendar, exact at their edges."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mailbot.desk.month import Month

TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("written", "zone", "begins", "ends"),
    [
        ("2026-10", TOKYO, datetime(2026, 9, 30, 15, tzinfo=UTC), datetime(2026, 10, 31, 15, tzinfo=UTC)),
        ("2026-12", TOKYO, datetime(2026, 11, 30, 15, tzinfo=UTC), datetime(2026, 12, 31, 15, tzinfo=UTC)),
        ("2028-02", TOKYO, datetime(2028, 1, 31, 15, tzinfo=UTC), datetime(2028, 2, 29, 15, tzinfo=UTC)),
        ("2027-02", TOKYO, datetime(2027, 1, 31, 15, tzinfo=UTC), datetime(2027, 2, 28, 15, tzinfo=UTC)),
        ("2026-10", BERLIN, datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)),
        # In Chile the clock is put forward at midnight: this month begins at 01:00.
        (
            "2019-09",
            ZoneInfo("America/Santiago"),
            datetime(2019, 9, 1, 4, tzinfo=UTC),
            datetime(2019, 10, 1, 3, tzinfo=UTC),
        ),
    ],
    ids=["Tokyo", "new year", "leap February", "February", "clock put back", "other zone"],
)
def test_edges(written: str, zone: ZoneInfo, begins: datetime, ends: datetime) -> None:
    month = Month.of(written)
    assert (month.begins(zone), month.ends(zone)) == (begins, ends)


def test_days_and_names() -> None:
    month = Month.of("2028-02")
    assert (month.first, month.last, month.days) == (date(2028, 2, 1), date(2028, 2, 29), 29)
    assert (str(month), month.called("ja"), month.called("en")) == ("2028-02", "2028年2月", "February 2028")
    assert [Month(2026, n).called("en")[:3] for n in (1, 6, 7, 12)] == ["Jan", "Jun", "Jul", "Dec"]


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2026",
        "2026-1",
        "2026-00",
        "2026-13",
        "26-01",
        "2026-01-01",
        "2026/01",
        "２０２６-０１",
        "1989-12",
        "2201-01",
    ],
)
def test_what_is_no_month(written: str) -> None:
    with pytest.raises(ValueError, match="is no month"):
        Month.of(written)
