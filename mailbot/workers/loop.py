"""What do all loops need?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from datetime import datetime
from typing import Protocol, TypeVar

import structlog

from mailbot.errors import StoreUnavailableError

T = TypeVar("T")
Clock = Callable[[], datetime]

IDLE_SECONDS = 1.0
"""How soon work is seen that another program put into the database."""

log = structlog.get_logger("mailbot")


class Loop(Protocol):
    """What works until it is stopped."""

    def wake(self) -> None:
        """Say that there may be work."""

    def stop(self) -> None:
        """Finish what is at hand, then end."""

    async def run(self) -> None:
        """Work until stopped."""


async def in_thread(executor: Executor, function: Callable[..., T], *arguments: object) -> T:
    """Run a synchronous flow in a thread."""
    return await asyncio.get_running_loop().run_in_executor(executor, function, *arguments)


async def woken(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, but no longer."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


def unless_ended(error: BaseException) -> None:
    """Let a cancellation through that is meant for this task; one that strayed here is a bug like any other."""
    task = asyncio.current_task()
    if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
        raise error


def complain(loop: str, error: BaseException) -> None:
    """Log why a loop did not get on: a failure of the world in words, a bug with where it came from."""
    if isinstance(error, StoreUnavailableError):
        log.error("database away", loop=loop, error=str(error))
    else:
        log.error("a bug", loop=loop, error=f"{type(error).__name__}: {error}", exc_info=error)
