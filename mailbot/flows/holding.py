"""What follows when a mail waits for a person: its clock runs on, and those who may know are told."""

from __future__ import annotations

from datetime import datetime

from mailbot.desk import replies
from mailbot.desk.calendar import add_covered
from mailbot.desk.contract import AskerKind, Language, Menu
from mailbot.desk.verdict import Hold, HoldReason
from mailbot.flows import letters
from mailbot.flows.answering import Answer, Case
from mailbot.mail.message import Mailbox
from mailbot.store import holds, pulses
from mailbot.store.holds import NewHold
from mailbot.store.outbox import NewLetter

_EXCERPT_LINES = 15
_LONGEST_EXCERPT = 1_500


def held(case: Case, verdict: Hold) -> Answer:
    """Keep the mail with its clock; tell its writer or an asker only where that gives nothing away (S24, S28)."""
    holds.put(case.connection, [_clock(case, verdict)])
    return Answer(verdict.reason.value, (), _told(case, verdict))


def _clock(case: Case, verdict: Hold) -> NewHold:
    """It may be a question: then this would be its window. Without a contract the shortest window counts."""
    menus = case.context.rules.service.menus
    likely = [menus[verdict.contract.menu]] if verdict.contract else list(menus.values())
    windows = [_window(case, menu) for menu in likely]
    due_at, alarm_at = min(windows)
    return NewHold(
        inbound_id=case.mail.id,
        held_at=case.now,
        due_at=due_at,
        alarm_at=alarm_at,
        contract_id=verdict.contract.id if verdict.contract else None,
        incident_id=verdict.incident.id if verdict.incident else None,
        author_name=case.message.author.name if case.message.author else "",
        excerpt=_excerpt(case.reading.content.text),
    )


def _excerpt(text: str) -> str:
    """So much that a person can decide; all of it stands in the kept mail."""
    lines = [line.rstrip() for line in text[:_LONGEST_EXCERPT].strip().split("\n")]
    return "\n".join(lines[:_EXCERPT_LINES])


def _window(case: Case, menu: Menu) -> tuple[datetime, datetime]:
    name = menu.urgent_coverage if case.reading.content.urgency.urgent else menu.coverage
    calendar = case.context.rules.calendars[name]
    minutes = menu.first_response_minutes
    came = case.mail.received_at
    return add_covered(calendar, came, minutes), add_covered(calendar, came, minutes // 2)


def _told(case: Case, verdict: Hold) -> tuple[NewLetter, ...]:
    match verdict.reason:
        case HoldReason.ENDED:
            return _contract_ended(case, verdict)
        case HoldReason.PARTICIPANT:
            return _joining(case, verdict)
        case _:
            return ()


def _contract_ended(case: Case, verdict: Hold) -> tuple[NewLetter, ...]:
    """Only to the registered person: a list or anybody else would learn what is not theirs."""
    contract, asker = verdict.contract, verdict.asker
    if contract is None or asker is None or asker.kind is not AskerKind.PERSON:
        return ()
    if pulses.in_doubt(case.connection, case.now):  # the term may be running still; the mail waits for a person
        return ()
    language = case.reading.content.language or contract.language
    return (letters.contract_ended(case.context, asker, contract, language, case.message, case.mail.id, case.now),)


def _joining(case: Case, verdict: Hold) -> tuple[NewLetter, ...]:
    contract, asker, incident = verdict.contract, verdict.asker, verdict.incident
    if contract is None or asker is None or asker.removed or incident is None:
        return ()
    author = case.message.author or Mailbox("", "")
    language: Language = contract.language
    said = replies.Joining(language, incident.number, asker.name, contract.customer, author, incident.base_subject)
    return (letters.joining(case.context, asker, incident, said, case.mail.id, case.now),)
