"""Which phrases of a mail does its writer state as facts, and which only as plan, possibility or absence? Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mailbot.desk.phrases import Occurrence, Vocabulary
from mailbot.desk.statements import Statements, statements

_BEFORE = 30  # characters of a sentence that are cited before the phrase


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


def stated(subject: str, text: str, vocabulary: Vocabulary) -> Stated:
    """Find the phrases of a vocabulary in what a mail states; those within a phrase of the group `denied` do not count.

    The groups `fine` (all is well), `planned`, `supposed` ("what if") and, in questions, `when` tell what is no fact.
    """
    said = statements(subject, text)
    places = vocabulary.occurrences(said.plain)
    denied = Stretches((place.start, place.end) for place in places.pop("denied", ()))
    left = {name: kept for name, found in places.items() if (kept := denied.without(found))}
    return Stated(said, left, Stretches(_void(said, left)))


def _void(said: Statements, places: Mapping[str, list[Occurrence]]) -> Iterator[tuple[int, int]]:
    # "Since then it runs without problems" tells of a trouble: it is `over`, and all was not `fine`.
    over = Stretches((place.start, place.end) for place in places.get("over", ()))
    for place in over.without(places.get("fine", ())):
        yield said.clause_at(place.start)
    for place in places.get("planned", ()):
        sentence = said.sentence_at(place.start)
        yield sentence.start, sentence.end
    for place in places.get("supposed", ()):
        yield _from_condition(said, place)
    for place in places.get("when", ()):
        if said.sentence_at(place.start).asks:
            yield _from_condition(said, place)


def _from_condition(said: Statements, place: Occurrence) -> tuple[int, int]:
    # A Japanese condition ends with its word (…した場合), an English one begins with it.
    start = place.start if place.phrase.isascii() else said.clause_at(place.start)[0]
    return start, said.sentence_at(place.start).end
