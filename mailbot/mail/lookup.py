"""What must be asked of the DNS before a sender can be believed, and what did it say? Pure.

The checks run over answers that are known already. Where one is missing they say which, the edge asks for all of them
at once, and the checks run again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mailbot.mail.message import AuthenticationResult

Kind = Literal["TXT", "A", "AAAA", "MX", "PTR"]
Record = bytes | str | tuple[int, str]
"""TXT: its strings joined. A, AAAA: the address. MX: preference and host. PTR: the name."""

_NAME = re.compile(r"(?=.{1,253}\Z)[ -\-/-~]{1,63}(?>(?:\.[ -\-/-~]{1,63})*)")  # SPF macros make blanks and the like


@dataclass(frozen=True, slots=True)
class Question:
    """A name, in lower case and without the final dot, and a kind of record."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Answer:
    """The records; none where there are none of this kind.

    `exists` is false when there is no such name at all (NXDOMAIN), `trouble` true when nobody can tell at present.
    """

    records: tuple[Record, ...] = ()
    exists: bool = True
    trouble: bool = False


@dataclass(frozen=True, slots=True)
class Unverified:
    """A mail whose sender nobody vouches for yet.

    `author_domain` is that of the one possible writer, as A-labels. `client` is the address from which the mail left
    for our border; empty where we cannot know it. `sender` is the reverse-path, `arrived` the time by which signatures
    expire. `through_list`: what its list says counts too.
    """

    raw: bytes
    author_domain: str
    client: str
    helo: str
    sender: str
    arrived: datetime
    through_list: bool


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found out; nothing while there is something missing."""

    results: tuple[AuthenticationResult, ...] = ()
    missing: tuple[Question, ...] = ()


class MissingError(Exception):
    """This answer is not known yet."""


class TroubleError(Exception):
    """The DNS does not answer at present (RFC 8601 §2.7: temperror)."""


class Lookup:
    """The known answers; remembers what was asked and is not among them."""

    def __init__(self, known: Mapping[Question, Answer]) -> None:
        self._known = known
        self.missing: dict[Question, None] = {}

    def __call__(self, name: str, kind: Kind) -> tuple[Record, ...]:
        """Give the records; none for what can be no name. Raises MissingError or TroubleError."""
        return self._answer(name, kind).records

    def exists(self, name: str) -> bool:
        """Say whether there is anything under this name. Raises as a call does."""
        return self._answer(name, "A").exists

    def texts(self, name: str) -> list[bytes]:
        """The TXT records of this name. Raises as a call does."""
        return [each for each in self(name, "TXT") if isinstance(each, bytes)]

    def _answer(self, name: str, kind: Kind) -> Answer:
        question = Question(name.lower().removesuffix("."), kind)
        if not _NAME.fullmatch(question.name):
            return Answer(exists=False)
        answer = self._known.get(question)
        if answer is None:
            self.missing[question] = None
            raise MissingError
        if answer.trouble:
            raise TroubleError
        return answer
