"""Runs the operator's program with an alarm on its standard input; no shell, so nothing in it can become a command."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import suppress
from typing import IO

from mailbot.channels.relay_session import one_line
from mailbot.errors import PageError

_KEPT = 4096  # bytes of what it says
_PIECE = 65_536
_SETTLING_SECONDS = 1.0  # for the last words of a program that has ended
# What programs need to find their way; nothing else of ours, for it may hold secrets.
_ENVIRONMENT = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR")


class CommandPager:
    """The program `argv`, which may take so many seconds; then it and its children are killed."""

    def __init__(self, argv: Sequence[str], seconds: float) -> None:
        self._argv, self._seconds = tuple(argv), seconds

    async def page(self, body: bytes) -> str:
        """As Pager.page."""
        heard, spoken = os.pipe()
        ear = os.fdopen(heard, "rb", 0)
        try:
            process = await self._started(body, spoken)
        except OSError as error:
            ear.close()
            raise PageError(f"{self._argv[0]} cannot be run: {error.strerror or error}") from error
        finally:
            os.close(spoken)
        words = await self._until_it_ends(process, ear)
        code = process.returncode
        if code:
            how = f"ended with exit code {code}" if code > 0 else f"was ended by signal {-code}"
            raise PageError(_with(f"{self._argv[0]} {how}", words))
        return _with("exit code 0", words)

    async def _started(self, body: bytes, spoken: int) -> Process:
        with tempfile.TemporaryFile() as given:  # not a pipe: a program that does not read it stops nobody
            given.write(body)
            given.seek(0)
            return await asyncio.create_subprocess_exec(
                *self._argv, stdin=given, stdout=spoken, stderr=spoken, env=_environment(), start_new_session=True
            )

    async def _until_it_ends(self, process: Process, ear: IO[bytes]) -> bytes:
        """What it said until then, and a moment longer: a child of its own may keep the line open for ever."""
        said = bytearray()
        listening = asyncio.create_task(_listen(ear, said))
        try:
            async with asyncio.timeout(self._seconds):
                await process.wait()
            await asyncio.wait({listening}, timeout=_SETTLING_SECONDS)
        except TimeoutError as error:
            raise PageError(_with(f"{self._argv[0]} did not end within {self._seconds:g} seconds", said)) from error
        finally:
            await _ended(process)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        return bytes(said)


async def _ended(process: Process) -> None:
    """Leave nothing of it running that it did not leave itself."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _listen(ear: IO[bytes], said: bytearray) -> None:
    """Keep the beginning; the rest is heard and forgotten, so that a talkative program does not wait for us."""
    reader = asyncio.StreamReader()
    line, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), ear)
    try:
        while piece := await reader.read(_PIECE):
            said += piece[: _KEPT - len(said)]
    finally:
        line.close()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in _ENVIRONMENT or name.startswith("LC_")}


def _with(text: str, words: bytes | bytearray) -> str:
    told = one_line(words.decode("utf-8", "replace").strip())
    return f"{text}: {told}" if told else text
