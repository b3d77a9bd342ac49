"""Does the sink, run on its own, keep the ledger by which others count?"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from mailbot.channels.relay import connect
from tests.channels.relaying import letter, settings

ROOT = Path(__file__).parents[2]


async def test_sink_of_its_own(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    command = [sys.executable, "-m", "tests.channels.sink", "--port", "0", "--ledger", str(ledger)]
    sink = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert sink.stdout
    word, host, port = (await sink.stdout.readline()).decode().split()
    relay = connect(settings(f"smtp://{host}:{port}"))
    for number in range(10):
        await relay.send(letter(number))
        assert len(ledger.read_text().splitlines()) == number + 1  # it was written before the answer
    await relay.close()
    sink.send_signal(signal.SIGTERM)
    assert (word, await sink.wait()) == ("listening", 0)
    entries = [json.loads(line) for line in ledger.read_text().splitlines()]
    assert [entry["message_id"] for entry in entries] == [f"<{number}@desk.test>" for number in range(10)]
    assert set(entries[0]) == {"recipient", "sender", "message_id", "sha256", "time"}
