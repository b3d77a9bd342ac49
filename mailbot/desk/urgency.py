"""Is a question urgent, and what in it says so? (S20) Pure.

A condition of S20 counts where the writer states it: not in what was copied into the mail, not of a test machine, not
as "what if", not of a trouble that is over.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailbot.desk.phrases import Occurrence, Vocabulary, plain
from mailbot.desk.stated import Stated, Stretches, stated
from mailbot.desk.statements import fields

CONDITIONS = ("production", "unusable", "critical", "sign")

_LONGEST_EVIDENCE = 120  # characters
_NEAR = 60  # characters between a part of the business and the words that say that it stands still
_CHOSEN = re.compile(r"(?:[■☑☒✔✓●◉]|\[[xX✓]\])(.+)")
_CHOICES = re.compile(r"[/・|｜]")


@dataclass(frozen=True, slots=True)
class UrgencyRules:
    """The phrases by which the conditions of S20 are recognised; rules/urgency.toml explains each group.

    `signs` are the four kinds of damage, each with its group. `labels` are names of form fields, in plain form;
    `levels` has the groups `high` and `low` of their values.
    """

    vocabulary: Vocabulary
    signs: tuple[tuple[str, str], ...]
    labels: frozenset[str]
    levels: Vocabulary


@dataclass(frozen=True, slots=True)
class Urgency:
    """The verdict: `urgent` is how the question is treated; `doubtful` says that a person must be asked about it.

    What is in doubt counts as urgent until then (S20). `evidence` lists what was found, as `condition: phrase — the
    sentence`, in plain form and at most 120 characters each; `lacking` names the conditions that a doubtful question
    does not show.
    """

    urgent: bool
    doubtful: bool
    evidence: tuple[str, ...]
    lacking: tuple[str, ...] = ()


def assess(subject: str, text: str, rules: UrgencyRules) -> Urgency:
    """Judge a question by its subject and by what the writer says in it anew.

    All four conditions of S20 together make it urgent. Doubtful is: a mark in the subject, at the head of the text or
    in a form; two of the conditions, one of them a trouble (unusable, a sign); a trouble with urging words or with a
    part of the customer's business. Who says that it is not urgent, in words or in a form, is believed, unless a mark
    or three of the conditions contradict.
    """
    read = stated(subject, text, rules.vocabulary)
    found = _claims(read, subject, text, rules) | _conditions(read, rules)
    lacking = tuple(name for name in CONDITIONS if name not in found)
    if not lacking and "denied" not in found:
        return Urgency(urgent=True, doubtful=False, evidence=_evidence(found))
    if _doubtful(found, lacking):
        return Urgency(urgent=True, doubtful=True, evidence=_evidence(found), lacking=lacking)
    return Urgency(urgent=False, doubtful=False, evidence=_evidence(found))


def _doubtful(found: Mapping[str, str], lacking: tuple[str, ...]) -> bool:
    if "mark" in found:
        return True
    if "denied" in found:
        return len(lacking) <= 1
    trouble = "unusable" in found or "sign" in found
    return trouble and (len(lacking) <= len(CONDITIONS) - 2 or "urging" in found or "business" in found)


def _evidence(found: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}: {hit}"[:_LONGEST_EVIDENCE] for name, hit in found.items())


def _claims(read: Stated, subject: str, text: str, rules: UrgencyRules) -> dict[str, str]:
    """Give what the writer says about the urgency itself: `mark`, `urging`, `denied` → its evidence."""
    calm = read.all("calm")
    meant = Stretches((place.start, place.end) for place in calm)  # "not urgent" holds "urgent"
    marks = meant.without(place for place in read.all("marks") if place.end <= read.said.heading)
    marks += meant.without(read.facts("claims"))
    levels = dict(reversed(list(_levels(subject, text, rules))))
    claims: dict[str, str] = {}
    if marks:
        claims["mark"] = read.cited(marks[0])
    elif "high" in levels:
        claims["mark"] = levels["high"]
    elif urging := meant.without(read.facts("marks") + read.facts("urging")):
        claims["urging"] = read.cited(urging[0])
    if calm:
        claims["denied"] = read.cited(calm[0])
    elif "low" in levels:
        claims["denied"] = levels["low"]
    return claims


def _levels(subject: str, text: str, rules: UrgencyRules) -> Iterator[tuple[str, str]]:
    """Give `high` or `low`, with the line, for each form field that says how urgent the question is."""
    for label, written in fields(subject, text):
        if label not in rules.labels:
            continue
        chosen = _CHOSEN.search(written)
        value = plain(chosen[1] if chosen else written)
        levels = rules.levels.occurrences(value)
        if len(levels) > 1 and chosen is None and _CHOICES.search(value.text):
            continue  # nobody has chosen yet
        places = [(places[0].start, -places[0].end, level) for level, places in levels.items()]
        if places:
            yield min(places)[2], f"{label}: {value.text}"


def _conditions(read: Stated, rules: UrgencyRules) -> dict[str, str]:
    """Give the evidence of every condition of S20 that is met, and of what holds a trouble back."""
    if not any(group in read.places for group in ("unusable", "standstill", *(group for _, group in rules.signs))):
        return {}
    production = read.facts("production")
    elsewhere = _Elsewhere.of(read, production)
    over, passed = _passed(read, elsewhere.named)
    unreal = (*passed, *_past_or_asked(read))
    there = Stretches((*unreal, *elsewhere.named, *elsewhere.meant))
    still = _standing_still(read, Stretches((*unreal, *elsewhere.named)))
    unusable = [*there.without(read.facts("unusable")), *still]
    critical = [*read.facts("critical"), *still]
    signs = [(kind, place) for kind, group in rules.signs for place in there.without(read.facts(group))]
    business = [] if critical or not (unusable or signs) else there.without(read.facts("business"))
    found = {
        "production": production and read.cited(production[0]),
        "unusable": unusable and read.cited(unusable[0]),
        "critical": critical and read.cited(critical[0]),
        "sign": signs and f"({signs[0][0]}) {read.cited(signs[0][1])}",
        "business": business and read.cited(business[0]),
        "elsewhere": elsewhere.places and read.cited(elsewhere.places[0]),
        "over": over and read.cited(over[-1]),
    }
    return {name: str(evidence) for name, evidence in found.items() if evidence}


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """What is said of environments that are not production: where, and in which stretches nothing else is spoken of.

    `named` are clauses that name one; `meant` is the rest of the text, as long as it does not name production.
    """

    places: list[Occurrence]
    named: list[tuple[int, int]]
    meant: list[tuple[int, int]]

    @classmethod
    def of(cls, read: Stated, production: list[Occurrence]) -> _Elsewhere:
        clauses = {read.said.clause_at(place.start) for place in production}
        sentences = {read.said.sentence_at(place.start) for place in production}
        places = [place for place in read.facts("elsewhere") if read.said.clause_at(place.start) not in clauses]
        named = []
        for place in places:
            clause, sentence = read.said.clause_at(place.start), read.said.sentence_at(place.start)
            named.append(clause if sentence in sentences else (clause[0], sentence.end))
        return cls(places, named, [(0, len(read.said.plain.text))] if places and not production else [])


def _passed(read: Stated, elsewhere: list[tuple[int, int]]) -> tuple[list[Occurrence], list[tuple[int, int]]]:
    """Give where it says that the trouble is over, and the stretches whose troubles are.

    What the same sentence goes on to say is not over ("it came back, but …"), nor what is said to be so still.
    """
    over = Stretches(elsewhere).without(read.facts("over"))
    again = Stretches((place.start, place.end) for place in over).without(read.all("again"))
    if not over or any(place.start >= over[0].start for place in again):
        return [], []
    last = over[-1]
    before = (0, last.end)
    if any(place.start >= last.end for place in read.all("still")):
        return over, [before]
    return over, [before, (read.said.sentence_at(last.start).end, len(read.said.plain.text))]


def _past_or_asked(read: Stated) -> Iterator[tuple[int, int]]:
    """Give the stretches that tell of old troubles, and those that ask whether there is one."""
    still = {read.said.sentence_at(place.start) for place in (*read.all("still"), *read.all("again"))}
    for place in read.all("past"):
        sentence = read.said.sentence_at(place.start)
        if sentence not in still:
            yield sentence.start, sentence.end
    for place in read.all("then"):
        if read.said.sentence_at(place.start) not in still:
            yield from _then(read, place)
    granted = {read.said.sentence_at(place.start) for place in read.all("granted")}
    for sentence in read.said.sentences:
        if sentence.asks and sentence not in granted:
            yield read.said.clause_at(max(sentence.start, sentence.end - 1))[0], sentence.end


def _then(read: Stated, place: Occurrence) -> Iterator[tuple[int, int]]:
    """Give the part of the text that a time long ago rules: an English clause, or a sentence in the Japanese past."""
    sentence = read.said.sentence_at(place.start)
    if place.phrase.isascii():
        yield read.said.clause_at(place.start)
    elif read.said.plain.text.endswith("た", sentence.start, sentence.end):
        yield sentence.start, sentence.end


def _standing_still(read: Stated, unreal: Stretches) -> list[Occurrence]:
    """Give where a part of the customer's business and the words that say that it stands still are close together."""
    halts = unreal.without(read.facts("standstill"))
    starts = [halt.start for halt in halts]
    found: list[Occurrence] = []
    for part in unreal.without(read.facts("business")) if halts else ():
        number = bisect_left(starts, part.end)
        # The one behind it, else the one before it.
        for halt in (*halts[number : number + 1], *halts[max(0, number - 1) : number]):
            start, end = min(part.start, halt.start), max(part.end, halt.end)
            if end - start <= _NEAR and read.said.sentence_at(start) == read.said.sentence_at(end - 1):
                found.append(Occurrence(start, end, read.said.plain.text[start:end]))
                break
    return found
