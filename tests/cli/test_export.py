"""Does an export, imported into an empty desk, give the same contracts, and does no spreadsheet run what is in it?"""

from __future__ import annotations

import csv
import io
import string
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailbot.cli import exporting
from mailbot.cli.importing import applications_in
from mailbot.desk.cells import hardened
from mailbot.flows.application import Application, Offer, examine
from mailbot.flows.fields import Findings
from mailbot.mail.address import registrable, written
from mailbot.mail.message import Mailbox
from tests.cli.conftest import register
from tests.cli.terminal import Terminal


def shown(terminal: Terminal) -> list[dict[str, Any]]:
    """All contracts, but for their history: an import begins one of its own."""
    found = []
    for row in terminal.does("contract", "list", "--json").json:
        told = terminal.does("contract", "show", row["number"], "--json").json
        del told["history"], told["guides"]
        for asker in told["askers"]:
            del asker["since"]
        found.append(told)
    return found


@pytest.fixture
def several(terminal: Terminal) -> Terminal:
    """Contracts with all that there is."""
    people = (
        "--asker",
        r'"Doe; J (\"JD\")" <jd@example.jp>',
        "--list",
        "Team <team@example.jp>",
        "--list-id",
        "t.x.jp",
    )
    register(terminal, "--extra-askers", "4", "--mailing-list-option", *people)
    terminal.does("asker", "add", "C-1", "Team 2 <team2@example.jp>", "--list", "--list-id", "team2.example.jp")
    terminal.does("asker", "add", "C-1", "Support <s@example.jp>", "--although-role-name", "her family name")
    terminal.does("equipment", "add", "C-1", "db1", "--os", "RHEL 9.4", "--versions", "pgpool-II 4.5.2, PostgreSQL 16")
    terminal.does("equipment", "add", "C-1", "db2", "--os", "Debian 12")
    terminal.does("contract", "renew", "C-1", "--menu", "business")
    terminal.does(
        "contract",
        "edit",
        "C-1",
        "--trust",
        "authenticated",
        "--timezone",
        "Europe/Berlin",
        "--cluster",
        '=cmd|"/c calc"!A1',
    )
    term = ("--starts-on", "2026-04-01", "--ends-on", "2036-03-31")
    terminal.does("contract", "add", "--number", "C-2", "--customer", "@SUM(1+1)", "--menu", "business", *term)
    terminal.does("contract", "cancel", "C-2")
    return terminal


@pytest.mark.parametrize("format", ["csv", "toml"])
def test_the_same_contracts_come_out(several: Terminal, tmp_path: Path, format: str) -> None:
    said = several.does("contract", "export", "-o", f"all.{format}")
    assert said.out == f"2 contracts are written to all.{format}\n"
    empty = Terminal(tmp_path / "empty")
    empty.folder.mkdir()
    empty.does("init", ".")
    empty.does("contract", "import", str(several.folder / f"all.{format}"))
    before, after = shown(several), shown(empty)
    assert before == after
    assert len(before[0]["askers"]) == 5
    again = empty.does("contract", "export", "--format", format).out
    assert again == several.does("contract", "export", "--format", format).out


def test_one_contract(several: Terminal) -> None:
    out = several.does("contract", "export", "C-2").out
    assert len(list(csv.reader(io.StringIO(out)))) == 2
    assert several("contract", "export", "C-9").code == 1


def test_for_a_spreadsheet(several: Terminal) -> None:
    assert several.does("contract", "export", "--bom").out.startswith('\ufeff"number"')
    rows = list(csv.DictReader(io.StringIO(several.does("contract", "export").out)))
    assert rows[0]["cluster"] == '\'=cmd|"/c calc"!A1'
    assert rows[1]["customer"] == "'@SUM(1+1)"


def test_a_file_that_cannot_be_written(several: Terminal) -> None:
    said = several("contract", "export", "-o", "missing/all.csv")
    assert (said.code, len(said.faults)) == (2, 1)


def test_an_empty_desk(terminal: Terminal) -> None:
    assert len(terminal.does("contract", "export").out.splitlines()) == 1
    assert terminal.does("contract", "export", "--format", "toml").out == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_begins_like_a_formula(start: str) -> None:
    assert hardened(f"{start}1") == f"'{start}1"


# Whatever a name may hold, it comes back.

_LINES = st.text(
    st.characters(exclude_categories=("C", "Z")) | st.just(" ") | st.sampled_from("=+-@'\"\\;|<>(),:[]"), max_size=30
).map(str.strip)
_NAMES = _LINES.filter(lambda name: bool(name) and "@" not in name and "=?" not in name)
_LOCALS = st.text(string.ascii_lowercase + string.digits + ".-_+", min_size=1, max_size=12).filter(
    lambda local: local[0].isalnum() and local[-1].isalnum() and ".." not in local
)


@given(_NAMES, _LOCALS)
def test_a_mailbox_is_read_as_it_was_written(name: str, local: str) -> None:
    said = Mailbox(name, f"{local}@example.jp")
    found = registrable(written(said))
    assert registrable(written(found)) == found


_APPLICATIONS = st.builds(
    replace,
    st.just(
        Application(
            where="x", number="C-1", menu="premium", starts_on="2026-04-01", ends_on="2027-03-31", language="ja"
        )
    ),
    customer=_LINES.filter(bool),
    cluster=_LINES,
    contacts=st.lists(_NAMES, max_size=3).map(
        lambda names: tuple(written(Mailbox(name, f"a{at}@example.jp")) for at, name in enumerate(names))
    ),
    mailing_list_option=st.just("no"),
    extra_askers=st.just("0"),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_APPLICATIONS, st.sampled_from(["csv", "toml"]))
def test_whatever_is_in_it_comes_back(tmp_path: Path, application: Application, format: Any) -> None:
    offer = Offer(("premium",), ("ja",), frozenset())
    found = Findings("x")
    sale = examine(application, offer, found)
    if sale is None:  # not to be registered in the first place
        return
    file = tmp_path / "export"
    file.write_bytes("".join(exporting.written([application], format)).encode())
    (read,) = applications_in(file, format)
    assert examine(read, offer, Findings("x")) == sale
