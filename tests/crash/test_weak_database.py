"""A database that would forget commits at a power cut is refused at the start (T2b)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import event

from mailbot.errors import StoreUnavailableError
from mailbot.store.engine import _require_durability as require_durability
from mailbot.store.engine import connect, create, open_store
from tests.store.postgresql import Cluster


@pytest.mark.parametrize(
    ("weaker", "words"),
    [
        ("PRAGMA synchronous=NORMAL", "synchronous=1"),
        ("PRAGMA synchronous=OFF", "synchronous=0"),
        ("PRAGMA journal_mode=DELETE", "journal_mode=delete"),
    ],
)
def test_sqlite(weaker: str, words: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    create(url).close()
    store = connect(url)

    def weaken(raw: object, _record: object) -> None:  # after ours, which makes it strong
        raw.execute(weaker)  # type: ignore[attr-defined]

    event.listen(store.engine, "connect", weaken)
    with pytest.raises(StoreUnavailableError, match=re.escape(words)), store.read() as connection:
        require_durability(connection)
    store.close()


def test_sqlite_as_we_open_it(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'desk.db'}").close()


@pytest.mark.real
@pytest.mark.parametrize("value", ["off", "local"])
def test_postgresql(value: str, cluster: Cluster, postgresql_url: str) -> None:
    open_store(postgresql_url).close()
    cluster.set(postgresql_url, f"synchronous_commit = {value}")
    with pytest.raises(StoreUnavailableError, match="synchronous_commit"):
        open_store(postgresql_url)
