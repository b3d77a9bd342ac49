"""What do the letters say that a day causes, and not a mail: the start of support, the end of a term? (S22, S24) Pure.

Templates get what `desk.replies` promises: strings, booleans and lists of them, one line each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mailbot.desk.contract import Asker, AskerKind, Contract, Language, Term
from mailbot.desk.moments import moment
from mailbot.desk.replies import Desk, Wording, line, variables_of, written
from mailbot.mail.message import Mailbox

_MOST_ROWS = 100
_MOST_ASKERS = 30  # a guide to a hundred people need not name them all


@dataclass(frozen=True, slots=True)
class Offered:
    """What the contract's menu gives, in words of one language; `urgent_hours` is empty where they are the same."""

    service: str
    menu: str
    products: tuple[str, ...]
    hours: str
    urgent_hours: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Welcome:
    """The guide for somebody of a contract (S22): an asker, a list that is one, or a contact. `is_contact` may be true
    of an asker, too. `term` is the one that runs; `registry` is the address for changes (S25).
    """

    language: Language
    contract: Contract
    term: Term
    offered: Offered
    recipient: Mailbox
    asker: Asker | None
    is_contact: bool
    askers: tuple[Asker, ...]
    registry: str


def welcome(desk: Desk, what: Welcome) -> Wording:
    """The guide: what was sold, who may ask, where and when, and what belongs into a question."""
    offered = what.offered
    variables = variables_of(desk) | {
        "service": offered.service,
        "customer": line(what.contract.customer),
        "recipient_name": line(what.recipient.name),
        "to_list": what.asker is not None and what.asker.kind is AskerKind.LIST,
        "is_contact": what.is_contact,
        "contract_number": line(what.contract.number),
        "menu": offered.menu,
        "cluster": line(what.contract.cluster),
        "starts_on": what.term.starts_on.isoformat(),
        "ends_on": what.term.ends_on.isoformat(),
        "seats": str(what.contract.seats),
        "askers": [_asker(each, with_address=what.is_contact) for each in what.askers[:_MOST_ASKERS]],
        "more_askers": str(len(what.askers) - _MOST_ASKERS) if len(what.askers) > _MOST_ASKERS else "",
        "products": list(offered.products),
        "hours": offered.hours,
        "urgent_hours": offered.urgent_hours,
        "minutes": str(offered.minutes),
        "registry_address": what.registry,
    }
    return Wording("contact-welcome" if what.asker is None else "asker-welcome", what.language, variables)


def _asker(asker: Asker, *, with_address: bool) -> str:
    """The contact answers for who may ask, and so sees the addresses; askers see each other's names."""
    return written(Mailbox(asker.name, asker.address)) if with_address else line(asker.name)


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """A question that is not closed when its contract ends. `status` is a key of the life cycle."""

    number: str
    status: str
    subject: str
    asker: Mailbox


@dataclass(frozen=True, slots=True)
class TermEnded:
    """A contract that nobody renewed: since when it has ended, and whether that was told (`cancelled_at`) or not."""

    contract: Contract
    menu: str
    ended_on: date
    cancelled_at: datetime | None
    contacts: tuple[Mailbox, ...]
    incidents: Sequence[OpenIncident]


def term_ended(desk: Desk, language: Language, what: TermEnded) -> Wording:
    """The letter to staff on the day after the end: what ended, and what is still open."""
    listed = what.incidents[:_MOST_ROWS]
    more = len(what.incidents) - len(listed)
    variables = variables_of(desk) | {
        "contract_number": line(what.contract.number),
        "customer": line(what.contract.customer),
        "menu": what.menu,
        "cluster": line(what.contract.cluster),
        "ended_on": what.ended_on.isoformat(),
        "cancelled_at": "" if what.cancelled_at is None else moment(what.cancelled_at, language, desk.zone),
        "contacts": [written(each) for each in what.contacts],
        "incidents": [
            {
                "number": each.number,
                "status": each.status,
                "subject": line(each.subject),
                "asker": written(each.asker),
            }
            for each in listed
        ],
        "more": str(more) if more else "",
    }
    return Wording("staff-term-ended", language, variables)
