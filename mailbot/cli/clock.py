"""The commands clock …: can the clock be believed, what was found, and which letters wait for it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mailbot.cli.options import AsJson, ConfigFile, group, opened
from mailbot.cli.output import moment, say, say_json
from mailbot.cli.tables import Column, say_table

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from mailbot.cli.options import Opened
    from mailbot.store.engine import Connection

_FINDINGS = 10
_MOST = 1_000  # counted of what waits

clock = group("The clock of the machine: jumps, restarts, and what waits for them.")


@clock.command("show")
def clock_show(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Tell when each daemon last lived, what was found about its clock, and which letters wait."""
    with opened(config) as desk:
        told = _standing(desk)
        zone = desk.zone
    if as_json:
        say_json(told)
    else:
        _tell(told, zone)


@clock.command("accept")
def clock_accept(config: ConfigFile = None) -> None:
    """Believe the clock as it is: letters that a day causes go on. Look at it first."""
    from mailbot import clock as now_of
    from mailbot.flows import pulse

    now = now_of.now()
    with opened(config) as desk:
        waited = pulse.accept(desk.store, "the command line", now)
        shown = moment(now, desk.zone)
    say(f"believed: it is {shown}; what waited goes out now ({', '.join(waited)})")


def _standing(desk: Opened) -> dict[str, Any]:
    from mailbot import clock as now_of
    from mailbot.flows.pulse import SUBJECT
    from mailbot.store import journal, pulses

    present = now_of.reading()
    with desk.store.read() as connection:
        noted = pulses.every(connection)
        return {
            "at": present.at,
            "since_boot": present.since_boot,
            "boot": present.boot,
            "suspended": any(each.suspended_at for each in noted),
            "daemons": [
                {
                    "daemon": each.daemon,
                    "at": each.reading.at,
                    "since_boot": each.reading.since_boot,
                    "boot": each.reading.boot,
                    "ahead_seconds": each.ahead.total_seconds(),
                    "suspended_at": each.suspended_at,
                    "why": each.why,
                }
                for each in noted
            ],
            "waiting": _waiting(desk, connection, present.at),
            "findings": [dict(row) for row in journal.about(connection, SUBJECT)[-_FINDINGS:]],
        }


def _waiting(desk: Opened, connection: Connection, now: datetime) -> dict[str, int]:
    """What would go out by this clock."""
    from mailbot.desk.access import Mailings
    from mailbot.store import access, changes

    last_day = Mailings(desk.settings.mailings.hour, desk.zone).last_day(now)
    today = now.astimezone(desk.zone).date()
    return {
        "guides": len(access.newcomers(connection, today=today, begun_by=last_day, limit=_MOST)),
        "ends": len(access.past_terms(connection, ended_before=last_day, limit=_MOST)),
        "changes": changes.counts(connection).get("waiting", 0),
    }


def _tell(told: dict[str, Any], zone: ZoneInfo) -> None:
    say(f"at {moment(told['at'], zone)}, {told['since_boot']:.0f} s after the boot")
    say("")
    columns = [Column("daemon", cut=True), Column("last lived"), Column("ahead s", right=True), Column("suspended")]
    rows = [
        (each["daemon"], moment(each["at"], zone), f"{each['ahead_seconds']:.0f}", moment(each["suspended_at"], zone))
        for each in told["daemons"]
    ]
    say_table(columns, rows, none="no daemon has run yet")
    if told["suspended"]:
        waiting = ", ".join(f"{count} {what}" for what, count in told["waiting"].items())
        say("")
        say(f"letters that a day causes are suspended; by this clock there wait: {waiting}")
        say("when the clock is right: mailbot clock accept")
    say("")
    columns = [Column("found at"), Column("what"), Column("why", cut=True)]
    found = [(moment(each["at"], zone), each["what"], each["why"]) for each in told["findings"]]
    say_table(columns, found, none="nothing was found yet")
