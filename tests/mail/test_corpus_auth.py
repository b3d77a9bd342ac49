"""The public suites of who sent what, where they are on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.mail.corpus_auth import auth_answer

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"


def test_the_suites() -> None:
    if not (CORPORA / "manifest.jsonl").exists():
        pytest.skip(f"the mails of other projects are not at {CORPORA}")
    cases = [
        case
        for line in (CORPORA / "manifest.jsonl").read_text("utf-8").splitlines()
        if (case := json.loads(line))["kind"] == "auth"
    ]
    wrong = [case["id"] for case in cases if not case.get("disputed") and not _holds(case)]
    assert len(wrong) <= len(cases) * 0.05, wrong


def _holds(case: dict[str, Any]) -> bool:
    got = auth_answer((CORPORA / case["eml"]).read_bytes(), _records(case.get("dns")))
    return all(got[key] == expected for key, expected in case["expect"].items())


def _records(path: str | None) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in (CORPORA / path).read_text().splitlines() if path else ():
        start, _, text = ("", "", line) if line.startswith(" ") else line.partition(":")
        name = start or name
        found[name] = found.get(name, "") + text.strip()
    return found
