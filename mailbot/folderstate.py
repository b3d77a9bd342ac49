"""Have the files of a folder changed? A start asks for rules and templates again and again, and they take a second."""

from __future__ import annotations

from pathlib import Path

State = tuple[tuple[str, int, int], ...]
"""The name, the time of the last change (ns) and the size of each file."""


def state_of(folder: Path) -> State:
    """Give what tells the files of a folder, deep down, from changed ones."""
    told = ((str(file.relative_to(folder)), file.stat()) for file in sorted(folder.rglob("*")) if file.is_file())
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in told)
