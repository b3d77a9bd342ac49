"""Sweeps go on when the clock on the wall is set: only the clock that APScheduler reads is moved here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from time import monotonic
from typing import Any

import apscheduler.schedulers.base
import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from mailbot.scheduler import Ticker

OFF = [timedelta(0)]


class Wall(datetime):
    """The clock on the wall, which these tests set."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return datetime.now(tz) + OFF[0]


@pytest.fixture(autouse=True)
def wall(monkeypatch: pytest.MonkeyPatch) -> None:
    OFF[0] = timedelta(0)
    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Wall)


def now() -> datetime:
    return datetime.now(UTC) + OFF[0]


async def ticks(count: Callable[[], int], more: int) -> float:
    """Wait for so many more; the seconds that it took."""
    began, wanted = monotonic(), count() + more
    async with asyncio.timeout(10):
        while count() < wanted:
            await asyncio.sleep(0.01)
    return monotonic() - began


@pytest.mark.parametrize(
    "by",
    [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-365), timedelta(days=365)],
    ids=["-1 h", "+1 h", "-1 year", "+1 year"],
)
async def test_sweeps_go_on(by: timedelta) -> None:
    seen: list[float] = []

    async def sweep() -> None:
        seen.append(monotonic())

    ticker = Ticker(now)
    ticker.every(0.2, "sweep", sweep)
    ticker.start()
    try:
        await ticks(lambda: len(seen), 2)
        OFF[0] += by
        assert await ticks(lambda: len(seen), 3) < 3.0
    finally:
        await ticker.stop()


async def test_without_the_guard_they_would_not() -> None:
    """What is guarded against: should the library mend it, this test says that the guard may go."""
    OFF[0] = timedelta(hours=1)
    scheduler: Any = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(lambda: None, IntervalTrigger(seconds=5, timezone="UTC"), id="x")
    scheduler.start()
    try:
        OFF[0] = timedelta(0)
        scheduler.wakeup()
        assert scheduler.get_job("x").next_run_time - now() > timedelta(minutes=59)
        OFF[0] = timedelta(days=8)
        missed = scheduler.get_job("x")._get_run_times(now())
        assert len(missed) > 100_000, "every interval of the jump is gone through"
    finally:
        scheduler.shutdown(wait=False)


async def test_a_sweep_that_takes_long_is_not_started_twice() -> None:
    running, most = [0], [0]
    done: list[int] = []

    async def sweep() -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        await asyncio.sleep(0.3)
        running[0] -= 1
        done.append(1)

    ticker = Ticker(now)
    ticker.every(0.05, "sweep", sweep)
    ticker.start()
    try:
        await ticks(lambda: len(done), 1)
        OFF[0] -= timedelta(hours=1)
        await ticks(lambda: len(done), 2)
    finally:
        await ticker.stop()
    assert most == [1]
