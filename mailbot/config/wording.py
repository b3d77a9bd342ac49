"""How is a fault told to the person who wrote the file? Where it is, what stands there, and how to mend it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mailbot.config.secret import shown_reference, without_password
from mailbot.config.settings import Settings
from mailbot.errors import Fault

_SECRETS = (
    ("relay", "password"),
    ("second_relay", "password"),
    ("alarm", "webhook"),
    ("alarm", "webhook_secret"),
    ("secrets", "signing"),
)
_URLS = (("database", "url"), ("relay", "url"), ("second_relay", "url"))
_LONGEST_VALUE = 80  # characters

_MENDS = {
    "string_type": "must be text in quotation marks",
    "int_type": "must be a whole number, without quotation marks",
    "float_type": "must be a number, without quotation marks",
    "bool_type": "must be true or false, without quotation marks",
    "tuple_type": 'must be a list, such as ["…"]',
    "model_type": "must be one section of its own, with its name in single brackets",
    "missing": "is needed, and has no default: config.example.toml tells what to write",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "finite_number": "must be a finite number",
    "literal_error": "must be {expected}",
}
_SYNTAX = {
    "Invalid value": 'no value stands here: text needs quotation marks, like "text"',
    "Cannot overwrite a value": "this key stands twice",
    "Expected '=' after a key": "a key must be followed by = and its value",
    "Cannot declare": "this section stands twice",
}

Location = tuple[str | int, ...]


def unreadable(file: str, error: OSError) -> Fault:
    """The file is not there or cannot be read."""
    if isinstance(error, FileNotFoundError):
        return Fault(file, "(file)", "", "there is no such file: run mailbot init, or name one by -c or MAILBOT_CONFIG")
    return Fault(file, "(file)", "", f"cannot be read: {error.strerror}")


def syntax_fault(file: str, error: ValueError) -> Fault:
    """The file is not TOML. What stands there is not shown: it may be a secret."""
    if isinstance(error, UnicodeDecodeError):
        return Fault(file, f"byte {error.start}", "", "is not UTF-8: save the file in that encoding")
    what, _, where = str(error).rstrip(")").partition(" (at ")
    mend = next((mend for start, mend in _SYNTAX.items() if what.startswith(start)), what)
    return Fault(file, where, "", f"is not TOML: {mend}")


def unknown_section(file: str, name: str, value: object) -> Fault:
    """There is no section of this name, or a key stands outside of every section."""
    return Fault(
        file, f"[{name}]" if isinstance(value, dict) else name, "", _unknown(name, tuple(Settings.model_fields))
    )


def faults_of(file: str, section: str, error: ValidationError) -> Iterator[Fault]:
    """Every fault that was found in a section."""
    for detail in error.errors(include_url=False):
        if detail["type"] != "default_factory_not_called":  # follows from another fault, which is told
            location = (section, *detail["loc"])
            yield Fault(file, _key(location), _value(location, detail), _mend(location, detail))


def _key(location: Location) -> str:
    names = [part for part in location if isinstance(part, str)]
    items = "".join(f", item {part + 1}" for part in location if isinstance(part, int))
    if _model(tuple(names)) is not None:
        return f"[{'.'.join(names)}]"
    return f"[{'.'.join(names[:-1])}] {names[-1]}{items}"


def _value(location: Location, detail: ErrorDetails) -> str:
    value = detail["input"]
    if value is None or detail["type"] in {"missing", "extra_forbidden"}:
        return ""  # an unknown key may be a secret in the wrong place
    if isinstance(value, Mapping):
        return shown_reference(value)
    if detail["type"] == "model_type" and isinstance(value, list):  # [[section]]
        return ""
    if any(_one_is_start(location, secret) for secret in _SECRETS):
        return "***"
    if location in _URLS and isinstance(value, str):
        value = without_password(value)
    return _as_toml(value)


def _one_is_start(one: Sequence[object], other: Sequence[object]) -> bool:
    return all(a == b for a, b in zip(one, other, strict=False))


def _as_toml(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    if not text.isprintable():  # nothing that steers a terminal, or turns the direction of writing
        text = json.dumps(value, default=str)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _mend(location: Location, detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "value_error":
            return str(context["error"])
        case "extra_forbidden":
            names = tuple(str(part) for part in location)
            model = _model(names[:-1])
            return _unknown(names[-1], tuple(model.model_fields) if model else ())
        case kind if kind in _MENDS:
            return _MENDS[kind].format_map(context).replace("'", '"')
        case _:
            return detail["msg"]


def _model(names: Sequence[str]) -> type[BaseModel] | None:
    """The model of the section with that path; None when the path ends at a plain key."""
    model: type[BaseModel] = Settings
    for name in names:
        field = model.model_fields.get(name)
        inner = [
            t for t in _types(field.annotation if field else None) if isinstance(t, type) and issubclass(t, BaseModel)
        ]
        if not inner:
            return None
        model = inner[0]
    return model


def _types(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) or (annotation,)


def _unknown(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f'there is no such key: did you mean "{near[0]}"?'
    homes = [
        f"[{section}]" for section in Settings.model_fields if name in (_model([section]) or Settings).model_fields
    ]
    if homes:
        return f"there is no such key here: it belongs under {' or '.join(homes)}"
    return f"there is no such key: known here are {', '.join(known)}"
