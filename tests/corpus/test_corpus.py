"""The targets hold over the public corpora; and the scorer itself counts as it says."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from tests.corpus.__main__ import main
from tests.corpus.cases import DEFAULT, Case, Judges, records
from tests.corpus.run import read_all
from tests.corpus.score import Score, Target, judged, language, paired, scored
from tests.corpus.table import plain, shown


@pytest.fixture(scope="module")
def corpora() -> Score:
    if not (DEFAULT / "manifest.jsonl").is_file():
        pytest.skip(f"the corpora are not there: {DEFAULT}")
    return read_all(DEFAULT)


def test_every_target_is_met(corpora: Score) -> None:
    assert [target for target in corpora.targets if not target.met] == []


def test_no_exception_is_stale(corpora: Score) -> None:
    assert corpora.stale == []


def case(name: str, kind: str, *, lang: str = "", **expect: object) -> Case:
    return Case(f"own/{name}#{kind}", "own", f"own/eml/{name}.eml", kind, expect, lang, "")


def differing(expect: dict[str, object], got: dict[str, object]) -> list[str]:
    return [key for key, value in expect.items() if got.get(key) != value]


JUDGES = Judges(lambda answer: answer, dict.fromkeys(("parse", "trim", "auto", "bounce", "list", "auth"), differing))
GOOD, BAD = case("good", "parse", subject="a"), case("bad", "parse", subject="b")
ANSWER = {"subject": "a", "is_auto": True}


def score_of(*cases: Case, excepted: dict[str, str] | None = None) -> Score:
    verdicts = [judged(each, ANSWER, JUDGES) for each in cases]
    return scored(verdicts, [], excepted or {}, [each.id for each in cases])


def target(score: Score, words: str) -> Target:
    return next(each for each in score.targets if words in each.words)


def test_a_wrong_answer_counts() -> None:
    found = target(score_of(GOOD, BAD), "parse")
    assert (found.of, found.rate, found.raw_rate, found.met) == (2, 0.5, 0.5, False)


def test_an_exception_is_left_out_and_still_shown() -> None:
    score = score_of(GOOD, BAD, excepted={BAD.id: "we know better"})
    assert (target(score, "parse").rate, target(score, "parse").raw_rate) == (1.0, 0.5)
    assert score.sound


@pytest.mark.parametrize(
    ("case_id", "reason", "words"),
    [
        ("own/nowhere#parse", "why", "no such case"),
        (GOOD.id, "why", "needs no exception"),
        (BAD.id, "", "the reason is missing"),
    ],
)
def test_a_stale_exception_is_a_fault(case_id: str, reason: str, words: str) -> None:
    score = score_of(GOOD, BAD, excepted={case_id: reason})
    assert words in "".join(score.stale)
    assert not score.sound


def test_a_human_taken_for_a_machine_counts_double() -> None:
    score = score_of(case("human", "auto", is_auto=False), *(case(str(n), "auto", is_auto=True) for n in range(9)))
    assert target(score, "count double").rate == pytest.approx(0.8)
    assert not target(score, "human mail").met


def test_a_reading_that_failed_is_wrong() -> None:
    verdict = judged(case("crash", "parse", no_crash=True), {"error": "RecursionError()"}, JUDGES)
    assert verdict.faults == ("RecursionError()",)
    assert judged(case("crash", "parse", no_crash=True), ANSWER, JUDGES).faults == ()


def test_the_language_is_that_of_what_is_expected() -> None:
    assert language(case("tagged", "trim", lang="da", new_text="the pool is full")) == "da"
    assert language(case("untagged", "trim", new_text="the pool is full")) == "en"
    assert language(case("japanese", "trim", contains=["接続できません"])) == "ja"


def test_threads_are_pairs() -> None:
    heap = [case(name, "thread", thread=thread) for name, thread in (("a", 1), ("b", 1), ("c", 2), ("d", 3))]
    labels = dict(zip((each.id for each in heap), ("x", "y", "z", "z"), strict=True))
    pairs = paired("own", heap, labels)
    assert pairs.surplus == ((heap[2].id, heap[3].id),)
    assert pairs.missing == ((heap[0].id, heap[1].id),)
    score = scored([], [pairs], {heap[2].id: "one writer, two subjects"}, [each.id for each in heap])
    assert (target(score, "joined").rate, target(score, "found").rate) == (1.0, 0.0)
    assert score.stale == []
    assert "wrongly joined" in _printed(score)


def test_the_table_names_what_failed() -> None:
    text = _printed(score_of(GOOD, BAD, excepted={BAD.id: "we know better"}))
    assert "[bad]" in text
    assert "✓" in text
    assert plain(score_of(GOOD, BAD))["suites"][0]["wrong"] == {BAD.id: ["subject"]}


def test_records_go_on_in_indented_lines(tmp_path: Path) -> None:
    (tmp_path / "zone.yml").write_text("a.example: v=1;\n  p=AB\n  CD\nb.example: x\n")
    zone = Case("own/a#auth", "own", "a.eml", "auth", {}, "", "zone.yml")
    assert records(tmp_path, zone) == {"a.example": "v=1;p=ABCD", "b.example": "x"}


def test_absent_corpora_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def _printed(score: Score) -> str:
    console = Console(file=io.StringIO(), width=100, record=True)
    console.print(shown(score))
    return console.export_text()
