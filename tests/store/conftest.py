"""Every test that asks for `store` runs twice: over SQLite and over PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.store.engine import Store, create, open_store
from tests.store import postgresql
from tests.store.postgresql import Cluster

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.real)]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The PostgreSQL server of this run."""
    with postgresql.started() as running:
        create(running.fresh("template0")).close()  # the first one, desk_1, which the others are copied from
        yield running


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with our tables and nothing in them."""
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path / 'desk.db'}"
        create(made).close()
        return made
    return str(request.getfixturevalue("cluster").fresh("desk_1"))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open database."""
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def postgresql_url(cluster: Cluster) -> str:
    """The URL of an empty database on PostgreSQL, with our tables."""
    return cluster.fresh("desk_1")
