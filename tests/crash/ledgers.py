"""What do the three ledgers say: what customers got a 250 for, what the relay took, and what the database holds?"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text

from mailbot.store.engine import Store, connect
from mailbot.store.schema import inbound, incident, message, outbox
from tests.crash.mails import Mail


@dataclass(frozen=True, slots=True)
class Sent:
    """A line of the relay's ledger; the Message-ID without angle brackets."""

    recipient: str
    message_id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of `inbound`."""

    id: int
    sha256: str
    state: str
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """A row of `message`: which kept mail it is, and in which incident it stands."""

    inbound: int
    incident: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A row of `incident`."""

    id: int
    inbound: int
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """A row of `outbox`."""

    id: int
    kind: str
    incident: int | None
    inbound: int | None
    message_id: str
    recipient: str
    state: str


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Everything that the reconciler compares. `brought` were tried, `accepted` (id → sha256) got their 250."""

    brought: Sequence[Mail]
    accepted: dict[str, str]
    sink: Sequence[Sent]
    kept: Sequence[Kept]
    said: Sequence[Said]
    opened: Sequence[Opened]
    letters: Sequence[Letter]


def read(database: str, sink: Path, brought: Sequence[Mail], accepted: dict[str, str]) -> Ledgers:
    """Read the relay's ledger and the database, with nobody at work any more."""
    store = connect(database)
    try:
        with store.read() as connection:
            return Ledgers(
                brought=brought,
                accepted=accepted,
                sink=sink_lines(sink),
                kept=[
                    Kept(row.id, hashlib.sha256(row.raw).hexdigest(), row.state, row.verdict)
                    for row in connection.execute(
                        select(inbound.c.id, inbound.c.raw, inbound.c.state, inbound.c.verdict)
                    )
                ],
                said=[Said(*row) for row in connection.execute(select(message.c.inbound_id, message.c.incident_id))],
                opened=[
                    Opened(row.id, row.inbound_id, row.acknowledged_at is not None)
                    for row in connection.execute(
                        select(incident.c.id, incident.c.inbound_id, incident.c.acknowledged_at)
                    )
                ],
                letters=[
                    Letter(*row)
                    for row in connection.execute(
                        select(
                            outbox.c.id,
                            outbox.c.kind,
                            outbox.c.incident_id,
                            outbox.c.inbound_id,
                            outbox.c.message_id,
                            outbox.c.recipient,
                            outbox.c.state,
                        )
                    )
                ],
            )
    finally:
        store.close()


def sink_lines(ledger: Path) -> list[Sent]:
    """Every mail that the relay took, in order."""
    if not ledger.exists():
        return []
    lines = (json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines())
    return [Sent(line["recipient"], line["message_id"].strip("<>"), line["sha256"]) for line in lines]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What the daemon still has to do."""

    undecided: int
    unsent: dict[str, int]
    sent: int

    @property
    def nothing(self) -> bool:
        """Say whether all is done."""
        return not self.undecided and not self.unsent


def unfinished(store: Store) -> Unfinished:
    """Count what is left to do."""
    with store.read() as connection:
        undecided = connection.execute(
            select(func.count(text("*"))).select_from(inbound).where(inbound.c.state == "new")
        ).scalar_one()
        rows = connection.execute(select(outbox.c.state, func.count(text("*")).label("mails")).group_by(outbox.c.state))
        states = Counter({row.state: row.mails for row in rows})
    waiting = {state: states[state] for state in ("ready", "claimed", "in_doubt") if states[state]}
    return Unfinished(undecided, waiting, states["sent"])


async def finished(database: str) -> None:
    """Wait until the daemon has nothing left to do; the caller bounds it."""
    store = connect(database)
    try:
        while not unfinished(store).nothing:
            await asyncio.sleep(0.05)
    finally:
        store.close()
