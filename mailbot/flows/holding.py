"""What follows when a mail waits for a person: its clock runs on, and those who may know are told."""

from __future__ import annotations

from datetime import datetime

from mailbot.desk import neutral, replies
from mailbot.desk.contract import AskerKind, Language, Menu
from mailbot.desk.facts import Facts
from mailbot.desk.lateness import HALF, NEUTRAL, WHOLE, Window
from mailbot.desk.loops import reads_like_a_robot
from mailbot.desk.sla import part_of_window
from mailbot.desk.verdict import Hold, HoldReason
from mailbot.flows import letters
from mailbot.flows.answering import Answer, Case
from mailbot.mail.message import Mailbox, Trust
from mailbot.store import holds, pulses
from mailbot.store.holds import NewHold
from mailbot.store.outbox import NewLetter

_EXCERPT_LINES = 15
_LONGEST_EXCERPT = 1_500


def held(case: Case, facts: Facts, verdict: Hold) -> Answer:
    """Keep the mail with its clock; tell its writer or an asker only where that gives nothing away (S24, S28)."""
    holds.put(case.connection, [_clock(case, facts, verdict)])
    return Answer(verdict.reason.value, (), _told(case, verdict))


def _clock(case: Case, facts: Facts, verdict: Hold) -> NewHold:
    """It may be a question: then this would be its window, and of several the shortest."""
    calendars = case.context.rules.calendars
    window, menu = min(((_window(case, menu), menu) for menu in _likely(case, facts, verdict)), key=_by_end)
    told = _tells(case, facts, verdict)
    return NewHold(
        inbound_id=case.mail.id,
        held_at=case.now,
        due_at=window.due_at,
        alarm_at=window.passes(calendars, HALF),
        neutral_at=window.passes(calendars, NEUTRAL) if told else None,
        menu=menu.key,
        urgent=window.urgent,
        proven=facts.trust is Trust.AUTHENTICATED,
        contract_id=verdict.contract.id if verdict.contract else None,
        incident_id=verdict.incident.id if verdict.incident else None,
        author_name=case.message.author.name if case.message.author else "",
        excerpt=_excerpt(case.reading.content.text),
    )


def _excerpt(text: str) -> str:
    """So much that a person can decide; all of it stands in the kept mail."""
    lines = [line.rstrip() for line in text[:_LONGEST_EXCERPT].strip().split("\n")]
    return "\n".join(lines[:_EXCERPT_LINES])


def _likely(case: Case, facts: Facts, verdict: Hold) -> list[Menu]:
    """The menus under which it may be a question: those of the contracts that it may mean, all where none is known."""
    menus = case.context.rules.service.menus
    if verdict.contract is None:
        return list(menus.values())
    others = facts.registrations if verdict.reason is HoldReason.WHICH_CONTRACT else ()
    keys = [verdict.contract.menu, *(each.contract.menu for each in others if each.contract.in_term(facts.today))]
    return [menus[key] for key in dict.fromkeys(keys)]


def _window(case: Case, menu: Menu) -> Window:
    came, urgent = case.mail.received_at, case.reading.content.urgency.urgent
    calendars = case.context.rules.calendars
    return Window(menu, urgent, came, part_of_window(menu, calendars, received_at=came, urgent=urgent, percent=WHOLE))


def _by_end(likely: tuple[Window, Menu]) -> datetime:
    return likely[0].due_at


def _tells(case: Case, facts: Facts, verdict: Hold) -> bool:
    """Say whether its writer hears that it is here, should nobody decide in time (`desk.neutral`)."""
    if not neutral.RULES[verdict.reason].tells:
        return False
    if reads_like_a_robot(case.message.subject, case.reading.content.text, case.context.rules.robots) is not None:
        return False  # it would answer that letter, too
    return neutral.is_told(facts.author, facts.registrations, facts.contact_of, facts.today)


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
