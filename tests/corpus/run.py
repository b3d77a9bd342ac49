"""What is the score of all cases of these kinds?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.corpus.answers import Show, answers, threads_of
from tests.corpus.cases import EXCEPTIONS, KINDS, cases, exceptions, judges
from tests.corpus.score import Score, judged, paired, scored


def read_all(
    folder: Path, kinds: Sequence[str] = KINDS, excepted: Path = EXCEPTIONS, show: Show = lambda *_: None
) -> Score:
    """Read the mails below the folder and judge what was read."""
    everything = cases(folder)
    chosen = [case for case in everything if case.kind in kinds]
    judge = judges(folder)
    by_case = answers(chosen, folder, show)
    verdicts = [judged(case, by_case[case.id], judge) for case in chosen if case.kind != "thread"]
    heap = [case for case in chosen if "thread" in case.expect]
    threads = [
        paired(suite, [case for case in heap if case.suite == suite], labels)
        for suite, labels in threads_of(heap, folder)
    ]
    return scored(verdicts, threads, exceptions(excepted), (case.id for case in everything))
