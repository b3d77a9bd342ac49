"""Hours in words: those of the worked example, and of calendars that other desks may have."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot.desk.calendar import Calendar, DatedClosure, Edition, Hours, YearlyClosure
from mailbot.desk.contract import Language
from mailbot.desk.hours import in_words
from mailbot.rules import load

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
DAY, NIGHT, ROUND = (Hours(540, 1080),), (Hours(1200, 1440),), (Hours(0, 1440),)
HALVES = (Hours(540, 720), Hours(780, 1080))
PLAIN = Edition(None, ZoneInfo("Asia/Tokyo"), (DAY,) * 5 + ((), ()), lambda _: {}, (), {})


def holidays(_: int) -> Mapping[date, str]:
    return {date(2026, 1, 1): "New Year's Day"}


@pytest.mark.parametrize(
    ("name", "language", "words"),
    [
        ("business", "ja", "月曜～金曜 9:00～18:00 JST（祝日、12月29日～1月3日を除く）"),
        ("business", "en", "Mon-Fri 9:00-18:00 JST, except public holidays, 29 Dec-3 Jan"),
        ("always", "ja", "24 時間 365 日"),
        ("always", "en", "24 hours a day, every day"),
    ],
)
def test_the_worked_example(name: str, language: Language, words: str) -> None:
    calendars = load(Path(__file__).parents[2] / "rules").calendars
    assert in_words(calendars[name], language, NOW) == words


@pytest.mark.parametrize(
    ("edition", "words"),
    [
        (PLAIN, "Mon-Fri 9:00-18:00 JST"),
        (replace(PLAIN, week=(DAY,) * 4 + (HALVES, (), ())), "Mon-Thu 9:00-18:00, Fri 9:00-12:00, 13:00-18:00 JST"),
        (replace(PLAIN, week=((),) * 6 + (NIGHT,)), "Sun 20:00-24:00 JST"),
        (replace(PLAIN, week=(ROUND,) * 7, holidays=holidays), "Mon-Sun 24 hours JST, except public holidays"),
        (replace(PLAIN, zone=ZoneInfo("America/New_York")), "Mon-Fri 9:00-18:00 America/New_York"),
        (
            replace(PLAIN, closures=(DatedClosure(date(2026, 8, 13), date(2026, 8, 14), ""),)),
            "Mon-Fri 9:00-18:00 JST, except 13 Aug 2026-14 Aug 2026",
        ),
        (replace(PLAIN, closures=(DatedClosure(date(2026, 3, 13), date(2026, 3, 14), ""),)), "Mon-Fri 9:00-18:00 JST"),
        (replace(PLAIN, closures=(YearlyClosure((10, 1), (10, 1), ""),)), "Mon-Fri 9:00-18:00 JST, except 1 Oct"),
    ],
)
def test_other_calendars(edition: Edition, words: str) -> None:
    assert in_words(Calendar("business", (edition,)), "en", NOW) == words


def test_the_edition_that_counts_now_is_told() -> None:
    later = replace(PLAIN, valid_from=datetime(2026, 5, 1, tzinfo=UTC), week=((DAY,) * 6 + ((),)))
    calendar = Calendar("business", (PLAIN, later))
    assert in_words(calendar, "ja", NOW) == "月曜～金曜 9:00～18:00 JST"
    assert in_words(calendar, "ja", datetime(2026, 5, 2, tzinfo=UTC)) == "月曜～土曜 9:00～18:00 JST"
