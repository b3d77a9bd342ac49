"""What is a contract, and an asker, before it is registered? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mailbot.desk.contract import AskerKind, Equipment, Language, Term, TrustNeeded
from mailbot.mail.message import Mailbox


@dataclass(frozen=True, slots=True)
class NewAsker:
    """An asker that may be registered, if there is a seat; `address` is normalised."""

    kind: AskerKind
    name: str
    address: str
    list_id: str | None
    although: str = ""

    def __str__(self) -> str:
        """As the journal has it, with the reason why a role's name was taken."""
        although = f" although {self.although}" if self.although else ""
        return f"{self.kind} {self.name} <{self.address}>{although}"


@dataclass(frozen=True, slots=True)
class Sale:
    """A contract that may be registered; addresses are normalised. `welcome` says whether its people are sent a guide
    (S22); None: that goes by its first day.
    """

    number: str
    customer: str
    menu: str
    language: Language
    cluster: str
    terms: tuple[Term, ...]
    extra_askers: int
    mailing_list_option: bool
    contacts: tuple[Mailbox, ...]
    askers: tuple[NewAsker, ...]
    cancelled_at: datetime | None
    trust: TrustNeeded | None
    timezone: str | None
    equipment: tuple[Equipment, ...]
    welcome: bool | None = None

    @property
    def people(self) -> frozenset[str]:
        """The addresses of its contacts and askers."""
        return frozenset([*(box.address for box in self.contacts), *(each.address for each in self.askers)])
