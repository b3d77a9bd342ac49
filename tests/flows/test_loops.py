"""Two machines that answer each other must come to rest (attack row 15, T11): three automatic mails a day at most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from mailbot.app import make_context
from mailbot.store.engine import Store
from tests.flows.office import NOON, SUPPORT, Letter, Office, in_process, mail, open_office, settings

ASKER = "robot@customer.example"
LIST = "db@lists.customer.example"
DAYS = 3
Answer = Callable[[Letter, int], tuple[bytes, str] | None]
"""What a partner does with a letter of ours, and the how manieth it is: a mail and its envelope sender, or nothing."""


def rfc3834(letter: Letter, n: int) -> tuple[bytes, str]:
    """A robot as the standard wants it."""
    fields = ("Auto-Submitted: auto-replied", f"In-Reply-To: {letter.message_id}")
    return mail(
        ASKER, f"Auto: {letter.subject}", "Away.", *fields, message_id=f"<r{n}@customer.example>", date=letter.at
    ), ""


def without_signs(letter: Letter, n: int) -> tuple[bytes, str]:
    """A robot that answers as a person would: to Reply-To, with In-Reply-To, and nothing that says what it is."""
    text = f"I got your mail.\n\n> {letter.text[:200]}"
    fields = (f"In-Reply-To: {letter.message_id}",)
    return mail(ASKER, letter.subject, text, *fields, message_id=f"<r{n}@customer.example>", date=letter.at), ASKER


def subject_alone(letter: Letter, n: int) -> tuple[bytes, str]:
    """One that keeps nothing but the subject."""
    return mail(ASKER, letter.subject, f"Received {n}.", message_id=f"<r{n}@customer.example>", date=letter.at), ASKER


def nothing_of_ours(letter: Letter, n: int) -> tuple[bytes, str]:
    """One with a subject of its own and no tie at all: known only by saying the same again."""
    return mail(
        ASKER, "Thank you for your mail", "We are away.", message_id=f"<r{n}@customer.example>", date=letter.at
    ), ASKER


def no_message_id(letter: Letter, n: int) -> tuple[bytes, str]:
    """The same without even a Message-ID: always the very same mail."""
    return mail(ASKER, "Thank you for your mail", "We are away."), ASKER


def redirected(letter: Letter, n: int) -> tuple[bytes, str]:
    """A mailbox that is redirected to us."""
    return b"Received: from mx\r\nReturn-Path: <>\r\n" + letter.raw, letter.sender


def redirected_badly(letter: Letter, n: int) -> tuple[bytes, str]:
    """The same by a program that puts its own address and id into the mail, and takes ours out."""
    kept = "Date: Wed, 1 Apr 2026 12:00:00 +0900"
    return mail(ASKER, f"Fwd: {letter.subject}", letter.text, kept, message_id=f"<f{n}@customer.example>"), ASKER


PARTNERS = [
    rfc3834,
    without_signs,
    subject_alone,
    nothing_of_ours,
    no_message_id,
    redirected,
    redirected_badly,
]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as office:
        contract = office.contract("C-001", language="en")
        office.asker(contract, "Robot", ASKER)
        office.asker(contract, "DB team", LIST, list_id="db.lists.customer.example")
        office.staff("Sato", "sato@desk.example")
        yield office


def converse(office: Office, answer: Answer) -> Counter[int]:
    """A question each morning, and then whatever the partner makes of it; the acknowledgements of each day."""
    automatic: Counter[int] = Counter()
    count = 0
    for day in range(DAYS):
        office.now = NOON + timedelta(days=day)
        question = mail(
            ASKER, f"Question of day {day}", "How do I tune pgpool-II 4.5?", message_id=f"<q{day}@c.example>"
        )
        office.take_in(question, sender=ASKER)
        for _ in range(50):
            office.passes(timedelta(minutes=1))
            ours = [letter for letter in office.work() if letter.audience != "staff"]
            if not ours:
                break
            automatic[day] += len(ours)
            for letter in ours:
                count += 1
                answered = answer(letter, count)
                if answered:
                    office.take_in(answered[0], sender=answered[1])
        else:
            pytest.fail("they talk for ever")
    return automatic


@pytest.mark.parametrize("partner", PARTNERS, ids=lambda partner: partner.__name__)
def test_comes_to_rest(office: Office, partner: Answer) -> None:
    days = converse(office, partner)
    assert len(days) == DAYS
    assert max(days.values()) <= 3


def test_staff_are_told_of_a_machine_that_goes_round(office: Office) -> None:
    converse(office, nothing_of_ours)
    told = [each for each in office.sent if each.kind == "digest" and "perhaps from a machine" in each.text]
    assert len(told) == DAYS
    assert {letter.recipient for letter in told} == {"sato@desk.example"}
    assert [row["reason"] for row in office.inbound() if row["state"] == "held"] == ["goes-round"] * DAYS


def test_another_question_with_the_same_subject_is_acknowledged(office: Office) -> None:
    for number in range(20):
        question = mail(ASKER, "pgpool-II", f"What about node {number}?", message_id=f"<n{number}@c.example>")
        office.take_in(question, sender=ASKER)
    acknowledged = [letter for letter in office.work() if letter.kind == "acknowledgement"]
    assert len(acknowledged) == 20


def test_the_next_day_begins_anew(office: Office) -> None:
    counts = []
    for number in range(6):
        office.take_in(
            mail(ASKER, "Weekly", "The report.", message_id=f"<w{number}@c.example>", date=office.now), sender=ASKER
        )
        counts.append(sum(letter.kind == "acknowledgement" for letter in office.work()))
        office.passes(timedelta(hours=8))
    assert counts == [1, 1, 0, 0, 1, 1]  # two within any day
    office.passes(timedelta(days=1))
    office.take_in(mail(ASKER, "Weekly", "The report.", message_id="<w9@c.example>", date=office.now), sender=ASKER)
    assert sum(letter.kind == "acknowledgement" for letter in office.work()) == 1


def test_a_list_that_echoes_us(office: Office) -> None:
    """S8: the acknowledgement goes to the list, and the list sends it to all its members, with us among them."""
    fields = ("List-Id: <db.lists.customer.example>", f"List-Post: <mailto:{LIST}>", "Precedence: list")
    question = mail("ito@customer.example", "[db] Question", "How?", *fields, to=LIST, message_id="<q@c.example>")
    office.take_in(question, sender="db-bounces@lists.customer.example")
    sent = 0
    for n in range(20):
        office.passes(timedelta(minutes=1))
        ours = [letter for letter in office.work() if letter.audience != "staff"]
        sent += len(ours)
        for letter in ours:
            own = "".join(f"{field}\r\n" for field in fields).encode()
            office.take_in(own + letter.raw, sender="db-bounces@lists.customer.example")
            # … and a list program that puts the list into From and gives the mail an id of its own (DMARC).
            rewritten = mail(
                f"Support Desk via db <{LIST}>",
                f"[db] {letter.subject}",
                letter.text,
                *fields,
                f"Reply-To: {SUPPORT}",
                to=LIST,
                message_id=f"<echo{n}@lists.customer.example>",
            )
            office.take_in(rewritten, sender="db-bounces@lists.customer.example")
    assert 1 <= sent <= 3
    assert len(office.incidents()) <= 3


@pytest.mark.parametrize("stripped", [False, True], ids=["as they are", "all fields lost on the way"])
def test_two_desks(tmp_path: Path, stripped: bool) -> None:
    """Each is an asker of the other. A field that says who writes may be lost on the way; the peace may not."""
    other_context = make_context(settings("Other Desk", "other.example"), cast(Store, None), in_process)
    with open_office(tmp_path / "one") as one, open_office(tmp_path / "other", context=other_context) as other:
        one.asker(one.contract("C-001", language="en"), "Other Desk", "support@other.example")
        other.asker(other.contract("D-001", language="en"), "Support Desk", SUPPORT)
        first = mail("support@other.example", "Hello", "How do I tune pgpool-II?", message_id="<1@other.example>")
        one.take_in(first, sender="support@other.example")
        exchanged = 0
        for n in range(30):
            letters = [(letter, other, SUPPORT) for letter in one.work()]
            letters += [(letter, one, "support@other.example") for letter in other.work()]
            exchanged += len(letters)
            for letter, receiver, sender in letters:
                raw = mail(sender, letter.subject, letter.text, message_id=f"<{n}@relay.example>")
                to = ["support@other.example" if receiver is other else SUPPORT]
                receiver.take_in(raw if stripped else letter.raw, sender=sender if stripped else "", recipients=to)
            one.passes(timedelta(minutes=1))
            other.now = one.now
            if not letters:
                break
        assert 1 <= exchanged <= 6  # three each
        assert not letters
