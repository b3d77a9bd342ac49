"""The command change: which changes of registered information were asked for, and what is to become of them? (S25)"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from mailbot.cli.options import LONGEST_ID, AsJson, ConfigFile, Limit, context_of, group, opened
from mailbot.cli.output import moment, say, say_json, short_moment, shown, shown_text
from mailbot.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from mailbot.store.changes import Change

change = group("Changes of registered information that customers asked for.")

ChangeNumber = Annotated[str, typer.Argument(metavar="NUMBER", help="Such as 3 or CHG-3.")]
_BY = "command line"


@change.command("list")
def change_list(
    state: Annotated[
        Literal["waiting", "approved", "rejected"] | None, typer.Option("--state", help="Only these; else all.")
    ] = None,
    limit: Limit = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """List the changes, the newest first."""
    from mailbot.store import changes

    with opened(config) as desk:
        with desk.store.read() as connection:
            most = limit or (LONGEST_ID if as_json else 50)
            found = changes.listed(connection, states=(state,) if state else (), limit=most)
        zone = desk.zone
    if as_json:
        say_json([_told(each) for each in found])
    else:
        _tell_list(found, zone)


@change.command("show")
def change_show(number: ChangeNumber, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show a change: what is and what is to be, what its writer wrote, and what became of it."""
    from mailbot.store import changes, journal

    change_id = _id(number)
    with opened(config) as desk:
        with desk.store.read() as connection:
            found = changes.by_id(connection, change_id)
            if found is None:
                raise NotFoundError(f"there is no change {number}: see mailbot change list")
            written = journal.about(connection, f"change:{change_id}")
        zone = desk.zone
    told = _told(found) | {"text": found.text, "journal": [dict(entry) for entry in written]}
    if as_json:
        say_json(told)
    else:
        _tell(told, zone)


@change.command("approve")
def change_approve(number: ChangeNumber, config: ConfigFile = None) -> None:
    """Carry out a change, and tell everybody concerned."""
    _decide(number, config, approved=True, reason="")


@change.command("decline")
def change_decline(
    number: ChangeNumber,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="What its writer is told.")] = "",
    config: ConfigFile = None,
) -> None:
    """Leave everything as it is, and tell the writer."""
    _decide(number, config, approved=False, reason=reason)


def _decide(number: str, config: ConfigFile, *, approved: bool, reason: str) -> None:
    from mailbot import clock
    from mailbot.flows import changes

    change_id = _id(number)
    with opened(config) as desk:
        said = changes.decide_by_hand(
            context_of(desk), change_id, approved=approved, by=_BY, reason=reason, now=clock.now()
        )
    say(shown(said))


def _id(number: str) -> int:
    digits = number.strip().upper().removeprefix("CHG-")
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits) <= LONGEST_ID):
        raise InputError(f"{number!r} is no change: write its number, such as 3 or CHG-3")
    return int(digits)


def _told(found: Change) -> dict[str, Any]:
    from mailbot.desk.changes import after, before, key

    return {
        "number": found.number,
        "contract": found.contract,
        "customer": found.customer,
        "state": found.state,
        "asked_by": found.asked_by,
        "asked_at": found.asked_at,
        "trust": found.trust,
        "subject": found.subject,
        "inbound": found.inbound_id,
        "steps": [
            {"what": key(step), "before": before(step), "after": after(step), "evidence": step.evidence}
            for step in found.steps
        ],
        "decided_at": found.decided_at,
        "decided_by": found.decided_by,
    }


def _tell_list(found: Sequence[Change], zone: ZoneInfo) -> None:
    from mailbot.cli.tables import Column, say_table
    from mailbot.desk.changes import key

    columns = (
        Column("NUMBER"),
        Column("CONTRACT", cut=True),
        Column("STATE"),
        Column("ASKED"),
        Column("BY", cut=True),
        Column("WHAT", cut=True),
    )
    rows = [
        (
            each.number,
            each.contract,
            each.state,
            short_moment(each.asked_at, zone),
            each.asked_by,
            ", ".join(map(key, each.steps)) or "not understood",
        )
        for each in found
    ]
    say_table(columns, rows, none="nobody has asked for a change")


def _tell(told: Mapping[str, Any], zone: ZoneInfo) -> None:
    _line("change", f"{told['number']} ({told['state']})")
    _line("contract", f"{told['contract']}, {told['customer']}")
    _line("asked by", f"{told['asked_by']} ({told['trust']})")
    _line("asked at", moment(told["asked_at"], zone))
    _line("subject", told["subject"] or "-")
    _line("inbound", str(told["inbound"] or "-"))
    for step in told["steps"]:
        _line("step", step["what"])
        _line("  before", step["before"] or "-")
        _line("  after", step["after"] or "-")
    for entry in told["journal"]:
        _line(entry["what"], f"{moment(entry['at'], zone)}, {entry['why']}")
    say("")
    say(shown_text(told["text"].rstrip()))


def _line(name: str, value: str) -> None:
    say(f"{name + ':':<11}{shown(value)}")
