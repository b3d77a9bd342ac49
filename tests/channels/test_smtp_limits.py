"""Nobody uses up the door: connections, commands, recipients, time and memory have bounds (T8 in small)."""

from __future__ import annotations

import asyncio
import resource
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path

import pytest

from mailbot.channels.smtp import Limits, Tally
from tests.channels.doors import Client, open_door, until

COUNT_LOOPBACK = (ip_network("192.0.2.0/24"),)


async def say_until_closed(client: Client, line: str, at_most: int) -> list[str]:
    replies = []
    for _ in range(at_most):
        replies.append(await client.say(line))
        if replies[-1].startswith("421"):
            assert await client.closed()
            return replies
    pytest.fail(f"{line} was taken {at_most} times")


@pytest.mark.parametrize("line", ["NOOP", "RSET", "VRFY x@desk.example", "HELP", "EHLO client.example"])
async def test_junk(line: str) -> None:
    async with open_door() as door:
        replies = await say_until_closed(await door.connect(), line, 100)
        assert len(replies) == 21
        assert replies[-1].startswith("421 4.7.0")


async def test_junk_in_one_packet() -> None:
    async with open_door() as door:
        client = await door.connect()
        with suppress(ConnectionError):
            await client.send(b"NOOP\r\n" * 20_000)
        replies = [await client.reply() for _ in range(21)]
        assert replies == ["250 2.0.0 Ok"] * 20 + ["421 4.7.0 Too many commands without a mail, goodbye"]
        assert await client.closed()


async def test_errors() -> None:
    async with open_door() as door:
        client = await door.connect()
        await client.say("EHLO client.example")
        await client.say("MAIL FROM:<a@customer.example>")
        replies = []
        for _ in range(21):
            replies.append(await client.say("RCPT TO:<nobody@desk.example>"))
        assert all(reply.startswith("550 5.1.1") for reply in replies)
        assert (await client.reply()).startswith("421 4.7.0")
        assert await client.closed()


async def test_a_kept_mail_makes_up_for_errors_and_junk() -> None:
    async with open_door() as door:
        client = await door.connect()
        for i in range(4):
            for _ in range(12):
                assert (await client.say("NOOP")).startswith("250")
            await client.to_data(hello="" if i else "EHLO")
            assert (await client.say("hello\r\n.")).startswith("250 2.0.0")
    assert len(door.shelf.mails) == 4


async def test_unknown_commands() -> None:
    async with open_door() as door:
        client = await door.connect()
        replies = [await client.say("XYZZY") for _ in range(5)]
        assert replies[-1].startswith("502 5.5.1 Too many")
        assert await client.closed()


async def test_recipients() -> None:
    async with open_door(limits=Limits(recipients=3, recipients_overshoot=5, errors=2)) as door:
        client = await door.connect()
        await client.say("EHLO client.example")
        await client.say("MAIL FROM:<a@customer.example>")
        replies = [await client.say(f"RCPT TO:<r{i}@desk.example>") for i in range(8)]
        assert [reply[:9] for reply in replies] == ["250 2.1.5"] * 3 + ["452 4.5.3"] * 5
        assert (await client.say("DATA")).startswith("354")
        assert (await client.say("hello\r\n.")).startswith("250")
        await client.say("MAIL FROM:<a@customer.example>")
        replies = [await client.say(f"RCPT TO:<r{i}@desk.example>") for i in range(11)]
        assert [reply[:9] for reply in replies] == ["250 2.1.5"] * 3 + ["452 4.5.3"] * 8
        assert (await client.reply()).startswith("421 4.7.0")
        assert await client.closed()
    assert len(door.shelf.mails[0][1].recipients) == 3


async def test_a_hundred_recipients_and_a_flood() -> None:
    async with open_door() as door:
        client = await door.connect()
        await client.say("EHLO client.example")
        await client.say("MAIL FROM:<a@customer.example>")
        replies: list[str] = []
        while not replies or replies[-1] != "421 4.7.0":
            assert len(replies) < 3_000
            replies.append((await client.say(f"RCPT TO:<r{len(replies)}@desk.example>"))[:9])
            if len(replies) == 100 + 1_000 + 21:
                replies.append((await client.reply())[:9])
        assert replies == ["250 2.1.5"] * 100 + ["452 4.5.3"] * 1_021 + ["421 4.7.0"]


async def test_connections_of_one_address() -> None:
    async with open_door(limits=Limits(connections_per_address=2, exempt=COUNT_LOOPBACK)) as door:
        first, _ = [await door.connect() for _ in range(2)]
        third = await door.connect(greeting=False)
        assert (await third.reply()).startswith("421 4.7.0")
        assert await third.closed()
        await first.close()
        await until(lambda: door.tally.connections == 1)
        await door.connect()


async def test_connections_in_all() -> None:
    async with open_door(limits=Limits(connections=2, exempt=COUNT_LOOPBACK)) as door:
        for _ in range(2):
            await door.connect()
        assert (await (await door.connect(greeting=False)).reply()).startswith("421 4.7.0")
    assert door.tally.connections == 0


async def test_our_own_mta_is_not_counted(tmp_path: Path) -> None:
    limits = Limits(connections=0)
    async with open_door(limits=limits) as door:
        await door.connect()
    async with open_door("lmtp", limits=limits, path=tmp_path / "lmtp") as door:
        await door.connect()


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("198.51.100.1", "198.51.100.1", True),
        ("198.51.100.1", "198.51.100.2", False),
        ("198.51.100.1", "::ffff:198.51.100.1", True),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
    ],
)
def test_who_shares_a_seat(first: str, second: str, shared: bool) -> None:
    tally = Tally(Limits(connections_per_address=1))
    seat = tally.admit(first)
    assert seat
    assert (tally.admit(second) is None) is shared
    tally.leave(seat)
    assert tally.admit(first)


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "unix"])
def test_who_takes_no_seat(peer: str) -> None:
    tally = Tally(Limits(connections=0))
    assert tally.admit(peer) == ""
    tally.leave("")
    assert tally.connections == 0


async def test_silence() -> None:
    async with open_door(limits=Limits(command_seconds=0.1)) as door:
        client = await door.connect()
        assert (await client.reply()).startswith("421 4.4.2 Too slow")
        assert await client.closed()


async def test_an_endless_command_line_does_not_hold_the_session() -> None:
    async with open_door(limits=Limits(command_seconds=0.2)) as door:
        client = await door.connect()
        while (await until_sent(client, b"x" * 50_000)) and not client.reader.at_eof():
            await asyncio.sleep(0.01)
        assert not door.listener._door.connections


async def until_sent(client: Client, data: bytes) -> bool:
    try:
        await client.send(data)
    except ConnectionError:
        return False
    return True


async def test_a_long_command_line() -> None:
    async with open_door() as door:
        client = await door.connect()
        assert (await client.say("NOOP " + "x" * 3_000)).startswith("500 5.5.2")
        assert (await client.say("NOOP " + "x" * 200_000)).startswith("500 5.5.2")
        assert (await client.say("NOOP")).startswith("250")


async def test_a_mail_may_come_slowly_but_not_too_slowly() -> None:
    limits = Limits(command_seconds=0.2, data_bytes_per_second=100)
    async with open_door(limits=limits) as door:
        client = await door.connect()
        await client.to_data()
        for _ in range(10):  # 200 octets a second for half a second: longer than the time-out
            await client.send(b"x" * 10)
            await asyncio.sleep(0.05)
        assert (await client.say("\r\n.")).startswith("250 2.0.0")
        await client.to_data(hello="")
        reply = asyncio.create_task(client.reply())
        while not reply.done():  # 20 octets a second
            await client.send(b"x")
            await asyncio.wait([reply], timeout=0.05)
        assert (await reply).startswith("421 4.4.2 Too slow")
    assert len(door.shelf.mails) == 1


async def test_a_session_ends_some_day() -> None:
    async with open_door(limits=Limits(session_seconds=0.3)) as door:
        client = await door.connect()
        await client.to_data()
        assert (await client.say("hello\r\n.")).startswith("250 2.0.0")
        assert (await client.reply()).startswith("421 4.4.2 This session")
        assert await client.closed()


async def test_a_peer_that_reads_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbot.channels.connection._LINGER_SECONDS", 0.1)
    async with open_door(limits=Limits(command_seconds=0.2, junk=10_000_000)) as door:
        client = await door.connect()
        client.writer.transport.pause_reading()
        client.writer.write(b"EHLO client.example\r\n" * 200_000)
        await until(lambda: not door.listener._door.connections)


async def test_an_endless_line_is_not_held_in_memory() -> None:
    limit = 10_240_000
    async with open_door() as door:
        client = await door.connect()
        await client.to_data()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        chunk = b"x" * 1_000_000
        with suppress(ConnectionError):
            for _ in range(300):
                await client.send(chunk)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert (after - before) * 1024 < 3 * limit
        await until(lambda: not door.listener._door.connections)
        assert door.tally.in_flight_bytes == 0
    assert not door.shelf.mails


async def test_a_body_far_too_large_is_answered_after_its_end() -> None:
    async with open_door(limits=Limits(message_bytes=1_000_000)) as door:
        client = await door.connect()
        await client.to_data()
        for _ in range(70):
            await client.send(b"x" * 98 + b"\r\n" + b"x" * 99_900)
        assert (await client.say("\r\n.")).startswith("552 5.3.4")
        await client.to_data(hello="")
        assert (await client.say("hello\r\n.")).startswith("250")
    assert len(door.shelf.mails) == 1


async def test_mails_in_flight_share_the_room() -> None:
    go_on = asyncio.Event()
    async with open_door(limits=Limits(in_flight_bytes=1_500)) as door:
        door.shelf.before = go_on.wait  # type: ignore[assignment]
        first, second = await door.connect(), await door.connect()
        await first.to_data()
        await first.send(b"x" * 1_000 + b"\r\n.\r\n")
        await until(lambda: bool(door.listener._door.stores))
        await second.to_data()
        assert (await second.say("x" * 1_000 + "\r\n.")).startswith("452 4.3.1")
        go_on.set()
        assert (await first.reply()).startswith("250")
        await second.to_data(hello="")
        assert (await second.say("x" * 1_000 + "\r\n.")).startswith("250")
