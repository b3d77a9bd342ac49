"""What runs again and again? APScheduler, which only ticks: what is due stands in the database.

APScheduler knows one clock, the one on the wall, and that one may be set. Forwards, its own interval trigger goes
through every interval that it thinks it missed: six million for a year of five seconds, in the event loop. Back, it
waits until the clock comes round again. So intervals count from now here, and a guard that sleeps by the loop's own
clock calls what has been left waiting for longer than its interval.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from mailbot import clock

Sweep = Callable[[], Awaitable[None]]

_GUARD_SECONDS = 1.0


class _Every(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """So many seconds after now, whatever it was before."""

    def __init__(self, seconds: float) -> None:
        self.interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Give the next time; `now` is the scheduler's."""
        return now + self.interval


class Ticker:
    """Calls named sweeps at their intervals, never one twice at the same time, and late rather than not at all.

    `wall` is the clock that APScheduler reads.
    """

    def __init__(self, wall: Callable[[], datetime] = clock.now) -> None:
        self._scheduler: Any = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._wall = wall
        self._guard: asyncio.Task[None] | None = None

    def every(self, seconds: float, name: str, sweep: Sweep) -> None:
        """Run this sweep every so many seconds."""
        self._scheduler.add_job(sweep, _Every(seconds), id=name, name=name)

    def start(self) -> None:
        """Begin to tick, in the running event loop."""
        self._scheduler.start()
        self._guard = asyncio.create_task(self._keep_ticking())

    async def stop(self) -> None:
        """Tick no more; a sweep that runs is left to end by itself."""
        if self._guard is not None:
            self._guard.cancel()
            with suppress(asyncio.CancelledError):
                await self._guard
        self._scheduler.shutdown(wait=False)

    async def _keep_ticking(self) -> None:
        while True:
            await asyncio.sleep(_GUARD_SECONDS)
            now = self._wall()
            for job in self._scheduler.get_jobs():
                if job.next_run_time - now > job.trigger.interval:
                    job.modify(next_run_time=now)
