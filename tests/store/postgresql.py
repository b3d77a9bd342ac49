"""A PostgreSQL server of the tests' own: its data in a folder that goes with it, on a free port of the loopback.

It may be stopped and started again. Root hands it to the user `postgres`, for PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from mailbot.store.engine import create

_BOUND_SECONDS = "60"
_PATTERN = "pattern"
_numbers = count(1)


@dataclass(frozen=True)
class Cluster:
    """A server with databases for tests; `user` is who runs it, where that is not us."""

    folder: Path
    programs: Path
    port: int
    user: str | None

    def url(self, database: str) -> str:
        """The URL of a database, as the configuration gives it on."""
        return f"postgresql+psycopg://mailbot@127.0.0.1:{self.port}/{database}"

    def desk(self) -> str:
        """Create a database with our tables and nothing in them; give its URL."""
        name = f"desk_{next(_numbers)}"
        self._administrate(f"CREATE DATABASE {name} TEMPLATE {_PATTERN}")
        return self.url(name)

    def empty(self) -> str:
        """Create a database with nothing in it at all; give its URL."""
        name = f"empty_{next(_numbers)}"
        self._administrate(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def lay_out(self) -> None:
        """Make the pattern that every desk is copied from, by the real migrations."""
        self._administrate(f"CREATE DATABASE {_PATTERN} TEMPLATE template0")
        create(self.url(_PATTERN)).close()

    def set(self, url: str, setting: str) -> None:
        """Change a setting of one database, for connections to come."""
        self._administrate(f"ALTER DATABASE {url.rpartition('/')[2]} SET {setting}")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories={self.folder}"
        options += " -c fsync=on -c synchronous_commit=on -c full_page_writes=on -c max_connections=120"
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", self._data, "-l", log, "-w", "-t", _BOUND_SECONDS, "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server and wait until it is gone."""
        self.run("pg_ctl", "-D", self._data, "-m", mode, "-w", "-t", _BOUND_SECONDS, "stop")

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the user who runs the server."""
        as_user = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"] if self.user else []
        command = [*as_user, str(self.programs / program), *arguments]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert done.returncode == 0, done.stderr.decode()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _administrate(self, statement: str) -> None:
        with psycopg.connect(f"host=127.0.0.1 port={self.port} user=mailbot dbname=postgres", autocommit=True) as link:
            link.execute(statement)  # type: ignore[arg-type] # made of words of ours


@contextmanager
def started() -> Iterator[Cluster]:
    """A running server; skips where PostgreSQL is not installed, fails instead where CI promised it."""
    programs = _programs()
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="mailbot-postgresql-"))
    try:
        if user:
            shutil.chown(folder, user, user)
        cluster = Cluster(folder, programs, _free_port(), user)
        cluster.run(
            "initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "mailbot", "-E", "UTF8", "--locale=C", "-N"
        )
        cluster.start()
        try:
            cluster.lay_out()
            yield cluster
        finally:
            cluster.stop("immediate")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    reason = "needs a PostgreSQL server (Debian package postgresql)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
