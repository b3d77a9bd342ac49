"""Every test that asks for `store` runs twice: over SQLite and over PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.store.engine import Store, create, open_store

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.real)]


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with our tables and nothing in them."""
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path / 'desk.db'}"
        create(made).close()
        return made
    return str(request.getfixturevalue("cluster").desk())


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open database."""
    opened = open_store(url)
    yield opened
    opened.close()
