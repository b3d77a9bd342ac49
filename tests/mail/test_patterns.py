"""Do our regular expressions mean the same to every Python that we run on?"""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = sorted((Path(__file__).parents[2] / "mailbot").rglob("*.py"))
POSSESSIVE_GROUP = re.compile(r"\)(?:[+*?]|\{[0-9,]+\})\+")


def test_no_group_is_repeated_possessively() -> None:
    """Python before 3.11.5, Debian 12's among them, matches such a group wrongly when its inside can backtrack; an
    atomic group around it means the same and is right.
    """
    assert SOURCES
    found = [
        f"{path.name}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if POSSESSIVE_GROUP.search(line)
    ]
    assert found == []
