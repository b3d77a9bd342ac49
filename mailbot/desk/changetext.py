"""What change of the registered information does this text ask for? (S25) Pure.

Three ways of saying it are understood: a filled-in form, lines of old and new, and plain sentences. What is not
understood is shown to staff as it stands; nothing is changed before a person has looked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mailbot.desk.changeform import Record, is_filled_in, records, sentences
from mailbot.desk.changes import (
    Doing,
    MachineStep,
    PersonStep,
    Role,
    State,
    Step,
    Understood,
    changes_nothing,
    in_order,
)
from mailbot.desk.changewords import ChangeRules, Label, Pattern, even, holds, small
from mailbot.desk.contract import Equipment
from mailbot.desk.machines import machine_in, seen_in, wanted
from mailbot.desk.machines import registered as machine
from mailbot.desk.mentions import addresses_in, clean_name, is_the_writer, newcomer, registered
from mailbot.desk.scope import ScopeRules
from mailbot.mail.message import Mailbox
from mailbot.mail.thread import is_reply_subject

_MOST_LINES = 200  # nobody asks for a change behind that; what is cut off is shown to staff
_LONGEST_LINE = 300
_MOST_WAYS = 500  # of reading all sentences; no text can hold up the desk (attack row 19)
_MOST_UNCLEAR = 20
_MOST_STEPS = 30  # that a person can check; more are left to the form
_SHORT = frozenset({Label.OLD, Label.NEW})


def understood(
    subject: str, new_text: str, text: str, state: State, rules: ChangeRules, scope: ScopeRules
) -> Understood:
    """Read what the writer wrote anew; the form may also be filled in between its quoted lines, which `text` holds.

    Quoted lines of old and new are not asked for again: our own letters have such.
    """
    reader = _Reader(subject, state, rules, scope)
    new, cut = _lines(new_text)
    found = reader.read(new, cut)
    whole, _ = _lines(text)
    if not found.steps and is_filled_in(whole, rules) and not is_filled_in(new, rules):
        form = [each for each in records(whole, rules)[0] if not _SHORT & each.values.keys()]
        found = reader.read_form(form)
    return found


def _lines(text: str) -> tuple[list[str], list[str]]:
    """Give the lines that are read, and the beginning of what is cut off."""
    lines = text.split("\n")
    cut = [*(line[_LONGEST_LINE:] for line in lines[:_MOST_LINES]), *lines[_MOST_LINES:]]
    behind = [even(line[:_LONGEST_LINE]) for line in cut if line.strip()]
    return [line[:_LONGEST_LINE] for line in lines[:_MOST_LINES]], behind[:1]


class _Reader:
    """One text on its way through; the subject and what a sentence says in general hold for the lines below it."""

    def __init__(self, subject: str, state: State, rules: ChangeRules, scope: ScopeRules) -> None:
        self._subject = subject
        self._state = state
        self._rules = rules
        self._scope = scope
        self._people = (*state.askers, *state.contacts)
        self._context = ""
        self._unclear: list[str] = []
        self._ways_left = _MOST_WAYS

    def read(self, lines: Sequence[str], cut: Sequence[str]) -> Understood:
        """Understand forms and lines of old and new first, then what is left as sentences; what was cut off is not."""
        self._unclear += cut
        found, others = records(lines, self._rules)
        said = list(sentences(others))
        self._context = small("\n".join([even(self._subject), *said]))
        steps = [*self._of_records(found), *(step for each in said for step in self._of_sentence(each))]
        asked = said if is_reply_subject(self._subject) else [self._subject, *said]
        form = any(holds(small(even(each)), self._rules.form) for each in asked)
        kept = self._kept(steps)
        unclear = self._unclear if kept or self._unclear else [each for each in said if self._speaks_of_change(each)]
        asks = form and not kept and not is_filled_in(lines, self._rules) and not self._unclear
        return Understood(kept, tuple(unclear[:_MOST_UNCLEAR]), form_wanted=asks)

    def read_form(self, found: Sequence[Record]) -> Understood:
        """Understand a form alone."""
        kept = self._kept(self._of_records(found))
        return Understood(kept, tuple(self._unclear[:_MOST_UNCLEAR]), form_wanted=False)

    def _kept(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        """Give the steps in their order, without those that change nothing."""
        kept = tuple(step for step in in_order(steps) if not changes_nothing(step, self._state))
        if len(kept) > _MOST_STEPS:
            self._unclear.insert(0, kept[0].evidence)
            return ()
        return kept

    # --- Forms, and lines of old and new ---

    def _of_records(self, found: Sequence[Record]) -> list[Step]:
        """Understand every filled-in record; one that is not is unclear."""
        steps: list[Step] = []
        for record in found:
            if set(record.values) <= {Label.CONTRACT, Label.KIND}:
                continue
            made = list(self._of_record(record))
            steps += made
            if not made:
                self._unclear += record.lines
        return steps

    def _of_record(self, record: Record) -> Iterator[Step]:
        values, evidence = record.values, "; ".join(record.lines)
        kind = self._kind(values.get(Label.KIND, ""))
        told = self._machine_told(record)
        if told is not None:
            known = machine(told.host, self._state.machines)
            if kind is not Doing.REMOVE:
                yield wanted(known, told, evidence)
            elif known is not None:
                yield MachineStep(Doing.REMOVE, known, None, evidence)
            return
        old_words = " ".join(
            filter(None, (values.get(each) for each in (Label.OLD, Label.OLD_NAME, Label.OLD_ADDRESS)))
        )
        old = registered(old_words, self._people) if old_words else None
        new = self._new_of(values, old)
        if (old_words and old is None) or self._half(values, new):
            return
        roles = [Role.CONTACT] if record.part is Label.CONTACT_PART else []
        roles = [Role.ASKER] if record.part is Label.ASKER_PART else roles
        yield from self._steps(kind or self._kind(self._context), old, new, roles, self._context, evidence)

    def _machine_told(self, record: Record) -> Equipment | None:
        """A machine has a host, or is the only one; of `new: pgpool-II 4.5.2` the version says what it is about."""
        values = record.values
        os, versions = values.get(Label.OS, ""), values.get(Label.VERSIONS, "")
        if not os and not versions and Label.NEW in values and not addresses_in(values[Label.NEW]):
            seen_os, seen = seen_in(values[Label.NEW], self._scope)
            os, versions = ", ".join(seen_os), ", ".join(seen)
        host = values.get(Label.HOST, "")
        if not host and (os or versions):
            host = self._host_of_context()
        return Equipment(host, os, versions) if host else None

    def _host_of_context(self) -> str:
        named = [each.host for each in self._state.machines if holds(self._context, (small(each.host),))]
        if len(named) == 1:
            return named[0]
        return self._state.machines[0].host if len(self._state.machines) == 1 else ""

    def _new_of(self, values: dict[Label, str], old: Mailbox | None) -> Mailbox | None:
        parts = [values.get(each, "") for each in (Label.NEW_NAME, Label.NEW_ADDRESS)]
        words = values.get(Label.NEW, "")
        if any(parts):
            words = f"{parts[0]} <{parts[1] or (old.address if old else '')}>"
        found = newcomer(words, self._rules)
        if found is None and old is not None and words and "@" not in words:
            return Mailbox(clean_name(words, self._rules), old.address)  # another name of the same person
        return found

    @staticmethod
    def _half(values: dict[Label, str], new: Mailbox | None) -> bool:
        """Say whether something new is told that could not be read."""
        return new is None and any(values.get(each) for each in (Label.NEW, Label.NEW_NAME, Label.NEW_ADDRESS))

    # --- Sentences ---

    def _of_sentence(self, sentence: str) -> Iterator[Step]:
        found = list(self._of_patterns(sentence))
        if not found:
            step = machine_in(sentence, self._state.machines, self._rules, self._scope)
            found = [step] if step else []
        yield from found
        if self._is_more_in(sentence, found):
            self._unclear.append(sentence)

    def _is_more_in(self, sentence: str, found: Sequence[Step]) -> bool:
        """Half of a sentence must not be taken for all of it: addresses, or people of ours, that no step speaks of."""
        if not found:
            return bool(addresses_in(sentence)) or self._claims(sentence)
        used = {each.address for each in _people_of(found)}
        named = {each.address for each in self._people if registered(sentence, [each])} - {self._state.writer}
        return bool((named | set(addresses_in(sentence))) - used)

    def _claims(self, sentence: str) -> bool:
        """A change of somebody or of a machine is told, yet it was not understood."""
        low = small(sentence)
        if not any(holds(low, words) for words in self._rules.doings.values()):
            return False
        about = seen_in(sentence, self._scope)
        return registered(sentence, self._people) is not None or any(about)

    def _of_patterns(self, sentence: str) -> Iterator[Step]:
        """One sentence says one thing, and beside it perhaps who goes (`… and remove Ann from the askers`)."""
        bare = _without_roles(sentence, self._rules)
        low = small(bare)
        found: list[Step] = []
        for pattern in self._rules.patterns:
            if found and pattern.doing is not Doing.REMOVE:
                continue
            for way in self._ways(pattern, bare, low):
                steps = [each for each in self._of_way(pattern, way, sentence) if each.old not in _people_of(found)]
                if steps:
                    found += steps
                    break
        yield from found

    def _ways(self, pattern: Pattern, sentence: str, low: str) -> Iterator[dict[str, str]]:
        for way in pattern.ways(sentence, low):
            self._ways_left -= 1
            if self._ways_left < 0:
                return
            yield way

    def _of_way(self, pattern: Pattern, way: dict[str, str], sentence: str) -> Iterator[PersonStep]:
        old_words, new_words = way.get("{old}"), way.get("{new}")
        new = self._new_in(pattern, new_words)
        if (new_words is not None and new is None) or (new_words is None and old_words is None):
            return
        old = registered(old_words, self._people) if old_words else None
        if pattern.doing is Doing.EDIT:
            if old is None and is_the_writer(old_words or "", self._rules):
                old = registered(self._state.writer, self._people)
            if old is None or new is None:
                return
            new = Mailbox(new.name or old.name, new.address or old.address)
        elif old is None and pattern.doing is Doing.REPLACE:
            old = self._replaced(old_words, new_words or "", sentence)
        if old is None and pattern.doing is not Doing.ADD:
            return
        yield from self._steps(pattern.doing, old, new, [], small(sentence), sentence)

    def _new_in(self, pattern: Pattern, words: str | None) -> Mailbox | None:
        if words is None:
            return None
        if pattern.renames:
            name = clean_name(words, self._rules)
            return Mailbox(name, "") if name and "@" not in words else None
        return newcomer(words, self._rules)

    def _replaced(self, old_words: str | None, new_words: str, sentence: str) -> Mailbox | None:
        """`Change the asker to …` names nobody who goes: it can be the only one, or one who is named before."""
        if old_words is not None:
            return None
        ahead = new_words.partition("@")[0]
        if any(registered(ahead, [each]) for each in self._people):
            return registered(ahead, self._people)
        role = self._roles_in(small(sentence)) or self._roles_in(self._context) or [Role.ASKER]
        people = self._state.contacts if role == [Role.CONTACT] else self._state.askers
        return people[0] if len(people) == 1 else None

    # --- Steps ---

    def _steps(
        self,
        doing: Doing | None,
        old: Mailbox | None,
        new: Mailbox | None,
        roles: Sequence[Role],
        words: str,
        evidence: str,
    ) -> Iterator[PersonStep]:
        """Make a step for every role that is meant: the one that is named, else all that the person has."""
        if old is None and doing is Doing.EDIT:
            old = registered(self._state.writer, self._people)
        if old is not None and new is not None:
            new = Mailbox(new.name or (old.name if doing is Doing.EDIT else ""), new.address)
            same = new.address == old.address or _same_name(old.name, new.name)
            doing = Doing.EDIT if same or (doing is Doing.EDIT and not new.name) else Doing.REPLACE
            new = Mailbox(new.name or old.name, new.address) if doing is Doing.EDIT else new
        elif new is not None:
            doing = Doing.ADD
        elif old is None or doing is not Doing.REMOVE:
            return
        if new is not None and not new.name:
            return  # S5: a named individual
        for role in self._meant(roles, words, old, doing):
            yield PersonStep(role, doing, old, new, evidence)

    def _meant(self, roles: Sequence[Role], words: str, old: Mailbox | None, doing: Doing) -> Sequence[Role]:
        named = roles or self._roles_in(words) or self._roles_in(self._context)
        if old is None:
            return named[:1] or [Role.ASKER]
        has = [
            role
            for role, people in ((Role.ASKER, self._state.askers), (Role.CONTACT, self._state.contacts))
            if old in people
        ]
        if doing is Doing.EDIT and not roles:
            return has  # one person has one name and one address, whatever he is registered as
        return [role for role in named if role in has] or has

    def _roles_in(self, low: str) -> list[Role]:
        """`契約担当者` holds `担当者`: what contacts are called is taken out first."""
        contact = holds(low, self._rules.contacts)
        for word in self._rules.contacts:
            low = low.replace(word, " ")
        return [Role.ASKER] if holds(low, self._rules.askers) else [Role.CONTACT] if contact else []

    def _kind(self, words: str) -> Doing | None:
        low = small(words)
        order = (Doing.EDIT, Doing.REPLACE, Doing.REMOVE, Doing.ADD)
        return next((doing for doing in order if holds(low, self._rules.doings[doing])), None)

    def _speaks_of_change(self, sentence: str) -> bool:
        low = small(sentence)
        words = (self._rules.askers, self._rules.contacts, self._rules.hosts, *self._rules.doings.values())
        return any(holds(low, each) for each in words)


def _people_of(steps: Sequence[Step]) -> list[Mailbox]:
    return [each for step in steps if isinstance(step, PersonStep) for each in (step.old, step.new) if each]


def _without_roles(sentence: str, rules: ChangeRules) -> str:
    """Take out what the role of somebody is called, with the words that tie it to the sentence:
    `質問担当者を山田から…` and `remove Yamada from the askers` then say who, and nothing else.
    """
    text = sentence
    for word in (*rules.contacts, *rules.askers):
        low, at = small(text), 0
        while (at := small(text).find(word, at)) >= 0:
            start, end = _reach_back(low, at), _reach_on(low, at + len(word))
            text = _joined(text[:start].rstrip(), text[end:].lstrip())
            low, at = small(text), min(start, len(text))
    return text


def _joined(one: str, other: str) -> str:
    """Japanese is written without spaces."""
    tight = not one or not other or not (one[-1].isascii() and other[0].isascii())
    return f"{one}{'' if tight else ' '}{other}"


_TIES_BEFORE = ("as ", "from ", "of ", "the ", "a ", "an ", "our ", "your ", "my ", "list ", "registered ", "new ")
_TIES_BEHIND = ("として", "から", "には", "は", "を", "に", "が", "の", ":", ",", "、", "s", " list")


def _reach_back(low: str, at: int) -> int:
    moved = True
    while moved:
        moved = False
        for tie in _TIES_BEFORE:
            if low[:at].endswith(tie) and (at == len(tie) or not low[at - len(tie) - 1].isalnum()):
                at, moved = at - len(tie), True
    return at


def _reach_on(low: str, at: int) -> int:
    for tie in _TIES_BEHIND:
        if low.startswith(tie, at):
            return at + len(tie)
    return at


def _same_name(one: str, other: str) -> bool:
    return bool(one) and small(one).replace(" ", "") == small(other).replace(" ", "")
