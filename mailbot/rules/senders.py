"""What is known of addresses? rules/senders.toml → the desk's rules. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from mailbot.desk.senders import SenderRules
from mailbot.rules.example import Example
from mailbot.rules.reading import Line, Table


class _Domains(Table):
    shared: list[Line] = Field(default_factory=list)
    lists: list[Line] = Field(default_factory=list)


class _Example(Table):
    address: Line
    shared: bool
    hosting: Literal["own", "lists", "mailboxes"] | None = None


class SendersFile(Table):
    """The shape of senders.toml."""

    domains: _Domains = Field(default_factory=_Domains)
    examples: list[_Example] = Field(default_factory=list)


def sender_rules_of(document: SendersFile) -> SenderRules:
    """Make the desk's value."""
    lists = frozenset(domain.lower() for domain in document.domains.lists)
    return SenderRules(lists | {domain.lower() for domain in document.domains.shared}, lists)


def sender_examples(file: str, document: SendersFile, rules: SenderRules) -> Iterator[Example]:
    """Judge every example."""
    for number, example in enumerate(document.examples, 1):
        domain = example.address.rpartition("@")[2]
        expected = _words(example.shared, example.hosting)
        actual = _words(rules.is_shared(domain), rules.hosting(domain) if example.hosting else None)
        yield Example(file, f"examples[{number}]", example.address, expected, actual)


def _words(shared: bool, hosting: str | None) -> str:
    whose = "shared" if shared else "a company's own"
    return f"{whose}, lists: {hosting}" if hosting else whose
