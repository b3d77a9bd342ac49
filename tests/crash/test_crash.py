"""Killed again and again under load, mailbot loses, doubles and forgets nothing (T1, the short form of `make crash`)."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from tests.crash.run import Plan, crash
from tests.crash.table import table


async def test_nothing_is_lost_doubled_or_forgotten(tmp_path: Path) -> None:
    report = await crash(Plan(mails=600, clients=16, kills=4, seed=1), tmp_path)
    shown = Console(file=io.StringIO(), width=100, record=True)
    shown.print(table(report))
    assert report.sound, f"{shown.export_text()}\n{report.findings.faults()}"
    assert report.in_doubt + report.retries > 0, "no kill hit a mail on its way: the test tests nothing"
