"""A real Mailman 3, private to the test, on free ports of the loopback: it takes posts by LMTP and hands out by SMTP.

with start_mailman(lists={…}, smtp_port=…) as mailman: …       mailman.lmtp_port takes posts

Only its core runs, with SQLite, in a folder that goes with it. It comes with `requirements/dev.txt` (PyPI `mailman`).
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.real.servers import BOUND_SECONDS, answers, folder_for, need, stop, wait_until

PROGRAM = Path(sys.executable).parent / "mailman"
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Mailman:
    """A running Mailman."""

    folder: Path
    lmtp_port: int

    @property
    def log(self) -> str:
        return "".join(file.read_text(errors="replace") for file in sorted((self.folder / "logs").glob("*.log")))

    @property
    def rests(self) -> bool:
        """Nothing is on its way through it."""
        return not any(file for name in _QUEUES for file in (self.folder / "queue" / name).glob("*"))

    @property
    def failed(self) -> list[Path]:
        """What it could not work on."""
        return [*(self.folder / "queue").glob("shunt/*"), *(self.folder / "queue").glob("bad/*")]


@contextlib.contextmanager
def start_mailman(*, lists: Mapping[str, Mapping[str, Any]], smtp_port: int, lmtp_port: int) -> Iterator[Mailman]:
    """Mailman with these lists (`mailman_setup` says their shape), which sends by the SMTP server at `smtp_port`."""
    _need_mailman()
    with folder_for("mailman-") as folder:
        mailman = Mailman(folder, lmtp_port)
        configuration = folder / "mailman.cfg"
        configuration.write_text(_CONFIGURATION.format(folder=folder, lmtp_port=lmtp_port, smtp_port=smtp_port))
        _run(folder, sys.executable, "-m", "tests.real.mailman_setup", str(configuration), json.dumps(lists))
        _run(folder, str(PROGRAM), "--run-as-root", "-C", str(configuration), "start")
        wait_until((folder / "master.pid").exists, lambda: mailman.log)
        master = int((folder / "master.pid").read_text())
        try:
            wait_until(lambda: answers(mailman.lmtp_port), lambda: mailman.log)
            yield mailman
        finally:
            stop(master)


def _need_mailman() -> None:
    if sys.version_info >= (3, 13):
        pytest.skip("needs Mailman, which has no release for this Python (it wants nntplib)")
    if not PROGRAM.exists() and not os.environ.get("CI"):
        pytest.skip("needs Mailman: pip install --require-hashes -r requirements/dev.txt")
    need()


def _run(folder: Path, *command: str) -> None:
    # Python's own warnings of Mailman and its libraries are theirs; the folder is home, for it looks there as well.
    environment = {**os.environ, "HOME": str(folder), "PYTHONWARNINGS": "ignore", "PYTHONPATH": str(_ROOT)}
    environment.pop("MAILMAN_CONFIG_FILE", None)
    said = folder / "said.txt"
    with said.open("wb") as file:  # no pipe: the daemon would hold it open, and we should wait for its end
        done = subprocess.run(
            command, env=environment, cwd=folder, stdout=file, stderr=file, timeout=2 * BOUND_SECONDS, check=False
        )
    assert done.returncode == 0, f"{command}: {said.read_text(errors='replace')}"


_QUEUES = ("in", "pipeline", "out", "virgin", "retry")
_RUNNERS_NOT_NEEDED = ("archive", "digest", "nntp", "rest", "retry", "task", "bounces", "command")
_CONFIGURATION = """\
[mailman]
layout: here
site_owner: owner@lists.customer.example
default_language: en

[paths.here]
var_dir: {folder}

[database]
class: mailman.database.sqlite.SQLiteDatabase
url: sqlite:///{folder}/mailman.db

[mta]
incoming: mailman.mta.null.NullMTA
outgoing: mailman.mta.deliver.deliver
lmtp_host: 127.0.0.1
lmtp_port: {lmtp_port}
smtp_host: 127.0.0.1
smtp_port: {smtp_port}

""" + "".join(f"[runner.{name}]\nstart: no\n\n" for name in _RUNNERS_NOT_NEEDED)
