"""How is what the doors take in kept, so that a 250 means it is on the disk?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

import structlog

from mailbot.errors import StoreUnavailableError
from mailbot.flows import receive
from mailbot.flows.context import Context
from mailbot.mail.envelope import Arrival, Envelope
from mailbot.workers.loop import Clock, in_thread

_GROUP = 64  # mails that share one commit

log = structlog.get_logger("mailbot")


class Intake:
    """Keeps what the doors take in. Mails that arrive while a commit runs share the next one (group commit)."""

    def __init__(self, context: Context, writer: Executor, clock: Clock, *, on_kept: Callable[[], None]) -> None:
        self._context = context
        self._writer = writer
        self._clock = clock
        self._on_kept = on_kept
        self._waiting: list[tuple[Arrival, asyncio.Future[int | None]]] = []
        self._committing: asyncio.Task[None] | None = None

    async def keep(self, raw: bytes, envelope: Envelope) -> None:
        """Return when the mail is on the disk. Raises StoreUnavailableError or StoreFullError when it is not."""
        arrival = Arrival(raw, envelope, self._clock())
        kept: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, kept))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit())
        inbound_id = await kept
        log.info(
            "kept",
            inbound=inbound_id,
            duplicate=inbound_id is None,
            channel=envelope.channel,
            size=len(raw),
            peer=envelope.peer,
        )

    async def _commit(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:_GROUP], self._waiting[_GROUP:]
                await self._keep_group(group)
        finally:
            self._committing = None

    async def _keep_group(self, group: Sequence[tuple[Arrival, asyncio.Future[int | None]]]) -> None:
        try:
            ids = await in_thread(self._writer, receive.keep, self._context.store, [arrival for arrival, _ in group])
        except BaseException as error:
            if len(group) > 1 and isinstance(error, Exception) and not isinstance(error, StoreUnavailableError):
                for each in group:  # one bad mail must not cost the others their 250; a database away costs all
                    await self._keep_group([each])
                return
            for _, kept in group:
                if not kept.done():
                    kept.set_exception(error if isinstance(error, Exception) else StoreUnavailableError("stopped"))
            return
        for (_, kept), inbound_id in zip(group, ids, strict=True):
            if not kept.done():
                kept.set_result(inbound_id)
        self._on_kept()
