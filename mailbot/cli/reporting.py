"""The command report: what can be proved of a month, on the screen, as files, and as the mail to a customer?"""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from mailbot.cli.options import AsJson, ConfigFile, Opened, opened
from mailbot.cli.output import say, say_json, shown, shown_text
from mailbot.cli.reported import tell, told
from mailbot.errors import InputError, RefusedError

if TYPE_CHECKING:
    from datetime import datetime

    from mailbot.desk.contract import Language
    from mailbot.desk.month import Month
    from mailbot.desk.report import Report
    from mailbot.flows.context import Context
    from mailbot.flows.reporting import Shown
    from mailbot.flows.reportletters import Outcome
    from mailbot.store.outbox import NewLetter

Readers = Literal["contacts", "staff"]
_File = Path | None


def report(
    month: Annotated[
        str, typer.Option("--month", metavar="YYYY-MM", help="By the day of arrival, in the desk's zone.")
    ],
    contract: Annotated[
        str | None, typer.Option("--contract", metavar="N", help="Only this one; else the desk.")
    ] = None,
    csv: Annotated[_File, typer.Option("--csv", metavar="FILE", help="Write a table, one line a question.")] = None,
    bom: Annotated[bool, typer.Option("--bom", help="Begin the CSV with the mark that Excel wants.")] = False,
    html: Annotated[_File, typer.Option("--html", metavar="FILE", help="Write a page with the picture.")] = None,
    svg: Annotated[_File, typer.Option("--svg", metavar="FILE", help="Write the picture alone.")] = None,
    language: Annotated[
        Literal["ja", "en"] | None, typer.Option("--language", help="Of the files; else the contract's.")
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="Mail it to the contract's contacts, once.")] = False,
    send_to: Annotated[Readers | None, typer.Option("--send-to", help="Or to staff, who may pass it on.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Send a corrected one to who has it already.")] = False,
    so_far: Annotated[bool, typer.Option("--so-far", help="Send it although the month is not over.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Print the mail; nothing is sent.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Prove what a month's questions were promised and what became of it, for the desk or for one contract."""
    from mailbot import clock
    from mailbot.app import make_context

    now = clock.now()
    wanted = _month(month)
    readers = send_to or ("contacts" if send or preview else None)
    _check(contract, readers, again=again, so_far=so_far, bom=bom and csv is None)
    with opened(config) as desk:
        context = make_context(desk.settings, desk.store, lambda _: [])  # no mail is read to report
        found = _found(desk, context, wanted, contract, now)
        files = _files(context, found, language, csv=csv, bom=bom, html=html, svg=svg)
        outcome = None if readers is None else _mailed(context, found, readers, again, so_far, preview, now)
    if outcome is not None:
        _tell_outcome(outcome, preview=preview, as_json=as_json)
    elif as_json:
        say_json(told(found, context.desk.zone))
    elif not files:
        tell(found, desk.zone)
    for file in files if not as_json else ():
        say(f"written: {shown(str(file))}")


def _month(written: str) -> Month:
    from mailbot.desk.month import Month

    try:
        return Month.of(written.strip())
    except ValueError:
        raise InputError(f"--month {written!r} is no month: write it like 2026-10, from 1990-01 to 2200-12") from None


def _check(contract: str | None, readers: Readers | None, *, again: bool, so_far: bool, bom: bool) -> None:
    if readers == "contacts" and contract is None:
        raise InputError("a report goes to the contacts of one contract: give --contract N, or --send-to staff")
    if (again or so_far) and readers is None:
        raise InputError("--again and --so-far say how a report is sent: give --send, --send-to or --preview too")
    if bom:
        raise InputError("--bom is for the table: give --csv FILE too")


def _found(desk: Opened, context: Context, month: Month, number: str | None, now: datetime) -> Report:
    from mailbot.flows import reporting
    from mailbot.flows.registry import existing

    with desk.store.read() as connection:
        contract = None if number is None else existing(connection, number)
        return reporting.of_month(context, connection, month, contract, now)


def _files(
    context: Context,
    found: Report,
    language: Language | None,
    *,
    csv: _File,
    bom: bool,
    html: _File,
    svg: _File,
) -> list[Path]:
    from mailbot.cli.exporting import save
    from mailbot.flows.reporting import Shown

    known = context.languages
    if language is not None and language not in known:
        raise InputError(f"--language {language}: the desk speaks {', '.join(known)}: see [desk] languages")
    own = found.contract.language if found.contract else known[0]
    chosen = Shown(context, found, language or own)
    made: list[tuple[Path, Callable[[Shown], bytes]]] = []
    if csv is not None:
        made.append((csv, lambda it: it.table(bom=bom)))
    if html is not None:
        made.append((html, lambda it: it.page().encode()))
    if svg is not None:
        made.append((svg, lambda it: it.picture().encode()))
    for file, content in made:
        save(file, content(chosen))
    return [file for file, _ in made]


def _mailed(
    context: Context, found: Report, readers: Readers, again: bool, so_far: bool, preview: bool, now: datetime
) -> Outcome:
    """Look and queue in one transaction: two who send at once send it once."""
    from mailbot.flows import reportletters

    if not found.finished and not so_far:
        raise RefusedError(f"{found.month} is not over: --so-far sends what there is by now")
    with context.store.begin() as connection:
        outcome = reportletters.prepare(context, connection, found, readers, again=again, now=now)
        if not preview:
            reportletters.queue(connection, found, outcome.letters, now)
    return outcome


def _tell_outcome(outcome: Outcome, *, preview: bool, as_json: bool) -> None:
    if as_json:
        say_json(
            {
                "queued": [] if preview else [_letter(each) for each in outcome.letters],
                "would_be": [_letter(each) for each in outcome.letters] if preview else [],
                "already": list(outcome.already),
            }
        )
        return
    for letter in outcome.letters:
        if preview:
            _tell_mail(letter)
        else:
            say(shown(f"queued: {letter.subject}, to {letter.recipient}"))
    for address in outcome.already:
        say(shown(f"sent before to {address}: --again sends a corrected one"))


def _letter(letter: NewLetter) -> dict[str, str]:
    return {"to": letter.recipient, "subject": letter.subject, "key": letter.key}


def _tell_mail(letter: NewLetter) -> None:
    parsed = message_from_bytes(letter.raw, policy=policy.default)
    body = parsed.get_body(("plain",))
    say(shown(f"To: {parsed['To']}"))
    say(shown(f"Subject: {parsed['Subject']}"))
    say("")
    say(shown_text(str(body.get_content()) if body else "").rstrip())
    for part in parsed.iter_attachments():
        content = part.get_payload(decode=True)
        say(shown(f"[{part.get_filename()}, {part.get_content_type()}, {len(bytes(content))} bytes]"))
    say("")
