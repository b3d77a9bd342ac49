"""The command explain: why was this mail treated as it was?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailbot.cli.options import AsJson, ConfigFile, opened
from mailbot.cli.output import moment, picked, say, say_json, shown, shown_text
from mailbot.errors import NotFoundError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from mailbot.store.engine import Connection

Row = Mapping[Any, Any]


def explain(
    what: Annotated[str, typer.Argument(metavar="ID|MESSAGE-ID", help="As in mailbot inbound list.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Tell why a mail was treated as it was: each check, the verdict, and what followed."""
    tell(what, config, as_json=as_json, text=None)


def tell(what: str, config: Path | None, *, as_json: bool, text: str | None) -> None:
    """Explain a mail; with its text, where it is given."""
    with opened(config) as desk:
        with desk.store.read() as connection:
            told = _explained(connection, what.removeprefix("inbound:"))
        zone = desk.zone
    if text is not None:
        told |= {"text": text}
    if as_json:
        say_json(told)
    else:
        _tell(told, zone)


def _explained(connection: Connection, what: str) -> dict[str, Any]:
    from mailbot.cli.mails import inbound_row
    from mailbot.store import inbound, journal, outbox

    found = inbound.find(connection, what) or _that_caused(connection, what)
    if not found:
        raise NotFoundError(f"there is no mail {what!r}: give the id of mailbot inbound list, or a Message-ID")
    row, *others = found
    return inbound_row(row) | {
        "sender": row["sender"],
        "peer": row["envelope"].get("peer", ""),
        "size": row["size"],
        "attempts": row["attempts"],
        "error": row["error"],
        "checks": [{"check": check, "saw": saw} for check, saw in row["evidence"] or []],
        "journal": [dict(entry) for entry in journal.about(connection, f"inbound:{row['id']}")],
        "sent": [
            picked(letter, ("id", "key", "to", "subject", "state", "sent_at", "answer"))
            for letter in outbox.caused_by(connection, row["id"])
        ],
        "same_message_id": [other["id"] for other in others],
    }


def _that_caused(connection: Connection, message_id: str) -> list[Row]:
    """The mail because of which one of ours left, when it is ours that is asked about."""
    from mailbot.store import inbound, outbox

    ours = outbox.by_message_id(connection, message_id.strip().strip("<>"))
    if ours is None or ours["inbound_id"] is None:
        return []
    return [row for row in inbound.find(connection, str(ours["inbound_id"])) if row["id"] == ours["inbound_id"]]


def _tell(told: dict[str, Any], zone: ZoneInfo) -> None:
    through = f"{told['channel']}{' from ' + told['peer'] if told['peer'] else ''}"
    heads = [
        ("mail", f"inbound {told['id']}, {told['size']} bytes, {through}"),
        ("came", moment(told["received_at"], zone)),
        ("from", f"{told['from'] or '-'} (envelope: <{told['sender']}>)"),
        ("to", told["to"]),
        ("subject", told["subject"] or "-"),
        ("message-id", told["message_id"] or "-"),
        ("state", f"{told['state']}, looked at {told['attempts']} times"),
        ("verdict", " ".join(filter(None, (told["verdict"], told["reason"] and f"({told['reason']})"))) or "-"),
        ("incident", told["incident"] or "-"),
    ]
    if told["error"]:
        heads.append(("error", told["error"]))
    if told["same_message_id"]:
        heads.append(("also", f"inbound {', '.join(map(str, told['same_message_id']))}, with the same Message-ID"))
    for name, value in heads:
        say(f"{name + ':':<12}{shown(value)}")
    _tell_lists(told, zone)
    if "text" in told:
        say("")
        say(shown_text(told["text"]))


def _tell_lists(told: dict[str, Any], zone: ZoneInfo) -> None:
    parts = (
        ("checks", [f"{each['check']}: {each['saw']}" for each in told["checks"]]),
        ("journal", [f"{moment(each['at'], zone)}  {each['what']}: {each['why']}" for each in told["journal"]]),
        ("sent", [f"{each['id']}  {each['key']} to {each['to']}: {each['state']}" for each in told["sent"]]),
    )
    for name, lines in parts:
        if lines:
            say(f"{name}:")
        for line in lines:
            say(f"  {shown(line)}")
