"""An open door with a shelf behind it, and a plain client to knock with: for the tests of SMTP and LMTP."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from mailbot.channels.smtp import Limits, Listener, Tally, TcpAddress, Tls, UnixAddress
from mailbot.mail.envelope import Envelope

BOUND_SECONDS = 10.0
"""Nothing that a test waits for takes longer; it waits for events, not for this."""


@dataclass
class Shelf:
    """A keeper that keeps in memory; `before` runs first and may wait or raise."""

    before: Callable[[], Awaitable[None]] | None = None
    mails: list[tuple[bytes, Envelope]] = field(default_factory=list)

    async def keep(self, raw: bytes, envelope: Envelope) -> None:
        if self.before:
            await self.before()
        self.mails.append((raw, envelope))


class Addresses:
    """A directory: everything in our domain but `nobody`."""

    def knows(self, address: str) -> bool:
        local, _, domain = address.rpartition("@")
        return address.lower() == "postmaster" or (domain.lower() == "desk.example" and local != "nobody")


class Client:
    """Speaks bytes; reads whole replies."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def reply(self) -> str:
        """The next reply with all its lines; empty when the line is closed."""
        lines = []
        async with asyncio.timeout(BOUND_SECONDS):
            while True:
                try:
                    line = (await self.reader.readline()).decode()
                except ConnectionError:
                    line = ""
                lines.append(line.rstrip("\r\n"))
                if line[3:4] != "-":
                    return "\n".join(lines)

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        async with asyncio.timeout(BOUND_SECONDS):
            await self.writer.drain()

    async def say(self, line: str) -> str:
        await self.send(line.encode("utf-8", "surrogateescape") + b"\r\n")
        return await self.reply()

    async def closed(self) -> bool:
        """True when the server has hung up and said nothing more."""
        return await self.reply() == ""

    async def to_data(self, recipients: Iterable[str] = ("help@desk.example",), hello: str = "EHLO") -> None:
        """Everything up to the 354."""
        if hello:
            assert (await self.say(f"{hello} client.example")).startswith("250")
        assert (await self.say("MAIL FROM:<asker@customer.example>")).startswith("250 2.1.0 ")
        for recipient in recipients:
            assert (await self.say(f"RCPT TO:<{recipient}>")).startswith("250 2.1.5 ")
        assert (await self.say("DATA")).startswith("354 ")

    async def start_tls(self, context: ssl.SSLContext) -> None:
        loop = asyncio.get_running_loop()
        protocol = self.writer.transport.get_protocol()
        transport = await loop.start_tls(self.writer.transport, protocol, context, server_hostname="desk.example")
        assert transport is not None
        self.writer._transport = transport  # type: ignore[attr-defined]  # StreamWriter.start_tls is newer than 3.11.0
        self.reader._transport = transport  # type: ignore[attr-defined]

    async def close(self) -> None:
        self.writer.close()
        try:
            async with asyncio.timeout(BOUND_SECONDS):
                await self.writer.wait_closed()
        except (OSError, ssl.SSLError):
            pass


@dataclass
class OpenDoor:
    listener: Listener
    shelf: Shelf
    tally: Tally
    clients: list[Client] = field(default_factory=list)

    async def connect(self, *, greeting: bool = True, tls: ssl.SSLContext | None = None) -> Client:
        match self.listener.addresses[0]:
            case TcpAddress(host, port):
                name = "desk.example" if tls else None
                streams = await asyncio.open_connection(host, port, ssl=tls, server_hostname=name)
            case UnixAddress(path):
                streams = await asyncio.open_unix_connection(path)
        client = Client(*streams)
        self.clients.append(client)
        if greeting:
            assert (await client.reply()).startswith("220 desk.example ")
        return client


@asynccontextmanager
async def open_door(
    channel: Literal["smtp", "lmtp"] = "smtp",
    *,
    shelf: Shelf | None = None,
    limits: Limits | None = None,
    directory: Addresses | None = None,
    tls: Tls | None = None,
    path: Path | None = None,
    grace_seconds: float = 5.0,
) -> AsyncIterator[OpenDoor]:
    """A listener on a free port of the loopback (or on `path`), closed with all its clients at the end."""
    shelf = shelf or Shelf()
    tally = Tally(limits or Limits())
    listener = Listener(
        UnixAddress(path) if path else TcpAddress("127.0.0.1", 0),
        channel=channel,
        hostname="desk.example",
        keeper=shelf,
        directory=directory or Addresses(),
        tally=tally,
        tls=tls,
    )
    await listener.start()
    door = OpenDoor(listener, shelf, tally)
    try:
        yield door
    finally:
        for client in door.clients:
            await client.close()
        await listener.close(grace_seconds)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that an event of the loop brings about."""
    async with asyncio.timeout(BOUND_SECONDS):
        while not condition():
            await asyncio.sleep(0.001)
