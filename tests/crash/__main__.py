"""The crash test: kill the daemon at random under load, then compare the ledgers. `python -m tests.crash --help`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.crash.run import Plan, Report, Show, crash
from tests.crash.table import table
from tests.store import postgresql


def main() -> int:
    options = _options()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="mailbot-crash-"))
    with _database(options) as url, _showing() as show:
        plan = Plan(options.mails, options.clients, options.kills, options.seed, url)
        report = asyncio.run(crash(plan, folder, show))
    _print(report)
    if options.json:
        options.json.write_text(json.dumps(_plain(report), indent=2, ensure_ascii=False), encoding="utf-8")
    print(f"Everything is in {folder}")
    return 0 if report.sound else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--mails", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--url", help="an empty database on PostgreSQL; without it a server is started for this run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work; a new one in the folder for temporary files")
    parser.add_argument("--json", type=Path, help="also write the report into this file")
    return parser.parse_args()


@contextmanager
def _database(options: argparse.Namespace) -> Iterator[str | None]:
    if options.database == "sqlite" or options.url:
        yield options.url
        return
    with postgresql.started() as cluster:
        yield cluster.desk()


@contextmanager
def _showing() -> Iterator[Show]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda *_: None
        return
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("starting")
        yield lambda words, done, total: progress.update(bar, description=words, completed=done, total=total)


def _print(report: Report) -> None:
    console = Console(width=100 if not sys.stdout.isatty() else None)
    console.print(table(report))
    for name, found in report.findings.faults().items():
        for each in found[:10]:
            console.print(f"[red]{name}[/red] {each}")
        if len(found) > 10:
            console.print(f"[red]{name}[/red] … and {len(found) - 10} more")


def _plain(report: Report) -> dict[str, object]:
    return asdict(report) | {"sound": report.sound}


if __name__ == "__main__":
    sys.exit(main())
