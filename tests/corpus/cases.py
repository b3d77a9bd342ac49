"""Which mails are to be read, what is expected, and which expectations do we not share?

The corpora lie beside the project (`../shared/corpora`) and stay there: nothing of them is copied. How an answer is
judged is theirs too: `score.py` and `run_inspect.py` are loaded from their folder.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULT = Path(__file__).parents[2].parent / "shared" / "corpora"
EXCEPTIONS = Path(__file__).parents[1] / "corpus_exceptions.toml"
KINDS = ("parse", "trim", "auto", "bounce", "list", "thread", "auth")

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One expectation about one mail. `eml` and `dns` are paths below the folder; `lang` is empty where unknown."""

    id: str
    suite: str
    eml: str
    kind: str
    expect: Fields
    lang: str
    dns: str


@dataclass(frozen=True, slots=True)
class Judges:
    """What the corpora bring along: from inspect's answer to the fields, and from those to the names of faults."""

    flat: Callable[[Fields], Fields]
    checks: Mapping[str, Callable[[Fields, Fields], Iterable[str]]]


def cases(folder: Path, kinds: Sequence[str] = KINDS) -> list[Case]:
    """The cases of these kinds, in their order, without those that are disputed."""
    with (folder / "manifest.jsonl").open(encoding="utf-8") as lines:
        return [_case(item) for item in map(json.loads, lines) if item["kind"] in kinds and not item.get("disputed")]


def _case(item: Fields) -> Case:
    return Case(
        item["id"],
        item["suite"],
        item["eml"],
        item["kind"],
        item["expect"],
        item.get("lang") or "",
        item.get("dns") or "",
    )


def records(folder: Path, case: Case) -> dict[str, str]:
    """Name → text of the TXT records that the suite publishes for this case; long ones go on in indented lines."""
    found: dict[str, str] = {}
    name = ""
    for line in (folder / case.dns).read_text(encoding="utf-8").splitlines() if case.dns else ():
        start, colon, text = ("", "", line) if line.startswith(" ") else line.partition(":")
        name = start if colon else name
        found[name] = found.get(name, "") + text.strip()
    return found


def judges(folder: Path) -> Judges:
    """Load the corpora's own judges."""
    spec = importlib.util.spec_from_file_location("corpora_run_inspect", folder / "run_inspect.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)  # it puts its folder on the path to find score.py
    sys.path[:] = before
    return Judges(module.flat, module.score.CHECKS)


def exceptions(path: Path = EXCEPTIONS) -> dict[str, str]:
    """Case id → why we do not share what is expected."""
    with path.open("rb") as file:
        return {each["id"]: each["reason"].strip() for each in tomllib.load(file).get("exception", [])}
