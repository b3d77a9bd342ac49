"""The command change: what customers asked for, and what becomes of it."""

from __future__ import annotations

import pytest

from tests.cli.conftest import register
from tests.cli.terminal import MAIL, Terminal

REQUEST = (
    MAIL.partition(b"\n\n")[0].replace(b"support@", b"registry@").replace(b"<first@", b"<change@")
    + "\n\n質問担当者に 鈴木 花子 <hana@example.jp> を追加してください。\n".encode()
)


@pytest.fixture
def asked(terminal: Terminal) -> Terminal:
    """A desk at which somebody has asked for one more asker."""
    register(terminal, "--extra-askers", "1")
    terminal.does("staff", "add", "Eng <eng@example.org>", "--language", "en")
    terminal.does("deliver", "--to", "registry@example.com", stdin=REQUEST)
    terminal.work()
    return terminal


def addresses(terminal: Terminal) -> list[str]:
    return [each["address"] for each in terminal.does("asker", "list", "C-1", "--json").json]


def test_a_request_is_listed_and_shown(asked: Terminal) -> None:
    (told,) = asked.does("change", "list", "--json").json
    assert (told["number"], told["contract"], told["state"], told["asked_by"], told["trust"]) == (
        "CHG-1", "C-1", "waiting", "taro@example.jp", "plausible",
    )  # fmt: skip
    (step,) = told["steps"]
    assert (step["what"], step["before"], step["after"]) == ("asker-add", "", "鈴木 花子 <hana@example.jp>")
    shown = asked.does("change", "show", "CHG-1").out
    for said in ("CHG-1 (waiting)", "taro@example.jp (plausible)", "鈴木 花子 <hana@example.jp>", "追加してください"):
        assert said in shown
    assert "asker-add" in asked.does("change", "list").out
    assert asked.does("change", "list", "--state", "approved", "--json").json == []


def test_status_tells_of_what_waits(asked: Terminal) -> None:
    assert asked.does("status", "--json").json["changes"] == {"waiting": 1}
    assert "mailbot change list --state waiting" in asked.does("status").out
    asked.does("change", "decline", "1")
    assert "change list" not in asked.does("status").out


def test_approving_changes_and_tells(asked: Terminal) -> None:
    assert asked.does("change", "approve", "chg-1").out == "CHG-1 approved, C-1: asker-add\n"
    assert addresses(asked) == ["taro@example.jp", "hana@example.jp"]
    letters = asked.does("outbox", "list", "--json").json
    told = {each["to"] for each in letters if each["key"].startswith(("registered", "change-done"))}
    assert told == {"hana@example.jp", "taro@example.jp", "hanako@example.jp"}
    again = asked("change", "approve", "1")
    assert (again.code, again.faults) == (1, ["CHG-1 is approved already, by command line"])
    assert asked.does("change", "show", "1", "--json").json["decided_by"] == "command line"


def test_declining_leaves_all_as_it_was(asked: Terminal) -> None:
    asked.does("change", "decline", "1", "--reason", "席がありません")
    assert addresses(asked) == ["taro@example.jp"]
    (letter,) = [each for each in asked.does("outbox", "list", "--json").json if each["key"] == "change-declined:1"]
    assert letter["to"] == "taro@example.jp"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("show", "9"), 1, "there is no change 9: see mailbot change list"),
        (("approve", "9"), 1, "there is no change 9: see mailbot change list"),
        (("approve", "x"), 2, "'x' is no change: write its number, such as 3 or CHG-3"),
        (("decline", "0"), 2, "'0' is no change: write its number, such as 3 or CHG-3"),
        (("show", "9" * 30), 2, f"'{'9' * 30}' is no change: write its number, such as 3 or CHG-3"),
    ],
)
def test_what_is_not_there_is_told(terminal: Terminal, words: tuple[str, ...], code: int, says: str) -> None:
    said = terminal("change", *words)
    assert (said.code, said.faults) == (code, [says])


def test_nothing_is_listed_as_nothing(terminal: Terminal) -> None:
    assert terminal.does("change", "list").out == "nobody has asked for a change\n"
    assert terminal.does("change", "list", "--json").json == []
