"""The command alarm: does an alarm reach people, by every route that is configured?"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from mailbot.cli.options import AsJson, ConfigFile, group, opened
from mailbot.cli.output import say, say_json

if TYPE_CHECKING:
    from mailbot.flows.routes import Trial
    from mailbot.store.engine import Store

alarm = group("Alarms: how people are called when something may be missed.")

_LOOK_EVERY_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Fared:
    """How a test alarm fared by one route. `to` is empty for command and webhook."""

    route: str
    to: str
    result: Literal["arrived", "failed", "waits"]
    answer: str


@alarm.command("test")
def alarm_test(
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", min=1, max=3600, help="How long to wait for the routes.")
    ] = 60.0,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Raise a test alarm by every route, and tell how each fared. The daemon must run: it is tried, too."""
    from mailbot import clock
    from mailbot.app import make_context
    from mailbot.flows import routes

    with opened(config) as desk:
        context = make_context(desk.settings, desk.store, lambda _: [])  # no mail is read for this
        trial = routes.try_out(context, clock.now())
        fared = _awaited(desk.store, trial, timeout)
    if as_json:
        say_json([asdict(each) for each in fared])
    else:
        _tell(fared)
    if not fared or any(each.result != "arrived" for each in fared):
        raise typer.Exit(1)


def _awaited(store: Store, trial: Trial, seconds: float) -> list[Fared]:
    end = time.monotonic() + seconds
    while True:
        fared = _fared(store, trial)
        if all(each.result != "waits" for each in fared) or time.monotonic() > end:
            return fared
        time.sleep(_LOOK_EVERY_SECONDS)


def _fared(store: Store, trial: Trial) -> list[Fared]:
    from mailbot.store import outbox, pages

    with store.read() as connection:
        letters = outbox.fates(connection, trial.letters)
        paged = pages.fates(connection, trial.pages)
    return [
        *(Fared(row["way"], row["recipient"], _result(row), row["answer"] or "") for row in letters),
        *(Fared(row["route"], "", _result(row), row["answer"] or "") for row in paged),
    ]


def _result(row: Mapping[Any, Any]) -> Literal["arrived", "failed", "waits"]:
    """What failed once is not waited for, though the daemon tries it again; nor is it enough to have left by the other
    relay.
    """
    from mailbot.desk.routes import went_instead

    if row["state"] == "sent":
        return "failed" if went_instead(row["answer"] or "") else "arrived"
    tried = row["state"] in {"failed", "in_doubt"} or (row["state"] == "ready" and row["attempts"] > 0)
    return "failed" if tried else "waits"


def _tell(fared: Sequence[Fared]) -> None:
    from mailbot.cli.tables import Column, say_table

    columns = (Column("ROUTE"), Column("TO", cut=True), Column("RESULT"), Column("ANSWER", cut=True))
    rows = [(each.route, each.to or "-", each.result, each.answer) for each in fared]
    say_table(columns, rows, none="nobody would hear of an alarm: see mailbot staff add --help")
    if any(each.result == "waits" for each in fared):
        say("what waits has not been tried: does the daemon run? See mailbot serve")
