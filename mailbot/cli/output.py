"""How does a command speak: to a person at a terminal, to a file, to another program?

Nothing of a mail reaches a terminal raw: controls and marks that turn the direction of writing are shown as escapes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import typer

BROKEN_PIPE = 141  # what a shell reports for a program that SIGPIPE ended
# Controls (C0, DEL, C1), what has no width or turns the direction, halves of surrogate pairs.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_LINE_ENDS = re.compile(r"\s*[\r\n]\s*")


def say(line: str) -> None:
    """Write a line of text to standard output."""
    write(f"{line}\n")


def write(text: str) -> None:
    """Write to standard output; who has read enough ends the command without a word."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        raise typer.Exit(BROKEN_PIPE) from None


def write_bytes(raw: bytes) -> None:
    """Write bytes to standard output as they are."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise typer.Exit(BROKEN_PIPE) from None


def complain(line: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(f"{shown(line)}\n")


def say_json(value: object, *, indent: int | None = 2) -> None:
    """Write a value as JSON: moments as ISO 8601 in UTC."""
    say(as_json(value, indent=indent))


def as_json(value: object, *, indent: int | None = None) -> str:
    """Turn a value into JSON without a character that could steer a terminal (in JSON only strings hold such)."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=_plain)
    return _UNSAFE.sub(lambda match: match[0] if match[0] == "\n" else f"\\u{ord(match[0]):04x}", text)


def picked(row: Mapping[Any, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Give these keys of a row, in this order."""
    return {key: row[key] for key in keys}


def shown(text: str) -> str:
    """Make one line that is safe to show."""
    return _UNSAFE.sub(_escaped, _LINE_ENDS.sub(" ", text).replace("\t", " ").strip())


def shown_text(text: str) -> str:
    """Make lines that are safe to show."""
    lines = text.replace("\r\n", "\n").replace("\t", "    ").split("\n")
    return "\n".join(_UNSAFE.sub(_escaped, line) for line in lines)


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """`2026-11-22 18:05 JST`, in the desk's zone; a dash when it has not come."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}" if at else "-"


def short_moment(at: datetime | None, zone: ZoneInfo) -> str:
    """`11-22 18:05`, for tables that tell the zone and are about these days."""
    return f"{at.astimezone(zone):%m-%d %H:%M}" if at else "-"


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable):
        return list(value)
    return str(value)
