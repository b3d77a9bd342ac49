"""Which mails do customers get, and how does each leave?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from mailbot.desk import notices, replies
from mailbot.desk.contract import Asker, AskerKind, Contract, Language, Role, Staff
from mailbot.desk.incident import Incident
from mailbot.flows.context import Context
from mailbot.flows.posting import Place, for_staff, letter_of, mailbox_of
from mailbot.mail.address import normalise
from mailbot.mail.compose import Audience, Enclosed
from mailbot.mail.message import Mailbox, Message
from mailbot.store import access, outbox
from mailbot.store.outbox import NewLetter


@dataclass(frozen=True, slots=True)
class Parent:
    """A mail of which no more is at hand than its Message-ID."""

    message_id: str
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


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
    place = Place(
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
    return letter_of(
        context, place, replies.acknowledged(context.desk, said), Mailbox(asker.name, asker.address), answered, now
    )


def to_asker(
    context: Context, asker: Asker, *, key: str, kind: str, incident: Incident, said: replies.Wording, now: datetime
) -> NewLetter:
    """Write to the asker of an incident what a person has decided about it."""
    place = Place(
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
    return letter_of(context, place, said, Mailbox(asker.name, asker.address), None, now)


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
        for_staff(
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
    return letter_of(context, place, said, mailbox_of(person), answered, now)


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
    place = Place(
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
    return letter_of(context, place, said, Mailbox(asker.name, asker.address), answered, now)


def joining(
    context: Context,
    asker: Asker,
    incident: Incident,
    said: replies.Joining,
    inbound_id: int,
    now: datetime,
) -> NewLetter:
    """Ask the asker of an incident, once, whether somebody from its Cc may join."""
    place = Place(
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
    return letter_of(context, place, replies.joining(context.desk, said), Mailbox(asker.name, asker.address), None, now)


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
    place = Place(
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
    return letter_of(context, place, said, to, answered, now)


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
    place = Place(
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
    return letter_of(context, place, said, to, answered, now)


def welcome(context: Context, said: notices.Welcome, now: datetime) -> NewLetter:
    """Guide somebody of a contract, once ever (S22). It comes back to us when it cannot arrive: staff are told then."""
    place = Place(
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
    return letter_of(context, place, notices.welcome(context.desk, said), said.recipient, None, now)


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
    place = Place(
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
    return letter_of(context, place, said, to, None, now)
