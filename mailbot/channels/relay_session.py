"""How does one letter go over one connection, and what is known when that fails?

Until the last bytes are written the letter is surely not taken; from then until the answer nobody knows (RFC 1047).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol
from aiosmtplib.typing import Default

from mailbot.channels.letter import Letter, dot_stuffed, normalised
from mailbot.channels.relay_commands import commands
from mailbot.errors import RelayError

_PROBE_SECONDS = 10.0  # for a connection that has lain idle to show that it is alive
_IDLE_BEFORE_PROBE = 2.0  # seconds
_PIECE = 65_536  # bytes written at once
_LONGEST_ANSWER = 500  # characters kept of an answer
_RECIPIENT = "RCPT TO"
_ABOUT_US = frozenset({530, 534, 535, 538})  # RFC 4954 §6, RFC 3207 §4: our configuration, not this letter


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each answer may take, in seconds (RFC 5321 §4.5.3.2), and how long a connection is kept for reuse."""

    connect: float = 30.0
    command: float = 300.0
    final: float = 600.0
    idle: float = 30.0


class StaleError(Exception):
    """A connection that was kept has died meanwhile; nothing of the letter has gone over it."""


class LostError(Exception):
    """The connection died, fell silent or spoke nonsense."""


class LmtpClient(aiosmtplib.SMTP):
    """The same client, greeting with LHLO (RFC 2033 §4.1)."""

    async def ehlo(
        self,
        *,
        hostname: str | None = None,
        timeout: float | Literal[Default.token] | None = Default.token,  # noqa: ASYNC109 - as it is overridden
    ) -> aiosmtplib.SMTPResponse:
        """Greet; the answer has the form of the answer to EHLO."""
        name = (hostname or self.local_hostname or "localhost").encode("ascii")
        response = await self.execute_command(b"LHLO", name, timeout=timeout)
        if response.code != aiosmtplib.SMTPStatus.completed:
            raise aiosmtplib.SMTPHeloError(response.code, response.message)
        self.last_ehlo_response = response
        return response


class RelaySession:
    """One connection that has been greeted. It is taken out of the pool for a letter, so no two ever share it."""

    def __init__(self, client: aiosmtplib.SMTP, limits: Limits) -> None:
        self._client, self._limits = client, limits
        self._idle_since: float | None = None
        self._unfinished = False

    @property
    def reusable(self) -> bool:
        """Say whether another letter may be tried on it."""
        return self._client.is_connected

    async def deliver(self, letter: Letter, ready: Callable[[], None]) -> str:
        """Hand the letter over; the final answer. Raises RelayError, or StaleError before anything was said of it.
        `ready` is called when the server waits for the letter's text: from then on it may come to have it.

        LMTP differs in one reply for each recipient after the dot (RFC 2033 §4.2); there is one recipient.
        """
        mail, rcpt = commands(letter, self._client.esmtp_extensions)
        try:
            await self._begin(mail)
            await self._expect(2, rcpt)
            await self._expect(3, b"DATA")
            ready()
            return await self._hand_over(dot_stuffed(normalised(letter.raw)))
        except LostError as error:
            self.abort()
            raise RelayError(f"the relay was lost before it had the letter: {error}", of_relay=True) from error
        except RelayError:
            raise
        except BaseException:  # cancelled in the middle: to what the next answer belongs is unknown
            self.abort()
            raise
        finally:
            self._idle_since = asyncio.get_running_loop().time()

    def abort(self) -> None:
        """Cut the connection."""
        if self._client.transport is not None:
            cast(asyncio.Transport, self._client.transport).abort()
        self._client.close()

    async def leave(self) -> None:
        """Say goodbye, if anybody is there, and close."""
        try:
            await self._client.quit(timeout=min(_PROBE_SECONDS, self._limits.command))
        except (aiosmtplib.SMTPException, OSError):
            self.abort()

    async def _begin(self, mail: bytes) -> None:
        if self._idle_since is None:
            return await self._expect(2, mail)
        try:
            await self._wake()
            response = await self._command(mail, self._limits.command)
        except (LostError, RelayError) as error:  # RelayError: it refuses to forget the letter before
            self.abort()
            raise StaleError from error
        if response.code == 421:  # RFC 5321 §3.8: it was about to close the connection anyway
            raise StaleError
        return self._check(2, mail, response)

    async def _wake(self) -> None:
        """Clear away a transaction that was refused, and find out early whether anybody is still there."""
        idle = asyncio.get_running_loop().time() - (self._idle_since or 0.0)
        if self._unfinished or idle > _IDLE_BEFORE_PROBE:
            seconds = min(_PROBE_SECONDS, self._limits.command)
            self._check(2, b"RSET", await self._command(b"RSET", seconds))
            self._unfinished = False

    async def _expect(self, kind: int, line: bytes) -> None:
        self._check(kind, line, await self._command(line, self._limits.command))

    async def _command(self, line: bytes, seconds: float) -> aiosmtplib.SMTPResponse:
        try:
            return await self._client.execute_command(line, timeout=seconds)  # closes the connection on 421
        except (aiosmtplib.SMTPException, OSError) as error:
            raise LostError(f"{_verb(line)}: {_cause(error)}") from error

    def _check(self, kind: int, line: bytes, response: aiosmtplib.SMTPResponse) -> None:
        """Only the first digit counts (RFC 5321 §4.3.2)."""
        if response.code // 100 != kind:
            self._unfinished = True
            raise _refusal(_verb(line), response)

    async def _hand_over(self, text: bytes) -> str:
        """Write what comes after 354, and the dot; the answer."""
        protocol = self._client.protocol
        if protocol is None:
            raise LostError("DATA: the connection closed")
        try:
            rest = await self._all_but_the_end(protocol, text)
            protocol.write(rest + b".\r\n")
        except (aiosmtplib.SMTPException, OSError) as error:
            raise LostError(f"DATA: {_cause(error)}") from error
        return await self._final_answer(protocol)

    async def _all_but_the_end(self, protocol: SMTPProtocol, text: bytes) -> bytes:
        # Written in pieces, so that a connection lost in the middle of a long letter is known to be before its end.
        start = 0
        while len(text) - start > _PIECE:
            protocol.write(text[start : start + _PIECE])
            start += _PIECE
            async with asyncio.timeout(self._limits.command):
                await protocol._drain_helper()  # what asyncio's StreamWriter.drain calls; there is no public name
        return text[start:]

    async def _final_answer(self, protocol: SMTPProtocol) -> str:
        try:
            response = await protocol.read_response(timeout=self._limits.final)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise self._in_doubt(_cause(error)) from error
        if response.code // 100 not in {2, 4, 5}:
            raise self._in_doubt(f"the relay said {_shown(response)}")
        if response.code == 421:
            self.abort()
        if response.code // 100 != 2:
            raise _refusal("the letter", response)
        return _shown(response)

    def _in_doubt(self, cause: str) -> RelayError:
        self.abort()
        return RelayError(f"nobody knows whether the relay has the letter: {cause}", in_doubt=True, of_relay=True)


def _refusal(subject: str, response: aiosmtplib.SMTPResponse) -> RelayError | LostError:
    text = f"the relay refused {subject}: {_shown(response)}"
    if response.code // 100 not in {4, 5}:
        return LostError(text)
    permanent = response.code // 100 == 5 and response.code not in _ABOUT_US
    # "Later" to a recipient may be about that recipient, as in greylisting; anywhere else it is the server's own state.
    about_recipient = subject == _RECIPIENT and response.code not in {421, *_ABOUT_US}
    return RelayError(text, permanent=permanent, of_relay=not permanent and not about_recipient)


def _verb(line: bytes) -> str:
    return line.partition(b":")[0].decode("ascii")


def _shown(response: aiosmtplib.SMTPResponse) -> str:
    return one_line(f"{response.code} {response.message}")


def one_line(text: str) -> str:
    """What a server says goes into logs and tables: one line, not long, and nothing in it steers a terminal."""
    return "".join(c if c.isprintable() else " " for c in text.replace("\n", " / "))[:_LONGEST_ANSWER]


def _cause(error: BaseException) -> str:
    return one_line(" ".join(str(part) for part in error.args)) or type(error).__name__
