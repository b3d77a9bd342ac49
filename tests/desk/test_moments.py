"""Moments and sizes as people read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailbot.desk.contract import Language
from mailbot.desk.moments import duration, moment, moment_in, size, span

TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "language", "zone", "written"),
    [
        (datetime(2027, 1, 4, 1, 0, tzinfo=UTC), "ja", TOKYO, "2027年1月4日(月) 10:00 JST"),
        (datetime(2027, 1, 4, 1, 0, tzinfo=UTC), "en", TOKYO, "Mon 4 Jan 2027 10:00 JST"),
        (datetime(2026, 12, 31, 15, 0, tzinfo=UTC), "ja", TOKYO, "2027年1月1日(金) 00:00 JST"),
        (datetime(2026, 7, 5, 22, 5, tzinfo=UTC), "en", BERLIN, "Mon 6 Jul 2026 00:05 CEST"),
        (datetime(2026, 12, 6, 9, 5, tzinfo=UTC), "en", BERLIN, "Sun 6 Dec 2026 10:05 CET"),
    ],
)
def test_moment(at: datetime, language: Language, zone: ZoneInfo, written: str) -> None:
    assert moment(at, language, zone) == written


@pytest.mark.parametrize(
    ("at", "language", "zone", "written"),
    [
        (datetime(2027, 1, 4, 1, 0, tzinfo=UTC), "en", "Europe/Berlin", "Mon 4 Jan 2027 02:00 CET (10:00 JST)"),
        (datetime(2027, 1, 4, 1, 0, tzinfo=UTC), "ja", "Europe/Berlin", "2027年1月4日(月) 02:00 CET（10:00 JST）"),
        (
            datetime(2027, 1, 4, 1, 0, tzinfo=UTC),
            "en",
            "America/New_York",
            "Sun 3 Jan 2027 20:00 EST (Mon 4 Jan 2027 10:00 JST)",
        ),
        (datetime(2026, 7, 4, 1, 0, tzinfo=UTC), "en", "Asia/Tokyo", "Sat 4 Jul 2026 10:00 JST"),
        (datetime(2026, 7, 4, 1, 0, tzinfo=UTC), "en", "Asia/Seoul", "Sat 4 Jul 2026 10:00 KST"),
        (
            datetime(2026, 7, 4, 4, 0, tzinfo=UTC),
            "en",
            "America/Sao_Paulo",
            "Sat 4 Jul 2026 01:00 UTC-03:00 (13:00 JST)",
        ),
        (datetime(2026, 7, 4, 4, 0, tzinfo=UTC), "en", "Asia/Kathmandu", "Sat 4 Jul 2026 09:45 UTC+05:45 (13:00 JST)"),
    ],
)
def test_a_moment_for_who_lives_elsewhere(at: datetime, language: Language, zone: str, written: str) -> None:
    assert moment_in(at, language, ZoneInfo(zone), TOKYO) == written


def test_every_weekday_and_month_has_its_name() -> None:
    for month in range(1, 13):
        for day in range(1, 8):
            at = datetime(2026, month, day, tzinfo=UTC)
            assert moment(at, "en", ZoneInfo("UTC")) == at.strftime("%a ") + f"{day} " + at.strftime("%b %Y %H:%M UTC")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        moment(datetime(2026, 1, 1), "ja", TOKYO)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("octets", "written"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 KB"), (1001, "2 KB"), (3_400_000, "3.4 MB"), (10_240_000, "10.3 MB")],
)
def test_size(octets: int, written: str) -> None:
    assert size(octets) == written


@pytest.mark.parametrize(
    ("time", "japanese", "english"),
    [
        (timedelta(0), "0秒", "0 s"),
        (timedelta(seconds=59.4), "59秒", "59 s"),
        (timedelta(seconds=59.6), "1分", "1 min"),
        (timedelta(minutes=60), "1時間", "1 h"),
        (timedelta(days=3, hours=2, minutes=5, seconds=59), "3日2時間5分", "3 d 2 h 5 min"),
        (timedelta(days=365), "365日", "365 d"),
        (timedelta(days=1, minutes=1), "1日1分", "1 d 1 min"),
    ],
)
def test_span(time: timedelta, japanese: str, english: str) -> None:
    assert (span(time, "ja"), span(time, "en")) == (japanese, english)


@pytest.mark.parametrize(
    ("seconds", "japanese", "english"),
    [
        (0, "0秒", "0 s"),
        (0.4, "1秒未満", "< 1 s"),
        (12.9, "12秒", "12 s"),
        (60, "1分", "1 min"),
        (200, "3分20秒", "3 min 20 s"),
        (3_600, "1時間", "1 h"),
        (3_659, "1時間", "1 h"),
        (3_900, "1時間5分", "1 h 5 min"),
        (86_399, "23時間59分", "23 h 59 min"),
        (97_200, "1日3時間", "1 d 3 h"),
        (86_400 * 40 + 59, "40日", "40 d"),
    ],
)
def test_duration(seconds: float, japanese: str, english: str) -> None:
    time = timedelta(seconds=seconds)
    assert (duration(time, "ja"), duration(time, "en")) == (japanese, english)


def test_no_duration_is_negative() -> None:
    with pytest.raises(ValueError, match="not negative"):
        duration(timedelta(seconds=-1), "en")
