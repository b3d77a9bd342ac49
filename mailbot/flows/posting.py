"""How is what is to be said made a finished mail for the outbox? Every mail of mailbot is made here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from mailbot.desk import replies
from mailbot.desk.contract import Staff
from mailbot.desk.incident import Incident
from mailbot.desk.routes import Way
from mailbot.flows.context import Context
from mailbot.mail.compose import Audience, AutoSubmitted, Draft, Enclosed, compose, references_of_reply
from mailbot.mail.message import Mailbox
from mailbot.mail.token import Token, mint, own_message_id, reply_address
from mailbot.store import outbox
from mailbot.store.outbox import NewLetter

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
class Place:
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


def for_staff(
    context: Context,
    *,
    key: str,
    kind: str,
    incident: Incident | None,
    inbound_id: int | None,
    orders_of: Staff | None = None,
    to_reply: bool = False,
) -> Place:
    """`orders_of` is the one whose answer to this letter may hold orders."""
    return Place(
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


def letter_of(
    context: Context,
    place: Place,
    wording: replies.Wording,
    recipient: Mailbox,
    answered: Answered | None,
    now: datetime,
) -> NewLetter:
    """Write the letter to the last byte, with its signed addresses and ids. `answered` is the mail that it answers."""
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


def _reply_to(context: Context, place: Place, recipient: Mailbox, now: datetime) -> Mailbox | None:
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


def mailbox_of(person: Staff) -> Mailbox:
    """Give the address of one of those who answer."""
    return Mailbox(person.name, person.address)
