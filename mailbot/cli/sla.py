"""The command sla: by when must a question be acknowledged, and why then? (S16–S18)"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailbot.cli.options import AsJson, ConfigFile, group, moment_of, opened, rules_of
from mailbot.cli.output import moment, say, say_json, shown
from mailbot.errors import RefusedError

if TYPE_CHECKING:
    from mailbot.cli.options import Opened
    from mailbot.desk.sla import Due

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
    from mailbot.cli.proofs import interval_lines, intervals_json
    from mailbot.desk.proof import pieces

    with opened(config) as desk:
        told, due = _simulated(desk, contract, moment_of(at, desk.zone), urgent=urgent)
        zone = desk.zone
    counted = tuple(pieces(due.hours, due.received_at, due.counted))
    if as_json:
        say_json(told | {"intervals": intervals_json(counted)})
        return
    say(f"due {moment(due.due_at, zone)} (calendar {due.calendar})")
    for step in due.steps:
        say(f"  {shown(step)}")
    say("")
    for line in interval_lines(counted, zone):
        say(line)


@sla.command("explain")
def explain(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The incident, such as INC-2026-000123.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Prove the first response of an incident: every interval that counted, by the calendar as it was then."""
    from mailbot import clock
    from mailbot.cli.proofs import proof_json, proof_lines
    from mailbot.flows.proving import first_response_of

    with opened(config) as desk:
        rules = rules_of(desk.settings)
        with desk.store.read() as connection:
            proven = first_response_of(connection, rules, number.strip(), zone=desk.zone, now=clock.now())
        zone = desk.zone
    if as_json:
        say_json(proof_json(proven))
        return
    for line in proof_lines(proven, zone):
        say(line)


def _simulated(desk: Opened, number: str, at: datetime, *, urgent: bool) -> tuple[dict[str, Any], Due]:
    from mailbot.desk.sla import first_response
    from mailbot.flows.registry import existing

    loaded = rules_of(desk.settings)
    with desk.store.read() as connection:
        contract = existing(connection, number).as_of(at.astimezone(desk.zone).date())
    menu = loaded.service.menus.get(contract.menu)
    if menu is None:
        raise RefusedError(f"contract {number} has the menu {contract.menu!r}, which is not in rules/service.toml")
    due = first_response(menu, loaded.calendars, received_at=at, urgent=urgent)
    told = {
        "contract": contract.number,
        "menu": contract.menu,
        "urgent": urgent,
        "at": at,
        "due_at": due.due_at,
        "calendar": due.calendar,
        "steps": list(due.steps),
    }
    return told, due
