"""Who may ask, who may no more, and who goes on with what was open? (S5, S9, S25)"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.desk.contract import AskerKind
from mailbot.errors import InputError, NotFoundError, RefusedError
from mailbot.flows import askers, registry
from mailbot.store import askers as kept
from mailbot.store import contracts, journal
from mailbot.store.engine import Store
from tests.flows.office import Office, mail, open_office
from tests.flows.registering import NOW, OFFER, register, told


def replaced(store: Store, old: str, new: str, **words: object) -> askers.Left:
    return askers.replace_asker(store, "C-1", old, new, OFFER, NOW, **words)  # type: ignore[arg-type]


def addresses(store: Store, contract: int) -> list[str]:
    with store.read() as connection:
        return [each.address for each in contracts.askers(connection, contract)]


def test_a_seat_changes_hands_even_when_all_are_taken(store: Store) -> None:
    contract = register(store, extra_askers="0")
    left = replaced(store, "TARO@example.jp", "Jiro <jiro@example.jp>")
    assert (left.removed.address, left.goes_on, left.incidents) == ("taro@example.jp", "jiro@example.jp", ())
    assert addresses(store, contract) == ["jiro@example.jp"]
    assert told(store, contract) == [
        ("asker-replaced", "person Taro <taro@example.jp> → person Jiro <jiro@example.jp>")
    ]


def test_the_history_is_kept(store: Store) -> None:
    contract = register(store)
    replaced(store, "taro@example.jp", "Jiro <jiro@example.jp>")
    askers.remove_asker(store, "C-1", "Jiro <jiro@example.jp>", NOW)
    registry.add_asker(store, "C-1", "Taro <taro@example.jp>", OFFER, NOW, through_list=False, list_id="")
    with store.read() as connection:
        rows = kept.history(connection, contract)
    assert [(row["address"], row["until"] is None) for row in rows] == [
        ("taro@example.jp", False),
        ("jiro@example.jp", False),
        ("taro@example.jp", True),
    ]
    assert all(row["since"] == NOW and row["until"] in (NOW, None) for row in rows)


def test_somebody_changes_the_address(store: Store) -> None:
    contract = register(store)
    replaced(store, "taro@example.jp", "Taro <taro@new.example.jp>")
    assert addresses(store, contract) == ["taro@new.example.jp"]


def test_the_name_is_corrected_under_the_same_address(store: Store) -> None:
    contract = register(store)
    replaced(store, "taro@example.jp", "山田 太郎 <taro@example.jp>")
    assert addresses(store, contract) == ["taro@example.jp"]


def test_what_cannot_be(store: Store) -> None:
    contract = register(store)
    registry.add_asker(store, "C-1", "Jiro <jiro@example.jp>", OFFER, NOW, through_list=False, list_id="")
    with pytest.raises(RefusedError, match="is an asker of this contract already"):
        replaced(store, "taro@example.jp", "Jiro <jiro@example.jp>")
    with pytest.raises(RefusedError, match="mailing-list option"):
        replaced(store, "taro@example.jp", "Team <team@example.jp>", through_list=True)
    with pytest.raises(InputError, match="say that it is one"):
        replaced(store, "taro@example.jp", "Team <team@example.jp>", list_id="team.example.jp")
    with pytest.raises(NotFoundError, match="is no asker of contract C-1"):
        replaced(store, "nobody@example.jp", "Saburo <saburo@example.jp>")
    with pytest.raises(InputError, match="is no address"):
        askers.remove_asker(store, "C-1", "nonsense", NOW)
    with pytest.raises(InputError, match="who is to be removed"):
        askers.remove_asker(store, "C-1", "taro@example.jp", NOW, to="taro@example.jp")
    with pytest.raises(NotFoundError):
        askers.remove_asker(store, "C-2", "taro@example.jp", NOW)
    assert addresses(store, contract) == ["taro@example.jp", "jiro@example.jp"]


@pytest.mark.parametrize("written", ["Support Team <team@example.jp>", "Jiro <support2@example.jp>"])
def test_a_role_is_no_named_individual(store: Store, written: str) -> None:
    contract = register(store)
    with pytest.raises(RefusedError, match=r"named individual \(S5\).*looks like a role.*register a list \(S8\)"):
        registry.add_asker(store, "C-1", written, OFFER, NOW, through_list=False, list_id="")
    with pytest.raises(RefusedError, match="looks like a role"):
        replaced(store, "taro@example.jp", written)
    with pytest.raises(RefusedError, match="looks like a role"):
        register(store, number="C-2", askers=(written,))
    assert addresses(store, contract) == ["taro@example.jp"]


def test_a_role_may_be_a_list(store: Store) -> None:
    register(store, number="C-2", askers=(), list="Support Team <support2@example.jp>", mailing_list_option="yes")


def test_who_insists_gives_a_reason(store: Store) -> None:
    register(store)
    added = registry.add_asker(
        store,
        "C-1",
        "Support <s@example.jp>",
        OFFER,
        NOW,
        through_list=False,
        list_id="",
        although="it is her family name",
    )
    assert str(added) == "person Support <s@example.jp> although it is her family name"
    with store.read() as connection:
        assert journal.about(connection, "contract:1")[-1]["why"] == str(added)


# What was open goes on, with somebody of the same contract.

TARO, JIRO, CC = "taro@customer.example", "jiro@customer.example", "cc@customer.example"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as office:
        office.asker(office.contract("C-1", language="en"), "Taro", TARO)
        office.take_in(mail(f"Taro <{TARO}>", "Failover", "How?", f"Cc: {CC}", message_id="<q@c.example>"), sender=TARO)
        office.work()
        yield office


def incident_of(office: Office) -> tuple[str, str]:
    (row,) = office.incidents()
    return row["number"], row["asker"]


def newcomer_writes(office: Office) -> list[str]:
    """Somebody in Cc answers; who is asked whether they may?"""
    raw = mail(f"C <{CC}>", "Re: Failover", "Me too.", "In-Reply-To: <q@c.example>")
    office.take_in(raw, sender=CC)
    return [letter.recipient for letter in office.work() if letter.kind == "joining"]


def test_the_next_asker_goes_on_and_is_written_to(office: Office) -> None:
    number, before = incident_of(office)
    left = replaced(office.context.store, TARO, f"Jiro <{JIRO}>")
    assert before == TARO
    assert [(each.number, each.subject) for each in left.incidents] == [(number, "Failover")]
    assert incident_of(office) == (number, JIRO)
    assert newcomer_writes(office) == [JIRO]
    with office.context.store.read() as connection:
        entries = journal.about(connection, f"incident:{left.incidents[0].id}")
    assert [(row["what"], row["why"]) for row in entries][-1] == ("asker-changed", f"{TARO} → {JIRO}")


def test_the_next_asker_may_answer_in_it(office: Office) -> None:
    replaced(office.context.store, TARO, f"Jiro <{JIRO}>")
    number = office.take_in(mail(f"Jiro <{JIRO}>", "Re: Failover", "More.", "In-Reply-To: <q@c.example>"), sender=JIRO)
    office.work()
    assert office.inbound(number)[0]["verdict"] == "append"


def test_who_was_removed_has_no_say_any_more(office: Office) -> None:
    replaced(office.context.store, TARO, f"Jiro <{JIRO}>")
    number = office.take_in(mail(f"Taro <{TARO}>", "Re: Failover", "More.", "In-Reply-To: <q@c.example>"), sender=TARO)
    office.work()
    assert office.inbound(number)[0]["verdict"] == "hold"
    assert len(office.incidents()) == 1


def test_who_is_removed_leaves_it_to_the_first_of_the_others(office: Office) -> None:
    office.asker(1, "Jiro", JIRO)
    office.asker(1, "Saburo", "saburo@customer.example")
    left = askers.remove_asker(office.context.store, "C-1", TARO, NOW)
    assert left.goes_on == JIRO
    assert incident_of(office)[1] == JIRO


def test_or_to_whom_it_is_said(office: Office) -> None:
    office.asker(1, "Jiro", JIRO)
    office.asker(1, "Saburo", "saburo@customer.example")
    assert askers.remove_asker(office.context.store, "C-1", TARO, NOW, to="saburo@customer.example").goes_on
    assert incident_of(office)[1] == "saburo@customer.example"


def test_when_the_last_one_leaves_nobody_is_written_to(office: Office) -> None:
    left = askers.remove_asker(office.context.store, "C-1", TARO, NOW)
    assert (left.goes_on, len(left.incidents)) == (None, 1)
    assert newcomer_writes(office) == []
    assert incident_of(office)[1] == TARO  # as history


def test_what_is_closed_stays_with_who_asked(office: Office) -> None:
    office.close_incident(incident_of(office)[0])
    left = replaced(office.context.store, TARO, f"Jiro <{JIRO}>")
    assert left.incidents == ()
    assert incident_of(office)[1] == TARO


def test_a_list_takes_a_seat_over(office: Office) -> None:
    left = replaced(office.context.store, TARO, "Team <team@customer.example>", through_list=True)
    with office.context.store.read() as connection:
        (asker,) = contracts.askers(connection, 1)
    assert (asker.kind, left.goes_on) == (AskerKind.LIST, "team@customer.example")
