"""Is wrong input told in lines that a person can act on, with the right exit code, whatever it is?"""

from __future__ import annotations

import pytest

from tests.cli.conftest import register
from tests.cli.terminal import Terminal

BIG = "9" * 30
TERM = ["--starts-on", "2026-04-01", "--ends-on", "2027-03-31"]
ADD = ["contract", "add", "--number", "N", "--customer", "C", "--menu", "premium", *TERM]

BAD: list[tuple[int, list[str]]] = [
    (2, []),
    (2, ["nonsense"]),
    (2, ["--nonsense"]),
    (2, ["contract"]),
    (2, ["contract", "nonsense"]),
    (2, ["contract", "show"]),
    (2, ["contract", "show", "C-1", "more"]),
    (2, ["contract", "list", "--nonsense"]),
    (2, ["contract", "list", "-c"]),
    (2, ["contract", "list", "-c", "missing.toml"]),
    (2, ["contract", "list", "-c", "."]),
    (1, ["contract", "show", "missing"]),
    (1, ["contract", "show", ""]),
    (1, ["contract", "show", "\x1b[31m\n\u202e"]),
    (2, ["contract", "show", "\udcff"]),
    (1, ["contract", "import", "missing.csv"]),
    (2, ["contract", "import", "."]),
    (2, ["contract", "import", "config.toml", "--format", "xml"]),
    (2, [*ADD, "--menu", "gold"]),
    (2, [*ADD, "--number", ""]),
    (2, [*ADD, "--number", "a b"]),
    (2, [*ADD, "--number", "N" * 65]),
    (2, [*ADD, "--number", "N\x07"]),
    (2, [*ADD, "--customer", " "]),
    (2, [*ADD, "--customer", "a\nb\x1b[31m"]),
    (2, [*ADD, "--customer", "c" * 501]),
    (2, [*ADD, "--customer", "\udcff"]),
    (2, [*ADD, "--language", "fr"]),
    (2, [*ADD, "--starts-on", "2026-02-29"]),
    (2, [*ADD, "--starts-on", "20260401"]),
    (2, [*ADD, "--ends-on", "2026-03-31"]),
    (2, [*ADD, "--extra-askers", "-1"]),
    (2, [*ADD, "--extra-askers", BIG]),
    (2, [*ADD, "--extra-askers", "１"]),
    (2, [*ADD, "--asker", "taro@example.jp"]),
    (2, [*ADD, "--asker", "Taro <taro>"]),
    (2, [*ADD, "--asker", "A <a@x.jp>, B <b@x.jp>"]),
    (2, [*ADD, "--asker", "Ａ <ａ@example.jp>"]),
    (2, [*ADD, "--asker", "A <a@exаmple.jp>"]),
    (2, [*ADD, "--asker", "A <a@x.jp\nBcc: b@x.jp>"]),
    (2, [*ADD, "--asker", "A <a@x.jp>", "--extra-askers", "1", "--asker", "B <A@X.jp>"]),
    (2, [*ADD, "--contact", "nobody"]),
    (2, [*ADD, "--list-id", "a.b"]),
    (1, [*ADD, "--list", "L <l@x.jp>"]),
    (1, [*ADD, "--asker", "A <a@x.jp>", "--asker", "B <b@x.jp>"]),
    (1, [*ADD, "--asker", "A <support@example.com>"]),
    (1, [*ADD, "--number", "C-1"]),
    (1, ["asker", "add", "missing", "A <a@x.jp>"]),
    (2, ["asker", "add", "C-1", "a@x.jp"]),
    (1, ["asker", "add", "C-1", "A <TARO@example.jp>"]),
    (1, ["asker", "add", "C-1", "L <l@x.jp>", "--list"]),
    (1, ["asker", "list", "missing"]),
    (1, ["asker", "add", "C-1", "Support Team <team@x.jp>"]),
    (1, ["asker", "replace", "C-1", "missing@x.jp", "A <a@x.jp>"]),
    (2, ["asker", "replace", "C-1", "taro@example.jp", "a@x.jp"]),
    (1, ["asker", "replace", "C-1", "taro@example.jp", "Help Desk <a@x.jp>"]),
    (1, ["asker", "replace", "missing", "taro@example.jp", "A <a@x.jp>"]),
    (2, ["asker", "replace", "C-1", "taro@example.jp"]),
    (1, ["asker", "remove", "C-1", "missing@x.jp"]),
    (2, ["asker", "remove", "C-1", "nonsense"]),
    (1, ["asker", "remove", "C-1", "taro@example.jp", "--to", "missing@x.jp"]),
    (2, ["contract", "edit", "C-1"]),
    (1, ["contract", "edit", "missing", "--customer", "C"]),
    (2, ["contract", "edit", "C-1", "--menu", "gold"]),
    (2, ["contract", "edit", "C-1", "--trust", "blind"]),
    (1, ["contract", "edit", "C-1", "--remove-contact", "missing@x.jp"]),
    (1, ["contract", "edit", "C-1", "--contact", "H <hanako@example.jp>"]),
    (2, ["contract", "edit", "C-1", "--extra-askers", "x"]),
    (1, ["contract", "renew", "missing"]),
    (2, ["contract", "renew", "C-1", "--until", "2037"]),
    (1, ["contract", "renew", "C-1", "--until", "2036-03-31"]),
    (1, ["contract", "renew", "C-1", "--from", "2036-03-31"]),
    (2, ["contract", "renew", "C-1", "--menu", "gold"]),
    (1, ["contract", "cancel", "missing"]),
    (1, ["contract", "cancel", "C-1", "--undo"]),
    (1, ["contract", "export", "missing"]),
    (2, ["contract", "export", "--format", "xml"]),
    (2, ["contract", "export", "--output", "."]),
    (2, ["contract", "export", "--output", ".."]),
    (2, ["contract", "list", "--status", "lost"]),
    (2, ["contract", "list", "--ending-within", "-1"]),
    (2, ["contract", "list", "--ending-within", BIG]),
    (2, [*ADD, "--trust", "blind"]),
    (2, [*ADD, "--equipment", "a | b | c | d"]),
    (1, [*ADD, "--asker", "Support <s@x.jp>"]),
    (1, ["equipment", "add", "missing", "db1", "--os", "RHEL"]),
    (2, ["equipment", "add", "C-1", "db1"]),
    (2, ["equipment", "add", "C-1", "", "--os", "RHEL"]),
    (2, ["equipment", "add", "C-1", "a|b", "--os", "RHEL"]),
    (1, ["equipment", "edit", "C-1", "missing", "--os", "RHEL"]),
    (2, ["equipment", "edit", "C-1", "db1"]),
    (1, ["equipment", "remove", "C-1", "missing"]),
    (1, ["equipment", "list", "missing"]),
    (2, ["staff", "add", "eng@example.org"]),
    (2, ["staff", "add", "Eng <eng@example.org>", "--language", "fr"]),
    (1, ["staff", "add", "Eng <support@example.com>"]),
    (2, ["staff", "remove", "nonsense"]),
    (1, ["staff", "remove", "missing@example.org"]),
    (1, ["incident", "show", "INC-2026-999999"]),
    (1, ["incident", "show", BIG]),
    (1, ["incident", "answered", "INC-2026-999999", "--by", "eng@example.org"]),
    (1, ["incident", "close", BIG, "--by", "eng@example.org"]),
    (2, ["incident", "wait", "INC-2026-999999"]),
    (2, ["incident", "resume", "INC-2026-999999", "--by", "nonsense"]),
    (1, ["incident", "list", "--contract", "missing"]),
    (2, ["incident", "list", "--limit", "0"]),
    (2, ["incident", "list", "--limit", "x"]),
    (2, ["incident", "list", "--limit", BIG]),
    (2, ["inbound", "show", "x"]),
    (2, ["inbound", "show", "0"]),
    (2, ["inbound", "raw", BIG]),
    (1, ["inbound", "raw", "99"]),
    (1, ["inbound", "retry", "99"]),
    (2, ["inbound", "redecode"]),
    (2, ["inbound", "redecode", "x"]),
    (2, ["inbound", "redecode", "0"]),
    (2, ["inbound", "redecode", BIG]),
    (1, ["inbound", "redecode", "99"]),
    (2, ["inbound", "redecode", "1", "--all"]),
    (2, ["inbound", "redecode", "1", "--since", "2026-04-01"]),
    (2, ["inbound", "redecode", "--all", "--since", "yesterday"]),
    (2, ["inbound", "redecode", "--all", "--since", "0001-01-01"]),
    (2, ["inbound", "list", "--state", "lost"]),
    (1, ["outbox", "show", "99"]),
    (1, ["outbox", "retry", "99"]),
    (2, ["outbox", "list", "--state", "lost"]),
    (1, ["explain", "missing@example.jp"]),
    (1, ["explain", BIG]),
    (1, ["explain", ""]),
    (1, ["explain", "²"]),
    (2, ["sla", "simulate", "--contract", "C-1"]),
    (2, ["sla", "simulate", "--contract", "C-1", "--at", "tomorrow"]),
    (2, ["sla", "simulate", "--contract", "C-1", "--at", "0001-01-01"]),
    (2, ["sla", "simulate", "--contract", "C-1", "--at", "9999-12-31T23:59:59-23:59"]),
    (1, ["sla", "simulate", "--contract", "missing", "--at", "2026-04-01"]),
    (2, ["sla", "explain"]),
    (1, ["sla", "explain", "missing"]),
    (1, ["sla", "explain", "INC-2026-000001; --"]),
    (2, ["report"]),
    (2, ["report", "--month", "2026-13"]),
    (2, ["report", "--month", "\udcff"]),
    (1, ["report", "--month", "2200-12"]),
    (1, ["report", "--month", "2026-04", "--contract", "missing"]),
    (2, ["report", "--month", "2026-04", "--send"]),
    (2, ["report", "--month", "2026-04", "--send-to", "everybody"]),
    (2, ["report", "--month", "2026-04", "--html", "."]),
    (2, ["rules", "test", "missing"]),
    (2, ["inspect"]),
    (1, ["inspect", "missing.eml"]),
    (2, ["inspect", "."]),
    (2, ["inspect", "a", "b"]),
    (2, ["inspect", "--jsonl", "--threads", "."]),
    (1, ["inspect", "--threads", "missing"]),
    (2, ["init"]),
    (1, ["init", "."]),
    (1, ["init", "config.toml"]),
]
MANY_LINES = {
    ("rules", "test", "missing"),  # a line for every rule file
    ("asker", "add", "C-1", "L <l@x.jp>", "--list"),  # no seat, and no option
}


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """One desk for all: wrong input changes nothing, which every test asserts."""
    made = Terminal(tmp_path_factory.mktemp("desk"))
    made.does("init", ".")
    register(made)
    return made


@pytest.mark.parametrize(
    ("code", "words"), BAD, ids=[" ".join(words)[:60].encode("unicode_escape").decode() for _, words in BAD]
)
def test_wrong_input(registered: Terminal, code: int, words: list[str]) -> None:
    said = registered(*words)
    assert said.code == code, said
    assert said.out == ""
    assert len(said.faults) == 1 or tuple(words) in MANY_LINES, said.err
    assert all(line.isprintable() and len(line) > 10 for line in said.faults)
    assert "Traceback" not in said.err
    assert "Usage" not in said.err
    assert [row["number"] for row in registered.does("contract", "list", "--json").json] == ["C-1"]


def test_all_faults_of_one_call_are_told_at_once(terminal: Terminal) -> None:
    said = terminal(
        "contract", "add", "--menu", "gold", "--starts-on", "x", "--asker", "nobody", "--list", "L <l@x.jp>"
    )
    assert said.code == 2
    fields = {line.removeprefix("contract add: ").split(" = ")[0].split(":")[0] for line in said.faults}
    assert fields == {"number", "customer", "menu", "starts_on", "ends_on", "askers", "list"}
