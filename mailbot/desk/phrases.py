"""Does a text hold one of these phrases, however it is written and wrapped? Pure.

Some hundred phrases are looked for in every mail, so most are ruled out without a search: one that begins with a Latin
word by the set of the text's words, a Japanese one by the set of its characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from string import ascii_lowercase, digits
from typing import NamedTuple
from unicodedata import normalize

_MASK = "\x1f"
"""Stands where a phrase was taken out, so that what stood around it does not grow together."""

# Japanese is wrapped anywhere and written without spaces: a space beside it means nothing.
_IDLE_SPACE = re.compile(r" (?:(?=[^\x00-\x7f])|(?<=[^\x00-\x7f] ))")
_WORD = frozenset(ascii_lowercase + digits + "_")
_APART = bytes(code if chr(code) in _WORD else ord(" ") for code in range(256))
_STEM = 3  # letters of an open word that must be there
_FREQUENT = "ーンルストラ"  # in Japanese, of the characters that stand behind the others
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
        while at >= 0 and not self._stands_alone(text, at):
            at = text.find(self.text, at + 1)
        return at

    def split(self, text: str) -> Iterator[str]:
        """Give what stands between the occurrences of the phrase in a plain text."""
        start = 0
        while (at := self.find(text, start)) >= 0:
            yield text[start:at]
            start = at + len(self.text)
        yield text[start:]

    def _stands_alone(self, text: str, at: int) -> bool:
        end = at + len(self.text)
        if self.whole_start and at > 0 and text[at - 1] in _WORD:
            return False
        return not (self.whole_end and end < len(text) and text[end] in _WORD)

    def key(self) -> bytes | str | None:
        """Give what stands in the `keys` of every text with this phrase; None when that cannot be said."""
        if not self.text.isascii():
            # The rarest is a Chinese character, which stands behind kana and Latin in Unicode.
            return max(self.text, key=lambda character: (character not in _FREQUENT, character))
        if not self.whole_start:
            return None
        words = _words(self.text)
        sure = words if self.whole_end else words[:-1]
        if sure:
            return max(sure, key=len)
        return _stem(words[0]) if len(words[0]) >= _STEM else None


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

    def taken_out(self, plain: Plain) -> Plain:
        """Take every occurrence of the phrases out of the text, the longest first."""
        text = plain.text
        for phrase in sorted(self.possible(plain), key=lambda phrase: _longest(phrase.text)):
            text = _MASK.join(phrase.split(text))
        return Plain(text, plain.keys)

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
            places.sort(key=lambda place: (place.start, -place.end))
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
    for one in ordered:
        key = one.key()
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
    end = 0
    while (at := phrase.find(text, end)) >= 0:
        end = at + len(phrase.text)
        places.append(Occurrence(at, end, phrase.text))
    return places


def _longest(text: str) -> tuple[int, str]:
    return -len(text), text


def _words(text: str) -> list[bytes]:
    return text.encode("ascii", "replace").translate(_APART).split()
