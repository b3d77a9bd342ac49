"""By which words is an urgent question known? rules/urgency.toml → the desk's rules (S20). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from mailbot.desk.phrases import group
from mailbot.desk.urgency import Urgency, UrgencyRules, assess
from mailbot.rules.example import Example
from mailbot.rules.reading import Key, Table, Words


class _Example(Table):
    subject: str
    text: str
    verdict: Literal["urgent", "doubtful", "normal"]


class UrgencyFile(Table):
    """The shape of urgency.toml."""

    marks: Words = Field(default_factory=list)
    production: Words = Field(min_length=1)
    unusable: Words = Field(min_length=1)
    critical: Words = Field(min_length=1)
    signs: dict[Key, Words] = Field(min_length=1)
    elsewhere: Words = Field(default_factory=list)
    over: Words = Field(default_factory=list)
    denied: Words = Field(default_factory=list)
    examples: list[_Example] = Field(default_factory=list)


def urgency_of(document: UrgencyFile) -> UrgencyRules:
    """Make the desk's value."""
    return UrgencyRules(
        marks=group(document.marks),
        production=group(document.production),
        unusable=group(document.unusable),
        critical=group(document.critical),
        signs=tuple((kind, group(words)) for kind, words in document.signs.items()),
        elsewhere=group(document.elsewhere),
        over=group(document.over),
        denied=group(document.denied),
    )


def urgency_examples(file: str, document: UrgencyFile, rules: UrgencyRules) -> Iterator[Example]:
    """Judge every example."""
    for number, example in enumerate(document.examples, 1):
        urgency = assess(example.subject, example.text, rules)
        evidence = f" ({'; '.join(urgency.evidence)})" if _word(urgency) != example.verdict else ""
        yield Example(file, f"examples[{number}]", example.subject, example.verdict, _word(urgency) + evidence)


def _word(urgency: Urgency) -> str:
    if urgency.doubtful:
        return "doubtful"
    return "urgent" if urgency.urgent else "normal"
