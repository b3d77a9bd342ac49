"""Which steps are meant, once it is known who goes and who comes? Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailbot.desk.changes import Doing, PersonStep, Role, State
from mailbot.desk.changewords import ChangeRules, holds, small
from mailbot.desk.mentions import registered
from mailbot.mail.message import Mailbox


@dataclass(frozen=True, slots=True)
class Ground:
    """What a line is read against: what is registered, the words, and what subject and sentences say in general."""

    state: State
    rules: ChangeRules
    context: str


def steps_of(
    ground: Ground,
    doing: Doing | None,
    old: Mailbox | None,
    new: Mailbox | None,
    roles: Sequence[Role],
    words: str,
    evidence: str,
) -> Iterator[PersonStep]:
    """Make a step for every role that is meant: `roles` where they are said, else the one that `words` name, else all
    that the person has. None where somebody would have to be guessed.
    """
    if old is None and new is not None and doing in (Doing.EDIT, Doing.REPLACE):
        old = _unnamed(ground, doing, new, roles, words)
        if old is None:
            return
    if new is None:
        if old is None or doing is not Doing.REMOVE:
            return
    elif old is None:
        doing = Doing.ADD
    else:
        doing, new = _same_or_other(doing, old, new)
    if doing is None or (new is not None and not new.name):
        return  # S5: a named individual
    for role in _meant(ground, roles, words, old, doing):
        yield PersonStep(role, doing, old, new, evidence)


def _unnamed(ground: Ground, doing: Doing, new: Mailbox, roles: Sequence[Role], words: str) -> Mailbox | None:
    """`Our new address is …` means the writer, `change the asker to …` the only one there is."""
    state = ground.state
    if doing is Doing.EDIT:
        writer = registered(state.writer, (*state.askers, *state.contacts))
        return writer if writer and (not new.name or _same_name(writer.name, new.name)) else None
    role = roles or roles_in(words, ground.rules) or roles_in(ground.context, ground.rules) or [Role.ASKER]
    people = state.contacts if role == [Role.CONTACT] else state.askers
    return people[0] if len(people) == 1 else None


def _same_or_other(doing: Doing | None, old: Mailbox, new: Mailbox) -> tuple[Doing, Mailbox]:
    """The same name or the same address is the same person; so is an address without a name that has changed."""
    same = new.address == old.address or _same_name(old.name, new.name) or (doing is Doing.EDIT and not new.name)
    return (Doing.EDIT, Mailbox(new.name or old.name, new.address)) if same else (Doing.REPLACE, new)


def _meant(ground: Ground, roles: Sequence[Role], words: str, old: Mailbox | None, doing: Doing) -> Sequence[Role]:
    named = roles or roles_in(words, ground.rules) or roles_in(ground.context, ground.rules)
    if old is None:
        return named[:1] or [Role.ASKER]
    registers = ((Role.ASKER, ground.state.askers), (Role.CONTACT, ground.state.contacts))
    has = [role for role, people in registers if old in people]
    if doing is Doing.EDIT and not roles:
        return has  # one person has one name and one address, whatever he is registered as
    return [role for role in named if role in has] or has


def roles_in(low: str, rules: ChangeRules) -> list[Role]:
    """`契約担当者` holds `担当者`: what contacts are called is taken out first."""
    contact = holds(low, rules.contacts)
    for word in rules.contacts:
        low = low.replace(word, " ")
    if holds(low, rules.askers):
        return [Role.ASKER]
    return [Role.CONTACT] if contact else []


def doing_in(words: str, rules: ChangeRules) -> Doing | None:
    """What is to be done, by the word that stands for it; a change of address is a change, too."""
    low = small(words)
    order = (Doing.EDIT, Doing.REPLACE, Doing.REMOVE, Doing.ADD)
    return next((doing for doing in order if holds(low, rules.doings[doing])), None)


def _same_name(one: str, other: str) -> bool:
    return bool(one) and small(one).replace(" ", "") == small(other).replace(" ", "")
