"""What libFuzzer prints is understood."""

from __future__ import annotations

from tests.fuzz.run import Outcome


def test_figures_are_heard() -> None:
    outcome = Outcome()
    outcome.hear("#2048\tpulse  cov: 1500 ft: 4000 corp: 300/90Kb lim: 800 exec/s: 400 rss: 90Mb\n")
    assert (outcome.executions, outcome.coverage) == (2048, 1500)
    outcome.hear("stat::number_of_executed_units: 5000\n")
    outcome.hear("stat::average_exec_per_sec:     410\n")
    outcome.end(0)
    assert (outcome.executions, outcome.a_second, outcome.last_words) == (5000, 410, "")


def test_a_process_that_dies_leaves_its_last_words() -> None:
    outcome = Outcome()
    for line in ["long ago\n"] * 40 + ["==7== ERROR: libFuzzer: timeout after 20 seconds\n"]:
        outcome.hear(line)
    outcome.end(70)
    assert outcome.last_words.endswith("timeout after 20 seconds")
    assert len(outcome.last_words.splitlines()) == 30
