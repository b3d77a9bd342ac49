"""How long does a peer stay, and in which words is it answered? Under every session, whatever it says."""

from __future__ import annotations

import asyncio
import logging
import math
import ssl
from collections import defaultdict
from typing import cast

from aiosmtpd.smtp import SMTP

from mailbot.channels import replies
from mailbot.channels.door import Door
from mailbot.channels.tls import TlsProtocol

logger = logging.getLogger("mailbot.smtp")

_LINGER_SECONDS = 5.0
_LOOK_AGAIN_SECONDS = 1.0


class Connection(SMTP):
    """One peer on its line, which takes a seat of the tally until it is gone."""

    line_length_limit = 65_536  # what the reader holds before it stops the peer; DATA is read in such pieces
    # As a value of the class, which it is in aiosmtpd, it would be shared by all sessions.
    command_size_limits: dict[str, int]

    def __init__(
        self,
        handler: object,
        door: Door,
        *,
        line: asyncio.Transport,
        peer: str,
        seat: str,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        limits = door.tally.limits
        self.command_size_limit = limits.command_bytes
        self.command_size_limits = defaultdict(lambda: limits.command_bytes)
        super().__init__(
            handler,
            data_size_limit=limits.message_bytes,
            enable_SMTPUTF8=True,
            hostname=door.hostname,
            ident="ESMTP" if door.channel == "smtp" else "LMTP",
            tls_context=door.starttls,
            timeout=limits.command_seconds,
            loop=loop,
        )
        self._door = door
        self._peer = peer
        self._limits = limits
        self._line = line
        self._seat = seat
        self._over_tls = False
        self._gone = False
        self._greeted = False
        self._in_data = False
        self._parting = False
        self._errors = 0
        self._junk = 0
        self._deadline = math.inf
        self._session_ends = loop.time() + limits.session_seconds
        door.connections.add(self)

    def secure(self, context: ssl.SSLContext) -> asyncio.Future[None]:
        """Put TLS between the line and us; done when it stands and `connection_made` has been called, or failed."""
        shaken: asyncio.Future[None] = self.loop.create_future()
        shaken.add_done_callback(lambda done: done.cancelled() or done.exception())  # seen, also when nobody waits
        self._tls_protocol = TlsProtocol(self, context, shaken, self._limits.handshake_seconds, self.loop)
        self._line.set_protocol(self._tls_protocol)
        self._tls_protocol.connection_made(self._line)
        return shaken

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._over_tls = transport.get_extra_info("ssl_object") is not None
        super().connection_made(transport)  # again after STARTTLS: RFC 3207 §4.2, everything is forgotten
        if self._handler_coroutine is not None and not self._greeted:
            self._handler_coroutine.add_done_callback(_see_the_end)

    def connection_lost(self, error: Exception | None) -> None:
        if self._gone:  # TLS has more than one way to say it
            return
        self._gone = True
        if self._handler_coroutine is not None:  # else TLS broke before anything was said
            super().connection_lost(error)
        self._door.connections.discard(self)
        self._door.tally.leave(self._seat)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self._handler_coroutine is not None else False

    def part(self) -> None:
        """The desk closes: goodbye now, or as soon as the mail that is on its way has its answer."""
        self._parting = True
        if not self._in_data:
            self._hang_up(replies.CLOSING)

    def abort(self) -> None:
        """Cut the line."""
        self._line.abort()

    @property
    def conversation(self) -> asyncio.Task[None] | None:
        """Done when nothing is said any more."""
        return self._handler_coroutine

    async def _goodbye(self, reply: str) -> None:
        self._hang_up(reply)
        await self._writer.drain()  # where the cancellation arrives

    def _hang_up(self, reply: str) -> None:
        transport = cast("asyncio.Transport | None", self.transport)
        if transport is None or (self._tls_protocol is not None and not self._over_tls):
            self._line.abort()  # in mid-handshake there is nobody to talk to
            return
        if transport.is_closing():
            return
        transport.write(reply.encode("ascii") + b"\r\n")
        transport.close()
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        # A peer that reads nothing could keep a closed line open for as long as it likes.
        self._timeout_handle = self.loop.call_later(_LINGER_SECONDS, self._line.abort)
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()  # what was pipelined behind is not wanted any more

    # One timer a session: it looks at the clock when it rings, instead of being wound up by every command.

    def _reset_timeout(self, duration: float | None = None) -> None:
        self._deadline = self.loop.time() + (duration or self._limits.command_seconds)
        if self._timeout_handle is None:
            self._ring_at(self._deadline)

    def _stop_the_clock(self) -> None:
        """Our own work is not the peer's slowness."""
        self._deadline = math.inf

    def _earn_time(self, octets: int) -> None:
        latest = self.loop.time() + self._limits.command_seconds
        self._deadline = min(latest, self._deadline + octets / self._limits.data_bytes_per_second)

    def _ring_at(self, when: float) -> None:
        self._timeout_handle = self.loop.call_at(min(when, self._session_ends), self._timeout_cb)

    def _timeout_cb(self) -> None:
        now = self.loop.time()
        if self._deadline == math.inf:
            self._timeout_handle = self.loop.call_later(_LOOK_AGAIN_SECONDS, self._timeout_cb)
        elif now < min(self._deadline, self._session_ends):
            self._ring_at(self._deadline)
        elif self.transport is None or self.transport.is_closing():
            self._line.abort()
        else:
            logger.info("%s %s: out of time", self._door.channel, self._peer)
            self._hang_up(replies.TOO_SLOW if now >= self._deadline else replies.SESSION_OVER)

    async def push(self, status: str | bytes) -> None:
        """What aiosmtpd wants to say, in our words."""
        text = status.decode("ascii", "replace") if isinstance(status, bytes) else status
        if self._greeted:
            text = replies.in_our_words(text)
        self._greeted = True
        await self._say(text)

    async def _say(self, reply: str) -> None:
        if reply.startswith("5"):
            self._errors += 1
        self._writer.write(reply.encode("ascii") + b"\r\n")
        if self._errors > self._limits.errors:
            self._hang_up(replies.TOO_MANY_ERRORS)
        await self._writer.drain()

    async def _say_to_junk(self, reply: str) -> None:
        """Answer a command that brings no mail nearer."""
        self._junk += 1
        if self._junk > self._limits.junk:
            await self._goodbye(replies.TOO_MUCH_JUNK)
        else:
            await self._say(reply)

    async def handle_exception(self, error: Exception) -> str:
        """A bug, or the world: never told to the peer, never 5yz (RFC 5321 §4.2.1)."""
        logger.error("%s %s: command failed", self._door.channel, self._peer, exc_info=error)
        return replies.OUR_FAULT


def _see_the_end(conversation: asyncio.Task[None]) -> None:
    """A peer that resets the connection is no news; anything else that ends a conversation is a bug to be seen."""
    error = None if conversation.cancelled() else conversation.exception()
    if error is not None and not isinstance(error, OSError):
        logger.error("conversation ended by an error", exc_info=error)
