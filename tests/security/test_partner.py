"""What can the partner do, and what does the partner see? (S27) Calls, each for one incident, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from mailbot.desk.contract import Role
from mailbot.flows import life, urgency
from mailbot.mail.outgoing import Expected, faults_of
from mailbot.mail.token import Token, mint, reply_address, signing_keys
from mailbot.store import contracts, incidents
from tests.flows.office import AUTHSERV_ID, SECRET, SUPPORT, Letter, Office, mail, open_office
from tests.security.people import ASKER, STAFF, STRANGER, decided

NIGHT = "night@partner.example"
COLLEAGUE = "suzuki@desk.example"
OTHER = "bob@other.example"
AT_NIGHT = datetime(2026, 4, 3, 18, 0, tzinfo=UTC)  # Saturday 03:00 in Tokyo
URGENT = (
    "Our production system is down, pgpool-II 4.5 crashes again after every restart.\n"
    "We cannot work at all, and it is mission critical."
)
FORGED = f"Authentication-Results: {AUTHSERV_ID}; dmarc=fail header.from=partner.example"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as office:
        office.now = AT_NIGHT
        office.asker(office.contract("C-001", language="en", customer="Acme Ltd"), "Ann Archer", ASKER)
        office.asker(office.contract("C-002", language="en", customer="Other Ltd"), "Bob", OTHER)
        office.staff("Sato", STAFF)
        office.staff("Suzuki", COLLEAGUE)
        office.staff("Night", NIGHT, language="en", role=Role.PARTNER)
        yield office


def called(office: Office, sender: str = ASKER) -> Letter:
    """An urgent question comes; the partner's call."""
    assert decided(office, mail(sender, f"Down {len(office.inbound())}", URGENT), sender=sender) == "open"
    return next(each for each in reversed(office.sent) if each.kind == "call" and each.recipient == NIGHT)


def address_in(letter: Letter) -> str:
    return str(letter.message["Reply-To"].addresses[0].addr_spec)


def writes(
    office: Office, text: str, *fields: str, to: str, by: str = NIGHT, from_: str = ""
) -> tuple[str, list[Letter]]:
    before = len(office.sent)
    raw = mail(from_ or by, f"Re: {len(office.inbound())}", text, *fields, to=to)
    return decided(office, raw, sender=by, to=to), office.sent[before:]


def assignee(office: Office, number: str = "INC-2026-000001") -> str | None:
    (row,) = [each for each in office.incidents() if each["number"] == number]
    return None if row["assignee"] is None else str(row["assignee"])


def signed(person: int, incident: int) -> str:
    return reply_address(
        "staff@desk.example", mint(signing_keys([SECRET]), Token("desk", incident, person, date(2026, 12, 31)))
    )


def test_an_answer_to_the_call_is_all_that_is_heard(office: Office) -> None:
    call = called(office)
    assert call.audience == "stranger"
    verdict, told = writes(office, "we have it", f"In-Reply-To: {call.message_id}", to=address_in(call))
    assert verdict == "orders"
    assert assignee(office) == "Night"
    (answer,) = [each for each in told if each.recipient == NIGHT]
    assert "It is yours." in answer.text


@pytest.mark.parametrize(
    "order",
    [
        "release 1",
        "release 1 for C-001",
        "reject 1",
        "ignore 1",
        "register 1 Eve for C-001",
        "register Eve <eve@elsewhere.example> for C-001",
        "let in 1",
        "approve 1",
        "decline 1",
        "urgent",
        "not urgent",
    ],
)
def test_the_partner_orders_nothing(office: Office, order: str) -> None:
    assert decided(office, mail(STRANGER, "Question", "How?"), sender=STRANGER) == "hold stranger"
    to_registry = mail(
        ASKER, "Change", "Please add the machine db9, RHEL 9, pgpool-II 4.5.", to="registry@desk.example"
    )
    assert decided(office, to_registry, sender=ASKER, to="registry@desk.example") == "change"
    call = called(office)
    before = state(office)
    verdict, told = writes(office, order, f"In-Reply-To: {call.message_id}", to=address_in(call))
    assert verdict == "orders"
    assert state(office) == before
    assert not [each for each in told if each.kind in ("transcript", "acknowledgement", "change-done", "urgency")]


def state(office: Office) -> object:
    """All that an order of staff could change."""
    with office.context.store.read() as connection:
        return (
            [(each["id"], each["state"]) for each in office.inbound() if each["reason"] == "stranger"],
            [each.address for each in contracts.askers(connection, 1)],
            [each["urgency"] for each in office.incidents()],
            len([each for each in office.outbox() if each["kind"] == "change-done"]),
        )


def test_another_incident_is_not_spoken_of(office: Office) -> None:
    """Whether it is there, was called for, or is not there at all: one and the same answer."""
    office.now = datetime(2026, 4, 3, 1, 0, tzinfo=UTC)  # by day: the partner is not called for this one
    assert decided(office, mail(OTHER, "How?", "How do I set health_check_timeout?"), sender=OTHER) == "open"
    office.now = AT_NIGHT
    call = called(office)
    heard = []
    for number in ("INC-2026-000001", "INC-2026-000099"):
        _, told = writes(office, f"take {number}", f"In-Reply-To: {call.message_id}", to=address_in(call))
        assert {each.recipient for each in told} == {NIGHT}
        heard.append((told[0].subject, told[0].text))
    assert heard[0] == heard[1]
    assert "INC-" not in heard[0][1]
    assert (assignee(office, "INC-2026-000001"), assignee(office, "INC-2026-000002")) == (None, None)


def test_the_partner_takes_nothing_by_hand_but_what_it_was_called_for(office: Office) -> None:
    office.now = datetime(2026, 4, 3, 1, 0, tzinfo=UTC)
    decided(office, mail(OTHER, "How?", "How do I set health_check_timeout?"), sender=OTHER)
    with office.context.store.begin() as connection:
        (night,) = [each for each in contracts.everybody(connection) if each.role is Role.PARTNER]
        incident = incidents.by_number(connection, "INC-2026-000001")
        assert incident is not None
        assert life.take(office.context, connection, incident, night, office.now).said == "not-called"
        found = urgency.decide(office.context, connection, incident, night, urgent=True, now=office.now)
        assert found.said == "not-called"
    assert assignee(office) is None


@pytest.mark.parametrize("by", [STRANGER, ASKER, STAFF, COLLEAGUE])
def test_the_partners_address_in_another_hand_is_nothing(office: Office, by: str) -> None:
    call = called(office)
    verdict, _ = writes(office, "take", f"In-Reply-To: {call.message_id}", to=address_in(call), by=by)
    assert verdict.startswith("hold ")
    assert assignee(office) is None


@pytest.mark.parametrize("to", [SUPPORT, "staff@desk.example"])
def test_the_partners_name_without_the_signed_address_is_nothing(office: Office, to: str) -> None:
    call = called(office)
    verdict, told = writes(office, "take INC-2026-000001", f"In-Reply-To: {call.message_id}", to=to)
    assert verdict == "hold staff-mail"
    assert assignee(office) is None
    assert NIGHT not in {each.recipient for each in told}


def test_a_mail_that_its_domain_disowns_is_nothing(office: Office) -> None:
    call = called(office)
    assert writes(office, "take", FORGED, to=address_in(call))[0] == "hold forged"
    assert assignee(office) is None


@pytest.mark.parametrize("from_", [f"{NIGHT}, {STRANGER}", f"{NIGHT} <{STRANGER}>", f"{STRANGER} ({NIGHT})"])
def test_an_author_beyond_doubt_is_needed(office: Office, from_: str) -> None:
    call = called(office)
    assert writes(office, "take", to=address_in(call), by=STRANGER, from_=from_)[0].startswith("hold ")
    assert assignee(office) is None


def test_the_address_is_good_for_thirty_days_and_while_they_are_partner(office: Office) -> None:
    call = called(office)
    office.passes(timedelta(days=31))
    assert writes(office, "take", to=address_in(call))[0] == "hold staff-mail"
    call = called(office)
    with office.context.store.begin() as connection:
        contracts.remove_staff(connection, NIGHT, office.now)
    assert writes(office, "take", to=address_in(call))[0] == "hold other-address"
    assert {assignee(office, each["number"]) for each in office.incidents()} == {None}


def test_an_address_from_the_time_as_staff_opens_nothing(office: Office) -> None:
    """Who was staff and is the partner now holds addresses that were good for everything."""
    called(office)
    with office.context.store.read() as connection:
        (night,) = [each for each in contracts.everybody(connection) if each.role is Role.PARTNER]
    assert writes(office, "reject 1", to=signed(night.id, 0))[0] == "hold staff-mail"
    decided(office, mail(OTHER, "How?", "How do I set health_check_timeout?"), sender=OTHER)
    verdict, told = writes(office, "take", to=signed(night.id, 2))
    assert verdict == "orders"
    assert assignee(office, "INC-2026-000002") is None
    assert "INC-" not in told[0].text


def test_a_robot_behind_the_partners_address_does_not_go_round(office: Office) -> None:
    call = called(office)
    heard = []
    for number in range(30):
        _, told = writes(office, f"Your mail has been received ({number}).", to=address_in(call))
        heard += [each for each in told if each.recipient == NIGHT]
    assert len(heard) <= 6


def test_whoever_is_in_copy_and_answers_here_joins_nothing(office: Office) -> None:
    raw = mail(ASKER, "Question", "How?", f"Cc: {NIGHT}")
    assert decided(office, raw, sender=ASKER) == "open"
    reply = mail(NIGHT, "Re: [INC-2026-000001] Question", "I join.", "In-Reply-To: <x@y.example>")
    assert decided(office, reply, sender=NIGHT) == "hold staff-mail"


def test_an_ignored_partner_cannot_be(office: Office) -> None:
    held = mail(NIGHT, "x", "y")
    assert decided(office, held, sender=NIGHT) == "hold staff-mail"
    digest = next(each for each in office.sent if each.kind == "digest" and each.recipient == STAFF)
    _, told = writes(office, "ignore 1", f"In-Reply-To: {digest.message_id}", to=address_in(digest), by=STAFF)
    assert "cannot be ignored" in next(each.text for each in told if each.kind == "transcript")


# what the partner sees


class Marks:
    """Words that occur nowhere else, and who may read them."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.hidden: dict[str, str] = {}
        self.shown: dict[str, str] = {}

    def word(self) -> str:
        return "zq89" + "".join(self._dice.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(10))

    def secret(self, what: str) -> str:
        mark = self.word()
        self.hidden[mark] = what
        return mark

    def open(self, what: str) -> str:
        mark = self.word()
        self.shown[mark] = what
        return mark


def everything(letter: Letter) -> str:
    parsed = message_from_bytes(letter.raw)
    bodies = [bytes(part.get_payload(decode=True) or b"") for part in parsed.walk() if not part.is_multipart()]
    return "\n".join(
        [*(f"{name}: {value}" for name, value in letter.message.items()), *(body.decode() for body in bodies)]
    )


def test_of_hundreds_of_letters_the_partner_sees_only_calls_of_their_own(tmp_path: Path) -> None:
    """Customers, staff and strangers write for weeks, by day and by night; every word is marked."""
    dice = random.Random("partner")
    marks = Marks(dice)
    with open_office(tmp_path / "office") as office:
        office.now = AT_NIGHT
        staff = [f"{marks.secret('an address of staff')}@desk.example" for _ in range(2)]
        for address in staff:
            office.staff(marks.secret("a name of staff"), address)
        office.staff("Night", NIGHT, role=Role.PARTNER)
        askers = {}
        for number in ("C-001", "C-002"):
            contract = office.contract(number, language="en", customer=f"Customer {number}")
            for _ in range(2):
                address = f"{marks.secret('an address of an asker')}@{number.lower()}.example"
                askers[address] = number
                office.asker(contract, f"Name {address[:8]}", address)
        for _ in range(130):
            _happens(office, dice, marks, staff, list(askers))
        seen = [each for each in office.sent if each.recipient == NIGHT]
        assert {each.kind for each in seen} == {"call", "claimed"}
        texts = [everything(each) for each in seen]
        leaks = [(mark, what) for mark, what in marks.hidden.items() for text in texts if mark in text]
        assert leaks == []
        assert sum(any(mark in text for text in texts) for mark in marks.shown) > 10, "the calls tell what is urgent"
        assert len(office.sent) > 500
        assert not [each for each in office.outbox() if each["state"] == "failed"], "a call must not stay behind"


def _happens(office: Office, dice: random.Random, marks: Marks, staff: list[str], askers: list[str]) -> None:
    office.passes(timedelta(minutes=dice.choice([3, 20, 200, 700])))
    asker = dice.choice(askers)
    match dice.randrange(8):
        case 0 | 1:
            # Staff's own address may stand in what a customer writes; the partner does not get to read it.
            text = f"{URGENT}\n{marks.open('an urgent question')}, said {dice.choice(staff)}"
            _hand_in(office, asker, f"Down {marks.word()}", text, SUPPORT)
        case 2:
            _hand_in(
                office, asker, marks.secret("a normal subject"), f"How? {marks.secret('a normal question')}", SUPPORT
            )
        case 3:
            letters = [each for each in office.sent if each.recipient == asker and each.message["Reply-To"]]
            if letters:
                _reply(office, dice.choice(letters), asker, f"More: {marks.secret('a reply of the customer')}")
        case 4:
            _hand_in(
                office, STRANGER, marks.secret("a stranger's subject"), marks.secret("a stranger's words"), SUPPORT
            )
        case 5:
            by = dice.choice(staff)
            letters = [each for each in office.sent if each.recipient == by and each.message["Reply-To"]]
            if letters:
                order = dice.choice(["take", "urgent", "not urgent", "hello", "release 1"])
                _reply(office, dice.choice(letters[-8:]), by, f"{order}\n{marks.secret('a note of staff')}")
        case 6 | 7:
            letters = [each for each in office.sent if each.recipient == NIGHT]
            if letters:
                _reply(
                    office,
                    dice.choice(letters[-4:]),
                    NIGHT,
                    dice.choice(["take", "ok", "release 1", "take INC-2026-000001"]),
                )
    office.work()


def _hand_in(office: Office, sender: str, subject: str, text: str, to: str, *fields: str) -> None:
    raw = mail(
        sender, subject, text, *fields, to=to, message_id=f"<{len(office.inbound())}@{sender.rpartition('@')[2]}>"
    )
    office.take_in(raw, sender=sender, recipients=[to])


def _reply(office: Office, letter: Letter, by: str, text: str) -> None:
    _hand_in(office, by, f"Re: {letter.subject}", text, address_in(letter), f"In-Reply-To: {letter.message_id}")


def test_a_leak_would_be_seen(office: Office) -> None:
    """The check before sending is the second one: a template that names staff does not leave for the partner."""
    call = called(office)
    leaky = replace(call, raw=call.raw.replace(b"To take it", STAFF.encode() + b" To take it"))
    assert STAFF in everything(leaky)
    expected = Expected("stranger", SUPPORT, NIGHT, call.subject, call.message_id.strip("<>"), (STAFF, NIGHT))
    assert faults_of(call.raw, expected) == ()
    assert faults_of(leaky.raw, expected) == (f"{STAFF} would be shown to a stranger",)
