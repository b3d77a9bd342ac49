"""The command oncall: who is on call when, and who is called for an urgent question? (S21, S27)"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailbot.cli.options import AsJson, ConfigFile, group, moment_of, opened, rules_of
from mailbot.cli.output import moment, say, say_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from mailbot.desk.contract import Staff
    from mailbot.desk.oncall import OnCallRules, Rung

oncall = group("On call: who is called for an urgent question.")

_LONGEST = 366  # days


@oncall.command("show")
def oncall_show(
    at: Annotated[str, typer.Option("--at", metavar="T", help="From then on, such as 2026-04-01T18:05+09:00.")] = "",
    days: Annotated[int, typer.Option("--days", metavar="N", min=1, max=_LONGEST, help="So many days.")] = 14,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Show who is called for an urgent question that comes then, and who is on call in the days after."""
    from mailbot import clock
    from mailbot.store import contracts

    with opened(config) as desk:
        with desk.store.read() as connection:
            people = contracts.everybody(connection)
        zone = desk.zone
        since = moment_of(at, zone) if at else clock.now()
        rules = rules_of(desk.settings).oncall
    told = {
        "at": since,
        "hours": rules.ladder(since).name,
        "calls": _calls(rules, since, people),
        "turns": _turns(rules, since, days, people),
    }
    if as_json:
        say_json(told)
    else:
        _tell(told, zone)


def _calls(rules: OnCallRules, since: datetime, people: Sequence[Staff]) -> list[dict[str, Any]]:
    from mailbot.desk.oncall import plan

    def reaches(rung: Rung, at: datetime) -> bool:
        return bool(rules.people(rung, at, people))

    return [
        {
            "at": at,
            "rung": step.rung.who,
            "called": [person.address for person in rules.people(step.rung, at, people)],
        }
        for at, step in plan(rules, since, reaches)
    ]


def _turns(rules: OnCallRules, since: datetime, days: int, people: Sequence[Staff]) -> list[dict[str, Any]]:
    from mailbot.desk.oncall import turns

    known = {person.address for person in people}
    return [
        {
            "rota": rota.name,
            "since": turn.since,
            "until": turn.until,
            "who": turn.who,
            "registered": turn.who in known,
        }
        for rota in rules.rotas.values()
        for turn in turns(rota, since, since + timedelta(days=days))
    ]


def _tell(told: dict[str, Any], zone: ZoneInfo) -> None:
    from mailbot.cli.tables import Column, say_table

    say(f"an urgent question at {moment(told['at'], zone)} ({told['hours']}) calls")
    calls = [(moment(each["at"], zone), each["rung"], ", ".join(each["called"])) for each in told["calls"]]
    columns = (Column("AT"), Column("RUNG", cut=True), Column("CALLED", cut=True))
    say_table(columns, calls, none="nobody: see mailbot staff add --help")
    if not told["turns"]:
        return
    say("")
    rows = [
        (
            each["rota"],
            moment(each["since"], zone),
            moment(each["until"], zone),
            each["who"] + ("" if each["registered"] else " (not registered)"),
        )
        for each in told["turns"]
    ]
    say_table((Column("ROTA", cut=True), Column("SINCE"), Column("UNTIL"), Column("ON CALL", cut=True)), rows, none="")
