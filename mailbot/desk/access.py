"""When does support begin and when is it over, and on which day is somebody told so? (S22, S24) Pure.

The desk asks this at every tick; whoever lists the mails to come asks `notes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from mailbot.desk.calendar import local_moment
from mailbot.desk.contract import Contract, Term

_DAY = timedelta(days=1)
_NEWS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Mailings:
    """At which hour of a day, 0 to 23, letters leave that belong to that day; in the desk's zone."""

    hour: int
    zone: ZoneInfo

    def at(self, day: date) -> datetime:
        """Give the moment of that day, in UTC."""
        return local_moment(self.zone, day, self.hour * 60)

    def last_day(self, now: datetime) -> date:
        """Give the last day whose moment has come."""
        today = now.astimezone(self.zone).date()
        return today if self.at(today) <= now else today - _DAY


class NoteKind(StrEnum):
    """What somebody is told."""

    WELCOME = "welcome"
    TERM_ENDED = "term-ended"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is told about a contract, and when (UTC)."""

    kind: NoteKind
    at: datetime


def notes(contract: Contract, mailings: Mailings) -> tuple[Note, ...]:
    """Give what the terms of a contract cause, in order: the guides of its people, the word to staff at its end."""
    if not contract.terms:
        return ()
    last = max(contract.terms, key=lambda term: term.ends_on)
    return (
        Note(NoteKind.WELCOME, mailings.at(_begins_on(contract))),
        Note(NoteKind.TERM_ENDED, mailings.at(last.ends_on + _DAY)),
    )


def guides_now(contract: Contract, mailings: Mailings, now: datetime) -> bool:
    """Say whether a guide that was not sent yet is due (S22): while support is given, from its first day on."""
    today = now.astimezone(mailings.zone).date()
    return contract.in_term(today) and mailings.at(_begins_on(contract)) <= now


def is_over(contract: Contract, term: Term) -> bool:
    """Say whether access ends with this term: no other one begins after it (S24)."""
    return not any(other.starts_on > term.starts_on for other in contract.terms)


def wants_guides(starts_on: date, registered_on: date, said: bool | None) -> bool:
    """Say whether the people of a contract are sent a guide when it is registered, if nobody `said` so or otherwise.

    Not where support began long before: a desk that moves in with its old customers must not greet them as new ones.
    """
    return starts_on >= registered_on - _NEWS if said is None else said


def _begins_on(contract: Contract) -> date:
    return min(term.starts_on for term in contract.terms)
