"""Does a contract go on as it was sold, and end when it was to end? (S7, S24)"""

from __future__ import annotations

from datetime import date

import pytest

from mailbot.desk.contract import ContractState, Term
from mailbot.errors import InputError, MailbotError, NotFoundError, RefusedError
from mailbot.flows import terms
from mailbot.flows.registry import existing
from mailbot.store.engine import Store
from tests.flows.registering import NOW, OFFER, TODAY, register, told


def renew(store: Store, today: date = TODAY, **words: str) -> Term:
    return terms.renew(store, "C-1", OFFER, today, NOW, **words).term


def sold(store: Store) -> tuple[Term, ...]:
    with store.read() as connection:
        return existing(connection, "C-1").terms


def test_the_next_term_begins_on_the_day_after_the_last_one(store: Store) -> None:
    contract = register(store)
    assert renew(store) == Term(date(2027, 4, 1), date(2028, 3, 31))
    assert [(each.starts_on, each.ends_on) for each in sold(store)] == [
        (date(2026, 4, 1), date(2027, 3, 31)),
        (date(2027, 4, 1), date(2028, 3, 31)),
    ]
    assert told(store, contract) == [("renewed", "2027-04-01 to 2028-03-31")]


def test_it_is_not_renewed_twice_by_accident(store: Store) -> None:
    register(store)
    renew(store)
    with pytest.raises(RefusedError, match="is renewed already, to 2028-03-31: write --until"):
        renew(store)
    assert renew(store, until="2029-03-31") == Term(date(2028, 4, 1), date(2029, 3, 31))


def test_another_menu_begins_with_the_new_term(store: Store) -> None:
    contract = register(store)
    renew(store, menu="business")
    with store.read() as connection:
        found = existing(connection, "C-1")
    assert found.as_of(date(2027, 3, 31)).menu == "premium"  # it is paid for
    assert found.as_of(date(2027, 4, 1)).menu == "business"
    assert told(store, contract) == [("renewed", "2027-04-01 to 2028-03-31, menu premium → business from then on")]


def test_renewing_takes_a_cancellation_back(store: Store) -> None:
    contract = register(store)
    terms.cancel(store, "C-1", TODAY, NOW)
    renew(store)
    with store.read() as connection:
        assert existing(connection, "C-1").state(TODAY) is ContractState.IN_FORCE
    assert told(store, contract)[-1][1].endswith("no longer cancelled")


def test_what_lapsed_begins_anew_when_it_is_said(store: Store) -> None:
    register(store)
    late = date(2028, 6, 1)
    with pytest.raises(RefusedError, match="from 2027-04-01 to 2028-03-31 would be over already: write --from"):
        renew(store, late)
    assert renew(store, late, starts_on="2028-06-01") == Term(date(2028, 6, 1), date(2029, 5, 31))


@pytest.mark.parametrize(
    ("words", "kind", "says"),
    [
        ({"until": "2027-03-31"}, RefusedError, "a term from 2027-04-01 cannot end on 2027-03-31"),
        ({"starts_on": "2027-03-31"}, RefusedError, "has a term to 2027-03-31"),
        ({"until": "soon"}, InputError, "until"),
        ({"menu": "gold"}, InputError, "must be business or premium"),
    ],
)
def test_what_cannot_be(store: Store, words: dict[str, str], kind: type[MailbotError], says: str) -> None:
    contract = register(store)
    with pytest.raises(kind, match=says) as caught:
        renew(store, **words)
    assert len(str(caught.value).splitlines()) == 1
    assert len(sold(store)) == 1
    assert told(store, contract) == []


def test_access_goes_on_to_the_end_of_the_term(store: Store) -> None:
    contract = register(store)
    terms.cancel(store, "C-1", TODAY, NOW)
    with store.read() as connection:
        found = existing(connection, "C-1")
    assert found.state(date(2027, 3, 31)) is ContractState.CANCELLED
    assert found.in_term(date(2027, 3, 31))
    assert found.state(date(2027, 4, 1)) is ContractState.ENDED
    with pytest.raises(RefusedError, match="cancelled already: --undo"):
        terms.cancel(store, "C-1", TODAY, NOW)
    terms.cancel(store, "C-1", TODAY, NOW, undo=True)
    with pytest.raises(RefusedError, match="is not cancelled"):
        terms.cancel(store, "C-1", TODAY, NOW, undo=True)
    assert [what for what, _ in told(store, contract)] == ["cancelled", "cancellation-undone"]


def test_what_has_ended_cannot_be_cancelled(store: Store) -> None:
    register(store)
    with pytest.raises(RefusedError, match="has ended already, on 2027-03-31"):
        terms.cancel(store, "C-1", date(2027, 4, 1), NOW)
    with pytest.raises(NotFoundError):
        terms.cancel(store, "C-2", TODAY, NOW)
