"""How is the real daemon started, killed and stopped, and does it leave anything behind?"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.crash.desk import Desk

_PROJECT = Path(__file__).parents[2]
_READY_SECONDS = 30.0
_VANISH_SECONDS = 5.0
STOP_SECONDS = 10.0


class Daemon:
    """`python -m mailbot serve` in a process group of its own, again and again on the same desk."""

    def __init__(self, desk: Desk, *, before: Sequence[str] = ()) -> None:
        self._desk = desk
        self._before = before  # a command that runs ours, such as strace
        self._process: asyncio.subprocess.Process | None = None
        self.starts = 0
        self.orphans: list[int] = []
        """Children that outlived a killed daemon."""

    @property
    def alive(self) -> bool:
        """Say whether the process runs."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """Of the process that runs, or ran last."""
        assert self._process is not None
        return self._process.pid

    async def start(self, *, fault: str = "") -> None:
        """Start it, and do not wait; `fault` is a MAILBOT_FAULT."""
        command = (*self._before, sys.executable, "-m", "mailbot", "serve", "-c", str(self._desk.configuration))
        with self._desk.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=_PROJECT,
                env=_environment({"MAILBOT_FAULT": fault} if fault else {}),
                start_new_session=True,
            )
        self.starts += 1

    async def ready(self) -> None:
        """Wait until its door is open."""
        async with asyncio.timeout(_READY_SECONDS):
            while True:
                if not self.alive:
                    raise AssertionError(f"the daemon ended: {self._desk.log.read_text(encoding='utf-8')[-2000:]}")
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", self._desk.smtp_port)
                    writer.close()
                    return
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """SIGKILL to the daemon alone; its children must notice by themselves."""
        assert self._process is not None
        children = _children(self._process.pid)
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        self.orphans += await _outliving(children)

    async def ended(self) -> int:
        """Wait until it ends by itself; the exit code, negative for a signal."""
        assert self._process is not None
        return await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM; the exit code. Raises TimeoutError when it takes longer than it may."""
        assert self._process is not None
        children = _children(self._process.pid)
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_SECONDS):
            code = await self._process.wait()
        self.orphans += await _outliving(children)
        return code

    async def close(self) -> None:
        """Leave nothing of it running, whatever happened before."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAILBOT_")}
    return {**kept, "PYTHONUNBUFFERED": "1", **more}


def _children(pid: int) -> dict[int, str]:
    """Every child of this process, and when it was started: a pid alone may be given again."""
    found: dict[int, str] = {}
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in tasks.read_text().split():
                started = _started(int(child))
                if started is not None:
                    found[int(child)] = started
    return found


def _started(pid: int) -> str | None:
    """The start time of a process that runs; None for one that is gone, or dead and not collected yet."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]  # proc(5): state is field 3, starttime 22


async def _outliving(children: Mapping[int, str]) -> list[int]:
    left = dict(children)
    with suppress(TimeoutError):
        async with asyncio.timeout(_VANISH_SECONDS):
            while left := {pid: started for pid, started in left.items() if _started(pid) == started}:
                await asyncio.sleep(0.01)
    return list(left)
