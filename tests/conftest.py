"""What all tests share: one PostgreSQL server a run, started by the first test that wants it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.store import postgresql
from tests.store.postgresql import Cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The PostgreSQL server of this run."""
    with postgresql.started() as running:
        yield running


@pytest.fixture
def postgresql_url(cluster: Cluster) -> str:
    """The URL of an empty database on PostgreSQL, with our tables."""
    return cluster.desk()
