"""Are wrong rotas and ladders told, with what mends them?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mailbot.errors import ConfigurationError
from mailbot.rules import load

RULES = Path(__file__).parents[1] / "rules"
ROTA = """
[rotas.r]
zone = "Asia/Tokyo"
first_week = 2026-01-05
hand_over = "monday 09:00"
people = ["Sato@Desk.Example"]

[[rotas.r.instead]]
since = 2026-04-01T09:00:00+09:00
until = 2026-04-02T09:00:00+09:00
who = "suzuki@desk.example"

[[rotas.r.instead]]
since = 2026-04-02T09:00:00+09:00
until = 2026-04-03T09:00:00+09:00
who = "tanaka@desk.example"

[ladders.business]"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Path(shutil.copytree(RULES, tmp_path / "rules"))
    file = made / "oncall.toml"
    file.write_text(file.read_text("utf-8").replace("\n[ladders.business]", ROTA, 1), "utf-8")
    return made


def test_a_sound_rota(folder: Path) -> None:
    rota = load(folder).oncall.rotas["r"]
    assert (rota.people, rota.weekday, rota.minutes) == (("sato@desk.example",), 0, 540)
    assert [deputy.who for deputy in rota.deputies] == ["suzuki@desk.example", "tanaka@desk.example"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'hours = "business"',
            'hours = "opening"',
            'hours = "opening": must be a calendar of calendar.toml: always, business',
        ),
        ("first_week = 2026-01-05", "first_week = 2026-01-06", "first_week = 2026-01-06: must be a Monday"),
        ("first_week = 2026-01-05", 'first_week = "soon"', 'first_week = "soon": must be a day, such as 2026-01-05'),
        ('"monday 09:00"', '"Monday 9:00"', 'must be a weekday and a time like "monday 09:00"'),
        ('zone = "Asia/Tokyo"\nfirst', 'zone = "Mars"\nfirst', "there is no such time zone"),
        ('["Sato@Desk.Example"]', '["Sato"]', "rotas.r.people[1]"),
        ('["Sato@Desk.Example"]', "[]", "must hold at least 1"),
        ("until = 2026-04-02T09:00:00+09:00", "until = 2026-04-01T09:00:00+09:00", "must end after it begins"),
        ("until = 2026-04-02T09:00:00+09:00", "until = 2026-04-02T09:00:01+09:00", "must not overlap"),
        ("until = 2026-04-02T09:00:00+09:00", "until = 2026-04-02T09:00:00", "must name its zone"),
        (
            'who = "partner"',
            'who = "rota:x"',
            'ladders.outside.rungs[1].who = "rota:x": there is no such rota; there are: r',
        ),
        ('who = "partner"', 'who = "nobody"', 'must be "all", "partner", "rota:NAME" or the address of one of staff'),
        ('who = "all"\n', 'who = "partner"\n', "the partner is called outside the business hours alone (S27)"),
        ('who = "partner"', 'who = "partner"\nquiet = ["22:00-22:00"]', "must end at another time than it begins"),
        ('who = "partner"', 'who = "partner"\nquiet = ["22-7"]', 'must be hours like "22:00-07:00"'),
        ("after_minutes = 15", "after_minutes = -1", "must be at least 0"),
        ("repeat_minutes = 15", "repeat_minutes = 0", "must be at least 1"),
        ("repeats = 8", "repeat = 8", "there is no such key"),
        (
            'calls = "0 all"',
            'calls = "0 partner"',
            "expects 0 partner, but the rules say 0 all: mend the rules or the example",
        ),
    ],
)
def test_a_fault_is_told(folder: Path, old: str, new: str, expected: str) -> None:
    file = folder / "oncall.toml"
    text = file.read_text("utf-8")
    head, mark, rest = text.partition("\nzone =")  # nothing in the comments
    assert old in mark + rest
    file.write_text(head + (mark + rest).replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigurationError) as raised:
        load(folder)
    assert any(expected in str(fault) for fault in raised.value.faults), [str(fault) for fault in raised.value.faults]
