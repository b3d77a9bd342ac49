"""Who hears, before the time of a held mail is over, that it is here? One table over the reasons to hold. Pure.

The neutral letter says that a mail came in somebody's name and that a person must look at it, and promises nothing. It
goes to people alone who are registered, at the address that is registered: whoever forged the mail reads nothing, and
a stranger gets nothing at all (S28).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mailbot.desk.contract import AskerKind, Contract
from mailbot.desk.facts import Registration
from mailbot.desk.verdict import HoldReason


@dataclass(frozen=True, slots=True)
class Rule:
    """Whether the registered person in whose name a mail came is told of it, and why (in English, for staff)."""

    tells: bool
    why: str


RULES: Mapping[HoldReason, Rule] = {
    HoldReason.NULL_SENDER: Rule(False, "a mail without return path must not be answered (RFC 5321 §4.5.5)"),
    HoldReason.MACHINE: Rule(False, "nobody answers a machine (RFC 3834 §2)"),
    HoldReason.AMBIGUOUS_AUTHOR: Rule(False, "nobody can say who wrote it"),
    HoldReason.FORGED: Rule(False, "its author's domain says that he did not write it"),
    HoldReason.STRANGER: Rule(False, "a stranger is told nothing (S28)"),
    HoldReason.KNOWN_DOMAIN: Rule(False, "a colleague of an asker is a stranger until a person says otherwise (S28)"),
    HoldReason.CONTACT: Rule(True, "a contact knows of the contract; that a mail came says nothing more"),
    HoldReason.PARTICIPANT: Rule(False, "the incident's asker was asked, and only he may let somebody in"),
    HoldReason.LIST_UNPROVEN: Rule(False, "a List-Id is easily written: a forger would make us write to all members"),
    HoldReason.UNPROVEN: Rule(True, "the asker most likely wrote it; if not, he should hear that somebody does"),
    HoldReason.NOT_BEGUN: Rule(False, "no contract of his is in force"),
    HoldReason.ENDED: Rule(False, "no contract of his is in force; that was said to him, once"),
    HoldReason.WHICH_CONTRACT: Rule(True, "an asker's question, of one contract or another"),
    HoldReason.FOREIGN_REFERENCE: Rule(True, "an asker's mail, wherever it belongs"),
    HoldReason.STAFF_MAIL: Rule(False, "staff see what is held"),
    HoldReason.OTHER_ADDRESS: Rule(True, "an asker may have taken the wrong address for a question"),
    HoldReason.GOES_ROUND: Rule(False, "a machine of his seems to answer whatever we write (RFC 3834 §2)"),
}


def is_told(
    address: str | None, registrations: Iterable[Registration], contact_of: Iterable[Contract], today: date
) -> bool:
    """Say whether this is the address, normalised, of a person who is registered with a contract in force."""
    persons = [
        each.contract
        for each in registrations
        if each.asker.kind is AskerKind.PERSON and each.asker.address == address and not each.asker.removed
    ]
    return address is not None and any(contract.in_term(today) for contract in (*persons, *contact_of))
