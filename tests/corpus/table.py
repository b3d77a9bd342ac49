"""How does a score read? Tables for people, and plain data for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tests.corpus.cases import KINDS
from tests.corpus.score import Pairs, Score, Target, Verdict


def shown(score: Score) -> Group:
    """A table of the suites, what failed in each, and a line for each target."""
    parts: list[RenderableType] = [_suites(score), *_wrong(score)] if score.verdicts else []
    parts += [_threads(score.threads), *_wrong_pairs(score.threads)] if score.threads else []
    parts += [_targets(score)]
    parts += [Text(f"exception {each}", style="red") for each in score.stale]
    return Group(*parts)


def faults(score: Score, most: int) -> list[str]:
    """The first failing cases, with what is wrong."""
    failing = [each for each in score.verdicts if each.faults]
    return [f"{each.case.id}: {', '.join(each.faults)}{_because(each, score)}" for each in failing[:most]]


def plain(score: Score) -> dict[str, Any]:
    """The same as data."""
    return {
        "sound": score.sound,
        "targets": [asdict(target) | {"met": target.met} for target in score.targets],
        "suites": [
            {"kind": kind, "suite": suite, "right": len(these) - len(wrong), "of": len(these), "wrong": wrong}
            for kind, suite, these in _by_suite(score)
            for wrong in [{each.case.id: list(each.faults) for each in these if each.faults}]
        ],
        "threads": [asdict(pairs) for pairs in score.threads],
        "exceptions": dict(score.excepted),
        "stale_exceptions": score.stale,
    }


def _suites(score: Score) -> Table:
    table = Table(title="mails of public test suites", title_style="bold")
    for heading in ("kind", "suite"):
        table.add_column(heading, no_wrap=True)
    for heading in ("right", "of", "%", "exc."):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("what is wrong")
    last = ""
    for kind, suite, these in _by_suite(score):
        if last and kind != last:
            table.add_section()
        table.add_row("" if kind == last else kind, suite, *_figures(these, score))
        last = kind
    return table


def _figures(these: Sequence[Verdict], score: Score) -> tuple[str, ...]:
    wrong = [each for each in these if each.faults]
    right = len(these) - len(wrong)
    excepted = sum(each.case.id in score.excepted for each in wrong)
    common = Counter(fault for each in wrong for fault in each.faults).most_common(3)
    why = ", ".join(f"{fault} {count}" for fault, count in common)
    return str(right), str(len(these)), _percent(right / len(these)), str(excepted or ""), why


def _wrong(score: Score) -> Iterator[Text]:
    """The ids, as they stand in the manifest between suite and kind."""
    for kind, suite, these in _by_suite(score):
        names = " ".join(_name(each.case.id, score) for each in these if each.faults)
        if names:
            yield Text.assemble((f"{kind} {suite}: ", "bold"), names)
    if any(each.faults and each.case.id in score.excepted for each in score.verdicts):
        yield Text("[in brackets: an exception]", style="dim")


def _by_suite(score: Score) -> list[tuple[str, str, list[Verdict]]]:
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for each in score.verdicts:
        groups.setdefault((each.case.kind, each.case.suite), []).append(each)
    order = sorted(groups, key=lambda key: (KINDS.index(key[0]), key[1]))
    return [(kind, suite, groups[kind, suite]) for kind, suite in order]


def _threads(threads: Sequence[Pairs]) -> Table:
    table = Table(title="threads, as pairs of mails", title_style="bold")
    table.add_column("suite", no_wrap=True)
    for heading in ("mails", "joined", "of them right", "expected", "of them found"):
        table.add_column(heading, justify="right")
    for each in threads:
        right = each.joined - len(each.surplus)
        figures = (each.cases, each.joined, right, each.expected, each.expected - len(each.missing))
        table.add_row(each.suite, *map(str, figures))
    return table


def _wrong_pairs(threads: Sequence[Pairs]) -> Iterator[Text]:
    for each in threads:
        for words, pairs in (("wrongly joined", each.surplus), ("wrongly apart", each.missing)):
            if pairs:
                yield Text.assemble((f"{each.suite}, {words}: ", "bold"), ", ".join(map(_pair, pairs)))


def _pair(pair: tuple[str, str]) -> str:
    return " + ".join(_short(case_id) for case_id in pair)


def _targets(score: Score) -> Table:
    table = Table(title="targets", title_style="bold")
    table.add_column("")
    for heading in ("cases", "at least", "reached", "without exceptions"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for target in score.targets:
        table.add_row(
            target.words,
            str(target.of),
            _percent(target.least),
            _percent(target.rate),
            _percent(target.raw_rate),
            _mark(target),
        )
    return table


def _mark(target: Target) -> str:
    return "[green]✓[/green]" if target.met else "[red]✗[/red]"


def _percent(rate: float | None) -> str:
    """Never rounded up: 99.97 % is not 100 %."""
    return "" if rate is None else f"{int(rate * 1000 + 1e-9) / 10:.1f}"


def _name(case_id: str, score: Score) -> str:
    return f"[{_short(case_id)}]" if case_id in score.excepted else _short(case_id)


def _short(case_id: str) -> str:
    return case_id.partition("/")[2].rpartition("#")[0]


def _because(verdict: Verdict, score: Score) -> str:
    reason = score.excepted.get(verdict.case.id)
    return f" (exception: {reason})" if reason else ""
