"""The stories are played over both databases."""

from __future__ import annotations

from tests.store.conftest import cluster as cluster
