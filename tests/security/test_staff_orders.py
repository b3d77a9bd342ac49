"""Who may give orders by mail? Only one of staff, by four things together: their own signed address, still good; their
registered address as the single author; that they are still staff; and that nothing disowns the mail (attack row 10,
CVE-2026-47123).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mailbot.mail.token import Token, mint, reply_address, signing_keys
from mailbot.store import contracts
from tests.flows.office import AUTHSERV_ID, SECRET, SUPPORT, Letter, Office, mail
from tests.security.people import ASKER, STAFF, STRANGER, decided, taken_at_the_door

COLLEAGUE = "suzuki@desk.example"
ADDRESS = "staff@desk.example"
FAR = date(2026, 12, 31)
FORGED = f"Authentication-Results: {AUTHSERV_ID}; dmarc=fail header.from=desk.example"


def a_stranger_writes(office: Office) -> tuple[int, Letter]:
    """A mail is held, and staff are told; its number and the letter to Sato."""
    assert decided(office, mail(STRANGER, "Question", "How?"), sender=STRANGER) == "hold stranger"
    told = next(each for each in office.sent if each.kind == "digest" and each.recipient == STAFF)
    return office.inbound()[0]["id"], told


def address_in(letter: Letter) -> str:
    return str(letter.message["Reply-To"].addresses[0].addr_spec)


def signed(person: int, *, purpose: str = "desk", expires: date | None = FAR, secret: str = SECRET) -> str:
    return reply_address(ADDRESS, mint(signing_keys([secret]), Token(purpose, 0, person, expires)))  # type: ignore[arg-type]


def order(office: Office, text: str, *fields: str, to: str, by: str = STAFF, from_: str = "") -> str:
    subject = f"Re: {len(office.inbound())}"
    return decided(office, mail(from_ or f"Sato <{by}>", subject, text, *fields, to=to), sender=by, to=to)


def state_of(office: Office, number: int) -> str:
    return str(office.inbound(number)[0]["state"])


def test_the_right_person_is_obeyed(office: Office) -> None:
    number, told = a_stranger_writes(office)
    before = len(office.sent)
    assert order(office, f"reject {number}", to=address_in(told)) == "orders"
    assert state_of(office, number) == "dropped"
    (answer,) = office.sent[before:]
    assert (answer.kind, answer.recipient) == ("transcript", STAFF)
    assert answer.message["Auto-Submitted"] == "auto-replied"


def test_the_name_of_staff_alone_is_nothing(office: Office) -> None:
    number, told = a_stranger_writes(office)
    before = len(office.sent)
    for to in (SUPPORT, ADDRESS):
        given = order(office, f"release {number} for C-001", f"In-Reply-To: {told.message_id}", to=to)
        assert given == "hold staff-mail"
    assert state_of(office, number) == "held"
    assert {each.kind for each in office.sent[before:]} <= {"digest"}


@pytest.mark.parametrize("by", [STRANGER, ASKER, COLLEAGUE])
def test_the_right_token_from_somebody_else_is_nothing(office: Office, by: str) -> None:
    office.staff("Suzuki", COLLEAGUE)
    number, told = a_stranger_writes(office)
    expected = "hold staff-mail" if by == COLLEAGUE else "hold other-address"
    assert order(office, f"reject {number}", to=address_in(told), by=by, from_=by) == expected
    assert state_of(office, number) == "held"


@pytest.mark.parametrize(
    "from_", [f"{STAFF}, {STRANGER}", f"{STAFF} <{STRANGER}>", f"staff: {STAFF};", f"{STRANGER} ({STAFF})"]
)
def test_an_author_beyond_doubt_is_needed(office: Office, from_: str) -> None:
    number, told = a_stranger_writes(office)
    assert order(office, f"reject {number}", to=address_in(told), by=STRANGER, from_=from_).startswith("hold ")
    assert state_of(office, number) == "held"


def test_a_mail_that_its_domain_disowns_is_nothing(office: Office) -> None:
    number, told = a_stranger_writes(office)
    assert order(office, f"reject {number}", FORGED, to=address_in(told)) == "hold forged"
    assert state_of(office, number) == "held"


def test_not_even_when_somebody_releases_it(office: Office) -> None:
    number, told = a_stranger_writes(office)
    order(office, f"reject {number}", FORGED, to=address_in(told))
    forged = office.inbound()[0]["id"]
    assert order(office, f"release {forged}", to=address_in(told)) == "orders"
    assert state_of(office, number) == "held"
    assert [row["reason"] for row in office.inbound(forged)] == ["staff-mail"]


def test_an_address_is_good_for_thirty_days(office: Office) -> None:
    number, told = a_stranger_writes(office)
    office.passes(timedelta(days=30))
    assert order(office, "reject 99", to=address_in(told)) == "orders"
    office.passes(timedelta(days=1))
    assert taken_at_the_door(office.context.addresses, address_in(told))  # it is judged, not bounced
    assert order(office, f"reject {number}", to=address_in(told)) == "hold staff-mail"
    assert state_of(office, number) == "held"


def test_who_has_left_gives_no_orders(office: Office) -> None:
    office.staff("Suzuki", COLLEAGUE)
    number, told = a_stranger_writes(office)
    with office.context.store.begin() as connection:
        contracts.remove_staff(connection, STAFF, office.now)
    assert order(office, f"reject {number}", to=address_in(told)) == "hold other-address"
    assert state_of(office, number) == "held"


def test_the_door_refuses_what_we_did_not_sign(office: Office) -> None:
    assert taken_at_the_door(office.context.addresses, signed(1))
    for wrong in (signed(1, secret="f" * 64), "staff+1@desk.example", "staff+sato@desk.example", signed(1)[1:]):
        assert not taken_at_the_door(office.context.addresses, wrong)


@pytest.mark.parametrize("purpose", ["reply", "staff-reply", "note", "message", "bounce"])
def test_a_token_of_another_purpose_is_nothing(office: Office, purpose: str) -> None:
    number, _ = a_stranger_writes(office)
    assert order(office, f"reject {number}", to=signed(1, purpose=purpose)) == "hold staff-mail"
    assert state_of(office, number) == "held"


def test_the_same_mail_again_is_obeyed_once(office: Office) -> None:
    number, told = a_stranger_writes(office)
    raw = mail(STAFF, "Re: held", f"reject {number}", to=address_in(told))
    assert decided(office, raw, sender=STAFF, to=address_in(told)) == "orders"
    before = len(office.sent)
    assert office.take_in(raw, sender=STAFF, recipients=[address_in(told)]) is None
    assert decided(office, raw, sender=STAFF, to=ADDRESS) in {"ignore duplicate", "hold staff-mail"}
    assert not [each for each in office.sent[before:] if each.kind == "transcript"]


def test_what_is_quoted_is_no_order(office: Office) -> None:
    """Neither a stranger's words, which the digest shows, nor the lines that it proposes."""
    evil = "Hello\n\nrelease 1 for C-001\nregister 1 Eve for C-001"
    assert decided(office, mail(STRANGER, "release 1 for C-001", evil), sender=STRANGER) == "hold stranger"
    told = next(each for each in office.sent if each.kind == "digest")
    number = office.inbound()[0]["id"]
    marked = "\n".join(f"> {line}" for line in told.text.splitlines())
    bare = told.text.replace("\r\n", "\n")  # a program that quotes without marks
    for text in (f"Who is this?\n\nOn Wed, 1 Apr 2026 at 12:00, Desk wrote:\n{marked}", marked, f"?\n\n{bare}", bare):
        assert order(office, text, f"In-Reply-To: {told.message_id}", to=address_in(told)) == "orders"
        assert state_of(office, number) == "held"
    assert order(office, f"{marked}\n\nreject {number}", to=address_in(told)) == "orders"
    assert state_of(office, number) == "held", "an order stands above what is quoted"


def test_a_strangers_name_does_not_change_the_proposed_line(office: Office) -> None:
    raw = mail('"Ann Archer <ann@acme.example>" <eve@elsewhere.example>', "Hi", "Hello")
    assert decided(office, raw, sender=STRANGER) == "hold stranger"
    told = next(each for each in office.sent if each.kind == "digest")
    assert "register 1 NAME for CONTRACT" in told.text


def test_a_robot_behind_the_address_of_staff_is_answered_five_times_a_day(office: Office) -> None:
    _, told = a_stranger_writes(office)
    for number in range(30):
        assert order(office, f"Your mail has been received ({number}).", to=address_in(told)) == "orders"
    assert [each.kind for each in office.sent].count("transcript") == 5
    office.passes(timedelta(days=1, minutes=1))
    order(office, "Your mail has been received.", to=address_in(told))
    assert [each.kind for each in office.sent].count("transcript") == 6


def test_the_acknowledgement_of_a_released_mail_goes_to_the_asker_alone(office: Office) -> None:
    number, told = a_stranger_writes(office)
    before = len(office.sent)
    order(office, f"release {number} for C-001", to=address_in(told))
    assert {(each.kind, each.recipient) for each in office.sent[before:]} == {
        ("acknowledgement", ASKER),
        ("question", STAFF),
        ("transcript", STAFF),
    }
    assert STRANGER not in {each.recipient for each in office.sent}
