"""What change of the registered information is wanted (S25): step by step, what is and what is to be. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from mailbot.desk.contract import Equipment
from mailbot.mail.message import Mailbox

Thing = TypeVar("Thing", Mailbox, Equipment)


class Role(StrEnum):
    """As what a person is registered."""

    ASKER = "asker"
    CONTACT = "contact"


class Doing(StrEnum):
    """What a step does. To replace puts another person in the place of one; to edit lets it be the same one."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class PersonStep:
    """A change of an asker or contact. Addresses are normalised; `old` is as registered when it was asked for, and
    None when somebody is added; `new` is None when somebody is removed. `evidence` is what the writer wrote.
    """

    role: Role
    doing: Doing
    old: Mailbox | None
    new: Mailbox | None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class MachineStep:
    """A change of the registered equipment (S3); `old` and `new` as with people."""

    doing: Doing
    old: Equipment | None
    new: Equipment | None
    evidence: str = ""


Step = PersonStep | MachineStep


@dataclass(frozen=True, slots=True)
class State:
    """What is registered with a contract, and the address of who asks for a change. Addresses are normalised."""

    askers: tuple[Mailbox, ...]
    contacts: tuple[Mailbox, ...]
    machines: tuple[Equipment, ...]
    writer: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What was made of a text: the steps, and the lines that speak of a change and could not be understood.

    `form_wanted` says that the writer asks for the form and for nothing else.
    """

    steps: tuple[Step, ...]
    unclear: tuple[str, ...]
    form_wanted: bool


def key(step: Step) -> str:
    """Name the kind of a step; in words in templates/<language>/words.toml."""
    return f"{step.role if isinstance(step, PersonStep) else 'machine'}-{step.doing}"


KEYS = frozenset({f"{what}-{doing}" for what in (*Role, "machine") for doing in Doing} - {f"machine-{Doing.REPLACE}"})


def before(step: Step) -> str:
    """Write what is registered now; empty when it is new."""
    return _shown(step.old)


def after(step: Step) -> str:
    """Write what is to be registered; empty when it is to go."""
    return _shown(step.new)


def _shown(thing: Mailbox | Equipment | None) -> str:
    if thing is None:
        return ""
    if isinstance(thing, Mailbox):
        return f"{thing.name} <{thing.address}>".strip()
    return ", ".join(filter(None, (f"{thing.host}: {thing.os}".rstrip(": "), thing.versions)))


def in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Put those first that set something free, so that a seat is free when it is taken; each step once."""
    once: dict[Step, Step] = {}
    for step in steps:
        once.setdefault(replace(step, evidence=""), step)
    return tuple(sorted(once.values(), key=lambda step: step.doing is not Doing.REMOVE))


def changes_nothing(step: Step, state: State) -> bool:
    """Say whether that is registered already: a mail that quotes an old request asks for nothing new."""
    if isinstance(step, MachineStep):
        return step.new in state.machines if step.new else step.old not in state.machines
    people = state.askers if step.role is Role.ASKER else state.contacts
    if step.new is None:
        return step.old not in people
    return step.new in people and (step.old in (None, step.new) or step.old not in people)


def own_address(steps: Sequence[Step], writer: str) -> bool:
    """Say whether the writer wants to be known by another address: what a thief of accounts would ask for."""
    return any(
        isinstance(step, PersonStep)
        and step.old is not None
        and step.new is not None
        and step.old.address == writer != step.new.address
        for step in steps
    )


def alike(one: Sequence[Step], other: Sequence[Step]) -> bool:
    """Say whether two requests want the same, in whatever words."""
    return {replace(step, evidence="") for step in one} == {replace(step, evidence="") for step in other}


def to_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Write the steps as they are kept in the database."""
    return [
        {
            "what": step.role.value if isinstance(step, PersonStep) else "machine",
            "doing": step.doing.value,
            "old": _fields(step.old),
            "new": _fields(step.new),
            "evidence": step.evidence,
        }
        for step in steps
    ]


def from_json(kept: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Read the steps as they were kept."""
    steps: list[Step] = []
    for each in kept:
        doing = Doing(each["doing"])
        if each["what"] == "machine":
            steps.append(
                MachineStep(doing, _read(Equipment, each["old"]), _read(Equipment, each["new"]), each["evidence"])
            )
        else:
            old, new = _read(Mailbox, each["old"]), _read(Mailbox, each["new"])
            steps.append(PersonStep(Role(each["what"]), doing, old, new, each["evidence"]))
    return tuple(steps)


def _fields(thing: Mailbox | Equipment | None) -> dict[str, str] | None:
    if thing is None:
        return None
    if isinstance(thing, Mailbox):
        return {"name": thing.name, "address": thing.address}
    return {"host": thing.host, "os": thing.os, "versions": thing.versions}


def _read(kind: type[Thing], kept: Mapping[str, str] | None) -> Thing | None:
    return None if kept is None else kind(**kept)
