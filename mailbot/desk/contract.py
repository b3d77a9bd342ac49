"""What has been sold to whom, and who may ask? (S3–S9, S16–S18) Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

Language = Literal["ja", "en"]


class AskerKind(StrEnum):
    """Who stands behind an asker's address (S5, S8)."""

    PERSON = "person"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Menu:
    """A service menu (S10, S16–S18): which calendar covers it, what it covers outside, and how soon it answers.

    `coverage` names the calendar of the covered time for every question; `urgent_coverage` the one that counts for
    urgent questions (the same, when the menu promises nothing more for them). Minutes are covered minutes.
    """

    key: str
    title: Mapping[Language, str]
    coverage: str
    urgent_coverage: str
    first_response_minutes: int
    price_yen: int


@dataclass(frozen=True, slots=True)
class Option:
    """An option that is sold beside a menu (S8–S10). The price is before tax; `each` when it is sold by the piece."""

    key: str
    title: Mapping[Language, str]
    price_yen: int
    each: bool


@dataclass(frozen=True, slots=True)
class Term:
    """A contract term (S7); both days are included, in the desk's time zone."""

    starts_on: date
    ends_on: date

    def holds(self, day: date) -> bool:
        """Say whether the day lies in this term."""
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Asker:
    """A registered asker (S5, S8). `address` is normalised (`mail.address.normalise`); `list_id` only for lists."""

    id: int
    contract_id: int
    kind: AskerKind
    name: str
    address: str
    list_id: str | None


@dataclass(frozen=True, slots=True)
class Contract:
    """A yearly support contract for one cluster (S4)."""

    id: int
    number: str
    customer: str
    menu: str
    language: Language
    cluster: str
    extra_askers: int
    mailing_list_option: bool
    terms: tuple[Term, ...]

    @property
    def seats(self) -> int:
        """How many askers may be registered: one, and the extra ones (S9)."""
        return 1 + self.extra_askers


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who answers. `address` is normalised."""

    id: int
    name: str
    address: str
    language: Language
