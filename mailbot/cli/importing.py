"""Which contracts stand in a CSV or TOML file? Every row as it is written, and where it stands."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from mailbot.desk.cells import softened
from mailbot.errors import Fault, InputError, NotFoundError
from mailbot.flows.application import Application

_LARGEST = 100_000_000  # bytes
KEYS = tuple(field.name for field in fields(Application) if field.name != "where")
_NEEDED = ("number", "customer", "menu", "starts_on", "ends_on")
MANY = ("contacts", "askers", "more_lists", "earlier_terms", "equipment")
_BETWEEN = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^;])+')  # a semicolon in quotation marks belongs to a name
_TABLE = re.compile(r"^[ \t]*\[\[[ \t]*contract[ \t]*\]\]", re.MULTILINE)


def applications_in(file: Path, format: Literal["csv", "toml"] | None) -> list[Application]:
    """Read the file. Raises InputError with a line for every fault of its form, NotFoundError when it is not there."""
    kind = format or file.suffix.lower().lstrip(".")
    if kind not in ("csv", "toml"):
        raise InputError(f"{file}: is it CSV or TOML? Say so by --format csv or --format toml")
    text = _text(file)
    faults: list[Fault] = []
    found = list(_of_csv(file, text, faults) if kind == "csv" else _of_toml(file, text, faults))
    if not found and not faults:
        faults.append(Fault(str(file), "(file)", "", "holds no contract"))
    if faults:
        raise InputError("\n".join(map(str, faults)))
    return found


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            raw = opened.read(_LARGEST + 1)
    except FileNotFoundError:
        raise NotFoundError(f"there is no {file}") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None
    if len(raw) > _LARGEST:
        raise InputError(f"{file}: has more than {_LARGEST} bytes: is it the right file?")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{file}: line {line}: is not UTF-8{_guess(raw)}: save it as CSV UTF-8 or TOML in UTF-8"
        ) from None
    if "\0" in text:
        raise InputError(
            f"{file}: line {text.count(chr(10), 0, text.index(chr(0))) + 1}: holds a NUL: is it a text file?"
        )
    return text


def _guess(raw: bytes) -> str:
    try:
        raw.decode("cp932")
    except UnicodeDecodeError:
        return ""
    return " (it may be CP932, Shift_JIS)"


def _of_csv(file: Path, text: str, faults: list[Fault]) -> Iterator[Application]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[str] | None = None
    first = 1
    try:
        for row in reader:
            where, first = f"{file}: line {first}", reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = [cell.strip().lower() for cell in row]
                if _column_faults(where, columns, faults):
                    return
            elif len(row) != len(columns):
                faults.append(
                    Fault(where, "(row)", "", f"has {len(row)} cells where the first line has {len(columns)}")
                )
            else:
                yield _application(where, dict(zip(columns, row, strict=True)))
    except csv.Error as error:
        faults.append(Fault(f"{file}: line {first}", "(row)", "", f"is not CSV: {error}"))


def _column_faults(where: str, columns: list[str], faults: list[Fault]) -> bool:
    before = len(faults)
    if len(columns) == 1 and (";" in columns[0] or "\t" in columns[0]):
        faults.append(Fault(where, "(columns)", "", "must be parted by commas"))
        return True
    faults += [Fault(where, name, "", "stands there twice") for name in {c for c in columns if columns.count(c) > 1}]
    faults += [Fault(where, name or "(empty)", "", _unknown(name)) for name in columns if name not in KEYS]
    faults += [Fault(where, name, "", "this column is needed") for name in _NEEDED if name not in columns]
    return len(faults) > before


def _application(where: str, cells: dict[str, str]) -> Application:
    plain = {name: softened(text).strip() for name, text in cells.items() if name not in MANY}
    many = {name: tuple(_several(softened(cells.get(name, "")))) for name in MANY}
    return Application(where=where, **plain, **many)  # type: ignore[arg-type] # the columns are its fields


def _several(cell: str) -> Iterator[str]:
    return (part.strip() for part in _BETWEEN.findall(cell) if part.strip())


def _of_toml(file: Path, text: str, faults: list[Fault]) -> Iterator[Application]:
    try:
        document = tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        what, _, where = str(error).rstrip(")").partition(" (at ")
        faults.append(Fault(str(file), where or "(file)", "", f"is not TOML: {what}"))
        return
    tables = document.pop("contract", [])
    faults += [Fault(str(file), name, "", "write each contract under [[contract]]") for name in document]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        faults.append(Fault(str(file), "contract", "", "write each contract under [[contract]]"))
        return
    for where, table in zip(_places(file, text, len(tables)), tables, strict=True):
        application = _of_table(where, table, faults)
        if application is not None:
            yield application


def _places(file: Path, text: str, count: int) -> list[str]:
    """Where each table begins; by its line only when every such line is one (text of many lines may hold others)."""
    begins = [match.start() for match in _TABLE.finditer(text)]
    if len(begins) != count:
        return [f"{file}: contract {number}" for number in range(1, count + 1)]
    lines = (text.count("\n", 0, at) + 1 for at in begins)
    return [f"{file}: line {line}, contract {number}" for number, line in enumerate(lines, 1)]


def _of_table(where: str, table: dict[str, object], faults: list[Fault]) -> Application | None:
    before = len(faults)
    values: dict[str, str | tuple[str, ...]] = {}
    for name, value in table.items():
        if name not in KEYS:
            faults.append(Fault(where, name, "", _unknown(name)))
        elif name in MANY:
            if isinstance(value, list) and all(isinstance(each, str) for each in value):
                values[name] = tuple(value)
            else:
                faults.append(Fault(where, name, "", 'must be a list, such as ["Name <name@example.jp>"]'))
        elif isinstance(value, (str, bool, int, date)):
            values[name] = _written(value)
        else:
            faults.append(Fault(where, name, "", "must be text in quotation marks"))
    return Application(where=where, **values) if len(faults) == before else None  # type: ignore[arg-type] # as above


def _written(value: str | bool | int | date) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _unknown(name: str) -> str:
    near = get_close_matches(name, KEYS, n=1)
    return f"is unknown: {f'did you mean {near[0]}?' if near else 'known are ' + ', '.join(KEYS)}"
