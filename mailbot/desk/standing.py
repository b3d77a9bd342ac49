"""What is the writer of a mail to our contracts: entitled, through which list, named where, in whose name? Pure.

The questions that the checks of `triage` share.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize

from mailbot.desk import lists
from mailbot.desk.contract import AskerKind, Contract, ContractState, TrustNeeded
from mailbot.desk.facts import Facts, Participation, Registration, Tie
from mailbot.desk.verdict import Signal
from mailbot.mail.message import Trust

SIGNED = frozenset({Signal.REPLY_ADDRESS, Signal.OWN_MESSAGE_ID})
POINTING = SIGNED | {Signal.SAME_MESSAGE_ID, Signal.IN_REPLY_TO, Signal.REFERENCES}
"""What names an incident itself. A common parent that nobody here has seen (a circular, say), a number or a subject is
no word about another's incident.
"""


def proven_lists(facts: Facts) -> list[Registration]:
    """The registered lists that the mail came through, by the word of their own hosts that our border has checked."""
    return [
        each for each in facts.registrations if each.asker.kind is AskerKind.LIST and lists.is_proven(each.asker, facts)
    ]


def is_through(registration: Registration, facts: Facts) -> bool:
    """Say whether the mail came through the list that is registered so."""
    return registration.asker.kind is AskerKind.LIST and lists.came_through(registration.asker, facts)


def registrations(facts: Facts) -> tuple[Registration, ...]:
    """Give those that count: the one in whose name a person has released the mail, else all that fit the writer."""
    if facts.release is not None and facts.release.registration is not None:
        return (facts.release.registration,)
    return facts.registrations


def in_a_name(facts: Facts) -> bool:
    """Say whether a person has released the mail in an asker's name."""
    return facts.release is not None and facts.release.registration is not None


def entitled(facts: Facts) -> list[Registration]:
    """One registration a contract in term; the list that a mail came through speaks before the person who wrote.

    Of a released mail all count: a person has looked.
    """
    if facts.release is not None:
        return _one_a_contract(registrations(facts))
    return _one_a_contract(
        each for each in facts.registrations if each.contract.in_term(facts.today) and is_who_he_says(each, facts)
    )


def _one_a_contract(candidates: Iterable[Registration]) -> list[Registration]:
    found: dict[int, Registration] = {}
    for registration in sorted(candidates, key=lambda each: each.asker.kind is not AskerKind.LIST):
        found.setdefault(registration.contract.id, registration)
    return list(found.values())


def is_who_he_says(registration: Registration, facts: Facts) -> bool:
    """Nothing speaks against it: the list's host stands behind it, or the author's domain does not disown it."""
    if registration.asker.kind is AskerKind.LIST:
        return lists.came_through(registration.asker, facts)
    return facts.trust is not Trust.FORGED


def vouched_for(registration: Registration, facts: Facts) -> bool:
    """Say whether this contract needs no more proof of who writes."""
    if registration.asker.kind is AskerKind.LIST and facts.proven_domains is not None:
        return True  # its host has proved that it passed through
    return trusted_enough(facts, registration.contract)


def trusted_enough(facts: Facts, contract: Contract) -> bool:
    """Say whether as much is known of the writer as this contract asks for."""
    return facts.trust is Trust.AUTHENTICATED or needed(facts, contract) is TrustNeeded.PLAUSIBLE


def has_a_right_to_be_heard(facts: Facts) -> bool:
    """Say whether the writer is somebody to us: then not even ignoring the address silences them."""
    registered = any(
        each.contract.state(facts.today) is not ContractState.ENDED
        and (each.asker.kind is AskerKind.PERSON or lists.came_through(each.asker, facts))
        for each in facts.registrations
    )
    admitted = any(part.admitted for _, part in joined(facts))
    return bool(registered or admitted or facts.contact_of or facts.staff)


def meant(facts: Facts) -> list[Registration]:
    """Give the registrations that this mail may concern: by what it points to, else by what it names, else all."""
    candidates = entitled(facts)
    for tie in own_ties(facts):
        return [registration_for(facts, tie.incident.contract_id)]
    return named(facts, candidates) or candidates


def needed(facts: Facts, contract: Contract) -> TrustNeeded:
    """Give what this contract asks of a writer, else what the desk asks."""
    return contract.trust or facts.trust_needed


def registration_for(facts: Facts, contract_id: int) -> Registration:
    """Give the registration by which the writer is entitled under this contract."""
    return next(each for each in entitled(facts) if each.contract.id == contract_id)


def own_ties(facts: Facts) -> list[Tie]:
    """Give the ties to incidents of contracts under which the writer is entitled."""
    contracts = {registration.contract.id for registration in entitled(facts)}
    return [tie for tie in facts.ties if tie.incident.contract_id in contracts]


def joined(facts: Facts) -> list[tuple[Tie, Participation]]:
    """The incidents that the writer takes part in and points to; of contracts in term, unless a person has looked."""
    parts = {part.incident_id: part for part in facts.participations}
    found = [(tie, parts[tie.incident.id]) for tie in facts.ties if tie.incident.id in parts]
    return [
        (tie, part)
        for tie, part in found
        if facts.release is not None or part.registration.contract.in_term(facts.today)
    ]


def part_ids(facts: Facts) -> set[int]:
    """Give the incidents that the writer was seen in."""
    return {part.incident_id for part in facts.participations}


def named(facts: Facts, candidates: list[Registration]) -> list[Registration]:
    """Those whose contract number the writer names."""
    return [each for each in candidates if is_named(facts, each.contract)]


def is_named(facts: Facts, contract: Contract) -> bool:
    """Say whether the number stands there as a word: C-1 is not named by C-10."""
    words = normalize("NFKC", f"{facts.message.subject}\n{facts.message.new_text}").casefold()
    return _as_a_word(contract.number).search(words) is not None


def _as_a_word(number: str) -> re.Pattern[str]:
    bare = re.escape(normalize("NFKC", number).casefold())
    return re.compile(rf"(?<![0-9a-z])(?<![0-9a-z]-){bare}(?!-?[0-9a-z])")
