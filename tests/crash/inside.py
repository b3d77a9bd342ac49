"""How is a desk run inside of the test, with a clock that the test moves and a relay that it owns?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from structlog.testing import capture_logs

from mailbot import app, config
from mailbot.store.engine import Store
from tests.channels.sink import Sink
from tests.crash import ledgers
from tests.crash.desk import Desk, make_desk
from tests.crash.mails import Asker

_BOUND_SECONDS = 20.0


class HandMovedClock:
    """The time that the desk sees: the real one, and what the test has put on top."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move(self, step: timedelta) -> None:
        """Let that much time pass at once."""
        self._ahead += step


@dataclass(frozen=True, slots=True)
class InsideDesk:
    """A running desk, its relay, its database and its clock."""

    desk: Desk
    sink: Sink
    store: Store
    clock: HandMovedClock

    async def settled(self) -> None:
        """Wait until everything is decided and sent; time passes quickly where the desk waits to try again."""
        async with asyncio.timeout(_BOUND_SECONDS):
            before = None
            while not (now := ledgers.unfinished(self.store)).nothing:
                if now == before:  # a lease or a back-off: let it run out
                    self.clock.move(timedelta(seconds=10))
                before = now
                await asyncio.sleep(0.1)


@asynccontextmanager
async def running_inside(
    folder: Path, askers: Iterable[Asker], database: str | None = None
) -> AsyncIterator[InsideDesk]:
    """Run a desk in this event loop until the end of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    clock = HandMovedClock()
    # Captured, so that no line is drawn for a terminal: a traceback in colours takes seconds.
    with capture_logs():
        async with Sink(ledger=folder / "relay.jsonl") as sink:
            relay = f"smtp://127.0.0.1:{sink.port}"
            desk = make_desk(folder, relay=relay, askers=askers, database=database)
            async with app.running(config.load(desk.configuration, {}), now=clock) as daemon:
                yield InsideDesk(desk, sink, daemon.context.store, clock)
