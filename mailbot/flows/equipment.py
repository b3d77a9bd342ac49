"""On what does the customer run it? Machines that are registered, changed and removed (S3, S25)."""

from __future__ import annotations

from datetime import datetime

from mailbot.desk.contract import Contract, Equipment
from mailbot.errors import InputError, NotFoundError, RefusedError
from mailbot.flows import application
from mailbot.flows.fields import Findings, refuse_if
from mailbot.flows.registry import existing
from mailbot.store import equipment, journal
from mailbot.store.engine import Connection, Store
from mailbot.store.refusals import registering


def add(store: Store, number: str, host: str, *, os: str, versions: str, now: datetime) -> Equipment:
    """Register a machine. Raises NotFoundError, InputError or RefusedError."""
    machine = _read(number, host, os, versions)
    with registering(store) as connection:
        contract = existing(connection, number)
        _refuse_known(connection, contract, machine.host)
        equipment.add(connection, contract.id, [machine], now)
        _journal(connection, contract, "equipment-added", shown(machine), now)
    return machine


def edit(
    store: Store, number: str, host: str, *, new_host: str | None, os: str | None, versions: str | None, now: datetime
) -> tuple[Equipment, Equipment]:
    """Change what is registered of a machine; None stays as it is. Give what was before, and what is now."""
    if new_host is None and os is None and versions is None:
        raise InputError("nothing is to be changed: see mailbot equipment edit --help")
    with registering(store) as connection:
        contract = existing(connection, number)
        before = _known(connection, contract, host)
        after = _read(
            number,
            before.host if new_host is None else new_host,
            before.os if os is None else os,
            before.versions if versions is None else versions,
        )
        if after.host != before.host:
            _refuse_known(connection, contract, after.host)
        if after != before:
            equipment.change(connection, contract.id, before.host, after)
            _journal(connection, contract, "equipment-changed", f"{shown(before)} → {shown(after)}", now)
    return before, after


def remove(store: Store, number: str, host: str, now: datetime) -> Equipment:
    """Strike a machine off. Raises NotFoundError."""
    with registering(store) as connection:
        contract = existing(connection, number)
        machine = _known(connection, contract, host)
        equipment.remove(connection, contract.id, machine.host, now)
        _journal(connection, contract, "equipment-removed", shown(machine), now)
    return machine


def shown(machine: Equipment) -> str:
    """As people read it: `db1 | RHEL 9.4 | pgpool-II 4.5.2`, which is also how it is imported."""
    return " | ".join(filter(None, (machine.host, machine.os, machine.versions)))


def _read(number: str, host: str, os: str, versions: str) -> Equipment:
    found = Findings(f"contract {number}")
    machine = application.machine(host, os, versions, found)
    refuse_if(found)
    return machine


def _known(connection: Connection, contract: Contract, host: str) -> Equipment:
    for each in equipment.of(connection, contract.id):
        if each.host == host.strip():
            return each
    raise NotFoundError(f"contract {contract.number} has no equipment {host!r}: see mailbot equipment list")


def _refuse_known(connection: Connection, contract: Contract, host: str) -> None:
    if any(each.host == host for each in equipment.of(connection, contract.id)):
        raise RefusedError(f"contract {contract.number} has equipment {host!r} already: see mailbot equipment edit")


def _journal(connection: Connection, contract: Contract, what: str, why: str, now: datetime) -> None:
    journal.write(connection, [journal.Entry(now, f"contract:{contract.id}", what, why)])
