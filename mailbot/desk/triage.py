"""What is to be done with this mail? Facts → Verdict: one table of named checks, read from top to bottom. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from mailbot.desk import lists, standing
from mailbot.desk.contract import AskerKind, ContractState, TrustNeeded
from mailbot.desk.facts import Facts, Registration
from mailbot.desk.incident import Incident, Status
from mailbot.desk.verdict import (
    Append,
    Bounced,
    ChangeRequest,
    Evidence,
    Hold,
    HoldReason,
    Ignore,
    IgnoreReason,
    Open,
    Orders,
    Verdict,
)
from mailbot.mail.message import AuthenticationResult, Automatic, Trust


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
        saw = f"{automatic.reason}: {automatic.evidence}"
        if not _may_ask(facts, automatic):
            return Ignore(IgnoreReason.AUTOMATIC), saw
        # Nobody answers a machine (RFC 3834 §2); but a customer's watchdog may say what the customer would have asked.
        return (None if facts.release else _hold(HoldReason.MACHINE, facts.registrations[0])), saw
    if not facts.envelope_sender and facts.release is None:
        # RFC 5321 §4.5.5: it must not be answered; yet a person may look whether a question hides in it.
        return Hold(HoldReason.NULL_SENDER), "null envelope sender, but nothing else says that a machine wrote it"
    return None, ""


def _may_ask(facts: Facts, automatic: Automatic) -> bool:
    """Say whether a machine of an asker's wrote this by itself, and not in answer to a mail or report."""
    answers = "auto-replied" in automatic.evidence.lower() or not facts.envelope_sender
    return automatic.reason in ("auto-submitted", "notification") and bool(facts.registrations) and not answers


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
    return (None if standing.in_a_name(facts) else Hold(HoldReason.AMBIGUOUS_AUTHOR)), why


def _ignored(facts: Facts) -> Finding:
    if not facts.ignored or facts.release is not None:
        return None, ""
    if standing.has_a_right_to_be_heard(facts):
        # A forged mail that staff ignored must not silence the person whose name it bore, nor one who bought since.
        return None, "staff said to ignore this sender, who is one of ours"
    return Ignore(IgnoreReason.IGNORED_SENDER), "staff said to ignore this sender"


def _not_forged(facts: Facts) -> Finding:
    # RFC 9989: the author's own domain disowns it. Never answered, whoever it seems to be (attack row 7). Where nobody
    # could tell, nothing is known.
    said = ", ".join(map(_result_shown, facts.message.authentication))
    shown = f"{facts.trust}: {said}" if said else str(facts.trust)
    if facts.trust is not Trust.FORGED:
        return None, shown
    if facts.release is not None:
        return None, shown
    if standing.proven_lists(facts):
        # A list changes what passes through it, and with that breaks its authors' signatures. Its host vouches for it
        # (RFC 8617); whom the author is registered as himself counts for nothing then.
        return (
            None,
            f"{shown}, but it came through {standing.proven_lists(facts)[0].asker.address}, whose host vouches for it",
        )
    likely = sorted(facts.registrations, key=lambda each: not each.contract.in_term(facts.today))
    return _hold(HoldReason.FORGED, next(iter(likely), None)), shown


def _orders(facts: Facts) -> Finding:
    """Three things together prove one of staff: their own signed address, their registered one as the single author,
    and that its domain does not disown the mail, whatever anybody released (attack row 10).
    """
    if not facts.order_addresses or standing.in_a_name(facts):
        return None, ""
    person = facts.staff
    if person is None or person.id not in facts.order_addresses:
        return None, "sent to a signed address of staff, by somebody else"
    if facts.trust is Trust.FORGED:
        return None, f"sent to the signed address of {person.name}, but forged"
    return Orders(person), f"sent by {person.name} to their own signed address"


def _staff(facts: Facts) -> Finding:
    if facts.staff is None or standing.in_a_name(facts):
        return None, ""
    return Hold(HoldReason.STAFF_MAIL), f"from {facts.staff.name}, who answers here"


def _change(facts: Facts) -> Finding:
    """A change of what is registered (S25): from an asker or contact of a contract in force, else held as a question
    would be. What a mail refers to says nothing here, and a mail to both addresses is a question, which has a clock.
    """
    if not facts.to_registry or facts.to_support:
        return None, ""
    verdict, saw = _list(facts)
    if verdict is not None:
        return verdict, saw
    people = _may_ask_for_changes(facts)
    if not people:
        # Never ignored, whatever the policy: who was struck off by mistake, or by a thief, must be heard.
        verdict, saw = _registered(facts)
        return (Hold(HoldReason.STRANGER) if isinstance(verdict, Ignore) else verdict), saw
    within = [each for each in people if each.contract.in_term(facts.today)]
    if not within:
        return _outside_term(facts, people)
    named = within
    if len(within) > 1:
        # The form that we sent names the contract; who fills it in between its quoted lines leaves the number there.
        written = [each for each in within if standing.is_named(facts, each.contract)]
        quoted = facts.message.text.casefold()
        named = written or [each for each in within if each.contract.number.casefold() in quoted]
    if len(named) != 1:
        numbers = ", ".join(each.contract.number for each in within)
        return Hold(HoldReason.WHICH_CONTRACT, within[0].contract, within[0].asker), f"may mean any of {numbers}"
    asked = named[0]
    proven = facts.trust is Trust.AUTHENTICATED or facts.release is not None
    if not proven and standing.needed(facts, asked.contract) is TrustNeeded.AUTHENTICATED:
        return Hold(HoldReason.UNPROVEN, asked.contract, asked.asker), (
            f"{asked.contract.number} wants authenticated writers"
        )
    return asked, f"a change of what is registered with {asked.contract.number}"


def _may_ask_for_changes(facts: Facts) -> list[ChangeRequest]:
    """One request a contract that the writer belongs to, as an asker before as its contact."""
    found: dict[int, ChangeRequest] = {}
    for each in standing.registrations(facts):
        if each.asker.kind is AskerKind.PERSON or facts.release is not None or lists.came_through(each.asker, facts):
            request = ChangeRequest(each.contract, each.asker, each.asker.address, facts.trust)
            found.setdefault(each.contract.id, request)
    if facts.author is not None and not standing.in_a_name(facts):
        for contract in facts.contact_of:
            found.setdefault(contract.id, ChangeRequest(contract, None, facts.author, facts.trust))
    return list(found.values())


def _outside_term(facts: Facts, people: list[ChangeRequest]) -> Finding:
    if standing.registrations(facts):
        return _in_term(facts)
    contract = people[0].contract
    ended = contract.state(facts.today) is ContractState.ENDED
    reason = HoldReason.ENDED if ended else HoldReason.NOT_BEGUN
    return Hold(reason, contract), f"no term of {contract.number} holds {facts.today}"


def _purpose(facts: Facts) -> Finding:
    if facts.to_support or facts.release is not None:
        return None, ""
    return Hold(HoldReason.OTHER_ADDRESS), "not written to the support address"


def _participant(facts: Facts) -> Finding:
    """Somebody who is in Cc belongs to that incident alone, and only once the asker or staff said so."""
    joined = standing.joined(facts)
    if (
        not joined
        or standing.in_a_name(facts)
        or any(tie.signal in standing.POINTING for tie in standing.own_ties(facts))
    ):
        return None, ""
    tie, part = joined[0]
    contract, asker = part.registration.contract, part.registration.asker
    number = tie.incident.number
    elsewhere = [
        each
        for each in facts.ties
        if each.signal in standing.SIGNED and each.incident.id not in standing.part_ids(facts)
    ]
    if facts.release is None and elsewhere:
        saw = f"takes part in {number}, but {elsewhere[0].signal} points to {elsewhere[0].incident.number}"
        return Hold(HoldReason.FOREIGN_REFERENCE, contract), saw
    if facts.release is None and not standing.trusted_enough(facts, contract):
        return Hold(HoldReason.UNPROVEN, contract), f"takes part in {number}; {contract.number} wants more proof"
    if tie.incident.status is Status.CLOSED:
        # Only an asker may put a new question (S28), and nobody is asked whether one may join what is over.
        return Hold(HoldReason.PARTICIPANT, contract), f"takes part in {number}, which is closed"
    if part.admitted or facts.release is not None:
        return Append(contract, asker, tie.incident, tie.signal), f"takes part in {number}, {tie.signal} points to it"
    verdict = Hold(HoldReason.PARTICIPANT, contract, asker, tie.incident)
    return verdict, f"in Cc of {number}, but nobody has admitted them yet"


def _registered(facts: Facts) -> Finding:
    """Yes, or cannot tell, or a definite no (S28)."""
    if standing.registrations(facts):
        return None, "registered: " + ", ".join(map(_shown, standing.registrations(facts)))
    if facts.contact_of:
        numbers = ", ".join(contract.number for contract in facts.contact_of)
        return Hold(HoldReason.CONTACT, facts.contact_of[0]), f"a contact of {numbers}, and no asker"
    if facts.neighbours:
        numbers = ", ".join(contract.number for contract in facts.neighbours)
        return Hold(
            HoldReason.KNOWN_DOMAIN, facts.neighbours[0]
        ), f"no asker, but of the same domain as those of {numbers}"
    pointing = [tie for tie in facts.ties if tie.signal in standing.POINTING]
    if pointing:
        # Whoever holds a letter of ours, or answers one of its people, is never thrown away unseen (rows 7, 11, 13).
        saw = f"no contract names this writer, yet {pointing[0].signal} points to {pointing[0].incident.number}"
        return Hold(HoldReason.STRANGER), saw
    if facts.strangers == "ignore" and facts.release is None:
        return Ignore(IgnoreReason.STRANGER), "no contract names this writer"
    return Hold(HoldReason.STRANGER), "no contract names this writer"


def _list(facts: Facts) -> Finding:
    """A List-Id is easily written: the list's own host must stand behind it (S8)."""
    registered = [each for each in facts.registrations if each.asker.kind is AskerKind.LIST]
    if not registered or facts.release is not None:
        return None, ""
    proven = [each for each in registered if standing.is_through(each, facts)]
    if proven:
        return None, "through " + ", ".join(each.asker.address for each in proven)
    in_person = [each for each in facts.registrations if each.asker.kind is AskerKind.PERSON]
    if any(each.contract.in_term(facts.today) for each in in_person) or (
        in_person and not any(each.contract.in_term(facts.today) for each in registered)
    ):
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
    if standing.entitled(facts):
        return None, ""
    candidates = [each for each in standing.registrations(facts) if standing.is_who_he_says(each, facts)]
    numbers = ", ".join(each.contract.number for each in candidates)
    waiting = [each for each in candidates if each.contract.state(facts.today) is ContractState.NOT_BEGUN]
    if waiting:
        return _hold(HoldReason.NOT_BEGUN, waiting[0]), f"no term of {numbers} holds {facts.today}"
    latest = max(candidates, key=lambda each: (each.contract.ends_on or date.min, each.contract.id))
    # Where the contract asks for more proof than there is, its asker may know nothing of this mail: he is told nothing.
    told = latest.asker if standing.vouched_for(latest, facts) else None
    return Hold(HoldReason.ENDED, latest.contract, told), f"{numbers} ended before {facts.today}"  # S7, S24


def _trust(facts: Facts) -> Finding:
    """Each contract says what it asks of a writer; the desk says it for those that do not.

    A signed reply address proves that a letter of ours was received, by whomever it was forwarded to: it is no proof
    of who writes, and raises no trust.
    """
    if facts.release is not None:
        return None, ""
    strict = [each for each in standing.meant(facts) if not standing.vouched_for(each, facts)]
    if not strict:
        return None, ""
    return _hold(HoldReason.UNPROVEN, strict[0]), f"{strict[0].contract.number} wants authenticated writers"


def _belongs(facts: Facts) -> Finding:
    # A reference or a token alone admits nobody (attack rows 7, 11, 13); a right token of another incident's is never
    # outvoted by a weaker tie.
    own = standing.own_ties(facts)
    pointing = [tie for tie in facts.ties if tie.signal in (standing.SIGNED if own else standing.POINTING)]
    foreign = [tie for tie in pointing if tie not in own]
    if not foreign:
        return None, ""
    tie = foreign[0]
    saw = f"{tie.signal} points to {tie.incident.number}, where this writer does not belong"
    if facts.release is not None:
        return None, saw
    former = [each for each in facts.registrations if each.contract.id == tie.incident.contract_id]
    if former and former[0].contract.state(facts.today) is ContractState.ENDED:
        # He has another contract that is in force: told that the old one ended he would think that he has none.
        return Hold(HoldReason.ENDED, former[0].contract), f"{saw} since {former[0].contract.number} ended"
    return _hold(HoldReason.FOREIGN_REFERENCE, standing.entitled(facts)[0]), saw


def _goes_round(facts: Facts) -> Finding:
    """What would be acknowledged, and would wake a machine again (RFC 3834 §2, attack row 15)."""
    joins = any(tie.incident.status is not Status.CLOSED for tie in standing.own_ties(facts))
    if joins or facts.release is not None:
        return None, ""
    for each in standing.entitled(facts):
        if why := facts.going_round.get(each.asker.id):
            return _hold(HoldReason.GOES_ROUND, each), why
    return None, ""


def _reply(facts: Facts) -> Finding:
    for tie in standing.own_ties(facts):
        registration = standing.registration_for(facts, tie.incident.contract_id)
        if tie.incident.status is not Status.CLOSED:
            admits = _let_in(facts, tie.incident, registration)
            verdict = Append(registration.contract, registration.asker, tie.incident, tie.signal, admits)
            more = f", and lets in {', '.join(admits)}" if admits else ""
            return verdict, f"{tie.signal} ties it to {tie.incident.number}{more}"
        # S6: a second question in a closed incident opens a new, linked one.
        verdict_ = Open(registration.contract, registration.asker, tie.incident)
        return verdict_, f"follows {tie.incident.number}, which is closed"
    return None, ""


def _let_in(facts: Facts, incident: Incident, registration: Registration) -> tuple[str, ...]:
    """Whom the incident's own asker lets in: those of the letter that is answered, which nobody else has; else, where
    the asker's domain vouches for him, those whom he names, or the only one.
    """
    if registration.asker.id != incident.asker_id or facts.release is not None:
        return ()
    waiting = [each for each in facts.newcomers if each.incident_id == incident.id]
    chosen = [each for each in waiting if each.answered]
    if not chosen and facts.trust is Trust.AUTHENTICATED and registration.asker.kind is AskerKind.PERSON:
        chosen = [each for each in waiting if each.named] or (waiting if len(waiting) == 1 else [])
    return tuple(each.address for each in chosen)


def _one_contract(facts: Facts) -> Finding:
    entitled = standing.entitled(facts)
    if len(entitled) == 1:
        return None, ""
    in_term = [each for each in entitled if each.contract.in_term(facts.today)]
    if len(in_term) == 1:  # released: of his contracts the one that runs
        return Open(in_term[0].contract, in_term[0].asker, None), f"only {in_term[0].contract.number} is in force"
    named = standing.named(facts, entitled)
    if len(named) == 1:
        return Open(named[0].contract, named[0].asker, None), f"names {named[0].contract.number}"
    numbers = ", ".join(registration.contract.number for registration in entitled)
    return _hold(HoldReason.WHICH_CONTRACT, entitled[0]), f"may mean any of {numbers}"


def _question(facts: Facts) -> Finding:
    registration = standing.entitled(facts)[0]
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
    ("orders", _orders),
    ("staff", _staff),
    ("change", _change),
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


def _hold(reason: HoldReason, whose: Registration | None) -> Hold:
    return Hold(reason, whose.contract, whose.asker) if whose else Hold(reason)


def _result_shown(result: AuthenticationResult) -> str:
    return f"{result.method}={result.result}" + (f" for {result.domain}" if result.domain else "")


def _shown(registration: Registration) -> str:
    return f"{registration.asker.kind} {registration.asker.address} of {registration.contract.number}"
