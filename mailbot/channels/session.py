"""How does one peer hand over its mail by SMTP (RFC 5321)? The protocol engine is aiosmtpd's.

aiosmtpd by itself answers a bug with `500` and the exception's text, drops the work of a peer that hangs up, counts
our commit as the peer's slowness, holds endless lines and answers LMTP's final dot once for all recipients.
"""
# ruff: noqa: N802 - aiosmtpd finds commands and hooks by their names

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from typing import Any, cast

from aiosmtpd.smtp import SMTP, syntax
from aiosmtpd.smtp import Envelope as Transaction
from aiosmtpd.smtp import Session as Peer

from mailbot import faults
from mailbot.channels import replies
from mailbot.channels.connection import Connection
from mailbot.channels.door import Door
from mailbot.channels.intake import Intake, received_fields
from mailbot.mail.envelope import Envelope

logger = logging.getLogger("mailbot.smtp")

_PLAIN = re.compile(r"<([\w!#$%&'*+/=?^`{|}~.-]+@[A-Za-z0-9.-]+)>(?:[ \t]+(.*))?", re.ASCII)
"""Nearly all addresses: RFC 5321 §4.1.2 Dot-string, and the double dots of real carriers. The full grammar is slow."""

_NOT_IN_AN_ADDRESS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_LONGEST_ADDRESS = 1_024
_LONGEST_NAME = 255
_WHATEVER_IS_THERE = 1 << 30  # what that can be is bounded by the reader
_DRAINED_AT_MOST = 8
"""So many times the largest message is read and thrown away, to be able to say 552 after its end."""


class Session(Connection):
    """One SMTP session."""

    def __init__(
        self, door: Door, *, line: asyncio.Transport, peer: str, seat: str, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(Reception(door), door, line=line, peer=peer, seat=seat, loop=loop)
        self._excess = 0
        self._held = 0

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._release()

    @syntax("EHLO hostname")
    async def smtp_EHLO(self, hostname: str | None) -> None:
        await self._greet(hostname, extended=True)

    @syntax("HELO hostname")
    async def smtp_HELO(self, hostname: str | None) -> None:
        await self._greet(hostname, extended=False)

    async def _greet(self, hostname: str | None, *, extended: bool) -> None:
        if not hostname:
            await self._say(replies.BAD_ARGUMENT)
            return
        self.envelope = Transaction()
        peer = cast("Peer", self.session)
        peer.extended_smtp = extended
        peer.host_name = hostname
        await self._say_to_junk("\r\n".join(self._extensions()) if extended else f"250 {self.hostname}")

    def _extensions(self) -> list[str]:
        starttls = ["250-STARTTLS"] if self.tls_context and not self._over_tls else []
        return [
            f"250-{self.hostname}",
            f"250-SIZE {self._limits.message_bytes}",  # RFC 1870
            "250-8BITMIME",  # RFC 6152
            "250-SMTPUTF8",  # RFC 6531
            "250-PIPELINING",  # RFC 2920
            *starttls,  # RFC 3207
            "250 ENHANCEDSTATUSCODES",  # RFC 2034
        ]

    @syntax("STARTTLS")
    async def smtp_STARTTLS(self, arg: str | None) -> None:
        if arg:
            await self._say(replies.BAD_ARGUMENT)
        elif self._over_tls:
            await self._say(replies.NOT_NOW)
        elif self.tls_context is None:
            await self._say(replies.NO_TLS)
        else:
            await self._start_tls(self.tls_context)

    async def _start_tls(self, context: ssl.SSLContext) -> None:
        await self._say(replies.GO_SECURE)
        # aiosmtpd drops what was sent behind STARTTLS when it meets the new transport (RFC 3207 §5, CVE-2024-34083).
        self._original_transport = self._line
        try:
            await self.secure(context)
        except OSError as error:  # ssl.SSLError and TimeoutError are among them
            logger.info("%s %s: no TLS: %s", self._door.channel, self._peer, type(error).__name__)
            self.abort()
            raise ConnectionResetError from error

    @syntax("NOOP")
    async def smtp_NOOP(self, _arg: str | None) -> None:
        await self._say_to_junk(replies.OK)

    @syntax("RSET")
    async def smtp_RSET(self, arg: str | None) -> None:
        if arg:
            await self._say(replies.BAD_ARGUMENT)
            return
        self.envelope = Transaction()
        await self._say_to_junk(replies.OK)

    @syntax("VRFY")
    async def smtp_VRFY(self, _arg: str | None) -> None:
        await self._say_to_junk(replies.CANNOT_VERIFY)  # RFC 5321 §7.3: who is known here is not told

    @syntax("HELP")
    async def smtp_HELP(self, _arg: str | None) -> None:
        await self._say_to_junk(replies.HELP)

    async def smtp_AUTH(self, _arg: str | None) -> None:
        await self._say(replies.NOT_IMPLEMENTED)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The path and what follows it; (None, None) when it is none. Never raises."""
        if plain := _PLAIN.fullmatch(arg):
            return plain[1], plain[2] or ""
        if arg.startswith("<>"):
            return "<>", arg[2:]
        if len(arg) > _LONGEST_ADDRESS or _NOT_IN_AN_ADDRESS.search(arg):
            return None, None
        try:
            return super()._getaddr(arg)
        except Exception:  # the grammar of the standard library raises whatever comes, RecursionError too
            return None, None

    def count_excess_recipient(self) -> None:
        """Note one more than a transaction may have."""
        self._excess += 1
        if self._excess > self._limits.recipients_overshoot:
            self._errors += 1

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:
        if refusal := self._no_data_now(arg):
            await self._say(refusal)
            return
        self._in_data = True
        await self._say(replies.GO_AHEAD)
        try:
            reply = await self._receive()
        finally:
            self._release()
        answer = self._after_dot(reply)
        if reply == replies.KEPT:
            self._errors = self._junk = self._excess = 0
        self.envelope = Transaction()
        self._in_data = False
        self._reset_timeout()
        await self._say(answer)
        if self._parting:
            await self._goodbye(replies.CLOSING)

    def _no_data_now(self, arg: str | None) -> str | None:
        if arg:
            return replies.BAD_ARGUMENT
        if self.envelope is None or not self.envelope.mail_from:
            return replies.NOT_NOW
        return None if self.envelope.rcpt_tos else replies.NO_RECIPIENTS

    def _after_dot(self, reply: str) -> str:
        return reply

    async def _receive(self) -> str:
        intake = Intake(self._limits.message_bytes)
        try:
            await self._read_to_the_dot(intake)
        except Exception as error:
            await self.handle_exception(error)
            await self._goodbye(replies.LOST_TRACK)  # the rest of a mail must never be read as commands
        try:
            return await self._judge(intake)
        except Exception as error:
            return await self.handle_exception(error)

    async def _judge(self, intake: Intake) -> str:
        if intake.discarded:
            return self._refused(replies.TOO_LARGE if intake.too_large else replies.NO_ROOM)
        raw = intake.take()
        if intake.too_large:
            return self._refused(replies.TOO_LARGE)
        if received_fields(raw) > self._limits.received_fields:
            return self._refused(replies.IN_A_LOOP)
        return await self._keep(raw)

    async def _read_to_the_dot(self, intake: Intake) -> None:
        """The answer waits for the end of data even when it is clear before (RFC 5321 §4.2.5)."""
        rest = None
        while rest is None:
            chunk = await self._reader.read(_WHATEVER_IS_THERE)
            self._earn_time(len(chunk))
            if not intake.discarded and not self._hold(len(chunk)):
                intake.discard()
            rest = intake.feed(chunk)
            if rest is None and intake.discarded:
                self._release()
                if intake.received > _DRAINED_AT_MOST * self._limits.message_bytes:
                    await self._goodbye(self._after_dot(replies.TOO_LARGE))
        if rest:
            self._reader.feed_data(rest)  # commands pipelined behind the mail; the reader is empty here

    def _hold(self, octets: int) -> bool:
        if not self._door.tally.hold(octets):
            return False
        self._held += octets
        return True

    def _release(self) -> None:
        self._door.tally.release(self._held)
        self._held = 0

    def _refused(self, reply: str) -> str:
        logger.info("%s %s: mail refused: %s", self._door.channel, self._peer, reply)
        return reply

    async def _keep(self, raw: bytes) -> str:
        store = self.loop.create_task(_store(self._door, raw, self._our_envelope()))
        held, self._held = self._held, 0  # until the store ends, whoever is still there to hear of it
        self._door.stores.add(store)
        store.add_done_callback(lambda done: self._stored(done, held))
        self._stop_the_clock()
        await asyncio.wait((store,), timeout=self._limits.keep_seconds)  # our cancellation does not reach the store
        if not store.done():
            logger.error("%s %s: keeping a mail takes too long", self._door.channel, self._peer)
            return replies.OUR_FAULT
        return replies.after_keeping(_failure(store))

    def _stored(self, store: asyncio.Task[None], held: int) -> None:
        self._door.tally.release(held)
        self._door.stores.discard(store)
        _failure(store)  # seen, also when nobody waits for it any more; it has been logged

    def _our_envelope(self) -> Envelope:
        transaction = cast("Transaction", self.envelope)
        name = cast("Peer", self.session).host_name or ""
        return Envelope(
            channel=self._door.channel,
            sender="" if transaction.mail_from == "<>" else transaction.mail_from or "",
            recipients=tuple(dict.fromkeys(transaction.rcpt_tos)),
            peer=self._peer,
            helo=name[:_LONGEST_NAME].encode("utf-8", "replace").decode("utf-8"),  # may have come as no UTF-8 at all
            tls=self._over_tls,
            smtputf8=transaction.smtp_utf8,
        )


class Reception:
    """What is said to MAIL and RCPT, once aiosmtpd has read them."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def handle_MAIL(
        self, _server: SMTP, _peer: Any, transaction: Transaction, address: str, options: list[str]
    ) -> str:
        transaction.mail_from = address  # `<>` is the null path, which is always welcome (RFC 5321 §4.5.5)
        transaction.mail_options.extend(options)
        return replies.SENDER_OK

    async def handle_RCPT(
        self, server: Session, _peer: Any, transaction: Transaction, address: str, _options: list[str]
    ) -> str:
        if len(transaction.rcpt_tos) >= self._door.tally.limits.recipients:
            server.count_excess_recipient()
            return replies.TOO_MANY_RECIPIENTS
        if not self._door.directory.knows(address):
            return replies.UNKNOWN_RECIPIENT
        transaction.rcpt_tos.append(address)
        return replies.RECIPIENT_OK


async def _store(door: Door, raw: bytes, envelope: Envelope) -> None:
    began = asyncio.get_running_loop().time()
    try:
        await door.keeper.keep(raw, envelope)
        faults.hit("smtp.before-reply")
    except BaseException:
        logger.exception("%s %s: mail of %d octets not kept", envelope.channel, envelope.peer, len(raw))
        raise
    logger.debug(
        "%s %s: kept a mail of %d octets for %d recipients in %.1f ms",
        envelope.channel,
        envelope.peer,
        len(raw),
        len(envelope.recipients),
        1000 * (asyncio.get_running_loop().time() - began),
    )


def _failure(store: asyncio.Task[None]) -> BaseException | None:
    return asyncio.CancelledError() if store.cancelled() else store.exception()
