"""How does the demo look? Tables of incidents and of mails, and mails as a person reads them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mailbot.cli.demo.seen import Seen, SeenIncident, SeenMail
from mailbot.cli.output import shown, shown_text
from mailbot.desk.contract import Language
from mailbot.desk.moments import moment
from mailbot.mail.message import Mailbox, Message

T = TypeVar("T")

WIDTH = 100
_URGENCY = {"urgent": ("urgent", "bold red"), "doubtful": ("urgent?", "bold yellow")}
_DECISION = {"open": "green", "append": "cyan", "hold": "yellow", "ignore": "dim", "failed": "bold red"}


def screen(seen: Seen, about: Mapping[str, str], now: datetime, zone: ZoneInfo, height: int | None) -> RenderableType:
    """Both tables; only the newest rows where `height` lines do not hold all. `about`: Message-ID → what is special."""
    mails, opened = seen.mails, seen.incidents
    if height is not None:
        mails = mails[-max(4, (height - 8) // 3) :]
        opened = opened[-max(2, (height - 10 - len(mails)) // 2) :]
    tables = Group(
        _incidents(opened, _title("Incidents", opened, seen.incidents), now, zone),
        Text(),
        _mails(mails, _title("Mails that came in", mails, seen.mails), about, cut=height is not None),
    )
    return Constrain(tables, WIDTH)


def _title(words: str, rows: tuple[T, ...], all_: tuple[T, ...]) -> str:
    return words if len(rows) == len(all_) else f"{words} (the newest {len(rows)} of {len(all_)})"


def _table(title: str) -> Table:
    return Table(
        title=Text(title, "bold"),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
        pad_edge=False,
        header_style="dim",
        expand=True,
    )


def _incidents(rows: tuple[SeenIncident, ...], title: str, now: datetime, zone: ZoneInfo) -> Table:
    table = _table(title)
    table.add_column("Incident, contract", no_wrap=True, min_width=18)
    table.add_column("Asker, subject", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("Urgency", no_wrap=True, min_width=7)
    table.add_column("Due", no_wrap=True, min_width=26)
    table.add_column("Acknowledged", no_wrap=True, min_width=12)
    for each in rows:
        table.add_row(
            Text(f"{each.number}\n") + Text(f"{each.contract} {each.menu}", "dim"),
            Text(f"{shown(each.asker)}\n") + Text(shown(each.subject) or "(no subject)", "dim"),
            Text(*_URGENCY.get(each.urgency, (each.urgency, ""))),
            Text(f"{moment(each.due_at, 'en', zone)}\n") + _countdown(each, now),
            _acknowledged(each),
        )
    return table


def _countdown(incident: SeenIncident, now: datetime) -> Text:
    late = incident.due_at < now
    words = f"{span(abs(incident.due_at - now))} ago" if late else f"in {span(incident.due_at - now)}"
    return Text(words, "bold red" if late and incident.acknowledged_at is None else "dim")


def span(length: timedelta) -> str:
    """`0.08 s`, `2.1 s`, `29 min 41 s`, `35 h 12 min`, `3 d 4 h`."""
    seconds = length.total_seconds()
    if seconds < 10:
        return f"{seconds:.{2 if seconds < 1 else 1}f} s"
    minutes, hours, days = int(seconds // 60), int(seconds // 3600), length.days
    if not minutes:
        return f"{int(seconds)} s"
    if not hours:
        return f"{minutes} min {int(seconds) % 60} s"
    return f"{hours} h {minutes % 60} min" if days < 3 else f"{days} d {hours % 24} h"


def _acknowledged(incident: SeenIncident) -> Text:
    if incident.acknowledged_at is None:
        return Text("not yet", "yellow")
    return Text(f"after {span(incident.acknowledged_at - incident.received_at)}", "green")


def _mails(rows: tuple[SeenMail, ...], title: str, about: Mapping[str, str], *, cut: bool) -> Table:
    table = _table(title)
    table.add_column("#", justify="right", no_wrap=True, min_width=2)
    table.add_column("From", no_wrap=True, overflow="ellipsis", max_width=24)
    table.add_column("Mail", no_wrap=True, overflow="ellipsis", min_width=13, max_width=16)
    table.add_column("What was decided, and why", no_wrap=cut, overflow="ellipsis" if cut else "fold", ratio=1)
    for each in rows:
        special = about.get(each.message_id or "", "by hand")
        table.add_row(str(each.id), Text(shown(each.writer)), Text(special), _decision(each))
    return table


def _decision(mail: SeenMail) -> Text:
    if mail.state == "failed":
        return Text("Failed: mailbot could not read it; staff are told", _DECISION["failed"])
    if not mail.decision:
        return Text("not yet", "yellow")
    name = mail.decision.partition(" ")[0]
    words = f"{mail.decision} {mail.incident or ''}".strip()
    # Nothing twice: the incident's number, or a reason and the field of that name.
    why = mail.why.partition(" ties it to ")[0] if mail.incident else ": ".join(dict.fromkeys(mail.why.split(": ")))
    return Text.assemble((words[:1].upper() + words[1:], _DECISION.get(name, "")), f": {shown(why)}" if why else "")


def letter(message: Message, title: str, language: Language, zone: ZoneInfo) -> RenderableType:
    """A mail as a mail program shows it."""
    head = Table.grid(padding=(0, 2))
    head.add_column(style="dim")
    head.add_column(overflow="fold")
    head.add_row("From", Text(", ".join(_mailbox(each) for each in message.from_)))
    head.add_row("To", Text(", ".join(_mailbox(each) for each in message.to)))
    head.add_row("Subject", Text(shown(message.subject), "bold"))
    if message.date is not None:
        head.add_row("Date", moment(message.date, language, zone))
    body = Group(head, Text(""), Text(shown_text(message.text.strip())))
    framed = Panel(body, title=Text(title, "bold"), title_align="left", border_style="blue", padding=(0, 1))
    return Constrain(framed, WIDTH)


def _mailbox(mailbox: Mailbox) -> str:
    return shown(f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address)
