"""Who brings the mails to the door? Clients that keep each until its 250, like a mail server, and never give up."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from tests.crash.desk import Desk
from tests.crash.mails import SUPPORT, Mail

_MAILS_OF_ONE_SESSION = 200
_PATIENCE_SECONDS = 60.0
_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Accepted:
    """A mail that was answered 250: when, after how many tries, and how often its fate was unknown before."""

    id: str
    sha256: str
    at: float
    tries: int
    in_doubt: int
    port: int
    """Our end of the connection, 0 for a unix socket."""


class RefusedError(Exception):
    """The door said 5yz, which a mail server would bounce: the question would be lost."""


class Senders:
    """Several clients that share one list of mails; every fourth speaks LMTP."""

    def __init__(self, desk: Desk, mails: Sequence[Mail], ledger: Path) -> None:
        self._desk = desk
        self._left = deque(mails)
        self._arrived = {mail.id: asyncio.Event() for mail in mails}
        self._ledger = ledger
        self._writing: TextIO | None = None
        self.accepted: dict[str, Accepted] = {}
        self.refused: list[str] = []

    async def run(self, clients: int) -> None:
        """Bring every mail; end when each has its answer."""
        with self._ledger.open("a", encoding="utf-8") as self._writing:
            async with asyncio.TaskGroup() as group:
                for number in range(clients):
                    group.create_task(self._client(lmtp=number % 4 == 3))

    async def bring(self, mail: Mail, *, lmtp: bool = False) -> Accepted:
        """Bring one mail over a connection of its own."""
        line = Line(self._desk, lmtp=lmtp)
        try:
            return await self._deliver(line, mail)
        finally:
            await line.close()

    async def _client(self, *, lmtp: bool) -> None:
        line = Line(self._desk, lmtp=lmtp)
        try:
            while self._left:
                mail = self._left.popleft()
                if mail.parent is not None:
                    await self._arrived[mail.parent].wait()  # nobody answers what was not sent yet
                try:
                    await self._deliver(line, mail)
                except RefusedError as error:
                    self.refused.append(f"{mail.id}: {error}")
                self._arrived[mail.id].set()
        finally:
            await line.close()

    async def _deliver(self, line: Line, mail: Mail) -> Accepted:
        tries = in_doubt = 0
        while True:
            tries += 1
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    taken = await line.hand_over(mail)
            except (OSError, EOFError, TimeoutError):
                in_doubt += line.after_dot
                await line.close()
                taken = False
            if taken:
                accepted = Accepted(mail.id, mail.sha256, time.time(), tries, in_doubt, line.port)
                self._note(accepted)
                return accepted
            await asyncio.sleep(_AGAIN_SECONDS)

    def _note(self, accepted: Accepted) -> None:
        self.accepted[accepted.id] = accepted
        if self._writing is not None and not self._writing.closed:
            self._writing.write(json.dumps(asdict(accepted)) + "\n")


class Line:
    """One connection to the door, made when needed and kept for some mails."""

    def __init__(self, desk: Desk, *, lmtp: bool = False) -> None:
        self._desk = desk
        self._lmtp = lmtp
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._mails = 0
        self.after_dot = False
        """The last mail was written to its end, so that without an answer its fate is unknown (RFC 1047)."""
        self.port = 0

    async def hand_over(self, mail: Mail, recipient: str = SUPPORT) -> bool:
        """Send one mail: true for 250, false for 4yz. Raises RefusedError, OSError, EOFError."""
        self.after_dot = False
        reader, writer = self._streams or await self._open()
        envelope = f"MAIL FROM:<{mail.sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n"
        writer.write(envelope.encode())  # RFC 2920
        codes = [await _reply(reader) for _ in range(3)]
        if codes[2] == 354:
            stuffed = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in mail.raw.split(b"\r\n"))
            writer.write(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            self.after_dot = True
            codes = [await _reply(reader)]
            self.after_dot = False
        await self._count()
        if any(code >= 500 and code != 503 for code in codes):  # 503 only follows from another refusal
            raise RefusedError(str(codes))
        return codes == [250]

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            writer = self._streams[1]
            self._streams = None
            writer.transport.abort()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._lmtp:
            self._streams = await asyncio.open_unix_connection(self._desk.lmtp_socket)
        else:
            self._streams = await asyncio.open_connection("127.0.0.1", self._desk.smtp_port)
            self.port = self._streams[1].get_extra_info("sockname")[1]
        reader, writer = self._streams
        self._mails = 0
        await _expect(reader, 220)
        writer.write(b"LHLO mua.example\r\n" if self._lmtp else b"EHLO mua.example\r\n")
        await _expect(reader, 250)
        return self._streams

    async def _count(self) -> None:
        self._mails += 1
        if self._mails >= _MAILS_OF_ONE_SESSION:
            await self.close()


async def _expect(reader: asyncio.StreamReader, code: int) -> None:
    if await _reply(reader) != code:
        raise ConnectionError("the door is closing")


async def _reply(reader: asyncio.StreamReader) -> int:
    while True:
        line = await reader.readuntil(b"\r\n")
        if line[:3] == b"421":  # RFC 5321 §3.8: whatever it answers, the connection is over
            raise ConnectionError("the door is closing")
        if line[3:4] != b"-":
            return int(line[:3])
