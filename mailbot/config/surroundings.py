"""What may a value of the configuration refer to besides itself?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationInfo


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The folder of the file, the environment, and what the file already listens on (filled while it is read)."""

    folder: Path = field(default_factory=Path)
    environ: Mapping[str, str] = field(default_factory=dict)
    listening: set[str] = field(default_factory=set)


def of(info: ValidationInfo) -> Surroundings:
    """The surroundings of the value that is being validated; empty ones when a section is made in code."""
    return info.context if isinstance(info.context, Surroundings) else Surroundings()
