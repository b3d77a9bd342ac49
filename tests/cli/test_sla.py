"""Does `sla explain` prove a first response to people and to programs, and `sla simulate` count the same?"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from mailbot.config import bundled
from tests.cli.conftest import register
from tests.cli.terminal import MAIL, Terminal
from tests.cli.test_commands import UTC_TIME

SATURDAY = datetime(2026, 12, 26, 3, 0, tzinfo=UTC)  # 12:00 in Tokyo; what follows is closed until 4 January
NUMBER = "INC-2026-000001"
COLUMNS = 100


@pytest.fixture
def asked(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A question of a premium contract that came on a Saturday before the year's end, under a long subject."""
    register(terminal)
    with monkeypatch.context() as moved:
        moved.setattr("mailbot.clock.now", lambda: SATURDAY)
        terminal.does("deliver", stdin=MAIL.replace(b"Subject: ", b"Subject: " + b"very long " * 30))
    terminal.work(SATURDAY)
    return terminal


def test_explain_for_people(asked: Terminal) -> None:
    out = asked.does("sla", "explain", NUMBER).out
    assert all(cell_len(line) <= COLUMNS for line in out.splitlines())
    heads, _, table = out.partition("\n\n")
    told = dict(line.split(": ", 1) for line in heads.splitlines())
    assert told["incident"].strip() == f"{NUMBER} (acknowledged)"
    assert told["arrived"].strip() == "Sat 2026-12-26 12:00:00 JST"
    assert told["due"].strip() == "Mon 2026-12-28 09:30:00 JST"
    assert re.fullmatch(r" *business, edition [0-9a-f]{12}, first used 2026-12-26 12:00 JST", told["calendar"])
    assert told["acknowledged"].strip() == "Sat 2026-12-26 12:00:00 JST; 30 min 00 s of the covered time left"
    assert [line.split()[0] for line in table.splitlines()] == ["FROM", "Sat", "Sat", "Sun", "Mon"]


def test_explain_for_programs(asked: Terminal) -> None:
    told = asked.does("sla", "explain", NUMBER, "--json").json
    assert told | {"edition": None} == {
        "answers": [],
        "incident": NUMBER,
        "status": "acknowledged",
        "contract": "C-1",
        "asker": "taro@example.jp",
        "menu": "premium",
        "minutes": 30,
        "urgent": False,
        "urgency": "normal",
        "urgency_by": None,
        "calendar": "business",
        "edition": None,
        "edition_first_used_at": "2026-12-26T03:00:00Z",
        "received_at": "2026-12-26T03:00:00Z",
        "due_at": "2026-12-28T00:30:00Z",
        "acknowledged_at": "2026-12-26T03:00:00Z",
        "relay_said": "250 2.0.0 taken",
        "late": False,
        "left_seconds": 163_800.0,
        "covered_left_seconds": 1800.0,
        "counted_due_at": "2026-12-28T00:30:00Z",
        "intervals": [
            {
                "kind": "closed",
                "from": "2026-12-26T03:00:00Z",
                "to": "2026-12-28T00:00:00Z",
                "seconds": 162_000.0,
                "days": [
                    {"first": "2026-12-26", "last": "2026-12-26", "reason": "Saturday"},
                    {"first": "2026-12-27", "last": "2026-12-27", "reason": "Sunday"},
                ],
            },
            {
                "kind": "covered",
                "from": "2026-12-28T00:00:00Z",
                "to": "2026-12-28T00:30:00Z",
                "seconds": 1800.0,
                "total_seconds": 1800.0,
            },
        ],
        "events": [],
        "notes": [],
    }
    assert re.fullmatch(r"[0-9a-f]{64}", told["edition"])


def test_a_naive_edit_of_the_calendar_rewrites_nothing(asked: Terminal) -> None:
    before = asked.does("sla", "explain", NUMBER, "--json").json
    rules = asked.folder / "rules"
    rules.mkdir(exist_ok=True)
    for file in bundled("rules").glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        if file.name == "calendar.toml":
            closed = '[[calendars.business.closed]]\ndays = "2026-12-25..2026-12-27"\nreason = "moving"\n'
            text = text.replace("# --- Examples", f"{closed}\n# --- Examples", 1)
        (rules / file.name).write_text(text, encoding="utf-8")
    path = asked.folder / "config.toml"
    path.write_bytes(path.read_bytes().replace(b"[rules]", b'[rules]\nfolder = "rules"', 1))
    assert "moving" in asked.does("sla", "simulate", "--contract", "C-1", "--at", "2026-12-26T12:00").out
    assert asked.does("sla", "explain", NUMBER, "--json").json == before


def test_explain_of_what_is_not_there(terminal: Terminal) -> None:
    said = terminal("sla", "explain", NUMBER)
    assert (said.code, said.out, len(said.faults)) == (1, "", 1)
    assert f"there is no incident '{NUMBER}'" in said.err


@pytest.mark.parametrize("at", ["2026-12-26T12:00", "2026-12-28T17:45:30", "2026-04-01T10:00"])
def test_simulate_counts_the_same(terminal: Terminal, at: str) -> None:
    register(terminal)
    words = ("sla", "simulate", "--contract", "C-1", "--at", at)
    told = terminal.does(*words, "--json").json
    pieces = told["intervals"]
    assert (pieces[0]["from"], pieces[-1]["to"]) == (told["at"], told["due_at"])
    assert pieces[-1]["total_seconds"] == 1800.0
    assert all(UTC_TIME.fullmatch(each[end]) for each in pieces for end in ("from", "to"))
    out = terminal.does(*words).out
    assert all(cell_len(line) <= COLUMNS for line in out.splitlines())
    assert out.count("  counts") == sum(each["kind"] == "covered" for each in pieces)
