"""What stands in one rule file? TOML → a checked model, or its faults."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from mailbot.desk.contract import Language
from mailbot.desk.phrases import Phrase, phrase
from mailbot.errors import Fault

_LONGEST_VALUE = 80  # characters

_MENDS = {
    "string_type": "must be text in quotation marks",
    "string_too_short": "must not be empty",
    "int_type": "must be a whole number, without quotation marks",
    "bool_type": "must be true or false, without quotation marks",
    "list_type": 'must be a list, such as ["…"]',
    "dict_type": "must be a table: a section of its own",
    "model_type": "must be a table: a section of its own",
    "date_type": "must be a day, such as 2026-01-05",
    "datetime_type": "must be a time with its zone, such as 2026-04-01T09:00:00+09:00",
    "timezone_aware": "must name its zone, such as 2026-04-01T09:00:00+09:00",
    "missing": "is needed, and has no default",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_short": "must hold at least {min_length}",
    "literal_error": "must be {expected}",
    "string_pattern_mismatch": "must be small Latin letters and digits with hyphens between them",
}


class Table(BaseModel):
    """A table in a rule file: a key that nobody knows is a fault, and nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _one_line(text: str) -> str:
    # Titles get into mails, also into header fields.
    if not text.isprintable():
        raise ValueError("must be one line without control characters")
    return text


Line = Annotated[str, StringConstraints(min_length=1), AfterValidator(_one_line)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$")]


class Title(Table):
    """A title in every language of the service (S15)."""

    ja: Line
    en: Line

    def by_language(self) -> Mapping[Language, str]:
        """Give the titles by language."""
        return {"ja": self.ja, "en": self.en}


def _phrase(written: object) -> Phrase:
    if not isinstance(written, str):
        raise ValueError("must be text in quotation marks")  # noqa: TRY004 - pydantic listens to ValueError alone
    return phrase(written)


Words = list[Annotated[Phrase, BeforeValidator(_phrase)]]
"""Phrases, as a list of text in the file."""


def _zone(written: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(written))
    except (KeyError, OSError, ValueError):  # unknown, a folder of zones, not a relative path
        raise ValueError('there is no such time zone: write it like "Asia/Tokyo" or "UTC"') from None


Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]

Model = TypeVar("Model", bound=BaseModel)


def read(path: Path, model: type[Model], faults: list[Fault]) -> Model | None:
    """Read a rule file; what is wrong with it is added to the faults, and then there is no value."""
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
        return model.model_validate(document)
    except OSError as error:
        faults.append(Fault(str(path), "(file)", "", f"cannot be read: {error.strerror}"))
    except ValidationError as error:
        faults.extend(_faults(str(path), model, error))
    except UnicodeDecodeError as error:
        faults.append(Fault(str(path), f"byte {error.start}", "", "is not UTF-8: save the file in that encoding"))
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).rstrip(")").partition(" (at ")
        faults.append(Fault(str(path), where or "(file)", "", f"is not TOML: {what}"))
    return None


def _faults(file: str, model: type[BaseModel], error: ValidationError) -> Iterator[Fault]:
    for detail in error.errors(include_url=False):
        location = [part for part in detail["loc"] if part != "[key]"]
        value = "" if detail["type"] in {"missing", "extra_forbidden"} else _shown(detail["input"])
        yield Fault(file, _key(location), value, _mend(model, location, detail))


def _key(location: Sequence[str | int]) -> str:
    """Write where it stands: `menus.premium.price_yen`, `examples[2].at`, counted from 1."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _mend(model: type[BaseModel], location: Sequence[str | int], detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "value_error":
            return str(context["error"])
        case "extra_forbidden":
            return _unknown(str(location[-1]), _known(model, location[:-1]))
        case kind if kind in _MENDS:
            return _MENDS[kind].format_map(context).replace("'", '"')
        case _:
            return detail["msg"]


def _unknown(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    if near:
        return f'there is no such key: did you mean "{near[0]}"?'
    return f"there is no such key: known here are {', '.join(known)}"


def _known(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    """Give the keys of the table at that place, by walking through the models' types."""
    kind: Any = model
    for part in location:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = kind.model_fields[str(part)].annotation
        else:  # list[X] or dict[Key, X]
            kind = kind.__args__[-1]
    return list(kind.model_fields)
