"""A desk with one contract, one asker and one of staff."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.office import Office, open_office
from tests.security.people import ASKER, STAFF


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as office:
        office.asker(office.contract("C-001", language="en", customer="Acme Ltd"), "Ann Archer", ASKER)
        office.staff("Sato", STAFF)
        yield office
