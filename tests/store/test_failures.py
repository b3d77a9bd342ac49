"""Has every failure of the database one shape, and does the next transaction work when the trouble is over?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import Pool

from mailbot.errors import RefusedError, StoreFullError, StoreUnavailableError
from mailbot.store import engine, inbound
from mailbot.store.engine import Store, connect, open_store, sole_daemon
from tests.store import rows
from tests.store.postgresql import Cluster


@pytest.fixture
def impatient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An SQLite database that waits a moment only for another writer."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_SECONDS", 0.05)
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    yield store
    store.close()


def keep(store: Store, words: str) -> int:
    with store.begin() as connection:
        return rows.kept(connection, words)


def test_a_wrong_statement_is_a_bug_and_not_the_worlds_fault(store: Store) -> None:
    with pytest.raises(Exception, match="nonsense") as caught, store.begin() as connection:
        connection.execute(text("SELECT nonsense FROM inbound"))
    if store.dialect == "postgresql":
        assert isinstance(caught.value, ProgrammingError)


def test_a_locked_sqlite_is_unavailable_and_recovers(impatient: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError, match="locked"):
        keep(impatient, "x")
    with impatient.read() as connection:
        assert inbound.counts(connection) == {}, "reading goes on meanwhile"
    other.execute("ROLLBACK")
    other.close()
    assert keep(impatient, "x")


def test_a_full_sqlite_is_full_and_recovers(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    with store.begin() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    limit = [pages + 2]

    def bound(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={limit[0]}")

    event.listen(store.engine, "checkout", bound)
    with pytest.raises(StoreFullError, match="full"):
        keep(store, "x" * 100_000)
    limit[0] = 10**6
    assert keep(store, "x" * 100_000)
    store.close()


def test_a_damaged_sqlite_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_bytes(b"this is no database, but a text that somebody put there" * 100)
    with pytest.raises(StoreUnavailableError, match="not a database"):
        open_store(f"sqlite:///{tmp_path / 'desk.db'}")


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailableError, match="cannot be made"):
        open_store(f"sqlite:///{tmp_path}/file/desk.db")


def test_sqlite_keeps_what_it_commits(impatient: Store) -> None:
    with impatient.begin() as connection:
        asked = [connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("synchronous", "journal_mode")]
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    assert asked == [2, "wal"]


def test_a_sqlite_that_would_forget_is_refused(tmp_path: Path) -> None:
    def weaken(raw: sqlite3.Connection, *_: object) -> None:
        raw.execute("PRAGMA synchronous=NORMAL")

    event.listen(Pool, "checkout", weaken)
    try:
        with pytest.raises(StoreUnavailableError, match="power cut"):
            open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    finally:
        event.remove(Pool, "checkout", weaken)


def test_one_daemon_serves_an_sqlite_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    with sole_daemon(url), pytest.raises(RefusedError, match="another mailbot"), sole_daemon(url):
        pass
    with sole_daemon(url):
        pass


@pytest.mark.real
def test_a_postgresql_that_would_forget_is_refused(cluster: Cluster, postgresql_url: str) -> None:
    cluster.set(postgresql_url, "synchronous_commit = off")
    with pytest.raises(StoreUnavailableError, match="synchronous_commit"):
        open_store(postgresql_url)


@pytest.mark.real
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_stopped_postgresql_is_unavailable_and_recovers(cluster: Cluster, postgresql_url: str, mode: str) -> None:
    store = open_store(postgresql_url)
    keep(store, "before")
    cluster.stop(mode)
    try:
        with pytest.raises(StoreUnavailableError):
            keep(store, "meanwhile")
        with pytest.raises(StoreUnavailableError):
            open_store(postgresql_url)
        assert [fault.key for fault in engine.faults(postgresql_url)] == ["[database] url"]
    finally:
        cluster.start()
    assert keep(store, "after")
    with store.read() as connection:
        assert inbound.counts(connection) == {"new": 2}
    store.close()


@pytest.mark.real
def test_a_connection_cut_in_a_transaction_is_unavailable(cluster: Cluster, postgresql_url: str) -> None:
    store, other = open_store(postgresql_url), connect(postgresql_url)

    def cut_off() -> None:
        with store.begin() as connection:
            process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with other.begin() as knife:
                knife.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
            rows.kept(connection, "x")

    with pytest.raises(StoreUnavailableError):
        cut_off()
    assert keep(store, "x")
    other.close()
    store.close()


@pytest.mark.real
def test_a_database_that_is_not_there_is_unavailable(cluster: Cluster) -> None:
    with pytest.raises(StoreUnavailableError, match="does not exist"):
        open_store(cluster.url("nowhere"))


@pytest.mark.real
def test_a_lock_that_nobody_gives_back_is_unavailable(postgresql_url: str) -> None:
    store, other = open_store(postgresql_url), connect(postgresql_url)

    def wait() -> None:
        with store.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = 50"))
            rows.kept(connection, "x")

    with other.begin() as holder:
        holder.execute(text("LOCK TABLE inbound"))
        with pytest.raises(StoreUnavailableError, match="lock timeout"):
            wait()
    assert keep(store, "x")
    other.close()
    store.close()
