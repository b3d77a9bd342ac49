"""Which lines are orders, whatever a keyboard or a mail program makes of them?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.desk.orders import DONE, PROPOSED, Action, OrderRules, Said, Step, needs_contract
from mailbot.desk.verdict import HoldReason
from mailbot.mail.message import Message
from mailbot.mail.reading import read
from mailbot.rules import load


@pytest.fixture(scope="module")
def rules() -> OrderRules:
    return load(Path(__file__).parents[2] / "rules").orders


def message(text: str) -> Message:
    head = "From: Sato <sato@desk.example>\nContent-Type: text/plain; charset=utf-8\n\n"
    return read(f"{head}{text}".encode())


@pytest.mark.parametrize(
    ("line", "means"),
    [
        ("release 12", "release 12"),
        ("  Release  #12 .", "release 12"),
        ("/release 12", "release 12"),
        ("ｒｅｌｅａｓｅ　１２", "release 12"),
        ("release 12 for C-001 as <ann@acme.example>", "release 12 for C-001 as ann@acme.example"),
        ("release for C-001", "release for C-001"),
        ("解除12番", "release 12"),
        ("解除 12 契約: C-001 質問者 a@acme.example", "release 12 for C-001 as a@acme.example"),
        ("drop 12", "reject 12"),
        ("無視", "ignore"),
        ("let them in 12", "let-in 12"),
        ("register Ford Prefect for C-001", "register Ford Prefect for C-001"),
        ("登録 鈴木 花子 <s@acme.example> 契約 C-001", "register 鈴木 花子 <s@acme.example> for C-001"),
        ("approve CHG-3", "approve 3"),
        ("不承認 3 席がありません", "decline 3 席がありません"),
        ("", None),
        ("releases 12", None),
        ("release12", None),
        ("release twelve", None),
        ("release 12 13", None),
        ("do not release 12", None),
        ("release 12 for", None),
        ("release 12 as ann@acme.example", None),
        ("release 1234567890123456789", None),
        ("register for C-001", None),
        ("register <s@acme.example> for C-001", None),
        ("register 12 <s@acme.example> for C-001", None),
        ("register NAME for C-001", None),
        ("登録 12 氏名 契約 C-001", None),
        ("register A <a@b.example> <c@d.example> for C-001", None),
        ("approve", None),
        ("参加を認めません 12", None),
    ],
)
def test_a_line_is_an_order_from_end_to_end_or_none(rules: OrderRules, line: str, means: str | None) -> None:
    order = rules.order(line)
    assert (str(order) if order else None) == means


def test_orders_stand_at_the_top_and_all_else_is_asked_back(rules: OrderRules) -> None:
    quoted = "On Wed, 1 Apr 2026 at 12:00, Desk wrote:\n> reject 15\n\nreject 16"
    text = f"Hello,\n\nrelease 12\n    reject 13\nignore 14\n\n{quoted}"
    found = rules.find(message(text))
    assert [(order.action, order.number) for order in found.orders] == [(Action.RELEASE, 12), (Action.IGNORE, 14)]
    assert found.unclear == ("Hello,", "reject 13")


def test_below_a_quotation_or_in_a_signature_there_are_none(rules: OrderRules) -> None:
    assert rules.find(message("> release 12\n\nrelease 12")).orders == ()
    assert rules.find(message("release 12\n-- \nreject 13")).orders[1:] == ()


def test_a_very_long_mail_is_read_at_its_top_alone(rules: OrderRules) -> None:
    found = rules.find(message("x\n" * 100_000 + "release 12"))
    assert found.orders == ()
    assert len(found.unclear) <= 200


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("reason", HoldReason)
def test_what_is_proposed_is_understood(rules: OrderRules, reason: HoldReason, language: str) -> None:
    for contracts in ([], ["C-001"], ["C-001", "C-002"]):
        proposals = list(rules.proposals(language, 12, reason.value, "鈴木 花子", contracts))  # type: ignore[arg-type]
        orders = [rules.order(each.line) for each in proposals]
        assert all(order is not None and order.number == 12 for order in orders)
        assert Step.REJECT in {each.step for each in proposals}
    assert needs_contract(reason.value) == (Step.RELEASE not in PROPOSED[reason])


@pytest.mark.parametrize("name", ["", "x" * 61, "Ann <a@b.example>", 'a"b', "12 for C-9", "a@b.example"])
def test_a_strangers_name_is_proposed_only_if_it_is_plain(rules: OrderRules, name: str) -> None:
    (line,) = [each.line for each in rules.proposals("en", 12, "stranger", name, ["C-1"]) if each.step is Step.REGISTER]
    assert line == "register 12 NAME for C-1"
    assert rules.order(line) is None


@pytest.mark.parametrize(
    ("text", "admits"),
    [
        ("let them in", True),
        ("Let them in!", True),
        ("お世話になっております。\n参加を認めます。\n山田", True),
        ("please let them in tomorrow", False),
        ("    let them in", False),
        ("No\n\n> let them in", False),
        ("参加を認めません。", False),
    ],
)
def test_words_of_admission_fill_a_line(rules: OrderRules, text: str, admits: bool) -> None:
    assert rules.admits(message(text)) == admits


def test_every_outcome_is_either_done_or_not() -> None:
    assert set(Said) > DONE
    assert {Said(step.value) for step in (Step.LET_IN,)} < DONE


def test_an_unread_mail_has_no_top(rules: OrderRules) -> None:
    bare = replace(message("release 12"), text="", new_text="")
    assert rules.find(bare).orders == ()
