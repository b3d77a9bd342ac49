"""The command sla: by when must a question be acknowledged, and why then? (S16–S18)"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailbot.cli.options import AsJson, ConfigFile, group, moment_of, opened
from mailbot.cli.output import moment, say, say_json, shown
from mailbot.errors import RefusedError

if TYPE_CHECKING:
    from mailbot.cli.options import Opened

sla = group("Due times.")


@sla.command("simulate")
def simulate(
    contract: Annotated[str, typer.Option("--contract", metavar="N", help="The number of the contract.")],
    at: Annotated[str, typer.Option("--at", metavar="T", help="Arrival, such as 2026-04-01T18:05+09:00.")],
    urgent: Annotated[bool, typer.Option("--urgent", help="The question is urgent.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Work out the due time of a question that would come then; a time without a zone is the desk's."""
    with opened(config) as desk:
        told = _simulated(desk, contract, moment_of(at, desk.zone), urgent=urgent)
        zone = desk.zone
    if as_json:
        say_json(told)
        return
    say(f"due {moment(told['due_at'], zone)} (calendar {told['calendar']})")
    for step in told["steps"]:
        say(f"  {shown(step)}")


def _simulated(desk: Opened, number: str, at: datetime, *, urgent: bool) -> dict[str, Any]:
    from mailbot import config, rules
    from mailbot.desk.sla import first_response
    from mailbot.flows.registry import existing

    loaded = rules.load(desk.settings.rules.folder or config.bundled("rules"))
    with desk.store.read() as connection:
        contract = existing(connection, number).as_of(at.astimezone(desk.zone).date())
    menu = loaded.service.menus.get(contract.menu)
    if menu is None:
        raise RefusedError(f"contract {number} has the menu {contract.menu!r}, which is not in rules/service.toml")
    due = first_response(menu, loaded.calendars, received_at=at, urgent=urgent)
    return {
        "contract": contract.number,
        "menu": contract.menu,
        "urgent": urgent,
        "at": at,
        "due_at": due.due_at,
        "calendar": due.calendar,
        "steps": list(due.steps),
    }
