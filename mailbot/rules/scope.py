"""By which words is known what a question is about? rules/scope.toml → the desk's rules (S1–S3, S11). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from mailbot.desk.phrases import Phrases, group
from mailbot.desk.scope import Named, Scope, ScopeRules, scope_of
from mailbot.errors import Fault
from mailbot.rules.example import Example
from mailbot.rules.reading import Key, Table, Words
from mailbot.rules.service import NamedTable, Service, ServiceFile


class _Example(Table):
    subject: str
    text: str
    coverage: Literal["in-scope", "adjacent", "out-of-scope", "unclear"]
    products: list[str] | None = None
    versions: list[str] | None = None
    topics: list[str] | None = None
    unsupported_platforms: list[str] | None = None


class ScopeFile(Table):
    """The shape of scope.toml."""

    hints: dict[Key, Words] = Field(default_factory=dict)
    outside: dict[Key, NamedTable] = Field(default_factory=dict)
    foreign_platforms: dict[Key, NamedTable] = Field(default_factory=dict)
    topics: dict[Key, NamedTable] = Field(default_factory=dict)
    examples: list[_Example] = Field(default_factory=list)


def hints_of(document: ScopeFile) -> Mapping[str, Phrases]:
    """Give the words that speak of a product without its name, by product."""
    return {key: group(words) for key, words in document.hints.items()}


def scope_rules_of(document: ScopeFile, service: Service) -> ScopeRules:
    """Make the desk's value."""
    return ScopeRules(
        products=tuple(service.products.values()),
        databases=service.databases,
        outside=_named(document.outside),
        platforms=service.platforms,
        foreign_platforms=_named(document.foreign_platforms),
        topics=_named(document.topics),
    )


def _named(tables: Mapping[str, NamedTable]) -> tuple[Named, ...]:
    return tuple(table.named(key) for key, table in tables.items())


def scope_faults(file: str, document: ScopeFile, service: ServiceFile) -> Iterator[Fault]:
    """Give the hints that speak of no product."""
    for key in document.hints:
        if key not in service.products:
            yield Fault(file, f"hints.{key}", "", f"must be a product of service.toml: {', '.join(service.products)}")


def scope_examples(file: str, document: ScopeFile, rules: ScopeRules) -> Iterator[Example]:
    """Classify every example."""
    for number, example in enumerate(document.examples, 1):
        expected, actual = _compared(example, scope_of(example.subject, example.text, rules))
        yield Example(file, f"examples[{number}]", example.subject, expected, actual)


def _compared(example: _Example, scope: Scope) -> tuple[str, str]:
    """Write side by side what the example expects and what the rules say about just that."""
    pairs = (
        (example.products, scope.products),
        (example.versions, [seen.version for seen in scope.versions]),
        (example.topics, scope.topics),
        (example.unsupported_platforms, scope.unsupported_platforms),
    )
    asked = [(expected, list(actual)) for expected, actual in pairs if expected is not None]
    return (
        ", ".join([example.coverage, *(str(expected) for expected, _ in asked)]),
        ", ".join([scope.coverage.value, *(str(actual) for _, actual in asked)]),
    )
