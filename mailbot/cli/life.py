"""How does an incident go on? The commands `incident answered`, `wait`, `resume` and `close`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mailbot.cli.options import ConfigFile, opened
from mailbot.cli.output import say, shown

if TYPE_CHECKING:
    from mailbot.desk.incident import Happening

IncidentNumber = Annotated[str, typer.Argument(metavar="NUMBER", help="Such as INC-2026-000123.")]
By = Annotated[str, typer.Option("--by", metavar="ADDRESS", help="Who of staff did it.")]


def answered(number: IncidentNumber, by: By, config: ConfigFile = None) -> None:
    """Write down that a person answered: where answers are promised, the time until news begins."""
    from mailbot.desk.incident import Happening

    _step(number, Happening.ANSWERED, by, config)


def wait(number: IncidentNumber, by: By, config: ConfigFile = None) -> None:
    """Make it the customer's turn: the clock stands still until they write."""
    from mailbot.desk.incident import Happening

    _step(number, Happening.WAITS, by, config)


def resume(number: IncidentNumber, by: By, config: ConfigFile = None) -> None:
    """Make it the desk's turn again although the customer did not write."""
    from mailbot.desk.incident import Happening

    _step(number, Happening.RESUMED, by, config)


def close(number: IncidentNumber, by: By, config: ConfigFile = None) -> None:
    """Close an incident: whoever writes to it again opens a new one."""
    from mailbot.desk.incident import Happening

    _step(number, Happening.CLOSED, by, config)


COMMANDS = {"answered": answered, "wait": wait, "resume": resume, "close": close}


def _step(number: str, happening: Happening, by: str, config: ConfigFile) -> None:
    from mailbot import clock
    from mailbot.app import make_context
    from mailbot.flows import life

    with opened(config) as desk:
        context = make_context(desk.settings, desk.store, lambda _: [])  # no mail is read for it
        status = life.by_hand(context, number.strip(), happening, by, clock.now())
    say(f"{shown(number.strip())}: {happening}, now {status}")
