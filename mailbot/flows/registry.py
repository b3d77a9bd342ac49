"""Register contracts, askers and staff; all of one call, or nothing with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.desk.access import wants_guides
from mailbot.desk.contract import Contract, Language
from mailbot.errors import InputError, NotFoundError, RefusedError
from mailbot.flows.application import (
    Application,
    Findings,
    NewAsker,
    Offer,
    Sale,
    examine,
    mailing_list,
    person,
    refuse_askers,
)
from mailbot.mail.address import normalise, registrable
from mailbot.store import access, contracts, journal
from mailbot.store.engine import Connection, Store

_MOST_TOLD = 1_000  # a file of another kind has a fault in every line


@dataclass(frozen=True, slots=True)
class Registered:
    """A contract that is registered now, and how many people are sent a guide when its support begins (S22)."""

    id: int
    number: str
    guides: int


def add_contracts(
    store: Store, applications: Iterable[Application], offer: Offer, now: datetime
) -> tuple[Registered, ...]:
    """Register these contracts with their contacts and askers, all or none.

    Raises InputError, or RefusedError when everything is well written, with one line for each thing that is wrong.
    """
    found: list[Findings] = []
    numbers: list[str] = []
    sales: list[Sale | None] = []
    for application in applications:
        findings = Findings(application.where)
        found.append(findings)
        numbers.append(application.number.strip())
        sales.append(examine(application, offer, findings))
    _refuse_second(numbers, found)
    with store.begin() as connection:
        contracts.claim_registry(connection)
        _refuse_taken(connection, numbers, found)
        if any(findings.any for findings in found):
            raise _told(found)
        return tuple(_write(connection, sale, now) for sale in sales if sale is not None)


def add_asker(
    store: Store, number: str, written: str, offer: Offer, now: datetime, *, through_list: bool, list_id: str
) -> NewAsker:
    """Register one more asker of a contract, if a seat is free (S9).

    Raises NotFoundError when there is no such contract, InputError or RefusedError with all that is wrong.
    """
    found = Findings(f"contract {number}")
    with store.begin() as connection:
        contracts.claim_registry(connection)
        contract = existing(connection, number)
        asker = (
            mailing_list(written, list_id, offer, found, name=contract.customer)
            if through_list
            else person(written, offer, found)
        )
        if list_id and not through_list:
            found.fault("list_id", list_id, "belongs to a mailing list: say that it is one")
        if asker is not None:
            _refuse_more(connection, contract, asker, found)
        if asker is None or found.any:
            raise _told([found])
        _write_asker(connection, contract.id, asker, now)
    return asker


def add_staff(store: Store, written: str, language: Language, offer: Offer, now: datetime) -> str:
    """Register somebody who answers; give the address. Raises InputError or RefusedError."""
    try:
        box = registrable(written)
        address = normalise(box.address)
    except ValueError as error:
        raise InputError(str(error)) from None
    if not box.name:
        raise InputError(f"{written!r}: staff have names, which customers see: write Name <name@example.jp>")
    if address in offer.own_addresses:
        raise RefusedError(f"{address} is an address of this desk: it would write to itself")
    with store.begin() as connection:
        contracts.claim_registry(connection)
        if any(person.address == address for person in contracts.all_staff(connection)):
            raise RefusedError(f"{address} is registered as staff already")
        staff_id = contracts.add_staff(connection, name=box.name, address=address, language=language, now=now)
        journal.write(connection, [journal.Entry(now, f"staff:{staff_id}", "added", f"{box.name} <{address}>")])
    return address


def remove_staff(store: Store, written: str, now: datetime) -> str:
    """Strike somebody off the staff; give the address. Raises InputError or NotFoundError."""
    try:
        address = normalise(written.rpartition("<")[2].rstrip("> "))
    except ValueError as error:
        raise InputError(str(error)) from None
    with store.begin() as connection:
        found = [person for person in contracts.all_staff(connection) if person.address == address]
        if not found:
            raise NotFoundError(f"{address} is not registered as staff: see mailbot staff list")
        contracts.remove_staff(connection, address, now)
        journal.write(connection, [journal.Entry(now, f"staff:{found[0].id}", "removed", address)])
    return address


def existing(connection: Connection, number: str) -> Contract:
    """Give the contract of this number. Raises NotFoundError."""
    contract = contracts.by_number(connection, number)
    if contract is None:
        raise NotFoundError(f"there is no contract {number!r}: see mailbot contract list")
    return contract


def _refuse_second(numbers: Sequence[str], found: Sequence[Findings]) -> None:
    """A number that comes twice in one call is told at the second place."""
    first: dict[str, str] = {}
    for number, findings in zip(numbers, found, strict=True):
        if number in first:
            findings.fault("number", number, f"stands in {first[number]} already")
        elif number:
            first[number] = findings.where


def _refuse_taken(connection: Connection, numbers: Sequence[str], found: Sequence[Findings]) -> None:
    taken = contracts.numbers_taken(connection, [number for number in numbers if number])
    for number, findings in zip(numbers, found, strict=True):
        if number in taken:
            findings.refuse("number", number, "is taken by another contract")


def _refuse_more(connection: Connection, contract: Contract, asker: NewAsker, found: Findings) -> None:
    registered = contracts.askers(connection, contract.id)
    if any(each.address == asker.address for each in registered):
        found.refuse("askers", asker.address, "is an asker of this contract already")
        return
    refuse_askers(
        [asker],
        seats=contract.seats,
        mailing_list_option=contract.mailing_list_option,
        found=found,
        taken=len(registered),
    )


def _told(found: Sequence[Findings]) -> InputError | RefusedError:
    told = [str(fault) for findings in found for fault in (*findings.faults, *findings.refusals)]
    if len(told) > _MOST_TOLD:
        told[_MOST_TOLD:] = [f"and {len(told) - _MOST_TOLD} more"]
    kind = InputError if any(findings.faults for findings in found) else RefusedError
    return kind("\n".join(told))


def _write(connection: Connection, sale: Sale, now: datetime) -> Registered:
    contract_id = contracts.add(
        connection,
        number=sale.number,
        customer=sale.customer,
        menu=sale.menu,
        language=sale.language,
        cluster=sale.cluster,
        extra_askers=sale.extra_askers,
        mailing_list_option=sale.mailing_list_option,
        starts_on=sale.starts_on,
        ends_on=sale.ends_on,
        now=now,
    )
    why = f"{sale.number} for {sale.customer}: {sale.menu}, {sale.starts_on} to {sale.ends_on}"
    journal.write(connection, [journal.Entry(now, f"contract:{contract_id}", "added", why)])
    for contact in sale.contacts:
        contracts.add_contact(connection, contract_id, name=contact.name, address=contact.address)
        access.expect(connection, contract_id, contact.address)
    for asker in sale.askers:
        _write_asker(connection, contract_id, asker, now)
    guided = wants_guides(sale.starts_on, now.date(), sale.welcome)  # UTC's day: it is one of thirty
    if not guided:
        access.waive(connection, contract_id, now)
    people = {each.address for each in sale.contacts} | {each.address for each in sale.askers}
    return Registered(contract_id, sale.number, len(people) if guided else 0)


def _write_asker(connection: Connection, contract_id: int, asker: NewAsker, now: datetime) -> None:
    contracts.add_asker(
        connection,
        contract_id,
        kind=asker.kind,
        name=asker.name,
        address=asker.address,
        list_id=asker.list_id,
        now=now,
    )
    access.expect(connection, contract_id, asker.address)
    why = f"{asker.kind} {asker.name} <{asker.address}>"
    journal.write(connection, [journal.Entry(now, f"contract:{contract_id}", "asker-added", why)])
