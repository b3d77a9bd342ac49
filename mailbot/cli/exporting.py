"""How are contracts written as CSV or TOML, so that `contract import` reads them and no spreadsheet runs them?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from mailbot.cli.importing import KEYS, MANY
from mailbot.desk.cells import row
from mailbot.errors import InputError
from mailbot.flows.application import Application

_BARE = ("starts_on", "ends_on", "cancelled_at", "extra_askers")  # TOML has days, times and numbers of its own


def written(applications: Iterable[Application], format: Literal["csv", "toml"]) -> Iterator[str]:
    """Give the text of the file, piece by piece."""
    if format == "toml":
        return map(_table, applications)
    return _csv(applications)


def save(file: Path, raw: bytes) -> None:
    """Write the file whole, or leave the one that is there. Raises InputError."""
    if file.is_dir():
        raise InputError(f"{file}: is a folder: name a file in it")
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_bytes(raw)
        beside.replace(file)
    except OSError as error:
        raise InputError(f"{file}: cannot be written: {error.strerror}") from None


def _csv(applications: Iterable[Application]) -> Iterator[str]:
    yield row(KEYS)
    for each in applications:
        yield row(_cell(getattr(each, key)) for key in KEYS)


def _cell(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "; ".join(value)


def _table(application: Application) -> str:
    lines = [f"{key} = {_value(key, value)}\n" for key in KEYS if (value := getattr(application, key))]
    return f"[[contract]]\n{''.join(lines)}\n"


def _value(key: str, value: str | tuple[str, ...]) -> str:
    if key in MANY:
        return f"[{', '.join(map(_text, value))}]"
    if key == "mailing_list_option":
        return "true" if value == "yes" else "false"
    return str(value) if key in _BARE else _text(str(value))


def _text(text: str) -> str:
    # What JSON escapes, TOML's basic strings escape alike; fields are lines without controls.
    return json.dumps(text, ensure_ascii=False)
