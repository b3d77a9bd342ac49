"""Which phrases of a mail does its writer state as facts, and which only as plan, possibility or absence? Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mailbot.desk.phrases import Occurrence, Vocabulary
from mailbot.desk.statements import Statements, statements

_BEFORE = 30  # characters of a sentence that are cited before the phrase
_REACH = 30  # characters between an English word and the phrase behind it that the word turns around
_SOON = 15  # the same, of the words of `afterwards`
_REACH_BACK = 8  # characters between a phrase and the Japanese ending behind it that turns it around
_JOINT = re.compile(r" (?:and|then|so) ")  # what stands before it turns nothing around behind it
_QUOTATION = re.compile(r'「[^「」]{8,600}」|『[^『』]{8,600}』|“[^“”]{8,600}”|(?<!\w)"(?=\w)[^"]{8,600}"(?!\w)')


class Stretches:
    """Stretches of a text, made to be asked whether a place lies in one."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(stretches):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def without(self, places: Iterable[Occurrence]) -> list[Occurrence]:
        """Give the places that do not begin in one of the stretches; what is longer than its stretch is not in it."""
        return [place for place in places if not self._hold(place)] if self._starts else list(places)

    def _hold(self, place: Occurrence) -> bool:
        number = bisect_right(self._starts, place.start) - 1
        if number < 0 or place.start >= self._ends[number]:
            return False
        return place.end <= self._ends[number] or place.start > self._starts[number]


@dataclass(frozen=True, slots=True)
class Stated:
    """What a mail states, and which phrases stand where in it, by group. What lies in `void` is not meant as a fact."""

    said: Statements
    places: Mapping[str, list[Occurrence]]
    void: Stretches

    def facts(self, group: str) -> list[Occurrence]:
        """Give the places of a group that are meant as facts."""
        places = self.places.get(group)
        return self.void.without(places) if places else []

    def all(self, group: str) -> list[Occurrence]:
        """Give every place of a group."""
        return self.places.get(group, [])

    def cited(self, place: Occurrence) -> str:
        """Give a phrase with the sentence that it stands in."""
        sentence = self.said.sentence_at(place.start)
        start = max(sentence.start, place.start - _BEFORE)
        cut = "…" if start > sentence.start else ""
        text = cut + self.said.plain.text[start : sentence.end].strip()
        return place.phrase if text == place.phrase else f"{place.phrase} — {text}"


def stated(subject: str, text: str, vocabulary: Vocabulary, troubles: Iterable[str]) -> Stated:
    """Find the phrases of a vocabulary in what a mail states; those within a phrase of the group `denied` do not count.

    The groups `fine` (all is well), `planned`, `later` (a time to come), `supposed` ("what if") and, in questions,
    `when` tell what is no fact, and `others` that what is quoted is not the writer's own trouble. `over` is what is
    said to be over, `ended` the same told of the past. What `negation` or `prospect` turn around is neither fine nor
    over, nor what is so but `partly`, nor `back` of `faults`; a negated `harm` is fine. `afterwards` turns `planned`
    and `past` around: the trouble came then.
    `troubles` are the groups that contradict that all is well.
    """
    said = statements(subject, text)
    places = vocabulary.occurrences(said.plain)
    denied = Stretches((place.start, place.end) for place in places.pop("denied", ()))
    left = {name: kept for name, found in places.items() if (kept := denied.without(found))}
    _turn(said, left)
    return Stated(said, left, Stretches(_void(said, left, troubles)))


def _turn(said: Statements, places: dict[str, list[Occurrence]]) -> None:
    """Keep of `over`, `fine`, `planned` and `past` what no word turns around; negated harm is fine too."""
    negation = places.get("negation", [])
    if "over" in places or "ended" in places:
        either = sorted((*negation, *places.get("prospect", ())))
        now = [place for place in places.get("over", ()) if not (_turned(said, place, either) or _asked(said, place))]
        ended = [place for place in places.get("ended", ()) if not _turned(said, place, negation)]
        faults, partly = places.get("faults", []), places.get("partly", [])
        after = places.get("afterwards", [])
        back = [place for place in places.get("back", ()) if not _turned(said, place, after)]  # "after the crash"
        returned = {place for place in back if _turned(said, place, faults)}
        places["over"] = sorted(place for place in {*now, *ended} - returned if not _limited(said, place, partly))
    if "fine" in places or "harm" in places:
        fine = [place for place in places.get("fine", ()) if not _turned(said, place, negation)]
        unharmed = [place for place in places.get("harm", ()) if _turned(said, place, negation)]
        places["fine"] = sorted((*fine, *unharmed))
    if "afterwards" in places:
        for name in ("planned", "past"):
            places[name] = [
                place for place in places.get(name, ()) if not _turned(said, place, places["afterwards"], _SOON)
            ]


def _turned(said: Statements, place: Occurrence, words: list[Occurrence], reach: int = _REACH) -> bool:
    """Say whether an English word before a phrase ("not yet", "until"), or a Japanese ending behind it, turns it."""
    text = said.plain.text
    start, end = said.clause_at(place.start)
    at = bisect_left(words, (place.start,))
    for word in reversed(words[max(0, at - reach) : at]):
        if word.end < start - 1 or word.end < place.start - reach:
            break
        if word.phrase.isascii() and word.end <= place.start and not _JOINT.search(text, word.end - 1, place.start + 1):
            return True
    if place.phrase.isascii():
        return False
    for word in words[at : at + _REACH]:
        if word.start > min(end, place.end + _REACH_BACK):
            return False
        if word.end > place.end and not word.phrase.isascii():
            return True
    return False


def _limited(said: Statements, place: Occurrence, words: list[Occurrence]) -> bool:
    """Say whether one of the words limits a phrase in the same clause ("for a minute"); an English one behind it."""
    start, end = said.clause_at(place.start)
    at = bisect_left(words, (place.end,))
    return any(
        start <= word.start < end and (word.start >= place.end or not word.phrase.isascii())
        for word in words[max(0, at - 1) : at + 1]
    )


def _asked(said: Statements, place: Occurrence) -> bool:
    """Say whether it is asked if a phrase is so ("is it fixed in the next release?")."""
    sentence = said.sentence_at(place.start)
    return sentence.asks and place.phrase.isascii() and said.clause_at(place.start)[1] >= sentence.end


def _void(
    said: Statements, places: Mapping[str, list[Occurrence]], troubles: Iterable[str]
) -> Iterator[tuple[int, int]]:
    yield from _all_well(said, places, troubles)
    if "others" in places:
        for quotation in _QUOTATION.finditer(said.plain.text):
            yield quotation.span()
    yield from _to_come(said, places)
    for place in places.get("supposed", ()):
        yield _from_condition(said, place)
    for place in places.get("when", ()):
        if said.sentence_at(place.start).asks:
            yield _from_condition(said, place)


def _all_well(
    said: Statements, places: Mapping[str, list[Occurrence]], troubles: Iterable[str]
) -> Iterator[tuple[int, int]]:
    """Give where all is well: a clause, or a whole sentence that tells of no trouble and of no other environment.

    Where it is only something `beside` that is well, this says nothing of the rest of its clause.
    """
    # "Since then it runs without problems" tells of a trouble: it is `over`, and all was not `fine`.
    fine = places.get("fine")
    if not fine:
        return
    over = {said.clause_at(place.start) for place in places.get("over", ())}
    clauses = {said.clause_at(place.start) for place in fine} - over
    contrary = [place for name in (*troubles, "over", "elsewhere") for place in places.get(name, ())]
    troubled = {said.sentence_at(place.start) for place in Stretches(clauses).without(contrary)}
    beside = {said.clause_at(place.start) for place in places.get("beside", ())}
    for place in fine if clauses & beside else ():
        yield place.start, place.end
    for clause in clauses - beside:
        yield clause
        sentence = said.sentence_at(clause[0])
        if sentence not in troubled:
            yield sentence.start, sentence.end


def _to_come(said: Statements, places: Mapping[str, list[Occurrence]]) -> Iterator[tuple[int, int]]:
    """Give the sentences that tell a plan, and what a time to come rules."""
    for place in places.get("planned", ()):
        sentence = said.sentence_at(place.start)
        yield sentence.start, sentence.end
    for place in places.get("later", ()):
        clause = said.clause_at(place.start)
        yield clause if place.phrase.isascii() else (place.start, said.sentence_at(place.start).end)


def _from_condition(said: Statements, place: Occurrence) -> tuple[int, int]:
    # A Japanese condition ends with its word (…した場合), an English one begins with it.
    start = place.start if place.phrase.isascii() else said.clause_at(place.start)[0]
    return start, said.sentence_at(place.start).end
