"""Killed again and again under load, mailbot loses, doubles and forgets nothing (T1, `make crash` in short)."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from tests.crash.run import Plan, crash
from tests.crash.table import table


async def test_on_sqlite(tmp_path: Path) -> None:
    await nothing_is_lost_doubled_or_forgotten(Plan(mails=600, clients=16, kills=4, seed=1), tmp_path)


@pytest.mark.real
async def test_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    plan = Plan(mails=600, clients=16, kills=4, seed=1, database=postgresql_url, hurried=True)
    await nothing_is_lost_doubled_or_forgotten(plan, tmp_path)


async def nothing_is_lost_doubled_or_forgotten(plan: Plan, folder: Path) -> None:
    report = await crash(plan, folder)
    shown = Console(file=io.StringIO(), width=100, record=True)
    shown.print(table(report))
    assert report.sound, f"{shown.export_text()}\n{report.findings.faults()}"
    assert report.in_doubt + report.retries > 0, "no kill hit a mail on its way: the test tests nothing"
