"""The command status: how does the desk stand? On one screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mailbot.cli.options import AsJson, ConfigFile, opened
from mailbot.cli.output import moment, say, say_json, shown

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from mailbot.store.engine import Connection

_WAITING = ("new", "held", "failed")  # mails that somebody or something must still look at


def status(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Tell how the desk stands: incidents, mails that came in, mails that are to leave, and by what."""
    from mailbot import clock

    now = clock.now()
    with opened(config) as desk:
        with desk.store.read() as connection:
            told = _standing(connection, now)
        zone = desk.zone
    if as_json:
        say_json(told)
    else:
        _tell(told, zone)


def _standing(connection: Connection, now: datetime) -> dict[str, Any]:
    from mailbot.store import changes, holdclock, inbound, incidents, late, outbox, pages, pulses, routes

    return {
        "at": now,
        "incidents": incidents.counts(connection),
        "acknowledgements_late": incidents.overdue(connection, now),
        "acknowledgements_half_over": late.half_over(connection, now),
        "inbound": dict(inbound.counts(connection)),
        "inbound_oldest": {state: inbound.oldest(connection, state) for state in _WAITING},
        "held_half_over": holdclock.late(connection, now),
        "changes": changes.counts(connection),
        "changes_oldest_waiting": changes.oldest_waiting(connection),
        "clock_in_doubt": any(each.suspended_at for each in pulses.every(connection)),
        "outbox": outbox.counts(connection),
        "outbox_oldest_waiting": outbox.oldest_due(connection),
        "routes": [asdict(each) for each in routes.every(connection)],
        "pages": pages.counts(connection),
        "pages_newest_failed": pages.last_failed(connection),
    }


def _tell(told: dict[str, Any], zone: ZoneInfo) -> None:
    say(f"at {moment(told['at'], zone)}")
    if told["clock_in_doubt"]:
        say("the clock is in doubt, letters that a day causes wait  <-- look: mailbot clock show")
    say("")
    say(f"incidents  {_counts(told['incidents'])}")
    late = told["acknowledgements_late"]
    say(f"           {late} with a late acknowledgement{'  <-- look: mailbot outbox list' if late else ''}")
    half_over = told["acknowledgements_half_over"]
    if half_over:
        say(f"           {half_over} without acknowledgement past half their time")
    say(f"inbound    {_counts(told['inbound'])}")
    for state, since in told["inbound_oldest"].items():
        if since:
            say(f"           oldest {state} since {moment(since, zone)}")
    waiting = told["held_half_over"]
    if waiting:
        say(f"           {waiting} held past half their time  <-- look: mailbot inbound list --state held")
    say(f"changes    {_counts(told['changes'])}")
    if told["changes_oldest_waiting"]:
        since = moment(told["changes_oldest_waiting"], zone)
        say(f"           oldest waiting since {since}  <-- look: mailbot change list --state waiting")
    say(f"outbox     {_counts(told['outbox'])}")
    if told["outbox_oldest_waiting"]:
        say(f"           oldest waiting since {moment(told['outbox_oldest_waiting'], zone)}")
    _tell_routes(told, zone)


def _tell_routes(told: dict[str, Any], zone: ZoneInfo) -> None:
    """The ways out, and the alarms that went or did not go by command and webhook."""
    title = "routes     "
    for route in told["routes"]:
        if route["failing_since"]:
            since = moment(route["failing_since"], zone)
            say(f"{title}{route['route']} fails since {since}  <-- look: {shown(route['error'])}")
        else:
            say(f"{title}{route['route']} worked at {moment(route['last_ok_at'], zone)}")
        title = " " * len(title)
    if not told["routes"]:
        say(f"{title}none was tried")
    if told["pages"]:
        say(f"pages      {_counts(told['pages'])}")
    if told["pages_newest_failed"]:
        say(f"           newest failed of {moment(told['pages_newest_failed'], zone)}  <-- try: mailbot alarm test")


def _counts(by_state: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(by_state.items())) or "none"
