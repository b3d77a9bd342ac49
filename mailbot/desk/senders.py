"""What does an address say about the person behind it? (S5, S28) Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

_BETWEEN = re.compile(r"[\s\-_/・.,()\[\]&+:|]+")
_RUN = re.compile(r"[a-z0-9']+|[^a-z0-9']+")
_DIGITS = "0123456789"


class Hosting(StrEnum):
    """To whom a domain belongs, as far as the mailing lists there are concerned (S8)."""

    OWN = "own"
    LISTS = "lists"
    MAILBOXES = "mailboxes"


@dataclass(frozen=True, slots=True)
class RoleWords:
    """By what a role or a shared mailbox is known. All words are in `plain` form.

    A name that is made of `words` alone names no person, nor does one that goes out in one of the `endings`, nor an
    address whose local part is one of `local_parts`. A family name may be a word (Alice Support) and may end like a
    department (岡部): an ending of one letter counts only behind another word (情報システム部).
    """

    words: frozenset[str] = frozenset()
    endings: frozenset[str] = frozenset()
    local_parts: frozenset[str] = frozenset()

    def in_name(self, name: str) -> bool:
        """Say whether this is the name of a role."""
        segments = [_runs(segment) for segment in _pieces(name)]
        if not segments:
            return False
        return all(map(self._is_made_of_words, segments)) or self._ends_as_role(segments[-1][-1])

    def in_address(self, address: str) -> bool:
        """Say whether this is the address of a role: numbers and what stands behind a + do not matter."""
        pieces = _pieces(address.rpartition("@")[0].partition("+")[0])
        if len(pieces) < 2:
            return "".join(pieces) in self.local_parts
        known = self.local_parts | self.words
        return "".join(pieces) in self.local_parts or known.issuperset(pieces) or pieces[-1] in self.endings

    def _is_made_of_words(self, runs: Sequence[str]) -> bool:
        return all(run in self.words if run.isascii() else self._is_compound(run) for run in runs)

    def _is_compound(self, run: str) -> bool:
        """Japanese has no spaces: 情報システム部 is three words. One of a single letter never stands alone."""
        ends = {0}
        for at in range(len(run)):
            if at in ends:
                ends |= {at + len(word) for word in self.words if run.startswith(word, at)}
        return len(run) > 1 and len(run) in ends

    def _ends_as_role(self, run: str) -> bool:
        if run.isascii():
            return run in self.endings
        long = any(len(ending) > 1 and run.endswith(ending) for ending in self.endings)
        before = run[:-1]
        return long or (run[-1] in self.endings and any(len(word) > 1 and before.endswith(word) for word in self.words))


@dataclass(frozen=True, slots=True)
class SenderRules:
    """`shared_domains` are providers': two addresses there need not belong to one company. `list_domains` are those of
    them that keep mailing lists, and write and sign the List-Id themselves.
    """

    shared_domains: frozenset[str] = frozenset()
    roles: RoleWords = RoleWords()
    list_domains: frozenset[str] = frozenset()

    def is_shared(self, domain: str) -> bool:
        """Say whether many customers have addresses there; a domain beneath a shared one is shared."""
        return _is_beneath(domain, self.shared_domains)

    def hosting(self, domain: str) -> Hosting:
        """Say whose lists are there: one customer's own, those of strangers, or none (only people's mailboxes)."""
        if _is_beneath(domain, self.list_domains):
            return Hosting.LISTS
        return Hosting.MAILBOXES if self.is_shared(domain) else Hosting.OWN

    def role_in(self, name: str, address: str) -> str | None:
        """Give what looks like a role or a shared mailbox, the name or the address; None when a person is named."""
        if self.roles.in_name(name):
            return name
        return address if self.roles.in_address(address) else None


NO_RULES = SenderRules()
"""Nothing is known: everybody is a person, and every domain a company's own."""


def plain(word: str) -> str:
    """Give the form in which words are compared: large and small letters, full and half width do not matter."""
    return normalize("NFKC", word).casefold()


def _is_beneath(domain: str, domains: frozenset[str]) -> bool:
    labels = domain.lower().split(".")
    return any(".".join(labels[at:]) in domains for at in range(len(labels)))


def _pieces(text: str) -> list[str]:
    """The words of a text, without the numbers at their ends: support2 is support."""
    pieces = (piece.rstrip(_DIGITS) for piece in _BETWEEN.split(plain(text)))
    return [piece for piece in pieces if piece]


def _runs(piece: str) -> list[str]:
    """Latin and other letters apart: DBチーム is two words."""
    return _RUN.findall(piece)
