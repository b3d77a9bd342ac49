"""How is a moment, a time or a size written for a person who reads this language? Pure."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from mailbot.desk.contract import Language

_WEEKDAYS: dict[Language, str] = {"ja": "月火水木金土日", "en": "MonTueWedThuFriSatSun"}
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_UNITS: dict[Language, tuple[str, str, str, str]] = {"ja": ("日", "時間", "分", "秒"), "en": (" d", " h", " min", " s")}
_LESS: dict[Language, str] = {"ja": "1秒未満", "en": "< 1 s"}


def moment(at: datetime, language: Language, zone: ZoneInfo) -> str:
    """`2027年1月4日(月) 10:00 JST` or `Mon 4 Jan 2027 10:00 JST`; a due time must never be read in the wrong zone."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a zone")
    local = at.astimezone(zone)
    clock = _clock(local)
    if language == "ja":
        return f"{local.year}年{local.month}月{local.day}日({_WEEKDAYS['ja'][local.weekday()]}) {clock}"
    weekday, month = local.weekday() * 3, (local.month - 1) * 3
    return f"{_WEEKDAYS['en'][weekday : weekday + 3]} {local.day} {_MONTHS[month : month + 3]} {local.year} {clock}"


def moment_in(at: datetime, language: Language, zone: ZoneInfo, desk_zone: ZoneInfo) -> str:
    """Write a moment for who lives in another zone than the desk, whose clock follows: `Mon 4 Jan 2027 02:00 CET (10:00
    JST)`; with the day where that is another one, and only once where both clocks show the same.
    """
    here, there = moment(at, language, zone), moment(at, language, desk_zone)
    if at.astimezone(zone).replace(tzinfo=None) == at.astimezone(desk_zone).replace(tzinfo=None):
        return here
    if at.astimezone(zone).date() == at.astimezone(desk_zone).date():
        there = _clock(at.astimezone(desk_zone))
    return f"{here}（{there}）" if language == "ja" else f"{here} ({there})"


def _clock(local: datetime) -> str:
    """`10:00 JST`; a zone without a name of its own is told by its distance: `01:00 UTC-03:00`."""
    name = str(local.tzname())
    if name[0] in "+-":
        name = str(timezone(local.utcoffset() or timedelta()))
    return f"{local.hour:02}:{local.minute:02} {name}"


def span(time: timedelta, language: Language) -> str:
    """`3日2時間5分` or `3 d 2 h 5 min`; `40 s` below a minute, and from there whole minutes."""
    seconds = round(time.total_seconds())
    if seconds < 60:
        return f"{seconds}秒" if language == "ja" else f"{seconds} s"
    days, minutes = divmod(seconds // 60, 24 * 60)
    parts = [(days, "日", " d"), (minutes // 60, "時間", " h"), (minutes % 60, "分", " min")]
    if language == "ja":
        return "".join(f"{count}{unit}" for count, unit, _ in parts if count)
    return " ".join(f"{count}{unit}" for count, _, unit in parts if count)


def size(octets: int) -> str:
    """`512 B`, `12 KB`, `3.4 MB`; rounded up, for nothing that is there has no size."""
    if octets < 1000:
        return f"{octets} B"
    if octets < 1_000_000:
        return f"{-(-octets // 1000)} KB"
    return f"{-(-octets // 100_000) / 10:.1f} MB"


def duration(time: timedelta, language: Language) -> str:
    """`2 d 3 h`, `1 h 5 min`, `3 min 20 s`, `12 s`, or `2日3時間`: two units, the rest is cut off.

    Nothing is rounded up: what is told here is a proof. Raises ValueError for less than nothing.
    """
    if time < timedelta(0):
        raise ValueError("a duration is not negative")
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    counts = (days, hours, minutes, seconds)
    first = next((place for place, count in enumerate(counts) if count), None)
    if first is None:
        return _LESS[language] if time else f"0{_UNITS[language][-1]}"
    parts = [f"{counts[place]}{_UNITS[language][place]}" for place in range(first, min(first + 2, 4)) if counts[place]]
    return ("" if language == "ja" else " ").join(parts)
