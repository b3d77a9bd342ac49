"""Is it known on what a customer runs it, now and before? (S3, S25)"""

from __future__ import annotations

import pytest

from mailbot.desk.contract import Equipment
from mailbot.desk.scope import platform_note
from mailbot.errors import InputError, NotFoundError, RefusedError
from mailbot.flows import equipment
from mailbot.store import equipment as kept
from mailbot.store.engine import Store
from tests.flows.office import _rules
from tests.flows.registering import NOW, register, told


def edit(store: Store, host: str, **words: str | None) -> None:
    given = {"new_host": None, "os": None, "versions": None} | words
    equipment.edit(store, "C-1", host, now=NOW, **given)


def test_a_machine_comes_changes_and_goes(store: Store) -> None:
    contract = register(store)
    equipment.add(store, "C-1", "db1", os="RHEL 9.2", versions="pgpool-II 4.4", now=NOW)
    equipment.add(store, "C-1", "db2", os="RHEL 9.2", versions="", now=NOW)
    edit(store, "db1", os="RHEL 9.4", versions="pgpool-II 4.5.2")
    edit(store, "db2", new_host="db3")
    equipment.remove(store, "C-1", "db3", NOW)
    with store.read() as connection:
        assert kept.of(connection, contract) == [Equipment("db1", "RHEL 9.4", "pgpool-II 4.5.2")]
    assert told(store, contract) == [
        ("equipment-added", "db1 | RHEL 9.2 | pgpool-II 4.4"),
        ("equipment-added", "db2 | RHEL 9.2"),
        ("equipment-changed", "db1 | RHEL 9.2 | pgpool-II 4.4 → db1 | RHEL 9.4 | pgpool-II 4.5.2"),
        ("equipment-changed", "db2 | RHEL 9.2 → db3 | RHEL 9.2"),
        ("equipment-removed", "db3 | RHEL 9.2"),
    ]
    equipment.add(store, "C-1", "db3", os="RHEL 9.4", versions="", now=NOW)  # it may come back


def test_what_cannot_be(store: Store) -> None:
    register(store)
    equipment.add(store, "C-1", "db1", os="RHEL 9.2", versions="", now=NOW)
    equipment.add(store, "C-1", "db2", os="RHEL 9.2", versions="", now=NOW)
    with pytest.raises(RefusedError, match="already"):
        equipment.add(store, "C-1", "db1", os="RHEL 9.2", versions="", now=NOW)
    with pytest.raises(RefusedError, match="already"):
        edit(store, "db2", new_host="db1")
    with pytest.raises(InputError, match="os: is needed"):
        equipment.add(store, "C-1", "db3", os="", versions="", now=NOW)
    with pytest.raises(InputError, match="must not hold"):
        edit(store, "db1", os="a | b")
    with pytest.raises(InputError, match="nothing is to be changed"):
        edit(store, "db1")
    with pytest.raises(NotFoundError, match="no equipment"):
        equipment.remove(store, "C-1", "db9", NOW)
    with pytest.raises(NotFoundError):
        equipment.remove(store, "C-2", "db1", NOW)


@pytest.mark.parametrize(
    "os", ["RHEL 9.4 x86_64", "Red Hat Enterprise Linux 8", "CentOS 7.9", "Ubuntu 22.04", "Docker 24.0"]
)
def test_a_supported_platform_needs_no_word(os: str) -> None:
    assert platform_note(os, _rules().scope) is None


@pytest.mark.parametrize(
    ("os", "says"),
    [
        ("Debian 12", "another Linux is no supported platform"),
        ("Windows Server 2022", "Windows is no supported platform"),
        ("CentOS 3.9", "CentOS 3.9 is no supported platform"),
        ("Plan 9", '"Plan 9" names none of the supported platforms: Red Hat Enterprise Linux, CentOS'),
    ],
)
def test_another_platform_is_noted_not_refused(store: Store, os: str, says: str) -> None:
    register(store)
    equipment.add(store, "C-1", "db1", os=os, versions="", now=NOW)
    assert says in (platform_note(os, _rules().scope) or "")
