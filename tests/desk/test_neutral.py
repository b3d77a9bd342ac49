"""Who hears that a held mail is here: the registered alone, and for which reasons (S28)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mailbot.desk.contract import Asker, AskerKind, Contract, Term
from mailbot.desk.facts import Registration
from mailbot.desk.neutral import RULES, is_told
from mailbot.desk.verdict import HoldReason

TODAY = date(2026, 4, 1)
ADDRESS = "ann@acme.example"
CONTRACT = Contract(1, "C-001", "Acme", "premium", "en", "", 0, True, (Term(date(2026, 1, 1), date(2026, 12, 31)),))
ENDED = replace(CONTRACT, terms=(Term(date(2025, 1, 1), date(2025, 12, 31)),))
ASKER = Asker(1, 1, AskerKind.PERSON, "Ann", ADDRESS, None)


def test_every_reason_is_decided_with_its_why() -> None:
    assert set(RULES) == set(HoldReason)
    assert all(rule.why for rule in RULES.values())


@pytest.mark.parametrize("reason", HoldReason)
def test_only_what_a_registered_person_may_have_written_is_told(reason: HoldReason) -> None:
    told = {
        HoldReason.CONTACT,
        HoldReason.UNPROVEN,
        HoldReason.WHICH_CONTRACT,
        HoldReason.FOREIGN_REFERENCE,
        HoldReason.OTHER_ADDRESS,
    }
    assert RULES[reason].tells == (reason in told)


@pytest.mark.parametrize(
    ("asker", "contract", "told"),
    [
        (ASKER, CONTRACT, True),
        (ASKER, ENDED, False),
        (replace(ASKER, removed=True), CONTRACT, False),
        (replace(ASKER, kind=AskerKind.LIST), CONTRACT, False),  # whoever writes the list's address has no members' ear
        (replace(ASKER, address="bob@acme.example"), CONTRACT, False),
    ],
)
def test_askers(asker: Asker, contract: Contract, told: bool) -> None:
    assert is_told(ADDRESS, [Registration(asker, contract)], (), TODAY) == told


def test_one_contract_in_force_is_enough() -> None:
    assert is_told(ADDRESS, [Registration(ASKER, ENDED), Registration(ASKER, CONTRACT)], (), TODAY)


@pytest.mark.parametrize(("contract", "told"), [(CONTRACT, True), (ENDED, False)])
def test_contacts(contract: Contract, told: bool) -> None:
    assert is_told(ADDRESS, (), [contract], TODAY) == told


def test_strangers_and_nobody() -> None:
    assert not is_told("eve@elsewhere.example", (), (), TODAY)
    assert not is_told(None, [Registration(ASKER, CONTRACT)], [CONTRACT], TODAY)
