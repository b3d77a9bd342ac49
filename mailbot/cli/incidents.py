"""The command incident: which questions there are, and what was said in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from mailbot.cli.options import LONGEST_ID, AsJson, ConfigFile, Limit, context_of, group, opened
from mailbot.cli.output import moment, picked, say, say_json, short_moment, shown, shown_text
from mailbot.errors import NotFoundError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

incident = group("Incidents: which questions there are.")

By = Annotated[str, typer.Option("--by", metavar="ADDR", help="Who says so: one of staff (mailbot staff list).")]
IncidentNumber = Annotated[str, typer.Argument(metavar="NUMBER", help="Such as INC-2026-000123.")]

_KEYS = (
    "number",
    "contract",
    "status",
    "urgency",
    "language",
    "subject",
    "asker",
    "received_at",
    "due_at",
    "acknowledged_at",
    "assignee",
    "messages",
)
_IN_A_TABLE = 50


@incident.command("list")
def incident_list(
    contract: Annotated[str | None, typer.Option("--contract", metavar="N", help="Only of this contract.")] = None,
    limit: Limit = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """List the incidents, newest first."""
    from mailbot.flows.registry import existing
    from mailbot.store import incidents

    most = limit or (LONGEST_ID if as_json else _IN_A_TABLE)
    with opened(config) as desk:
        with desk.store.read() as connection:
            if contract is not None:
                existing(connection, contract)
            rows = incidents.listed(connection, contract_number=contract, limit=most)
        zone = desk.zone
    if as_json:
        say_json([picked(row, _KEYS) for row in rows])
    else:
        _tell_list(rows, zone)


@incident.command("show")
def incident_show(
    number: IncidentNumber,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Show an incident as a conversation."""
    from mailbot.store import events, incidents

    with opened(config) as desk:
        with desk.store.read() as connection:
            row = incidents.shown(connection, number.strip())
            if row is None:
                raise NotFoundError(f"there is no incident {number!r}: see mailbot incident list")
            said = incidents.conversation(connection, row["id"])
            attached = incidents.attachments(connection, row["id"])
            sent = incidents.sent(connection, row["id"])
            done = events.of(connection, row["id"])
        told = _shown(row, said, attached, sent)
        told["events"] = [{"at": each.at, "what": each.what, "by": each.by, "detail": each.detail} for each in done]
        zone = desk.zone
    if as_json:
        say_json(told)
    else:
        _tell(told, zone)


@incident.command("take")
def incident_take(number: IncidentNumber, by: By, config: ConfigFile = None) -> None:
    """Give an incident to somebody who looks after it; nobody else is called for it any more."""
    from mailbot import clock
    from mailbot.flows import life

    with opened(config) as desk:
        said = life.take_by_hand(context_of(desk), number, by, clock.now())
    say(shown(said))


@incident.command("urgency")
def incident_urgency(
    number: IncidentNumber,
    urgency: Annotated[Literal["urgent", "normal"], typer.Argument(metavar="urgent|normal")],
    by: By,
    config: ConfigFile = None,
) -> None:
    """Say how urgent an incident is (S20); its clock, the calls and its asker follow that."""
    from mailbot import clock
    from mailbot.flows import urgency as flow

    with opened(config) as desk:
        said = flow.decide_by_hand(context_of(desk), number, by, urgent=urgency == "urgent", now=clock.now())
    say(shown(said))


Row = Mapping[Any, Any]


def _shown(row: Row, said: Sequence[Row], attached: Sequence[Row], sent: Sequence[Row]) -> dict[str, Any]:
    from mailbot.desk.incident import Status, turn_of

    conversation = [
        picked(each, ("direction", "at", "author_name", "author_address", "subject", "new_text", "signal"))
        | {
            "attachments": [
                picked(part, ("filename", "content_type", "size"))
                for part in attached
                if part["message_id"] == each["id"] and not part["inline"]
            ]
        }
        for each in said
    ]
    turn = {"turn": turn_of(Status(row["status"])).value}
    clocks = turn | picked(row, ("answered_at", "answer_due_at"))
    return (
        picked(row, (*_KEYS, "asker_name", "customer", "menu", "scope", "products"))
        | clocks
        | {
            "conversation": conversation,
            "sent": [
                {"to": each["recipient"]}
                | picked(each, ("id", "key", "kind", "audience", "subject", "state", "created_at", "sent_at"))
                for each in sent
            ],
        }
    )


def _tell_list(rows: Sequence[Row], zone: ZoneInfo) -> None:
    from mailbot.cli.tables import Column, say_table

    columns = (
        Column("NUMBER"),
        Column("CONTRACT", cut=True),
        Column("STATUS"),
        Column("URGENCY"),
        Column("DUE"),
        Column("ASKER", cut=True),
        Column("SUBJECT", cut=True),
    )
    cells = [
        (
            row["number"],
            row["contract"],
            row["status"],
            row["urgency"],
            short_moment(row["due_at"], zone),
            row["asker"],
            row["subject"],
        )
        for row in rows
    ]
    say_table(columns, cells, none="there is no incident")


def _tell(told: dict[str, Any], zone: ZoneInfo) -> None:
    heads = [
        ("incident", f"{told['number']} ({told['status']})"),
        ("subject", told["subject"]),
        ("contract", f"{told['contract']}, {told['customer']}, {told['menu']}"),
        ("asker", f"{told['asker_name']} <{told['asker']}>"),
        ("urgency", told["urgency"]),
        ("about", ", ".join((told["scope"], *told["products"]))),
        ("assignee", told["assignee"] or "-"),
        ("received", moment(told["received_at"], zone)),
        ("due", moment(told["due_at"], zone)),
        ("acknowledged", moment(told["acknowledged_at"], zone)),
        ("turn", told["turn"]),
        ("answered", moment(told["answered_at"], zone)),
        ("answer due", moment(told["answer_due_at"], zone)),
    ]
    for name, value in heads:
        say(f"{name + ':':<14}{shown(value)}")
    for each in told["conversation"]:
        _tell_message(each, zone)
    say("")
    for each in told["events"]:
        what = f"{each['what']}: {each['detail'].splitlines()[0]}" if each["detail"] else each["what"]
        say(shown(f"{moment(each['at'], zone)}  {what} ({each['by']})"))
    for each in told["sent"]:
        when = moment(each["sent_at"], zone) if each["sent_at"] else each["state"]
        say(shown(f"{each['kind']} to {each['to']}: {when}"))


def _tell_message(each: dict[str, Any], zone: ZoneInfo) -> None:
    author = f"{each['author_name']} <{each['author_address']}>".strip()
    say("")
    how = "note" if each["direction"] == "note" else each["signal"]
    say(shown(f"--- {moment(each['at'], zone)}  {author} ({how})"))
    say("")
    say(shown_text(each["new_text"].rstrip()))
    for part in each["attachments"]:
        say(shown(f"[{part['filename'] or 'without a name'}, {part['content_type']}, {part['size']} bytes]"))
