"""Told to stop in the middle of its work, the daemon ends well and in time, and nothing is lost or half-done."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.channels.sink import Sink
from tests.crash import ledgers
from tests.crash.daemon import Daemon
from tests.crash.desk import make_desk
from tests.crash.mails import askers_of, correspondence
from tests.crash.reconcile import reconcile
from tests.crash.senders import Senders

_STOPS = 10
_BETWEEN_STOPS = 25  # mails
_BOUND_SECONDS = 90.0


async def test_sigterm_under_load_ten_times(tmp_path: Path) -> None:
    mails = correspondence((_STOPS + 1) * _BETWEEN_STOPS, seed=9)
    async with asyncio.timeout(_BOUND_SECONDS), Sink(ledger=tmp_path / "relay.jsonl") as sink:
        desk = make_desk(tmp_path, relay=f"smtp://127.0.0.1:{sink.port}", askers=askers_of(mails), readers=1)
        daemon = Daemon(desk)
        senders = Senders(desk, mails, tmp_path / "clients.jsonl")
        codes = []
        try:
            await daemon.start()
            bringing = asyncio.create_task(senders.run(8))
            for number in range(_STOPS):
                while len(senders.accepted) < (number + 1) * _BETWEEN_STOPS - number:
                    assert daemon.alive, desk.log.read_text(encoding="utf-8")[-2000:]
                    await asyncio.sleep(0.005)
                codes.append(await daemon.stop())  # TimeoutError when it takes more than ten seconds
                await daemon.start()
            await bringing
            await ledgers.finished(desk.database)
            codes.append(await daemon.stop())
        finally:
            await daemon.close()
    found = ledgers.read(desk.database, tmp_path / "relay.jsonl", mails, {m.id: m.sha256 for m in mails})
    findings = reconcile(found, kills=0)
    assert findings.sound, findings.faults()  # with no kill, a second copy of a letter counts as a fault
    assert codes == [0] * (_STOPS + 1)
    assert daemon.orphans == []
