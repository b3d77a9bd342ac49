"""What is known of addresses? rules/senders.toml → the desk's rules. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from mailbot.desk.senders import SenderRules
from mailbot.rules.example import Example
from mailbot.rules.reading import Line, Table


class _Domains(Table):
    shared: list[Line] = Field(default_factory=list)


class _Example(Table):
    address: Line
    shared: bool


class SendersFile(Table):
    """The shape of senders.toml."""

    domains: _Domains = Field(default_factory=_Domains)
    examples: list[_Example] = Field(default_factory=list)


def sender_rules_of(document: SendersFile) -> SenderRules:
    """Make the desk's value."""
    return SenderRules(frozenset(domain.lower() for domain in document.domains.shared))


def sender_examples(file: str, document: SendersFile, rules: SenderRules) -> Iterator[Example]:
    """Judge every example."""
    for number, example in enumerate(document.examples, 1):
        actual = rules.is_shared(example.address.rpartition("@")[2])
        yield Example(file, f"examples[{number}]", example.address, _word(example.shared), _word(actual))


def _word(shared: bool) -> str:
    return "shared" if shared else "a company's own"
