"""What runs again and again? APScheduler, which only ticks: what is due stands in the database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

Sweep = Callable[[], Awaitable[None]]


class Ticker:
    """Calls named sweeps at their intervals, never one twice at the same time, and late rather than not at all."""

    def __init__(self) -> None:
        self._scheduler: Any = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def every(self, seconds: float, name: str, sweep: Sweep) -> None:
        """Run this sweep every so many seconds."""
        self._scheduler.add_job(sweep, IntervalTrigger(seconds=seconds, timezone="UTC"), id=name, name=name)

    def start(self) -> None:
        """Begin to tick, in the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more; a sweep that runs is left to end by itself."""
        self._scheduler.shutdown(wait=False)
