"""What does the parent know of a reading child, and how does one end?"""

from __future__ import annotations

import subprocess
from contextlib import suppress
from dataclasses import dataclass, field

_GRACE_SECONDS = 2.0


@dataclass(slots=True)
class Task:
    """One mail of a batch; `why` is set when only its header is to be read, `ask` when its sender is to be verified."""

    place: int
    raw: bytes
    why: str = ""
    ask: bytes = b""


@dataclass(slots=True)
class Child:
    """A running child, what is still to be written to it, and what it has answered so far."""

    process: subprocess.Popen[bytes]
    task: Task | None = None
    deadline: float = 0.0
    pending: list[memoryview] = field(default_factory=list)
    answer: bytearray = field(default_factory=bytearray)

    @property
    def stdin(self) -> int:
        assert self.process.stdin is not None  # noqa: S101 - given to Popen
        return self.process.stdin.fileno()

    @property
    def stdout(self) -> int:
        assert self.process.stdout is not None  # noqa: S101 - given to Popen
        return self.process.stdout.fileno()


def cause(process: subprocess.Popen[bytes]) -> str:
    """Say what ended the child, in words for the warnings of the mail."""
    try:
        code = process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        return "the reader closed its pipe"
    names = {-24: "reading took too much processor time", -14: "reading took too long", -11: "the reader crashed"}
    return names.get(code, f"the reader ended with {code}")


def end(process: subprocess.Popen[bytes], grace: float) -> None:
    """Wait that long for the process to end, then kill it; close its pipes and collect it."""
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()
