"""What is to be done with this mail? Facts → Verdict: one table of named checks, read from top to bottom. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from mailbot.desk import lists
from mailbot.desk.contract import AskerKind, Contract, ContractState, TrustNeeded
from mailbot.desk.facts import Facts, Participation, Registration, Tie
from mailbot.desk.incident import Status
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
from mailbot.mail.message import Trust


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
    if not facts.envelope_sender and facts.release is None:
        # RFC 5321 §4.5.5: it must not be answered; yet a person may look whether a question hides in it.
        return Hold(HoldReason.NULL_SENDER), "null envelope sender, but nothing else says that a machine wrote it"
    return None, ""


def _released(facts: Facts) -> Finding:
    # Nobody can tell but a person (S28), and a person has told; what follows only finds out where the mail belongs.
    if facts.release is None:
        return None, ""
    name = _shown(facts.release.registration) if facts.release.registration else "as it is"
    return None, f"released by {facts.release.by}, {name}"


def _one_author(facts: Facts) -> Finding:
    # promises §0.3: parsers disagree about anything but exactly one From with exactly one mailbox.
    if facts.author is not None:
        return None, f"one author, {facts.author}"
    why = "; ".join(facts.message.author_defects) or "no author"
    return (None if _in_a_name(facts) else Hold(HoldReason.AMBIGUOUS_AUTHOR)), why


def _ignored(facts: Facts) -> Finding:
    if not facts.ignored or facts.release is not None:
        return None, ""
    return Ignore(IgnoreReason.IGNORED_SENDER), "staff said to ignore this sender"


def _not_forged(facts: Facts) -> Finding:
    # RFC 9989: the author's own domain disowns it. Never answered, whoever it seems to be (attack row 7).
    if facts.trust is not Trust.FORGED:
        return None, f"the author is {facts.trust}"
    if through := _proven_lists(facts):
        # A list breaks the author's own signature when it adds a footer or a tag (RFC 7960 §3.2): its host vouches.
        return None, f"the author's domain disowns it, as it does behind a list; {through[0].asker.address} vouches"
    verdict = _hold(HoldReason.FORGED, _first(facts.registrations))
    return (None if facts.release else verdict), "the author's domain says that it did not send this"


def _staff(facts: Facts) -> Finding:
    if facts.staff is None or _in_a_name(facts):
        return None, ""
    return Hold(HoldReason.STAFF_MAIL), f"from {facts.staff.name}, who answers here"


def _purpose(facts: Facts) -> Finding:
    if facts.to_support or facts.release is not None:
        return None, ""
    return Hold(HoldReason.OTHER_ADDRESS), "not written to the support address"


def _participant(facts: Facts) -> Finding:
    """Somebody who is in Cc belongs to that incident alone, and only once the asker or staff said so."""
    if _own_ties(facts) or _in_a_name(facts):
        return None, ""
    for tie, part in _joined(facts):
        registration = part.registration
        if not registration.contract.in_term(facts.today):
            continue
        if part.admitted and tie.incident.status is not Status.CLOSED:
            saw = f"admitted to {tie.incident.number}, {tie.signal} points to it"
            return Append(registration.contract, registration.asker, tie.incident, tie.signal), saw
        verdict = Hold(HoldReason.PARTICIPANT, registration.contract, registration.asker, tie.incident)
        return verdict, f"in Cc of {tie.incident.number}, but nobody has admitted them yet"
    return None, ""


def _registered(facts: Facts) -> Finding:
    """Yes, or cannot tell, or a definite no (S28)."""
    if _registrations(facts):
        return None, "registered: " + ", ".join(map(_shown, _registrations(facts)))
    if facts.contact_of:
        numbers = ", ".join(contract.number for contract in facts.contact_of)
        return Hold(HoldReason.CONTACT, facts.contact_of[0]), f"a contact of {numbers}, and no asker"
    if facts.neighbours:
        numbers = ", ".join(contract.number for contract in facts.neighbours)
        return Hold(
            HoldReason.KNOWN_DOMAIN, facts.neighbours[0]
        ), f"no asker, but of the same domain as those of {numbers}"
    if facts.strangers == "ignore" and facts.release is None:
        return Ignore(IgnoreReason.STRANGER), "no contract names this writer"
    return Hold(HoldReason.STRANGER), "no contract names this writer"


def _list(facts: Facts) -> Finding:
    """A List-Id is easily written: the list's own host must stand behind it (S8)."""
    registered = [each for each in facts.registrations if each.asker.kind is AskerKind.LIST]
    if not registered or facts.release is not None:
        return None, ""
    proven = [each for each in registered if _is_through(each, facts)]
    if proven:
        return None, "through " + ", ".join(each.asker.address for each in proven)
    if len(registered) < len(facts.registrations):
        return None, "the list's host does not vouch for it; the writer is registered himself"
    hosts = ", ".join(sorted(lists.hosts(registered[0].asker)))
    if facts.sent_by_author:
        return Hold(
            HoldReason.LIST_UNPROVEN, registered[0].contract
        ), "it names the list, but its author sent it himself"
    return Hold(
        HoldReason.LIST_UNPROVEN, registered[0].contract
    ), f"it names the list, but {hosts} did not vouch for it"


def _in_term(facts: Facts) -> Finding:
    if _entitled(facts):
        return None, ""
    registrations = _registrations(facts)
    numbers = ", ".join(registration.contract.number for registration in registrations)
    begun = [each for each in registrations if each.contract.state(facts.today) is ContractState.ENDED]
    if begun and len(begun) == len(registrations):
        latest = max(begun, key=lambda each: (each.contract.ends_on or date.min, each.contract.id))
        return _hold(HoldReason.ENDED, latest), f"{numbers} ended before {facts.today}"  # S7, S24
    return _hold(HoldReason.NOT_BEGUN, registrations[0]), f"no term of {numbers} holds {facts.today}"


def _trust(facts: Facts) -> Finding:
    """Each contract says what it asks of a writer; the desk says it for those that do not."""
    if facts.trust is Trust.AUTHENTICATED or facts.release is not None:
        return None, ""
    vouched = _proven_lists(facts)
    strict = [
        each
        for each in _entitled(facts)
        if _needed(facts, each.contract) is TrustNeeded.AUTHENTICATED and each not in vouched
    ]
    if not strict:
        return None, ""
    return _hold(HoldReason.UNPROVEN, strict[0]), f"{strict[0].contract.number} wants authenticated writers"


def _belongs(facts: Facts) -> Finding:
    # A reference or a token alone admits nobody (attack rows 7, 11, 13); a right token of another incident's is never
    # outvoted by a weaker tie.
    own = _own_ties(facts)
    foreign = [tie for tie in facts.ties if tie not in own and (not own or tie.signal in _SIGNED)]
    if not foreign:
        return None, ""
    tie = foreign[0]
    saw = f"{tie.signal} points to {tie.incident.number}, where this writer does not belong"
    return (None if facts.release else _hold(HoldReason.FOREIGN_REFERENCE, _entitled(facts)[0])), saw


def _goes_round(facts: Facts) -> Finding:
    """What would be acknowledged, and would wake a machine again (RFC 3834 §2, attack row 15)."""
    joins = any(tie.incident.status is not Status.CLOSED for tie in _own_ties(facts))
    if joins or facts.release is not None:
        return None, ""
    for each in _entitled(facts):
        if why := facts.going_round.get(each.asker.id):
            return _hold(HoldReason.GOES_ROUND, each), why
    return None, ""


def _reply(facts: Facts) -> Finding:
    for tie in _own_ties(facts):
        registration = _registration_for(facts, tie.incident.contract_id)
        if tie.incident.status is not Status.CLOSED:
            verdict = Append(registration.contract, registration.asker, tie.incident, tie.signal)
            return verdict, f"{tie.signal} ties it to {tie.incident.number}"
        # S6: a second question in a closed incident opens a new, linked one.
        verdict_ = Open(registration.contract, registration.asker, tie.incident)
        return verdict_, f"follows {tie.incident.number}, which is closed"
    return None, ""


def _one_contract(facts: Facts) -> Finding:
    entitled = _entitled(facts)
    if len(entitled) == 1:
        return None, ""
    named = _named(facts, entitled)
    if len(named) == 1:
        return Open(named[0].contract, named[0].asker, None), f"names {named[0].contract.number}"
    numbers = ", ".join(registration.contract.number for registration in entitled)
    return _hold(HoldReason.WHICH_CONTRACT, entitled[0]), f"may mean any of {numbers}"


def _question(facts: Facts) -> Finding:
    registration = _entitled(facts)[0]
    return Open(registration.contract, registration.asker, None), f"a new question under {registration.contract.number}"


CHECKS: tuple[tuple[str, Callable[[Facts], Finding]], ...] = (
    ("from us", _from_us),
    ("duplicate", _duplicate),
    ("delivery report", _bounce),
    ("automatic", _automatic),
    ("released", _released),
    ("one author", _one_author),
    ("ignored", _ignored),
    ("not forged", _not_forged),
    ("staff", _staff),
    ("address", _purpose),
    ("participant", _participant),
    ("registered", _registered),
    ("list", _list),
    ("in term", _in_term),
    ("trust", _trust),
    ("belongs", _belongs),
    ("goes round", _goes_round),
    ("reply", _reply),
    ("one contract", _one_contract),
    ("question", _question),
)


_SIGNED = frozenset({Signal.REPLY_ADDRESS, Signal.OWN_MESSAGE_ID})


def _proven_lists(facts: Facts) -> list[Registration]:
    """The registered lists that the mail came through, by the word of their own hosts that our border has checked."""
    return [
        each for each in facts.registrations if each.asker.kind is AskerKind.LIST and lists.is_proven(each.asker, facts)
    ]


def _is_through(registration: Registration, facts: Facts) -> bool:
    return registration.asker.kind is AskerKind.LIST and lists.came_through(registration.asker, facts)


def _registrations(facts: Facts) -> tuple[Registration, ...]:
    if facts.release is not None and facts.release.registration is not None:
        return (facts.release.registration,)
    return facts.registrations


def _in_a_name(facts: Facts) -> bool:
    return facts.release is not None and facts.release.registration is not None


def _entitled(facts: Facts) -> list[Registration]:
    """One registration a contract in term; the list that a mail came through speaks before the person who wrote."""
    found: dict[int, Registration] = {}
    for registration in sorted(_registrations(facts), key=lambda each: each.asker.kind is not AskerKind.LIST):
        if facts.release is None:
            if not registration.contract.in_term(facts.today):
                continue
            if registration.asker.kind is AskerKind.LIST and not _is_through(registration, facts):
                continue
        found.setdefault(registration.contract.id, registration)
    return list(found.values())


def _needed(facts: Facts, contract: Contract) -> TrustNeeded:
    return contract.trust or facts.trust_needed


def _registration_for(facts: Facts, contract_id: int) -> Registration:
    return next(each for each in _entitled(facts) if each.contract.id == contract_id)


def _own_ties(facts: Facts) -> list[Tie]:
    contracts = {registration.contract.id for registration in _entitled(facts)}
    return [tie for tie in facts.ties if tie.incident.contract_id in contracts]


def _joined(facts: Facts) -> list[tuple[Tie, Participation]]:
    parts = {part.incident_id: part for part in facts.participations}
    return [(tie, parts[tie.incident.id]) for tie in facts.ties if tie.incident.id in parts]


def _named(facts: Facts, candidates: list[Registration]) -> list[Registration]:
    """Those whose contract number the writer names."""
    words = f"{facts.message.subject}\n{facts.message.new_text}".casefold()
    return [each for each in candidates if each.contract.number.casefold() in words]


def _first(registrations: tuple[Registration, ...]) -> Registration | None:
    return next(iter(registrations), None)


def _hold(reason: HoldReason, whose: Registration | None) -> Hold:
    return Hold(reason, whose.contract, whose.asker) if whose else Hold(reason)


def _shown(registration: Registration) -> str:
    return f"{registration.asker.kind} {registration.asker.address} of {registration.contract.number}"
