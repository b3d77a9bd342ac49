"""Who takes whose seat, and who goes on with the questions that somebody leaves open? (S5, S25)

An incident belongs to the contract: when its asker goes, another asker of the contract takes it over, and whatever
mailbot writes about it from then on goes to that one. Who was removed is written to no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.desk.contract import Asker, Contract
from mailbot.desk.sale import NewAsker
from mailbot.errors import InputError, NotFoundError
from mailbot.flows.application import Offer
from mailbot.flows.fields import Findings, told
from mailbot.flows.registry import existing, put_asker, read_asker, refuse_more
from mailbot.mail.address import normalise
from mailbot.store import askers, contracts, journal
from mailbot.store.askers import OpenIncident
from mailbot.store.engine import Connection, Store
from mailbot.store.refusals import registering


@dataclass(frozen=True, slots=True)
class Left:
    """Who was removed, the questions that were open, and who goes on with them; nobody when the last asker left."""

    removed: Asker
    incidents: tuple[OpenIncident, ...]
    goes_on: str | None


def replace_asker(
    store: Store,
    number: str,
    old: str,
    written: str,
    offer: Offer,
    now: datetime,
    *,
    through_list: bool = False,
    list_id: str = "",
    although: str = "",
) -> Left:
    """Give the seat of an asker to another one, who goes on with the open incidents.

    Raises NotFoundError when there is no such contract or asker, InputError or RefusedError with all that is wrong.
    """
    found = Findings(f"contract {number}")
    with registering(store) as connection:
        contract = existing(connection, number)
        leaving = registered(connection, contract, old)
        new = read_asker(contract, written, offer, found, through_list=through_list, list_id=list_id, although=although)
        if new is not None:
            refuse_more(connection, contract, new, found, leaving=leaving.id)
        if new is None or found.any:
            raise told([found])
        return replace(connection, leaving, new, now)


def remove_asker(store: Store, number: str, old: str, now: datetime, *, to: str = "") -> Left:
    """Strike an asker off. The open incidents go to the asker `to`, else to the person who was registered first.

    Raises NotFoundError when there is no such contract or asker.
    """
    with registering(store) as connection:
        contract = existing(connection, number)
        leaving = registered(connection, contract, old)
        others = [each for each in contracts.askers(connection, contract.id) if each.id != leaving.id]
        heir = registered(connection, contract, to) if to else next(iter(others), None)
        if heir is not None and heir.id == leaving.id:
            raise InputError(f"{to} is who is to be removed: name another asker of contract {number}")
        return remove(connection, leaving, heir, now)


def replace(connection: Connection, leaving: Asker, new: NewAsker, now: datetime) -> Left:
    """Do it, when everything was found right."""
    askers.remove(connection, leaving.id, now)
    contract_id = leaving.contract_id
    heir_id = put_asker(connection, contract_id, new, now)
    heir = Asker(heir_id, contract_id, new.kind, new.name, new.address, new.list_id)
    what = f"{_shown(leaving)} → {new}"
    return _left(connection, leaving, heir, "asker-replaced", what, now)


def remove(connection: Connection, leaving: Asker, heir: Asker | None, now: datetime) -> Left:
    """Do it; without an heir the open incidents keep their asker, who is written to no more."""
    askers.remove(connection, leaving.id, now)
    return _left(connection, leaving, heir, "asker-removed", _shown(leaving), now)


def registered(connection: Connection, contract: Contract, written: str) -> Asker:
    """Give the asker of this contract with this address. Raises InputError or NotFoundError."""
    try:
        address = normalise(written.rpartition("<")[2].rstrip("> "))
    except ValueError as error:
        raise InputError(str(error)) from None
    for each in contracts.askers(connection, contract.id):
        if each.address == address:
            return each
    raise NotFoundError(f"{address} is no asker of contract {contract.number}: see mailbot asker list")


def _left(connection: Connection, leaving: Asker, heir: Asker | None, what: str, why: str, now: datetime) -> Left:
    incidents = askers.open_incidents(connection, leaving.id)
    if heir is not None:
        askers.hand_over(connection, leaving.id, heir.id)
    journal.write(connection, _entries(leaving, incidents, heir, what, why, now))
    return Left(leaving, tuple(incidents), heir.address if heir else None)


def _entries(
    leaving: Asker, incidents: Sequence[OpenIncident], heir: Asker | None, what: str, why: str, now: datetime
) -> list[journal.Entry]:
    entries = [journal.Entry(now, f"contract:{leaving.contract_id}", what, why)]
    if heir is not None:
        passed = f"{leaving.address} → {heir.address}"
        entries += [journal.Entry(now, f"incident:{each.id}", "asker-changed", passed) for each in incidents]
    return entries


def _shown(asker: Asker) -> str:
    return f"{asker.kind} {asker.name} <{asker.address}>"
