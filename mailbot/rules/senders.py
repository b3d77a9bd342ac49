"""What is known of addresses? rules/senders.toml → the desk's rules. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from mailbot.desk.senders import RoleWords, SenderRules, plain
from mailbot.rules.example import Example
from mailbot.rules.reading import Line, Table


class _Domains(Table):
    shared: list[Line] = Field(default_factory=list)
    lists: list[Line] = Field(default_factory=list)


class _RoleExample(Table):
    name: Line
    address: Line
    person: bool


class _Roles(Table):
    words: list[Line] = Field(default_factory=list)
    endings: list[Line] = Field(default_factory=list)
    local_parts: list[Line] = Field(default_factory=list)
    examples: list[_RoleExample] = Field(default_factory=list)


class _Example(Table):
    address: Line
    shared: bool
    hosting: Literal["own", "lists", "mailboxes"] | None = None


class SendersFile(Table):
    """The shape of senders.toml."""

    roles: _Roles = Field(default_factory=_Roles)
    domains: _Domains = Field(default_factory=_Domains)
    examples: list[_Example] = Field(default_factory=list)


def sender_rules_of(document: SendersFile) -> SenderRules:
    """Make the desk's value."""
    roles, hosts = document.roles, frozenset(domain.lower() for domain in document.domains.lists)
    return SenderRules(
        shared_domains=hosts | {domain.lower() for domain in document.domains.shared},
        roles=RoleWords(_plain(roles.words), _plain(roles.endings), _plain(roles.local_parts)),
        list_domains=hosts,
    )


def _plain(words: Sequence[str]) -> frozenset[str]:
    return frozenset(map(plain, words))


def sender_examples(file: str, document: SendersFile, rules: SenderRules) -> Iterator[Example]:
    """Judge every example."""
    for number, each in enumerate(document.roles.examples, 1):
        person = rules.role_in(each.name, each.address) is None
        asked = f"{each.name} <{each.address}>"
        yield Example(file, f"roles.examples[{number}]", asked, _kind(each.person), _kind(person))
    for number, example in enumerate(document.examples, 1):
        domain = example.address.rpartition("@")[2]
        expected = _words(example.shared, example.hosting)
        actual = _words(rules.is_shared(domain), rules.hosting(domain) if example.hosting else None)
        yield Example(file, f"examples[{number}]", example.address, expected, actual)


def _kind(person: bool) -> str:
    return "a person" if person else "a role or a shared mailbox"


def _words(shared: bool, hosting: str | None) -> str:
    whose = "shared" if shared else "a company's own"
    return f"{whose}, lists: {hosting}" if hosting else whose
