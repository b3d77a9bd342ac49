"""Who gets the monthly proof by mail: a contract's contacts, or staff, who may pass it on? Once, unless corrected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Literal

from mailbot.desk import reportwords
from mailbot.desk.contract import AskerKind, Language
from mailbot.desk.replies import Wording
from mailbot.desk.report import Report
from mailbot.desk.reportwords import Addressee
from mailbot.errors import RefusedError
from mailbot.flows import letters
from mailbot.flows.context import Context
from mailbot.flows.reporting import Shown
from mailbot.mail.compose import Audience, Enclosed
from mailbot.mail.message import Mailbox
from mailbot.store import contracts, journal, outbox
from mailbot.store.engine import Connection
from mailbot.store.outbox import NewLetter

Readers = Literal["contacts", "staff"]

_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """The letters that were queued, or would be, and the addresses that have had theirs before."""

    letters: tuple[NewLetter, ...]
    already: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    """One who is to have the report, and by which key it is known that they had it."""

    key: str
    audience: Audience
    box: Mailbox
    language: Language


def prepare(
    context: Context, connection: Connection, found: Report, readers: Readers, *, again: bool, now: datetime
) -> Outcome:
    """Write the letters to those who have not had theirs; `again` writes them a corrected one. Nothing is queued yet.

    Raises RefusedError when there is nobody to write to.
    """
    people = list(_readers(context, connection, found, readers))
    if not people:
        raise RefusedError(_nobody(found, readers))
    made: list[NewLetter] = []
    already: list[str] = []
    for reader in people:
        had = outbox.has(connection, reader.key)
        if had and not again:
            already.append(reader.box.address)
        else:
            made.append(_letter(context, connection, found, reader, corrected=had, now=now))
    return Outcome(tuple(made), tuple(already))


def queue(connection: Connection, found: Report, made: Sequence[NewLetter], now: datetime) -> None:
    """Let the letters leave, and write down that they do."""
    outbox.put(connection, made, now)
    subject = f"contract:{found.contract.id}" if found.contract else "desk"
    why = "the report of {} to {}"
    journal.write(
        connection,
        [journal.Entry(now, subject, "report", why.format(found.month, letter.recipient)) for letter in made],
    )


def _readers(context: Context, connection: Connection, found: Report, readers: Readers) -> Iterator[_Reader]:
    """One that is not finished yet is another letter every day, and keeps nobody from having the finished one."""
    contract = found.contract
    month = str(found.month) if found.finished else f"{found.month}:{context.day(found.as_of)}"
    if readers == "contacts" and contract is not None:
        lists = {each.address for each in contracts.askers(connection, contract.id) if each.kind is AskerKind.LIST}
        for row in contracts.contacts(connection, contract.id):
            box = Mailbox(row["name"], row["address"])
            audience: Audience = "list" if box.address in lists else "customer"
            yield _Reader(f"report:{contract.id}:{month}:{box.address}", audience, box, contract.language)
    elif readers == "staff":
        for person in contracts.all_staff(connection):
            whose, language = (contract.id, contract.language) if contract else ("desk", person.language)
            box = Mailbox(person.name, person.address)
            yield _Reader(f"report-draft:{whose}:{month}:{person.id}", "staff", box, language)


def _nobody(found: Report, readers: Readers) -> str:
    if readers == "staff":
        return "nobody is registered as staff: mailbot staff add 'Name <address>'"
    number = found.contract.number if found.contract else ""
    return f"contract {number} has no contact to send to: mailbot contract edit {number} --add-contact 'Name <address>'"


def _letter(
    context: Context, connection: Connection, found: Report, reader: _Reader, *, corrected: bool, now: datetime
) -> NewLetter:
    shown = Shown(context, found, reader.language)
    return letters.report(
        context,
        key=_key(connection, reader.key) if corrected else reader.key,
        audience=reader.audience,
        contract_id=found.contract.id if found.contract else None,
        to=reader.box,
        said=_wording(context, shown, reader, corrected=corrected),
        enclosed=_enclosed(shown),
        now=now,
    )


def _key(connection: Connection, key: str) -> str:
    """The first of `…:2`, `…:3` that no letter has yet."""
    return next(each for n in count(2) if not outbox.has(connection, each := f"{key}:{n}"))


def _wording(context: Context, shown: Shown, reader: _Reader, *, corrected: bool) -> Wording:
    to = Addressee(reader.box.name, corrected=corrected, draft=reader.audience == "staff")
    if shown.report.contract is None:
        return reportwords.staff_report(context.desk, shown.language, shown.report, to)
    return reportwords.contact_report(context.desk, shown.language, shown.report, shown.menu, to)


def _enclosed(shown: Shown) -> tuple[Enclosed, ...]:
    """The page, and the table for a spreadsheet, which may be Excel: it needs the mark of UTF-8."""
    name = file_name(shown.report)
    return (
        Enclosed(f"{name}.html", "text/html", shown.page().encode()),
        Enclosed(f"{name}.csv", "text/csv", shown.table(bom=True)),
    )


def file_name(found: Report) -> str:
    """`report-2026-10-C-001`, in ASCII: a number in other letters is left out."""
    number = _NOT_IN_NAME.sub("-", found.contract.number).strip("-.")[:_LONGEST_NAME] if found.contract else ""
    return f"report-{found.month}" + (f"-{number}" if number else "")
