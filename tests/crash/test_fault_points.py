"""Broken at every registered point, once by each kind of fault, mailbot keeps every promise (T1b)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mailbot import faults
from tests.channels.sink import Sink
from tests.crash import ledgers
from tests.crash.daemon import Daemon
from tests.crash.desk import make_desk
from tests.crash.inside import running_inside
from tests.crash.mails import Mail, askers_of, correspondence
from tests.crash.reconcile import Findings, reconcile
from tests.crash.senders import Senders

_MAILS = 30
_CLIENTS = 4
_AT_ONCE = 3
_BOUND_SECONDS = 40.0
_EACH_MAIL = {
    "receive.before-insert",
    "smtp.before-reply",
    "process.before-apply",
    "dispatch.before-send",
    "dispatch.after-send",
}
"""Points that are passed once a mail; the others once a group of mails, or once a tick."""


def fault_at(point: str, kind: str) -> str:
    """A fault in the middle of the work, not at its first step."""
    return f"{point}:{7 if point in _EACH_MAIL else 2}:{kind}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial came to; `reached` when the fault has happened."""

    findings: Findings
    reached: bool
    orphans: int
    code: int


@pytest.mark.parametrize("kind", ["raise", "enospc", "cancel"])
async def test_an_exception_at_any_point_costs_nothing(kind: str, tmp_path: Path) -> None:
    letters = [correspondence(_MAILS, seed=100 + number) for number in range(len(faults.POINTS))]
    everybody = askers_of([mail for mails in letters for mail in mails])
    unreached, brought = [], []
    async with running_inside(tmp_path, everybody) as inside:
        for point, mails in zip(sorted(faults.POINTS), letters, strict=True):
            faults.arm(fault_at(point, kind))
            senders = Senders(inside.desk, mails, tmp_path / "clients.jsonl")
            await senders.run(_CLIENTS)
            await inside.settled()
            brought += mails
            accepted = {mail.id: mail.sha256 for mail in brought}
            found = ledgers.read(inside.desk.database, tmp_path / "relay.jsonl", brought, accepted)
            findings = reconcile(found, kills=1)
            assert findings.sound, (point, findings.faults())
            assert not senders.refused, (point, senders.refused)
            if faults.waiting():
                unreached.append(point)
    assert not unreached


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    faults.arm("")


async def test_death_at_any_point_costs_nothing(tmp_path: Path) -> None:
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def one(point: str) -> Outcome:
        async with at_once, asyncio.timeout(_BOUND_SECONDS):
            return await _die_at(point, tmp_path / point)

    points = sorted(faults.POINTS)
    outcomes = dict(zip(points, await asyncio.gather(*map(one, points)), strict=True))
    assert [point for point, outcome in outcomes.items() if not outcome.reached] == []
    for point, outcome in outcomes.items():
        assert outcome.findings.sound, (point, outcome.findings.faults())
        assert (outcome.orphans, outcome.code) == (0, 0), point


async def _die_at(point: str, folder: Path) -> Outcome:
    mails = correspondence(_MAILS, seed=1)
    folder.mkdir()
    async with Sink(ledger=folder / "relay.jsonl") as sink:
        desk = make_desk(folder, relay=f"smtp://127.0.0.1:{sink.port}", askers=askers_of(mails), readers=1)
        daemon = Daemon(desk)
        try:
            await daemon.start(fault=fault_at(point, "kill"))
            senders = Senders(desk, mails, folder / "clients.jsonl")
            bringing = asyncio.create_task(senders.run(_CLIENTS))
            await daemon.ended()
            await daemon.start()
            await bringing
            await ledgers.finished(desk.database)
            code = await daemon.stop()
        finally:
            await daemon.close()
    reached = f"fault injected point={point} kind=kill" in desk.log.read_text(encoding="utf-8")
    return Outcome(_findings(desk.database, folder, mails, kills=1), reached, len(daemon.orphans), code)


def _findings(database: str, folder: Path, mails: list[Mail], *, kills: int) -> Findings:
    accepted = {mail.id: mail.sha256 for mail in mails}
    return reconcile(ledgers.read(database, folder / "relay.jsonl", mails, accepted), kills=kills)
