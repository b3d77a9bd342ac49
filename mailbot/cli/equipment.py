"""The command equipment: on what does a customer run it? (S3)"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from mailbot.cli.options import AsJson, ConfigFile, Number, group, opened, rules_of
from mailbot.cli.output import say, say_json, shown

if TYPE_CHECKING:
    from mailbot.cli.options import Opened

equipment = group("Equipment: the registered machines of a contract.")

Host = Annotated[str, typer.Argument(metavar="HOST", help="What the customer calls the machine.")]


@equipment.command("add")
def equipment_add(
    number: Number,
    host: Host,
    os: Annotated[str, typer.Option("--os", metavar="TEXT", help="Such as 'RHEL 9.4 x86_64'. Needed.")] = "",
    versions: Annotated[
        str, typer.Option("--versions", metavar="TEXT", help="Such as 'pgpool-II 4.5.2, PostgreSQL 16.3'.")
    ] = "",
    config: ConfigFile = None,
) -> None:
    """Register a machine."""
    from mailbot import clock
    from mailbot.flows import equipment as machines

    with opened(config) as desk:
        added = machines.add(desk.store, number, host, os=os, versions=versions, now=clock.now())
        say(f"contract {shown(number)}: {shown(machines.shown(added))} is registered")
        _note(desk, added.os)


@equipment.command("edit")
def equipment_edit(
    number: Number,
    host: Host,
    new_host: Annotated[str | None, typer.Option("--host", metavar="NAME", help="It is called so now.")] = None,
    os: Annotated[str | None, typer.Option("--os", metavar="TEXT")] = None,
    versions: Annotated[str | None, typer.Option("--versions", metavar="TEXT")] = None,
    config: ConfigFile = None,
) -> None:
    """Change what is registered of a machine; what is not named stays as it is."""
    from mailbot import clock
    from mailbot.flows import equipment as machines

    with opened(config) as desk:
        before, after = machines.edit(
            desk.store, number, host, new_host=new_host, os=os, versions=versions, now=clock.now()
        )
        say(f"contract {shown(number)}: {shown(machines.shown(before))} → {shown(machines.shown(after))}")
        _note(desk, after.os)


@equipment.command("remove")
def equipment_remove(number: Number, host: Host, config: ConfigFile = None) -> None:
    """Strike a machine off."""
    from mailbot import clock
    from mailbot.flows import equipment as machines

    with opened(config) as desk:
        removed = machines.remove(desk.store, number, host, clock.now())
    say(f"contract {shown(number)}: {shown(removed.host)} is no longer registered")


@equipment.command("list")
def equipment_list(number: Number, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """List the registered machines of a contract."""
    from mailbot.flows.registry import existing
    from mailbot.store import equipment as machines

    with opened(config) as desk, desk.store.read() as connection:
        found = machines.of(connection, existing(connection, number).id)
    if as_json:
        say_json([asdict(each) for each in found])
        return
    from mailbot.cli.tables import Column, say_table

    columns = (Column("HOST", cut=True), Column("OS", cut=True), Column("VERSIONS", cut=True))
    say_table(columns, [(each.host, each.os, each.versions) for each in found], none="no equipment is registered")


def _note(desk: Opened, os: str) -> None:
    """A platform that is not supported is no reason to refuse the truth about a machine (S3): it is said, no more."""
    from mailbot.desk.scope import platform_note

    note = platform_note(os, rules_of(desk.settings).scope)
    if note:
        say(f"note: {shown(note)} (S3)")
