"""Register contracts, askers and staff; all of one call, or nothing with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mailbot.desk.access import wants_guides
from mailbot.desk.contract import Contract, Language, Role
from mailbot.desk.sale import NewAsker, Sale
from mailbot.errors import InputError, NotFoundError, RefusedError
from mailbot.flows.application import Application, Offer, examine, mailing_list, person, refuse_askers
from mailbot.flows.fields import Findings, told
from mailbot.mail.address import normalise, registrable
from mailbot.store import access, contracts, journal, sales
from mailbot.store.engine import Connection, Store
from mailbot.store.refusals import registering


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
    read: list[Sale | None] = []
    for application in applications:
        findings = Findings(application.where)
        found.append(findings)
        numbers.append(application.number.strip())
        read.append(examine(application, offer, findings))
    _refuse_second(numbers, found)
    with registering(store) as connection:
        _refuse_taken(connection, numbers, found)
        if any(findings.any for findings in found):
            raise told(found)
        return _write(connection, [sale for sale in read if sale is not None], now)


def add_asker(
    store: Store,
    number: str,
    written: str,
    offer: Offer,
    now: datetime,
    *,
    through_list: bool,
    list_id: str,
    although: str = "",
) -> NewAsker:
    """Register one more asker of a contract, if a seat is free (S9); `although` is why a role's name is taken.

    Raises NotFoundError when there is no such contract, InputError or RefusedError with all that is wrong.
    """
    with registering(store) as connection:
        return enter_asker(
            connection, number, written, offer, now, through_list=through_list, list_id=list_id, although=although
        )


def enter_asker(
    connection: Connection,
    number: str,
    written: str,
    offer: Offer,
    now: datetime,
    *,
    through_list: bool,
    list_id: str,
    although: str = "",
) -> NewAsker:
    """Do what `add_asker` does within a transaction that is there; nothing is written when it raises."""
    found = Findings(f"contract {number}")
    contracts.claim_registry(connection)
    contract = existing(connection, number)
    asker = read_asker(contract, written, offer, found, through_list=through_list, list_id=list_id, although=although)
    if asker is not None:
        refuse_more(connection, contract, asker, found)
    if asker is None or found.any:
        raise told([found])
    _write_asker(connection, contract.id, asker, now)
    return asker


def read_asker(
    contract: Contract,
    written: str,
    offer: Offer,
    found: Findings,
    *,
    through_list: bool,
    list_id: str,
    although: str,
) -> NewAsker | None:
    """Read an asker of this contract, a person or a list."""
    if list_id and not through_list:
        found.fault("list_id", list_id, "belongs to a mailing list: say that it is one")
    if through_list:
        return mailing_list(written, list_id, offer, found, name=contract.customer)
    return person(written, offer, found, although=although)


def add_staff(
    store: Store, written: str, language: Language, offer: Offer, now: datetime, *, role: Role = Role.STAFF
) -> str:
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
    with registering(store) as connection:
        there = [person for person in contracts.everybody(connection) if person.address == address]
        if there:
            raise RefusedError(f"{address} is registered as {there[0].role} already")
        staff_id = contracts.add_staff(
            connection, name=box.name, address=address, language=language, now=now, role=role
        )
        why = f"{box.name} <{address}>, {role}"
        journal.write(connection, [journal.Entry(now, f"staff:{staff_id}", "added", why)])
    return address


def remove_staff(store: Store, written: str, now: datetime) -> str:
    """Strike somebody off the staff; give the address. Raises InputError or NotFoundError."""
    try:
        address = normalise(written.rpartition("<")[2].rstrip("> "))
    except ValueError as error:
        raise InputError(str(error)) from None
    with registering(store) as connection:
        found = [person for person in contracts.everybody(connection) if person.address == address]
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


def refuse_more(
    connection: Connection, contract: Contract, asker: NewAsker, found: Findings, *, leaving: int | None = None
) -> None:
    """Find whether there is no seat for one more asker, who may take the seat of one who is leaving."""
    registered = [each for each in contracts.askers(connection, contract.id) if each.id != leaving]
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


def _write(connection: Connection, written: Sequence[Sale], now: datetime) -> tuple[Registered, ...]:
    guided = {sale.number for sale in written if wants_guides(_first_day(sale), now.date(), sale.welcome)}
    ids = sales.put(connection, written, guided, now)  # by UTC's day: it is one of thirty
    journal.write(connection, [entry for sale in written for entry in _entries(ids[sale.number], sale, now)])
    return tuple(
        Registered(ids[sale.number], sale.number, len(sale.people) if sale.number in guided else 0) for sale in written
    )


def _first_day(sale: Sale) -> date:
    return min(term.starts_on for term in sale.terms)


def _entries(contract_id: int, sale: Sale, now: datetime) -> Iterator[journal.Entry]:
    subject, last = f"contract:{contract_id}", sale.terms[-1]
    why = f"{sale.number} for {sale.customer}: {sale.menu}, {last.starts_on} to {last.ends_on}"
    yield journal.Entry(now, subject, "added", why)
    for asker in sale.askers:
        yield journal.Entry(now, subject, "asker-added", str(asker))


def _write_asker(connection: Connection, contract_id: int, asker: NewAsker, now: datetime) -> None:
    put_asker(connection, contract_id, asker, now)
    journal.write(connection, [journal.Entry(now, f"contract:{contract_id}", "asker-added", str(asker))])


def put_asker(connection: Connection, contract_id: int, asker: NewAsker, now: datetime) -> int:
    """Write an asker who was found right and waits for the guide (S22); give the id. The journal is for who calls."""
    access.expect(connection, contract_id, asker.address)
    return contracts.add_asker(
        connection,
        contract_id,
        kind=asker.kind,
        name=asker.name,
        address=asker.address,
        list_id=asker.list_id,
        now=now,
    )
