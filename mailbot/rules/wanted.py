"""What should a question bring, and how is that recognised? rules/wanted.toml → the desk's rules (S19). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from mailbot.desk.contract import Equipment, Language
from mailbot.desk.phrases import Phrases, group
from mailbot.desk.scope import ScopeRules, scope_of
from mailbot.desk.wanted import Asked, Sign, Want, WantedRules, asked, missing_of
from mailbot.errors import Fault
from mailbot.rules.example import Example
from mailbot.rules.reading import Key, Line, Table, Title, Words


class _Want(Table):
    title: Title
    hint: Title | None = None
    of: Literal["every", "failure"]
    seen_as: Sign | None = None
    words: Words = Field(default_factory=list)
    attachments: list[Line] = Field(default_factory=list)


class _Failure(Table):
    words: Words = Field(default_factory=list)
    supposed: Words = Field(default_factory=list)


class _Example(Table):
    subject: str
    text: str
    attachments: list[str] = Field(default_factory=list)
    equipment: list[str] = Field(default_factory=list)
    missing: list[str]
    registered: list[str] = Field(default_factory=list)


class WantedFile(Table):
    """The shape of wanted.toml."""

    wanted: dict[Key, _Want] = Field(default_factory=dict)
    failure: _Failure = Field(default_factory=_Failure)
    log_marks: list[Line] = Field(default_factory=list)
    examples: list[_Example] = Field(default_factory=list)


def wanted_rules_of(document: WantedFile, scope: ScopeRules) -> WantedRules:
    """Make the desk's value; what is no product of ours is known from the scope."""
    platforms = [each.names for each in scope.platforms] + [each.phrases for each in scope.foreign_platforms]
    software = [each.phrases for each in (*scope.databases, *scope.outside)]
    return WantedRules(
        wants=tuple(_want(key, want) for key, want in document.wanted.items()),
        failure=group(document.failure.words),
        supposed=group(document.failure.supposed),
        log_marks=tuple(document.log_marks),
        platforms=_joined(platforms),
        others=_joined([*platforms, *software]),
    )


def _want(key: str, want: _Want) -> Want:
    hint: Mapping[Language, str] = want.hint.by_language() if want.hint else {}
    return Want(
        key=key,
        title=want.title.by_language(),
        hint=hint,
        of_failures=want.of == "failure",
        seen_as=want.seen_as,
        words=group(want.words),
        attachments=tuple(pattern.casefold() for pattern in want.attachments),
    )


def _joined(groups: list[Phrases]) -> Phrases:
    return group(phrase for each in groups for phrase in each.ordered)


def wanted_faults(file: str, document: WantedFile) -> Iterator[Fault]:
    """Give the wants that nothing could ever fulfil, and examples that miss what nobody wants."""
    for key, want in document.wanted.items():
        if want.seen_as is None and not want.words and not want.attachments:
            yield Fault(file, f"wanted.{key}", "", "must say by what it is given: seen_as, words or attachments")
    for number, example in enumerate(document.examples, 1):
        for key in example.missing:
            if key not in document.wanted:
                mend = f"must be one of what is wanted: {', '.join(document.wanted)}"
                yield Fault(file, f"examples[{number}].missing", f'"{key}"', mend)
        for machine in example.equipment:
            if machine.count("|") != 2:
                yield Fault(
                    file, f"examples[{number}].equipment", f'"{machine}"', "must be written host | OS | versions"
                )


def wanted_examples(file: str, document: WantedFile, rules: WantedRules, scope: ScopeRules) -> Iterator[Example]:
    """Work out what every example leaves to be asked for."""
    for number, example in enumerate(document.examples, 1):
        found = _asked(example, rules, scope)
        expected, actual = (
            f"missing {', '.join(keys) or 'nothing'}; registered {', '.join(known) or 'nothing'}"
            for keys, known in ((example.missing, example.registered), (found.keys, found.registered))
        )
        yield Example(file, f"examples[{number}]", example.subject, expected, actual)


def _asked(example: _Example, rules: WantedRules, scope: ScopeRules) -> Asked:
    seen = scope_of(example.subject, example.text, scope)
    missing = missing_of(example.subject, example.text, example.attachments, seen, rules, scope.products)
    machines = [Equipment(*map(str.strip, machine.split("|"))) for machine in example.equipment]
    return asked(missing, seen, machines, scope, rules)
