"""On which addresses does mail come in by SMTP and LMTP, and how are they opened and closed?"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import stat
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mailbot.channels.door import Directory, Door, Keeper
from mailbot.channels.gate import Gate
from mailbot.channels.limits import Limits, Tally
from mailbot.channels.tls import Tls, TlsMode, server_context
from mailbot.errors import InputError

__all__ = [
    "Directory",
    "Keeper",
    "Limits",
    "Listener",
    "Tally",
    "TcpAddress",
    "Tls",
    "TlsMode",
    "UnixAddress",
    "listen_address",
    "server_context",
]

logger = logging.getLogger("mailbot.smtp")

_BACKLOG = 512
_TEARDOWN_SECONDS = 1.0
_SOCKET_MODE = 0o660  # our MTA comes in by its group


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """Port 0 takes any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class UnixAddress:
    path: Path

    def __str__(self) -> str:
        return str(self.path)


ListenAddress = TcpAddress | UnixAddress


def listen_address(text: str) -> ListenAddress:
    """`host:port`, `[v6]:port`, `:port` (all interfaces), or the path of a unix socket (with a slash)."""
    if "/" in text:
        return UnixAddress(Path(text.removeprefix("unix:")))
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise InputError(f"{text!r} is no address to listen on: write host:port or the path of a socket")
    return TcpAddress(host.removeprefix("[").removesuffix("]"), int(port))


class Listener:
    """One address on which mail comes in. Several share one Tally, so that the limits hold for the daemon."""

    def __init__(
        self,
        address: ListenAddress,
        *,
        channel: Literal["smtp", "lmtp"],
        hostname: str,
        keeper: Keeper,
        directory: Directory,
        tally: Tally,
        tls: Tls | None = None,
    ) -> None:
        starttls = tls.context if tls and tls.mode is TlsMode.STARTTLS else None
        self._address = address
        self._implicit_tls = tls.context if tls and tls.mode is TlsMode.IMPLICIT else None
        self._door = Door(channel, hostname, keeper, directory, tally, starttls)
        self._server: asyncio.Server | None = None
        self._socket_inode = 0
        self.addresses: tuple[ListenAddress, ...] = ()
        """What was bound, once started."""

    async def start(self) -> None:
        """Bind and listen; OSError when the address is taken or not ours."""
        # aiosmtpd logs every command with its addresses, and bodies: nothing of that may reach a log.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)
        loop = asyncio.get_running_loop()
        match self._address:
            case TcpAddress(host, port):
                self._server = await loop.create_server(self._gate, host or None, port, backlog=_BACKLOG)
            case UnixAddress(path):
                bound = _bind_unix(path)
                self._socket_inode = path.stat().st_ino
                self._server = await loop.create_unix_server(self._gate, sock=bound, backlog=_BACKLOG)
        self.addresses = tuple(_bound(bound) for bound in self._server.sockets)
        logger.info("%s: listening on %s", self._door.channel, ", ".join(map(str, self.addresses)))

    async def close(self, grace_seconds: float) -> None:
        """Take no more mail; those that are on their way have `grace_seconds` to get their answer."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        self._remove_socket()
        for connection in tuple(self._door.connections):
            connection.part()
        await self._wait_for_the_last(grace_seconds)
        for connection in tuple(self._door.connections):
            connection.abort()
        await self._wait_for_the_last(_TEARDOWN_SECONDS, but_not_for=self._door.stores)
        # From Python 3.12.1 on this waits for the connections too, which are gone by now.
        with suppress(TimeoutError):
            async with asyncio.timeout(_TEARDOWN_SECONDS):
                await server.wait_closed()

    async def _wait_for_the_last(self, seconds: float, but_not_for: Collection[asyncio.Task[None]] = ()) -> None:
        conversations = {connection.conversation for connection in self._door.connections}
        running = {task for task in conversations | self._door.stores if task is not None and task not in but_not_for}
        if not running:
            return
        await asyncio.wait(running, timeout=seconds)
        if self._door.stores:
            logger.error("%s: %d mails are still being kept", self._door.channel, len(self._door.stores))

    def _gate(self) -> Gate:
        return Gate(self._door, self._implicit_tls)

    def _remove_socket(self) -> None:
        if isinstance(self._address, UnixAddress):
            with suppress(FileNotFoundError):
                if self._address.path.stat().st_ino == self._socket_inode:  # not that of a successor
                    self._address.path.unlink()


def _bound(bound: socket.socket) -> ListenAddress:
    name = bound.getsockname()
    return TcpAddress(name[0], name[1]) if isinstance(name, tuple) else UnixAddress(Path(name))


def _bind_unix(path: Path) -> socket.socket:
    """A bound socket with its mode set before anybody can connect."""
    _remove_stale(path)
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        bound.bind(str(path))
        path.chmod(_SOCKET_MODE)
    except BaseException:
        bound.close()
        raise
    return bound


def _remove_stale(path: Path) -> None:
    """A daemon that was killed leaves its socket behind; one that lives still answers."""
    try:
        if not stat.S_ISSOCK(path.stat().st_mode):
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE), str(path))
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE), str(path))
