"""The real daemon, as a process of its own: started, asked for its port, stopped."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailbot.errors import MailbotError

_LISTENING = re.compile(r" listening .*127\.0\.0\.1:([0-9]+)")
_READY = re.compile(r"^\S+ info +ready$", re.MULTILINE)
_GRACE_SECONDS = 12  # the daemon promises to stop within ten


class DaemonEndedError(MailbotError):
    """The daemon is gone though nobody stopped it."""


class Daemon:
    """A running `mailbot serve`; what it says stands in its log."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    def port(self) -> int | None:
        """Where it takes mail by SMTP; None until it is ready. Raises DaemonEndedError."""
        self.require_alive()
        said = self._log.read_text(encoding="utf-8", errors="replace")
        found = _LISTENING.search(said)
        return int(found[1]) if found and _READY.search(said) else None

    def require_alive(self, grace_seconds: float = 0) -> None:
        """Raise DaemonEndedError, with its last words, when it has ended or ends within the grace."""
        try:
            code = self._process.wait(grace_seconds)
        except subprocess.TimeoutExpired:
            return
        said = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        last = f"; its last words: {said[-1][:200]}" if said else ""
        raise DaemonEndedError(f"the daemon ended with {code}{last}")

    def stop(self) -> None:
        """Let it finish what is at hand (SIGTERM), and wait for its end."""
        self._process.terminate()
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def serving(configuration: Path, log: Path) -> Iterator[Daemon]:
    """Run the daemon for as long as this lasts."""
    command = [sys.executable, "-m", "mailbot", "serve", "-c", str(configuration)]
    with log.open("wb") as said:
        # It stays in our process group, so that it ends with the terminal even where we cannot stop it.
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)  # noqa: S603
    daemon = Daemon(process, log)
    try:
        yield daemon
    finally:
        daemon.stop()
