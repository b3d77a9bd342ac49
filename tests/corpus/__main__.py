"""Read the mails of public test suites and say how well: `python -m tests.corpus --help`, or `make corpus`.

Exit 1 when a target is missed or an exception is stale, 2 when the corpora are not there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.corpus.answers import Show
from tests.corpus.cases import DEFAULT, EXCEPTIONS, KINDS
from tests.corpus.run import read_all
from tests.corpus.table import faults, plain, shown


def main(arguments: Sequence[str]) -> int:
    chosen = _parser().parse_args(arguments)
    if not (chosen.folder / "manifest.jsonl").is_file():
        print(f"The corpora are not there: no manifest.jsonl in {chosen.folder}", file=sys.stderr)
        return 2
    with _progress() as show:
        score = read_all(chosen.folder.resolve(), chosen.kind, chosen.exceptions, show)
    console = Console(width=100 if not sys.stdout.isatty() else None)
    console.print(shown(score))
    for line in faults(score, chosen.show):
        console.print(line, markup=False, highlight=False)
    if chosen.json:
        chosen.json.write_text(json.dumps(plain(score), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if score.sound else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT, help="default: %(default)s")
    parser.add_argument("--kind", type=_kinds, default=KINDS, help="some of " + ",".join(KINDS))
    parser.add_argument("--show", type=int, default=0, metavar="N", help="what is wrong with the first N that fail")
    parser.add_argument("--exceptions", type=Path, default=EXCEPTIONS, help="default: %(default)s")
    parser.add_argument("--json", type=Path, help="also write the score into this file")
    return parser


def _kinds(words: str) -> tuple[str, ...]:
    kinds = tuple(words.split(","))
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise argparse.ArgumentTypeError(f"no such kind: {', '.join(unknown)}")
    return kinds


@contextmanager
def _progress() -> Iterator[Show]:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("reading")
        yield lambda done, total: progress.update(bar, completed=done, total=total)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
