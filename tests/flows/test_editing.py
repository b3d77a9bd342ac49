"""Is a contract changed as it was said, with every change in the journal, and nothing that breaks a rule?"""

from __future__ import annotations

from datetime import date

import pytest

from mailbot.desk.contract import TrustNeeded
from mailbot.errors import InputError, MailbotError, NotFoundError, RefusedError
from mailbot.flows import editing, registry, terms
from mailbot.flows.editing import Wanted
from mailbot.store import contracts
from mailbot.store.engine import Store
from tests.flows.registering import NOW, OFFER, TODAY, register, told


def edit(store: Store, **words: object) -> list[str]:
    changes = editing.edit(store, "C-1", Wanted(**words), OFFER, TODAY, NOW)  # type: ignore[arg-type]
    return [str(change) for change in changes]


def test_every_change_is_told_with_what_was_before(store: Store) -> None:
    contract = register(store)
    changed = edit(
        store,
        customer="株式会社新",
        menu="business",
        language="en",
        cluster="two nodes",
        extra_askers="3",
        mailing_list_option=True,
        trust="authenticated",
        add_contacts=("Jiro <jiro@example.jp>",),
        remove_contacts=("HANAKO@example.jp",),
    )
    assert changed == [
        "customer: Customer → 株式会社新",
        "menu: premium → business",
        "language: ja → en",
        "cluster: (none) → two nodes",
        "extra askers: 1 → 3",
        "mailing list option: no → yes",
        "trust: desk → authenticated",
        "contact: Hanako <hanako@example.jp> → (none)",
        "contact: (none) → Jiro <jiro@example.jp>",
    ]
    assert [why for what, why in told(store, contract) if what == "edited"] == changed
    with store.read() as connection:
        found = registry.existing(connection, "C-1")
        assert [row["address"] for row in contracts.contacts(connection, contract)] == ["jiro@example.jp"]
    assert (found.customer, found.menu, found.language, found.cluster) == ("株式会社新", "business", "en", "two nodes")
    assert (found.seats, found.mailing_list_option, found.trust) == (4, True, TrustNeeded.AUTHENTICATED)
    assert edit(store, trust="desk") == ["trust: authenticated → desk"]


def test_what_is_so_already_is_no_change(store: Store) -> None:
    contract = register(store)
    assert edit(store, customer="Customer", menu="premium", trust="desk") == []
    assert told(store, contract) == []


def test_a_contact_may_be_corrected_in_one_go(store: Store) -> None:
    register(store)
    edit(store, remove_contacts=("hanako@example.jp",), add_contacts=("花子 <hanako@example.jp>",))


def test_a_menu_of_terms_that_are_over_stays(store: Store) -> None:
    register(store, earlier_terms=("2025-04-01/2026-03-31",))
    edit(store, menu="business")
    with store.read() as connection:
        found = registry.existing(connection, "C-1")
    assert (found.as_of(date(2026, 3, 31)).menu, found.as_of(TODAY).menu) == ("premium", "business")


def test_a_menu_that_was_sold_for_the_next_term_may_be_taken_back(store: Store) -> None:
    register(store)
    terms.renew(store, "C-1", OFFER, TODAY, NOW, menu="business")
    assert edit(store, menu="premium") == ["menu: business → premium"]
    with store.read() as connection:
        assert registry.existing(connection, "C-1").as_of(date(2027, 4, 1)).menu == "premium"


@pytest.mark.parametrize(
    ("words", "kind", "says"),
    [
        ({}, InputError, "nothing is to be changed"),
        ({"customer": ""}, InputError, "customer: is needed"),
        ({"menu": "gold"}, InputError, "must be business or premium"),
        ({"language": "fr"}, InputError, "must be ja or en"),
        ({"trust": "blind"}, InputError, "must be desk, plausible or authenticated"),
        ({"extra_askers": "0"}, RefusedError, "2 askers are registered and 1 would have a seat: remove askers first"),
        ({"mailing_list_option": False}, RefusedError, "the list team@example.jp is an asker: remove it first"),
        ({"remove_contacts": ("nobody@example.jp",)}, RefusedError, "is no contact of this contract"),
        ({"add_contacts": ("H <hanako@example.jp>",)}, RefusedError, "is a contact of this contract already"),
        ({"remove_contacts": ("nonsense",)}, InputError, "is no address"),
    ],
)
def test_what_cannot_be(store: Store, words: dict[str, object], kind: type[MailbotError], says: str) -> None:
    contract = register(store, list="Team <team@example.jp>", mailing_list_option="yes")
    with pytest.raises(kind, match=says) as caught:
        edit(store, **words)
    assert len(str(caught.value).splitlines()) == 1
    assert told(store, contract) == []


def test_all_that_is_wrong_is_told_and_nothing_is_changed(store: Store) -> None:
    contract = register(store)
    with pytest.raises(InputError) as caught:
        edit(store, customer="New", menu="gold", language="fr")
    assert len(str(caught.value).splitlines()) == 2
    assert told(store, contract) == []
    with pytest.raises(NotFoundError):
        editing.edit(store, "C-2", Wanted(customer="x"), OFFER, TODAY, NOW)
