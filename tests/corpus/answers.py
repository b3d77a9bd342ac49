"""What does mailbot say about each mail? The code of `mailbot inspect`, in several processes."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path

from mailbot.cli.inspect import inspect_one, threads
from tests.corpus.cases import Case, Fields, Judges, judges, records

_AT_ONCE = 16

Show = Callable[[int, int], None]
"""Told how many mails are read, and of how many."""


def answers(cases: Sequence[Case], folder: Path, show: Show = lambda *_: None) -> dict[str, Fields]:
    """Case id → the fields that the judges look at; `error` where reading failed."""
    plain = sorted({case.eml for case in cases if case.kind not in ("auth", "thread")})
    claims = [case for case in cases if case.kind == "auth"]
    total = len(plain) + len(claims)
    found: dict[str, Fields] = {}
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        for eml, answer in pool.imap_unordered(partial(_read, folder), plain, _AT_ONCE):
            found[eml] = answer
            show(len(found), total)
        by_case = {case.id: found[case.eml] for case in cases if case.eml in found}
        for number, (case_id, answer) in enumerate(pool.imap(partial(_verify, folder), claims, 1)):
            by_case[case_id] = answer
            show(len(found) + number + 1, total)
    return by_case


def _read(folder: Path, eml: str) -> tuple[str, Fields]:
    try:
        return eml, _judges(folder).flat(inspect_one((folder / eml).read_bytes()))
    except Exception as error:
        return eml, {"error": repr(error)}


def _verify(folder: Path, case: Case) -> tuple[str, Fields]:
    """What our own verification says, with the records that the suite publishes."""
    if importlib.util.find_spec("tests.mail.corpus_auth") is None:
        return case.id, {"error": "tests/mail/corpus_auth.py is not there"}
    from tests.mail.corpus_auth import auth_answer

    try:
        return case.id, auth_answer((folder / case.eml).read_bytes(), records(folder, case))
    except Exception as error:
        return case.id, {"error": repr(error)}


@cache
def _judges(folder: Path) -> Judges:
    return judges(folder)


def threads_of(cases: Sequence[Case], folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """For each suite: in which thread each case stands, by any label."""
    for suite in sorted({case.suite for case in cases}):
        these = [case for case in cases if case.suite == suite]
        groups = threads(sorted({(folder / case.eml).parent for case in these}))["threads"]
        label = {path: str(number) for number, group in enumerate(groups) for path in group}
        yield suite, {case.id: label.get(str(folder / case.eml), case.id) for case in these}
