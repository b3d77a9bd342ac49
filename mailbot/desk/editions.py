"""How is a calendar kept as it was when a due time was counted by it, so that the count can be proved later? Pure.

Content is what JSON can hold: the zone, the hours of Monday to Sunday as [opens, closes] in minutes after midnight,
closed days with their reasons ("MM-DD" every year, "YYYY-MM-DD" once), openings by day, and the public holidays of the
years that the count could touch, by name. Of several desks it is each desk's, by name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from mailbot.desk.calendar import (
    AnyOf,
    Calendar,
    Closure,
    DatedClosure,
    Edition,
    Holidays,
    Hours,
    KeptEdition,
    YearlyClosure,
)

_ANY_ZONE = timedelta(days=2)  # a date is nowhere further from UTC's, yesterday's hours included


def kept(calendar: Calendar, *, since: datetime, until: datetime) -> KeptEdition:
    """Give the edition in force at `since` with the holidays that a count from then to `until` could touch.

    The year after that of arrival is always among them (S16: the year's end). The same answer is given for the same
    edition and years without working it out again.
    """
    edition = calendar.edition(since)
    years = range((since - _ANY_ZONE).year, max((since + _ANY_ZONE).year + 1, (until + _ANY_ZONE).year) + 1)
    key = (edition.valid_from, years.start, years.stop)
    known = calendar._kept.get(key)
    if known is None:
        content = {"calendar": calendar.name} | _content(edition, years)
        known = calendar._kept[key] = KeptEdition(fingerprint(content), calendar.name, content)
    return known


def fingerprint(content: Mapping[str, Any]) -> str:
    """Give the SHA-256 of the content's canonical JSON: keys in order, no blanks, UTF-8."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def calendar_of(content: Mapping[str, Any]) -> Calendar:
    """Make the calendar again, with this one edition.

    It raises LookupError when it is asked for holidays of a year that was not kept: it never guesses.
    """
    return Calendar(content["calendar"], (_edition_of(content),))


def _content(edition: Edition | AnyOf, years: Iterable[int]) -> dict[str, Any]:
    if isinstance(edition, AnyOf):
        members = {name: _content(member, years) for name, member in edition.members.items()}
        return {"zone": edition.zone.key, "any_of": members}
    return {
        "zone": edition.zone.key,
        "week": [_pairs(hours) for hours in edition.week],
        "closed": [_closed(closure) for closure in edition.closures],
        "open": {day.isoformat(): _pairs(hours) for day, hours in sorted(edition.openings.items())},
        "holidays": {
            str(year): {day.isoformat(): name for day, name in sorted(edition.holidays(year).items())} for year in years
        },
    }


def _pairs(hours: Iterable[Hours]) -> list[list[int]]:
    return [[each.opens, each.closes] for each in hours]


def _closed(closure: Closure) -> dict[str, str]:
    match closure:
        case YearlyClosure(first, last, reason):
            return {"first": "{:02}-{:02}".format(*first), "last": "{:02}-{:02}".format(*last), "reason": reason}
        case DatedClosure(begins, ends, reason):
            return {"first": begins.isoformat(), "last": ends.isoformat(), "reason": reason}


def _edition_of(content: Mapping[str, Any]) -> Edition | AnyOf:
    zone = ZoneInfo(content["zone"])
    if "any_of" in content:
        return AnyOf(None, zone, {name: _edition_of(member) for name, member in content["any_of"].items()})
    return Edition(
        valid_from=None,
        zone=zone,
        week=tuple(_hours(day) for day in content["week"]),
        holidays=_holidays(content["holidays"]),
        closures=tuple(_closure(each) for each in content["closed"]),
        openings={date.fromisoformat(day): _hours(pairs) for day, pairs in content["open"].items()},
    )


def _hours(pairs: Iterable[list[int]]) -> tuple[Hours, ...]:
    return tuple(Hours(opens, closes) for opens, closes in pairs)


def _closure(content: Mapping[str, str]) -> Closure:
    first, last, reason = content["first"], content["last"], content["reason"]
    if first.count("-") == 1:
        return YearlyClosure(_month_and_day(first), _month_and_day(last), reason)
    return DatedClosure(date.fromisoformat(first), date.fromisoformat(last), reason)


def _month_and_day(written: str) -> tuple[int, int]:
    month, day = written.split("-")
    return int(month), int(day)


def _holidays(content: Mapping[str, Mapping[str, str]]) -> Holidays:
    years = {
        int(year): MappingProxyType({date.fromisoformat(day): name for day, name in days.items()})
        for year, days in content.items()
    }

    def of_year(year: int) -> Mapping[date, str]:
        if year not in years:
            raise LookupError(f"the holidays of {year} were not kept with this edition")
        return years[year]

    return of_year
