"""By which words do people decide by mail? rules/orders.toml → the desk's rules. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from mailbot.desk.orders import Action, OrderRules, Words, order_rules
from mailbot.errors import Fault
from mailbot.rules.example import Example
from mailbot.rules.reading import Line, Table

_Order = Literal[
    "release", "reject", "register", "ignore", "let-in", "approve", "decline", "take", "urgent", "not-urgent"
]


class _Words(Table):
    ja: Annotated[list[Line], Field(min_length=1)]
    en: Annotated[list[Line], Field(min_length=1)]

    def words(self) -> Words:
        return Words({"ja": tuple(self.ja), "en": tuple(self.en)})


class _Before(Table):
    contract: _Words
    asker: _Words


class _Blank(Table):
    name: _Words
    number: _Words


class _Example(Table):
    line: Line
    means: Line


class OrdersFile(Table):
    """The shape of orders.toml."""

    actions: dict[_Order, _Words]
    before: _Before
    blank: _Blank
    admission: _Words
    examples: list[_Example] = Field(default_factory=list)


def order_rules_of(document: OrdersFile) -> OrderRules:
    """Make the desk's value."""
    return order_rules(
        actions=_by_action(document),
        contract=document.before.contract.words(),
        asker=document.before.asker.words(),
        name=document.blank.name.words(),
        number=document.blank.number.words(),
        admission=document.admission.words(),
    )


def _by_action(document: OrdersFile) -> dict[Action, Words]:
    return {Action(key): words.words() for key, words in document.actions.items()}


def order_faults(file: str, document: OrdersFile) -> Iterator[Fault]:
    """Every order needs its words, and a word must mean one thing only."""
    actions = _by_action(document)
    for action in Action:
        if action not in actions:
            yield Fault(file, f"actions.{action}", "", "is needed, and has no default")
    owners: dict[str, Action] = {}
    for action, words in actions.items():
        for word in words.all:
            if owners.setdefault(word, action) is not action:
                yield Fault(
                    file, f"actions.{action}", f'"{word}"', f"means {owners[word]} already: choose another word"
                )


def order_examples(file: str, document: OrdersFile, rules: OrderRules) -> Iterator[Example]:
    """Judge every example."""
    for number, example in enumerate(document.examples, 1):
        order = rules.order(example.line)
        yield Example(file, f"examples[{number}]", example.line, example.means, str(order) if order else "nothing")
