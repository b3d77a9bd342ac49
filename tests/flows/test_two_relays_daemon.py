"""The whole daemon with two relays, of which the first fails at the worst moment: a customer's acknowledgement leaves
in time, once, and people hear of it by every other route.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import aiosmtplib
import pytest
from pydantic import SecretStr

from mailbot.app import Daemon, running
from mailbot.config import Alarm, Database, Relay, SecondRelay, Settings, Smtp
from mailbot.config import Secrets as SecretSettings
from mailbot.desk.contract import AskerKind
from mailbot.store import contracts, incidents, routes
from mailbot.store.engine import Store
from mailbot.workers import loops
from tests.channels.relaying import url_of
from tests.channels.sink import Drop, Say, Silence, Sink, Taken
from tests.channels.test_pager import Hook, script
from tests.flows.office import SECRET, mail

ASKER, STAFF, SUPPORT = "yamada@customer.example", "sato@desk.example", "support@example.com"
PATIENCE = 0.5  # seconds


class Clock:
    """The real time, put forward by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(autouse=True)
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "WATCH_SECONDS", 0.2)
    monkeypatch.setattr(loops, "RECHECK_SECONDS", 0.5)


def settings(folder: Path, first: str, second: str, hook: Hook) -> Settings:
    return Settings(
        database=Database(url=f"sqlite:///{folder / 'mailbot.db'}"),
        smtp=Smtp(listen=("127.0.0.1:0",), reserve_bytes=0),
        relay=Relay(url=first, starttls="when-offered"),
        second_relay=SecondRelay(url=second, starttls="when-offered", after_seconds=PATIENCE),
        alarm=Alarm.model_construct(
            to=(),
            command=(script(folder, f"cat >> {folder}/paged; echo >> {folder}/paged"),),
            webhook=SecretStr(f"http://127.0.0.1:{hook.port}/"),
            webhook_secret=None,
            timeout_seconds=10.0,
        ),
        secrets=SecretSettings(signing=(SecretStr(SECRET),)),
    )


def register(store: Store) -> None:
    now = datetime.now(UTC)
    with store.begin() as connection:
        number = contracts.add(
            connection,
            number="C-1",
            customer="Sample",
            menu="premium",
            language="en",
            cluster="",
            extra_askers=0,
            mailing_list_option=False,
            starts_on=date(now.year - 1, 1, 1),
            ends_on=date(now.year + 1, 12, 31),
            now=now,
        )
        contracts.add_asker(
            connection, number, kind=AskerKind.PERSON, name="Yamada", address=ASKER, list_id=None, now=now
        )
        contracts.add_staff(connection, name="Sato", address=STAFF, language="en", now=now)


@asynccontextmanager
async def desk(folder: Path, first: str, second: Sink, hook: Hook, clock: Clock) -> AsyncIterator[Daemon]:
    async with running(settings(folder, first, url_of(second), hook), now=clock) as daemon:
        register(daemon.context.store)
        yield daemon


async def ask(daemon: Daemon, subject: str = "Watchdog") -> None:
    port = int(str(daemon.listeners[0].addresses[0]).rpartition(":")[2])
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
        await client.sendmail(ASKER, [SUPPORT], mail(ASKER, subject, "How do we configure it?", to=SUPPORT))


async def until(reached: Callable[[], bool], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not reached():
            await asyncio.sleep(0.02)


def to(sink: Sink, recipient: str) -> list[Taken]:
    return [each for each in sink.taken if each.recipient == recipient]


def acknowledged(daemon: Daemon) -> list[bool]:
    with daemon.context.store.read() as connection:
        rows = incidents.listed(connection, contract_number=None, limit=10)
    return [row["acknowledged_at"] is not None for row in rows]


def paged(folder: Path) -> list[dict[str, object]]:
    path = folder / "paged"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.mark.parametrize("how", ["dead", "silent", "hangs before 354", "421", "451 behind the dot"])
async def test_the_first_relay_fails_at_the_worst_moment(tmp_path: Path, how: str) -> None:
    clock = Clock()
    async with Sink() as first, Sink() as second, Hook().open() as hook:
        match how:
            case "silent":
                first.will("greeting", Silence(), times=None)
            case "hangs before 354":
                first.will("data", Silence(), times=None)
            case "421":
                first.will("mail", Say("421 4.3.2 going down"), times=None)
            case "451 behind the dot":
                first.will("dot", Say("451 4.3.0 queue file write error"), times=None)
        url = "smtp://127.0.0.1:1" if how == "dead" else url_of(first)
        async with desk(tmp_path, url, second, hook, clock) as daemon:
            await ask(daemon)
            await until(lambda: bool(to(second, ASKER)))
            await until(lambda: acknowledged(daemon) == [True])
            assert to(second, STAFF) == []  # their mail waits for the first, and 20 seconds are not over
            clock.ahead = timedelta(seconds=25)
            await until(lambda: bool(to(second, STAFF) and paged(tmp_path) and hook.posted))
            clock.ahead = timedelta(minutes=5)
            await ask(daemon, "Another question")
            await until(lambda: acknowledged(daemon) == [True, True])
        assert [each.recipient for each in first.taken] == []
        assert len(to(second, ASKER)) == 2
        told = [each for each in to(second, STAFF) if b"Subject: ALARM: the first relay fails" in each.raw]
        assert len(told) == 1
        (page,) = [each for each in paged(tmp_path) if each["kind"] != "clock"]  # the test sets the clock forwards
        assert (page["kind"], page["subject"]) == ("relay", "【警報】第 1 リレーが使えません")
        posted = [json.loads(body) for _, body in hook.posted]
        assert [each for each in posted if each["kind"] != "clock"] == [page]


async def test_the_first_relay_dies_behind_the_dot(tmp_path: Path) -> None:
    """Nobody knows whether it has the letter (RFC 1047): the same letter goes once more, by the second."""
    clock = Clock()
    async with Sink() as first, Sink() as second, Hook().open() as hook:
        first.will("dot", Drop(taken=True), times=None)
        async with desk(tmp_path, url_of(first), second, hook, clock) as daemon:
            await ask(daemon)
            await until(lambda: bool(to(first, ASKER)))
            assert to(second, ASKER) == []
            clock.ahead = timedelta(seconds=15)
            await until(lambda: acknowledged(daemon) == [True])
        (doubtful,), (sure,) = to(first, ASKER), to(second, ASKER)
        assert doubtful.message_id == sure.message_id
        assert doubtful.raw == sure.raw


async def test_bulk_that_hangs_does_not_hold_up_an_acknowledgement(tmp_path: Path) -> None:
    """Letters to staff hang in the first relay, as many as may; the acknowledgement finds its way through it."""
    clock = Clock()
    async with (
        Sink() as first,
        Sink() as second,
        Hook().open() as hook,
        desk(tmp_path, url_of(first), second, hook, clock) as daemon,
    ):
        with daemon.context.store.begin() as connection:
            for number in range(20):
                contracts.add_staff(
                    connection, name="Staff", address=f"staff{number}@x.example", language="en", now=clock()
                )
        real = first._next
        hanging: list[str] = []

        def hang(stage: object) -> object:
            """Whoever writes to staff waits for ever; customers are served."""
            if stage == "rcpt" and f"<{ASKER}>" not in first.commands[-1]:
                hanging.append(first.commands[-1])
                return Silence()
            return real(stage)  # type: ignore[arg-type]

        first._next = hang  # type: ignore[method-assign, assignment]
        await ask(daemon)
        await until(lambda: len(hanging) >= 3)
        await ask(daemon, "Another question")
        await until(lambda: acknowledged(daemon) == [True, True])
        assert len(hanging) == 3
    assert len(to(first, ASKER)) == 2
    assert second.taken == []


async def test_how_routes_fare_is_kept(tmp_path: Path) -> None:
    clock = Clock()
    async with Sink() as first, Sink() as second, Hook().open() as hook:
        first.will("greeting", Drop(), times=2)
        async with desk(tmp_path, url_of(first), second, hook, clock) as daemon:
            await ask(daemon)
            await until(lambda: bool(to(second, ASKER)))
            clock.ahead = timedelta(seconds=15)
            await until(lambda: bool(to(first, STAFF)))
            assert to(second, STAFF) == []  # a moment's failure calls nobody

            def fares() -> dict[str, bool]:
                with daemon.context.store.read() as connection:
                    return {each.route: each.failing_since is None for each in routes.every(connection)}

            await until(lambda: fares() == {"first": True, "second": True})
