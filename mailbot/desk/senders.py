"""What does an address say about the person behind it? (S5, S28) Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Hosting(StrEnum):
    """To whom a domain belongs, as far as the mailing lists there are concerned (S8)."""

    OWN = "own"
    LISTS = "lists"
    MAILBOXES = "mailboxes"


@dataclass(frozen=True, slots=True)
class SenderRules:
    """`shared_domains` are providers': two addresses there need not belong to one company. `list_domains` are those of
    them that keep mailing lists, and write and sign the List-Id themselves.
    """

    shared_domains: frozenset[str]
    list_domains: frozenset[str] = frozenset()

    def is_shared(self, domain: str) -> bool:
        """Say whether many customers have addresses there; a domain beneath a shared one is shared."""
        return _is_beneath(domain, self.shared_domains)

    def hosting(self, domain: str) -> Hosting:
        """Say whose lists are there: one customer's own, those of strangers, or none (only people's mailboxes)."""
        if _is_beneath(domain, self.list_domains):
            return Hosting.LISTS
        return Hosting.MAILBOXES if self.is_shared(domain) else Hosting.OWN


def _is_beneath(domain: str, domains: frozenset[str]) -> bool:
    labels = domain.lower().split(".")
    return any(".".join(labels[at:]) in domains for at in range(len(labels)))
