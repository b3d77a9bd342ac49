"""The command contract: what is sold to whom, from when to when?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from mailbot.cli.options import AlthoughRole, ConfigFile, Number, group, offer_of, opened
from mailbot.cli.output import say, shown, write_bytes

if TYPE_CHECKING:
    from mailbot.cli.options import Opened
    from mailbot.flows.application import Application
    from mailbot.flows.registry import Registered

contract = group("Contracts: what was sold to whom.")

Contacts = Annotated[list[str] | None, typer.Option("--contact", metavar="'NAME <ADDR>'", help="A contract contact.")]
Trust = Annotated[
    str | None,
    typer.Option(
        "--trust", metavar="WORD", help="desk (as it is configured), plausible or authenticated: who is served at once."
    ),
]
Timezone = Annotated[
    str | None,
    typer.Option(
        "--timezone", metavar="ZONE", help="In which its people are told times, such as Europe/Berlin; or desk."
    ),
]
Format = Annotated[
    Literal["csv", "toml"] | None, typer.Option("--format", help="Else by the name of the file, or CSV.")
]


@contract.command("add")
def contract_add(
    number: Annotated[str, typer.Option("--number", metavar="N", help="What people call it. Needed.")] = "",
    customer: Annotated[str, typer.Option("--customer", metavar="NAME", help="Needed.")] = "",
    menu: Annotated[str, typer.Option("--menu", metavar="MENU", help="One of rules/service.toml. Needed.")] = "",
    starts_on: Annotated[str, typer.Option("--starts-on", metavar="D", help="Such as 2026-04-01. Needed.")] = "",
    ends_on: Annotated[str, typer.Option("--ends-on", metavar="D", help="The last day. Needed.")] = "",
    language: Annotated[str, typer.Option("--language", metavar="ja|en", help="Else the desk's first one.")] = "",
    cluster: Annotated[str, typer.Option("--cluster", metavar="TEXT", help="What is supported, in words.")] = "",
    contacts: Contacts = None,
    askers: Annotated[
        list[str] | None, typer.Option("--asker", metavar="'NAME <ADDR>'", help="A named individual.")
    ] = None,
    mailing_list: Annotated[str, typer.Option("--list", metavar="'NAME <ADDR>'", help="A list as asker.")] = "",
    list_id: Annotated[str, typer.Option("--list-id", metavar="ID", help="Its List-Id.")] = "",
    extra_askers: Annotated[str, typer.Option("--extra-askers", metavar="N", help="Seats beyond the first.")] = "",
    mailing_list_option: Annotated[bool, typer.Option("--mailing-list-option", help="Lists may be askers.")] = False,
    trust: Trust = None,
    timezone: Timezone = None,
    equipment: Annotated[
        list[str] | None, typer.Option("--equipment", metavar="'HOST | OS | VERSIONS'", help="A machine.")
    ] = None,
    although_role_name: AlthoughRole = "",
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
        trust=trust or "",
        timezone=timezone or "",
        equipment=tuple(equipment or ()),
        although_role_name=although_role_name,
        welcome="yes" if welcome else "no",
    )
    with opened(config) as desk:
        added = _add(desk, [application])
    say(f"contract {shown(number)} is registered{_guides(added)}")


@contract.command("edit")
def contract_edit(
    number: Number,
    customer: Annotated[str | None, typer.Option("--customer", metavar="NAME")] = None,
    menu: Annotated[str | None, typer.Option("--menu", metavar="MENU", help="At once; see also renew --menu.")] = None,
    language: Annotated[str | None, typer.Option("--language", metavar="ja|en")] = None,
    cluster: Annotated[str | None, typer.Option("--cluster", metavar="TEXT")] = None,
    extra_askers: Annotated[str | None, typer.Option("--extra-askers", metavar="N")] = None,
    mailing_list_option: Annotated[
        bool | None, typer.Option("--mailing-list-option/--no-mailing-list-option", help="Lists may be askers.")
    ] = None,
    trust: Trust = None,
    timezone: Timezone = None,
    add_contacts: Annotated[
        list[str] | None, typer.Option("--add-contact", "--contact", metavar="'NAME <ADDR>'", help="One more contact.")
    ] = None,
    remove_contacts: Annotated[
        list[str] | None, typer.Option("--remove-contact", metavar="ADDR", help="A contact no more.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Change a contract; what is not named stays as it is."""
    from mailbot import clock
    from mailbot.flows import editing

    wanted = editing.Wanted(
        customer=customer,
        menu=menu,
        language=language,
        cluster=cluster,
        extra_askers=extra_askers,
        mailing_list_option=mailing_list_option,
        trust=trust,
        timezone=timezone,
        add_contacts=tuple(add_contacts or ()),
        remove_contacts=tuple(remove_contacts or ()),
    )
    with opened(config) as desk:
        changes = editing.edit(desk.store, number, wanted, offer_of(desk.settings), desk.today, clock.now())
    for change in changes:
        say(f"contract {shown(number)}: {shown(str(change))}")
    if not changes:
        say(f"contract {shown(number)} is as you say already")


@contract.command("renew")
def contract_renew(
    number: Number,
    until: Annotated[str, typer.Option("--until", metavar="D", help="The last day; else a whole term.")] = "",
    starts_on: Annotated[str, typer.Option("--from", metavar="D", help="Else the day after the last term.")] = "",
    menu: Annotated[str, typer.Option("--menu", metavar="MENU", help="Another menu, from the new term on.")] = "",
    config: ConfigFile = None,
) -> None:
    """Add the next term of a contract; one that was cancelled goes on after all."""
    from mailbot import clock
    from mailbot.flows import terms

    with opened(config) as desk:
        offer = offer_of(desk.settings)
        renewed = terms.renew(
            desk.store, number, offer, desk.today, clock.now(), starts_on=starts_on, until=until, menu=menu
        )
    term = renewed.term
    say(f"contract {shown(number)} is renewed: {term.starts_on} to {term.ends_on}, menu {shown(renewed.menu)}")


@contract.command("cancel")
def contract_cancel(
    number: Number,
    undo: Annotated[bool, typer.Option("--undo", help="It is to be renewed after all.")] = False,
    config: ConfigFile = None,
) -> None:
    """Write down that a contract is not renewed; access goes on to the end of its term."""
    from mailbot import clock
    from mailbot.flows import terms

    with opened(config) as desk:
        cancelled = terms.cancel(desk.store, number, desk.today, clock.now(), undo=undo)
    said = "is no longer cancelled" if undo else f"is cancelled: access ends after {cancelled.ends_on}"
    say(f"contract {shown(number)} {said}")


@contract.command("import")
def contract_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV or TOML file in UTF-8.")],
    format: Format = None,
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
        added = _add(desk, progress(applications, "Checking", total=len(applications)))
    say(f"{len(applications)} contracts are registered{_guides(added)}")


@contract.command("export")
def contract_export(
    number: Annotated[str | None, typer.Argument(metavar="[NUMBER]", help="Else all contracts.")] = None,
    format: Format = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Else standard output.")] = None,
    bom: Annotated[bool, typer.Option("--bom", help="Mark it as UTF-8, as Excel wants it.")] = False,
    config: ConfigFile = None,
) -> None:
    """Write contracts in the form that import reads: what holds now, without the history."""
    from mailbot.cli import exporting
    from mailbot.flows.exporting import application_of
    from mailbot.flows.registry import existing
    from mailbot.store.wholes import wholes

    kind = format or ("toml" if output and output.suffix.lower() == ".toml" else "csv")
    with opened(config) as desk:
        senders = offer_of(desk.settings).senders
        with desk.store.read() as connection:
            if number is not None:
                existing(connection, number)
            applications = [application_of(whole, senders) for whole in wholes(connection, number)]
    raw = "".join(exporting.written(applications, kind)).encode("utf-8-sig" if bom else "utf-8")
    if output is None:
        write_bytes(raw)
    else:
        exporting.save(output, raw)
        say(f"{len(applications)} contracts are written to {shown(str(output))}")


def _add(desk: Opened, applications: Iterable[Application]) -> tuple[Registered, ...]:
    from mailbot import clock
    from mailbot.flows import registry

    return registry.add_contracts(desk.store, applications, offer_of(desk.settings), clock.now())


def _guides(added: Iterable[Registered]) -> str:
    people = sum(each.guides for each in added)
    who = "1 person gets" if people == 1 else f"{people} people get"
    return f"; {who} the guide on the first day, or now if it is past" if people else ""
