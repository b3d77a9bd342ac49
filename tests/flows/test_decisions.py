"""Does a whole desk treat real mails as docs/who-may-write.md says (T9)? A sample that needs every line of it."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from tests.desk import decisions as d
from tests.desk.decisions import Case
from tests.flows.decision_mails import ADDRESS, LIST, OLGA, SATO, YAMADA, open_desk
from tests.flows.office import Letter

EACH = 30
"""Mails to each desk: at least one for each line of the table that can be reached there, and others at random."""
DESKS = list(itertools.product(d.STATE, d.ASKED, d.STRANGERS))
ASKERS = {YAMADA, OLGA, LIST, *(ADDRESS[who] for who in (d.OF_TWO, d.OTHERS, d.OTHERS_ADMITTED, d.IGNORED_ASKER))}
KINDS = {d.ACKNOWLEDGED: "acknowledgement", d.TOLD_ENDED: "contract-ended", d.ASKED_TO_ADMIT: "joining"}


def sample(state: str, asked: str, strangers: str) -> list[Case]:
    """The same ones in every run. What is released must have been held before."""
    here = [
        case
        for case in d.cases()
        if (case.state, case.asked, case.strangers) == (state, asked, strangers)
        and (case.released == d.NO or d.decided(_unreleased(case)).then.startswith("hold"))
    ]
    random.Random(f"{state}{asked}{strangers}").shuffle(here)
    first = {id(d.decided(case)): case for case in reversed(here)}
    rest = [case for case in here if case not in first.values()]
    return [*first.values(), *rest][: max(EACH, len(first))]


def _unreleased(case: Case) -> Case:
    return Case(case.who, case.trust, case.asked, case.reference, case.state, d.NO, case.strangers)


@pytest.mark.parametrize(("state", "asked", "strangers"), DESKS, ids=["-".join(each) for each in DESKS])
def test_the_desk_does_as_the_table_says(tmp_path: Path, state: str, asked: str, strangers: str) -> None:
    wrong = []
    once: set[tuple[str, str]] = set()
    with open_desk(tmp_path / "desk", state=state, asked=asked, strangers=strangers) as desk:
        for case in sample(state, asked, strangers):
            line = d.decided(case)
            got, letters = desk.decide(case)
            expected = _letters(line, case, once)
            if case.released != d.NO:  # it was held first
                expected += _letters(d.decided(_unreleased(case)), _unreleased(case), once)
            sent = [(letter.kind, letter.recipient) for letter in letters]
            if got != line.then or sorted(sent) != sorted(expected):
                wrong.append(f"{got} {sent}, not {line.then} {expected}: {case}")
            wrong += [f"{case}: {fault}" for letter in letters for fault in _faults(letter)]
    assert wrong == []


def _letters(line: d.Line, case: Case, once: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Whom the table lets know, and those letters only once that are sent once."""
    if line.told == d.NOBODY:
        return []
    address = ADDRESS[case.who]
    if case.released == d.IN_A_NAME or line.told == d.ASKED_TO_ADMIT:
        recipient = YAMADA
    elif case.who in (d.LIST, d.LIST_UNPROVEN) or (case.who == d.LIST_UNPROVEN_ASKER and case.released == d.AS_IT_IS):
        recipient = LIST
    else:
        recipient = address
    told = (line.told, address)
    if line.told != d.ACKNOWLEDGED:
        if told in once:
            return []
        once.add(told)
    return [(KINDS[line.told], recipient)]


def _faults(letter: Letter) -> list[str]:
    text = letter.raw.decode("utf-8", "replace")
    leaks = [word for word in (SATO, "suzuki@desk.example") if word in text]
    return leaks + ([] if letter.recipient in ASKERS else [f"a letter to {letter.recipient}"])


def test_there_are_enough_and_none_of_the_lines_is_left_out() -> None:
    chosen = [case for desk in DESKS for case in sample(*desk)]
    assert len(chosen) >= 800
    assert {id(d.decided(case)) for case in chosen} == {id(line) for line in d.TABLE}
