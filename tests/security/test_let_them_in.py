"""Who may admit somebody to an incident? Its own asker, who proves it; nobody by chance, and nobody else (row 13)."""

from __future__ import annotations

import pytest

from tests.flows.office import AUTHSERV_ID, Letter, Office, mail
from tests.security.people import ASKER, acknowledged, decided

FRIEND, OTHER = "suzuki@partner.example", "tanaka@partner.example"
COLLEAGUE = "bob@acme.example"
PROVEN = f"Authentication-Results: {AUTHSERV_ID}; dmarc=pass header.from=acme.example"


def somebody_wants_to_join(office: Office, *who: str) -> list[Letter]:
    """The asker writes with these in Cc, each answers; the letters that ask the asker about them."""
    ack = acknowledged(office, "Question", "How?", f"Cc: {', '.join(who)}")
    for each in who:
        raw = mail(each, "Re: Question", "I know more.", f"In-Reply-To: {ack.message_id}")
        assert decided(office, raw, sender=each) == "hold participant"
    return [letter for letter in office.sent if letter.kind == "joining"]


def reply(office: Office, letter: Letter, text: str, *fields: str, by: str = ASKER, names_it: bool = True) -> str:
    to = letter.message["Reply-To"].addresses[0].addr_spec
    ids = (f"In-Reply-To: {letter.message_id}",) if names_it else ()
    return decided(office, mail(by, f"Re: {len(office.inbound())}", text, *ids, *fields, to=to), sender=by, to=to)


def waiting(office: Office) -> set[str]:
    return {row["from_address"] for row in office.inbound() if row["state"] == "held"}


def test_the_asker_who_answers_the_letter_lets_in_the_one_it_is_about(office: Office) -> None:
    first, second = somebody_wants_to_join(office, FRIEND, OTHER)
    assert reply(office, second, "Let them in.") == "append"
    assert waiting(office) == {FRIEND}
    assert reply(office, first, "Sure:\n\nlet them in\n\nAnn") == "append"
    assert waiting(office) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Do not let them in",
        "let them in?  No!",
        "> let them in",
        "No.\n\n    let them in",
        "No.\n\nOn Wed, 1 Apr 2026 at 12:00, Desk wrote:\n> let them in",
    ],
)
def test_nobody_comes_in_by_chance(office: Office, text: str) -> None:
    (letter,) = somebody_wants_to_join(office, FRIEND)
    assert reply(office, letter, text) == "append"
    assert waiting(office) == {FRIEND}


def test_without_the_letter_the_domain_must_vouch_for_the_asker(office: Office) -> None:
    """Whoever is in Cc may know the incident's address, and can write the asker's From; not the letter's Message-ID."""
    (letter,) = somebody_wants_to_join(office, FRIEND)
    assert reply(office, letter, "let them in", names_it=False) == "append"
    assert waiting(office) == {FRIEND}
    assert reply(office, letter, "let them in", PROVEN, names_it=False) == "append"
    assert waiting(office) == set()


def test_of_several_the_one_who_is_named(office: Office) -> None:
    letter, _ = somebody_wants_to_join(office, FRIEND, OTHER)
    reply(office, letter, "let them in", PROVEN, names_it=False)
    assert waiting(office) == {FRIEND, OTHER}
    reply(office, letter, f"let them in\n\nI mean {OTHER.upper()}.", PROVEN, names_it=False)
    assert waiting(office) == {FRIEND}


@pytest.mark.parametrize("by", [FRIEND, OTHER, "eve@elsewhere.example", COLLEAGUE])
def test_nobody_but_the_incidents_own_asker_admits(office: Office, by: str) -> None:
    with office.context.store.begin() as connection:
        from mailbot.store import contracts

        contract = contracts.by_number(connection, "C-001")
    assert contract is not None
    office.asker(contract.id, "Bob", COLLEAGUE)
    (letter,) = somebody_wants_to_join(office, FRIEND)
    reply(office, letter, "let them in", by=by)
    assert FRIEND in waiting(office)


def test_it_holds_for_this_incident_only(office: Office) -> None:
    (letter,) = somebody_wants_to_join(office, FRIEND)
    reply(office, letter, "let them in")
    second = acknowledged(office, "Another", "Why?", f"Cc: {FRIEND}")
    raw = mail(FRIEND, "Re: Another", "Me again.", f"In-Reply-To: {second.message_id}")
    assert decided(office, raw, sender=FRIEND) == "hold participant"
