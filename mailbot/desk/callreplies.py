"""What do those read who are called for an urgent question, and its asker when a person decides how urgent it is?
(S20, S21, S27) Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from mailbot.desk.contract import Contract, Equipment, Language
from mailbot.desk.moments import moment, moment_in, size
from mailbot.desk.orders import Proposal
from mailbot.desk.replies import Desk, Wording, bare_subject, line, variables_of, written
from mailbot.mail.message import Mailbox

_LONGEST_TEXT = 60_000
_HIDDEN = "…@…"


@dataclass(frozen=True, slots=True)
class Call:
    """What an urgent question is about, for whoever is called. `again` says that everybody was called before.

    `evidence` is what speaks for its urgency (S20); `orders` are lines that the answer may hold.
    """

    language: Language
    incident_number: str
    contract: Contract
    subject: str
    doubtful: bool
    evidence: tuple[str, ...]
    received_at: datetime
    again: bool
    orders: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """Who is called next, and when, if nobody answers: "all", "partner", or names."""

    at: datetime
    who: str


def staff_call(desk: Desk, call: Call, following: Next | None) -> Wording:
    """The short call to one of staff; the question itself stands in another letter."""
    variables = _called(desk, call) | {
        "contract_number": line(call.contract.number),
        "next_at": "" if following is None else moment(following.at, call.language, desk.zone),
        "next_who": "" if following is None else line(following.who),
    }
    return Wording("staff-call", call.language, variables)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the partner may see of a question (S27), beside the call itself. `attachments` are (file name, bytes)."""

    asker_name: str
    equipment: tuple[Equipment, ...]
    products: tuple[str, ...]
    new_text: str
    attachments: tuple[tuple[str, int], ...]


def partner_call(desk: Desk, call: Call, shown: Shown, hidden: Sequence[str]) -> Wording:
    """The call to the partner, with all that he may see and nothing else (S27): whatever the customer wrote, the
    addresses in `hidden` do not stand in it.
    """
    variables = _called(desk, call) | {
        "cluster": line(call.contract.cluster),
        "asker_name": line(shown.asker_name),
        "equipment": [line(f"{each.host}: {each.os}, {each.versions}") for each in shown.equipment],
        "products": [line(each) for each in shown.products],
        "new_text": shown.new_text[:_LONGEST_TEXT].strip("\n"),
        "text_cut": len(shown.new_text) > _LONGEST_TEXT,
        "attachments": [f"{line(name)} ({size(octets)})" for name, octets in shown.attachments],
    }
    return Wording("partner-call", call.language, _without(variables, hidden))


def _called(desk: Desk, call: Call) -> dict[str, object]:
    return variables_of(desk) | {
        "incident_number": call.incident_number,
        "customer": line(call.contract.customer),
        "subject": bare_subject(call.subject),
        "urgent_doubtful": call.doubtful,
        "evidence": [line(piece) for piece in call.evidence],
        "received_at": moment(call.received_at, call.language, desk.zone),
        "again": call.again,
        "orders": [{"line": line(order.line), "key": order.step.value} for order in call.orders],
    }


def _without(variables: Mapping[str, object], addresses: Sequence[str]) -> dict[str, object]:
    """Put dots where one of these addresses stands by itself, as `mail.outgoing` looks for them."""
    if not addresses:
        return dict(variables)
    any_of_them = "|".join(map(re.escape, addresses))
    pattern = re.compile(rf"(?<![a-z0-9_.+-])(?:{any_of_them})(?![a-z0-9_-]|\.[a-z0-9])", re.IGNORECASE)

    def hidden(value: object) -> object:
        if isinstance(value, str):
            return pattern.sub(_HIDDEN, value)
        return [hidden(each) for each in value] if isinstance(value, list) else value

    return {name: hidden(value) for name, value in variables.items()}


@dataclass(frozen=True, slots=True)
class Settled:
    """That nobody is called any more: `by` has taken the incident, or says that it is not urgent.

    `wrote` is what they wrote besides.
    """

    language: Language
    incident_number: str
    subject: str
    by: Mailbox
    taken: bool
    wrote: str


def settled(desk: Desk, what: Settled) -> Wording:
    """The word to those of staff who were called."""
    variables = variables_of(desk) | {
        "incident_number": what.incident_number,
        "subject": bare_subject(what.subject),
        "by": written(what.by),
        "taken": what.taken,
        "wrote": what.wrote[:_LONGEST_TEXT].strip("\n"),
    }
    return Wording("staff-claimed", what.language, variables)


def partner_told(desk: Desk, language: Language, incident_number: str, said: str, *, noted: bool) -> Wording:
    """The word to the partner about a call, and what became of an answer; of anybody else it says nothing (S27).

    `said` is a key of words.toml; `incident_number` is empty where the partner may not know of any.
    """
    variables = variables_of(desk) | {"incident_number": incident_number, "said": said, "noted": noted}
    return Wording("partner-told", language, variables)


def unclaimed(desk: Desk, call: Call, started_at: datetime) -> Wording:
    """The word to all staff that everybody was called in vain."""
    variables = _called(desk, call) | {
        "contract_number": line(call.contract.number),
        "started_at": moment(started_at, call.language, desk.zone),
    }
    return Wording("staff-unclaimed", call.language, variables)


def nobody_there(desk: Desk, language: Language, incident_number: str, addresses: Sequence[str]) -> Wording:
    """The word to all staff that addresses which should be called are nobody's."""
    variables = variables_of(desk) | {
        "incident_number": incident_number,
        "addresses": [line(each) for each in addresses],
    }
    return Wording("staff-nobody-there", language, variables)


@dataclass(frozen=True, slots=True)
class Decided:
    """How urgent a person found a question; `starts_at` is None where work goes on at once, and told in `zone`."""

    language: Language
    incident_number: str
    customer: str
    recipient_name: str
    to_list: bool
    subject: str
    urgent: bool
    starts_at: datetime | None
    zone: ZoneInfo


def urgency(desk: Desk, what: Decided) -> Wording:
    """The letter to the asker when that changes what was promised (S17, S20, S21)."""
    variables = variables_of(desk) | {
        "incident_number": what.incident_number,
        "customer": line(what.customer),
        "recipient_name": line(what.recipient_name),
        "to_list": what.to_list,
        "subject": bare_subject(what.subject),
        "urgent": what.urgent,
        "starts_at": "" if what.starts_at is None else moment_in(what.starts_at, what.language, what.zone, desk.zone),
    }
    return Wording("asker-urgency", what.language, variables)
