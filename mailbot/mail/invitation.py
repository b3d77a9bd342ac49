"""What does an invitation in a calendar's format say, in words? Pure.

Only what people ask for is given to the library, and little of it: repeated dates are named and never counted out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from mailbot.mail.header import clean_text

if TYPE_CHECKING:
    from icalendar.cal import Component

LIMIT = 262_144
"""How many characters of a calendar are looked at."""

_MOST_LINES = 400
_MOST_EVENTS = 5
_MAX_LINE = 20_000
_DEEPEST = 9
_FOLD = re.compile(r"\n[ \t]")  # RFC 5545 §3.1
_NAME = re.compile(r"[A-Za-z-]{1,40}")
_KEPT = frozenset({
    "METHOD", "SUMMARY", "DTSTART", "DTEND", "DUE", "DURATION", "LOCATION", "ORGANIZER", "ATTENDEE", "DESCRIPTION",
    "STATUS", "RRULE", "COMMENT",
})  # fmt: skip
_EVENTS = frozenset({"VCALENDAR", "VEVENT", "VTODO"})
_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_METHODS = {  # RFC 5546 §1.4
    "REQUEST": ("Invitation", "会議への招待"),
    "ADD": ("Invitation", "会議への招待"),
    "CANCEL": ("Cancellation", "会議の取り消し"),
    "REPLY": ("Answer to an invitation", "招待への回答"),
    "COUNTER": ("Another time is proposed", "別の日時の提案"),
    "DECLINECOUNTER": ("The proposed time is declined", "提案された日時の辞退"),
    "PUBLISH": ("Appointment", "予定"),
    "": ("Appointment", "予定"),
}
_ANSWERS = {  # RFC 5545 §3.2.12
    "ACCEPTED": ("accepted", "承諾"),
    "DECLINED": ("declined", "辞退"),
    "TENTATIVE": ("tentatively accepted", "仮承諾"),
    "DELEGATED": ("delegated", "代理を指名"),
}
_LABELS = {
    "when": ("When", "日時"),
    "where": ("Where", "場所"),
    "organizer": ("Organizer", "主催者"),
    "repeats": ("Repeats", "繰り返し"),
    "answer": ("Answer", "回答"),
    "comment": ("Comment", "コメント"),
}
_FREQUENCIES = {
    "YEARLY": ("every year", "毎年"),
    "MONTHLY": ("every month", "毎月"),
    "WEEKLY": ("every week", "毎週"),
    "DAILY": ("every day", "毎日"),
}


def invitation_text(calendar: str) -> str:
    """Tell method, summary, time with its zone, place, organizer, answers and description; empty for no calendar.

    Raises ValueError where the library cannot read it. The words are Japanese when the calendar's are.
    """
    from icalendar import Calendar

    lines = list(_kept(calendar[:LIMIT].replace("\r\n", "\n")))
    if len(lines) < 3:
        return ""
    tongue = int(bool(_JAPANESE.search("".join(lines))))
    root = Calendar.from_ical("\r\n".join([*lines, ""]))
    method = str(root.get("METHOD", "")).upper()
    events = [each for each in root.walk() if each.name in ("VEVENT", "VTODO")][:_MOST_EVENTS]
    return clean_text("\n\n".join("\n".join(_told(each, method, tongue)) for each in events)).strip() + "\n"


def _kept(text: str) -> Iterator[str]:
    """The lines of events that are shown: no alarms, no time zones with rules of their own, no files."""
    open_: list[str] = []
    count = 0
    for line in _FOLD.sub("", text).split("\n"):
        name, colon, value = line.strip("\ufeff").partition(":")
        word = value.strip().upper()
        if len(open_) > _DEEPEST:
            return
        known = not set(open_) - _EVENTS
        match = _NAME.match(name)
        if name.upper() == "BEGIN" and colon:
            open_.append(word)
            shown = known and word in _EVENTS
        elif name.upper() == "END" and word in open_:
            shown = known
            del open_[open_.index(word) :]
        else:
            shown = known and match is not None and match.group().upper() in _KEPT and len(line) < _MAX_LINE
        count += shown
        if shown and (count <= _MOST_LINES or name.upper() == "END"):
            yield line
    yield from (f"END:{name}" for name in reversed(open_) if name in _EVENTS)


def _told(event: Component, method: str, tongue: int) -> Iterator[str]:
    cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    title = _METHODS.get("CANCEL" if cancelled else method, _METHODS[""])[tongue]
    yield f"{title}: {_first(event, 'SUMMARY')}".rstrip(": ")
    for name, value in (
        ("when", _when(event)),
        ("repeats", _repeats(event, tongue)),
        ("where", _first(event, "LOCATION")),
        ("organizer", _person(event.get("ORGANIZER"))),
        *(("answer", answer) for answer in _answers(event, method, tongue)),
        ("comment", _first(event, "COMMENT")),
    ):
        if value:
            yield f"{_LABELS[name][tongue]}: {value}"
    description = _first(event, "DESCRIPTION")
    if description:
        yield f"\n{description}"


def _first(event: Component, name: str) -> str:
    value = event.get(name, "")
    return str(value[0] if isinstance(value, list) else value).strip()


def _when(event: Component) -> str:
    start, end = _time(event, "DTSTART"), _time(event, "DTEND") or _time(event, "DUE")
    duration = event.get("DURATION")
    if start and not end and duration is not None:
        end = start + duration.dt
    if start is None:
        return _shown(end) if end else ""
    zone = _zone(event, start)
    if not isinstance(start, datetime):
        last = end - timedelta(days=1) if end else start  # the end of whole days is not part of them (§3.6.1)
        return f"{start:%Y-%m-%d}" if last <= start else f"{start:%Y-%m-%d} – {last:%Y-%m-%d}"
    if end is None:
        return f"{_shown(start)}{zone}"
    same = isinstance(end, datetime) and end.date() == start.date()
    return f"{_shown(start)} – {end.strftime('%H:%M') if same else _shown(end)}{zone}"


def _time(event: Component, name: str) -> Any:
    found = event.get(name)
    try:
        return getattr(found[0] if isinstance(found, list) else found, "dt", None)
    except ValueError:  # the library keeps what is no date, and complains when it is asked for
        return None


def _shown(moment: date) -> str:
    return moment.strftime("%Y-%m-%d %H:%M" if isinstance(moment, datetime) else "%Y-%m-%d")


def _zone(event: Component, start: date) -> str:
    if not isinstance(start, datetime):
        return ""
    name = event["DTSTART"].params.get("TZID") if not isinstance(event["DTSTART"], list) else None
    name = name or (start.tzname() if start.tzinfo else None)
    return f" ({name})" if name else ""


def _repeats(event: Component, tongue: int) -> str:
    rule = event.get("RRULE")
    rule = rule[0] if isinstance(rule, list) else rule
    frequency = str((rule.get("FREQ") or [""])[0]).upper() if isinstance(rule, Mapping) else ""
    return _FREQUENCIES[frequency][tongue] if frequency in _FREQUENCIES else frequency.lower()


def _person(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    if not value:
        return ""
    address = str(value)
    address = address[7:] if address.lower().startswith("mailto:") else address
    name = str(getattr(value, "params", {}).get("CN", "")).strip('"')
    return f"{name} <{address}>" if name and name != address else address


def _answers(event: Component, method: str, tongue: int) -> Iterator[str]:
    """Who has answered what; in an invitation nobody has answered yet."""
    if method not in ("REPLY", "COUNTER"):
        return
    found = event.get("ATTENDEE", [])
    for each in found if isinstance(found, list) else [found]:
        answer = _ANSWERS.get(str(each.params.get("PARTSTAT", "")).upper())
        if answer:
            yield f"{answer[tongue]} ({_person(each)})"
