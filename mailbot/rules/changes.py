"""By which words is a change of the registered information known? rules/changes.toml → the desk's rules (S25). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from pydantic import Field

from mailbot.desk.changes import Doing, State, Understood, after, before, key
from mailbot.desk.changetext import understood
from mailbot.desk.changewords import ChangeRules, Label, Pattern, even, small
from mailbot.desk.contract import Equipment
from mailbot.desk.scope import ScopeRules
from mailbot.errors import Fault
from mailbot.mail.mailboxes import mailboxes
from mailbot.mail.message import Mailbox
from mailbot.rules.example import Example
from mailbot.rules.reading import Line, Table

_PLACES = ("{old}", "{new}", "{*}")
_PLACE = re.compile(r"(\{[^{}]*\})")


class _Words(Table):
    askers: list[Line] = Field(min_length=1)
    contacts: list[Line] = Field(min_length=1)
    me: list[Line] = Field(default_factory=list)
    honorifics: list[Line] = Field(default_factory=list)
    idle: list[Line] = Field(default_factory=list)
    hosts: list[Line] = Field(default_factory=list)
    denied: list[Line] = Field(default_factory=list)
    nothing: list[str] = Field(default_factory=list)
    form: list[Line] = Field(default_factory=list)


class _Sentences(Table):
    doing: Doing = Field(strict=False)
    renames: bool = False
    says: list[Line] = Field(min_length=1)


class _Given(Table):
    askers: list[Line]
    contacts: list[Line]
    machines: list[list[Line]]


class _Example(Table):
    text: str
    subject: str = ""
    writer: Line | None = None
    steps: list[str]


class ChangesFile(Table):
    """The shape of changes.toml."""

    words: _Words
    doings: dict[str, list[Line]]
    sentences: list[_Sentences]
    labels: dict[str, list[Line]]
    given: _Given
    examples: list[_Example] = Field(default_factory=list)


def change_faults(file: str, document: ChangesFile) -> Iterator[Fault]:
    """Give the names that the program does not know, and those that it misses."""
    yield from _unlike(file, "doings", document.doings, [each.value for each in Doing])
    yield from _unlike(file, "labels", document.labels, [each.value for each in Label])
    for number, sentences in enumerate(document.sentences, 1):
        for says in sentences.says:
            wrong = _wrong(says)
            if wrong:
                yield Fault(file, f"sentences[{number}].says", says, wrong)


def _unlike(file: str, table: str, given: Iterable[str], known: Sequence[str]) -> Iterator[Fault]:
    for name in given:
        if name not in known:
            yield Fault(file, f"{table}.{name}", "", f"there is no such key: known here are {', '.join(known)}")
    for name in set(known) - set(given):
        yield Fault(file, f"{table}.{name}", "", "is needed, and has no default")


def _wrong(says: str) -> str:
    parts = [part for part in _PLACE.split(says) if part.strip()]
    places = [part for part in parts if part.startswith("{")]
    if not set(places) <= set(_PLACES):
        return f"knows {', '.join(_PLACES)} alone"
    if len(set(places)) < len(places) or not {"{old}", "{new}"} & set(places):
        return "needs {old} or {new}, each once"
    side_by_side = any(one.startswith("{") and two.startswith("{") for one, two in pairwise(parts))
    return "needs words between its places" if side_by_side or len(parts) == len(places) else ""


def change_rules_of(document: ChangesFile) -> ChangeRules:
    """Make the desk's value."""
    words = document.words
    return ChangeRules(
        askers=_longest_first(words.askers),
        contacts=_longest_first(words.contacts),
        me=_longest_first(words.me),
        honorifics=_longest_first(words.honorifics),
        idle=_longest_first(words.idle),
        hosts=_longest_first(words.hosts),
        denied=_longest_first(words.denied),
        doings={doing: _longest_first(document.doings.get(doing.value, ())) for doing in Doing},
        patterns=tuple(_pattern(each, says) for each in document.sentences for says in each.says),
        labels={small(even(word)): Label(name) for name, listed in document.labels.items() for word in listed},
        nothing=frozenset(small(even(word)) for word in words.nothing),
        form=_longest_first(words.form),
    )


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({small(even(word)) for word in words}, key=lambda word: (-len(word), word)))


def _pattern(sentences: _Sentences, says: str) -> Pattern:
    parts = (part if part in _PLACES else small(even(part)) for part in _PLACE.split(says) if part.strip())
    return Pattern(sentences.doing, sentences.renames, tuple(parts))


def change_examples(file: str, document: ChangesFile, rules: ChangeRules, scope: ScopeRules) -> Iterator[Example]:
    """Understand every example."""
    given = document.given
    askers, contacts = _people(given.askers), _people(given.contacts)
    machines = tuple(Equipment(*machine) for machine in given.machines)
    for number, example in enumerate(document.examples, 1):
        state = State(askers, contacts, machines, example.writer or askers[0].address)
        new_text = "\n".join(line for line in example.text.split("\n") if not line.startswith(">"))
        found = understood(example.subject, new_text, example.text, state, rules, scope)
        yield Example(file, f"examples[{number}]", example.text, _shown(example.steps), _shown(_told(found)))


def _people(written: Iterable[str]) -> tuple[Mailbox, ...]:
    return tuple(box for each in written for box in mailboxes(each))


def _told(found: Understood) -> list[str]:
    steps = [f"{key(step)}: {before(step)} → {after(step)}" for step in found.steps]
    return [*steps, "form"] if found.form_wanted else steps


def _shown(steps: Sequence[str]) -> str:
    return "; ".join(each.strip() for each in steps) or "nothing"
