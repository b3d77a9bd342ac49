"""Do the rules judge questions as customers write them, and not merely the words of these questions?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from mailbot.desk.statements import statements
from mailbot.desk.urgency import UrgencyRules, assess
from mailbot.rules import load

PROJECT = Path(__file__).parents[2]
FALSE_ALARMS = 2  # of the thirty that are not urgent
HANGING = 6  # questions that are judged rightly because of one phrase that no other question has


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of urgent_questions.toml; `urgent` says how it must be treated."""

    id: str
    lot: int
    urgent: bool
    subject: str
    text: str


QUESTIONS = tuple(
    Asked(**each)
    for each in tomllib.loads((Path(__file__).parent / "urgent_questions.toml").read_text(encoding="utf-8"))["question"]
)


@pytest.fixture(scope="module")
def rules() -> UrgencyRules:
    return load(PROJECT / "rules").urgency


def phrases_of(asked: Asked, rules: UrgencyRules) -> set[str]:
    places = rules.vocabulary.occurrences(statements(asked.subject, asked.text).plain)
    return {place.phrase for found in places.values() for place in found}


def without(phrase: str, rules: UrgencyRules) -> UrgencyRules:
    return replace(rules, vocabulary=replace(rules.vocabulary, groups={**rules.vocabulary.groups, phrase: ()}))


def wrong(asked: Asked, rules: UrgencyRules) -> bool:
    return assess(asked.subject, asked.text, rules).urgent is not asked.urgent


def test_there_are_thirty_of_each_and_both_languages() -> None:
    assert len({asked.id for asked in QUESTIONS}) == len(QUESTIONS) == 60
    for urgent in (True, False):
        languages = [asked.id[:2] for asked in QUESTIONS if asked.urgent is urgent]
        assert languages.count("ja") + languages.count("en") == 30
        assert 13 <= languages.count("ja") <= 17


@pytest.mark.parametrize("asked", [asked for asked in QUESTIONS if asked.urgent], ids=lambda asked: asked.id)
def test_no_urgent_question_is_missed(rules: UrgencyRules, asked: Asked) -> None:
    urgency = assess(asked.subject, asked.text, rules)
    assert urgency.urgent, urgency.evidence
    assert urgency.evidence


def test_hardly_any_other_question_wakes_somebody(rules: UrgencyRules) -> None:
    alarms = [asked.id for asked in QUESTIONS if not asked.urgent and wrong(asked, rules)]
    assert len(alarms) <= FALSE_ALARMS, alarms


def test_no_phrase_is_a_sentence_of_its_own(rules: UrgencyRules) -> None:
    """A rule that holds half a question would recognise that question only."""
    long = [
        phrase.text
        for phrase in rules.vocabulary.phrases.ordered
        if len(phrase.text.split()) > 6 or (not phrase.text.isascii() and len(phrase.text) > 20)
    ]
    assert long == []


def test_few_questions_hang_on_a_phrase_that_no_other_question_needs(rules: UrgencyRules) -> None:
    """No urgent question is found by one phrase alone that stands in no other question."""
    found = {asked: phrases_of(asked, rules) for asked in QUESTIONS}
    hanging: dict[str, set[str]] = {}
    for asked, phrases in found.items():
        for phrase in phrases:
            alone = [other for other in QUESTIONS if phrase in found[other]] == [asked]
            if alone and not wrong(asked, rules) and wrong(asked, without(phrase, rules)):
                hanging.setdefault(asked.id, set()).add(phrase)
    assert not hanging.keys() & {asked.id for asked in QUESTIONS if asked.urgent}, hanging
    assert len(hanging) <= HANGING, hanging
