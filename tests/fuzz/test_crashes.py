"""What once broke the reader never does again; and the mails from which the fuzzer starts keep every promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.findings import CRASHES, SEEDS, fault, smallest
from tests.fuzz.invariants import check

_INPUTS = sorted(SEEDS.iterdir()) + sorted(CRASHES.glob("*"))


@pytest.mark.parametrize("path", _INPUTS, ids=lambda path: path.name)
def test_every_promise_holds(path: Path) -> None:
    check(path.read_bytes())


def test_a_fault_has_a_name_and_a_smallest_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    def easily_broken(raw: bytes) -> None:
        if b"Q" in raw:
            raise LookupError("Q")

    monkeypatch.setattr("tests.fuzz.findings.check", easily_broken)
    assert fault(b"no such letter") is None
    assert fault(b"one Q too many") == "lookuperror-in-test-crashes-easily-broken"
    assert smallest(b"one Q too many", "lookuperror-in-test-crashes-easily-broken") == b"Q"
