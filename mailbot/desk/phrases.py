"""Does a text hold one of these phrases, however it is written and wrapped? Pure.

Some hundred phrases are looked for in every mail, so most are ruled out without a search: one that begins with a Latin
word by the set of the text's words, a Japanese one by the set of its characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from string import ascii_lowercase, digits
from typing import NamedTuple
from unicodedata import normalize

# Japanese is wrapped anywhere and written without spaces: a space beside it means nothing.
_IDLE_SPACE = re.compile(r" (?:(?=[^\x00-\x7f])|(?<=[^\x00-\x7f] ))")
_WORD = frozenset(ascii_lowercase + digits + "_")
_APART = bytes(code if chr(code) in _WORD else ord(" ") for code in range(256))
_STEM = 3  # letters of an open word that must be there
_FREQUENT = "ーンルストラ"  # of the katakana
_stem = itemgetter(slice(_STEM))
_SPACES = ("\n", "\r", "\t")  # the wide ones become a plain space by NFKC


@dataclass(frozen=True, slots=True)
class Plain:
    """A text in the one form in which phrases are compared; its Latin words with their stems, and its other characters.

    `keys` may hold more than the text does, never less.
    """

    text: str
    keys: frozenset[bytes | str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase in plain form. `whole_start`, `whole_end`: a word must begin, or end, where the phrase does."""

    text: str
    whole_start: bool
    whole_end: bool

    def find(self, text: str, start: int = 0) -> int:
        """Give where the phrase stands in a plain text, or -1."""
        at = text.find(self.text, start)
        while at >= 0 and not self.stands_alone(text, at):
            at = text.find(self.text, at + 1)
        return at

    def stands_alone(self, text: str, at: int) -> bool:
        """Say whether the words that stand there are the phrase and no part of longer words."""
        end = at + len(self.text)
        if self.whole_start and at > 0 and text[at - 1] in _WORD:
            return False
        return not (self.whole_end and end < len(text) and text[end] in _WORD)

    def sure(self) -> list[bytes] | str:
        """Give what stands in the `keys` of every text with this phrase: its words, or its other characters.

        It is empty when that cannot be said.
        """
        if not self.text.isascii():
            return "".join(character for character in self.text if not character.isascii())
        if not self.whole_start:
            return []
        words = _words(self.text)
        sure = words if self.whole_end else words[:-1]
        if sure or len(words[0]) < _STEM:
            return sure
        return [_stem(words[0])]


@dataclass(frozen=True, slots=True)
class Phrases:
    """A group of phrases, the longest first: those that have a key by it, and the others."""

    ordered: tuple[Phrase, ...]
    by_key: Mapping[bytes | str, tuple[Phrase, ...]]
    keys: frozenset[bytes | str]
    others: tuple[Phrase, ...]

    def first(self, plain: Plain) -> str | None:
        """Give the longest phrase of the group that the text holds."""
        found = [phrase.text for phrase in self.possible(plain) if phrase.find(plain.text) >= 0]
        return min(found, key=_longest, default=None)

    def possible(self, plain: Plain) -> list[Phrase]:
        """Give the phrases that the text may hold, in no order; the others it does not."""
        text = plain.text
        possible = [phrase for phrase in self.others if phrase.text in text]
        for key in plain.keys & self.keys:
            possible += self.by_key[key]
        return possible


class Occurrence(NamedTuple):
    """A phrase where it stands: `text[start:end]` of a plain text."""

    start: int
    end: int
    phrase: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Groups of phrases that are looked for together, each place with the groups that its phrase belongs to."""

    phrases: Phrases
    groups: Mapping[str, tuple[str, ...]]

    def occurrences(self, plain: Plain) -> dict[str, list[Occurrence]]:
        """Give every place where a phrase of a group stands, by group, in the order of the text, the longer first."""
        found: dict[str, list[Occurrence]] = {}
        text = plain.text
        # Most are not there at all, which is cheaper to ask than where they are.
        for phrase in [phrase for phrase in self.phrases.possible(plain) if phrase.text in text]:
            if places := _places(phrase, text):
                for name in self.groups[phrase.text]:
                    found.setdefault(name, []).extend(places)
        for places in found.values():
            if len(places) > 1:
                places.sort(key=_first_and_longest)
        return found


@lru_cache(maxsize=4)  # the same mail is asked about its urgency and its scope
def plain(*parts: str) -> Plain:
    """Bring texts into plain form: NFKC, case folded, white space evened out."""
    text = normalize("NFKC", "\n".join(parts)).casefold().replace("\u2019", "'")
    for space in _SPACES:
        text = text.replace(space, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    if not text.isascii():
        text = _IDLE_SPACE.sub("", text)
    words = set(_words(text))
    characters = () if text.isascii() else set(text)
    return Plain(text.strip(), frozenset(words.union(map(_stem, words), characters)))


def phrase(written: str) -> Phrase:
    """Read a phrase from a rule file; a `*` at its end lets the last word go on (`crash*`: crashes, crashed)."""
    text = plain(written.removesuffix("*")).text
    if not text:
        raise ValueError("an empty phrase would be found everywhere")
    return Phrase(text, whole_start=text[0] in _WORD, whole_end=text[-1] in _WORD and not written.endswith("*"))


def group(phrases: Iterable[Phrase]) -> Phrases:
    """Prepare phrases for being looked for together."""
    ordered = tuple(sorted(set(phrases), key=lambda phrase: _longest(phrase.text)))
    by_key: dict[bytes | str, tuple[Phrase, ...]] = {}
    others: list[Phrase] = []
    shared = Counter(key for one in ordered for key in one.sure())
    for one in ordered:
        # What few phrases share is seldom in a text; a Chinese character, behind kana in Unicode, is so more than kana.
        key = min(one.sure(), key=lambda key: (_kana(key), shared[key], -len(key)), default=None)
        if key is None:
            others.append(one)
        else:
            by_key[key] = (*by_key.get(key, ()), one)
    return Phrases(ordered, by_key, frozenset(by_key), tuple(others))


def vocabulary(groups: Mapping[str, Iterable[Phrase]]) -> Vocabulary:
    """Prepare groups of phrases for being looked for together; a phrase may belong to several."""
    named: dict[str, tuple[str, ...]] = {}
    phrases: list[Phrase] = []
    for name, members in groups.items():
        for one in members:
            phrases.append(one)
            named[one.text] = tuple(dict.fromkeys((*named.get(one.text, ()), name)))
    return Vocabulary(group(phrases), named)


def _places(phrase: Phrase, text: str) -> list[Occurrence]:
    places: list[Occurrence] = []
    words, length = phrase.text, len(phrase.text)
    at = text.find(words)
    while at >= 0:
        if phrase.stands_alone(text, at):
            places.append(Occurrence(at, at + length, words))
            at = text.find(words, at + length)
        else:
            at = text.find(words, at + 1)
    return places


def _first_and_longest(place: Occurrence) -> tuple[int, int]:
    return place.start, -place.end


def _kana(key: bytes | str) -> int:
    """Rank a key by how often it stands in a text, as far as its script tells."""
    if isinstance(key, bytes) or key > "\u30ff":
        return 0
    return 1 if key > "\u309f" and key not in _FREQUENT else 2


def _longest(text: str) -> tuple[int, str]:
    return -len(text), text


def _words(text: str) -> list[bytes]:
    return text.encode("ascii", "replace").translate(_APART).split()
