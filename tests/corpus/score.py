"""How many answers are right, with and without the exceptions, and do the targets hold? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from mailbot.desk.language import language_of
from tests.corpus.cases import Case, Fields, Judges


@dataclass(frozen=True, slots=True)
class Verdict:
    """One case, read: which parts are wrong (empty: all right), and whether a human was taken for a machine."""

    case: Case
    faults: tuple[str, ...]
    human_called_machine: bool = False


@dataclass(frozen=True, slots=True)
class Pairs:
    """The threads of one suite, as pairs of case ids: those that we joined wrongly, and those that we left apart."""

    suite: str
    cases: int
    joined: int
    expected: int
    surplus: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached. `rate` and `without` (the exceptions) are shares of 1; None when there are no cases."""

    words: str
    least: float
    of: int
    rate: float | None
    raw_rate: float | None

    @property
    def met(self) -> bool:
        """Nothing to measure is nothing missed."""
        return self.rate is None or self.rate >= self.least


@dataclass(slots=True)
class Score:
    """All verdicts, all threads, and what is wrong with the list of exceptions itself."""

    verdicts: list[Verdict]
    threads: list[Pairs]
    excepted: Mapping[str, str]
    stale: list[str] = field(default_factory=list)

    @property
    def targets(self) -> list[Target]:
        """In the order of the issue; only for kinds that were read."""
        return [target for target in (*_of_verdicts(self), *_of_threads(self)) if target.of]

    @property
    def sound(self) -> bool:
        """Every target is met, and every exception is still needed."""
        return all(target.met for target in self.targets) and not self.stale


def judged(case: Case, answer: Fields, judges: Judges) -> Verdict:
    """Compare one answer with what is expected."""
    if "error" in answer:
        return Verdict(case, (str(answer["error"])[:60],))
    faults = () if "no_crash" in case.expect else tuple(sorted(set(judges.checks[case.kind](case.expect, answer))))
    return Verdict(case, faults, case.expect.get("is_auto") is False and bool(answer.get("is_auto")))


def language(case: Case) -> str:
    """As the suite says it, else as the words that are expected sound; never by what we read."""
    words = "\n".join(_words(case.expect))
    return case.lang or language_of(words) or ""


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _words(item)
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)


def paired(suite: str, cases: Sequence[Case], labels: Mapping[str, str]) -> Pairs:
    """Compare threads as sets of pairs: whatever a thread is called, two mails are in the same one or not."""
    joined, expected = set(), set()
    for one, other in combinations(cases, 2):
        pair = (one.id, other.id)
        joined |= {pair} if labels[one.id] == labels[other.id] else set()
        expected |= {pair} if one.expect["thread"] == other.expect["thread"] else set()
    return Pairs(
        suite,
        len(cases),
        len(joined),
        len(expected),
        tuple(sorted(joined - expected)),
        tuple(sorted(expected - joined)),
    )


def scored(
    verdicts: Sequence[Verdict], threads: Sequence[Pairs], excepted: Mapping[str, str], known: Iterable[str]
) -> Score:
    """Put all together. `known` are the ids of the whole manifest: an exception for none of them is a mistake."""
    score = Score(list(verdicts), list(threads), excepted)
    read = {verdict.case.id: bool(verdict.faults) for verdict in verdicts}
    wrong = {case_id for pairs in threads for pair in (*pairs.surplus, *pairs.missing) for case_id in pair}
    everything = set(known)
    for case_id, reason in excepted.items():
        if case_id not in everything:
            score.stale.append(f"{case_id}: there is no such case")
        elif read.get(case_id) is False or (case_id.endswith("#thread") and threads and case_id not in wrong):
            score.stale.append(f"{case_id}: it is right, so it needs no exception")
        elif not reason:
            score.stale.append(f"{case_id}: the reason is missing")
    return score


def _of_verdicts(score: Score) -> Iterator[Target]:
    yield _share(score, "parse: wholly right", 0.99, ("parse",))
    yield _share(score, "new text: Japanese and English", 0.95, ("trim",), languages=("ja", "en"))
    yield _share(score, "new text: all languages", 0.90, ("trim",))
    yield _share(score, "automatic and bounce (humans count double)", 0.98, ("auto", "bounce"))
    yield _humans(score)
    yield _share(score, "mailing lists", 1.0, ("list",))
    yield _share(score, "ARC and Authentication-Results", 0.95, ("auth",))


def _share(
    score: Score, words: str, least: float, kinds: Sequence[str], *, languages: Sequence[str] | None = None
) -> Target:
    these = [each for each in score.verdicts if each.case.kind in kinds]
    these = [each for each in these if languages is None or language(each.case) in languages]
    kept = [each for each in these if each.case.id not in score.excepted]
    return Target(words, least, len(these), _right(kept), _right(these))


def _right(verdicts: Sequence[Verdict]) -> float | None:
    if not verdicts:
        return None
    wrong = sum(bool(each.faults) + each.human_called_machine for each in verdicts)
    return 1 - wrong / len(verdicts)


def _humans(score: Score) -> Target:
    humans = [each for each in score.verdicts if each.case.expect.get("is_auto") is False]
    rate = 1 - sum(each.human_called_machine for each in humans) / len(humans) if humans else None
    return Target("human mail not taken for a machine's", 1.0, len(humans), rate, rate)


def _of_threads(score: Score) -> Iterator[Target]:
    joined, expected = _sum(score, "joined"), _sum(score, "expected")
    surplus = [pair for pairs in score.threads for pair in pairs.surplus]
    missing = [pair for pairs in score.threads for pair in pairs.missing]
    for words, wrong, of in (("joined pairs right", surplus, joined), ("pairs found", missing, expected)):
        kept = [pair for pair in wrong if not set(pair) & set(score.excepted)]
        rates = [1 - len(these) / of if of else None for these in (kept, wrong)]
        yield Target(f"threads: {words}", 1.0, of, *rates)


def _sum(score: Score, name: str) -> int:
    return sum(getattr(pairs, name) for pairs in score.threads)
