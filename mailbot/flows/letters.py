"""Turn what is to be said into finished mails for the outbox. Every mail of mailbot is made here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from mailbot.desk import notices, reminding, replies
from mailbot.desk.contract import Asker, AskerKind, Contract, Language, Role, Staff
from mailbot.desk.incident import Incident
from mailbot.desk.routes import Way
from mailbot.flows.context import Context
from mailbot.mail.address import normalise
from mailbot.mail.compose import Audience, AutoSubmitted, Draft, Enclosed, compose, references_of_reply
from mailbot.mail.message import Mailbox, Message
from mailbot.mail.token import Token, mint, own_message_id, reply_address
from mailbot.store import access, outbox
from mailbot.store.outbox import NewLetter

if TYPE_CHECKING:
    from mailbot.flows.paging import Alarm

_MAY_GO_AGAIN = frozenset(
    {
        "acknowledgement",
        "question",
        "digest",
        "failed",
        "undelivered",
        "contract-ended",
        "joining",
        "alarm",
        "reminder",
        "transcript",
        "change",
        "change-received",
        "change-form",
        "change-done",
        "change-declined",
        "change-waiting",
        "registered",
        "unregistered",
        "welcome",
        "term-ended",
        "report",
        "neutral",
        "call",
        "claimed",
        "urgency",
    }
)
"""Kinds of letters that go out again, with the same Message-ID, when nobody knows whether the relay took them."""

_ORDERS_LAST = timedelta(days=30)


class Answered(Protocol):
    """What is known of a mail that a letter of ours answers: its ids (RFC 5322 §3.6.4)."""

    @property
    def message_id(self) -> str | None:
        """Its own."""

    @property
    def in_reply_to(self) -> tuple[str, ...]:
        """What it answers itself."""

    @property
    def references(self) -> tuple[str, ...]:
        """Its forebears, oldest first."""


@dataclass(frozen=True, slots=True)
class Parent:
    """A mail of which no more is at hand than its Message-ID."""

    message_id: str
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A mail of ours that did not arrive, and why."""

    outbox_id: int
    key: str
    incident_number: str | None
    recipient: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Place:
    """What a letter belongs to, and how it leaves."""

    key: str
    kind: str
    audience: Audience
    priority: int
    auto_submitted: AutoSubmitted
    incident: Incident | None
    inbound_id: int | None
    due_at: datetime | None
    envelope_sender: str
    contract_id: int | None = None
    orders_of: Staff | None = None
    answers_to: str = ""
    enclosed: tuple[Enclosed, ...] = ()
    way: Way = "first"


def acknowledgement(
    context: Context,
    *,
    incident: Incident,
    asker: Asker,
    said: replies.Acknowledgement,
    answered: Message,
    inbound_id: int,
    now: datetime,
) -> NewLetter:
    """The first response to a question (S19), once an incident; from the null path, so that nothing can answer it."""
    place = _Place(
        key=f"ack:{incident.id}",
        kind="acknowledgement",
        audience="list" if asker.kind is AskerKind.LIST else "customer",
        priority=outbox.URGENT if said.urgent else outbox.ACKNOWLEDGEMENT,
        auto_submitted="auto-replied",  # RFC 3834 §5
        incident=incident,
        inbound_id=inbound_id,
        due_at=said.due,
        envelope_sender="",  # RFC 3834 §3.3
    )
    return _letter(
        context, place, replies.acknowledged(context.desk, said), Mailbox(asker.name, asker.address), answered, now
    )


def question(
    context: Context,
    person: Staff,
    *,
    incident: Incident,
    said: replies.Question,
    inbound_id: int,
    now: datetime,
) -> NewLetter:
    """Tell one of staff that a customer wrote. Where it asks how urgent that is, the answer may hold orders."""
    place = _for_staff(
        context,
        key=f"question:{inbound_id}:{person.id}",
        kind="question",
        incident=incident,
        inbound_id=inbound_id,
        orders_of=person if said.orders else None,
    )
    return _letter(context, place, replies.question(context.desk, said), _mailbox(person), None, now)


def to_asker(
    context: Context, asker: Asker, *, key: str, kind: str, incident: Incident, said: replies.Wording, now: datetime
) -> NewLetter:
    """Write to the asker of an incident what a person has decided about it."""
    place = _Place(
        key=key,
        kind=kind,
        audience="list" if asker.kind is AskerKind.LIST else "customer",
        priority=outbox.ANSWER,
        auto_submitted="auto-generated",
        incident=incident,
        inbound_id=None,
        due_at=None,
        envelope_sender=context.addresses.bounce,
    )
    return _letter(context, place, said, Mailbox(asker.name, asker.address), None, now)


def about_incident(
    context: Context,
    person: Staff,
    *,
    key: str,
    kind: str,
    incident: Incident,
    said: replies.Wording,
    priority: int,
    now: datetime,
    answered: Message | None = None,
    inbound_id: int | None = None,
) -> NewLetter:
    """Write to one of staff, or to the partner, about an incident; the answer may hold orders about it."""
    place = replace(
        _for_staff(
            context,
            key=f"{key}:{person.id}",
            kind=kind,
            incident=incident,
            inbound_id=inbound_id,
            orders_of=person,
            to_reply=answered is not None,
        ),
        audience="staff" if person.role is Role.STAFF else "stranger",
        priority=priority,
    )
    return _letter(context, place, said, _mailbox(person), answered, now)


def contract_ended(
    context: Context,
    asker: Asker,
    contract: Contract,
    language: Language,
    answered: Message,
    inbound_id: int,
    now: datetime,
) -> NewLetter:
    """Tell an asker, once a term and address, that the contract has ended and how it goes on (S24)."""
    place = _Place(
        key=f"ended:{contract.id}:{contract.ends_on}:{asker.address}",
        kind="contract-ended",
        audience="customer",
        priority=outbox.STAFF,
        auto_submitted="auto-replied",
        incident=None,
        inbound_id=inbound_id,
        due_at=None,
        envelope_sender="",
        contract_id=contract.id,
    )
    said = replies.contract_ended(context.desk, language, contract, asker.name, answered.subject)
    return _letter(context, place, said, Mailbox(asker.name, asker.address), answered, now)


def joining(
    context: Context,
    asker: Asker,
    incident: Incident,
    said: replies.Joining,
    inbound_id: int,
    now: datetime,
) -> NewLetter:
    """Ask the asker of an incident, once, whether somebody from its Cc may join."""
    place = _Place(
        key=joining_key(incident.id, normalise(said.newcomer.address)),
        kind="joining",
        audience="list" if asker.kind is AskerKind.LIST else "customer",
        priority=outbox.STAFF,
        auto_submitted="auto-generated",
        incident=incident,
        inbound_id=inbound_id,
        due_at=None,
        envelope_sender="",
    )
    return _letter(context, place, replies.joining(context.desk, said), Mailbox(asker.name, asker.address), None, now)


def neutral(
    context: Context,
    to: Mailbox,
    said: replies.Wording,
    *,
    answered: Parent | None,
    inbound_id: int,
    due_at: datetime | None,
    now: datetime,
) -> NewLetter:
    """Tell a registered person, once a day, that a mail came in their name (`desk.neutral`); no first response (S19).

    It belongs to no contract: whose the mail is, nobody has said yet.
    """
    place = _Place(
        key=neutral_key(to.address, context.day(now)),
        kind="neutral",
        audience="customer",
        priority=outbox.ANSWER,
        auto_submitted="auto-replied",
        incident=None,
        inbound_id=inbound_id,
        due_at=due_at,
        envelope_sender="",
    )
    return _letter(context, place, said, to, answered, now)


def neutral_key(address: str, day: date) -> str:
    """Name the one neutral letter of a day to the person with this address, normalised."""
    return f"neutral:{address}:{day}"


def joining_key(incident_id: int, address: str) -> str:
    """Name the one letter that asks whether the person at this address, normalised, may join this incident."""
    return f"joining:{incident_id}:{address}"


def about_contract(
    context: Context,
    *,
    key: str,
    kind: str,
    audience: Audience,
    contract: Contract,
    to: Mailbox,
    said: replies.Wording,
    answers_to: str,
    answered: Message | None,
    inbound_id: int | None,
    now: datetime,
) -> NewLetter:
    """Write to somebody of a contract about what is registered with it. An answer to a mail leaves from the null path;
    any other letter may bounce, and then staff hear of it.
    """
    place = _Place(
        key=key,
        kind=kind,
        audience=audience,
        priority=outbox.STAFF,
        auto_submitted="auto-replied" if answered else "auto-generated",
        incident=None,
        inbound_id=inbound_id,
        due_at=None,
        envelope_sender="" if answered else context.addresses.bounce,
        contract_id=contract.id,
        answers_to=answers_to,
    )
    return _letter(context, place, said, to, answered, now)


def to_staff(
    context: Context,
    person: Staff,
    *,
    key: str,
    kind: str,
    said: replies.Wording,
    inbound_id: int | None,
    now: datetime,
) -> NewLetter:
    """Tell one of staff something that belongs to no incident."""
    place = _for_staff(
        context, key=f"{key}:{person.id}", kind=kind, incident=None, inbound_id=inbound_id, orders_of=person
    )
    return _letter(context, place, said, _mailbox(person), None, now)


def held(context: Context, person: Staff, mails: Sequence[replies.HeldMail], now: datetime) -> NewLetter:
    """Tell one of staff which mails wait for a person; the answer may hold orders. A letter about one mail belongs to
    it, so that an order that answers it need not name it.
    """
    newest = max(mail.id for mail in mails)
    place = _for_staff(
        context,
        key=f"held:{newest}:{person.id}:{now:%Y%m%dT%H%M%S}",
        kind="digest",
        incident=None,
        inbound_id=newest if len(mails) == 1 else None,
        orders_of=person,
    )
    return _letter(context, place, replies.held(context.desk, person.language, mails), _mailbox(person), None, now)


def alarm_of(context: Context, person: Staff, alarm: Alarm, now: datetime) -> NewLetter:
    """Tell one of staff, before everything else, what must not be missed."""
    place = _for_alarm(context, alarm, str(person.id), person)
    return _letter(context, place, alarm.say(person.language), _mailbox(person), None, now)


def alarm_elsewhere(context: Context, address: str, alarm: Alarm, now: datetime) -> NewLetter:
    """Tell a normalised address that was configured for alarms; it is of nobody of staff, so it orders nothing."""
    place = _for_alarm(context, alarm, address, None)
    return _letter(context, place, alarm.say(context.alarms.language), Mailbox("", address), None, now)


def _for_alarm(context: Context, alarm: Alarm, whom: str, orders_of: Staff | None) -> _Place:
    place = _for_staff(
        context,
        key=f"alarm:{alarm.key}:{whom}",
        kind="alarm",
        incident=alarm.incident,
        inbound_id=alarm.inbound_id,
        orders_of=orders_of,
    )
    return replace(place, priority=outbox.URGENT, way=alarm.way)


def reminder(
    context: Context, person: Staff, about: str, owed: Sequence[reminding.DueAnswer], now: datetime
) -> NewLetter:
    """Remind one of staff of the answers that are due."""
    key = f"reminder:{about}:{now:%Y%m%dT%H%M%S}:{person.id}"
    place = _for_staff(context, key=key, kind="reminder", incident=None, inbound_id=None)
    said = reminding.reminder(context.desk, person.language, owed)
    return _letter(context, place, said, _mailbox(person), None, now)


def transcript(
    context: Context, person: Staff, said: replies.Transcript, answered: Message, inbound_id: int, now: datetime
) -> NewLetter:
    """Tell one of staff, once a mail, what became of the orders in it."""
    key = f"transcript:{inbound_id}"
    place = _for_staff(
        context, key=key, kind="transcript", incident=None, inbound_id=inbound_id, orders_of=person, to_reply=True
    )
    return _letter(context, place, replies.transcript(context.desk, said), _mailbox(person), answered, now)


def failed(context: Context, person: Staff, mail: replies.FailedMail, attempt: int, now: datetime) -> NewLetter:
    """Tell one of staff, once, that a mail broke the program."""
    place = _for_staff(
        context, key=f"failed:{mail.id}:{attempt}:{person.id}", kind="failed", incident=None, inbound_id=mail.id
    )
    return _letter(context, place, replies.failed(context.desk, person.language, mail), _mailbox(person), None, now)


def undelivered(context: Context, person: Staff, lost: Lost, now: datetime) -> NewLetter:
    """Tell one of staff that a mail of ours did not arrive."""
    what = replies.UndeliveredLetter(
        lost.outbox_id, lost.key, lost.incident_number, lost.recipient, lost.subject, lost.reason, now
    )
    place = _for_staff(
        context, key=f"undelivered:{lost.outbox_id}:{person.id}", kind="undelivered", incident=None, inbound_id=None
    )
    return _letter(
        context, place, replies.undelivered(context.desk, person.language, what), _mailbox(person), None, now
    )


def welcome(context: Context, said: notices.Welcome, now: datetime) -> NewLetter:
    """Guide somebody of a contract, once ever (S22). It comes back to us when it cannot arrive: staff are told then."""
    place = _Place(
        key=access.guide_key(said.contract.id, said.recipient.address),
        kind="welcome",
        audience="list" if said.asker is not None and said.asker.kind is AskerKind.LIST else "customer",
        priority=outbox.NOTICE,
        auto_submitted="auto-generated",
        incident=None,
        inbound_id=None,
        due_at=None,
        envelope_sender=context.addresses.bounce,
        contract_id=said.contract.id,
    )
    return _letter(context, place, notices.welcome(context.desk, said), said.recipient, None, now)


def term_ended(context: Context, person: Staff, said: notices.TermEnded, now: datetime) -> NewLetter:
    """Tell one of staff, once a last day, that a contract has ended (S24)."""
    place = _for_staff(
        context,
        key=f"term-ended:{said.contract.id}:{said.ended_on}:{person.id}",
        kind="term-ended",
        incident=None,
        inbound_id=None,
    )
    return _letter(context, place, notices.term_ended(context.desk, person.language, said), _mailbox(person), None, now)


def report(
    context: Context,
    *,
    key: str,
    audience: Audience,
    contract_id: int | None,
    to: Mailbox,
    said: replies.Wording,
    enclosed: Sequence[Enclosed],
    now: datetime,
) -> NewLetter:
    """Send the monthly proof to one reader. It comes back to us when it cannot arrive: staff are told then."""
    place = _Place(
        key=key,
        kind="report",
        audience=audience,
        priority=outbox.NOTICE,
        auto_submitted="auto-generated",
        incident=None,
        inbound_id=None,
        due_at=None,
        envelope_sender=context.addresses.bounce,
        contract_id=contract_id,
        enclosed=tuple(enclosed),
    )
    return _letter(context, place, said, to, None, now)


def _for_staff(
    context: Context,
    *,
    key: str,
    kind: str,
    incident: Incident | None,
    inbound_id: int | None,
    orders_of: Staff | None = None,
    to_reply: bool = False,
) -> _Place:
    """`orders_of` is the one whose answer to this letter may hold orders."""
    return _Place(
        key=key,
        kind=kind,
        audience="staff",
        priority=outbox.STAFF,
        auto_submitted="auto-replied" if to_reply else "auto-generated",
        incident=incident,
        inbound_id=inbound_id,
        due_at=None,
        envelope_sender=context.addresses.bounce,
        orders_of=orders_of,
    )


def _letter(
    context: Context,
    place: _Place,
    wording: replies.Wording,
    recipient: Mailbox,
    answered: Answered | None,
    now: datetime,
) -> NewLetter:
    rendered = context.templates.render(wording.language, wording.template, wording.variables)
    number = place.incident.id if place.incident else 0
    token = mint(context.keys, Token("message", number, 0, None))
    message_id = own_message_id(context.keys, place.key, token, context.domain)
    draft = Draft(
        audience=place.audience,
        sender=Mailbox(context.desk.name, context.desk.address),
        recipient=recipient,
        reply_to=_reply_to(context, place, recipient, now),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=message_id,
        date=now.astimezone(context.desk.zone),
        in_reply_to=answered.message_id if answered else None,
        references=_references(answered),
        auto_submitted=place.auto_submitted,
        language=wording.language,
        enclosed=place.enclosed,
    )
    return NewLetter(
        key=place.key,
        kind=place.kind,
        audience=place.audience,
        contract_id=place.incident.contract_id if place.incident else place.contract_id,
        incident_id=place.incident.id if place.incident else None,
        inbound_id=place.inbound_id,
        message_id=message_id,
        sender=place.envelope_sender,
        recipient=recipient.address,
        subject=rendered.subject,
        raw=compose(draft),
        priority=place.priority,
        resend=place.kind in _MAY_GO_AGAIN,
        due_at=place.due_at,
        way=place.way,
    )


def _reply_to(context: Context, place: _Place, recipient: Mailbox, now: datetime) -> Mailbox | None:
    """Answers of a customer come back to the incident by a signed address (architecture: order of signals), those of a
    list's members through the list: alone they have no right (S8). Orders of one of staff come by an address that is
    theirs alone and does not last (attack row 10), and that names the incident which the letter is about.
    """
    if place.orders_of is not None:
        expires_on = context.day(now) + _ORDERS_LAST
        about = place.incident.id if place.incident else 0
        token = mint(context.keys, Token("desk", about, place.orders_of.id, expires_on))
        return Mailbox(context.desk.name, reply_address(context.addresses.staff, token))
    if place.answers_to:
        return Mailbox(context.desk.name, place.answers_to)
    if place.audience == "staff" or place.incident is None:
        return None
    if place.audience == "list":
        return recipient
    token = mint(context.keys, Token("reply", place.incident.id, 0, None))
    return Mailbox(context.desk.name, reply_address(context.addresses.support, token))


def _references(answered: Answered | None) -> tuple[str, ...]:
    if answered is None or answered.message_id is None:
        return ()
    return references_of_reply(answered.references, answered.in_reply_to, answered.message_id)


def _mailbox(person: Staff) -> Mailbox:
    return Mailbox(person.name, person.address)
