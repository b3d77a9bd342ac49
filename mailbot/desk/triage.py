"""What is to be done with this mail? Facts → Verdict: one table of named checks, read from top to bottom. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from mailbot.desk.contract import Asker, AskerKind, Contract, Staff
from mailbot.desk.incident import Incident, Status
from mailbot.desk.verdict import (
    Append,
    Bounced,
    Evidence,
    Hold,
    HoldReason,
    Ignore,
    IgnoreReason,
    Open,
    Signal,
    Verdict,
)
from mailbot.mail.message import AuthenticationResult, Message, Trust


@dataclass(frozen=True, slots=True)
class Registration:
    """An asker that this mail's writer, or the list it came through, is registered as."""

    asker: Asker
    contract: Contract


@dataclass(frozen=True, slots=True)
class Writer:
    """By what a mail may be known: its one possible author, and the list that it came through. Normalised."""

    author: str | None
    list_id: str | None
    post_address: str | None

    def is_registered_as(self, asker: Asker) -> bool:
        """A list is known by its List-Id exactly; one that was registered without it, by its address (S8)."""
        if asker.kind is AskerKind.PERSON:
            return self.author is not None and asker.address == self.author
        if asker.list_id is not None:
            return asker.list_id == self.list_id
        return self.post_address is not None and asker.address == self.post_address


@dataclass(frozen=True, slots=True)
class Tie:
    """An incident that this mail points to, and by what; strongest first."""

    incident: Incident
    signal: Signal


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was looked up about one mail before anything is decided.

    `author` is the normalised address of the one possible writer, and `trust` how sure it is that its domain sent this.
    `today` is the day of arrival in the desk's zone. `to_support` says whether the mail was addressed to where
    questions go.
    """

    message: Message
    envelope_sender: str
    author: str | None
    to_support: bool
    from_us: bool
    duplicate_of: int | None
    registrations: tuple[Registration, ...]
    staff: Staff | None
    ties: tuple[Tie, ...]
    strangers: Literal["hold", "ignore"]
    today: date
    trust: Trust


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict, and every check on the way to it."""

    verdict: Verdict
    evidence: tuple[Evidence, ...]


Finding = tuple[Verdict | None, str]
"""What a check says: a verdict that ends the matter, or None to go on; and what it saw."""


def triage(facts: Facts) -> Decision:
    """Ask each check in its order until one decides."""
    seen: list[Evidence] = []
    for name, check in CHECKS:
        verdict, saw = check(facts)
        if saw:
            seen.append(Evidence(name, saw))
        if verdict is not None:
            return Decision(verdict, tuple(seen))
    raise AssertionError("the last check decides")


def _from_us(facts: Facts) -> Finding:
    # RFC 3834 §2: never answer ourselves, or two robots talk for ever (attack row 15).
    return (Ignore(IgnoreReason.OWN_MAIL), "written by this desk") if facts.from_us else (None, "")


def _duplicate(facts: Facts) -> Finding:
    if facts.duplicate_of is None:
        return None, ""
    return Ignore(IgnoreReason.DUPLICATE), f"the same mail as inbound {facts.duplicate_of}"


def _bounce(facts: Facts) -> Finding:
    bounce = facts.message.bounce
    if bounce is None:
        return None, ""
    who = ", ".join(recipient.address for recipient in bounce.recipients)
    return Bounced(bounce.original_message_id, bounce.permanent), f"a delivery report for {who or 'nobody named'}"


def _automatic(facts: Facts) -> Finding:
    automatic = facts.message.automatic
    if automatic is not None:
        return Ignore(IgnoreReason.AUTOMATIC), f"{automatic.reason}: {automatic.evidence}"
    if not facts.envelope_sender:
        # RFC 5321 §4.5.5: it must not be answered; yet a person may look whether a question hides in it.
        return Hold(HoldReason.NULL_SENDER), "null envelope sender, but nothing else says that a machine wrote it"
    return None, ""


def _purpose(facts: Facts) -> Finding:
    if facts.to_support:
        return None, ""
    return Hold(HoldReason.OTHER_ADDRESS), "not written to the support address"


def _one_author(facts: Facts) -> Finding:
    # promises §0.3: parsers disagree about anything but exactly one From with exactly one mailbox.
    if facts.author is None:
        return Hold(HoldReason.AMBIGUOUS_AUTHOR), "; ".join(facts.message.author_defects) or "no author"
    return None, f"one author, {facts.author}"


def _not_forged(facts: Facts) -> Finding:
    # RFC 9989: the author's own domain disowns it. Where nobody could tell, nothing is known.
    results = facts.message.authentication
    said = ", ".join(
        f"{each.method}={each.result}" + (f" for {each.domain}" if each.domain else "") for each in results
    )
    if facts.trust is Trust.FORGED:
        return Hold(HoldReason.FORGED), said
    return None, f"{facts.trust}: {said}" if said else ""


def _result_shown(result: AuthenticationResult) -> str:
    return f"{result.method}={result.result}" + (f" for {result.domain}" if result.domain else "")


def _staff(facts: Facts) -> Finding:
    if facts.staff is None:
        return None, ""
    return Hold(HoldReason.STAFF_MAIL), f"from {facts.staff.name}, who answers here"


def _registered(facts: Facts) -> Finding:
    if facts.registrations:
        return None, "registered: " + ", ".join(_shown(registration) for registration in facts.registrations)
    if facts.strangers == "ignore":
        return Ignore(IgnoreReason.STRANGER), "no contract names this writer"
    return Hold(HoldReason.STRANGER), "no contract names this writer"  # S28


def _in_term(facts: Facts) -> Finding:
    if _entitled(facts):
        return None, ""
    numbers = ", ".join(registration.contract.number for registration in facts.registrations)
    return Hold(HoldReason.NOT_IN_TERM), f"no term of {numbers} holds {facts.today}"  # S7, S24


def _belongs(facts: Facts) -> Finding:
    # A reference or a token alone admits nobody (attack rows 7, 11, 13); a right token of another incident's is never
    # outvoted by a weaker tie.
    own = _own_ties(facts)
    foreign = [tie for tie in facts.ties if tie not in own and (not own or tie.signal in _SIGNED)]
    if not foreign:
        return None, ""
    tie = foreign[0]
    return Hold(
        HoldReason.FOREIGN_REFERENCE
    ), f"{tie.signal} points to {tie.incident.number}, where this writer does not belong"


def _reply(facts: Facts) -> Finding:
    for tie in _own_ties(facts):
        registration = _registration_for(facts, tie.incident.contract_id)
        if tie.incident.status is not Status.CLOSED:
            verdict = Append(registration.contract, registration.asker, tie.incident, tie.signal)
            return verdict, f"{tie.signal} ties it to {tie.incident.number}"
        # S6: a second question in a closed incident opens a new, linked one.
        return Open(
            registration.contract, registration.asker, tie.incident
        ), f"follows {tie.incident.number}, which is closed"
    return None, ""


def _one_contract(facts: Facts) -> Finding:
    entitled = _entitled(facts)
    if len(entitled) == 1:
        return None, ""
    named = _named(facts, entitled)
    if len(named) == 1:
        return Open(named[0].contract, named[0].asker, None), f"names {named[0].contract.number}"
    numbers = ", ".join(registration.contract.number for registration in entitled)
    return Hold(HoldReason.WHICH_CONTRACT), f"may mean any of {numbers}"


def _question(facts: Facts) -> Finding:
    registration = _entitled(facts)[0]
    return Open(registration.contract, registration.asker, None), f"a new question under {registration.contract.number}"


CHECKS: tuple[tuple[str, Callable[[Facts], Finding]], ...] = (
    ("from us", _from_us),
    ("duplicate", _duplicate),
    ("delivery report", _bounce),
    ("automatic", _automatic),
    ("address", _purpose),
    ("one author", _one_author),
    ("not forged", _not_forged),
    ("staff", _staff),
    ("registered", _registered),
    ("in term", _in_term),
    ("belongs", _belongs),
    ("reply", _reply),
    ("one contract", _one_contract),
    ("question", _question),
)


_SIGNED = frozenset({Signal.REPLY_ADDRESS, Signal.OWN_MESSAGE_ID})


def _entitled(facts: Facts) -> list[Registration]:
    """One registration a contract in term; the list that a mail came through speaks before the person who wrote."""
    found: dict[int, Registration] = {}
    for registration in sorted(facts.registrations, key=lambda each: each.asker.kind is not AskerKind.LIST):
        if any(term.holds(facts.today) for term in registration.contract.terms):
            found.setdefault(registration.contract.id, registration)
    return list(found.values())


def _registration_for(facts: Facts, contract_id: int) -> Registration:
    return next(each for each in _entitled(facts) if each.contract.id == contract_id)


def _own_ties(facts: Facts) -> list[Tie]:
    contracts = {registration.contract.id for registration in _entitled(facts)}
    return [tie for tie in facts.ties if tie.incident.contract_id in contracts]


def _named(facts: Facts, candidates: list[Registration]) -> list[Registration]:
    """Those whose contract number the writer names."""
    words = f"{facts.message.subject}\n{facts.message.new_text}".casefold()
    return [each for each in candidates if each.contract.number.casefold() in words]


def _shown(registration: Registration) -> str:
    return f"{registration.asker.kind} {registration.asker.address} of {registration.contract.number}"
