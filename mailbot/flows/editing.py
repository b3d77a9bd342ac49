"""What is changed about a contract, from what to what? Every change is journalled (S8, S9, S25)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mailbot.desk.contract import AskerKind, Contract
from mailbot.errors import InputError
from mailbot.flows import application, fields
from mailbot.flows.application import Offer
from mailbot.flows.fields import Findings, refuse_if
from mailbot.flows.registry import existing
from mailbot.mail.address import normalise
from mailbot.mail.message import Mailbox
from mailbot.store import access, contracts, journal, terms
from mailbot.store.engine import Connection, Store
from mailbot.store.refusals import registering


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be as somebody wrote it; None stays as it is."""

    customer: str | None = None
    menu: str | None = None
    language: str | None = None
    cluster: str | None = None
    extra_askers: str | None = None
    mailing_list_option: bool | None = None
    trust: str | None = None
    timezone: str | None = None
    add_contacts: tuple[str, ...] = ()
    remove_contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different now, as people read it."""

    what: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.what}: {self.before or '(none)'} → {self.after or '(none)'}"


def edit(store: Store, number: str, wanted: Wanted, offer: Offer, today: date, now: datetime) -> tuple[Change, ...]:
    """Change a contract; give what is different. A menu changes at once; to sell another for the next term, renew.

    Raises NotFoundError, or InputError or RefusedError with all that is wrong; then nothing is changed.
    """
    if wanted == Wanted():
        raise InputError("nothing is to be changed: see mailbot contract edit --help")
    found = Findings(f"contract {number}")
    with registering(store) as connection:
        sold = existing(connection, number)
        contract = _as_told(sold, wanted, today)
        values = _values(connection, contract, wanted, offer, found)
        leaving = _leaving(connection, contract, wanted, found)
        joining = _joining(connection, contract, wanted, found, {box.address for box in leaving})
        refuse_if(found)
        changes = [*_changes(contract, values), *_contact_changes(leaving, joining)]
        _write(connection, sold, {each: values[each] for each in _different(contract, values)}, today)
        for box in leaving:
            contracts.remove_contact(connection, contract.id, box.address)
        for box in joining:
            contracts.add_contact(connection, contract.id, name=box.name, address=box.address)
            access.expect(connection, contract.id, box.address)
        subject = f"contract:{contract.id}"
        journal.write(connection, [journal.Entry(now, subject, "edited", str(change)) for change in changes])
    return tuple(changes)


def _as_told(sold: Contract, wanted: Wanted, today: date) -> Contract:
    """With the menu that holds today; but who wants that one, where another is sold for the next term, changes that."""
    contract = sold.as_of(today)
    return sold if wanted.menu == contract.menu else contract


def _values(
    connection: Connection, contract: Contract, wanted: Wanted, offer: Offer, found: Findings
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if wanted.customer is not None:
        values["customer"] = fields.line("customer", wanted.customer, found, needed=True)
    if wanted.menu is not None:
        values["menu"] = application.menu(wanted.menu, offer, found)
    if wanted.language is not None:
        values["language"] = application.language(wanted.language, offer, found)
    if wanted.cluster is not None:
        values["cluster"] = fields.line("cluster", wanted.cluster, found, needed=False)
    if wanted.extra_askers is not None:
        values["extra_askers"] = _extra_askers(connection, contract, wanted.extra_askers, found)
    if wanted.mailing_list_option is not None:
        values["mailing_list_option"] = wanted.mailing_list_option
        _refuse_list_without_option(connection, contract, wanted.mailing_list_option, found)
    if wanted.trust is not None:
        values["trust"] = application.trust(wanted.trust, found)
    if wanted.timezone is not None:
        values["timezone"] = fields.timezone(wanted.timezone, found)
    return values


def _extra_askers(connection: Connection, contract: Contract, written: str, found: Findings) -> int:
    extra = fields.extra_askers(written, found)
    taken = len(contracts.askers(connection, contract.id))
    if taken > 1 + extra:
        mend = f"{taken} askers are registered and {1 + extra} would have a seat: remove askers first (S9)"
        found.refuse("extra_askers", written, mend)
    return extra


def _refuse_list_without_option(connection: Connection, contract: Contract, option: bool, found: Findings) -> None:
    lists = [each for each in contracts.askers(connection, contract.id) if each.kind is AskerKind.LIST]
    if lists and not option:
        found.refuse("mailing_list_option", "no", f"the list {lists[0].address} is an asker: remove it first (S8)")


def _leaving(connection: Connection, contract: Contract, wanted: Wanted, found: Findings) -> list[Mailbox]:
    known = {
        row["address"]: Mailbox(row["name"], row["address"]) for row in contracts.contacts(connection, contract.id)
    }
    leaving = []
    for written in wanted.remove_contacts:
        try:
            address = normalise(written.rpartition("<")[2].rstrip("> "))
        except ValueError as error:
            found.fault("contacts", written, str(error))
            continue
        if address in known:
            leaving.append(known.pop(address))
        else:
            found.refuse("contacts", written, "is no contact of this contract")
    return leaving


def _joining(
    connection: Connection, contract: Contract, wanted: Wanted, found: Findings, leaving: set[str]
) -> list[Mailbox]:
    known = {row["address"] for row in contracts.contacts(connection, contract.id)} - leaving
    joining = list(application.contacts(wanted.add_contacts, found))
    for box in joining:
        if box.address in known:
            found.refuse("contacts", box.address, "is a contact of this contract already")
    return joining


def _different(contract: Contract, values: dict[str, Any]) -> Iterator[str]:
    return (name for name, value in values.items() if getattr(contract, name) != value)


def _changes(contract: Contract, values: dict[str, Any]) -> Iterator[Change]:
    for name in _different(contract, values):
        yield Change(name.replace("_", " "), _shown(getattr(contract, name)), _shown(values[name]))


def _contact_changes(leaving: Sequence[Mailbox], joining: Sequence[Mailbox]) -> Iterator[Change]:
    for box in leaving:
        yield Change("contact", f"{box.name} <{box.address}>", "")
    for box in joining:
        yield Change("contact", "", f"{box.name} <{box.address}>")


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "desk" if value is None else str(value)


def _write(connection: Connection, contract: Contract, values: dict[str, Any], today: date) -> None:
    menu = values.pop("menu", None)
    if menu is not None:
        terms.sell(connection, contract.id, menu=menu, before=contract.menu, from_day=today)
    if values:
        terms.change(connection, contract.id, values)
