"""Which children are there to read mails?"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mailbot.desk.content import ContentRules, Reading
from mailbot.mail.lookup import Answer, Question, Unverified, Verification
from mailbot.sandbox.batch import Batch, ReadingFailure
from mailbot.sandbox.process import Child, Task, end

_GRACE_SECONDS = 2.0


class ReadingPool:
    """A fixed number of children; `read` may be called from several threads at once."""

    def __init__(
        self,
        size: int,
        *,
        rules: ContentRules,
        authserv_id: str,
        cpu_seconds: int = 2,
        memory_bytes: int = 512 * 1024 * 1024,
        wall_seconds: float = 10,
    ) -> None:
        self._size = size
        self._wall_seconds = wall_seconds
        # A file, not a pipe: a pipe would hold up the start until the child reads.
        self._rules = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._rules.write(pickle.dumps(rules))
        self._rules.flush()
        self._arguments = (authserv_id, str(cpu_seconds), str(memory_bytes), str(wall_seconds))
        self._idle: queue.Queue[Child] = queue.Queue()
        self._all: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._closed = True

    def start(self) -> None:
        """Start the children; they get ready while other things are done."""
        self._closed = False
        for _ in range(self._size):
            self._idle.put(self._spawn())

    def close(self) -> None:
        """End the children; mails that are being read come back as failures."""
        with self._lock:
            self._closed = True
            processes, self._all = list(self._all), set()
        for process in processes:
            with suppress(OSError):
                process.stdin.close()  # type: ignore[union-attr]
        for process in processes:
            end(process, _GRACE_SECONDS)
        self._rules.close()

    def pids(self) -> tuple[int, ...]:
        """The processes that are running now."""
        with self._lock:
            return tuple(process.pid for process in self._all if process.poll() is None)

    def read(self, raws: Sequence[bytes]) -> list[Reading | ReadingFailure]:
        """Read the mails, in order, on as many idle children as there are."""
        found = self._run([Task(place, raw) for place, raw in enumerate(raws)])
        return [each for each in found if not isinstance(each, Verification)]

    def verify(
        self, mails: Sequence[tuple[Unverified, Mapping[Question, Answer]]]
    ) -> list[Verification | ReadingFailure]:
        """Verify the senders of the mails, in order, each over the answers that are known for it."""
        asks = [pickle.dumps((replace(mail, raw=b""), known)) for mail, known in mails]
        found = self._run([Task(place, mail.raw, ask=asks[place]) for place, (mail, _) in enumerate(mails)])
        return [each for each in found if not isinstance(each, Reading)]

    def _run(self, tasks: Sequence[Task]) -> list[Reading | Verification | ReadingFailure]:
        if not tasks:
            return []
        if self._closed:
            raise RuntimeError("the reading pool is not running")
        children = self._borrow(len(tasks))
        # The child has an alarm of its own; this is for one that does not even obey that.
        batch = Batch(children, tasks, replace=self._replaced, wall_seconds=self._wall_seconds + 1)
        try:
            return batch.run()
        finally:
            for child in batch.children:
                self._idle.put(child)

    def _replaced(self, child: Child) -> Child:
        """End this child and start another."""
        with self._lock:
            self._all.discard(child.process)
        end(child.process, 0)
        return self._spawn()

    def _borrow(self, wanted: int) -> list[Child]:
        """Wait for one child and take those that are idle beside it."""
        children = [self._idle.get()]
        while len(children) < wanted:
            try:
                children.append(self._idle.get_nowait())
            except queue.Empty:
                break
        return children

    def _spawn(self) -> Child:
        # -P: a file in the working directory must not stand in for a library. No fork: we have threads.
        command = [sys.executable, "-P", "-m", "mailbot.sandbox.child", str(self._rules.fileno()), *self._arguments]
        package = str(Path(__file__).resolve().parents[2])
        environment = {"PYTHONPATH": os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH", ""))))}
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment | {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "random"},
            bufsize=0,
            pass_fds=(self._rules.fileno(),),
        )
        child = Child(process)
        os.set_blocking(child.stdin, False)
        os.set_blocking(child.stdout, False)
        with self._lock:
            self._all.add(process)
            closed = self._closed
        if closed:
            end(process, 0)
        return child
