"""What has been sold to whom, and who may ask? (S3–S9, S16–S18) Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
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


class ContractState(StrEnum):
    """Where a contract is in its life on a day (S7, S24)."""

    NOT_BEGUN = "not begun"
    IN_FORCE = "in force"
    CANCELLED = "cancelled at the end"
    ENDED = "ended"


class TrustNeeded(StrEnum):
    """What must be known of a writer before he is served without a person looking: no more than that nothing speaks
    against him, or that his domain vouches for him.
    """

    PLAUSIBLE = "plausible"
    AUTHENTICATED = "authenticated"


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
class Equipment:
    """A registered machine (S3, S25): its name, its platform, and the products with their versions, in words."""

    host: str
    os: str
    versions: str


@dataclass(frozen=True, slots=True)
class Contract:
    """A yearly support contract for one cluster (S4). `cancelled_at` says that it will not be renewed; `trust` is None
    where the desk's own policy holds.
    """

    id: int
    number: str
    customer: str
    menu: str
    language: Language
    cluster: str
    extra_askers: int
    mailing_list_option: bool
    terms: tuple[Term, ...]
    cancelled_at: datetime | None = None
    trust: TrustNeeded | None = None

    def state(self, day: date) -> ContractState:
        """Say where the contract is on that day; a cancelled one is in force until its term ends (S24)."""
        if any(term.holds(day) for term in self.terms):
            return ContractState.CANCELLED if self.cancelled_at else ContractState.IN_FORCE
        return ContractState.NOT_BEGUN if any(day < term.starts_on for term in self.terms) else ContractState.ENDED

    def in_term(self, day: date) -> bool:
        """Say whether the service is given on that day."""
        return any(term.holds(day) for term in self.terms)

    @property
    def ends_on(self) -> date | None:
        """The last day of the last term."""
        return max((term.ends_on for term in self.terms), default=None)

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
