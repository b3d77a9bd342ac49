"""Where is a contract on a day, what is sold then, and when does the next term end? (S7, S24)"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mailbot.desk.contract import Contract, ContractState, Term, end_of_term

FIRST, SECOND = (
    Term(date(2026, 4, 1), date(2027, 3, 31), menu="business"),
    Term(date(2027, 6, 1), date(2028, 5, 31)),
)


def contract(*terms: Term, cancelled: bool = False) -> Contract:
    at = datetime(2026, 5, 1, tzinfo=UTC) if cancelled else None
    return Contract(1, "C-1", "Customer", "premium", "ja", "", 0, False, terms, at)


@pytest.mark.parametrize(
    ("day", "state", "cancelled"),
    [
        ("2026-03-31", ContractState.NOT_BEGUN, ContractState.NOT_BEGUN),
        ("2026-04-01", ContractState.IN_FORCE, ContractState.CANCELLED),
        ("2027-03-31", ContractState.IN_FORCE, ContractState.CANCELLED),
        ("2027-04-01", ContractState.NOT_BEGUN, ContractState.NOT_BEGUN),  # the gap
        ("2027-06-01", ContractState.IN_FORCE, ContractState.CANCELLED),
        ("2028-06-01", ContractState.ENDED, ContractState.ENDED),
    ],
)
def test_states(day: str, state: ContractState, cancelled: ContractState) -> None:
    assert contract(FIRST, SECOND).state(date.fromisoformat(day)) is state
    assert contract(FIRST, SECOND, cancelled=True).state(date.fromisoformat(day)) is cancelled


def test_a_contract_without_a_term_has_ended() -> None:
    assert contract().state(date(2026, 4, 1)) is ContractState.ENDED


@pytest.mark.parametrize(
    ("day", "menu"),
    [("2026-03-31", "premium"), ("2026-04-01", "business"), ("2027-03-31", "business"), ("2027-06-01", "premium")],
)
def test_a_menu_ends_with_its_term(day: str, menu: str) -> None:
    assert contract(FIRST, SECOND).as_of(date.fromisoformat(day)).menu == menu


@pytest.mark.parametrize(
    ("before", "months", "end"),
    [
        ("2026-03-31", 12, "2027-03-31"),
        ("2027-02-28", 12, "2028-02-29"),  # what ends with a month goes on to do so
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-03-30", 11, "2027-02-28"),
        ("2026-04-15", 12, "2027-04-15"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-12-31", 120, "2036-12-31"),
    ],
)
def test_the_end_of_a_term(before: str, months: int, end: str) -> None:
    assert end_of_term(date.fromisoformat(before), months) == date.fromisoformat(end)
