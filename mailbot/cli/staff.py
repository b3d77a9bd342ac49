"""The command staff: who answers."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from mailbot.cli.options import AsJson, ConfigFile, group, offer_of, opened
from mailbot.cli.output import say, say_json, shown

staff = group("Staff: who answers.")


@staff.command("add")
def staff_add(
    written: Annotated[str, typer.Argument(metavar="'NAME <ADDR>'")],
    language: Annotated[
        Literal["ja", "en"] | None, typer.Option("--language", help="In which mailbot writes; else the desk's.")
    ] = None,
    partner: Annotated[
        bool,
        typer.Option("--partner", help="The partner who is called outside the hours, and sees nothing else (S27)."),
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Register somebody who answers, and is told what comes in."""
    from mailbot import clock
    from mailbot.desk.contract import Role
    from mailbot.flows import registry

    with opened(config) as desk:
        spoken = language or desk.settings.desk.languages[0]
        role = Role.PARTNER if partner else Role.STAFF
        address = registry.add_staff(desk.store, written, spoken, offer_of(desk.settings), clock.now(), role=role)
    say(f"{shown(address)} is {role}")


@staff.command("remove")
def staff_remove(address: Annotated[str, typer.Argument(metavar="ADDR")], config: ConfigFile = None) -> None:
    """Strike somebody off the staff, or the partner."""
    from mailbot import clock
    from mailbot.flows import registry

    with opened(config) as desk:
        removed = registry.remove_staff(desk.store, address, clock.now())
    say(f"{shown(removed)} is no staff any more")


@staff.command("list")
def staff_list(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """List the staff and the partner."""
    from mailbot.store import contracts

    with opened(config) as desk, desk.store.read() as connection:
        found = contracts.everybody(connection)
    if as_json:
        keys = ("name", "address", "language", "role")
        say_json([{key: getattr(each, key) for key in keys} for each in found])
        return
    from mailbot.cli.tables import Column, say_table

    columns = (Column("NAME", cut=True), Column("ADDRESS", cut=True), Column("LANGUAGE"), Column("ROLE"))
    rows = [(each.name, each.address, each.language, each.role) for each in found]
    say_table(columns, rows, none="nobody is registered as staff: see mailbot staff add --help")
