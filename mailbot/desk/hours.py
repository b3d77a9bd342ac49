"""How are a calendar's hours told to a person in a few words? (S16) Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from mailbot.desk.calendar import AnyOf, Calendar, Closure, Edition, Hours, YearlyClosure
from mailbot.desk.contract import Language

_WHOLE_DAY = (Hours(0, 1440),)
_AHEAD = timedelta(days=366)  # closed days are told a year ahead: what a term can hold
_DAYS: dict[Language, Sequence[str]] = {
    "ja": ("月曜", "火曜", "水曜", "木曜", "金曜", "土曜", "日曜"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TO: dict[Language, str] = {"ja": "～", "en": "-"}
_AND: dict[Language, str] = {"ja": "、", "en": ", "}
_OR: dict[Language, str] = {"ja": "、または ", "en": "; or "}
_ROUND_THE_CLOCK: dict[Language, str] = {"ja": "24 時間", "en": "24 hours"}
_ALWAYS: dict[Language, str] = {"ja": "24 時間 365 日", "en": "24 hours a day, every day"}
_HOLIDAYS: dict[Language, str] = {"ja": "祝日", "en": "public holidays"}


def in_words(calendar: Calendar, language: Language, now: datetime) -> str:
    """`月曜～金曜 9:00～18:00 JST（祝日、12月29日～1月3日を除く）`; closed days a year ahead, as they are known now."""
    return _in_words(calendar.edition(now), language, now)


def _in_words(edition: Edition | AnyOf, language: Language, now: datetime) -> str:
    if isinstance(edition, AnyOf):
        return _OR[language].join(_in_words(member, language, now) for member in edition.members.values())
    today = now.astimezone(edition.zone).date()
    closed = list(_closed(edition, language, today))
    if not closed and all(day == _WHOLE_DAY for day in edition.week):
        return _ALWAYS[language]
    open_ = _AND[language].join(_week(edition, language))
    hours = f"{open_} {_zone(edition.zone, today)}"
    if not closed:
        return hours
    days = _AND[language].join(closed)
    return f"{hours}（{days}を除く）" if language == "ja" else f"{hours}, except {days}"


def _week(edition: Edition, language: Language) -> Iterator[str]:
    """Neighbouring days with the same hours are told together."""
    days = list(zip(_DAYS[language], edition.week, strict=True))
    for hours, group in groupby(days, key=lambda day: day[1]):
        if hours:
            names = [name for name, _ in group]
            run = names[0] if len(names) == 1 else f"{names[0]}{_TO[language]}{names[-1]}"
            yield f"{run} {_AND[language].join(_span(each, language) for each in hours)}"


def _span(hours: Hours, language: Language) -> str:
    if hours == _WHOLE_DAY[0]:
        return _ROUND_THE_CLOCK[language]
    return f"{_clock(hours.opens)}{_TO[language]}{_clock(hours.closes)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _closed(edition: Edition, language: Language, today: date) -> Iterator[str]:
    if edition.holidays(today.year) or edition.holidays(today.year + 1):
        yield _HOLIDAYS[language]
    for closure in edition.closures:
        if isinstance(closure, YearlyClosure) or (closure.last >= today and closure.first <= today + _AHEAD):
            yield _run(closure, language)


def _run(closure: Closure, language: Language) -> str:
    if isinstance(closure, YearlyClosure):
        first, last = _day(*closure.first, language), _day(*closure.last, language)
    else:
        first, last = _dated(closure.first, language), _dated(closure.last, language)
    return first if first == last else f"{first}{_TO[language]}{last}"


def _day(month: int, day: int, language: Language) -> str:
    return f"{month}月{day}日" if language == "ja" else f"{day} {_MONTHS[month - 1]}"


def _dated(day: date, language: Language) -> str:
    written = _day(day.month, day.day, language)
    return f"{day.year}年{written}" if language == "ja" else f"{written} {day.year}"


def _zone(zone: ZoneInfo, today: date) -> str:
    """`JST`; but the name of the zone where summer has another abbreviation than winter."""
    names = {datetime(today.year, month, 1, tzinfo=zone).tzname() for month in (1, 7)}
    return str(names.pop()) if len(names) == 1 else zone.key
