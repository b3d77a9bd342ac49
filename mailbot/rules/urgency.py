"""By which words is an urgent question known? rules/urgency.toml → the desk's rules (S20). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from mailbot.desk.phrases import vocabulary
from mailbot.desk.urgency import Urgency, UrgencyRules, assess
from mailbot.rules.example import Example
from mailbot.rules.reading import Key, Table, Words

_Some = Annotated[Words, Field(min_length=1)]


class _Example(Table):
    subject: str
    text: str
    verdict: Literal["urgent", "doubtful", "normal"]


class _Fields(Table):
    labels: Words = Field(default_factory=list)
    high: Words = Field(default_factory=list)
    low: Words = Field(default_factory=list)


class UrgencyFile(Table):
    """The shape of urgency.toml."""

    marks: Words = Field(default_factory=list)
    claims: Words = Field(default_factory=list)
    urging: Words = Field(default_factory=list)
    calm: Words = Field(default_factory=list)
    production: _Some
    unusable: _Some
    critical: _Some
    business: Words = Field(default_factory=list)
    standstill: Words = Field(default_factory=list)
    signs: dict[Key, Words] = Field(min_length=1)
    elsewhere: Words = Field(default_factory=list)
    over: Words = Field(default_factory=list)
    again: Words = Field(default_factory=list)
    still: Words = Field(default_factory=list)
    then: Words = Field(default_factory=list)
    past: Words = Field(default_factory=list)
    fine: Words = Field(default_factory=list)
    planned: Words = Field(default_factory=list)
    supposed: Words = Field(default_factory=list)
    when: Words = Field(default_factory=list)
    granted: Words = Field(default_factory=list)
    denied: Words = Field(default_factory=list)
    fields: _Fields = Field(default_factory=_Fields)
    examples: list[_Example] = Field(default_factory=list)


_GROUPS = sorted(set(UrgencyFile.model_fields) - {"signs", "fields", "examples"})


def urgency_of(document: UrgencyFile) -> UrgencyRules:
    """Make the desk's value."""
    groups = {name: getattr(document, name) for name in _GROUPS}
    # The name of a sign is free: it must not meet that of a group.
    signs = {f"sign {kind}": words for kind, words in document.signs.items()}
    return UrgencyRules(
        vocabulary=vocabulary(groups | signs),
        signs=tuple((kind, f"sign {kind}") for kind in document.signs),
        labels=frozenset(label.text for label in document.fields.labels),
        levels=vocabulary({"high": document.fields.high, "low": document.fields.low}),
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
