"""Killed between claim and send, or between send and settle, again and again: every acknowledgement arrives (T6)."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.channels.sink import Sink
from tests.crash import ledgers
from tests.crash.daemon import Daemon
from tests.crash.desk import make_desk
from tests.crash.mails import askers_of, correspondence
from tests.crash.reconcile import reconcile
from tests.crash.senders import Senders

_KILLS = 5
_BOUND_SECONDS = 60.0


@pytest.mark.parametrize("point", ["dispatch.after-claim", "dispatch.after-send", "dispatch.before-settle"])
async def test_each_arrives_and_only_under_its_own_message_id(point: str, tmp_path: Path) -> None:
    mails = correspondence(20, seed=6)
    async with asyncio.timeout(_BOUND_SECONDS), Sink(ledger=tmp_path / "relay.jsonl") as sink:
        desk = make_desk(tmp_path, relay=f"smtp://127.0.0.1:{sink.port}", askers=askers_of(mails), readers=1)
        daemon = Daemon(desk)
        senders = Senders(desk, mails, tmp_path / "clients.jsonl")
        try:
            await daemon.start(fault=f"{point}:1:kill")
            bringing = asyncio.create_task(senders.run(4))
            for number in range(_KILLS):
                assert await daemon.ended() == -9
                await daemon.start(fault=f"{point}:1:kill" if number < _KILLS - 1 else "")
            await bringing
            await ledgers.finished(desk.database)
            assert await daemon.stop() == 0
        finally:
            await daemon.close()
    accepted = {mail.id: mail.sha256 for mail in mails}
    found = ledgers.read(desk.database, tmp_path / "relay.jsonl", mails, accepted)
    findings = reconcile(found, kills=_KILLS)
    assert findings.sound, findings.faults()
    copies = Counter(each.message_id for each in found.sink)
    assert point != "dispatch.after-claim" or set(copies.values()) == {1}, "nothing was sent, so nothing is doubled"
