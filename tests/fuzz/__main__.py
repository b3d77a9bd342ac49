"""Let a coverage-guided fuzzer think of mails that break the reader: `python -m tests.fuzz --help`, or `make fuzz`.

A million executions take some 40 minutes on two idle cores. Faults are saved, as small as they get, in
`tests/fuzz/crashes/`, where `tests/fuzz/test_crashes.py` replays them for ever after. Exit 1 when there is one.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.corpus.cases import DEFAULT as CORPORA
from tests.fuzz.findings import CRASHES, SEEDS, fault, keep, smallest
from tests.fuzz.run import Outcome, Plan, fuzz


def main(arguments: Sequence[str]) -> int:
    chosen = _parser().parse_args(arguments)
    if importlib.util.find_spec("atheris") is None:
        print("The fuzzer (atheris) has no wheel for this Python and machine: nothing was tried.", file=sys.stderr)
        return 2
    CRASHES.mkdir(exist_ok=True)
    before = {path for path in CRASHES.iterdir() if path.suffix != ".eml"}
    with tempfile.TemporaryDirectory(prefix="mailbot-fuzz-") as fresh:
        plan = Plan(
            runs=chosen.runs,
            processes=chosen.processes,
            longest=chosen.max_len,
            seed=chosen.seed,
            units=chosen.folder or Path(fresh),
            seeds=(SEEDS, *sorted(CORPORA.glob("*/eml"))),
        )
        outcomes = _with_progress(plan)
    found = [path for path in map(_smallest, sorted(CRASHES.iterdir())) if path and path not in before]
    _print(outcomes, found)
    if chosen.json:
        report = {"processes": [asdict(each) for each in outcomes], "faults": [path.name for path in found]}
        chosen.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0 if not found and all(each.exit_code == 0 for each in outcomes) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=1_000_000, help="executions, of all processes together")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--max-len", type=int, default=8_192, help="bytes of the longest mail")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of chance; by default another each time")
    parser.add_argument("--folder", type=Path, help="keep here what reached something new, and go on from it")
    parser.add_argument("--json", type=Path, help="also write the report into this file")
    return parser


def _with_progress(plan: Plan) -> list[Outcome]:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("thinking of mails", total=plan.runs)
        return fuzz(plan, lambda done: progress.update(bar, completed=done))


def _smallest(path: Path) -> Path | None:
    """The same fault in fewer bytes, None where it is mended; what kills the process cannot be tried here."""
    if path.suffix != ".eml":
        return path
    raw = path.read_bytes()
    name = fault(raw)
    return keep(smallest(raw, name), name) if name else None


def _print(outcomes: Sequence[Outcome], found: Sequence[Path]) -> None:
    console = Console(width=100 if not sys.stdout.isatty() else None)
    table = Table(title="mails that a machine thought of")
    for heading in ("process", "executions", "a second", "blocks reached", "new mails", "peak MB", "exit"):
        table.add_column(heading, justify="right")
    for number, each in enumerate(outcomes):
        cells = (each.executions, each.a_second, each.coverage, each.new_units, each.peak_mb, each.exit_code)
        table.add_row(str(number), *(f"{cell:,}" for cell in cells))
    table.add_section()
    table.add_row("all", f"{sum(each.executions for each in outcomes):,}", f"{sum(e.a_second for e in outcomes):,}")
    console.print(table)
    for path in found:
        console.print(f"[red]fault[/red] {path.name} ({path.stat().st_size:,} bytes) in {CRASHES}", soft_wrap=True)
    for each in outcomes:
        if each.exit_code:
            console.print("[red]a process ended by itself[/red]")
            console.print(each.last_words, soft_wrap=True, markup=False)
    console.print("[red]✗[/red] faults" if found or any(e.exit_code for e in outcomes) else "[green]✓[/green] no fault")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
