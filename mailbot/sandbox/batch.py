"""How are the mails of one call spread over children, and what came back?

The parent hands a child one mail at a time over a pipe and gets a pickled Reading or Verification back. A child that
dies, stalls or runs out of memory is replaced, and the mail is read once more by its header alone (attack rows 18–20).
"""

from __future__ import annotations

import os
import selectors
import struct
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from mailbot.desk.content import Reading
from mailbot.mail.lookup import Verification
from mailbot.sandbox.answer import unpickled
from mailbot.sandbox.process import Child, Task, cause

_REQUEST = struct.Struct("!III")  # lengths of `why` (0: read in full), of `ask` (0: read), and of the mail
_ANSWER = struct.Struct("!I")
_LONGEST_ANSWER = 64 * 1024 * 1024
_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class ReadingFailure:
    """The mail could not be read, and not its header, or its sender not be verified; the raw mail is all there is."""

    reason: str


class Batch:
    """The mails of one call: which are waiting, which child has which, and what came back."""

    def __init__(
        self,
        children: Sequence[Child],
        tasks: Sequence[Task],
        *,
        replace: Callable[[Child], Child],
        wall_seconds: float,
    ) -> None:
        self.children = list(children)
        self._replace = replace
        self._wall_seconds = wall_seconds
        self._waiting = deque(tasks)
        self._results: list[Reading | Verification | ReadingFailure] = [ReadingFailure("not read")] * len(tasks)
        self._left = len(tasks)
        self._selector = selectors.DefaultSelector()

    def run(self) -> list[Reading | Verification | ReadingFailure]:
        """Keep every child busy until all results are there."""
        try:
            for place in range(len(self.children)):
                self._hand_out(place)
            while self._left:
                self._step()
        finally:
            self._selector.close()
        return self._results

    def _step(self) -> None:
        now = time.monotonic()
        deadlines = [child.deadline for child in self.children if child.task]
        for key, _ in self._selector.select(max(0.0, min(deadlines) - now)):
            place, writing = key.data
            self._write(place) if writing else self._receive(place)
        now = time.monotonic()
        for place, child in enumerate(self.children):
            if child.task and child.deadline <= now:
                self._lost(place, "reading took too long")

    def _hand_out(self, place: int) -> None:
        if not self._waiting:
            return
        child, task = self.children[place], self._waiting.popleft()
        why = task.why.encode()
        child.task, child.deadline = task, time.monotonic() + self._wall_seconds
        head = _REQUEST.pack(len(why), len(task.ask), len(task.raw))
        child.pending = [memoryview(head + why + task.ask), memoryview(task.raw)]
        child.answer = bytearray()
        self._selector.register(child.stdout, selectors.EVENT_READ, (place, False))
        self._selector.register(child.stdin, selectors.EVENT_WRITE, (place, True))

    def _write(self, place: int) -> None:
        child = self.children[place]
        try:
            while child.pending:
                done = os.write(child.stdin, child.pending[0][:_CHUNK])
                child.pending[0] = child.pending[0][done:]
                if not child.pending[0]:
                    child.pending.pop(0)
        except BlockingIOError:
            return
        except OSError:
            pass  # it died: reading will say so
        self._selector.unregister(child.stdin)

    def _receive(self, place: int) -> None:
        child = self.children[place]
        if child.task is None:
            return
        try:
            data = os.read(child.stdout, _CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            return self._lost(place, cause(child.process))
        child.answer += data
        if len(child.answer) < _ANSWER.size:
            return None
        (size,) = _ANSWER.unpack_from(child.answer)
        if size > _LONGEST_ANSWER:
            return self._lost(place, "the reading is too large")
        if len(child.answer) >= _ANSWER.size + size:
            self._answered(place, bytes(child.answer[_ANSWER.size :]))
        return None

    def _answered(self, place: int, answer: bytes) -> None:
        found = unpickled(answer)
        if isinstance(found, str):
            return self._lost(place, found)
        task = self._take_back(place)
        fits = isinstance(found, Verification) == bool(task.ask)
        self._settle(task, found if fits else ReadingFailure("the reader answered what it was not asked"))
        self._hand_out(place)
        return None

    def _lost(self, place: int, reason: str) -> None:
        """Replace the child; the mail gets a second chance by its header, and no third."""
        task = self._take_back(place)
        self.children[place] = self._replace(self.children[place])
        if task.ask:
            self._settle(task, ReadingFailure(reason))
        elif task.why:
            self._settle(task, ReadingFailure(f"{task.why}; then its header: {reason}"))
        else:
            self._waiting.appendleft(Task(task.place, task.raw, reason))
        self._hand_out(place)

    def _take_back(self, place: int) -> Task:
        child = self.children[place]
        task = child.task
        assert task is not None  # noqa: S101 - only busy children come here
        for pipe in (child.stdin, child.stdout):
            with suppress(KeyError):
                self._selector.unregister(pipe)
        child.task, child.pending = None, []
        return task

    def _settle(self, task: Task, result: Reading | Verification | ReadingFailure) -> None:
        self._results[task.place] = result
        self._left -= 1
