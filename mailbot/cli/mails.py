"""The commands inbound and outbox: which mails came in, which are to leave, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailbot.cli import redecoding
from mailbot.cli.options import LONGEST_ID, AsJson, ConfigFile, Limit, RowId, group, opened
from mailbot.cli.output import moment, picked, say, say_json, short_moment, shown, shown_text, write_bytes
from mailbot.errors import NotFoundError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

inbound = group("Mails that came in.")
outbox = group("Mails that are to leave, or left.")

_IN_A_TABLE = 50
_OUTBOX_KEYS = ("id", "key", "to", "subject", "state", "attempts", "next_attempt_at", "sent_at", "due_at")
Row = Mapping[Any, Any]


class InboundState(StrEnum):
    """What can become of a mail that came in."""

    NEW = "new"
    DONE = "done"
    HELD = "held"
    FAILED = "failed"
    DROPPED = "dropped"


class OutboxState(StrEnum):
    """What can become of a mail that is to leave."""

    READY = "ready"
    CLAIMED = "claimed"
    IN_DOUBT = "in_doubt"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    DROPPED = "dropped"


@inbound.command("list")
def inbound_list(
    states: Annotated[
        list[InboundState] | None,
        typer.Option("--state", help="Only in this state; may be given again."),
    ] = None,
    limit: Limit = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """List the mails that came in, newest first."""
    from mailbot.store import inbound

    with opened(config) as desk:
        with desk.store.read() as connection:
            rows = inbound.listed(connection, states=states or [], limit=_most(limit, as_json=as_json))
        zone = desk.zone
    if as_json:
        say_json([inbound_row(row) for row in rows])
    else:
        _tell_inbound(rows, zone)


@inbound.command("show")
def inbound_show(number: RowId, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show a mail that came in: what it says, and what became of it."""
    from mailbot.cli.explaining import tell
    from mailbot.mail.reading import read

    raw = _raw(number, config)
    tell(str(number), config, as_json=as_json, text=read(raw).text)


@inbound.command("raw")
def inbound_raw(number: RowId, config: ConfigFile = None) -> None:
    """Write a mail to standard output, byte for byte as it came."""
    write_bytes(_raw(number, config))


@inbound.command("retry")
def inbound_retry(number: RowId, config: ConfigFile = None) -> None:
    """Let a failed, held or rejected mail be looked at again."""
    from mailbot import clock
    from mailbot.flows.retry import retry_inbound

    with opened(config) as desk:
        retry_inbound(desk.store, number, clock.now())
    say(f"inbound mail {number} will be looked at again")


inbound.command("redecode")(redecoding.redecode)


@outbox.command("list")
def outbox_list(
    states: Annotated[
        list[OutboxState] | None,
        typer.Option("--state", help="Only in this state; may be given again."),
    ] = None,
    limit: Limit = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """List the mails that are to leave or left, newest first."""
    from mailbot.store import outbox

    with opened(config) as desk:
        with desk.store.read() as connection:
            rows = outbox.listed(connection, states=states or [], limit=_most(limit, as_json=as_json))
        zone = desk.zone
    if as_json:
        say_json([picked(row, _OUTBOX_KEYS) for row in rows])
    else:
        _tell_outbox(rows, zone)


@outbox.command("show")
def outbox_show(number: RowId, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show a mail of the desk, and what the relay said to it."""
    from mailbot.mail.reading import read
    from mailbot.store import outbox

    with opened(config) as desk:
        with desk.store.read() as connection:
            row = outbox.by_id(connection, number)
            raw = outbox.raw(connection, number)
        zone = desk.zone
    if row is None or raw is None:
        raise NotFoundError(f"there is no outgoing mail {number}: see mailbot outbox list")
    more = ("kind", "audience", "message_id", "incident", "created_at", "answer")
    told = picked(row, (*_OUTBOX_KEYS, *more)) | {"text": read(raw).text}
    if as_json:
        say_json(told)
    else:
        _tell_letter(told, zone)


@outbox.command("retry")
def outbox_retry(number: RowId, config: ConfigFile = None) -> None:
    """Send a failed, held or doubtful mail again, with the same Message-ID."""
    from mailbot import clock
    from mailbot.flows.retry import retry_outbox

    with opened(config) as desk:
        retry_outbox(desk.store, number, clock.now())
    say(f"outgoing mail {number} will be sent again")


def inbound_row(row: Row) -> dict[str, Any]:
    """What is told of a mail that came in."""
    return {
        "id": row["id"],
        "channel": row["channel"],
        "received_at": row["received_at"],
        "from": row["from_address"] or row["sender"],
        "to": ", ".join(row["recipients"].split("\n")),
        **picked(row, ("subject", "message_id", "state", "verdict", "reason", "incident", "due_at")),
    }


def _most(limit: int | None, *, as_json: bool) -> int:
    return limit or (LONGEST_ID if as_json else _IN_A_TABLE)


def _raw(number: int, config: Any) -> bytes:
    from mailbot.store import inbound

    with opened(config) as desk, desk.store.read() as connection:
        raw = inbound.raw(connection, number)
    if raw is None:
        raise NotFoundError(f"there is no inbound mail {number}: see mailbot inbound list")
    return raw


def _tell_inbound(rows: Sequence[Row], zone: ZoneInfo) -> None:
    from mailbot.cli.tables import Column, say_table

    columns = (
        Column("ID", right=True),
        Column("DOOR"),
        Column("CAME"),
        Column("STATE"),
        Column("DUE"),
        Column("VERDICT", cut=True),
        Column("INCIDENT"),
        Column("FROM", cut=True),
        Column("SUBJECT", cut=True),
    )
    cells = [
        (
            row["id"],
            row["channel"],
            short_moment(row["received_at"], zone),
            row["state"],
            short_moment(row["due_at"], zone) if row["due_at"] else "",
            row["reason"] or row["verdict"] or "",
            row["incident"] or "",
            row["from_address"] or row["sender"],
            row["subject"],
        )
        for row in rows
    ]
    say_table(columns, cells, none="no mail came in")


def _tell_outbox(rows: Sequence[Row], zone: ZoneInfo) -> None:
    from mailbot.cli.tables import Column, say_table

    columns = (
        Column("ID", right=True),
        Column("KEY", cut=True),
        Column("STATE"),
        Column("TRIES", right=True),
        Column("NEXT"),
        Column("SENT"),
        Column("TO", cut=True),
        Column("SUBJECT", cut=True),
    )
    cells = [
        (
            row["id"],
            row["key"],
            row["state"],
            row["attempts"],
            short_moment(None if row["state"] in ("sent", "failed") else row["next_attempt_at"], zone),
            short_moment(row["sent_at"], zone),
            row["to"],
            row["subject"],
        )
        for row in rows
    ]
    say_table(columns, cells, none="no mail is to leave")


def _tell_letter(told: dict[str, Any], zone: ZoneInfo) -> None:
    heads = [
        ("outgoing", f"{told['id']} ({told['state']}), {told['key']}"),
        ("to", f"{told['to']} ({told['audience']})"),
        ("subject", told["subject"]),
        ("message-id", told["message_id"]),
        ("incident", told["incident"] or "-"),
        ("written", moment(told["created_at"], zone)),
        ("sent", moment(told["sent_at"], zone)),
        ("due", moment(told["due_at"], zone)),
        ("tries", str(told["attempts"])),
        ("relay", told["answer"] or "-"),
    ]
    for name, value in heads:
        say(f"{name + ':':<12}{shown(value)}")
    say("")
    say(shown_text(told["text"]))
