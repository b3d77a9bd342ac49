"""What did a mail server at the other end get? An SMTP and LMTP server that can be told to misbehave at each stage.

In a test:

    async with Sink() as sink:
        sink.will("rcpt", Say("451 4.3.0 later"))   # the next RCPT; then it accepts again
        sink.will("dot", Drop(taken=True), times=None)   # every mail is kept, but the answer never comes
        ... connect to sink.port ...
        assert [mail.recipient for mail in sink.taken] == [...]

On its own: `python -m tests.channels.sink --port 0 --ledger FILE` prints `listening HOST PORT`, and appends one JSON
line for each recipient of each mail before it answers 250.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import json
import os
import random
import re
import signal
import ssl
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Stage = Literal["greeting", "hello", "starttls", "auth", "mail", "rcpt", "data", "body", "dot", "rset", "quit"]
"""`body` is reached when some bytes of a mail, but not its end, have come; `dot` when its end has."""


@dataclass(frozen=True, slots=True)
class Say:
    """Answer with these words (several lines: joined by CRLF) and go on; 4yz and 5yz refuse."""

    text: str


@dataclass(frozen=True, slots=True)
class Slowly:
    """Answer with these words one byte at a time; `taken`: after keeping the mail."""

    text: str
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """Cut the connection without an answer; `taken`: after keeping the mail. `last_words` are said before."""

    taken: bool = False
    last_words: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """Never answer, and keep the connection; `taken`: after keeping the mail."""

    taken: bool = False


@dataclass(frozen=True, slots=True)
class Babble:
    """Answer with these words, and with nonsense to whatever comes then."""

    text: str


Action = Say | Slowly | Drop | Silence | Babble


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail for one recipient, as it came out of the dialogue: dots unstuffed, without the final dot."""

    recipient: str
    sender: str
    message_id: str
    raw: bytes
    mail_command: str
    rcpt_command: str
    encrypted: bool
    user: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


@dataclass
class Sink:
    """`tls` is offered by STARTTLS, or spoken from the first byte when `implicit`; `password` offers AUTH PLAIN."""

    protocol: Literal["smtp", "lmtp"] = "smtp"
    path: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    password: str | None = None
    offers: Sequence[str] = ("8BITMIME", "SMTPUTF8", "SIZE 100000000", "DSN", "ENHANCEDSTATUSCODES")
    ledger: Path | None = None
    dice: Callable[[Stage], Action | None] = lambda _: None
    taken: list[Taken] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    most_open: int = 0

    def __post_init__(self) -> None:
        self._script: dict[Stage, deque[Action]] = defaultdict(deque)
        self._always: dict[Stage, Action] = {}
        self._dialogues: set[_Dialogue] = set()
        self._changed = asyncio.Event()
        self._ledger = os.open(self.ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644) if self.ledger else None

    def will(self, stage: Stage, action: Action, times: int | None = 1) -> None:
        """Do this the next times that the stage is reached; None: for ever."""
        if times is None:
            self._always[stage] = action
        else:
            self._script[stage].extend([action] * times)

    async def __aenter__(self) -> Sink:
        loop = asyncio.get_running_loop()
        wrap = self.tls if self.implicit else None
        if self.path:
            self._server: asyncio.Server = await loop.create_unix_server(lambda: _Dialogue(self), self.path, ssl=wrap)
        else:
            self._server = await loop.create_server(
                lambda: _Dialogue(self), self.host, self.port, ssl=wrap, backlog=1024
            )
            self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.hang_up()
        await self.until(lambda: self.open == 0)
        await self._server.wait_closed()
        if self._ledger is not None:
            os.close(self._ledger)

    def hang_up(self) -> None:
        """Cut every connection; the door stays open."""
        for dialogue in list(self._dialogues):
            dialogue.abort()

    async def until(self, reached: Callable[[], bool], seconds: float = 10.0) -> None:
        """Wait until what was asked for has happened."""
        async with asyncio.timeout(seconds):
            while not reached():
                self._changed.clear()
                await self._changed.wait()

    def _next(self, stage: Stage) -> Action | None:
        if self._script[stage]:
            return self._script[stage].popleft()
        return self._always.get(stage) or self.dice(stage)

    def _keep(self, mails: list[Taken]) -> None:
        self.taken += mails
        if self._ledger is not None:
            os.write(self._ledger, b"".join(_ledger_line(mail) for mail in mails))

    def _seen(self, dialogue: _Dialogue, step: int) -> None:
        (self._dialogues.add if step > 0 else self._dialogues.discard)(dialogue)
        self.open += step
        self.most_open = max(self.most_open, self.open)
        self._changed.set()


def _ledger_line(mail: Taken) -> bytes:
    entry = {
        "recipient": mail.recipient,
        "sender": mail.sender,
        "message_id": mail.message_id,
        "sha256": mail.sha256,
        "time": time.time(),
    }
    return json.dumps(entry).encode() + b"\n"


_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>\r\n]*>)", re.IGNORECASE | re.MULTILINE)
_PATH = re.compile(r':<((?:"(?:[^"\\]|\\.)*"|[^">])*)>')


class _Dialogue(asyncio.Protocol):
    """One connection."""

    transport: asyncio.Transport

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._buffer = bytearray()
        self._known = False
        self._muted = False
        self._babbling = False
        self._encrypted = sink.implicit
        self._user = ""
        self._greeted = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._forget()

    def _forget(self) -> None:
        self._mail = ""
        self._rcpts: list[str] = []
        self._in_text = False
        self._scanned = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if not self._known:  # after STARTTLS it is made a second time
            self._known = True
            self._sink.connections += 1
            self._sink._seen(self, +1)
            self._answer("greeting", "220 sink ready")

    def connection_lost(self, exc: Exception | None) -> None:
        for task in self._tasks:
            task.cancel()
        if self in self._sink._dialogues:
            self._sink._seen(self, -1)

    def abort(self) -> None:
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._babbling:
            self.transport.write(b"\x15\x03nonsense\r\n")
            return
        self._buffer += data
        self._work()

    def _work(self) -> None:
        while not self._muted and (self._take_text() if self._in_text else self._take_line()):
            pass
        self._sink._changed.set()

    def _take_line(self) -> bool:
        line, end, _ = self._buffer.partition(b"\n")
        if not end:
            return False
        del self._buffer[: len(line) + 1]
        self._obey(line.rstrip(b"\r").decode("utf-8", "replace"))
        return True

    def _take_text(self) -> bool:
        """RFC 5321 §4.1.1.4: only CRLF.CRLF ends the text; the first CRLF is that of the line before."""
        found = 0 if self._buffer.startswith(b".\r\n") else self._buffer.find(b"\r\n.\r\n", self._scanned) + 2
        if found == 1:
            self._scanned = max(0, len(self._buffer) - 4)
            action = self._sink._next("body") if self._buffer else None
            if action:
                self._do(action)
            return False
        text = bytes(self._buffer[:found])
        del self._buffer[: found + 3]
        self._finish(text.removeprefix(b".").replace(b"\r\n.", b"\r\n") if b"." in text else text)
        return True

    def _obey(self, line: str) -> None:
        self._sink.commands.append(line)
        match line[:4].upper():
            case "EHLO" | "LHLO" as verb:
                if (verb == "LHLO") != (self._sink.protocol == "lmtp"):
                    self._write("500 5.5.1 wrong protocol")
                else:
                    self._greeted = self._answer("hello", self._hello())
            case "HELO" if self._sink.protocol == "smtp":
                self._greeted = self._answer("hello", "250 sink")
            case "STAR" if self._sink.tls and not self._encrypted:
                self._start_tls()
            case "AUTH":
                self._log_in(line)
            case "MAIL" if self._greeted:
                if self._answer("mail", "250 2.1.0 ok"):
                    self._mail = line
            case "RCPT" if self._mail:
                if self._answer("rcpt", "250 2.1.5 ok"):
                    self._rcpts.append(line)
            case "DATA" if self._rcpts:
                self._in_text = self._answer("data", "354 go on")
            case "RSET":
                self._forget()
                self._answer("rset", "250 2.0.0 forgotten")
            case "NOOP":
                self._write("250 2.0.0 ok")
            case "QUIT":
                if self._answer("quit", "221 2.0.0 bye"):
                    self.transport.close()
                    self._muted = True
            case _:
                self._write("503 5.5.1 not now")

    def _hello(self) -> str:
        offers = list(self._sink.offers)
        if self._sink.tls and not self._encrypted:
            offers.append("STARTTLS")
        if self._sink.password is not None:
            offers.append("AUTH PLAIN")
        lines = ["sink", *offers]
        return "\r\n".join(f"250{' ' if i == len(lines) - 1 else '-'}{line}" for i, line in enumerate(lines))

    def _start_tls(self) -> None:
        if self._answer("starttls", "220 2.0.0 go on"):
            self._muted = True
            self._buffer.clear()  # RFC 3207 §4.2
            self._forget()
            self._greeted = False
            self._run(self._upgrade())

    async def _upgrade(self) -> None:
        loop = asyncio.get_running_loop()
        assert self._sink.tls
        try:
            wrapped = await loop.start_tls(self.transport, self, self._sink.tls, server_side=True)
        except OSError:
            wrapped = None
        if wrapped is None:
            self.connection_lost(None)  # which asyncio does not tell us when the handshake fails
            return
        self.transport = wrapped
        self._encrypted, self._muted = True, False
        self._work()

    def _log_in(self, line: str) -> None:
        _, user, password = base64.b64decode(line.rsplit(maxsplit=1)[-1]).decode().split("\0")
        if password == self._sink.password and self._answer("auth", "235 2.7.0 welcome"):
            self._user = user
        elif password != self._sink.password:
            self._write("535 5.7.8 wrong password")

    def _finish(self, text: bytes) -> None:
        mails = [self._taken(text, rcpt) for rcpt in self._rcpts]
        words = "250 2.0.0 taken"
        replies = "\r\n".join([words] * len(mails)) if self._sink.protocol == "lmtp" else words  # RFC 2033 §4.2
        self._forget()
        self._answer("dot", replies, lambda: self._sink._keep(mails))

    def _taken(self, text: bytes, rcpt: str) -> Taken:
        found = _MESSAGE_ID.search(text)
        return Taken(
            recipient=_path(rcpt),
            sender=_path(self._mail),
            message_id=found[1].decode("ascii", "replace") if found else "",
            raw=text,
            mail_command=self._mail,
            rcpt_command=rcpt,
            encrypted=self._encrypted,
            user=self._user,
        )

    def _answer(self, stage: Stage, words: str, keep: Callable[[], None] = lambda: None) -> bool:
        """Do what the script says, else answer with these words; True when the stage went on as usual."""
        action = self._sink._next(stage)
        if action is None or getattr(action, "taken", False) or (isinstance(action, Say) and action.text[:1] == "2"):
            keep()
        if action is None:
            self._write(words)
        else:
            self._do(action)
        return action is None or (isinstance(action, Say | Slowly) and action.text[:1] in {"2", "3"})

    def _do(self, action: Action) -> None:
        match action:
            case Say(text):
                self._write(text)
            case Slowly(text):
                self._run(self._trickle(text))
            case Drop(last_words=words):
                if words:
                    self._write(words)
                    self.transport.close()
                else:
                    self.transport.abort()
                self._muted = True
            case Silence():
                self._muted = True
            case Babble(text):
                self._write(text)
                self._babbling = True

    async def _trickle(self, text: str) -> None:
        for byte in f"{text}\r\n".encode():
            self.transport.write(bytes([byte]))
            await asyncio.sleep(0.002)

    def _run(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _write(self, words: str) -> None:
        if not self.transport.is_closing():
            self.transport.write(f"{words}\r\n".encode())


def _path(command: str) -> str:
    found = _PATH.search(command)
    return found[1] if found else ""


def _dice(tempfail: float, drop: float, slow: float, seed: int) -> Callable[[Stage], Action | None]:
    chance = random.Random(seed)

    def throw(stage: Stage) -> Action | None:
        if stage != "dot":
            return None
        number = chance.random()
        if number < tempfail:
            return Say("451 4.3.0 try again later")
        if number < tempfail + drop:
            return Drop(taken=True)
        return Slowly("250 2.0.0 taken", taken=True) if number < tempfail + drop + slow else None

    return throw


async def _serve(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sink = Sink(
        protocol="lmtp" if options.lmtp else "smtp",
        path=options.unix,
        host=options.host,
        port=options.port,
        ledger=options.ledger,
        dice=_dice(options.tempfail_rate, options.drop_rate, options.slow_rate, options.seed),
        taken=_Forgotten(),
        commands=_Forgotten(),
    )
    async with sink:
        print(f"listening {options.unix or options.host} {sink.port}", flush=True)
        await stop.wait()


class _Forgotten(list):  # type: ignore[type-arg]
    """Keeps nothing: a sink of its own runs long, and has its ledger."""

    def __iadd__(self, other: object) -> _Forgotten:  # type: ignore[misc]
        return self

    def append(self, item: object) -> None:
        pass


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--unix", type=Path)
    parser.add_argument("--lmtp", action="store_true")
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--tempfail-rate", type=float, default=0.0, help="share of mails answered 451 after the dot")
    parser.add_argument("--drop-rate", type=float, default=0.0, help="share of mails taken, but never answered")
    parser.add_argument("--slow-rate", type=float, default=0.0, help="share of mails whose 250 takes some 35 ms")
    parser.add_argument("--seed", type=int, default=1)
    asyncio.run(_serve(parser.parse_args(arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
