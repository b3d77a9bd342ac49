"""Decide about kept mails: gather, decide, apply, in one transaction; a mail that breaks the program is set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

import structlog

from mailbot import faults
from mailbot.desk.content import Reading
from mailbot.desk.facts import Facts
from mailbot.desk.replies import FailedMail
from mailbot.desk.triage import Decision, triage
from mailbot.desk.verdict import Append, Bounced, ChangeRequest, Hold, Ignore, Open, Orders
from mailbot.errors import MailbotError
from mailbot.flows import answering, changes, escalation, holding, orders, staffletters
from mailbot.flows.answering import Answer, Case
from mailbot.flows.context import Context
from mailbot.flows.gather import gather, look_around
from mailbot.flows.verify import verified
from mailbot.mail.message import Message
from mailbot.sandbox import ReadingFailure
from mailbot.store import contracts, inbound, incidents, journal, outbox
from mailbot.store.engine import Connection
from mailbot.store.inbound import Outcome, Waiting

log = structlog.get_logger("mailbot")


@dataclass(frozen=True, slots=True)
class Batch:
    """Mails that nobody has decided about, oldest first, and what was read in each."""

    mails: list[Waiting]
    readings: list[Reading | ReadingFailure]


@dataclass(frozen=True, slots=True)
class Applied:
    """What is left to write once for the whole batch."""

    outcome: Outcome
    entry: journal.Entry
    answer: Answer


def take(context: Context, after: int, limit: int, max_bytes: int) -> Batch:
    """Read the oldest undecided mails behind `after`, and verify who sent them; both in limited child processes."""
    faults.hit("process.before-read")
    with context.store.read() as connection:
        mails = inbound.waiting(connection, after=after, limit=limit, max_bytes=max_bytes)
    readings = context.read([mail.raw for mail in mails]) if mails else []
    return Batch(mails, verified(context.verifier, mails, readings) if context.verifier else readings)


def decide(
    context: Context, mails: Sequence[Waiting], readings: Sequence[Reading | ReadingFailure], now: datetime
) -> None:
    """Decide about these mails in one transaction; when one breaks it, about each in its own.

    Raises StoreUnavailableError; then nothing was decided. A bug in one mail marks that mail `failed`, tells staff
    once, and stops nothing else.
    """
    try:
        _decide_together(context, mails, readings, now)
    except MailbotError:
        raise
    except Exception:  # one of them is to blame; which one, the next loop finds out
        for mail, reading in zip(mails, readings, strict=True):
            _decide_alone(context, mail, reading, now)


def _decide_alone(context: Context, mail: Waiting, reading: Reading | ReadingFailure, now: datetime) -> None:
    try:
        _decide_together(context, [mail], [reading], now)
    except MailbotError:
        raise
    except Exception as error:
        log.error("a bug", inbound=mail.id, error=f"{type(error).__name__}: {error}", exc_info=error)
        with context.store.begin() as connection:
            _set_aside(context, connection, mail, reading, f"{type(error).__name__}: {error}", now)


def _decide_together(
    context: Context, mails: Sequence[Waiting], readings: Sequence[Reading | ReadingFailure], now: datetime
) -> None:
    with context.store.begin() as connection:
        undecided = inbound.claim_processing(connection, [mail.id for mail in mails])
        around = look_around(connection, mails, [each.message for each in readings if isinstance(each, Reading)])
        applied = []
        for mail, reading in zip(mails, readings, strict=True):
            if mail.id not in undecided:
                continue
            if isinstance(reading, ReadingFailure):
                _set_aside(context, connection, mail, reading, reading.reason, now)
            else:
                applied.append(_one(Case(context, connection, around, mail, reading, now)))
        _write(connection, applied, now)
        for incident_id in (begun for each in applied for begun in each.answer.begun):
            escalation.call(context, connection, incident_id, now)
        faults.hit("process.before-commit")
    faults.hit("process.after-commit")
    for each in applied:
        _tell(each.outcome)


def _write(connection: Connection, applied: Sequence[Applied], now: datetime) -> None:
    """Write what no other mail of the batch had to see."""
    incidents.add_messages(connection, [message for each in applied for message in each.answer.messages])
    outbox.put(connection, [letter for each in applied for letter in each.answer.letters], now)
    inbound.settle(connection, [each.outcome for each in applied])
    journal.write(connection, [each.entry for each in applied])


def _one(case: Case) -> Applied:
    facts = gather(case.context, case.connection, case.around, case.mail, case.message)
    decision = triage(facts)
    faults.hit("process.before-apply")
    return _apply(case, facts, decision)


def _apply(case: Case, facts: Facts, decision: Decision) -> Applied:
    verdict, message = decision.verdict, case.message
    state, reason = "done", None
    match verdict:
        case Open():
            name, answer = "open", answering.open_incident(case, verdict)
        case Append():
            name, answer = "append", answering.append(case, verdict)
        case Hold():
            name, answer, state, reason = "hold", holding.held(case, facts, verdict), "held", verdict.reason.value
        case Ignore(ignored_for):
            name, answer, reason = "ignore", Answer(ignored_for.value, (), ()), ignored_for.value
        case Orders():
            name, answer = "orders", orders.carry_out(case, verdict)
        case ChangeRequest():
            name, answer = "change", changes.request(case, verdict)
        case Bounced():
            name, answer = "bounce", answering.bounced(case, verdict)
        case _:
            assert_never(verdict)
    evidence = [[each.check, each.saw] for each in decision.evidence]
    outcome = Outcome(
        case.mail.id,
        state,
        name,
        reason,
        evidence,
        shown_address(message),
        message.subject,
        message.message_id,
    )
    return Applied(outcome, journal.Entry(case.now, f"inbound:{case.mail.id}", name, answer.why), answer)


def shown_address(message: Message) -> str:
    """The author's address; for showing, the first of an ambiguous From will do."""
    author = message.author or next(iter(message.from_), None)
    return author.address if author else ""


def _set_aside(
    context: Context,
    connection: Connection,
    mail: Waiting,
    reading: Reading | ReadingFailure,
    error: str,
    now: datetime,
) -> None:
    if not inbound.fail(connection, mail.id, error):
        return
    subject = reading.message.subject if isinstance(reading, Reading) else ""
    journal.write(connection, [journal.Entry(now, f"inbound:{mail.id}", "failed", error)])
    shown = FailedMail(mail.id, mail.received_at, mail.sender, subject, error)
    people = contracts.all_staff(connection)
    outbox.put(connection, [staffletters.failed(context, each, shown, mail.attempts + 1, now) for each in people], now)


def _tell(outcome: Outcome) -> None:
    log.info(
        "decided",
        inbound=outcome.id,
        message_id=outcome.message_id,
        verdict=outcome.verdict,
        reason=outcome.reason,
        sender=outcome.from_address,
    )
