"""What can be proved of a month, for a contract or for the desk: as values, as a page, as a table? (S16–S20)"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from mailbot.desk import reportpicture, reporttable, reportwords
from mailbot.desk.calendar import Calendar
from mailbot.desk.contract import Contract, Language, Menu
from mailbot.desk.editions import calendar_of
from mailbot.desk.incident import Status, Urgency
from mailbot.desk.month import Month
from mailbot.desk.report import Asked, Kept, Report, Window, report, used_of_window
from mailbot.desk.sla import first_response
from mailbot.errors import RefusedError
from mailbot.flows.context import Context
from mailbot.mail.outgoing import without
from mailbot.store import contracts, reports
from mailbot.store.engine import Connection

_PAGE, _PICTURE = "report.html", "report.svg"
_VERDICTS = {"in time": Kept.IN_TIME, "late": Kept.LATE}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2

Row = Mapping[Any, Any]


def of_month(
    context: Context, connection: Connection, month: Month, contract: Contract | None, now: datetime
) -> Report:
    """Count a month, of one contract or of the whole desk. Raises RefusedError for a month that has not begun.

    That of a contract may be shown to its people: it holds nothing of another one and nobody of staff, not even where a
    customer wrote an address of theirs into a subject.
    """
    since, before = month.begins(context.desk.zone), month.ends(context.desk.zone)
    if now < since:
        raise RefusedError(f"{month} has not begun")
    wanted = contract.id if contract else None
    rows = reports.received(connection, since=since, before=before, contract_id=wanted)
    done = _by_incident(reports.answers(connection, since=since, before=before, contract_id=wanted))
    known = contracts.by_ids(connection, sorted({row["contract_id"] for row in rows})) if rows else {}
    around = _Month(
        context=context,
        titles={product.key: product.title for product in context.rules.scope.products},
        hidden=[person.address for person in contracts.everybody(connection)] if contract else [],
        kept=_kept_calendars(connection, rows),
        ends_at=before,
        now=now,
    )
    asked = [_asked(around, row, known[row["contract_id"]], done.get(row["id"], ())) for row in rows]
    return report(month, contract, asked, as_of=now, finished=now >= before)


@dataclass(frozen=True, slots=True)
class _Month:
    """What every question of the month is looked at with: titles of products by key, what nobody may see, and the
    calendars by which clocks were set, by fingerprint.
    """

    context: Context
    titles: Mapping[str, str]
    hidden: Sequence[str]
    kept: Mapping[str, Calendar]
    ends_at: datetime
    now: datetime


def _kept_calendars(connection: Connection, rows: Iterable[Row]) -> dict[str, Calendar]:
    contents = reports.editions(connection, {row["edition"] for row in rows if row["edition"]})
    return {fingerprint: calendar_of(content) for fingerprint, content in contents.items()}


def _by_incident(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["incident_id"], []).append(row)
    return found


def _asked(month: _Month, row: Row, contract: Contract, done: Sequence[Row]) -> Asked:
    context = month.context
    menu = context.rules.service.menus.get(row["menu"] or contract.as_of(context.day(row["received_at"])).menu)
    return Asked(
        number=row["number"],
        contract=row["contract"],
        customer=row["customer"],
        subject=without(row["subject"], month.hidden),
        urgency=Urgency(row["urgency"]),
        scope=row["scope"],
        products=tuple(month.titles.get(key, key) for key in row["products"]),
        menu=menu.key if menu else row["menu"] or "",
        received_at=row["received_at"],
        due_at=row["due_at"],
        acknowledged_at=row["acknowledged_at"],
        window=_window(month, row, menu),
        answer=_answer(row, done, month.now),
        answered_at=row["answered_at"],
        closed=_closed(row, done, month.ends_at),
    )


def _window(month: _Month, row: Row, menu: Menu | None) -> Window | None:
    """As it was set when the question came; for questions older than such notes, as the menu sets it, if that leads to
    the same due time.
    """
    minutes, starts_at = row["response_minutes"], row["starts_at"]
    if (minutes is None or starts_at is None) and menu is not None:
        due = first_response(
            menu, month.context.rules.calendars, received_at=row["received_at"], urgent=row["urgency"] != Urgency.NORMAL
        )
        if due.due_at == row["due_at"]:
            minutes, starts_at = menu.first_response_minutes, due.starts_at
    if not minutes or starts_at is None:
        return None
    length = timedelta(minutes=minutes)
    used = row["acknowledged_at"] and used_of_window(
        _calendars(month, row, menu),
        length=length,
        received_at=row["received_at"],
        starts_at=starts_at,
        due_at=row["due_at"],
        responded_at=row["acknowledged_at"],
    )
    return Window(length, starts_at, used)


def _calendars(month: _Month, row: Row, menu: Menu | None) -> Iterator[Calendar]:
    """The one by which the window was counted, as it was then; for questions older than such notes, and beyond the
    years that it was kept for, those of the menu now.
    """
    if row["edition"] in month.kept:
        yield month.kept[row["edition"]]
    if menu is not None:
        names = (menu.coverage, menu.urgent_coverage)
        for name in names if row["urgency"] == Urgency.NORMAL else reversed(names):
            yield month.context.rules.calendars[name]


def _answer(row: Row, done: Sequence[Row], now: datetime) -> Kept | None:
    """What was written down when it was answered or closed, a verdict that no later change touches; until then, the due
    time. None where no answer was sold by its time.
    """
    for event in done:
        verdict = next((kept for word, kept in _VERDICTS.items() if event["detail"].endswith(word)), None)
        if verdict is not None or event["what"] == "answered":
            return verdict
    if row["answered_at"] is not None or row["answer_due_at"] is None or row["status"] == Status.CLOSED:
        return None
    return Kept.PENDING if now <= row["answer_due_at"] else Kept.LATE


def _closed(row: Row, done: Sequence[Row], ends: datetime) -> bool:
    """One that was closed before such events were written down counts as closed."""
    closed_at = next((event["at"] for event in done if event["what"] == "closed"), None)
    return bool(row["status"] == Status.CLOSED if closed_at is None else closed_at < ends)


@dataclass(frozen=True, slots=True)
class Shown:
    """A report as it is shown in one language."""

    context: Context
    report: Report
    language: Language

    @property
    def menu(self) -> str:
        """The title of the contract's menu as of the month's last day; empty for the desk's own report."""
        contract, month = self.report.contract, self.report.month
        if contract is None:
            return ""
        menu = self.context.rules.service.menus.get(contract.as_of(month.last).menu)
        return menu.title[self.language] if menu else contract.menu

    def page(self) -> str:
        """Give the whole page, with its style and picture inside: it needs nothing else."""
        told = reportwords.told_of(
            self.context.desk, self.language, self.report, self.menu, most=reportwords.MOST_ON_PAGE
        )
        return self._filled(_PAGE, told)

    def picture(self) -> str:
        """Give the picture alone, as an SVG."""
        told = reportwords.told_of(self.context.desk, self.language, self.report, self.menu, most=0)
        return self._filled(_PICTURE, told)

    def table(self, *, bom: bool) -> bytes:
        """Give the CSV."""
        words = self.context.templates.words[self.language]
        menus = {key: menu.title[self.language] for key, menu in self.context.rules.service.menus.items()}
        return reporttable.csv_of(self.report, words, menus, self.context.desk.zone, bom=bom)

    def _filled(self, name: str, told: Mapping[str, object]) -> str:
        drawn = asdict(reportpicture.picture(self.report, self.context.desk.zone))
        return _NOT_XML.sub(
            "\ufffd", self.context.templates.page(self.language, name, {"report": told, "picture": drawn})
        )
