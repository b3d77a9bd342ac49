"""How is a moment or a size written for a person who reads this language? Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
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
    clock = f"{local.hour:02}:{local.minute:02} {local.tzname()}"
    if language == "ja":
        return f"{local.year}年{local.month}月{local.day}日({_WEEKDAYS['ja'][local.weekday()]}) {clock}"
    weekday, month = local.weekday() * 3, (local.month - 1) * 3
    return f"{_WEEKDAYS['en'][weekday : weekday + 3]} {local.day} {_MONTHS[month : month + 3]} {local.year} {clock}"


def size(octets: int) -> str:
    """`512 B`, `12 KB`, `3.4 MB`; rounded up, for nothing that is there has no size."""
    if octets < 1000:
        return f"{octets} B"
    if octets < 1_000_000:
        return f"{-(-octets // 1000)} KB"
    return f"{-(-octets // 100_000) / 10:.1f} MB"


def span(time: timedelta, language: Language) -> str:
    """`2 d 3 h`, `1 h 5 min`, `3 min 20 s`, `12 s`, or `2日3時間`: its two greatest units, the rest is cut off."""
    if time < timedelta(0):
        raise ValueError("a span of time is not negative")
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    counts = (days, hours, minutes, seconds)
    first = next((place for place, count in enumerate(counts) if count), None)
    if first is None:
        return _LESS[language] if time else f"0{_UNITS[language][-1]}"
    parts = [f"{counts[place]}{_UNITS[language][place]}" for place in range(first, min(first + 2, 4)) if counts[place]]
    return ("" if language == "ja" else " ").join(parts)
