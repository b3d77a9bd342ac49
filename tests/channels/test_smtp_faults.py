"""Whatever fails on our side is answered 4xx without its cause, and a mail is kept once or not at all (T2)."""

from __future__ import annotations

import asyncio
import errno
import logging
import re
import sqlite3
from collections.abc import Callable, Iterator

import pytest

from mailbot import faults
from mailbot.channels.smtp import Limits
from mailbot.errors import StoreFullError, StoreUnavailableError
from tests.channels.doors import Addresses, Shelf, open_door, until

SECRET = "password=secret"

FAULTS: dict[str, Callable[[], BaseException]] = {
    "bug": lambda: RuntimeError(SECRET),
    "database": lambda: sqlite3.OperationalError(f"database is locked: {SECRET}"),
    "disk": lambda: OSError(errno.ENOSPC, SECRET),
    "reset of another connection": lambda: ConnectionResetError(SECRET),
    "time-out": lambda: TimeoutError(SECRET),
    "text that is no ASCII": lambda: ValueError(f"秘密 {SECRET}"),
    "line ends in the text": lambda: ValueError(f"a\r\n250 2.0.0 {SECRET}"),
    "memory": MemoryError,
    "recursion": lambda: RecursionError(SECRET),
    "assertion": lambda: AssertionError(SECRET),
    "store away": lambda: StoreUnavailableError(SECRET),
    "store full": lambda: StoreFullError(SECRET),
    "cancelled": lambda: asyncio.CancelledError(SECRET),
    "injected": lambda: faults.InjectedFaultError(SECRET),
}


def raising(error: Callable[[], BaseException]) -> Shelf:
    async def fail() -> None:
        raise error()

    return Shelf(before=fail)


class BrokenAddresses(Addresses):
    def __init__(self, error: Callable[[], BaseException]) -> None:
        self.error = error

    def knows(self, address: str) -> bool:
        raise self.error()


@pytest.mark.parametrize("channel", ["smtp", "lmtp"])
@pytest.mark.parametrize("name", FAULTS)
async def test_keeping_fails(name: str, channel: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "mailbot.smtp")
    shelf = raising(FAULTS[name])
    async with open_door(channel, shelf=shelf) as door:
        client = await door.connect()
        addresses = ["one@desk.example", "two@desk.example"]
        hello = "LHLO" if channel == "lmtp" else "EHLO"
        await client.to_data(addresses, hello=hello)
        replies = [await client.say("hello\r\n.")]
        if channel == "lmtp":
            replies.append(await client.reply())
        for reply in replies:
            assert re.match(r"45[12] 4\.3\.[01] ", reply)
            assert "secret" not in reply
        assert replies[0].startswith("452 4.3.1" if name == "store full" else "451 4.3.0")
        shelf.before = None  # the session goes on as if nothing had been
        await client.to_data(addresses, hello="")
        assert (await client.say("again\r\n.")).startswith("250 2.0.0")
    assert [raw for raw, _ in shelf.mails] == [b"again\r\n"]
    assert door.tally.in_flight_bytes == 0


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in {"cancelled", "reset of another connection"}])
async def test_directory_fails(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "mailbot.smtp")
    async with open_door(directory=BrokenAddresses(FAULTS[name])) as door:
        client = await door.connect()
        await client.say("EHLO client.example")
        await client.say("MAIL FROM:<asker@customer.example>")
        assert (
            await client.say("RCPT TO:<help@desk.example>")
            == "451 4.3.0 Temporary failure here, please try again later"
        )
        assert (await client.say("NOOP")).startswith("250 ")


async def test_the_cause_is_in_the_log_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    async with open_door(shelf=raising(lambda: RuntimeError(SECRET))) as door:
        client = await door.connect()
        await client.to_data()
        assert "secret" not in await client.say("hello\r\n.")
    assert SECRET in caplog.text


@pytest.fixture
def disarmed() -> Iterator[None]:
    yield
    faults.arm("")


@pytest.mark.usefixtures("disarmed")
async def test_a_fault_between_keeping_and_the_reply() -> None:
    """The mail is kept, and the peer is told to come again: it will be recognised then."""
    faults.arm("smtp.before-reply:1:raise")
    async with open_door() as door:
        client = await door.connect()
        await client.to_data()
        assert (await client.say("hello\r\n.")).startswith("451 4.3.0")
    assert len(door.shelf.mails) == 1


@pytest.mark.parametrize("half", [True, False], ids=["half-close", "close"])
async def test_the_peer_hangs_up_while_its_mail_is_kept(half: bool) -> None:
    keeping, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        keeping.set()
        await go_on.wait()

    async with open_door(shelf=Shelf(before=wait)) as door:
        client = await door.connect()
        await client.to_data()
        await client.send(b"hello\r\n.\r\n")
        await keeping.wait()
        if half:
            client.writer.write_eof()
        else:
            client.writer.transport.abort()
        await until(lambda: not door.listener._door.connections)
        assert door.tally.in_flight_bytes == len("hello\r\n.\r\n")
        go_on.set()
        await until(lambda: bool(door.shelf.mails))
        await until(lambda: door.tally.in_flight_bytes == 0)
    assert [raw for raw, _ in door.shelf.mails] == [b"hello\r\n"]


async def test_the_peer_hangs_up_and_then_keeping_fails(caplog: pytest.LogCaptureFixture) -> None:
    keeping, go_on = asyncio.Event(), asyncio.Event()

    async def fail() -> None:
        keeping.set()
        await go_on.wait()
        raise RuntimeError(SECRET)

    async with open_door(shelf=Shelf(before=fail)) as door:
        client = await door.connect()
        await client.to_data()
        await client.send(b"hello\r\n.\r\n")
        await keeping.wait()
        client.writer.transport.abort()
        go_on.set()
        await until(lambda: not door.listener._door.stores)
    assert "never retrieved" not in caplog.text
    assert caplog.text.count("Traceback") == 1


@pytest.mark.parametrize("sent", [b"hello", b"hello\r\n", b"hello\r\n.", b"hello\r\n.\r", b"hello\n.\n"])
async def test_the_peer_hangs_up_before_the_end(sent: bytes) -> None:
    async with open_door() as door:
        client = await door.connect()
        await client.to_data()
        await client.send(sent)
        await client.close()
        await until(lambda: not door.listener._door.connections)
    assert not door.shelf.mails
    assert door.tally.in_flight_bytes == 0


async def test_keeping_takes_longer_than_a_peer_waits() -> None:
    go_on = asyncio.Event()

    async def wait() -> None:
        await go_on.wait()

    async with open_door(shelf=Shelf(before=wait), limits=Limits(keep_seconds=0.05)) as door:
        client = await door.connect()
        await client.to_data()
        assert (await client.say("hello\r\n.")).startswith("451 4.3.0")
        go_on.set()
        await until(lambda: bool(door.shelf.mails))


async def test_the_time_out_does_not_hit_our_own_work() -> None:
    async def work() -> None:
        await asyncio.sleep(0.3)

    async with open_door(shelf=Shelf(before=work), limits=Limits(command_seconds=0.1)) as door:
        client = await door.connect()
        await client.to_data()
        assert (await client.say("hello\r\n.")).startswith("250 2.0.0")
        assert (await client.reply()).startswith("421 4.4.2")  # and works again afterwards
        assert await client.closed()


async def test_a_bug_while_reading_ends_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of a mail must never be read as commands."""
    from mailbot.channels import intake

    def broken(self: object, chunk: bytes) -> bytes:
        raise MemoryError(SECRET)

    monkeypatch.setattr(intake.Intake, "feed", broken)
    async with open_door() as door:
        client = await door.connect()
        await client.to_data()
        await client.send(b"hello\r\nNOOP\r\nNOOP\r\n")
        assert (await client.reply()).startswith("421 4.3.0")
        assert await client.closed()


async def test_logs_hold_no_addresses_and_no_bodies(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_door() as door:
        client = await door.connect()
        await client.to_data()
        assert (await client.say("hello body\r\n.")).startswith("250")
    assert "asker@customer.example" not in caplog.text
    assert "hello body" not in caplog.text
    kept = [record.getMessage() for record in caplog.records if "kept" in record.getMessage()]
    assert len(kept) == 1
    assert kept[0].startswith("smtp 127.0.0.1: kept a mail of 12 octets for 1 recipients in ")
