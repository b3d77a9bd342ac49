"""The command line as a person has it: words in, an exit code and what was written out; the whole program runs here."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from mailbot import config
from mailbot.app import make_context
from mailbot.cli import main
from mailbot.store.engine import open_store
from tests.flows.office import Office, in_process

MAIL = b"""\
From: =?utf-8?b?5bGx55Sw?= <taro@example.jp>
To: support@example.com
Subject: =?utf-8?b?cGdwb29sLUlJIDQuNSDjgYzotbfli5XjgZfjgb7jgZvjgpM=?=
Message-ID: <first@example.jp>
Date: Wed, 01 Apr 2026 12:00:00 +0900
Content-Type: text/plain; charset=utf-8

pgpool-II 4.5 \xe3\x81\x8c\xe8\xb5\xb7\xe5\x8b\x95\xe3\x81\x97\xe3\x81\xbe\xe3\x81\x9b\xe3\x82\x93\xe3\x80\x82
"""


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def faults(self) -> list[str]:
        return self.err.splitlines()


@dataclass(frozen=True)
class Terminal:
    """A folder in which commands are given."""

    folder: Path

    def __call__(self, *words: str, stdin: bytes = b"") -> Said:
        """Run a command in this process, in the folder."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in "12")
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            given = io.TextIOWrapper(io.BytesIO(stdin))
            with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", given):
                code = main.execute(words)
        finally:
            os.chdir(before)
        return Said(code, *(_written(stream) for stream in (out, err)))

    def process(self, *words: str, stdin: bytes = b"", environ: dict[str, str] | None = None) -> Said:
        """Run a command as the program that it is."""
        command = [sys.executable, "-m", "mailbot", *words]
        place = str(Path(__file__).parents[2])
        done = subprocess.run(
            command,
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": place, **(environ or {})},
            timeout=60,
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    def does(self, *words: str, stdin: bytes = b"") -> Said:
        """Run a command that must succeed without a word of complaint."""
        said = self(*words, stdin=stdin)
        assert (said.code, said.err) == (0, ""), f"{' '.join(words)}: {said}"
        return said

    def work(self, at: datetime | None = None) -> None:
        """Let the desk do what the daemon would do."""
        with self.office(at or datetime.now(UTC)) as office:
            office.work()

    @contextmanager
    def office(self, at: datetime) -> Iterator[Office]:
        """The desk behind these commands."""
        settings = config.load(self.folder / "config.toml", {})
        store = open_store(settings.database.url)
        try:
            yield Office(make_context(settings, store, in_process), now=at)
        finally:
            store.close()


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()
