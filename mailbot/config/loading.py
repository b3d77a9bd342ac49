"""What does the configuration file say? Its settings, or every fault in it at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mailbot.config.secret import without_password
from mailbot.config.settings import Desk, Section, Settings, derived, section_type
from mailbot.config.surroundings import Surroundings
from mailbot.config.wording import faults_of, syntax_fault, unknown_section, unreadable
from mailbot.errors import ConfigurationError, Fault

_DEFAULT = Path("config.toml")


def find(path_option: Path | None, environ: Mapping[str, str]) -> Path:
    """The file to load: the one named by -c, else ./config.toml, else what MAILBOT_CONFIG names."""
    named = environ.get("MAILBOT_CONFIG")
    if path_option is not None:
        return path_option
    return Path(named) if named and not _DEFAULT.exists() else _DEFAULT


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings; ConfigurationError with every fault when there is one."""
    examination = examine(path, environ)
    if examination.faults:
        raise ConfigurationError(examination.faults)
    return Settings(**examination.sections)


@dataclass(frozen=True, slots=True)
class Examination:
    """The sound sections by name, and all faults of the others."""

    sections: Mapping[str, Any]
    faults: tuple[Fault, ...]


def examine(path: Path, environ: Mapping[str, str]) -> Examination:
    """Read as much as can be read, so that a fault in one section hides none in another."""
    document = _document(path)
    if isinstance(document, Fault):
        return Examination({}, (document,))
    surroundings = Surroundings(path.absolute().parent, environ)
    faults = [
        unknown_section(str(path), name, value) for name, value in document.items() if name not in Settings.model_fields
    ]
    sections: dict[str, Any] = {}
    for name, field in Settings.model_fields.items():
        if name not in document and field.default is None:  # a section that may stay away
            sections[name] = None
            continue
        values = _completed(name, document.get(name, {}), sections.get("desk"))
        try:
            sections[name] = _section(section_type(field.annotation), values, surroundings)
        except ValidationError as error:
            faults += faults_of(str(path), name, error)
    return Examination(sections, tuple(faults))


def _document(path: Path) -> dict[str, Any] | Fault:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except OSError as error:
        return unreadable(str(path), error)
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError are kinds of it
        return syntax_fault(str(path), error)


def _completed(name: str, values: Any, desk: Desk | None) -> Any:
    if not isinstance(values, dict):
        return values
    return _merged(derived(desk or Desk()).get(name, {}), values)


def _merged(defaults: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values over the defaults; a table that is not written gets no defaults: it stays away."""
    merged = dict(values)
    for key, default in defaults.items():
        if not isinstance(default, Mapping):
            merged.setdefault(key, default)
        elif isinstance(values.get(key), Mapping):
            merged[key] = _merged(default, values[key])
    return merged


def _section(model: Any, values: Any, surroundings: Surroundings) -> Section:
    section: Section = model.model_validate(values, context=surroundings)
    return section


def masked(settings: Settings) -> dict[str, Any]:
    """The effective configuration by section, as plain values for the log; secrets are not in it."""
    shown = settings.model_dump(mode="json")  # SecretStr comes out as asterisks
    shown["database"]["url"] = without_password(settings.database.url)
    return shown
