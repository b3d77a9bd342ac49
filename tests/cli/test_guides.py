"""Does the operator learn who is going to be greeted, before it happens and afterwards?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.cli.terminal import Terminal

WORDS = ("--number", "C-1", "--customer", "Customer", "--menu", "premium")
TERM = ("--starts-on", "2020-04-01", "--ends-on", "2036-03-31")
PEOPLE = ("--asker", "Taro <taro@example.jp>", "--contact", "Hanako <hanako@example.jp>")


def sold(terminal: Terminal, *more: str) -> str:
    return terminal.does("contract", "add", *WORDS, *TERM, *PEOPLE, *more).out


def test_a_contract_says_whom_it_greets(terminal: Terminal) -> None:
    assert (
        sold(terminal) == "contract C-1 is registered; 2 people get the guide on the first day, or now if it is past\n"
    )
    assert "guide:     taro@example.jp waits for the first day\n" in terminal.does("contract", "show", "C-1").out
    terminal.work(at=datetime.now(UTC) + timedelta(minutes=1))
    assert "guide:     taro@example.jp sent 20" in terminal.does("contract", "show", "C-1").out
    guides = terminal.does("contract", "show", "C-1", "--json").json["guides"]
    assert [(each["address"], each["state"]) for each in guides] == [
        ("hanako@example.jp", "sent"),
        ("taro@example.jp", "sent"),
    ]
    sent = terminal.does("outbox", "list", "--json").json
    assert {each["to"] for each in sent} == {"hanako@example.jp", "taro@example.jp"}


def test_nobody_is_greeted_where_the_operator_says_so(terminal: Terminal) -> None:
    assert sold(terminal, "--no-welcome") == "contract C-1 is registered\n"
    assert "guide:     taro@example.jp not sent\n" in terminal.does("contract", "show", "C-1").out
    terminal.work()
    assert terminal.does("outbox", "list", "--json").json == []
    terminal.does("contract", "add", *("--number", "C-2", *WORDS[2:]), *TERM)
    terminal.does("asker", "add", "C-2", "Jiro <jiro@example.jp>")
    terminal.work()
    assert [each["to"] for each in terminal.does("outbox", "list", "--json").json] == ["jiro@example.jp"]


def test_a_file_of_old_customers_greets_nobody_unless_it_says_so(terminal: Terminal) -> None:
    head = "number,customer,menu,starts_on,ends_on,askers,welcome\n"
    row = "{},Customer,premium,2020-04-01,2036-03-31,Taro <taro@example.jp>,{}\n"

    def imported(text: str, *words: str) -> str:
        (terminal.folder / "file.csv").write_text(head + text, encoding="utf-8")
        return terminal.does("contract", "import", "file.csv", *words).out

    greets = "; 1 person gets the guide on the first day, or now if it is past\n"
    assert imported(row.format("A", "")) == "1 contracts are registered\n"
    assert imported(row.format("B", "yes")) == f"1 contracts are registered{greets}"
    assert imported(row.format("C", "yes"), "--no-welcome") == "1 contracts are registered\n"
    assert imported(row.format("D", "no"), "--welcome") == f"1 contracts are registered{greets}"


def test_a_word_that_is_neither_is_refused(terminal: Terminal) -> None:
    (terminal.folder / "file.csv").write_text(
        "number,customer,menu,starts_on,ends_on,welcome\nA,C,premium,2020-04-01,2036-03-31,maybe\n", encoding="utf-8"
    )
    said = terminal("contract", "import", "file.csv")
    assert said.code == 2
    assert 'welcome = "maybe": must be yes or no' in said.err
