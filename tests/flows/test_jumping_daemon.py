"""The whole daemon under a clock that is set: mails come in by SMTP, letters go out to a relay, and nothing waits."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import aiosmtplib
import pytest
from pydantic import SecretStr

from mailbot import clock
from mailbot.app import Daemon, running
from mailbot.channels.letter import Letter
from mailbot.channels.ways import Ways
from mailbot.config import Database, Relay, Settings, Smtp
from mailbot.config import Secrets as SecretSettings
from mailbot.flows import registry
from mailbot.flows.application import Application, Offer
from mailbot.store import contracts, journal, outbox
from mailbot.workers import loops
from mailbot.workers.dispatcher import Dispatcher
from tests.channels.sink import Say, Sink
from tests.flows.office import SECRET, Office, mail, open_office

ASKER, SUPPORT = "yamada@customer.example", "support@example.com"
HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
SOON = 10.0  # seconds within which everything must have happened; no test waits that long


@dataclass
class Wall:
    """The clock on the wall, which the tests set; and that of the boot, which they only let pass."""

    off: timedelta = field(default_factory=timedelta)
    slept: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.off + self.slept

    def since_boot(self) -> float:
        return time.monotonic() + self.slept.total_seconds()


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    made = Wall()
    monkeypatch.setattr(clock, "_since_boot", made.since_boot)
    monkeypatch.setattr(loops, "WATCH_SECONDS", 0.2)
    return made


@dataclass
class Desk:
    daemon: Daemon
    sink: Sink

    async def ask(self, subject: str) -> None:
        port = str(self.daemon.listeners[0].addresses[0]).rpartition(":")[2]
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=int(port), start_tls=False) as client:
            await client.sendmail(ASKER, [SUPPORT], mail(ASKER, subject, "How is pgpool-II 4.5 tuned?", to=SUPPORT))

    def kinds(self) -> Counter[str]:
        """The letters that the relay took, by their kind."""
        with self.daemon.context.store.read() as connection:
            rows = {row["message_id"]: row["kind"] for row in outbox.listed(connection, states=(), limit=1_000)}
        return Counter(rows[each.message_id.strip("<>")] for each in self.sink.taken)

    def found(self) -> list[str]:
        with self.daemon.context.store.read() as connection:
            return [row["what"] for row in journal.about(connection, "clock")]

    async def until(self, wanted: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(SOON):
                while not wanted():
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"it did not happen: {self.kinds()}, {self.found()}") from None


@asynccontextmanager
async def serving(folder: Path, wall: Wall) -> AsyncIterator[Desk]:
    async with Sink() as sink:
        settings = Settings(
            database=Database(url=f"sqlite:///{folder / 'mailbot.db'}"),
            smtp=Smtp(listen=("127.0.0.1:0",), reserve_bytes=0),
            relay=Relay(url=f"smtp://127.0.0.1:{sink.port}", starttls="never"),
            secrets=SecretSettings(signing=(SecretStr(SECRET),)),
        )
        async with running(settings, now=wall.now) as daemon:
            _furnish(daemon, wall.now())
            yield Desk(daemon, sink)


def _furnish(daemon: Daemon, now: datetime) -> None:
    """A customer for years, one whose support begins in half a year, and somebody to alarm."""
    store = daemon.context.store
    offer = Offer(("business", "premium"), ("ja", "en"), frozenset({SUPPORT}))
    begins = (now + YEAR / 2).date()
    old = _sale("C-1", f"Yamada <{ASKER}>", date(now.year - 3, 1, 1), date(now.year + 3, 12, 31))
    new = _sale("C-2", "Jiro <jiro@other.example>", begins, begins + YEAR)
    registry.add_contracts(store, [old, new], offer, now)
    with store.begin() as connection:
        contracts.add_staff(connection, name="Sato", address="sato@example.com", language="en", now=now)


def _sale(number: str, asker: str, starts_on: date, ends_on: date) -> Application:
    term = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    return Application(where="here", number=number, customer="Sample", menu="premium", askers=(asker,), **term)


async def test_an_hour_back_while_mails_come_in(tmp_path: Path, wall: Wall) -> None:
    async with serving(tmp_path, wall) as desk:
        desk.sink.will("rcpt", Say("451 4.3.0 later"), times=None)
        await desk.ask("Before")
        await desk.until(lambda: any(each.startswith("RCPT") for each in desk.sink.commands))
        wall.off -= HOUR
        desk.sink.will("rcpt", Say("250 2.1.5 fine"), times=None)
        await desk.ask("After")
        await desk.until(lambda: desk.kinds()["acknowledgement"] == 2)
        await desk.until(lambda: desk.kinds() == {"acknowledgement": 2, "question": 2, "alarm": 1})
        assert desk.found() == ["backwards", "rewound"]


async def test_a_year_forwards(tmp_path: Path, wall: Wall) -> None:
    async with serving(tmp_path, wall) as desk:
        wall.off += YEAR
        await desk.ask("After")
        await desk.until(lambda: desk.kinds() == {"acknowledgement": 1, "question": 1, "alarm": 1})
        assert desk.found() == ["forwards", "suspended"]
        wall.off -= YEAR
        await desk.until(lambda: "resumed" in desk.found() and desk.kinds()["alarm"] == 2)
        assert desk.kinds()["welcome"] == 0, "its day has not come"
        wall.slept += YEAR / 2 + timedelta(days=2)  # now it has, by both clocks
        await desk.until(lambda: desk.kinds()["welcome"] == 1)
        assert "slept" in desk.found()


class _Slow:
    """A relay that answers when it is told to."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.answer = asyncio.Event()

    async def send(self, letter: Letter) -> str:
        self.got.append(letter.message_id)
        await self.answer.wait()
        return "250 2.0.0 taken"

    async def close(self) -> None:
        self.answer.set()

    async def check(self) -> None:
        pass


@pytest.mark.parametrize("by", [HOUR, YEAR], ids=["+1 h", "+1 year"])
async def test_what_is_on_its_way_is_not_sent_again_when_the_clock_jumps(tmp_path: Path, by: timedelta) -> None:
    """Nor after SIGCONT, which looks the same to the dispatcher: its leases are older than they may be."""
    wall, relay = Wall(), _Slow()
    with open_office(tmp_path) as office, ThreadPoolExecutor(1) as writer:
        contract = office.contract("C-1", starts_on=date(2020, 1, 1), ends_on=date(2036, 12, 31))
        office.asker(contract, "Yamada", ASKER)
        dispatcher = Dispatcher(
            office.context, writer, Ways({"first": relay}), wall.now, owner="test", way="first", in_flight=8
        )
        running_ = asyncio.create_task(dispatcher.run())
        try:
            await _asked(office, dispatcher, wall, "one")
            await _got(relay, 1)
            wall.off += by
            await _asked(office, dispatcher, wall, "two")
            await _got(relay, 2)
        finally:
            relay.answer.set()
            dispatcher.stop()
            await running_
        assert len(relay.got) == len(set(relay.got)) == 2
        assert {row["state"] for row in office.outbox()} == {"sent"}


async def _asked(office: Office, dispatcher: Dispatcher, wall: Wall, subject: str) -> None:
    office.now = wall.now()
    office.take_in(mail(ASKER, subject, f"How is {subject} of pgpool-II 4.5 tuned?"), sender=ASKER)
    await asyncio.to_thread(office.decide)
    dispatcher.wake()


async def _got(relay: _Slow, count: int) -> None:
    async with asyncio.timeout(SOON):
        while len(relay.got) < count:
            await asyncio.sleep(0.01)
