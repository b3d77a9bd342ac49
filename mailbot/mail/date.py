"""When was a mail written, as a field or a line over a quotation says it? Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_YEAR_FIRST = re.compile(r"((?:19|20)\d\d)\s?[年/.-]\s?(\d{1,2})\s?[月/.-]\s?(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)")  # dots are never used month first
_SLASHES = re.compile(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-]((?:19|20)\d\d)")
_DAY_NAME_YEAR = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\.?\s([A-Za-z]{3,9})\.?,?\s((?:19|20)\d\d)")
_NAME_DAY_YEAR = re.compile(r"([A-Za-z]{3,9})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s((?:19|20)\d\d)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s?[:時.]\s?(\d{2})(?:\s?[:分.]\s?(\d{2}))?")
_AFTERNOON = re.compile(r"\d\s?p\.?\s?m\b|午後|오후|下午", re.I)
_MORNING = re.compile(r"\d\s?a\.?\s?m\b|午前|오전|上午", re.I)
_ZONE = re.compile(r"(?:GMT|UTC)?\s?([+-])(\d{2}):?(\d{2})\b")
_MAX = 200


def moment(value: str) -> datetime | None:
    """RFC 5322 §3.3, with the obsolete forms; a time without a zone counts as UTC. None when it makes no sense."""
    if not value:
        return None
    try:
        parts = parsedate_tz(value[:_MAX])
        if parts is None:
            return None
        seconds = datetime(*parts[:6], tzinfo=UTC).timestamp() - (parts[9] or 0)
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, IndexError, TypeError, OSError):
        return None


def zone_of(value: str) -> tzinfo:
    """The zone of the clock that wrote a Date field; UTC when it names none."""
    try:
        parts = parsedate_tz(value[:_MAX])
        return timezone(timedelta(seconds=parts[9] or 0)) if parts else UTC
    except (ValueError, OverflowError, IndexError, TypeError):
        return UTC


def written_moment(value: str, zone: tzinfo) -> datetime | None:
    """A date as mail programs write it for people, in `zone` where it names none; None where it could mean two days."""
    value = value[:_MAX]
    day = _day(value)
    clock = _CLOCK.search(value, day[3]) or _CLOCK.search(value) if day else None
    if day is None or clock is None:
        return None
    hour, minute, second = (int(part or 0) for part in clock.groups())
    if hour < 12 and _AFTERNOON.search(value):
        hour += 12
    elif hour == 12 and _MORNING.search(value):
        hour = 0
    try:
        return datetime(*day[:3], hour, minute, second, tzinfo=_named_zone(value, clock.end()) or zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(value: str) -> tuple[int, int, int, int] | None:
    """Year, month, day, and where they end."""
    if found := _YEAR_FIRST.search(value):
        return int(found[1]), int(found[2]), int(found[3]), found.end()
    if found := _DAY_FIRST.search(value):
        return int(found[3]), int(found[2]), int(found[1]), found.end()
    if found := _SLASHES.search(value):
        one, two = int(found[1]), int(found[2])
        if one <= 12 and two <= 12 and one != two:
            return None
        return int(found[3]), min(one, two) if max(one, two) > 12 else one, max(one, two), found.end()
    for pattern, name, day in ((_DAY_NAME_YEAR, 2, 1), (_NAME_DAY_YEAR, 1, 2)):
        found = pattern.search(value)
        if found and (month := _MONTHS.get(found[name][:3].lower())):
            return int(found[3]), month, int(found[day]), found.end()
    return None


def _named_zone(value: str, start: int) -> tzinfo | None:
    found = _ZONE.search(value, start)
    if not found:
        return UTC if re.search(r"\b(?:GMT|UTC)\b", value[start:]) else None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset) if offset < timedelta(hours=24) else None
