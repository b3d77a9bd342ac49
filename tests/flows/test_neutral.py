"""A registered person hears, shortly before a held mail's time is over, that it is here; nobody else does (S28)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from mailbot.flows import askers, decisions
from mailbot.store import journal
from mailbot.store.schema import contract
from tests.flows.office import NOON, SUPPORT, Letter, Office, mail, open_office

ANN, HANA, SATO = "ann@acme.example", "hana@acme.example", "sato@desk.example"
MINUTE = timedelta(minutes=1)
AUTHENTICATED = "Authentication-Results: mx.desk.example; dmarc=pass header.from=acme.example"
FORGED = "Authentication-Results: mx.desk.example; dmarc=fail header.from=acme.example"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Ann has two contracts, and does not say which one she means; Hana is a contact."""
    with open_office(tmp_path / "office") as office:
        for number in ("C-001", "C-002"):
            office.asker(office.contract(number, language="en", customer="Acme Ltd"), "Ann Archer", ANN)
        office.contact(1, "Hana Holt", HANA)
        office.staff("Sato", SATO)
        yield office


def _held(office: Office, who: str = ANN, *fields: str, to: str = SUPPORT, text: str = "How so?", n: int = 0) -> int:
    raw = mail(who, f"Secret{n} plan", text, *fields, to=to, message_id=f"<q{n}@acme.example>", date=office.now)
    held = office.take_in(raw, sender=who, recipients=[to])
    assert held is not None
    office.work()
    assert office.inbound(held)[0]["state"] == "held"
    return held


def _neutral(office: Office) -> list[Letter]:
    return [letter for letter in office.sent if letter.kind == "neutral"]


def _until(office: Office, until: datetime, step: timedelta = MINUTE) -> None:
    while office.now < until:
        office.passes(step)
        office.work()


def test_an_asker_hears_once_at_90_per_cent(office: Office) -> None:
    held = _held(office, text="The password is xyzzy.\nIt hangs under heavy load.")
    _until(office, NOON + timedelta(hours=3), timedelta(seconds=30))
    (letter,) = _neutral(office)
    assert letter.at == NOON + 27 * MINUTE
    assert (letter.recipient, letter.sender, letter.audience) == (ANN, "", "customer")
    assert letter.message["Auto-Submitted"] == "auto-replied"
    assert letter.message["Reply-To"] is None
    assert "Dear Ann Archer," in letter.text
    assert "Wed 1 Apr 2026 12:00 JST" in letter.text
    assert office.incidents() == []  # it is no first response, and staff are alarmed all the same
    assert Counter(each.kind for each in office.sent) == {"digest": 1, "alarm": 3, "neutral": 1}
    with office.context.store.read() as connection:
        assert [each["why"] for each in journal.about(connection, f"inbound:{held}") if each["what"] == "neutral"] == [
            f"to {ANN}"
        ]


WORDS = ("secret", "plan", "xyzzy", "password", "heavy", "zürich", "sato")


@pytest.mark.parametrize(
    "text", ["The password is xyzzy, under heavy load in Zürich.", "パスワードは xyzzy です。教えてください。"]
)
def test_it_holds_no_word_of_the_mail_and_nothing_of_ours(office: Office, text: str) -> None:
    _held(office, text=text)
    _until(office, NOON + 28 * MINUTE)
    (letter,) = _neutral(office)
    everything = "\n".join(f"{name}: {value}" for name, value in letter.message.items()) + letter.text
    for word in (*WORDS, "パスワード", "c-001", "c-002", "inc-", "q0@"):
        assert word not in everything.lower()
    assert ("届きました" in letter.text) == ("パスワード" in text)  # the writer's language (S15)


def test_it_answers_a_mail_whose_writer_is_proven(office: Office) -> None:
    _held(office, ANN, AUTHENTICATED)
    _until(office, NOON + 28 * MINUTE)
    (letter,) = _neutral(office)
    assert letter.message["In-Reply-To"] == letter.message["References"] == "<q0@acme.example>"


def test_where_nobody_vouches_for_the_writer_it_answers_nothing(office: Office) -> None:
    _held(office, ANN, "Reply-To: eve@elsewhere.example", "Sender: eve@elsewhere.example")
    _until(office, NOON + 28 * MINUTE)
    (letter,) = _neutral(office)
    assert letter.recipient == ANN
    assert letter.message["In-Reply-To"] is None
    assert letter.message["References"] is None


def test_a_contact_and_a_mail_to_another_address(office: Office) -> None:
    office.asker(office.contract("C-003", language="en"), "Carl", "carl@third.example")
    _held(office, HANA, n=1)
    _held(office, "carl@third.example", to="news@desk.example", n=2)
    _until(office, NOON + 28 * MINUTE)
    assert sorted((each.recipient, each.text.splitlines()[0]) for each in _neutral(office)) == [
        ("carl@third.example", "Dear Carl,"),
        (HANA, "Dear Hana Holt,"),
    ]


def test_one_whose_contract_wants_proof(office: Office) -> None:
    strict = office.contract("C-003", language="en")
    office.asker(strict, "Carl", "carl@third.example")
    with office.context.store.begin() as connection:
        connection.execute(update(contract).where(contract.c.id == strict).values(trust="authenticated"))
    _held(office, "carl@third.example")
    _until(office, NOON + 28 * MINUTE)
    assert [row["reason"] for row in office.inbound()] == ["unproven"]
    assert [each.recipient for each in _neutral(office)] == ["carl@third.example"]


@pytest.mark.parametrize(
    ("who", "fields", "to", "reason"),
    [
        ("eve@elsewhere.example", (), SUPPORT, "stranger"),
        ("eve@elsewhere.example", (), "news@desk.example", "other-address"),
        ("colleague@acme.example", (), SUPPORT, "known-domain"),
        (ANN, (FORGED,), SUPPORT, "forged"),
        (ANN, ("Auto-Submitted: auto-generated",), SUPPORT, "machine"),
        (SATO, (), SUPPORT, "staff-mail"),
        (f"{ANN}, eve@elsewhere.example", (), SUPPORT, "ambiguous-author"),
        ("old@gone.example", (), SUPPORT, "ended"),
    ],
)
def test_whoever_is_not_surely_a_registered_person_hears_nothing(
    office: Office, who: str, fields: tuple[str, ...], to: str, reason: str
) -> None:
    past = office.contract("C-009", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    office.asker(past, "Old", "old@gone.example")
    raw = mail(who, "Question", "How so?", *fields, message_id="<x@elsewhere.example>")
    office.take_in(raw, sender="x@elsewhere.example", recipients=[to])
    office.work()
    assert [row["reason"] for row in office.inbound()] == [reason]
    _until(office, NOON + timedelta(hours=2))
    assert _neutral(office) == []
    assert {letter.recipient for letter in office.sent} - {"old@gone.example"} == {SATO}


def test_a_list_hears_nothing_of_a_mail_that_only_names_it(office: Office) -> None:
    office.asker(1, "DB", "db@lists.acme.example", list_id="db.lists.acme.example")
    raw = mail("eve@elsewhere.example", "Q", "How?", "List-Id: <db.lists.acme.example>", message_id="<l@e.example>")
    office.take_in(raw, sender="eve@elsewhere.example")
    office.work()
    assert [row["reason"] for row in office.inbound()] == ["list-unproven"]
    _until(office, NOON + timedelta(hours=1))
    assert {letter.recipient for letter in office.sent} == {SATO}


@pytest.mark.parametrize("decision", ["release", "reject"])
def test_whoever_decides_in_time_says_it_himself(office: Office, decision: str) -> None:
    held = _held(office)
    _until(office, NOON + 26 * MINUTE)
    with office.context.store.begin() as connection:
        if decision == "release":
            decisions.release(connection, held, contract="C-001", address=None, by=SATO, now=office.now)
        else:
            decisions.reject(connection, held, by=SATO, now=office.now)
    _until(office, NOON + timedelta(hours=1))
    assert _neutral(office) == []
    told = [letter.kind for letter in office.sent if letter.recipient == ANN]
    assert told == (["acknowledgement"] if decision == "release" else [])


def test_one_letter_a_day_and_address(office: Office) -> None:
    for number in range(4):
        _held(office, n=number, text=f"What of node {number}?")
        _until(office, office.now + timedelta(hours=1), 3 * MINUTE)
    assert [letter.at for letter in _neutral(office)] == [NOON + 27 * MINUTE]
    _until(office, datetime(2026, 4, 2, 0, 0, tzinfo=UTC), timedelta(hours=1))
    _held(office, n=9)
    _until(office, office.now + timedelta(hours=1), 3 * MINUTE)
    assert len(_neutral(office)) == 2


def test_a_mail_that_is_held_once_more_is_told_once(office: Office) -> None:
    held = _held(office)
    _until(office, NOON + 28 * MINUTE)
    _until(office, NOON + timedelta(days=1), timedelta(hours=6))
    with office.context.store.begin() as connection:
        decisions.release(connection, held, contract=None, address=None, by=SATO, now=office.now)
    office.work()
    assert office.inbound(held)[0]["state"] == "held"
    _until(office, office.now + timedelta(hours=2), 10 * MINUTE)
    assert len(_neutral(office)) == 1


def test_who_was_struck_off_meanwhile_hears_nothing(office: Office) -> None:
    _held(office)
    for number in ("C-001", "C-002"):
        askers.remove_asker(office.context.store, number, ANN, office.now)
    _until(office, NOON + timedelta(hours=1))
    assert _neutral(office) == []


def test_it_waits_for_the_opening(office: Office) -> None:
    """Ten minutes before the closing: 90 per cent are over the next morning, and at night nothing leaves."""
    office.now = datetime(2026, 4, 1, 8, 50, tzinfo=UTC)
    _held(office)
    _until(office, datetime(2026, 4, 2, 3, 0, tzinfo=UTC), MINUTE * 17)
    (letter,) = _neutral(office)
    assert datetime(2026, 4, 2, 0, 17, tzinfo=UTC) <= letter.at <= datetime(2026, 4, 2, 0, 34, tzinfo=UTC)


def test_what_was_missed_while_nothing_ran_leaves_in_the_morning(office: Office) -> None:
    _held(office)
    office.now = datetime(2026, 4, 1, 18, 0, tzinfo=UTC)  # 03:00 in Tokyo
    office.work()
    assert _neutral(office) == []
    assert [letter.kind for letter in office.sent].count("alarm") == 1  # staff hear at once
    office.now = datetime(2026, 4, 1, 23, 59, tzinfo=UTC)
    office.work()
    assert _neutral(office) == []
    office.passes(MINUTE)
    office.work()
    assert [letter.at for letter in _neutral(office)] == [datetime(2026, 4, 2, 0, 0, tzinfo=UTC)]


def test_a_restart_between_tells_nothing_twice(office: Office, tmp_path: Path) -> None:
    _held(office)
    _until(office, NOON + 28 * MINUTE)
    with open_office(tmp_path / "again", url=f"sqlite:///{tmp_path / 'office' / 'mailbot.db'}") as again:
        again.now = office.now
        _until(again, NOON + timedelta(hours=1))
        assert [letter.kind for letter in again.sent] == ["alarm"]  # the end of its window


def test_the_shortest_window_of_all_that_may_be_meant_counts(office: Office) -> None:
    for number, menu in (("C-011", "business"), ("C-012", "premium")):
        office.asker(office.contract(number, menu=menu), "Carl", "carl@third.example")
    held = _held(office, "carl@third.example")
    assert office.inbound(held)[0]["due_at"] == NOON + 30 * MINUTE


def test_a_machine_behind_the_address_comes_to_rest(office: Office) -> None:
    """T11: it answers each letter of ours as a person would; three at most, then silence."""
    _held(office)
    got = []
    while office.now < NOON + timedelta(days=1):
        office.passes(5 * MINUTE)
        for letter in office.work():
            if letter.recipient == ANN:
                got.append(letter.at)
                raw = mail(ANN, f"Noted {len(got)}", f"Noted, {len(got)}.", message_id=f"<r{len(got)}@acme.example>")
                office.take_in(raw, sender=ANN)
    assert 1 <= len(got) <= 3
    assert got[-1] < NOON + timedelta(hours=2)


def test_what_reads_like_an_answering_machine_gets_no_letter(office: Office) -> None:
    _held(office, text="Thank you for contacting us. A ticket has been opened.")
    _until(office, NOON + timedelta(hours=1))
    assert _neutral(office) == []
