"""How does the program tell, step by step, what it does? One line a step on standard error, as text or JSON.

structlog's loggers and the standard library's come out alike. Values are escaped and cut: a mail cannot forge a
line, steer a terminal or fill the disk. A log that cannot be written stops nothing.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any, BinaryIO, Literal

import structlog

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["text", "json"]
Fields = dict[str, Any]

_LONGEST_VALUE = 1_000  # characters
_LONGEST_TRACEBACK = 8_000
_PLAIN = re.compile(r"[A-Za-z0-9@._+:/<>\[\]*-]+")
# Controls (C0, DEL, C1), line and paragraph separators, marks that turn the direction, halves of surrogate pairs.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def configure(level: Level, format: Format, output: BinaryIO | None = None) -> None:
    """Send all loggers' lines from this level up to standard error; those of libraries from WARNING up."""
    number = logging.getLevelNamesMapping()[level.upper()]
    render = _json if format == "json" else _text
    lines = Lines(output or sys.stderr.buffer)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, lambda _, name, fields: render(_stamped(name, fields))],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers = [other for other in root.handlers if not isinstance(other, _Standard)] + [_Standard(lines, render)]
    root.setLevel(max(number, logging.WARNING))  # aiosmtpd tells every command at INFO, Alembic every step
    logging.getLogger("mailbot").setLevel(number)
    logging.captureWarnings(capture=True)


class Lines:
    """Where the lines go: whole, one at a time, from any thread."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._lock = threading.Lock()

    def write(self, line: str) -> None:
        """Write one line; a full disk or a closed pipe must not stop the desk."""
        try:
            with self._lock:
                self._output.write(line.encode() + b"\n")
                self._output.flush()
        except (OSError, ValueError):
            return

    debug = info = warning = error = critical = msg = write


class _Standard(logging.Handler):
    """The way of a standard logger's record into the same lines."""

    def __init__(self, lines: Lines, render: Callable[[Fields], str]) -> None:
        super().__init__()
        self._lines = lines
        self._render = render

    def handle(self, record: logging.LogRecord) -> bool:
        """Write the record; `Lines` has the lock, so the handler's own is not taken."""
        fields: Fields = {"event": _message(record), "logger": record.name, **structlog.contextvars.get_contextvars()}
        fields["exc_info"] = record.exc_info
        self._lines.write(self._render(_stamped(record.levelname.lower(), fields)))
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # the arguments do not fit the format: still worth a line
        return f"{record.msg} {record.args}"


def _stamped(level: str, fields: MutableMapping[str, Any]) -> Fields:
    """The fields with time and level first; an exception becomes `error`, and `traceback` in one field."""
    error = _exception(fields.pop("exc_info", None))
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event = fields.pop("event", "")
    stamped = {"at": at, "level": "error" if level == "exception" else level, "event": event, **fields}
    if error is not None:
        stamped["error"] = f"{type(error).__name__}: {error}"
        stamped["traceback"] = "".join(traceback.format_exception(error))[-_LONGEST_TRACEBACK:]
    return stamped


def _exception(exc_info: object) -> BaseException | None:
    match exc_info:
        case BaseException():
            return exc_info
        case (_, BaseException() as error, _):
            return error
        case None | False:
            return None
        case _:
            return sys.exc_info()[1]


def _text(fields: Fields) -> str:
    """`2026-11-22T09:00:00.000Z info    kept inbound=12`: time, level and event, then key=value."""
    at, level, event = str(fields.pop("at")), fields.pop("level"), _cut("", str(fields.pop("event")))
    shown = json.dumps(event, ensure_ascii=False) if "=" in event else event  # it must not look like a field
    rest = "".join([f" {key}={_word(key, value)}" for key, value in fields.items()])
    return _safe(f"{at} {level:<7} {shown}") + rest


def _word(key: str, value: object) -> str:
    text = _cut(key, value if isinstance(value, str) else _worded(value))
    return text if _PLAIN.fullmatch(text) else _safe(json.dumps(text, ensure_ascii=False))


def _worded(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _json(fields: Fields) -> str:
    cut = {key: _cut(key, value) if isinstance(value, str) else value for key, value in fields.items()}
    return _safe(json.dumps(cut, ensure_ascii=False, default=lambda value: _cut("", _worded(value))))


def _cut(key: str, text: str) -> str:
    longest = _LONGEST_TRACEBACK if key == "traceback" else _LONGEST_VALUE
    return text if len(text) <= longest else f"{text[:longest]}…"


def _safe(text: str) -> str:
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
