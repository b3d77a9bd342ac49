"""What has been sold to whom, and who may ask? (S3–S9, S16–S18) Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

Language = Literal["ja", "en"]


class AskerKind(StrEnum):
    """Who stands behind an asker's address (S5, S8)."""

    PERSON = "person"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class AnswerTargets:
    """Within how many minutes a person answers first, and then tells news again; None where that is not sold."""

    answer: int | None
    update: int | None


AnswerTime = Literal["covered", "real"]


@dataclass(frozen=True, slots=True)
class AnswerPromise:
    """What a menu promises of answers, where it does: normal and urgent questions, in covered or in real minutes.

    The calendars are the menu's. `remind_at` says after how many per cent of the time staff are reminded.
    """

    normal: AnswerTargets
    urgent: AnswerTargets
    time: AnswerTime
    coverage: str
    urgent_coverage: str
    remind_at: tuple[int, ...]

    def targets(self, *, urgent: bool) -> AnswerTargets:
        """Give the minutes for questions of this kind."""
        return self.urgent if urgent else self.normal

    def calendar(self, *, urgent: bool) -> str:
        """Give the calendar that covers questions of this kind."""
        return self.urgent_coverage if urgent else self.coverage


@dataclass(frozen=True, slots=True)
class Menu:
    """A service menu (S10, S16–S18): which calendar covers it, what it covers outside, and how soon it answers.

    `coverage` names the calendar of the covered time for every question; `urgent_coverage` the one that counts for
    urgent questions (the same, when the menu promises nothing more for them). Minutes are covered minutes. `answers` is
    None where no answer is promised, as in the service description.
    """

    key: str
    title: Mapping[Language, str]
    coverage: str
    urgent_coverage: str
    first_response_minutes: int
    price_yen: int
    answers: AnswerPromise | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """An option that is sold beside a menu (S8–S10). The price is before tax; `each` when it is sold by the piece."""

    key: str
    title: Mapping[Language, str]
    price_yen: int
    each: bool


@dataclass(frozen=True, slots=True)
class Term:
    """A contract term (S7); both days are included, in the desk's time zone. `menu` where it is not the contract's: one
    that is renewed under another menu keeps the old one until its term ends.
    """

    starts_on: date
    ends_on: date
    menu: str | None = None

    def holds(self, day: date) -> bool:
        """Say whether the day lies in this term."""
        return self.starts_on <= day <= self.ends_on


def end_of_term(before: date, months: int) -> date:
    """Give the last day of a term of so many months behind this day; what ends with a month goes on to do so."""
    year, month = divmod(before.year * 12 + before.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    at_end = before.day == monthrange(before.year, before.month)[1]
    return date(year, month + 1, last if at_end else min(before.day, last))


class ContractState(StrEnum):
    """Where a contract is in its life on a day (S7, S24)."""

    NOT_BEGUN = "not begun"
    IN_FORCE = "in force"
    CANCELLED = "cancelled at the end"
    ENDED = "ended"


def state_of(terms: Sequence[Term], cancelled: bool, day: date) -> ContractState:
    """Say where a contract with these terms is on that day; a cancelled one is in force until its term ends (S24)."""
    if any(term.holds(day) for term in terms):
        return ContractState.CANCELLED if cancelled else ContractState.IN_FORCE
    return ContractState.NOT_BEGUN if any(day < term.starts_on for term in terms) else ContractState.ENDED


class TrustNeeded(StrEnum):
    """What must be known of a writer before he is served without a person looking: no more than that nothing speaks
    against him, or that his domain vouches for him.
    """

    PLAUSIBLE = "plausible"
    AUTHENTICATED = "authenticated"


@dataclass(frozen=True, slots=True)
class Asker:
    """A registered asker (S5, S8). `address` is normalised (`mail.address.normalise`); `list_id` only for lists.

    One who is `removed` is known by old questions alone, and is written to no more.
    """

    id: int
    contract_id: int
    kind: AskerKind
    name: str
    address: str
    list_id: str | None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Equipment:
    """A registered machine (S3, S25): its name, its platform, and the products with their versions, in words."""

    host: str
    os: str
    versions: str


@dataclass(frozen=True, slots=True)
class Contract:
    """A yearly support contract for one cluster (S4).

    `menu` is the last one sold, see `as_of`; `cancelled_at` says that it will not be renewed; `trust` is None where the
    desk's own policy holds, `timezone` where its people are told the time in the desk's zone.
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
    timezone: str | None = None

    def zone(self, desk: ZoneInfo) -> ZoneInfo:
        """Give the zone in which its people are told the time, when this is the desk's."""
        try:
            return ZoneInfo(self.timezone) if self.timezone else desk
        except (KeyError, OSError, ValueError):  # the machine's table of zones has lost it: no reason to tell nothing
            return desk

    def state(self, day: date) -> ContractState:
        """Say where the contract is on that day."""
        return state_of(self.terms, self.cancelled_at is not None, day)

    def as_of(self, day: date) -> Contract:
        """Give the contract with the menu that holds on that day: the one of its term, else the last one sold."""
        menus = [term.menu for term in self.terms if term.menu and term.holds(day)]
        return replace(self, menu=menus[0]) if menus else self

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


class Role(StrEnum):
    """What somebody who answers may see: everything, or only what is given to the partner (S27)."""

    STAFF = "staff"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who answers. `address` is normalised."""

    id: int
    name: str
    address: str
    language: Language
    role: Role = Role.STAFF
