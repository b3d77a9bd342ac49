"""Does mailbot lose, double or forget anything when it is killed again and again under load? (T1)"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from mailbot.store.engine import Store, connect
from mailbot.store.schema import outbox
from tests.crash import ledgers
from tests.crash.daemon import Daemon
from tests.crash.desk import Desk, make_desk
from tests.crash.mails import Mail, askers_of, correspondence
from tests.crash.reconcile import Findings, reconcile
from tests.crash.relay import RunningRelay, running_relay
from tests.crash.senders import Senders

_STUCK_SECONDS = 90.0  # longer than a lease, without which nothing moves
_ALSO_IN_RECOVERY = 0.2  # so many kills are followed by another one before all is well again
MOST_RESTART_SECONDS = 5.0

Show = Callable[[str, int, int], None]
"""Told what is going on, how much is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a run is; the same seed sends the same mails."""

    mails: int
    clients: int
    kills: int
    seed: int
    database: str | None = None
    """A SQLAlchemy URL; None: an SQLite file in the folder."""
    hurried: bool = False
    """Let the leases of killed daemons end at once, as if their minute were over; PostgreSQL has to wait for it."""


@dataclass(slots=True)
class Report:
    """What a run came to."""

    plan: Plan
    findings: Findings
    mails: int
    questions: int
    kills: int
    retries: int
    in_doubt: int
    letters: int
    refused: list[str]
    orphans: list[int]
    exit_code: int
    restarts: list[float] = field(default_factory=list)
    """Seconds from each kill to the next 250."""
    seconds: float = 0.0
    bringing_seconds: float = 0.0

    @property
    def sound(self) -> bool:
        """Say whether every promise was kept."""
        return (
            self.findings.sound
            and not self.refused
            and not self.orphans
            and self.exit_code == 0
            and self.kills >= self.plan.kills
            and max(self.restarts, default=0.0) < MOST_RESTART_SECONDS
        )


async def crash(plan: Plan, folder: Path, show: Show = lambda *_: None) -> Report:
    """Run it all in this folder, which is left as it is."""
    mails = correspondence(plan.mails, seed=plan.seed)
    probes = [mail for mail in correspondence(4 * plan.kills, seed=plan.seed + 1) if mail.parent is None]
    async with running_relay(folder / "relay.jsonl") as relay:
        desk = make_desk(folder, relay=relay.url, askers=askers_of([*mails, *probes]), database=plan.database)
        daemon = Daemon(desk)
        try:
            return await _Run(plan, desk, relay, daemon, mails, probes, show).all()
        finally:
            await daemon.close()


class _Run:
    def __init__(
        self,
        plan: Plan,
        desk: Desk,
        relay: RunningRelay,
        daemon: Daemon,
        mails: list[Mail],
        probes: list[Mail],
        show: Show,
    ) -> None:
        self._plan, self._desk, self._relay, self._daemon, self._show = plan, desk, relay, daemon, show
        self._mails, self._probes = mails, probes
        self._chance = random.Random(plan.seed)
        self._senders = Senders(desk, mails, desk.folder / "clients.jsonl")
        self._probing = Senders(desk, [], desk.folder / "probes.jsonl")
        self._used = 0
        self._kills = 0
        self._restarts: list[float] = []
        # Each mail is taken once and told to staff once; each question is acknowledged.
        self._total = 2 * len(mails) + sum(mail.parent is None for mail in mails)

    async def all(self) -> Report:
        began = time.monotonic()
        await self._daemon.start()
        await self._daemon.ready()
        bringing = asyncio.create_task(self._bring())
        await self._kill_now_and_then()
        brought = await bringing - began
        await self._wait_until_done()
        code = await self._daemon.stop()
        return self._report(code, time.monotonic() - began, brought)

    async def _bring(self) -> float:
        await self._senders.run(self._plan.clients)
        return time.monotonic()

    def _progress(self) -> int:
        return len(self._senders.accepted) + self._relay.taken()

    async def _kill_now_and_then(self) -> None:
        moments = [(number + self._chance.random()) / self._plan.kills for number in range(self._plan.kills)]
        for moment in moments:
            while (done := self._progress()) < moment * 0.98 * self._total:
                self._show(f"{self._kills} kills", done, self._total)
                await asyncio.sleep(0.01)
            await asyncio.sleep(self._chance.random() * 0.1)
            await self._kill()
            if self._chance.random() < _ALSO_IN_RECOVERY:
                await asyncio.sleep(self._chance.random())
                await self._kill()
            await self._back_again()

    async def _kill(self) -> None:
        await self._daemon.kill()
        self._kills += 1
        self._killed_at = time.time()
        await self._daemon.start()

    async def _back_again(self) -> None:
        """Wait for the first 250 since the kill; a mail of our own sees to it that there is one."""
        probe, self._used = self._probes[self._used], self._used + 1
        own = await self._probing.bring(probe, lmtp=self._used % 2 == 0)
        since = [each.at for each in self._senders.accepted.values() if each.at > self._killed_at]
        self._restarts.append(min(own.at, *since, own.at) - self._killed_at)

    async def _wait_until_done(self) -> None:
        store = connect(self._desk.database)
        try:
            if self._plan.hurried:
                _end_leases_of_the_dead(store, alive=self._daemon.pid)
            await _until_done(store, lambda done: self._show("finishing", done, self._total))
        finally:
            store.close()

    def _report(self, code: int, seconds: float, bringing: float) -> Report:
        brought = [*self._mails, *self._probes[: self._used]]
        accepted = self._senders.accepted | self._probing.accepted
        found = ledgers.read(
            self._desk.database, self._relay.ledger, brought, {each.id: each.sha256 for each in accepted.values()}
        )
        return Report(
            plan=self._plan,
            findings=reconcile(found, kills=self._kills),
            mails=len(accepted),
            questions=sum(mail.parent is None for mail in brought),
            kills=self._kills,
            retries=sum(each.tries - 1 for each in accepted.values()),
            in_doubt=sum(each.in_doubt for each in accepted.values()),
            letters=len(found.sink),
            refused=self._senders.refused,
            orphans=self._daemon.orphans,
            exit_code=code,
            restarts=self._restarts,
            seconds=seconds,
            bringing_seconds=bringing,
        )


def _end_leases_of_the_dead(store: Store, *, alive: int) -> None:
    with store.begin() as connection:
        connection.execute(
            update(outbox)
            .where(outbox.c.state == "claimed", outbox.c.lease_owner.not_like(f"%:{alive}"))
            .values(lease_until=datetime.now(UTC) - timedelta(seconds=1))
        )


async def _until_done(store: Store, show: Callable[[int], None]) -> None:
    """Wait until nothing is left to do; TimeoutError when nothing has moved for long."""
    before, moved = None, time.monotonic()
    while not (now := ledgers.unfinished(store)).nothing:
        show(now.sent)
        if now != before:
            before, moved = now, time.monotonic()
        if time.monotonic() - moved > _STUCK_SECONDS:
            raise TimeoutError(f"nothing moves any more: {now}")
        await asyncio.sleep(0.1)
