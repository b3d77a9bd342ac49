"""How is the database opened, so that what is committed is on the disk?"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy import RowMapping as RowMapping
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from mailbot.errors import Fault, RefusedError, StoreFullError, StoreUnavailableError
from mailbot.store import migrations

BUSY_TIMEOUT_SECONDS = 10
_FULL = ("disk is full", "disk full", "no space left", "could not extend file")


@dataclass(frozen=True, slots=True)
class Store:
    """An open database. `begin` is the only way in, so that every failure of it has one shape."""

    engine: Engine

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Which of the two databases this is."""
        return "sqlite" if self.engine.dialect.name == "sqlite" else "postgresql"

    @property
    def folder(self) -> Path | None:
        """Where the SQLite file lies; None for a server's database."""
        file = self.engine.url.database
        return Path(file).parent if self.dialect == "sqlite" and file else None

    def require_room(self, needed: int) -> None:
        """Raise StoreFullError unless so many bytes are free beside the SQLite file; a server minds its own disk."""
        if self.folder is not None and shutil.disk_usage(self.folder).free < needed:
            raise StoreFullError(f"less than {needed} bytes are free in {self.folder}")

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Open one writing transaction; commit at the end, roll back on any exception.

        Raises StoreFullError and StoreUnavailableError where the database fails; other exceptions pass unchanged.
        """
        with _failures_named(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open one reading transaction, which never waits for a writer."""
        with _failures_named(), self.engine.connect().execution_options(reading=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open the database at `url`; an empty one gets its tables first.

    Raises StoreUnavailableError when it cannot be reached, is not of this version, or would not keep what it commits.
    """
    store = connect(url)
    try:
        with store.read() as connection:
            empty = migrations.version(connection) is None
        if empty:
            create(url).close()
        with store.read() as connection:
            _require_durability(connection)
            migrations.require_current(connection)
    except BaseException:
        store.close()
        raise
    return store


def connect(url: str) -> Store:
    """Open the database whatever its version; for migrations and checks."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            _make_folder(Path(parsed.database).parent)
        # autocommit: the driver opens no transaction by itself; we say BEGIN IMMEDIATE, so that a reader that writes
        # later cannot be refused half-way.
        engine = create_engine(
            parsed,
            connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None, "check_same_thread": False},
            pool_size=4,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return Store(engine)
    engine = create_engine(
        parsed,
        connect_args={"connect_timeout": 5, "options": "-c statement_timeout=30000 -c lock_timeout=10000"},
        pool_pre_ping=True,
        pool_size=6,
        pool_timeout=10,
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return Store(engine)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailableError(f"the folder {folder} of the database cannot be made ({error.strerror})") from None


def create(url: str) -> Store:
    """Open the database and bring it to the current schema (`mailbot db upgrade`)."""
    store = connect(url)
    try:
        with _failures_named():
            migrations.upgrade(store.engine)
    except BaseException:
        store.close()
        raise
    return store


@contextmanager
def sole_daemon(url: str) -> Iterator[None]:
    """Be the only daemon on an SQLite file for as long as this lasts; PostgreSQL takes any number of them.

    Raises RefusedError when another one runs.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        yield
        return
    with open(f"{parsed.database}.lock", "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RefusedError(f"another mailbot serves {parsed.database}; stop it first") from None
        yield


def faults(url: str) -> list[Fault]:
    """Say what is wrong with the database, for `mailbot check`; an SQLite file that is not there yet is no fault."""
    parsed = make_url(url)
    shown = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        folder = _existing_parent(Path(parsed.database or "."))
        if not _writable(folder):
            return [
                Fault(
                    "database",
                    "[database] url",
                    shown,
                    f"the folder {folder} cannot be written; choose another or give the right to write",
                )
            ]
        return []
    store = connect(url)
    try:
        with store.begin() as connection:
            _require_durability(connection)
            migrations.require_not_newer(connection)
    except StoreUnavailableError as error:
        return [Fault("database", "[database] url", shown, str(error))]
    finally:
        store.close()
    return []


def existing(url: str) -> Store | None:
    """Open a database that has our tables already; None for any other. Nothing is created."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        return None
    store = connect(url)
    try:
        with store.read() as connection:
            migrations.require_current(connection)
    except StoreUnavailableError:
        store.close()
        return None
    return store


def _prepare_sqlite(raw: Any, _record: object) -> None:
    cursor = raw.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: a commit is on the disk before the 250 (promises §0.2); NORMAL could roll back after a power loss.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA cache_size=-65536")
    cursor.execute("PRAGMA wal_autocheckpoint=4000")
    cursor.execute("PRAGMA journal_size_limit=67108864")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reading") else "BEGIN IMMEDIATE")


def _prepare_postgresql(raw: Any, _record: object) -> None:
    raw.autocommit = True
    raw.execute("SET timezone TO 'UTC'")
    raw.autocommit = False


def _require_durability(connection: Connection) -> None:
    """Refuse a database that would forget commits at a power loss (T2b)."""
    if connection.dialect.name == "sqlite":
        level = connection.execute(text("PRAGMA synchronous")).scalar_one()
        mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
        if level < 2 or mode not in {"wal", "memory"}:
            raise StoreUnavailableError(
                f"SQLite runs with synchronous={level}, journal_mode={mode}: mail could be lost at a power cut; "
                "put the file on a local disk"
            )
        return
    for setting in ("fsync", "synchronous_commit"):
        if (
            connection.execute(text(f"SHOW {setting}")).scalar_one() in {"off", "local"}
            and setting == "synchronous_commit"
        ):
            raise StoreUnavailableError(
                "PostgreSQL runs with synchronous_commit off or local: mail could be lost; set it to on"
            )
        if setting == "fsync" and connection.execute(text("SHOW fsync")).scalar_one() == "off":
            raise StoreUnavailableError("PostgreSQL runs with fsync=off: mail could be lost; set it to on")


@contextmanager
def _failures_named() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        words = str(error.orig).strip().splitlines()
        said = words[0] if words else type(error.orig).__name__
        if any(sign in said.lower() for sign in _FULL):
            raise StoreFullError(f"the disk of the database is full ({said})") from error
        if _is_the_world(error):
            raise StoreUnavailableError(f"the database does not answer ({said})") from error
        raise
    except SQLAlchemyError as error:
        if type(error).__name__ == "TimeoutError":  # the pool is used up
            raise StoreUnavailableError("the database does not answer (no free connection)") from error
        raise
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StoreFullError("the disk of the database is full") from error
        raise


def _is_the_world(error: DBAPIError) -> bool:
    """OperationalError and broken connections are the world's; a wrong statement or a broken rule is our bug."""
    names = {base.__name__ for base in type(error.orig).__mro__}
    broken = type(error.orig).__name__ == "DatabaseError"  # SQLite: the file is damaged, or is no database
    return bool(broken or error.connection_invalidated or names & {"OperationalError", "InterfaceError"})


def _existing_parent(path: Path) -> Path:
    folder = path.absolute().parent
    while not folder.exists():
        folder = folder.parent
    return folder


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK)
