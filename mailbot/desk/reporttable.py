"""How does a monthly proof stand in a spreadsheet? Report → CSV, one line a question. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mailbot.desk import cells
from mailbot.desk.replies import line
from mailbot.desk.report import Asked, Kept, Report

_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the encoding of its own country
_MINUTE = timedelta(minutes=1)

COLUMNS = (
    *("number", "contract", "received", "urgency", "scope", "products", "subject", "menu"),
    *("opens", "due", "acknowledged", "first_response", "window_minutes", "used_minutes", "used_percent"),
    *("clock_minutes", "left_minutes", "late_minutes", "state", "answered", "first_answer"),
)
"""In this order; their headings are `words.report_column`."""

_MOMENTS = frozenset({"received", "opens", "due", "acknowledged", "answered"})
Words = Mapping[str, Mapping[str, str]]


def csv_of(report: Report, words: Words, menus: Mapping[str, str], zone: ZoneInfo, *, bom: bool) -> bytes:
    """Give the whole table in UTF-8. `words` are a language's, `menus` its titles by key. Moments are of this zone, as
    the headings say. No number is negative: what was left and what it was late by are two columns.
    """
    head = cells.row(f"{words['report_column'][key]}{f' ({zone.key})' if key in _MOMENTS else ''}" for key in COLUMNS)
    rows = (cells.row(_cells(each, report.as_of, words, menus, zone)) for each in report.asked)
    return f"{_BYTE_ORDER_MARK if bom else ''}{head}{''.join(rows)}".encode("utf-8", "replace")


def _cells(asked: Asked, as_of: datetime, words: Words, menus: Mapping[str, str], zone: ZoneInfo) -> Iterator[str]:
    kept, left, window = asked.kept(as_of), asked.left(as_of), asked.window
    yield asked.number
    yield line(asked.contract)
    yield _moment(asked.received_at, zone)
    yield words["report_urgency"][asked.urgency]
    yield words["report_scope"][asked.scope]
    yield line(", ".join(asked.products))
    yield line(asked.subject)
    yield menus.get(asked.menu, asked.menu)
    yield _moment(window.starts_at if window else None, zone)
    yield _moment(asked.due_at, zone)
    yield _moment(asked.acknowledged_at, zone)
    yield words["report_kept"][kept]
    yield _minutes(window.length if window else None)
    yield _minutes(window.used if window else None)
    yield "" if window is None or window.share is None else f"{window.share * 100:.1f}"
    yield _minutes(asked.took)
    yield _minutes(left if kept is Kept.IN_TIME else None)
    yield _minutes(-left if kept is Kept.LATE else None)
    yield words["report_state"]["closed" if asked.closed else "open"]
    yield _moment(asked.answered_at, zone)
    yield "" if asked.answer is None else words["report_kept"][asked.answer]


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _minutes(time: timedelta | None) -> str:
    return "" if time is None else f"{time / _MINUTE:.2f}"
