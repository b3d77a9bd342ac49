"""What must be known of a mail before anything is decided about it? Values, looked up by `flows.gather`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from mailbot.desk.contract import Asker, AskerKind, Contract, Staff, TrustNeeded
from mailbot.desk.incident import Incident
from mailbot.desk.senders import SenderRules
from mailbot.desk.verdict import Signal
from mailbot.mail.message import Message, Trust


@dataclass(frozen=True, slots=True)
class Registration:
    """An asker that this mail's writer, or the list it came through, is registered as."""

    asker: Asker
    contract: Contract

    def as_of(self, day: date) -> Registration:
        """Give it with the contract as it holds on that day."""
        return Registration(self.asker, self.contract.as_of(day))


@dataclass(frozen=True, slots=True)
class Writer:
    """By what a mail may be known: its one possible author, and the list that it came through. Normalised."""

    author: str | None
    list_id: str | None
    post_address: str | None

    def is_registered_as(self, asker: Asker) -> bool:
        """A list is known by its List-Id exactly; one that was registered without it, by its address (S8)."""
        if asker.kind is AskerKind.PERSON:
            return self.author is not None and asker.address == self.author
        if asker.list_id is not None:
            return asker.list_id == self.list_id
        return self.post_address is not None and asker.address == self.post_address


@dataclass(frozen=True, slots=True)
class Tie:
    """An incident that this mail points to, and by what; strongest first."""

    incident: Incident
    signal: Signal


@dataclass(frozen=True, slots=True)
class Participation:
    """The writer was in To or Cc of a mail of this incident; `admitted` once the asker or staff let them in."""

    incident_id: int
    registration: Registration
    admitted: bool


@dataclass(frozen=True, slots=True)
class Release:
    """A person of staff has looked at this mail and lets it go its way; `registration` when in somebody's name."""

    by: str
    registration: Registration | None


_NO_RULES = SenderRules(frozenset())


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody whose mail to an incident is parked, looked up only when this mail says `let them in`.

    `answered`: it answers the very letter that asked about them. `named`: it names their address, normalised.
    """

    incident_id: int
    address: str
    answered: bool
    named: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was looked up about one mail before anything is decided.

    `author` is the normalised address of the one possible writer. `today` is the day of arrival in the desk's zone.
    `sent_by_author` says that the return path is the author's own address, which no list's mail has.
    `going_round` says of askers (by id) why this question of theirs seems to come from a machine (`desk.loops`).
    `to_support` says whether the mail was addressed to where questions go, `to_registry` to where changes go (S25).
    `proven_domains` are those that vouch for this mail, None when nobody was asked. `contact_of` are the contracts
    that the author is contact of, `neighbours` those of people with the same domain, none of a provider's.
    `order_addresses` are the ids of those of staff to whose own signed addresses the mail was written.
    """

    message: Message
    envelope_sender: str
    author: str | None
    trust: Trust
    trust_needed: TrustNeeded
    proven_domains: frozenset[str] | None
    to_support: bool
    from_us: bool
    ignored: bool
    duplicate_of: int | None
    registrations: tuple[Registration, ...]
    participations: tuple[Participation, ...]
    contact_of: tuple[Contract, ...]
    neighbours: tuple[Contract, ...]
    staff: Staff | None
    ties: tuple[Tie, ...]
    strangers: Literal["hold", "ignore"]
    release: Release | None
    today: date
    order_addresses: frozenset[int] = frozenset()
    newcomers: tuple[Newcomer, ...] = ()
    to_registry: bool = False
    sender_rules: SenderRules = _NO_RULES
    sent_by_author: bool = False
    going_round: Mapping[int, str] = field(default_factory=dict)
