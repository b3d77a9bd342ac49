"""Can somebody become an asker by writing so? The classic take-over: `my address has changed` from a mail that is not
proven (attack rows 7, 11, 13). Nothing changes before a person approves, and every letter goes to registered addresses.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mailbot.desk.contract import TrustNeeded
from mailbot.flows import changes
from tests.flows.office import AUTHSERV_ID, Office, mail
from tests.security.people import ASKER, STAFF, STRANGER, acknowledged, decided, outsiders

REGISTRY = "registry@desk.example"
THIEF = "ann.archer@thief.example"
TEXT = f"My e-mail address has changed to {THIEF}. Please update it."
FORGED = f"Authentication-Results: {AUTHSERV_ID}; dmarc=fail header.from=acme.example"
PROVEN = f"Authentication-Results: {AUTHSERV_ID}; dmarc=pass header.from=acme.example"


def asked(office: Office, *fields: str, sender: str = ASKER, text: str = TEXT, name: str = "Ann Archer") -> str:
    number = len(office.inbound())
    raw = mail(f"{name} <{sender}>", "New address", text, *fields, to=REGISTRY, message_id=f"<n{number}@x.example>")
    return decided(office, raw, sender=sender, to=REGISTRY)


def unchanged(office: Office) -> None:
    assert office.registered(1) == [ASKER]
    assert outsiders(office) == []


def test_a_forged_mail_asks_for_nothing(office: Office) -> None:
    assert asked(office, FORGED) == "hold forged"
    unchanged(office)
    assert {letter.kind for letter in office.sent} == {"digest"}


def test_an_unproven_mail_is_a_request_that_staff_see_marked(office: Office) -> None:
    assert asked(office) == "change"
    unchanged(office)
    (told,) = (letter for letter in office.sent if letter.recipient == STAFF)
    assert "NOT proven" in told.text
    assert "as an account thief would" in told.text
    (received,) = (letter for letter in office.sent if letter.recipient == ASKER)  # the true one hears of it at once
    assert "if you did not ask for this" in received.text


def test_a_proven_mail_is_said_to_be_proven(office: Office) -> None:
    assert asked(office, PROVEN) == "change"
    (told,) = (letter for letter in office.sent if letter.recipient == STAFF)
    assert "the sender's domain vouches for this mail" in told.text
    assert "nothing proves who sent this" not in told.text
    unchanged(office)


def test_a_contract_that_wants_proof_takes_no_unproven_request(office: Office) -> None:
    policy = replace(office.context.policy, trust=TrustNeeded.AUTHENTICATED)
    office.context = replace(office.context, policy=policy)
    assert asked(office) == "hold unproven"
    assert asked(office, PROVEN) == "change"
    unchanged(office)


def test_the_reply_address_of_the_mail_is_not_believed(office: Office) -> None:
    assert asked(office, f"Reply-To: {THIEF}", f"Sender: {THIEF}") == "change"
    unchanged(office)


def test_the_old_address_hears_of_it_and_is_heard(office: Office) -> None:
    asked(office)
    changes.decide_by_hand(office.context, 1, approved=True, by="Sato", reason="", now=office.now)
    office.work()
    (farewell,) = (letter for letter in office.sent if letter.kind == "unregistered")
    assert farewell.recipient == ASKER
    assert THIEF not in farewell.raw.decode()
    office.context = replace(office.context, policy=replace(office.context.policy, strangers="ignore"))
    assert asked(office, text="I did not ask for this!") == "hold stranger"  # not ignored, whatever the policy


@pytest.mark.parametrize("words", [TEXT, f"Please replace Ann Archer with Mallory <{THIEF}>."])
def test_the_asker_of_another_contract_reaches_nobody_of_this_one(office: Office, words: str) -> None:
    other = office.contract("C-002", language="en", customer="Other Ltd")
    office.asker(other, "Olga", "olga@other.example")
    assert asked(office, sender="olga@other.example", text=f"About C-001. {words}") == "change"
    told = [letter for letter in office.sent if letter.recipient == "olga@other.example"]
    assert all(ASKER not in letter.raw.decode() for letter in told)
    assert office.registered(1) == [ASKER]
    staff = next(letter for letter in office.sent if letter.recipient == STAFF)
    assert "C-002" in staff.subject
    assert ASKER not in staff.text


def test_a_participant_may_not_ask(office: Office) -> None:
    letter = acknowledged(office, "Question", "How?", "Cc: Eve <eve@elsewhere.example>")
    before = len(office.sent)
    fields = (f"In-Reply-To: {letter.message_id}", f"References: {letter.message_id}")
    assert asked(office, *fields, sender=STRANGER, name="Eve") == "hold stranger"
    assert {each.recipient for each in office.sent[before:]} <= {STAFF}
    assert office.registered(1) == [ASKER]


def test_a_member_of_a_list_may_not_ask_directly(office: Office) -> None:
    office.asker(1, "DB", "db@lists.acme.example", list_id="db.lists.acme.example")
    assert asked(office, sender="member@acme.example", name="Member") == "hold known-domain"
    named = ("List-Id: <db.lists.acme.example>", "List-Post: <mailto:db@lists.acme.example>")
    assert asked(office, *named, sender=STRANGER, name="Eve") == "hold list-unproven"
    assert office.registered(1) == [ASKER, "db@lists.acme.example"]
    assert outsiders(office) == []


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "verdict"),
    [
        (date(2027, 1, 1), date(2027, 12, 31), "hold not-begun"),
        (date(2025, 1, 1), date(2025, 12, 31), "hold ended"),
    ],
)
def test_outside_the_term_nothing_is_asked_for(office: Office, starts_on: date, ends_on: date, verdict: str) -> None:
    other = office.contract("C-002", language="en", starts_on=starts_on, ends_on=ends_on)
    office.asker(other, "Olga", "olga@other.example")
    office.contact(other, "Otto", "otto@other.example")
    assert asked(office, sender="olga@other.example") == verdict
    assert asked(office, sender="otto@other.example") == verdict


def test_two_authors_ask_for_nothing(office: Office) -> None:
    raw = mail(f"Ann <{ASKER}>, Eve <{STRANGER}>", "New address", TEXT, to=REGISTRY)
    assert decided(office, raw, sender=STRANGER, to=REGISTRY) == "hold ambiguous-author"
    unchanged(office)
