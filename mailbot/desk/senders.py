"""What does an address say about the person behind it? (S5, S28) Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SenderRules:
    """`shared_domains` are providers': two addresses there need not belong to one company."""

    shared_domains: frozenset[str]

    def is_shared(self, domain: str) -> bool:
        """Say whether many customers have addresses there; a domain beneath a shared one is shared."""
        labels = domain.lower().split(".")
        return any(".".join(labels[at:]) in self.shared_domains for at in range(len(labels)))
