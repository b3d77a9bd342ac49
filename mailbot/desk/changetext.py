"""What change of the registered information does this text ask for? (S25) Pure.

Three ways of saying it are understood: a filled-in form, lines of old and new, and plain sentences. What is not
understood is shown to staff as it stands; nothing is changed before a person has looked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mailbot.desk.changeform import Record, is_filled_in, records, sentences
from mailbot.desk.changeroles import without_roles
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
from mailbot.desk.changesteps import Ground, doing_in, steps_of
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
_PARTS: dict[Label | None, list[Role]] = {Label.CONTACT_PART: [Role.CONTACT], Label.ASKER_PART: [Role.ASKER]}
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
        self._ground = Ground(state, rules, "")
        self._unclear: list[str] = []
        self._ways_left = _MOST_WAYS

    def read(self, lines: Sequence[str], cut: Sequence[str]) -> Understood:
        """Understand forms and lines of old and new first, then what is left as sentences; what was cut off is not."""
        self._unclear += cut
        found, others = records(lines, self._rules)
        said = list(sentences(others))
        self._ground = replace(self._ground, context=small("\n".join([even(self._subject), *said])))
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
        kind = doing_in(values.get(Label.KIND, ""), self._rules)
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
        # Below a heading of the form, a new person without a word about an old one comes on top.
        general = Doing.ADD if record.part and not old_words else doing_in(self._ground.context, self._rules)
        yield from steps_of(self._ground, kind or general, old, new, _PARTS.get(record.part, []), "", evidence)

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
        named = [each.host for each in self._state.machines if holds(self._ground.context, (small(each.host),))]
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
        denied = holds(small(sentence), self._rules.denied)
        found = [] if denied else list(self._of_patterns(sentence))
        if not found and not denied:
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
        bare = without_roles(sentence, self._rules)
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
        elif old is None and old_words is None and pattern.doing is Doing.REPLACE:
            ahead = (new_words or "").partition("@")[0]  # `as Yamada leaves, change the asker to …`
            old = registered(ahead, self._people)
            if old is None and any(registered(ahead, [each]) for each in self._people):
                return
        if old is None and (old_words is not None or pattern.doing is Doing.REMOVE):
            return
        yield from steps_of(self._ground, pattern.doing, old, new, [], small(sentence), sentence)

    def _new_in(self, pattern: Pattern, words: str | None) -> Mailbox | None:
        if words is None:
            return None
        if pattern.renames:
            name = clean_name(words, self._rules)
            return Mailbox(name, "") if name and "@" not in words else None
        return newcomer(words, self._rules)

    def _speaks_of_change(self, sentence: str) -> bool:
        low = small(sentence)
        words = (self._rules.askers, self._rules.contacts, self._rules.hosts, *self._rules.doings.values())
        return any(holds(low, each) for each in words)


def _people_of(steps: Sequence[Step]) -> list[Mailbox]:
    return [each for step in steps if isinstance(step, PersonStep) for each in (step.old, step.new) if each]
