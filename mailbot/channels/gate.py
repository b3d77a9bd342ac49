"""May this connection come in, and does TLS come first?"""

from __future__ import annotations

import asyncio
import logging
import ssl
from typing import cast

from mailbot.channels import replies
from mailbot.channels.door import Door
from mailbot.channels.lmtp import LmtpSession
from mailbot.channels.session import Session

logger = logging.getLogger("mailbot.smtp")


class Gate(asyncio.Protocol):
    """A connection before its session. It counts from the first packet, so that handshakes are limited too."""

    def __init__(self, door: Door, implicit_tls: ssl.SSLContext | None) -> None:
        self._door = door
        self._implicit_tls = implicit_tls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        line = cast("asyncio.Transport", transport)
        peer = _peer(line)
        seat = self._door.tally.admit(peer)
        if seat is None:
            logger.info("%s %s: no room for another connection", self._door.channel, peer)
            if self._implicit_tls is None:
                line.write(replies.TOO_MANY_CONNECTIONS.encode("ascii") + b"\r\n")
            line.close()
            return
        kind = LmtpSession if self._door.channel == "lmtp" else Session
        session = kind(self._door, line=line, peer=peer, seat=seat, loop=asyncio.get_running_loop())
        if self._implicit_tls is None:
            line.set_protocol(session)
            session.connection_made(line)
        else:
            session.secure(self._implicit_tls)


def _peer(line: asyncio.Transport) -> str:
    name = line.get_extra_info("peername")
    return str(name[0]) if isinstance(name, tuple) else "unix"
