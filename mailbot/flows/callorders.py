"""What those who answer say about an incident by mail: an answer to a call takes it, orders decide (S20, S27).

What they write besides is kept with the incident as a note. It goes to no customer.
"""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.desk import callreplies
from mailbot.desk.contract import Staff
from mailbot.desk.incident import Incident, Status, Urgency
from mailbot.desk.loops import reads_like_a_robot
from mailbot.desk.orders import Action, Found, Order, Outcome, Said
from mailbot.desk.verdict import Signal
from mailbot.flows import letters, life, urgency
from mailbot.flows.answering import Answer, Case, author_of
from mailbot.flows.askedback import may_ask_back
from mailbot.flows.gather import order_tokens
from mailbot.store import escalations, incidents, outbox
from mailbot.store.incidents import NewMessage


@dataclass(frozen=True, slots=True)
class Tied:
    """The incident that a mail to a signed address is about, if about one, and whether it answers a call."""

    incident: Incident | None
    answers_call: bool


def tied(case: Case, person: Staff) -> Tied:
    """Find out by the person's own signed address, which names the incident that it was made for; and by the letter
    of ours that is answered. Some mail programs do not say which: then whoever was called answers the call.
    """
    mine = [token for token in order_tokens(case.context, case.mail, case.message) if token.person == person.id]
    incident = next((incidents.by_id(case.connection, token.incident) for token in mine if token.incident), None)
    if incident is None:
        return Tied(None, False)
    answered = [outbox.by_message_id(case.connection, each) for each in case.message.in_reply_to[:1]]
    letter = next((row for row in answered if row is not None), None)
    if letter is None:
        return Tied(incident, person.address in escalations.called(case.connection, incident.id))
    return Tied(incident, letter["kind"] == escalations.CALL and letter["incident"] == incident.number)


def claim(case: Case, person: Staff, about: Tied, found: Found) -> tuple[Order, Outcome] | None:
    """Any answer to a call takes the incident (S27), but for that of a machine, and where nobody is called for it any
    more; None then, and where an order says it in so many words, or that nobody need be called.
    """
    decided = {order.action for order in found.orders} & {Action.TAKE, Action.NOT_URGENT}
    if about.incident is None or not about.answers_call or decided or _reads_like_a_robot(case):
        return None
    row = incidents.whole(case.connection, about.incident.id)
    if row["urgency"] == Urgency.NORMAL or row["status"] == Status.CLOSED or row["assignee_id"] == person.id:
        return None
    order = Order(next(iter(found.unclear), case.message.subject), Action.TAKE)
    return order, _take(case, person, about.incident)


def _says_take(found: Found) -> bool:
    return any(order.action is Action.TAKE for order in found.orders)


def _reads_like_a_robot(case: Case) -> bool:
    """Nobody who is away takes an urgent incident by an answering machine that does not say that it is one."""
    return reads_like_a_robot(case.message.subject, case.message.new_text, case.context.rules.robots) is not None


def one(case: Case, person: Staff, about: Tied, order: Order) -> Outcome:
    """Carry out one order about an incident: the one that it names, else the one that the mail is about."""
    incident = about.incident
    if order.incident is not None:
        incident = incidents.by_number(case.connection, order.incident)
        if incident is None:
            return Outcome(Said.NOT_FOUND, order.incident)
    if incident is None:
        return Outcome(Said.WHICH_INCIDENT)
    if order.action is Action.TAKE:
        return _take(case, person, incident)
    urgent = order.action is Action.URGENT
    return urgency.decide(case.context, case.connection, incident, person, urgent=urgent, now=case.now)


def _take(case: Case, person: Staff, incident: Incident) -> Outcome:
    return life.take(case.context, case.connection, incident, person, case.now, wrote=besides(case))


def besides(case: Case) -> str:
    """Give what a mail says beside its orders, without what it quotes."""
    rules = case.context.rules.orders
    lines = case.message.new_text.split("\n")
    return "\n".join(line for line in lines if not line.strip() or rules.order(line) is None).strip()


def note(case: Case, about: Tied) -> tuple[NewMessage, ...]:
    """Keep what a mail about an incident says beside its orders, for those who answer alone."""
    incident, message = about.incident, case.message
    if incident is None or not (besides(case) or message.attachments):
        return ()
    author = author_of(message)
    return (
        NewMessage(
            incident_id=incident.id,
            contract_id=incident.contract_id,
            inbound_id=case.mail.id,
            at=case.mail.received_at,
            written_at=message.date,
            author_name=author.name,
            author_address=author.address,
            subject=message.subject,
            text=message.text,
            new_text=message.new_text,
            signal=Signal.REPLY_ADDRESS,
            attachments=message.attachments,
            direction="note",
        ),
    )


def heard(case: Case, person: Staff) -> Answer:
    """Hear the partner (S27): an answer to a call takes that incident, and no word of theirs does anything else.
    Whatever else is named, the answer is the same: it says nothing of what there is.
    """
    incident = tied(case, person).incident
    if incident is None:
        return Answer("about nothing that there is", (), ())
    nobodys = incidents.whole(case.connection, incident.id)["assignee_id"] is None
    said = _heard(case, person, incident)
    notes = note(case, Tied(incident, answers_call=True))
    if not (nobodys and said is Said.TAKEN) and not may_ask_back(case, person.id):
        return Answer(f"{incident.number}: {said}, and not answered again", notes, ())
    number = "" if said is Said.NOT_CALLED else incident.number
    told = letters.about_incident(
        case.context,
        person,
        key=f"heard:{case.mail.id}",
        kind="claimed",
        incident=incident,
        said=callreplies.partner_told(case.context.desk, person.language, number, said.value, noted=bool(notes)),
        priority=outbox.STAFF,
        now=case.now,
        answered=case.message,
        inbound_id=case.mail.id,
    )
    return Answer(f"{incident.number}: {said}", notes, (told,))


def _heard(case: Case, person: Staff, incident: Incident) -> Said:
    found = case.context.rules.orders.find(case.message)
    row = incidents.whole(case.connection, incident.id)
    if any(order.incident not in (None, incident.number) for order in found.orders):
        return Said.NOT_CALLED
    if _reads_like_a_robot(case) and not _says_take(found):
        return Said.KEPT
    if row["urgency"] == Urgency.NORMAL and row["assignee_id"] is None:
        return Said.CALLED_OFF
    return _take(case, person, incident).said
