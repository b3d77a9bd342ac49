"""Is somebody who asks a named individual, or a role? (S5)"""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from mailbot.desk.senders import SenderRules
from mailbot.rules import load


@pytest.fixture(scope="module")
def rules() -> SenderRules:
    return load(Path(__file__).parents[2] / "rules").senders


PERSONS = [
    *(
        "岡部",
        "阿部",
        "服部",
        "磯部",
        "長谷部",
        "渡部 健",
        "本部",
        "三室",
        "室",
        "室 太郎",
        "小室 哲",
        "一課 太郎",
        "日下部",
    ),
    *("山田太郎", "山田 部長", "システム 太郎", "情報システム部 部長 山田太郎", "サポート担当 佐藤", "Jean-Luc Dubois"),
    *("Alice Support", "Bob Sales", "Ops McTeam", "Ann Root", "Lee, Hall", "O'Neil", "José Díaz", "김민수", "Ли Иван"),
    *("Test Pilot", "User Experience Jones", "T. Yamada", "yamada"),
]
ROLES = [
    *(
        "サポート",
        "サポートチーム",
        "サポート　担当",
        "情報システム部",
        "情シス 担当者",
        "運用・監視チーム",
        "ご担当者様",
    ),
    *(
        "開発第一グループ",
        "株式会社サンプル インフラ運用課",
        "ﾍﾙﾌﾟﾃﾞｽｸ",
        "各位",
        "システム管理者",
        "DBグループ",
        "お客様窓口",
    ),
    *("Support", "SUPPORT TEAM", "Help Desk", "IT", "Acme Help-Desk", "System Administrator", "Support 2"),
    *(
        "Acme DBA Team",
        "Database Administrators",
        "ＩＴ部門 サポート",
        "sysadmin01",
        "Customer Support",
        "the operators",
    ),
]


@pytest.mark.parametrize("name", PERSONS)
def test_a_person(rules: SenderRules, name: str) -> None:
    assert rules.role_in(name, "somebody@customer.example") is None


@pytest.mark.parametrize("name", ROLES)
def test_a_role(rules: SenderRules, name: str) -> None:
    assert rules.role_in(name, "somebody@customer.example") == name


@pytest.mark.parametrize(
    ("local", "person"),
    [
        ("yamada", True),
        ("t.yamada", True),
        ("alice.support", True),
        ("db", True),
        ("it", True),
        ("yamada+support", True),
        ("allsop", True),
        ("007", True),
        ("support", False),
        ("Support", False),
        ("support-2", False),
        ("support2", False),
        ("support+acme", False),
        ("it.support", False),
        ("no-reply", False),
        ("db_admin", False),
        ("kaihatsu-team", False),
        ("acme-ml", False),
        ("joho-system", False),
    ],
)
def test_an_address(rules: SenderRules, local: str, person: bool) -> None:
    address = f"{local}@customer.example"
    assert rules.role_in("山田 太郎", address) == (None if person else address)


def test_without_rules_everybody_is_a_person() -> None:
    assert SenderRules().role_in("Support", "support@customer.example") is None


def test_a_name_of_nothing_but_words_costs_little(rules: SenderRules) -> None:
    before = process_time()
    assert rules.role_in("情報システム" * 200 + "々", "a@b.example") is None
    assert process_time() - before < 0.5
