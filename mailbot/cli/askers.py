"""The command asker: who may ask under a contract?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailbot.cli.options import AlthoughRole, AsJson, ConfigFile, Number, group, offer_of, opened
from mailbot.cli.output import picked, say, say_json, shown

if TYPE_CHECKING:
    from mailbot.flows.askers import Left

asker = group("Askers: who may ask under a contract.")

KEYS = ("kind", "name", "address", "list_id", "since")

Written = Annotated[str, typer.Argument(metavar="'NAME <ADDR>'", help="A named individual.")]
ThroughList = Annotated[bool, typer.Option("--list", help="It is a mailing list.")]
ListId = Annotated[str, typer.Option("--list-id", metavar="ID", help="The List-Id of the list.")]


@asker.command("add")
def asker_add(
    number: Number,
    written: Written,
    through_list: ThroughList = False,
    list_id: ListId = "",
    although_role_name: AlthoughRole = "",
    config: ConfigFile = None,
) -> None:
    """Register one more asker, if a seat is free."""
    from mailbot import clock
    from mailbot.flows import registry

    with opened(config) as desk:
        added = registry.add_asker(
            desk.store,
            number,
            written,
            offer_of(desk.settings),
            clock.now(),
            through_list=through_list,
            list_id=list_id,
            although=although_role_name,
        )
    say(f"{shown(added.address)} may ask under contract {shown(number)}")


@asker.command("replace")
def asker_replace(
    number: Number,
    old: Annotated[str, typer.Argument(metavar="OLD", help="The address of who leaves.")],
    written: Written,
    through_list: ThroughList = False,
    list_id: ListId = "",
    although_role_name: AlthoughRole = "",
    config: ConfigFile = None,
) -> None:
    """Give the seat of an asker to another one, who goes on with the open incidents."""
    from mailbot import clock
    from mailbot.flows import askers

    with opened(config) as desk:
        left = askers.replace_asker(
            desk.store,
            number,
            old,
            written,
            offer_of(desk.settings),
            clock.now(),
            through_list=through_list,
            list_id=list_id,
            although=although_role_name,
        )
    say(f"{shown(left.goes_on or '')} asks under contract {shown(number)} in place of {shown(left.removed.address)}")
    _tell_incidents(left)


@asker.command("remove")
def asker_remove(
    number: Number,
    old: Annotated[str, typer.Argument(metavar="ADDR", help="The address of who leaves.")],
    to: Annotated[
        str, typer.Option("--to", metavar="ADDR", help="The asker who goes on with the open incidents.")
    ] = "",
    config: ConfigFile = None,
) -> None:
    """Strike an asker off; another one goes on with the open incidents."""
    from mailbot import clock
    from mailbot.flows import askers

    with opened(config) as desk:
        left = askers.remove_asker(desk.store, number, old, clock.now(), to=to)
    say(f"{shown(left.removed.address)} is no asker of contract {shown(number)} any more")
    _tell_incidents(left)


@asker.command("list")
def asker_list(
    number: Number,
    history: Annotated[bool, typer.Option("--history", help="Also those who were removed.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """List the askers of a contract."""
    from mailbot.flows.registry import existing
    from mailbot.store import askers

    with opened(config) as desk:
        with desk.store.read() as connection:
            rows = askers.history(connection, existing(connection, number).id)
        zone = desk.zone
    found: list[Mapping[Any, Any]] = [row for row in rows if history or row["until"] is None]
    if as_json:
        say_json([picked(row, (*KEYS, "until") if history else KEYS) for row in found])
        return
    from mailbot.cli.tables import Column, say_table

    columns = [Column("KIND"), Column("NAME", cut=True), Column("ADDRESS", cut=True), Column("LIST-ID", cut=True)]
    columns += [Column("SINCE"), *([Column("UNTIL")] if history else [])]
    cells = [
        (
            *(row[key] or "" for key in KEYS[:4]),
            f"{row['since'].astimezone(zone):%Y-%m-%d}",
            *([f"{row['until'].astimezone(zone):%Y-%m-%d}" if row["until"] else "-"] if history else []),
        )
        for row in found
    ]
    say_table(columns, cells, none="no asker is registered")


def _tell_incidents(left: Left) -> None:
    """The operator is told which questions were open, and who is written to about them from now on."""
    if not left.incidents:
        return
    if left.goes_on:
        say(f"{shown(left.goes_on)} goes on with what was open:")
    else:
        say("nobody is registered to go on with what is open, and nothing is written to anybody about it:")
    for each in left.incidents:
        say(f"  {each.number}  {shown(each.subject)}")
