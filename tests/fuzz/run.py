"""How do several fuzzing processes share one search, and what did each come to?"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.findings import CRASHES, WORDS

_PROJECT = Path(__file__).parents[2]
_STALLED_SECONDS = 20  # of the wall: other processes share the machine; CPU over 2 s is a broken promise before
_MOST_MB = 1_024  # the fuzzer's own tables and all units so far count too
_LINE = re.compile(r"#(\d+)\s+(\w+)\s+cov: (\d+)")
_FIGURE = re.compile(r"stat::(\w+):\s+(\d+)")
_LAST_WORDS = 30


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to search, from where, and with how many processes. `units` takes what reached something new."""

    runs: int
    processes: int
    longest: int
    seed: int
    units: Path
    seeds: tuple[Path, ...]


@dataclass(slots=True)
class Outcome:
    """What one process did so far."""

    executions: int = 0
    a_second: int = 0
    coverage: int = 0
    new_units: int = 0
    peak_mb: int = 0
    exit_code: int = 0
    last_words: str = ""
    _lines: list[str] = field(default_factory=list)

    def hear(self, line: str) -> None:
        """Take in a line that libFuzzer prints."""
        self._lines = [*self._lines[1 - _LAST_WORDS :], line.rstrip()]
        if match := _LINE.match(line):
            self.executions, self.coverage = int(match.group(1)), int(match.group(3))
        if match := _FIGURE.match(line):
            self._figure(match.group(1), int(match.group(2)))

    def _figure(self, name: str, value: int) -> None:
        names = {
            "number_of_executed_units": "executions",
            "average_exec_per_sec": "a_second",
            "new_units_added": "new_units",
            "peak_rss_mb": "peak_mb",
        }
        if name in names:
            setattr(self, names[name], value)

    def end(self, exit_code: int) -> None:
        """The process is gone."""
        self.exit_code = exit_code
        self.last_words = "\n".join(self._lines) if exit_code else ""
        self._lines = []


def fuzz(plan: Plan, show: Callable[[int], None]) -> list[Outcome]:
    """Search with all processes until each has done its share; `show` is told how many executions there were."""
    plan.units.mkdir(parents=True, exist_ok=True)
    outcomes = [Outcome() for _ in range(plan.processes)]
    watchers = [
        threading.Thread(target=_one_process, args=(plan, number, outcome)) for number, outcome in enumerate(outcomes)
    ]
    for watcher in watchers:
        watcher.start()
    while any(watcher.is_alive() for watcher in watchers):
        watchers[0].join(0.5) if watchers[0].is_alive() else watchers[-1].join(0.5)
        show(sum(outcome.executions for outcome in outcomes))
    return outcomes


def _one_process(plan: Plan, number: int, outcome: Outcome) -> None:
    command = [sys.executable, "-m", "tests.fuzz.target", *_options(plan, number), str(plan.units), *_folders(plan)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors="replace", cwd=_PROJECT) as process:
        assert process.stderr
        for line in process.stderr:
            outcome.hear(line)
    outcome.end(process.returncode)


def _options(plan: Plan, number: int) -> list[str]:
    return [
        f"-runs={plan.runs // plan.processes}",
        f"-max_len={plan.longest}",
        f"-seed={plan.seed + number}",
        f"-timeout={_STALLED_SECONDS}",
        f"-rss_limit_mb={_MOST_MB}",
        f"-dict={WORDS}",
        f"-artifact_prefix={CRASHES}/",
        "-reload=5",  # what the other processes found
        "-print_final_stats=1",
    ]


def _folders(plan: Plan) -> list[str]:
    return [str(folder) for folder in plan.seeds]
