"""Do the rules of the registry hold when a change is approved, and is it done whole or not at all? (S5, S8, S9, S25)"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from mailbot.errors import NotFoundError, RefusedError
from mailbot.flows import changes
from mailbot.store import changes as kept
from mailbot.store import contracts, holds, journal
from mailbot.store.schema import contract as contract_table
from tests.flows.office import Letter, Office, mail, open_office

ANN, BOB, CAROL = "ann@acme.example", "bob@acme.example", "carol@acme.example"
REGISTRY = "registry@desk.example"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as office:
        contract = office.contract("C-1", language="en", customer="Acme Ltd")
        office.asker(contract, "Ann Archer", ANN)
        office.contact(contract, "Carol Chief", CAROL)
        office.staff("Sato", "sato@desk.example")
        yield office


def ask(office: Office, text: str, *, sender: str = ANN, subject: str = "Change", to: str = REGISTRY) -> list[Letter]:
    number = len(office.inbound())
    raw = mail(f"Some One <{sender}>", subject, text, to=to, message_id=f"<m{number}@acme.example>")
    office.take_in(raw, sender=sender, recipients=[to])
    return office.work()


def decide(office: Office, change_id: int = 1, *, approved: bool = True, reason: str = "") -> list[Letter]:
    changes.decide_by_hand(office.context, change_id, approved=approved, by="Sato", reason=reason, now=office.now)
    return office.work()


def seats(office: Office, extra: int) -> None:
    with office.context.store.begin() as connection:
        connection.execute(update(contract_table).values(extra_askers=extra))


def refused(office: Office, says: str, change_id: int = 1) -> None:
    """It cannot be approved, and then everything is as it was: the request waits, nobody was told."""
    before = office.registered(1)
    with pytest.raises(RefusedError, match=says):
        decide(office, change_id)
    assert office.registered(1) == before
    assert office.work() == []
    with office.context.store.read() as connection:
        found = kept.by_id(connection, change_id)
    assert found is not None
    assert found.state == "waiting"


def staff_letter(letters: list[Letter]) -> str:
    return next(" ".join(each.text.split()) for each in letters if each.audience == "staff")


ADD_BOB = f"Please add Bob Brown <{BOB}>."


def test_a_seat_that_was_not_sold_is_not_given(office: Office) -> None:
    seats(office, 0)
    told = staff_letter(ask(office, ADD_BOB))
    assert "CANNOT BE APPROVED now: contract C-1" in told
    assert "Seats: 1 of 1 taken, then 2" in told
    refused(office, "sell extra askers")
    seats(office, 1)
    assert {each.recipient for each in decide(office)} == {ANN, BOB, CAROL}


def test_a_replacement_needs_no_further_seat(office: Office) -> None:
    seats(office, 0)
    told = staff_letter(ask(office, f"Please replace Ann with Bob Brown <{BOB}>.", sender=CAROL))
    assert "CANNOT" not in told
    decide(office)
    assert office.registered(1) == [BOB, CAROL]


def test_who_goes_makes_room_for_who_comes(office: Office) -> None:
    seats(office, 0)
    ask(office, f"Please add Bob Brown <{BOB}> and remove Ann Archer from the askers.", sender=CAROL)
    decide(office)
    assert office.registered(1) == [BOB, CAROL]


def test_what_has_changed_since_is_not_overwritten(office: Office) -> None:
    ask(office, f"Please replace Ann with Bob Brown <{BOB}>.", sender=CAROL)
    ask(office, "Please replace Ann with Dan Dee <dan@acme.example>.", sender=CAROL)
    decide(office, 1)
    refused(office, "ann@acme.example is no asker of C-1 any more", 2)


def test_nobody_is_registered_twice(office: Office) -> None:
    ask(office, ADD_BOB)
    ask(office, "Please add Robert Brown <bob@acme.example>.")
    decide(office, 1)
    refused(office, "is an asker of this contract already", 2)


def test_the_desk_does_not_write_to_itself(office: Office) -> None:
    told = staff_letter(ask(office, "Please add Bob Brown <support@desk.example>."))
    assert "an address of this desk" in told
    refused(office, "an address of this desk")
    ask(office, "Please change the contract contact to Bob Brown <registry@desk.example>.")
    refused(office, "an address of this desk", 2)


def test_somebody_stays_who_gets_the_notices(office: Office) -> None:
    ask(office, "Please remove Carol Chief from the contract contacts.")
    refused(office, "would have no contract contact")
    ask(office, f"Please change the contract contact to Bob Brown <{BOB}>.")
    decide(office, 2)
    assert office.registered(1) == [ANN, BOB]


def test_a_list_is_changed_by_hand(office: Office) -> None:
    office.asker(1, "DB Team", "db@lists.acme.example", list_id="db.lists.acme.example")
    ask(office, f"Please replace db@lists.acme.example with Bob Brown <{BOB}>.")
    refused(office, "is a mailing list")


def test_a_machine_is_registered_once(office: Office) -> None:
    ask(office, "New server db-1 with pgpool-II 4.5.2.")
    ask(office, "New server db-1 with pgpool-II 4.5.3.")
    decide(office, 1)
    refused(office, "db-1 of C-1 is registered already", 2)


def test_open_questions_go_on_with_the_successor(office: Office) -> None:
    letters = ask(office, "How?", subject="Question", to="support@desk.example")
    assert "acknowledgement" in {each.kind for each in letters}
    ask(office, f"Please replace Ann with Bob Brown <{BOB}>.", sender=CAROL)
    decide(office)
    assert [row["asker"] for row in office.incidents()] == [BOB]


def test_it_is_decided_once(office: Office) -> None:
    ask(office, ADD_BOB)
    decide(office)
    with pytest.raises(RefusedError, match="CHG-1 is approved already, by Sato"):
        decide(office, approved=False)
    with pytest.raises(NotFoundError, match="there is no change 9"):
        decide(office, 9)
    assert len([each for each in office.sent if each.kind == "registered"]) == 1


def test_each_decision_stands_in_the_journal(office: Office) -> None:
    ask(office, ADD_BOB)
    ask(office, "Please remove Ann Archer from the askers.", sender=CAROL)
    decide(office)
    decide(office, 2, approved=False, reason="she is needed")
    with office.context.store.read() as connection:
        told = [(row["what"], row["why"]) for row in journal.about(connection, "contract:1")]
        declined = [(row["what"], row["why"]) for row in journal.about(connection, "change:2")]
    assert told == [("change-asker-add", f"nobody -> Bob Brown <{BOB}>: CHG-1, by Sato")]
    assert declined == [("rejected", "by Sato: she is needed")]


def test_an_unread_request_is_closed_by_hand(office: Office) -> None:
    told = ask(office, "From next month somebody else will do it.")
    assert [each.kind for each in told if each.recipient == ANN] == ["change-form"]
    (done, contact) = decide(office)
    assert (done.recipient, contact.recipient) == (ANN, CAROL)
    assert "Our staff have taken care of your request CHG-1" in done.text


def test_a_released_mail_is_a_request_in_that_name(office: Office) -> None:
    ask(office, ADD_BOB, sender="ann@home.example")
    assert office.inbound()[0]["reason"] == "stranger"
    with office.context.store.begin() as connection:
        (asker,) = contracts.askers(connection, 1)
        assert holds.release(connection, 1, by="sato@desk.example", asker=(asker.id, 1), now=office.now)
    told = office.work()
    assert {each.recipient for each in told} == {ANN, "sato@desk.example"}  # never the one who wrote
    decide(office)


def test_a_mail_to_both_addresses_is_a_question(office: Office) -> None:
    raw = mail(f"Ann <{ANN}>", "Change", ADD_BOB, message_id="<both@acme.example>")
    office.take_in(raw, sender=ANN, recipients=["support@desk.example", REGISTRY])
    office.work()
    assert office.inbound()[0]["verdict"] == "open"


def test_the_same_mail_to_each_address_is_a_question_and_a_request(office: Office) -> None:
    raw = mail(f"Ann <{ANN}>", "Change", ADD_BOB, message_id="<each@acme.example>")
    for to in ("staff@desk.example", REGISTRY, "support@desk.example"):
        office.take_in(raw, sender=ANN, recipients=[to])
    office.work()
    assert [row["verdict"] for row in office.inbound()] == ["open", "change", "hold"]


def test_answers_come_back_to_the_registry(office: Office) -> None:
    letters = ask(office, ADD_BOB) + decide(office)
    replies = {each.kind: str(each.message["Reply-To"] or "") for each in letters if each.audience == "customer"}
    assert {kind for kind, to in replies.items() if REGISTRY in to} == {"change-received", "change-done"}
    assert replies["registered"] == ""  # questions go to the desk
    automatic = {each.kind: str(each.message["Auto-Submitted"]) for each in letters}
    assert automatic["change-received"] == "auto-replied"
    assert automatic["registered"] == "auto-generated"
    assert {each.sender for each in letters if each.kind == "change-received"} == {""}
    assert {each.sender for each in letters if each.kind == "registered"} == {"bounce@desk.example"}  # staff hear of it
