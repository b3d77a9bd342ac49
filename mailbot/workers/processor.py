"""In which order, and how many at once, are kept mails decided about?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

from mailbot.flows import process
from mailbot.flows.context import Context
from mailbot.workers.loop import IDLE_SECONDS, Clock, complain, in_thread, unless_ended, woken

_BATCH = 32  # mails decided in one transaction: long enough to be cheap, short enough that a 250 does not wait for it
_BATCH_BYTES = 32_000_000
_PAUSE_SECONDS = 1.0  # after a failure of the world


class Processor:
    """Decides about kept mails in the order of their arrival; the next batch is read while one is written down."""

    def __init__(
        self, context: Context, writer: Executor, reader: Executor, clock: Clock, *, on_decided: Callable[[], None]
    ) -> None:
        self._context = context
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._on_decided = on_decided
        self._wake = asyncio.Event()
        self._stopping = False
        self._seen = 0

    def wake(self) -> None:
        """Say that there may be work."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the batch at hand, then end."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped; a failure of the world or a bug costs a pause, never the loop."""
        while not self._stopping:
            self._wake.clear()
            try:
                worked = await self._drain()
            except (Exception, asyncio.CancelledError) as error:
                unless_ended(error)
                complain("process", error)
                self._seen = 0
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            if not worked:
                self._seen = 0  # a mail may have been put back by hand
                await woken(self._wake, IDLE_SECONDS)

    async def _drain(self) -> bool:
        batch = await self._take()
        worked = bool(batch.mails)
        while batch.mails:
            following = asyncio.create_task(self._take())
            try:
                await in_thread(self._writer, process.decide, self._context, batch.mails, batch.readings, self._clock())
            except BaseException:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
                raise
            self._on_decided()
            batch = await following
            if self._stopping:
                break
        return worked

    async def _take(self) -> process.Batch:
        batch = await in_thread(self._reader, process.take, self._context, self._seen, _BATCH, _BATCH_BYTES)
        if batch.mails:
            self._seen = batch.mails[-1].id
        return batch
