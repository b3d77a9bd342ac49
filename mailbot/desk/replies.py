"""What does each letter of the desk say? Values → which template, in which language, with which words filled in. Pure.

Templates get strings, booleans and lists of them, nothing else: all that came from outside is one line, cut to length,
but for the new text of a question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from mailbot.desk.contract import Contract, Language, Menu
from mailbot.desk.moments import moment, size
from mailbot.desk.orders import Order, Outcome, Proposal
from mailbot.desk.promise import Promise, variables_of_promise
from mailbot.mail.fields import one_line
from mailbot.mail.message import Attachment, Mailbox

_LONGEST_LINE = 200
_MOST_ROWS = 100  # of a digest; a storm of strangers must not become a storm of text
_MOST_EXCERPTS = 20
_MOST_UNCLEAR = 10
_LONGEST_TEXT = 60_000  # what staff get by mail; all of it stays with the incident
_TAG = re.compile(r"\[INC-\d{4}-\d+\] ?")
_REPLY_PREFIX = re.compile(r"(?:re|aw|sv|返信|回答)(?:\[\d{1,3}\]|\^?\d{1,3})? ?[:：] ?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who writes: the desk's name and how it is reached. `phone` may be empty; `url` leads to the terms (S29)."""

    name: str
    address: str
    phone: str
    phone_hours: str
    url: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Wording:
    """A template, a language, and what to fill in."""

    template: str
    language: Language
    variables: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The first response to a question (S19–S21). `products` are titles, with a version where one was seen.

    `missing` is what is asked for, and `registered` what is known of the contract's machines, in words. `due` is when
    this letter must be gone; `former_number` is the closed incident that this one goes on from (S6).
    """

    language: Language
    contract: Contract
    menu: Menu
    incident_number: str
    recipient_name: str
    to_list: bool
    subject: str
    products: tuple[str, ...]
    missing: tuple[str, ...]
    registered: tuple[str, ...]
    urgent: bool
    urgent_doubtful: bool
    promise: Promise
    due: datetime
    former_number: str | None


def acknowledged(desk: Desk, what: Acknowledgement) -> Wording:
    """The letter to the asker, or to the list that the asker stands for."""
    zone = what.contract.zone(desk.zone)
    promised = variables_of_promise(what.promise, what.language, zone=zone, desk_zone=desk.zone)
    variables = (
        variables_of(desk)
        | promised
        | {
            "customer": line(what.contract.customer),
            "recipient_name": line(what.recipient_name),
            "to_list": what.to_list,
            "incident_number": what.incident_number,
            "former_number": what.former_number or "",
            "contract_number": line(what.contract.number),
            "menu": what.menu.title[what.language],
            "cluster": line(what.contract.cluster),
            "subject": bare_subject(what.subject),
            "products": [line(product) for product in what.products],
            "missing": list(what.missing),
            "registered": [line(each) for each in what.registered],
            "urgent": what.urgent,
            "urgent_doubtful": what.urgent_doubtful,
        }
    )
    return Wording("asker-acknowledged", what.language, variables)


@dataclass(frozen=True, slots=True)
class Question:
    """What staff must know of a mail that joined an incident. `scope` is a key, `scope_reason` words of the rules.

    `lacking` are the conditions of S20, by key, that a doubtful question does not show, and `orders` are lines to
    answer with then: a person must say how urgent it is.

    `is_new` is false for a customer's reply in an open incident. `missing` is what a first mail does not bring, in
    words. `due` is None once the first response is given.
    """

    language: Language
    is_new: bool
    incident_number: str
    former_number: str | None
    contract: Contract
    menu: Menu
    author: Mailbox
    through_list: str | None
    subject: str
    urgent: bool
    urgent_doubtful: bool
    evidence: tuple[str, ...]
    lacking: tuple[str, ...]
    scope: str
    scope_reason: str
    missing: tuple[str, ...]
    received_at: datetime
    due: datetime | None
    new_text: str
    attachments: tuple[Attachment, ...]
    orders: tuple[Proposal, ...] = ()


def question(desk: Desk, what: Question) -> Wording:
    """The letter to staff with a new question or a customer's reply."""
    variables = variables_of(desk) | {
        "is_new": what.is_new,
        "incident_number": what.incident_number,
        "former_number": what.former_number or "",
        "contract_number": line(what.contract.number),
        "customer": line(what.contract.customer),
        "menu": what.menu.title[what.language],
        "cluster": line(what.contract.cluster),
        "author": written(what.author),
        "through_list": line(what.through_list or ""),
        "subject": bare_subject(what.subject),
        "urgent": what.urgent,
        "urgent_doubtful": what.urgent_doubtful,
        "evidence": [line(piece) for piece in what.evidence],
        "lacking": list(what.lacking),
        "scope": what.scope,
        "scope_reason": line(what.scope_reason),
        "missing": list(what.missing),
        "received_at": moment(what.received_at, what.language, desk.zone),
        "due": "" if what.due is None else moment(what.due, what.language, desk.zone),
        "new_text": what.new_text[:_LONGEST_TEXT].strip("\n"),
        "text_cut": len(what.new_text) > _LONGEST_TEXT,
        "attachments": [f"{line(each.filename)} ({each.content_type}, {size(each.size)})" for each in what.attachments],
        "orders": [{"line": line(order.line), "key": order.step.value} for order in what.orders],
    }
    return Wording("staff-question", what.language, variables)


def contract_ended(desk: Desk, language: Language, contract: Contract, name: str, subject: str) -> Wording:
    """The one kind letter to an asker who writes after the contract's end: that it ended, and how it goes on (S24)."""
    variables = variables_of(desk) | {
        "customer": line(contract.customer),
        "recipient_name": line(name),
        "contract_number": line(contract.number),
        "ended_on": contract.ends_on.isoformat() if contract.ends_on else "",
        "subject": bare_subject(subject),
    }
    return Wording("asker-contract-ended", language, variables)


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody who was in Cc wrote to an incident, and only its asker or staff can admit them."""

    language: Language
    incident_number: str
    recipient_name: str
    customer: str
    newcomer: Mailbox
    subject: str


def joining(desk: Desk, what: Joining) -> Wording:
    """The letter that asks an asker whether the newcomer may join; nothing of what they wrote is in it."""
    variables = variables_of(desk) | {
        "incident_number": what.incident_number,
        "recipient_name": line(what.recipient_name),
        "customer": line(what.customer),
        "newcomer": written(what.newcomer),
        "subject": bare_subject(what.subject),
    }
    return Wording("asker-joining", what.language, variables)


@dataclass(frozen=True, slots=True)
class HeldMail:
    """A mail that waits for staff. `reason` is a key of the closed list of reasons; `sender` as written.

    `contract` is the number that it likely means, `due` when its first response would be, `excerpt` what an unknown
    writer says, and `orders` what may be done about it. `percent` says how much of the time until then is over, where
    that is the matter.
    """

    id: int
    received_at: datetime
    sender: str
    subject: str
    reason: str
    contract: str = ""
    due: datetime | None = None
    excerpt: str = ""
    orders: tuple[Proposal, ...] = ()
    percent: int = 0


def held(desk: Desk, language: Language, mails: Sequence[HeldMail]) -> Wording:
    """The digest of held mails, oldest first; the newest are only counted when there are very many."""
    oldest = sorted(mails, key=lambda mail: (mail.received_at, mail.id))
    return Wording("staff-held", language, _held(desk, language, oldest))


def alarm(desk: Desk, language: Language, mails: Sequence[HeldMail]) -> Wording:
    """The word about held mails that nobody has decided about in half of their time, or in all of it: those that may
    be a customer's first, so that a storm of strangers cannot hide them, and of these the latest.
    """
    pressing = sorted(mails, key=lambda mail: (not mail.contract, -mail.percent, mail.received_at, mail.id))
    return Wording("staff-alarm", language, _held(desk, language, pressing))


def _held(desk: Desk, language: Language, mails: Sequence[HeldMail]) -> Mapping[str, object]:
    listed = enumerate(mails[:_MOST_ROWS])
    rows = [_held_row(desk, language, mail, excerpt=place < _MOST_EXCERPTS) for place, mail in listed]
    more = len(mails) - len(rows)
    return variables_of(desk) | {"mails": rows, "count": str(len(mails)), "more": str(more) if more else ""}


def _held_row(desk: Desk, language: Language, mail: HeldMail, *, excerpt: bool) -> dict[str, object]:
    lines = mail.excerpt.strip("\n").split("\n") if excerpt and mail.excerpt.strip() else []
    return {
        "id": str(mail.id),
        "received_at": moment(mail.received_at, language, desk.zone),
        "sender": line(mail.sender),
        "subject": line(mail.subject),
        "reason": mail.reason,
        "contract": line(mail.contract),
        "due": moment(mail.due, language, desk.zone) if mail.due else "",
        "percent": str(mail.percent) if mail.percent else "",
        "excerpt": [line(each) for each in lines],
        "orders": [{"line": line(order.line), "key": order.step.value} for order in mail.orders],
    }


@dataclass(frozen=True, slots=True)
class Transcript:
    """What became of the orders of one of staff's mails: each with its outcome, and the lines that were none.

    `noted` is the number of the incident in which the mail is kept as a note, if in one.
    """

    language: Language
    subject: str
    orders: tuple[tuple[Order, Outcome], ...]
    unclear: tuple[str, ...]
    noted: str = ""


def transcript(desk: Desk, what: Transcript) -> Wording:
    """The short answer to a mail with orders."""
    variables = variables_of(desk) | {
        "subject": bare_subject(what.subject),
        "done": [_order_row(order, outcome) for order, outcome in what.orders if outcome.done],
        "undone": [_order_row(order, outcome) for order, outcome in what.orders if not outcome.done],
        "unclear": [line(each) for each in what.unclear[:_MOST_UNCLEAR]],
        "noted": what.noted,
        "more_unclear": str(len(what.unclear) - _MOST_UNCLEAR) if len(what.unclear) > _MOST_UNCLEAR else "",
    }
    return Wording("staff-transcript", what.language, variables)


def _order_row(order: Order, outcome: Outcome) -> dict[str, str]:
    return {"line": line(order.line), "said": outcome.said.value, "detail": line(outcome.detail)}


@dataclass(frozen=True, slots=True)
class FailedMail:
    """A mail on which the program broke. `error` is one line for the person who mends it."""

    id: int
    received_at: datetime
    sender: str
    subject: str
    error: str


def failed(desk: Desk, language: Language, mail: FailedMail) -> Wording:
    """The one letter that tells staff of a mail that broke the program."""
    variables = variables_of(desk) | {
        "id": str(mail.id),
        "received_at": moment(mail.received_at, language, desk.zone),
        "sender": line(mail.sender),
        "subject": line(mail.subject),
        "error": line(mail.error),
    }
    return Wording("staff-failed", language, variables)


@dataclass(frozen=True, slots=True)
class UndeliveredLetter:
    """A letter of ours that failed for good. `reason` is the relay's last word, or ours when a check refused it."""

    outbox_id: int
    key: str
    incident_number: str | None
    recipient: str
    subject: str
    reason: str
    failed_at: datetime


def undelivered(desk: Desk, language: Language, letter: UndeliveredLetter) -> Wording:
    """The letter that tells staff what did not reach whom, and why."""
    variables = variables_of(desk) | {
        "id": str(letter.outbox_id),
        "key": line(letter.key),
        "incident_number": letter.incident_number or "",
        "recipient": line(letter.recipient),
        "subject": line(letter.subject),
        "reason": line(letter.reason),
        "failed_at": moment(letter.failed_at, language, desk.zone),
    }
    return Wording("staff-undelivered", language, variables)


def bare_subject(subject: str) -> str:
    """The customer's subject without our tags and reply marks, so that a correspondence does not pile them up."""
    bare = _TAG.sub("", line(subject))
    while (prefix := _REPLY_PREFIX.match(bare)) is not None:
        bare = bare[prefix.end() :]
    return bare.strip()


def variables_of(desk: Desk) -> dict[str, object]:
    """Give what every letter knows of the desk."""
    return {
        "desk_name": desk.name,
        "desk_address": desk.address,
        "desk_phone": desk.phone,
        "desk_phone_hours": desk.phone_hours,
        "desk_url": desk.url,
    }


def written(mailbox: Mailbox) -> str:
    """Write somebody as one line, cut to length."""
    return line(f"{mailbox.name} <{mailbox.address}>")


def line(value: str) -> str:
    """Make one line of what came from outside, cut to length."""
    text = one_line(value)
    return text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE - 1]}…"
