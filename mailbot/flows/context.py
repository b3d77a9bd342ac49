"""What does every flow need? Made once by `app`, never changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, cast

from mailbot.desk.access import Mailings
from mailbot.desk.content import Reading
from mailbot.desk.contract import Language, TrustNeeded
from mailbot.desk.replies import Desk
from mailbot.desk.routes import PageRoute
from mailbot.mail.address import normalise
from mailbot.mail.token import SigningKeys, TokenFault, read, token_in_address

if TYPE_CHECKING:  # who only wants to know our addresses, as a pipe does, need not load these
    from mailbot.flows.verify import Verifier
    from mailbot.rules import Rules
    from mailbot.sandbox import ReadingFailure
    from mailbot.store.engine import Store
    from mailbot.templates import Templates

Reader = Callable[[Sequence[bytes]], "list[Reading | ReadingFailure]"]
"""Reads mails in limited child processes; the results stand in the order of the mails."""

Purpose = Literal["support", "staff", "news", "registry", "knowledge", "bounce"]


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses under which the desk takes mail, normalised, and what each is for."""

    purposes: Mapping[str, Purpose]
    support: str
    bounce: str
    staff: str
    keys: SigningKeys

    @classmethod
    def of(cls, own: Mapping[Purpose, str], keys: SigningKeys) -> Addresses:
        """Make them of the configured addresses."""
        purposes = {normalise(address): purpose for purpose, address in own.items()}
        return cls(purposes, normalise(own["support"]), normalise(own["bounce"]), normalise(own["staff"]), keys)

    def address_of(self, purpose: Purpose) -> str:
        """Give the address that is for this."""
        return next(address for address, each in self.purposes.items() if each == purpose)

    def purpose(self, address: str) -> Purpose | None:
        """Say what mail to this address is for; None when it is none of ours. Sub-addresses count only with a token."""
        try:
            plain = normalise(address)
        except ValueError:
            return None
        if plain in self.purposes:
            return self.purposes[plain]
        if self._signed(plain, self.support):
            return "support"
        if self._signed(plain, self.bounce):
            return "bounce"
        if self._signed(plain, self.staff):
            return "staff"
        return "support" if plain == f"postmaster@{self.support.rpartition('@')[2]}" else None  # RFC 5321 §4.5.1

    @property
    def registry(self) -> str:
        """Where changes of the registered information are asked for (S25)."""
        return next(address for address, purpose in self.purposes.items() if purpose == "registry")

    def _signed(self, address: str, own: str) -> bool:
        """A forged token is no address of ours; an expired one is, and is judged later."""
        text = token_in_address(address, own)
        if text is None:
            return False
        return read(self.keys, text, today=date.min) not in (
            TokenFault.MALFORMED,
            TokenFault.UNKNOWN_KEY,
            TokenFault.BAD_SIGNATURE,
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """What the desk does where a desk may choose."""

    strangers: Literal["hold", "ignore"]
    trust: TrustNeeded
    same_subject_window: timedelta
    staff_digest_every: timedelta
    give_up_after: timedelta
    max_backoff: timedelta
    mailing_hour: int


@dataclass(frozen=True, slots=True)
class Alarms:
    """Whom alarms reach, and how: these addresses, or all staff; these pages, in this language, which those get too who
    are not of staff. `second_relay` says whether there is one.
    """

    to: tuple[str, ...]
    pages: tuple[PageRoute, ...]
    language: Language
    second_relay: bool


@dataclass(frozen=True, slots=True)
class Context:
    """The tools and facts that flows work with."""

    store: Store
    desk: Desk
    domain: str
    addresses: Addresses
    policy: Policy
    alarms: Alarms
    keys: SigningKeys
    rules: Rules
    templates: Templates
    read: Reader
    verifier: Verifier | None

    @property
    def mailings(self) -> Mailings:
        """Say when letters leave that belong to a day."""
        return Mailings(self.policy.mailing_hour, self.desk.zone)

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the desk, its first one first."""
        return tuple(cast("Language", each) for each in self.templates.words)

    def day(self, moment: datetime) -> date:
        """Give the day of this moment where the desk is; terms and tokens are counted in it."""
        return moment.astimezone(self.desk.zone).date()
