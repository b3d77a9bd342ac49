"""The commands contract and asker: what was sold to whom, and who may ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from mailbot.cli.options import AsJson, ConfigFile, group, offer_of, opened
from mailbot.cli.output import moment, say, say_json, shown

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from mailbot.cli.options import Opened
    from mailbot.desk.contract import Asker, Contract
    from mailbot.flows.application import Application
    from mailbot.flows.registry import Registered

contract = group("Contracts: what was sold to whom.")
asker = group("Askers: who may ask under a contract.")

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The number of the contract.")]


@contract.command("add")
def contract_add(
    number: Annotated[str, typer.Option("--number", metavar="N", help="What people call it. Needed.")] = "",
    customer: Annotated[str, typer.Option("--customer", metavar="NAME", help="Needed.")] = "",
    menu: Annotated[str, typer.Option("--menu", metavar="MENU", help="One of rules/service.toml. Needed.")] = "",
    starts_on: Annotated[str, typer.Option("--starts-on", metavar="D", help="Such as 2026-04-01. Needed.")] = "",
    ends_on: Annotated[str, typer.Option("--ends-on", metavar="D", help="The last day. Needed.")] = "",
    language: Annotated[str, typer.Option("--language", metavar="ja|en", help="Else the desk's first one.")] = "",
    cluster: Annotated[str, typer.Option("--cluster", metavar="TEXT", help="What is supported, in words.")] = "",
    contacts: Annotated[
        list[str] | None, typer.Option("--contact", metavar="'NAME <ADDR>'", help="A contract contact.")
    ] = None,
    askers: Annotated[
        list[str] | None, typer.Option("--asker", metavar="'NAME <ADDR>'", help="A named individual.")
    ] = None,
    mailing_list: Annotated[str, typer.Option("--list", metavar="'NAME <ADDR>'", help="A list as asker.")] = "",
    list_id: Annotated[str, typer.Option("--list-id", metavar="ID", help="Its List-Id.")] = "",
    extra_askers: Annotated[str, typer.Option("--extra-askers", metavar="N", help="Seats beyond the first.")] = "",
    mailing_list_option: Annotated[bool, typer.Option("--mailing-list-option", help="Lists may be askers.")] = False,
    welcome: Annotated[
        bool, typer.Option("--welcome/--no-welcome", help="A guide to all of them on the first day, or at once.")
    ] = True,
    config: ConfigFile = None,
) -> None:
    """Register a contract with its contacts and askers."""
    from mailbot.flows.application import Application

    application = Application(
        where="contract add",
        number=number,
        customer=customer,
        menu=menu,
        starts_on=starts_on,
        ends_on=ends_on,
        language=language,
        cluster=cluster,
        contacts=tuple(contacts or ()),
        askers=tuple(askers or ()),
        list=mailing_list,
        list_id=list_id,
        extra_askers=extra_askers,
        mailing_list_option="yes" if mailing_list_option else "no",
        welcome="yes" if welcome else "no",
    )
    with opened(config) as desk:
        added = _add(desk, [application])
    say(f"contract {shown(number)} is registered{_guides(added)}")


@contract.command("import")
def contract_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV or TOML file in UTF-8.")],
    format: Annotated[
        Literal["csv", "toml"] | None, typer.Option("--format", help="Else by the name of the file.")
    ] = None,
    welcome: Annotated[
        bool | None,
        typer.Option(
            "--welcome/--no-welcome",
            help="A guide to everybody, or to nobody; else as the file says, or where support began "
            "no more than 30 days ago.",
        ),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Register all contracts of a file, or none and tell everything that is wrong."""
    from mailbot.cli.importing import applications_in
    from mailbot.cli.tables import progress

    applications = applications_in(file, format)
    if welcome is not None:
        applications = [replace(each, welcome="yes" if welcome else "no") for each in applications]
    with opened(config) as desk:
        added = _add(desk, progress(applications, "Checking"))
    say(f"{len(applications)} contracts are registered{_guides(added)}")


@contract.command("list")
def contract_list(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """List the contracts."""
    from mailbot.store import contracts

    with opened(config) as desk:
        with desk.store.read() as connection:
            rows = contracts.listed(connection)
        today = _today(desk)
    told = [_listed(row, today) for row in rows]
    if as_json:
        say_json(told)
    else:
        _tell_list(told)


@contract.command("show")
def contract_show(number: Number, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show a contract with its terms, contacts and askers."""
    from mailbot.flows.registry import existing
    from mailbot.store import access, contracts

    with opened(config) as desk:
        with desk.store.read() as connection:
            found = existing(connection, number)
            askers = contracts.askers(connection, found.id)
            contacts = contracts.contacts(connection, found.id)
            guides = access.guides(connection, found.id)
        told = _shown(found, askers, contacts, _today(desk)) | {"guides": [dict(each) for each in guides]}
        zone = desk.zone
    if as_json:
        say_json(told)
    else:
        _tell(told)
        for each in told["guides"]:
            say(f"{'guide:':<10}{shown(each['address'])} {_fate(each, zone)}")


@asker.command("add")
def asker_add(
    number: Number,
    written: Annotated[str, typer.Argument(metavar="'NAME <ADDR>'", help="A named individual.")],
    through_list: Annotated[bool, typer.Option("--list", help="It is a mailing list.")] = False,
    list_id: Annotated[str, typer.Option("--list-id", metavar="ID", help="The List-Id of the list.")] = "",
    config: ConfigFile = None,
) -> None:
    """Register one more asker, if a seat is free."""
    from mailbot import clock
    from mailbot.flows import registry

    with opened(config) as desk:
        offer = offer_of(desk.settings)
        added = registry.add_asker(
            desk.store, number, written, offer, clock.now(), through_list=through_list, list_id=list_id
        )
    say(f"{shown(added.address)} may ask under contract {shown(number)}")


@asker.command("list")
def asker_list(number: Number, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """List the askers of a contract."""
    from mailbot.flows.registry import existing
    from mailbot.store import contracts

    with opened(config) as desk, desk.store.read() as connection:
        found = [_asker(each) for each in contracts.askers(connection, existing(connection, number).id)]
    if as_json:
        say_json(found)
    else:
        from mailbot.cli.tables import Column, say_table

        columns = (Column("KIND"), Column("NAME", cut=True), Column("ADDRESS", cut=True), Column("LIST-ID", cut=True))
        rows = [(each["kind"], each["name"], each["address"], each["list_id"] or "") for each in found]
        say_table(columns, rows, none="no asker is registered")


def _add(desk: Opened, applications: Iterable[Application]) -> tuple[Registered, ...]:
    from mailbot import clock
    from mailbot.flows import registry

    return registry.add_contracts(desk.store, applications, offer_of(desk.settings), clock.now())


def _guides(added: Iterable[Registered]) -> str:
    people = sum(each.guides for each in added)
    who = "1 person gets" if people == 1 else f"{people} people get"
    return f"; {who} the guide on the first day, or now if it is past" if people else ""


def _today(desk: Opened) -> date:
    from mailbot import clock

    return clock.now().astimezone(desk.zone).date()


def _listed(row: Mapping[Any, Any], today: date) -> dict[str, Any]:
    return {
        "number": row["number"],
        "customer": row["customer"],
        "menu": row["menu"],
        "language": row["language"],
        "cluster": row["cluster"],
        "starts_on": row["starts_on"],
        "ends_on": row["ends_on"],
        "status": _status([(row["starts_on"], row["ends_on"])] if row["starts_on"] else [], today),
        "seats": 1 + row["extra_askers"],
        "askers": row["askers"],
    }


def _shown(
    contract: Contract, askers: Iterable[Asker], contacts: Iterable[Mapping[Any, Any]], today: date
) -> dict[str, Any]:
    terms = [(term.starts_on, term.ends_on) for term in contract.terms]
    return {
        "number": contract.number,
        "customer": contract.customer,
        "menu": contract.menu,
        "language": contract.language,
        "cluster": contract.cluster,
        "status": _status(terms, today),
        "terms": [{"starts_on": first, "ends_on": last} for first, last in terms],
        "seats": contract.seats,
        "extra_askers": contract.extra_askers,
        "mailing_list_option": contract.mailing_list_option,
        "askers": [_asker(each) for each in askers],
        "contacts": [{"name": each["name"], "address": each["address"]} for each in contacts],
    }


def _asker(asker: Asker) -> dict[str, Any]:
    return {"kind": asker.kind, "name": asker.name, "address": asker.address, "list_id": asker.list_id}


def _status(terms: list[tuple[date, date]], today: date) -> str:
    if any(first <= today <= last for first, last in terms):
        return "in force"
    return "not begun" if any(today < first for first, _ in terms) else "ended"


def _tell_list(told: list[dict[str, Any]]) -> None:
    from mailbot.cli.tables import Column, say_table

    columns = (
        Column("NUMBER", cut=True),
        Column("CUSTOMER", cut=True),
        Column("MENU", cut=True),
        Column("STATUS"),
        Column("STARTS"),
        Column("ENDS"),
        Column("ASKERS", right=True),
    )
    rows = [
        (
            each["number"],
            each["customer"],
            each["menu"],
            each["status"],
            each["starts_on"],
            each["ends_on"],
            f"{each['askers']}/{each['seats']}",
        )
        for each in told
    ]
    say_table(columns, rows, none="no contract is registered: see mailbot contract add --help")


def _tell(told: dict[str, Any]) -> None:
    option = ", with the mailing-list option" if told["mailing_list_option"] else ""
    heads = [
        ("contract", f"{told['number']} ({told['status']})"),
        ("customer", told["customer"]),
        ("menu", told["menu"]),
        ("language", told["language"]),
        ("cluster", told["cluster"] or "-"),
        *(("term", f"{each['starts_on']} to {each['ends_on']}") for each in told["terms"]),
        ("seats", f"{len(told['askers'])} of {told['seats']} taken{option}"),
        *(("asker", _person(each)) for each in told["askers"]),
        *(("contact", _person(each)) for each in told["contacts"]),
    ]
    for name, value in heads:
        say(f"{name + ':':<10}{shown(value)}")


def _fate(guide: Mapping[str, Any], zone: ZoneInfo) -> str:
    words = {"waiting": "waits for the first day", "waived": "not sent"}
    sent = f"sent {moment(guide['sent_at'], zone)}" if guide["sent_at"] else f"is {guide['state']}: mailbot outbox list"
    return words.get(guide["state"], sent)


def _person(each: dict[str, Any]) -> str:
    identifier = f" (list {each['list_id'] or 'known by its address'})" if each.get("kind") == "list" else ""
    return f"{each['name']} <{each['address']}>{identifier}".strip()
