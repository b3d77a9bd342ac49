"""Do the commands around a contract do what an operator of a desk expects of them?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from tests.cli.conftest import register
from tests.cli.terminal import MAIL, Terminal

TODAY = datetime.now(UTC).date()


def sold(terminal: Terminal, number: str, first: int, last: int, *more: str) -> None:
    """A contract whose term begins and ends so many days from today."""
    words = ("--number", number, "--customer", "C", "--menu", "business", *more)
    days = (str(TODAY + timedelta(days=first)), str(TODAY + timedelta(days=last)))
    terminal.does("contract", "add", *words, "--starts-on", days[0], "--ends-on", days[1])


def numbers(terminal: Terminal, *words: str) -> list[str]:
    return [row["number"] for row in terminal.does("contract", "list", *words, "--json").json]


def test_the_list_is_asked_for_what_needs_care(terminal: Terminal) -> None:
    sold(terminal, "coming", 30, 395)
    sold(terminal, "long", -10, 300)
    sold(terminal, "soon", -360, 20)
    sold(terminal, "leaving", -360, 25)
    sold(terminal, "gone", -400, -30)
    terminal.does("contract", "cancel", "leaving")
    assert numbers(terminal, "--status", "in-force") == ["long", "soon"]
    assert numbers(terminal, "--status", "in force") == ["long", "soon"]
    assert numbers(terminal, "--status", "cancelled") == ["leaving"]
    assert numbers(terminal, "--status", "not-begun") == ["coming"]
    assert numbers(terminal, "--status", "ended") == ["gone"]
    assert numbers(terminal, "--ending-within", "22") == ["soon"]
    assert numbers(terminal, "--ending-within", "60") == ["leaving", "soon"]
    assert numbers(terminal, "--ending-within", "60", "--status", "cancelled") == ["leaving"]
    assert terminal.does("contract", "list", "--ending-within", "0").out == "no contract is like that\n"
    assert all(cell_len(line) <= 100 for line in terminal.does("contract", "list").out.splitlines())


def test_a_renewed_contract_with_a_gap_is_not_in_force_within_it(terminal: Terminal) -> None:
    sold(terminal, "C", -400, -30)
    terminal.does("contract", "renew", "C", "--from", str(TODAY + timedelta(days=5)))
    assert numbers(terminal, "--status", "not-begun") == ["C"]


def test_renew_and_cancel(terminal: Terminal) -> None:
    register(terminal)
    assert terminal.does("contract", "cancel", "C-1").out == (
        "contract C-1 is cancelled: access ends after 2036-03-31\n"
    )
    assert terminal.does("contract", "show", "C-1", "--json").json["status"] == "cancelled at the end"
    said = terminal.does("contract", "renew", "C-1", "--menu", "business").out
    assert said == "contract C-1 is renewed: 2036-04-01 to 2037-03-31, menu business\n"
    shown = terminal.does("contract", "show", "C-1", "--json").json
    assert (shown["status"], shown["cancelled_at"]) == ("in force", None)
    assert (shown["menu"], shown["next_menu"]) == ("premium", "business")
    assert "premium, business from the next term on" in terminal.does("contract", "show", "C-1").out
    due = ("sla", "simulate", "--contract", "C-1", "--json", "--at")
    assert terminal.does(*due, "2036-03-31T12:00").json["menu"] == "premium"
    assert terminal.does(*due, "2036-04-01T12:00").json["menu"] == "business"
    again = terminal("contract", "renew", "C-1")
    assert (again.code, len(again.faults)) == (1, 1)


def test_edit_says_what_is_different(terminal: Terminal) -> None:
    register(terminal)
    said = terminal.does("contract", "edit", "C-1", "--menu", "business", "--trust", "authenticated")
    assert said.out.splitlines() == [
        "contract C-1: menu: premium → business",
        "contract C-1: trust: desk → authenticated",
    ]
    same = terminal.does("contract", "edit", "C-1", "--menu", "business")
    assert same.out == "contract C-1 is as you say already\n"
    terminal.does("contract", "edit", "C-1", "--mailing-list-option", "--extra-askers", "1")
    terminal.does("asker", "add", "C-1", "Team <team@example.jp>", "--list")
    refused = terminal("contract", "edit", "C-1", "--no-mailing-list-option")
    assert (refused.code, len(refused.faults)) == (1, 1)
    contacts = ("--add-contact", "Saburo <s@example.jp>", "--remove-contact", "hanako@example.jp")
    terminal.does("contract", "edit", "C-1", *contacts)
    assert terminal.does("contract", "show", "C-1", "--json").json["contacts"] == [
        {"name": "Saburo", "address": "s@example.jp"}
    ]


def test_the_zone_in_which_its_people_are_told_times(terminal: Terminal) -> None:
    register(terminal, "--timezone", "Europe/Berlin")
    assert terminal.does("contract", "show", "C-1", "--json").json["timezone"] == "Europe/Berlin"
    assert "timezone:  Europe/Berlin" in terminal.does("contract", "show", "C-1").out
    said = terminal.does("contract", "edit", "C-1", "--timezone", "desk").out
    assert said == "contract C-1: timezone: Europe/Berlin → desk\n"
    assert "timezone:  Asia/Tokyo, the desk's" in terminal.does("contract", "show", "C-1").out
    assert terminal.does("contract", "show", "C-1", "--json").json["timezone"] is None


@pytest.mark.parametrize(
    "zone", ["Europe/Atlantis", "CET-1", "../etc/passwd", "/etc/passwd", "Europe", "x\ny", "ü" * 300]
)
def test_a_zone_that_there_is_not(terminal: Terminal, zone: str) -> None:
    register(terminal)
    refused = terminal("contract", "edit", "C-1", "--timezone", zone)
    assert (refused.code, len(refused.faults)) == (2, 1)
    assert "is no time zone: write it like Europe/Berlin" in refused.err
    term = ("--menu", "business", "--starts-on", "2026-04-01", "--ends-on", "2036-03-31")
    refused = terminal("contract", "add", "--number", "C-2", "--customer", "X", *term, "--timezone", zone)
    assert (refused.code, len(refused.faults)) == (2, 1)


def test_show_tells_all_of_a_contract(terminal: Terminal) -> None:
    register(terminal, "--equipment", "db1 | RHEL 9.4 | pgpool-II 4.5.2", "--trust", "authenticated")
    terminal.does("equipment", "add", "C-1", "db2", "--os", "Ubuntu 22.04")
    shown = terminal.does("contract", "show", "C-1", "--json").json
    assert shown["equipment"] == [
        {"host": "db1", "os": "RHEL 9.4", "versions": "pgpool-II 4.5.2"},
        {"host": "db2", "os": "Ubuntu 22.04", "versions": ""},
    ]
    assert shown["trust"] == "authenticated"
    assert [each["what"] for each in shown["history"]] == ["added", "asker-added", "equipment-added"]
    out = terminal.does("contract", "show", "C-1").out
    for expected in ("db1 | RHEL 9.4", "1 of 1 taken", "since 20", "equipment-added: db2", "trust:     authenticated"):
        assert expected in out


def test_a_machine(terminal: Terminal) -> None:
    register(terminal)
    terminal.does("equipment", "add", "C-1", "db1", "--os", "RHEL 9.4", "--versions", "pgpool-II 4.5.2")
    said = terminal.does("equipment", "edit", "C-1", "db1", "--os", "Debian 12")
    assert said.out.splitlines() == [
        "contract C-1: db1 | RHEL 9.4 | pgpool-II 4.5.2 → db1 | Debian 12 | pgpool-II 4.5.2",
        "note: another Linux is no supported platform (S3)",
    ]
    assert terminal.does("equipment", "list", "C-1", "--json").json == [
        {"host": "db1", "os": "Debian 12", "versions": "pgpool-II 4.5.2"}
    ]
    assert "Debian 12" in terminal.does("equipment", "list", "C-1").out
    terminal.does("equipment", "remove", "C-1", "db1")
    assert terminal.does("equipment", "list", "C-1").out == "no equipment is registered\n"


def test_an_asker_is_replaced_and_the_operator_told_what_was_open(terminal: Terminal) -> None:
    register(terminal)
    terminal.does("deliver", stdin=MAIL)
    terminal.work()
    (incident,) = terminal.does("incident", "list", "--json").json
    said = terminal.does("asker", "replace", "C-1", "taro@example.jp", "Jiro <jiro@example.jp>").out.splitlines()
    assert said[0] == "jiro@example.jp asks under contract C-1 in place of taro@example.jp"
    assert said[1] == "jiro@example.jp goes on with what was open:"
    assert incident["number"] in said[2]
    assert terminal.does("incident", "list", "--json").json[0]["asker"] == "jiro@example.jp"
    gone = terminal.does("asker", "remove", "C-1", "jiro@example.jp").out
    assert "nobody is registered to go on" in gone
    assert terminal.does("asker", "list", "C-1").out == "no asker is registered\n"
    rows = terminal.does("asker", "list", "C-1", "--history", "--json").json
    assert [(row["address"], row["until"] is not None) for row in rows] == [
        ("taro@example.jp", True),
        ("jiro@example.jp", True),
    ]
    assert "taro@example.jp" in terminal.does("asker", "list", "C-1", "--history").out


def test_a_role_is_refused_unless_somebody_insists(terminal: Terminal) -> None:
    register(terminal, "--extra-askers", "1")
    refused = terminal("asker", "add", "C-1", "サポートチーム <team@example.jp>")
    assert (refused.code, len(refused.faults)) == (1, 1)
    assert "(S5)" in refused.err
    assert "(S8)" in refused.err
    terminal.does("asker", "add", "C-1", "サポートチーム <team@example.jp>", "--although-role-name", "so agreed")
    assert "although so agreed" in terminal.does("contract", "show", "C-1").out


@pytest.mark.parametrize("name", ["岡部", "室井 次郎", "Alice Support"])
def test_a_family_name_is_no_role(terminal: Terminal, name: str) -> None:
    register(terminal, "--extra-askers", "1")
    terminal.does("asker", "add", "C-1", f"{name} <somebody@example.jp>")
