"""What follows from a verdict: the incident's rows, the acknowledgement, the word to staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot.desk import replies, wanted
from mailbot.desk.content import Content, Reading
from mailbot.desk.contract import AskerKind, Contract, Language, Menu, Staff
from mailbot.desk.incident import Incident, Urgency
from mailbot.desk.lateness import HALF
from mailbot.desk.orders import Proposal, Step
from mailbot.desk.promise import Sold, promise_of
from mailbot.desk.scope import Scope
from mailbot.desk.sla import Due, first_response, part_of_window
from mailbot.desk.urgency import Urgency as Assessment
from mailbot.desk.verdict import Append, Bounced, Open, Signal
from mailbot.desk.wanted import Asked
from mailbot.flows import answerclocks, callletters, decisions, escalation, letters, life, staffletters
from mailbot.flows.answerclocks import Begun
from mailbot.flows.context import Context
from mailbot.flows.gather import Surroundings
from mailbot.mail.address import normalise
from mailbot.mail.message import Mailbox, Message
from mailbot.mail.thread import base_subject
from mailbot.mail.token import token_in_message_id
from mailbot.store import calendars, equipment, incidents, outbox, participants
from mailbot.store.engine import Connection
from mailbot.store.inbound import Waiting
from mailbot.store.incidents import NewIncident, NewMessage
from mailbot.store.outbox import NewLetter

_MOST_IN_COPY = 50
_TIME_TO_LEAVE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Case:
    """One mail on its way through: what was kept, what was read in it, and the tools to act."""

    context: Context
    connection: Connection
    around: Surroundings
    mail: Waiting
    reading: Reading
    now: datetime

    @property
    def message(self) -> Message:
        """What the mail says."""
        return self.reading.message


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows from a mail, to be written with the rest of its batch: why, its message, and letters of ours; and
    for which incidents people are to be called.
    """

    why: str
    messages: tuple[NewMessage, ...]
    letters: tuple[NewLetter, ...]
    begun: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _First:
    """What must be known of a first mail: its clocks, what it follows, and what the customer is asked for."""

    due: Due
    begun: Begun
    former: str | None
    asked: Asked


def open_incident(case: Case, verdict: Open) -> Answer:
    """Accept a question: the incident, its first message, the acknowledgement (S19) and the word to staff."""
    content = case.reading.content
    menu = case.context.rules.service.menus[verdict.contract.menu]
    due = first_response(
        menu, case.context.rules.calendars, received_at=case.mail.received_at, urgent=content.urgency.urgent
    )
    begun = answerclocks.begin(case.context, menu, case.mail.received_at, urgent=content.urgency.urgent)
    language = content.language or verdict.contract.language  # S15
    incident = _write_incident(case, verdict, content, due, begun, language)
    first = _First(due, begun, verdict.former.number if verdict.former else None, _asked(case, verdict.contract))
    said = _acknowledgement(case, verdict, incident, first, language)
    ours = _acknowledge(case, verdict, incident, said)
    _refer(case, incident, ours.message_id)
    told = _tell_staff(case, incident, verdict.contract, content, first)
    why = f"{incident.number}: {'; '.join(due.steps)}"
    return Answer(why, (_message(case, incident, Signal.NONE),), (ours, *told), _begin_calls(case, incident, content))


def _begin_calls(case: Case, incident: Incident, content: Content) -> tuple[int, ...]:
    """Whatever counts as urgent is called out at once, in the time that is covered (S17, S21)."""
    urgency = _urgency(content.urgency)
    if urgency is Urgency.NORMAL:
        return ()
    callletters.remember_evidence(case.connection, incident, urgency, content.urgency.evidence, case.now)
    escalation.start(case.context, case.connection, incident, case.now)
    return (incident.id,)


def _asked(case: Case, contract: Contract) -> Asked:
    content, rules = case.reading.content, case.context.rules
    machines = equipment.of(case.connection, contract.id) if content.missing else ()
    return wanted.asked(content.missing, content.scope, machines, rules.scope, rules.wanted)


def _acknowledge(case: Case, verdict: Open, incident: Incident, said: replies.Acknowledgement) -> NewLetter:
    return letters.acknowledgement(
        case.context,
        incident=incident,
        asker=verdict.asker,
        said=said,
        answered=case.message,
        inbound_id=case.mail.id,
        now=case.now,
    )


def append(case: Case, verdict: Append) -> Answer:
    """Put more into an incident that is there, let in whom its asker admits, and tell staff."""
    life.customer_wrote(
        case.context, case.connection, verdict.incident, author_of(case.message).address, case.mail.received_at
    )
    _refer(case, verdict.incident)
    for address in verdict.admits:
        decisions.admit(case.connection, verdict.incident.id, address, by=verdict.asker.address, now=case.now)
    told = _tell_staff(case, verdict.incident, verdict.contract, case.reading.content, None)
    message = _message(case, verdict.incident, verdict.signal)
    return Answer(f"{verdict.incident.number} by {verdict.signal}", (message,), told)


def bounced(case: Case, verdict: Bounced) -> Answer:
    """Tell staff when a mail of ours did not arrive for good; a delay is only written down."""
    letter = outbox.by_message_id(case.connection, verdict.original) if verdict.original else None
    if letter is None:
        return Answer("no mail of ours", (), ())
    told: list[NewLetter] = []
    if verdict.permanent and letter["audience"] != "staff":
        recipients = case.message.bounce.recipients if case.message.bounce else ()
        reason = "; ".join(f"{each.status} {each.diagnostic}".strip() for each in recipients) or "returned"
        lost = staffletters.Lost(
            letter["id"], letter["key"], letter["incident"], letter["to"], letter["subject"], reason
        )
        told = [staffletters.undelivered(case.context, each, lost, case.now) for each in case.around.staff.values()]
    return Answer(f"outbox {letter['id']} to {letter['to']}", (), tuple(told))


def _write_incident(
    case: Case, verdict: Open, content: Content, due: Due, begun: Begun, language: Language
) -> Incident:
    contract, former = verdict.contract, verdict.former
    menu = case.context.rules.service.menus[contract.menu]
    edition = calendars.keep(case.connection, due.hours, since=case.mail.received_at, until=due.due_at, now=case.now)
    new = NewIncident(
        contract_id=contract.id,
        asker_id=verdict.asker.id,
        urgency=_urgency(content.urgency),
        language=language,
        subject=case.message.subject,
        base_subject=base_subject(case.message.subject),
        scope=content.scope.coverage.value,
        products=content.scope.products,
        received_at=case.mail.received_at,
        due_at=due.due_at,
        former_id=former.id if former else None,
        inbound_id=case.mail.id,
        menu=menu.key,
        edition=edition,
        response_minutes=menu.first_response_minutes,
        starts_at=due.starts_at,
        page_at=_first_page(case, menu, urgent=content.urgency.urgent),
        answers=begun.answers,
        answer_due_at=begun.due_at,
        remind_at=begun.remind_at,
    )
    return incidents.open_incident(case.connection, new, year=case.context.day(case.mail.received_at).year)


def _first_page(case: Case, menu: Menu, *, urgent: bool) -> datetime:
    """When half of the window is over; of a mail that lay here for as long, once its acknowledgement could leave."""
    calendars, came = case.context.rules.calendars, case.mail.received_at
    half = part_of_window(menu, calendars, received_at=came, urgent=urgent, percent=HALF)
    return max(half, case.now + _TIME_TO_LEAVE)


def _message(case: Case, incident: Incident, signal: Signal) -> NewMessage:
    author = author_of(case.message)
    return NewMessage(
        incident_id=incident.id,
        contract_id=incident.contract_id,
        inbound_id=case.mail.id,
        at=case.mail.received_at,
        written_at=case.message.date,
        author_name=author.name,
        author_address=author.address,
        subject=case.message.subject,
        text=case.message.text,
        new_text=case.message.new_text,
        signal=signal,
        attachments=case.message.attachments,
    )


def _refer(case: Case, incident: Incident, *ours: str) -> None:
    """Remember the ids by which later mails may find this incident, those of mails never seen here too (ghosts)."""
    message = case.message
    seen = [each for each in (message.message_id, *ours) if each]
    named = dict.fromkeys((*message.in_reply_to, *message.references))
    # The id of a letter of ours belongs to the incident that the letter is about, whoever else answers it.
    ghosts = [each for each in named if each not in seen and not token_in_message_id(each, case.context.domain)]
    incidents.refer(case.connection, incident, seen=seen, ghosts=ghosts)
    participants.see(case.connection, incident, _in_copy(case), case.now)


def _in_copy(case: Case) -> list[Mailbox]:
    """Who else is in To and Cc: they are written down and get nothing (only the asker is answered)."""
    found: dict[str, Mailbox] = {}
    for box in (*case.message.to, *case.message.cc)[:_MOST_IN_COPY]:
        try:
            address = normalise(box.address)
        except ValueError:
            continue
        ours = address in case.around.staff or address in case.around.partners
        if case.context.addresses.purpose(address) is None and not ours:
            found.setdefault(address, Mailbox(box.name, address))
    return list(found.values())


def _acknowledgement(
    case: Case, verdict: Open, incident: Incident, first: _First, language: Language
) -> replies.Acknowledgement:
    contract, content, rules = verdict.contract, case.reading.content, case.context.rules
    menus, urgent = rules.service.menus, content.urgency.urgent
    sold = Sold(menus[contract.menu], tuple(menus.values()), rules.calendars)
    return replies.Acknowledgement(
        language=language,
        contract=contract,
        menu=sold.menu,
        incident_number=incident.number,
        recipient_name=verdict.asker.name,
        to_list=verdict.asker.kind is AskerKind.LIST,
        subject=case.message.subject,
        products=_products(case, content.scope),
        missing=wanted.lines(first.asked, language, rules.wanted),
        registered=first.asked.registered,
        urgent=urgent,
        urgent_doubtful=content.urgency.doubtful,
        promise=promise_of(
            sold,
            first.due,
            first.begun.promised,
            received_at=case.mail.received_at,
            urgent=urgent,
            language=language,
            now=case.now,
        ),
        due=first.due.due_at,
        former_number=first.former,
    )


def _tell_staff(
    case: Case, incident: Incident, contract: Contract, content: Content, first: _First | None
) -> tuple[NewLetter, ...]:
    return tuple(
        staffletters.question(
            case.context,
            person,
            incident=incident,
            said=_question(case, person, incident, contract, content, first),
            inbound_id=case.mail.id,
            now=case.now,
        )
        for person in case.around.staff.values()
    )


def _question(
    case: Case,
    person: Staff,
    incident: Incident,
    contract: Contract,
    content: Content,
    first: _First | None,
) -> replies.Question:
    message = case.message
    through = message.mailing_list
    return replies.Question(
        language=person.language,
        is_new=first is not None,
        incident_number=incident.number,
        former_number=first.former if first else None,
        contract=contract,
        menu=case.context.rules.service.menus[contract.menu],
        author=author_of(message),
        through_list=(through.post_address or through.list_id) if through else None,
        subject=message.subject,
        urgent=content.urgency.urgent,
        urgent_doubtful=content.urgency.doubtful,
        evidence=content.urgency.evidence,
        lacking=content.urgency.lacking,
        scope=content.scope.coverage.value,
        scope_reason=content.scope.reason,
        missing=wanted.titles(first.asked, person.language, case.context.rules.wanted) if first else (),
        received_at=case.mail.received_at,
        due=first.due.due_at if first else None,
        new_text=content.text,
        attachments=message.attachments,
        orders=_asked_back(case, person, incident) if content.urgency.doubtful else (),
    )


def _asked_back(case: Case, person: Staff, incident: Incident) -> tuple[Proposal, ...]:
    rules = case.context.rules.orders
    return rules.about_incident(person.language, incident.number, Step.URGENT, Step.NOT_URGENT)


def author_of(message: Message) -> Mailbox:
    """Who really wrote: behind a list that puts its own address in From, it is the list's author."""
    if message.mailing_list and message.mailing_list.author:
        return message.mailing_list.author
    return message.author or Mailbox("", "")


def _urgency(assessed: Assessment) -> Urgency:
    if not assessed.urgent:
        return Urgency.NORMAL
    return Urgency.DOUBTFUL if assessed.doubtful else Urgency.URGENT


def _products(case: Case, scope: Scope) -> tuple[str, ...]:
    titles = {product.key: product.title for product in case.context.rules.scope.products}
    versions = {seen.product: seen.version for seen in reversed(scope.versions)}
    return tuple(f"{titles[key]} {versions.get(key, '')}".strip() for key in scope.products)
