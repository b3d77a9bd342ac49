"""Do the commands about calls say what is so, and do what they say?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mailbot.cli import setup
from tests.cli.conftest import register
from tests.cli.terminal import MAIL, Terminal

RULES = Path(__file__).parents[2] / "rules"
ROTA = """
[rotas.engineers]
zone = "Asia/Tokyo"
first_week = 2026-01-05
hand_over = "monday 09:00"
people = ["eng@example.org", "gone@example.org"]

[ladders.business]"""
URGENT = MAIL.replace(
    "pgpool-II 4.5 が起動しません。".encode(), "緊急: pgpool-II 4.5 の本番環境が停止しています。".encode()
).replace(b"Subject: =?utf-8?b?", b"Subject: URGENT =?utf-8?b?")


@pytest.fixture
def manned(terminal: Terminal) -> Terminal:
    terminal.does("staff", "add", "Eng <eng@example.org>", "--language", "en")
    terminal.does("staff", "add", "--partner", "Night <night@example.net>")
    return terminal


def with_a_rota(terminal: Terminal) -> None:
    shutil.copytree(RULES, terminal.folder / "rules")
    file = terminal.folder / "rules" / "oncall.toml"
    file.write_text(file.read_text("utf-8").replace("\n[ladders.business]", ROTA, 1), "utf-8")
    config = terminal.folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace('#folder = "rules"', 'folder = "rules"', 1), "utf-8")


def test_the_partner_is_no_staff(manned: Terminal) -> None:
    told = manned.does("staff", "list", "--json").json
    assert [(each["name"], each["role"]) for each in told] == [("Eng", "staff"), ("Night", "partner")]
    assert "partner" in manned.does("staff", "list").out
    said = manned("staff", "add", "Night <night@example.net>")
    assert (said.code, said.faults) == (1, ["night@example.net is registered as partner already"])
    manned.does("staff", "remove", "night@example.net")
    assert len(manned.does("staff", "list", "--json").json) == 1


def test_who_is_called_and_when(manned: Terminal) -> None:
    told = manned.does("oncall", "show", "--at", "2026-04-04T03:00", "--json").json
    assert told == {
        "at": "2026-04-03T18:00:00Z",
        "hours": "outside",
        "calls": [
            {"at": "2026-04-03T18:00:00Z", "rung": "partner", "called": ["night@example.net"]},
            {"at": "2026-04-03T18:15:00Z", "rung": "all", "called": ["eng@example.org"]},
        ],
        "turns": [],
    }
    shown = manned.does("oncall", "show", "--at", "2026-04-01T10:00+09:00").out
    assert "an urgent question at 2026-04-01 10:00 JST (business) calls" in shown
    assert "eng@example.org" in shown
    assert "night@example.net" not in shown


def test_with_nobody_registered_it_says_so(terminal: Terminal) -> None:
    assert "nobody: see mailbot staff add --help" in terminal.does("oncall", "show").out
    assert terminal.does("check").out.startswith("all is well")


def test_whose_turn_it_is(manned: Terminal) -> None:
    with_a_rota(manned)
    told = manned.does("oncall", "show", "--at", "2026-04-04T03:00", "--days", "9", "--json").json
    assert told["turns"] == [
        {
            "rota": "engineers",
            "since": "2026-04-03T18:00:00Z",
            "until": "2026-04-06T00:00:00Z",
            "who": "eng@example.org",
            "registered": True,
        },
        {
            "rota": "engineers",
            "since": "2026-04-06T00:00:00Z",
            "until": "2026-04-12T18:00:00Z",
            "who": "gone@example.org",
            "registered": False,
        },
    ]
    shown = manned.does("oncall", "show", "--at", "2026-04-04T03:00").out
    assert "gone@example.org (not registered)" in shown
    assert max(map(len, shown.splitlines())) <= 100


def test_check_tells_whom_nobody_knows_and_the_desk_starts_all_the_same(manned: Terminal) -> None:
    with_a_rota(manned)
    said = manned("check")
    assert said.code == 2
    (fault,) = said.faults
    assert 'oncall.toml: on call = "gone@example.org": nobody is registered with this address' in fault
    assert setup.check_start(manned.folder / "config.toml", {}) == []


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (("oncall", "show", "--at", "soon"), 2, "--at 'soon' is no time"),
        (("oncall", "show", "--days", "0"), 2, "--days"),
        (
            ("incident", "take", "INC-2026-000009", "--by", "eng@example.org"),
            1,
            "there is no incident 'INC-2026-000009'",
        ),
        (("incident", "urgency", "INC-2026-000009", "urgent", "--by", "eng@example.org"), 1, "there is no incident"),
        (("incident", "urgency", "INC-2026-000009", "very", "--by", "eng@example.org"), 2, "urgent|normal"),
        (("incident", "take", "INC-2026-000009"), 2, "--by"),
    ],
)
def test_wrong_words(manned: Terminal, words: tuple[str, ...], code: int, complaint: str) -> None:
    said = manned(*words)
    assert said.code == code
    assert len(said.faults) == 1
    assert complaint in said.faults[0]


def test_an_incident_is_taken_and_judged(manned: Terminal) -> None:
    register(manned)
    manned.does("deliver", stdin=URGENT)
    manned.work()
    (listed,) = manned.does("incident", "list", "--json").json
    assert listed["urgency"] in ("urgent", "doubtful")
    number = listed["number"]
    assert manned.does("incident", "urgency", number, "urgent", "--by", "eng@example.org").out.startswith(
        f"{number} is urgent"
    )
    assert (
        manned.does("incident", "urgency", number, "normal", "--by", "eng@example.org").out
        == f"{number} is normal now\n"
    )
    assert (
        manned.does("incident", "urgency", number, "normal", "--by", "eng@example.org").out
        == f"{number} is normal already\n"
    )
    assert (
        manned.does("incident", "take", number, "--by", "eng@example.org").out
        == f"{number} is taken by Eng <eng@example.org>\n"
    )
    told = manned.does("incident", "show", number, "--json").json
    assert (told["assignee"], told["urgency"]) == ("Eng", "normal")
    said = manned("incident", "take", number, "--by", "night@example.net")
    assert said.code == 1
