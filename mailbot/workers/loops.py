"""Which loops and ticks make a running desk, and what is looked at at every tick?"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime, timedelta
from functools import partial

import structlog

from mailbot import clock
from mailbot.channels import pager
from mailbot.channels.ways import Ways
from mailbot.config import Settings
from mailbot.desk.pulse import Reading, Steady
from mailbot.errors import StoreUnavailableError
from mailbot.flows import access, changes, escalation, pulse, reminders, routes, watch
from mailbot.flows.context import Context
from mailbot.scheduler import Ticker
from mailbot.workers.dispatcher import Dispatcher
from mailbot.workers.intake import Intake
from mailbot.workers.loop import Clock, Loop, complain, in_thread, unless_ended
from mailbot.workers.pageworker import PageWorker
from mailbot.workers.processor import Processor

WATCH_SECONDS = 5.0
RECHECK_SECONDS = 10.0
GRACE_SECONDS = 3.0
"""For each of the three things that end at a stop: doors, processing, sending."""

SWEEPS: dict[str, Callable[[Context, datetime], int]] = {
    "watch": watch.tick,
    "calls": escalation.call_due,
    "routes": routes.watch,
    "reminders": reminders.remind,
    "changes": changes.remind,
    "access": access.sweep,
}
"""What is looked at at every tick, the most pressing first; each says how much it did."""

log = structlog.get_logger("mailbot")


class Heart:
    """Notes at every tick that the daemon lives, by both of its clocks (promises, invariant 9)."""

    def __init__(self, context: Context, daemon: str, now: Clock) -> None:
        self._context, self._daemon, self._now = context, daemon, now
        self._restarted = True

    def beat(self) -> bool:
        """Say whether anything was found. The first beat comes before any mail is looked at by this clock."""
        present = Reading(*clock.reading(self._now))
        beat = pulse.beat(self._context, self._daemon, present, restarted=self._restarted)
        self._restarted = False
        return not isinstance(beat.finding, Steady)


class Loops:
    """Everything that runs between the doors and the relays."""

    def __init__(
        self,
        settings: Settings,
        context: Context,
        writer: Executor,
        reader: Executor,
        ways: Ways,
        now: Clock,
        heart: Heart,
    ) -> None:
        owner = f"{socket.gethostname()}:{os.getpid()}"
        second = settings.second_relay or settings.relay
        self._context, self._writer, self._ways, self._now = context, writer, ways, now
        dispatcher = Dispatcher(
            context, writer, ways, now, owner=owner, way="first", in_flight=2 * settings.relay.connections
        )
        alarm_dispatcher = Dispatcher(
            context, writer, ways, now, owner=owner, way="second", in_flight=second.connections
        )
        lease = timedelta(seconds=2 * settings.alarm.timeout_seconds)
        page_workers = [
            PageWorker(context, writer, route, each, now, lease=lease)
            for route, each in pager.connect(settings.alarm).items()
        ]
        self.processor = Processor(context, writer, reader, now, on_decided=self._wake_senders)
        self.intake = Intake(context, writer, now, on_kept=self.processor.wake)
        self._senders: tuple[Loop, ...] = (dispatcher, alarm_dispatcher, *page_workers)
        self._loops: tuple[Loop, ...] = (self.processor, *self._senders)
        self._sweeps: dict[str, Callable[[], int]] = {"pulse": heart.beat} | {
            name: partial(self._sweep, sweep) for name, sweep in SWEEPS.items()
        }
        self._ticker = Ticker()
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to work."""
        self.tasks = [asyncio.create_task(loop.run()) for loop in self._loops]
        self._ticker.every(WATCH_SECONDS, "watch", self._watch)
        self._ticker.every(RECHECK_SECONDS, "recheck", self._recheck)
        self._ticker.start()

    async def stop(self) -> None:
        """Finish what is at hand; a mail whose fate the relay has not told is in doubt at the next start."""
        await self._ticker.stop()
        for loop in self._loops:
            loop.stop()
        _, late = await asyncio.wait(self.tasks, timeout=GRACE_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _wake_senders(self) -> None:
        for sender in self._senders:
            sender.wake()

    def _sweep(self, sweep: Callable[[Context, datetime], int]) -> int:
        return sweep(self._context, self._now())

    async def _watch(self) -> None:
        """What is due is done, one thing after the other; what fails in one keeps none of the others up."""
        for name, sweep in self._sweeps.items():
            try:
                done = await in_thread(self._writer, sweep)
            except (Exception, asyncio.CancelledError) as error:
                unless_ended(error)
                complain(name, error)
                continue
            if done:
                log.info("done by the clock", sweep=name, count=int(done))
                self._wake_senders()

    async def _recheck(self) -> None:
        """Whether a failure was one moment's must be known before people are called for it."""
        tried = await self._ways.recheck()
        if not tried:
            return
        try:
            await in_thread(self._writer, routes.note, self._context, tried, self._now())
        except StoreUnavailableError as error:
            complain("recheck", error)
