"""What do the letters about changes of the registered information say? (S25) Values → wordings. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.desk.changes import Step, after, before, key
from mailbot.desk.contract import Contract, Language
from mailbot.desk.moments import moment
from mailbot.desk.replies import Desk, Wording, bare_subject, line, variables_of
from mailbot.mail.message import Mailbox

_MOST_STEPS = 30
_MOST_UNCLEAR = 20
_LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter speaks to, and about which contract."""

    language: Language
    contract: Contract
    name: str
    registry: str


def received(
    desk: Desk, to: Addressee, number: str, subject: str, steps: Sequence[Step], unclear: Sequence[str]
) -> Wording:
    """The one acknowledgement of a request: what was understood, and that a person will look."""
    variables = _variables(desk, to) | {
        "number": number,
        "subject": bare_subject(subject),
        "steps": _rows(steps),
        "unclear": [line(each) for each in unclear[:_MOST_UNCLEAR]],
    }
    return Wording("customer-change-received", to.language, variables)


def form(desk: Desk, to: Addressee, number: str, subject: str) -> Wording:
    """The form, on request, or because a mail could not be understood; then with the number of the request."""
    variables = _variables(desk, to) | {"number": number, "subject": bare_subject(subject)}
    return Wording("customer-change-form", to.language, variables)


def done(desk: Desk, to: Addressee, number: str, steps: Sequence[Step]) -> Wording:
    """That it was done; without steps, staff have done it by hand."""
    return Wording(
        "customer-change-done", to.language, _variables(desk, to) | {"number": number, "steps": _rows(steps)}
    )


def declined(desk: Desk, to: Addressee, number: str, steps: Sequence[Step], reason: str) -> Wording:
    """That it was not done, kindly, and why where staff say so."""
    variables = _variables(desk, to) | {"number": number, "steps": _rows(steps), "reason": line(reason)}
    return Wording("customer-change-declined", to.language, variables)


def registered(desk: Desk, to: Addressee, roles: Sequence[str], cluster: str) -> Wording:
    """The note to somebody who is registered now: as what, and how to write."""
    variables = _variables(desk, to) | {"roles": list(roles), "cluster": line(cluster)}
    return Wording("customer-registered", to.language, variables)


def unregistered(desk: Desk, to: Addressee, roles: Sequence[str]) -> Wording:
    """The note to an address that is not registered any more. It names nobody who comes in the place: who reads it may
    have left, or may never have asked for it.
    """
    return Wording("customer-unregistered", to.language, _variables(desk, to) | {"roles": list(roles)})


@dataclass(frozen=True, slots=True)
class Proposal:
    """What staff must know of a request. `trust` is a key; `refusal` says which rule would forbid it now; `warnings`
    are keys; `supersedes` names an earlier request of the writer that was not understood.
    """

    language: Language
    number: str
    contract: Contract
    writer: Mailbox
    as_asker: bool
    trust: str
    asked_at: datetime
    subject: str
    steps: tuple[Step, ...]
    seats_taken: int
    seats_after: int
    refusal: str
    warnings: tuple[str, ...]
    unclear: tuple[str, ...]
    supersedes: str
    text: str


def proposal(desk: Desk, what: Proposal) -> Wording:
    """The letter with which staff approve or decline."""
    variables = variables_of(desk) | {
        "number": what.number,
        "id": what.number.rpartition("-")[2],
        "contract_number": line(what.contract.number),
        "customer": line(what.contract.customer),
        "writer": line(f"{what.writer.name} <{what.writer.address}>"),
        "as_asker": what.as_asker,
        "trust": what.trust,
        "asked_at": moment(what.asked_at, what.language, desk.zone),
        "subject": bare_subject(what.subject),
        "steps": _rows(what.steps),
        "seats": str(what.contract.seats),
        "seats_taken": str(what.seats_taken),
        "seats_after": str(what.seats_after),
        "refusal": line(what.refusal),
        "warnings": list(what.warnings),
        "unclear": [line(each) for each in what.unclear[:_MOST_UNCLEAR]],
        "supersedes": what.supersedes,
        "text": what.text[:_LONGEST_TEXT].strip("\n"),
        "text_cut": len(what.text) > _LONGEST_TEXT,
    }
    return Wording("staff-change", what.language, variables)


@dataclass(frozen=True, slots=True)
class Comment:
    """What a customer writes about a change, in answer to a letter of ours, and that asks for nothing new."""

    language: Language
    contract: Contract
    writer: Mailbox
    about: str
    text: str


def comment(desk: Desk, what: Comment) -> Wording:
    """The letter that hands on to staff what a customer answers about a change."""
    variables = variables_of(desk) | {
        "contract_number": line(what.contract.number),
        "customer": line(what.contract.customer),
        "writer": line(f"{what.writer.name} <{what.writer.address}>"),
        "about": bare_subject(what.about),
        "text": what.text[:_LONGEST_TEXT].strip("\n"),
    }
    return Wording("staff-change-comment", what.language, variables)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that nobody has decided about."""

    number: str
    contract: str
    customer: str
    asked_by: str
    asked_at: datetime
    steps: int


def reminder(desk: Desk, language: Language, changes: Sequence[Waiting]) -> Wording:
    """The daily word about requests that wait, oldest first."""
    rows = [
        {
            "number": each.number,
            "contract_number": line(each.contract),
            "customer": line(each.customer),
            "asked_by": line(each.asked_by),
            "asked_at": moment(each.asked_at, language, desk.zone),
            "steps": str(each.steps),
        }
        for each in changes[:_MOST_STEPS]
    ]
    more = len(changes) - len(rows)
    variables = {"changes": rows, "count": str(len(changes)), "more": str(more) if more else ""}
    return Wording("staff-changes-waiting", language, variables_of(desk) | variables)


def _variables(desk: Desk, to: Addressee) -> dict[str, object]:
    return variables_of(desk) | {
        "customer": line(to.contract.customer),
        "recipient_name": line(to.name),
        "contract_number": line(to.contract.number),
        "registry_address": to.registry,
    }


def _rows(steps: Sequence[Step]) -> list[Mapping[str, str]]:
    return [
        {"key": key(step), "before": line(before(step)), "after": line(after(step))} for step in steps[:_MOST_STEPS]
    ]
