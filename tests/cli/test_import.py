"""Does an import register all or nothing, and tell everything that is wrong by its line?"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.cli.terminal import Said, Terminal

HEAD = (
    "number,customer,menu,starts_on,ends_on,language,cluster,"
    "contacts,askers,list,list_id,extra_askers,mailing_list_option\n"
)
GOOD = (
    "A-1,株式会社甲,premium,2026-04-01,2027-03-31,ja,本番,"
    '"Hanako <h@a.jp>","Taro <taro@a.jp>; ""Doe; J"" <jd@a.jp>",,,1,\n'
)
LISTED = 'B-1,乙,business,2026-04-01,2027-03-31,,,,,"Team <team@b.jp>",team.b.jp,0,yes\n'
SHORT = "number,customer,menu,starts_on,ends_on\n"
ROW = "A-1,C,premium,2026-04-01,2027-03-31\n"
TOML = """
[[contract]]
number = "A-1"
customer = "株式会社甲"
menu = "premium"
starts_on = 2026-04-01
ends_on = "2027-03-31"
contacts = ["Hanako <h@a.jp>"]
askers = ["Taro <taro@a.jp>", '"Doe; J" <jd@a.jp>']
extra_askers = 1

[[contract]]
number = "B-1"
customer = "乙"
menu = "business"
starts_on = 2026-04-01
ends_on = 2027-03-31
list = "Team <team@b.jp>"
list_id = "team.b.jp"
mailing_list_option = true
"""


def import_(terminal: Terminal, text: str | bytes, name: str = "contracts.csv", *words: str) -> Said:
    raw = text.encode() if isinstance(text, str) else text
    (terminal.folder / name).write_bytes(raw)
    return terminal("contract", "import", name, *words)


def registered(terminal: Terminal) -> list[str]:
    return [row["number"] for row in terminal.does("contract", "list", "--json").json]


def everything(terminal: Terminal) -> list[object]:
    """Both contracts, but for the moments at which they were registered."""
    shown = [terminal.does("contract", "show", number, "--json").json for number in ("A-1", "B-1")]
    for each in shown:
        del each["history"]
        for asker in each["askers"]:
            del asker["since"]
    return shown


def test_csv_and_toml_say_the_same(tmp_path: Path) -> None:
    found = []
    for name, text in (("contracts.csv", HEAD + GOOD + LISTED), ("contracts.toml", TOML)):
        terminal = Terminal(tmp_path / name[-4:])
        terminal.folder.mkdir()
        terminal.does("init", ".")
        said = import_(terminal, text, name)
        assert (said.code, said.err) == (0, "")
        found.append(everything(terminal))
    assert found[0][0]["askers"][1]["name"] == "Doe; J"  # type: ignore[index]
    found[0][0]["cluster"] = ""  # type: ignore[index] # the only field that the other file leaves out
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf" + (HEAD + GOOD).encode(),
        (HEAD + GOOD).replace("\n", "\r\n"),
        f"\n{HEAD}\n{GOOD}\n,,,\n".replace(",,,\n", "\n"),
    ],
    ids=["BOM", "CRLF", "empty lines"],
)
def test_what_spreadsheets_write(terminal: Terminal, text: str | bytes) -> None:
    assert import_(terminal, text).code == 0
    assert registered(terminal) == ["A-1"]


def test_the_format_may_be_said(terminal: Terminal) -> None:
    assert import_(terminal, SHORT + ROW, "contracts.txt").code == 2
    assert import_(terminal, SHORT + ROW, "contracts.txt", "--format", "csv").code == 0


FAULTS: dict[str, tuple[str | bytes, list[str]]] = {
    "not UTF-8": ((HEAD + GOOD).encode("cp932"), ["line 2: is not UTF-8 (it may be CP932, Shift_JIS)"]),
    "nothing in it": ("", ["(file): holds no contract"]),
    "no rows": (SHORT, ["(file): holds no contract"]),
    "semicolons": ((SHORT + ROW).replace(",", ";"), ["line 1: (columns): must be parted by commas"]),
    "an unknown column": ("numbr," + SHORT + "x," + ROW, ["line 1: numbr: is unknown: did you mean number?"]),
    "a column twice": ("number," + SHORT + "x," + ROW, ["line 1: number: stands there twice"]),
    "a missing column": ("number,customer,menu,starts_on\nA,B,premium,x\n", ["line 1: ends_on: this column is needed"]),
    "a cell too many": (SHORT + ROW.replace("\n", ",x\n"), ["line 2: (row): has 6 cells where the first line has 5"]),
    "an open quotation mark": (SHORT + '"A-1,C,premium', ["line 2: (row): is not CSV"]),
    "a NUL": (SHORT + "A\0" + ROW, ["line 2: holds a NUL"]),
    "a number twice": (SHORT + ROW + ROW, ["line 3: number"]),
    "faults in three lines": (
        SHORT + ROW.replace("premium", "gold") + ROW.replace("A-1,C", "B,") + ROW + "D,E,premium,2026-04-31,x\n",
        ["line 2: menu", "line 3: customer: is needed", "line 4: number", "line 5: starts_on", "line 5: ends_on"],
    ),
    "a line that goes on": (
        SHORT + ROW.replace("A-1", '"A\nB"') + ROW.replace("premium", "gold"),
        ["line 2: number", "line 4: menu"],
    ),
    "too many askers": (HEAD + GOOD.replace(",1,\n", ",0,\n"), ["line 2: askers: the contract has 1 seat"]),
    "a list without the option": (HEAD + LISTED.replace("yes", "no"), ["line 2: list: a mailing list as asker needs"]),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_faults_of_csv(terminal: Terminal, name: str) -> None:
    text, told = FAULTS[name]
    said = import_(terminal, text)
    assert said.code in (1, 2)
    assert [line.startswith(f"contracts.csv: {start}") for line, start in zip(said.faults, told, strict=True)] == [
        True
    ] * len(told), said.err
    assert registered(terminal) == []


TOML_FAULTS = {
    "not TOML": ("[[contract]]\nnumber = A-1\n", ["line 2, column 10: is not TOML"]),
    "another table": ('[[contracts]]\nnumber = "A"\n', ["contracts: write each contract under [[contract]]"]),
    "one table": ('[contract]\nnumber = "A"\n', ["contract: write each contract under [[contract]]"]),
    "an unknown key": (
        TOML.replace("menu =", "menue =", 1),
        ["line 2, contract 1: menue: is unknown: did you mean menu?"],
    ),
    "a list that is text": (
        TOML.replace('["Hanako <h@a.jp>"]', '"Hanako <h@a.jp>"'),
        ["line 2, contract 1: contacts: must be a list"],
    ),
    "a number that is a list": (TOML.replace('"B-1"', '["B-1"]'), ["line 12, contract 2: number: must be text"]),
    "a wrong menu": (TOML.replace('"business"', '"gold"'), ["line 12, contract 2: menu"]),
}


@pytest.mark.parametrize("name", TOML_FAULTS)
def test_faults_of_toml(terminal: Terminal, name: str) -> None:
    text, told = TOML_FAULTS[name]
    said = import_(terminal, text, "contracts.toml")
    assert said.code == 2
    assert [line.startswith(f"contracts.toml: {start}") for line, start in zip(said.faults, told, strict=True)] == [
        True
    ] * len(told), said.err
    assert registered(terminal) == []


def test_a_number_that_is_taken_stops_the_whole_file(terminal: Terminal) -> None:
    assert import_(terminal, SHORT + ROW).code == 0
    said = import_(terminal, SHORT + ROW.replace("A-1", "A-0") + ROW)
    assert (said.code, said.faults) == (1, ['contracts.csv: line 3: number = "A-1": is taken by another contract'])
    assert registered(terminal) == ["A-1"]


def test_a_thousand_contracts_are_quick(terminal: Terminal) -> None:
    rows = "".join(GOOD.replace("A-1", f"N-{number:04}") for number in range(1_000))
    (terminal.folder / "many.csv").write_text(HEAD + rows, encoding="utf-8")
    terminal.does("status")
    before = time.process_time()
    assert terminal.does("contract", "import", "many.csv").out == "1000 contracts are registered\n"
    assert time.process_time() - before < 6  # 1.1 s here; what is guarded is that no step costs the square
    assert len(registered(terminal)) == 1_000
