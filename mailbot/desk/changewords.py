"""By which words is a change of the registered information asked for? Pure.

Lines are compared in one form: NFKC, single blanks, small letters. It is as long as the line itself, so that what
stands between two words can be taken out as it was written. Everything here is linear in the text (attack row 19).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_lowercase, ascii_uppercase
from unicodedata import normalize

from mailbot.desk.changes import Doing

_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)
_MOST_WAYS = 12  # in which one pattern is tried on one sentence


class Label(StrEnum):
    """What a line `label: value` of a form says; the last three open a part of the form."""

    CONTRACT = "contract"
    KIND = "kind"
    OLD = "old"
    OLD_NAME = "old-name"
    OLD_ADDRESS = "old-address"
    NEW = "new"
    NEW_NAME = "new-name"
    NEW_ADDRESS = "new-address"
    HOST = "host"
    OS = "os"
    VERSIONS = "versions"
    ASKER_PART = "asker-part"
    CONTACT_PART = "contact-part"
    MACHINE_PART = "machine-part"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A form of words: literals in `small` form, and `{old}`, `{new}`, `{*}` for what stands between them."""

    doing: Doing
    renames: bool
    parts: tuple[str, ...]

    def ways(self, text: str, low: str) -> Iterator[dict[str, str]]:
        """Give what stands in the places of the pattern, for every way in which it fits the sentence; `low` is that
        in its small form.
        """
        for count, found in enumerate(self._from(0, 0, low, text)):
            if count == _MOST_WAYS:
                return
            yield found

    def _from(self, part: int, at: int, low: str, text: str) -> Iterator[dict[str, str]]:
        if part == len(self.parts):
            yield {}
            return
        place = self.parts[part] if self.parts[part].startswith("{") else None
        following = part + (place is not None)
        if following == len(self.parts):
            yield {str(place): text[at:]}
            return
        literal = self.parts[following]
        end, fits = find(low, literal, at), True
        while end >= 0 and fits:
            fits = False  # where the rest does not follow from here on, it does not from further on
            for rest in self._from(following + 1, end + len(literal), low, text):
                fits = True
                yield rest | ({place: text[at:end]} if place else {})
            end = find(low, literal, end + 1)


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """The words of rules/changes.toml, in `small` form, the longest first.

    `roles` are what askers and contacts are called; `me` is the writer himself; `honorifics` stand beside a name;
    `idle` says nothing (dates, openings); `nothing` is a value that is none; `denied` turns a sentence around.
    """

    askers: tuple[str, ...]
    contacts: tuple[str, ...]
    me: tuple[str, ...]
    honorifics: tuple[str, ...]
    idle: tuple[str, ...]
    hosts: tuple[str, ...]
    denied: tuple[str, ...]
    doings: Mapping[Doing, tuple[str, ...]]
    patterns: tuple[Pattern, ...]
    labels: Mapping[str, Label]
    nothing: frozenset[str]
    form: tuple[str, ...]


def even(line: str) -> str:
    """Give the line in NFKC with single blanks; letters stay large or small."""
    return " ".join(normalize("NFKC", line).split())


def small(line: str) -> str:
    """Give an even line with small letters; it stays as long as it was."""
    low = line.lower()  # far quicker than a table
    return low if len(low) == len(line) else line.translate(_SMALL)


def find(low: str, literal: str, start: int = 0) -> int:
    """Give where the literal stands in a small line, or -1; a Latin word counts only as a whole one."""
    at = low.find(literal, start)
    while at >= 0 and not _whole(low, at, literal):
        at = low.find(literal, at + 1)
    return at


def holds(low: str, literals: tuple[str, ...]) -> bool:
    """Say whether one of these stands in the small line."""
    return any(find(low, literal) >= 0 for literal in literals)


def _whole(low: str, at: int, literal: str) -> bool:
    end = at + len(literal)
    if at and _latin(literal[0]) and _latin(low[at - 1]):
        return False
    return not (end < len(low) and _latin(literal[-1]) and _latin(low[end]))


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
