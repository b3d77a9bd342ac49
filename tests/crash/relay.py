"""Which relay takes the letters of the desk? A process of its own with a ledger, which outlives every daemon."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class RunningRelay:
    """Where it listens, and how many mails it has taken."""

    url: str
    ledger: Path
    _read: int = field(default=0)
    _lines: int = field(default=0)

    def taken(self) -> int:
        """Count the mails so far."""
        if self.ledger.exists():
            with self.ledger.open("rb") as ledger:
                ledger.seek(self._read)
                new = ledger.read()
            self._read += len(new)
            self._lines += new.count(b"\n")
        return self._lines


@asynccontextmanager
async def running_relay(ledger: Path) -> AsyncIterator[RunningRelay]:
    """Run the sink until the end of the block."""
    ledger.parent.mkdir(parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.channels.sink", "--ledger", str(ledger)),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    try:
        assert process.stdout is not None
        words = (await process.stdout.readline()).decode().split()
        yield RunningRelay(f"smtp://{words[1]}:{words[2]}", ledger)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
