"""Does every command do what it says, with the JSON and the exit codes that others rely on?"""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.conftest import register
from tests.cli.terminal import MAIL, Terminal

UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


# set-up


def test_check_says_that_all_is_well(terminal: Terminal) -> None:
    assert terminal.does("check").out.startswith("all is well: config.toml, ")
    assert terminal.does("check", "--json").json == {"ok": True, "faults": []}


def test_check_tells_every_fault(terminal: Terminal) -> None:
    text = (terminal.folder / "config.toml").read_text(encoding="utf-8")
    text = text.replace("[desk]", '[desk]\ntimezone = "Mars"', 1).replace("[smtp]", '[smtp]\nlisten = ["x"]', 1)
    (terminal.folder / "config.toml").write_text(text, encoding="utf-8")
    said = terminal("check")
    assert said.code == 2
    assert [line.split(" = ")[0] for line in said.faults] == [
        "config.toml: [desk] timezone",
        "config.toml: [smtp] listen, item 1",
    ]
    told = terminal("check", "--json")
    assert told.code == 2
    assert [set(fault) for fault in told.json["faults"]] == [{"file", "key", "value", "mend"}] * 2
    assert terminal("serve").faults == said.faults
    assert terminal("serve").code == 2


def test_init_leaves_what_is_there(terminal: Terminal) -> None:
    before = (terminal.folder / "config.toml").read_bytes()
    assert terminal("init", ".").code == 1
    assert (terminal.folder / "config.toml").read_bytes() == before


def test_the_configuration_is_found_by_option_and_by_environment(terminal: Terminal, tmp_path: Path) -> None:
    elsewhere = Terminal(tmp_path / "elsewhere")
    elsewhere.folder.mkdir()
    path = str(terminal.folder / "config.toml")
    assert elsewhere("status").code == 2
    assert elsewhere("status", "-c", path).code == 0
    assert elsewhere.process("status", environ={"MAILBOT_CONFIG": path}).code == 0


def test_rules_test_runs_the_examples(terminal: Terminal, tmp_path: Path) -> None:
    assert re.match(r"all \d+ examples hold: ", terminal.does("rules", "test").out)
    assert all(example["holds"] for example in terminal.does("rules", "test", "--json").json)
    rules = tmp_path / "rules"
    bundled = Path(__file__).parents[2] / "rules"
    rules.mkdir()
    for file in bundled.glob("*.toml"):
        (rules / file.name).write_bytes(file.read_bytes())
    service = (rules / "service.toml").read_text(encoding="utf-8")
    (rules / "service.toml").write_text(
        service.replace("first_response_minutes = 30", "first_response_minutes = 31"), encoding="utf-8"
    )
    said = terminal("rules", "test", str(rules))
    assert said.code == 2
    assert all("expects" in line for line in said.faults)


def test_db_upgrade_can_be_repeated(terminal: Terminal) -> None:
    assert terminal.does("db", "upgrade").out == terminal.does("db", "upgrade").out


# contracts, askers, staff


def test_contract_list_and_show(terminal: Terminal) -> None:
    assert terminal.does("contract", "list", "--json").json == []
    register(
        terminal,
        "--extra-askers",
        "1",
        "--list",
        "Team <team@example.jp>",
        "--list-id",
        "<Team.example.jp>",
        "--mailing-list-option",
    )
    (row,) = terminal.does("contract", "list", "--json").json
    assert row == {
        "number": "C-1",
        "customer": "株式会社例",
        "menu": "premium",
        "language": "ja",
        "cluster": "本番 2 台",
        "starts_on": "2026-04-01",
        "ends_on": "2036-03-31",
        "status": "in force",
        "seats": 2,
        "askers": 2,
    }
    shown = terminal.does("contract", "show", "C-1", "--json").json
    assert shown["terms"] == [{"starts_on": "2026-04-01", "ends_on": "2036-03-31"}]
    assert shown["contacts"] == [{"name": "Hanako", "address": "hanako@example.jp"}]
    asked = terminal.does("asker", "list", "C-1", "--json").json
    assert asked == shown["askers"]
    assert all(UTC_TIME.fullmatch(each.pop("since")) for each in shown["askers"])
    assert shown["askers"] == [
        {"kind": "person", "name": "山田 太郎", "address": "taro@example.jp", "list_id": None},
        {"kind": "list", "name": "Team", "address": "team@example.jp", "list_id": "team.example.jp"},
    ]
    assert "team.example.jp" in terminal.does("contract", "show", "C-1").out


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        ("2020-01-01", "2020-12-31", "ended"),
        ("2090-01-01", "2090-12-31", "not begun"),
        ("2020-01-01", "2090-12-31", "in force"),
    ],
)
def test_the_status_of_a_contract(terminal: Terminal, first: str, last: str, status: str) -> None:
    words = ("--number", "N", "--customer", "C", "--menu", "business", "--starts-on", first, "--ends-on", last)
    terminal.does("contract", "add", *words)
    assert terminal.does("contract", "show", "N", "--json").json["status"] == status


def test_askers_are_added_while_there_are_seats(terminal: Terminal) -> None:
    register(terminal, "--extra-askers", "1")
    terminal.does("asker", "add", "C-1", "Second <SECOND@Example.JP>")
    third = terminal("asker", "add", "C-1", "Third <third@example.jp>")
    assert (third.code, len(third.faults)) == (1, 1)
    assert "2 seats" in third.err
    assert [each["address"] for each in terminal.does("asker", "list", "C-1", "--json").json][1] == "second@example.jp"


def test_staff(terminal: Terminal) -> None:
    terminal.does("staff", "add", "Eng <ENG@example.org>", "--language", "en")
    assert terminal("staff", "add", "Eng <eng@example.org>").code == 1
    assert terminal.does("staff", "list", "--json").json == [
        {"name": "Eng", "address": "eng@example.org", "language": "en", "role": "staff"}
    ]
    terminal.does("staff", "remove", "eng@EXAMPLE.org")
    assert terminal("staff", "remove", "eng@example.org").code == 1
    assert terminal.does("staff", "list", "--json").json == []


# what came of it


def test_incident_list(busy: Terminal) -> None:
    (row,) = busy.does("incident", "list", "--json").json
    assert list(row) == [
        "number", "contract", "status", "urgency", "language", "subject", "asker",
        "received_at", "due_at", "acknowledged_at", "assignee", "messages",
    ]  # fmt: skip
    assert (row["contract"], row["status"], row["asker"], row["messages"]) == (
        "C-1",
        "acknowledged",
        "taro@example.jp",
        1,
    )
    assert all(UTC_TIME.fullmatch(row[key]) for key in ("received_at", "due_at", "acknowledged_at"))
    assert busy.does("incident", "list", "--contract", "C-1", "--json").json == [row]
    assert row["number"] in busy.does("incident", "list").out


def test_an_incident_goes_its_way(busy: Terminal) -> None:
    number = busy.does("incident", "list", "--json").json[0]["number"]
    told = busy.does("incident", "show", number, "--json").json
    assert [told[key] for key in ("turn", "answered_at", "answer_due_at")] == ["desk", None, None]
    by = ("--by", "ENG@example.org")
    assert busy.does("incident", "answered", number, *by).out == f"{number}: answered, now acknowledged\n"
    assert busy.does("incident", "wait", number, *by).out == f"{number}: waits, now waiting\n"
    told = busy.does("incident", "show", number, "--json").json
    assert (told["status"], told["turn"]) == ("waiting", "customer")
    assert UTC_TIME.fullmatch(told["answered_at"])
    assert busy.does("incident", "resume", number, *by).out == f"{number}: resumed, now acknowledged\n"
    again = busy("incident", "resume", number, *by)
    assert (again.code, again.err) == (
        1,
        f"{number} is acknowledged: only what waits for its customer can be resumed\n",
    )
    assert busy("incident", "close", number, "--by", "x@stranger.example").code == 1
    assert busy.does("incident", "close", number, *by).out == f"{number}: closed, now closed\n"
    out = busy.does("incident", "show", number).out
    assert f"{number} (closed)" in out
    assert "turn:         nobody" in out


def test_incident_show_reads_as_a_conversation(busy: Terminal) -> None:
    number = busy.does("incident", "list", "--json").json[0]["number"]
    out = busy.does("incident", "show", number).out
    for expected in (
        number,
        "C-1, 株式会社例, premium",
        "JST",
        "--- ",
        "taro@example.jp",
        "pgpool-II 4.5 が起動しません。",
        "acknowledgement to",
    ):
        assert expected in out
    told = busy.does("incident", "show", number, "--json").json
    assert told["conversation"][0]["new_text"].strip() == "pgpool-II 4.5 が起動しません。"
    assert {each["kind"] for each in told["sent"]} == {"acknowledgement", "question"}


def test_inbound_list(busy: Terminal) -> None:
    rows = busy.does("inbound", "list", "--json").json
    assert list(rows[0]) == [
        "id", "channel", "received_at", "from", "to", "subject", "message_id", "state", "verdict", "reason", "incident",
        "due_at",
    ]  # fmt: skip
    assert [(row["id"], row["state"], row["verdict"], row["reason"]) for row in rows] == [
        (2, "held", "hold", "stranger"),
        (1, "done", "open", None),
    ]
    assert (rows[1]["channel"], rows[1]["from"], rows[1]["to"]) == ("pipe", "taro@example.jp", "support@example.com")
    held = busy.does("inbound", "list", "--state", "held", "--json").json
    assert [(row["id"], row["reason"]) for row in held] == [(2, "stranger")]
    assert UTC_TIME.fullmatch(held[0]["due_at"])
    assert [row["id"] for row in busy.does("inbound", "list", "--limit", "1", "--json").json] == [2]


def test_inbound_raw_is_byte_for_byte(busy: Terminal) -> None:
    assert busy.does("inbound", "raw", "1").out.encode() == MAIL


def test_inbound_retry(busy: Terminal) -> None:
    busy.does("inbound", "retry", "2")
    assert busy.does("inbound", "list", "--state", "new", "--json").json[0]["id"] == 2
    assert busy("inbound", "retry", "1").code == 1
    assert busy("inbound", "retry", "99").code == 1


def test_a_held_mail_is_released_in_a_name(busy: Terminal) -> None:
    said = busy("inbound", "release", "2")
    assert (said.code, said.faults) == (1, ["inbound mail 2: it cannot be told in whose name: give --for CONTRACT"])
    assert busy("inbound", "release", "2", "--as", "taro@example.jp").code == 2
    assert busy("inbound", "release", "2", "--for", "C-9").code == 1
    assert busy("inbound", "release", "2", "--for", "C-1", "--as", "nobody@example.jp").code == 1
    assert "C-1, taro@example.jp" in busy.does("inbound", "release", "2", "--for", "C-1").out
    busy.work()
    row = busy.does("inbound", "list", "--json").json[0]
    assert (row["verdict"], row["incident"]) == ("append", busy.does("incident", "list", "--json").json[0]["number"])
    again = busy("inbound", "release", "2", "--for", "C-1")
    assert again.code == 1
    assert "does not wait any more (by command line: C-1, taro@example.jp)" in again.err


def test_a_rejected_mail_can_be_brought_back(busy: Terminal) -> None:
    busy.does("inbound", "reject", "2")
    assert busy.does("inbound", "list", "--state", "dropped", "--json").json[0]["id"] == 2
    assert busy("inbound", "reject", "2").code == 1
    busy.does("inbound", "retry", "2")
    busy.work()
    assert busy.does("inbound", "list", "--state", "held", "--json").json[0]["id"] == 2


def test_the_writer_of_a_held_mail_is_registered_if_a_seat_is_free(busy: Terminal) -> None:
    full = busy("inbound", "register", "2", "C-1", "--name", "Xenia Young")
    assert (full.code, full.faults) == (
        1,
        ["no seat for another asker is free (S9), contract C-1: 1/1 are taken: sell extra askers"],
    )
    words = ("--number", "C-2", "--customer", "X", "--menu", "business")
    busy.does("contract", "add", *words, "--starts-on", "2026-04-01", "--ends-on", "2036-03-31")
    assert busy("inbound", "register", "2", "C-2", "--name", "x@stranger.example").code == 1  # no name (S5)
    busy.does("inbound", "register", "2", "C-2", "--name", "Xenia Young")
    assert busy.does("asker", "list", "C-2", "--json").json[0]["address"] == "x@stranger.example"
    busy.work()
    row = busy.does("inbound", "list", "--json").json[0]
    assert row["reason"] == "foreign-reference"  # no stranger any more; it bears the Message-ID of another's mail


def test_a_sender_is_ignored_and_heeded(busy: Terminal) -> None:
    assert busy("inbound", "ignore", "taro@example.jp").code == 1  # a customer's question would be lost
    assert "x@stranger.example: #2" in busy.does("inbound", "ignore", "2").out
    busy.does("inbound", "heed", "X@stranger.example")
    assert busy("inbound", "heed", "x@stranger.example").code == 1
    busy.does("inbound", "ignore", "x@stranger.example")


@pytest.mark.parametrize("command", ["release", "reject", "ignore", "let-in"])
def test_what_is_not_held_is_not_decided_about(busy: Terminal, command: str) -> None:
    assert busy("inbound", command, "99").faults == ["there is no inbound mail 99: see mailbot inbound list"]
    assert busy("inbound", command, "1").code == 1
    assert busy("inbound", "register", "1", "C-1").code == 1
    assert busy("inbound", "let-in", "2").code == 1


def test_inbound_show(busy: Terminal) -> None:
    assert "pgpool-II 4.5 が起動しません。" in busy.does("inbound", "show", "1").out
    assert busy.does("inbound", "show", "1", "--json").json["verdict"] == "open"


def test_outbox(busy: Terminal) -> None:
    rows = busy.does("outbox", "list", "--json").json
    assert list(rows[0]) == ["id", "key", "to", "subject", "state", "attempts", "next_attempt_at", "sent_at", "due_at"]
    assert {row["state"] for row in rows} == {"sent"}
    (ack,) = (row for row in rows if row["key"].startswith("ack:"))
    told = busy.does("outbox", "show", str(ack["id"]), "--json").json
    assert "C-1" in told["text"]
    assert "C-1" in busy.does("outbox", "show", str(ack["id"])).out
    assert busy("outbox", "retry", str(ack["id"])).code == 1
    assert busy("outbox", "show", "99").code == 1
    assert busy.does("outbox", "list", "--state", "failed", "--json").json == []


@pytest.mark.parametrize("what", ["1", "inbound:1", "first@example.jp", "<first@example.jp>"])
def test_explain(busy: Terminal, what: str) -> None:
    told = busy.does("explain", what, "--json").json
    assert (told["id"], told["verdict"], told["channel"]) == (1, "open", "pipe")
    assert all(set(each) == {"check", "saw"} for each in told["checks"])
    assert told["checks"]
    assert any(each["what"] == "open" for each in told["journal"])
    assert any(each["key"].startswith("ack:") for each in told["sent"])
    out = busy.does("explain", what).out
    assert all(word in out for word in ("checks:", "journal:", "sent:", told["incident"]))


def test_explain_by_the_message_id_of_what_we_sent(busy: Terminal) -> None:
    ours = busy.does("outbox", "show", "1", "--json").json["message_id"]
    assert busy.does("explain", ours, "--json").json["id"] == 1


def test_status(busy: Terminal) -> None:
    told = busy.does("status", "--json").json
    assert told["incidents"] == {"acknowledged": 1}
    assert told["inbound"] == {"done": 1, "held": 1}
    assert UTC_TIME.fullmatch(told["inbound_oldest"]["held"])
    assert told["held_half_over"] == 0
    assert told["acknowledgements_late"] == 0
    assert told["acknowledgements_half_over"] == 0
    out = busy.does("status").out
    assert "oldest held since" in out
    assert "past half" not in out


def test_status_shows_what_runs_late(busy: Terminal) -> None:
    with closing(sqlite3.connect(busy.folder / "var" / "mailbot.db")) as database, database:
        database.execute("UPDATE incident SET acknowledged_at = NULL, page_at = received_at, status = 'new'")
        database.execute("UPDATE hold SET alarm_at = held_at")
    told = busy.does("status", "--json").json
    assert (told["acknowledgements_half_over"], told["acknowledgements_late"], told["held_half_over"]) == (1, 0, 1)
    out = busy.does("status").out
    assert "1 without acknowledgement past half their time" in out
    assert "1 held past half their time" in out


def test_sla_simulate(terminal: Terminal) -> None:
    register(terminal)
    told = terminal.does("sla", "simulate", "--contract", "C-1", "--at", "2026-04-01T18:05:00+09:00", "--json").json
    assert list(told) == ["contract", "menu", "urgent", "at", "due_at", "calendar", "steps", "intervals"]
    assert (told["at"], told["due_at"], told["calendar"]) == (
        "2026-04-01T09:05:00Z",
        "2026-04-02T00:30:00Z",
        "business",
    )
    urgent = terminal.does(
        "sla", "simulate", "--contract", "C-1", "--at", "2026-04-01T18:05", "--urgent", "--json"
    ).json
    assert (urgent["at"], urgent["due_at"], urgent["urgent"]) == ("2026-04-01T09:05:00Z", "2026-04-01T09:35:00Z", True)
    assert (
        "2026-04-02 09:30 JST" in terminal.does("sla", "simulate", "--contract", "C-1", "--at", "2026-04-01T18:05").out
    )


def test_inspect(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)  # no configuration
    (tmp_path / "a.eml").write_bytes(MAIL)
    assert terminal.does("inspect", "a.eml", "--json").json["message_id"] == "first@example.jp"
    assert terminal.does("inspect", "-", "--json", stdin=MAIL).json["language"] == "ja"
    assert "pgpool-II 4.5 が起動しません。" in terminal.does("inspect", "a.eml").out
    (line,) = terminal.does("inspect", "--jsonl", ".").out.splitlines()
    assert json.loads(line)["path"] == "a.eml"
    assert terminal.does("inspect", "--threads", ".").json == {"threads": [["a.eml"]]}
    assert terminal("inspect", "--jsonl", "a.eml", "missing").code == 1


# what people see


def test_every_table_fits_a_hundred_columns(terminal: Terminal) -> None:
    long = "長い名前の株式会社" * 12
    words = (
        "--number",
        "N" * 64,
        "--customer",
        long,
        "--menu",
        "premium",
        "--starts-on",
        "2026-04-01",
        "--ends-on",
        "2036-03-31",
    )
    people = ("--asker", f"{long} <{'a' * 60}@{'b' * 60}.example.jp>", "--contact", f"{long} <c@example.jp>")
    terminal.does("contract", "add", *words, *people)
    terminal.does("staff", "add", f"{long} <s@example.org>")
    head = MAIL.replace(b"taro@example.jp", b"a" * 60 + b"@" + b"b" * 60 + b".example.jp")
    terminal.does("deliver", stdin=head.replace(b"Subject: ", b"Subject: " + b"wide \xe6\xbc\xa2\xe5\xad\x97" * 30))
    terminal.work()
    for command in (
        ("contract", "list"),
        ("asker", "list", "N" * 64),
        ("staff", "list"),
        ("incident", "list"),
        ("inbound", "list"),
        ("outbox", "list"),
    ):
        lines = terminal.does(*command).out.splitlines()
        assert len(lines) >= 2
        assert max(map(cell_len, lines)) <= 100
        assert any("…" in line for line in lines)
        assert len({len(line) > 0 for line in lines}) == 1


def test_a_mail_cannot_steer_the_terminal(terminal: Terminal) -> None:
    evil = "\x1b]0;owned\x07 \x08\x9b31m \u202egpj.exe \u2066x"
    register(terminal)
    head = f"From: taro@example.jp\nMessage-ID: <e@x>\nSubject: {evil}\nContent-Type: text/plain; charset=utf-8\n"
    terminal.does("deliver", "--from", "taro@example.jp", stdin=f"{head}\n{evil}\n".encode())
    terminal.work()
    number = terminal.does("incident", "list", "--json").json[0]["number"]
    for command in (
        ("inbound", "list"),
        ("inbound", "list", "--json"),
        ("inbound", "show", "1"),
        ("incident", "list"),
        ("incident", "show", number),
        ("incident", "show", number, "--json"),
        ("explain", "1"),
        ("outbox", "show", "1"),
    ):
        out = terminal.does(*command).out
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out), command


def test_what_is_not_a_terminal_gets_no_colour(busy: Terminal) -> None:
    assert "\x1b" not in busy.process("incident", "list").out


# how commands end


def test_a_database_that_is_away_is_temporary(terminal: Terminal) -> None:
    (terminal.folder / "var").write_text("in the way", encoding="utf-8")
    said = terminal("status")
    assert (said.code, len(said.faults)) == (75, 1)


def test_a_bug_is_one_line_and_shows_where_when_asked(terminal: Terminal) -> None:
    terminal.does("deliver", stdin=MAIL)
    with sqlite3.connect(terminal.folder / "var" / "mailbot.db") as connection:
        connection.execute("UPDATE inbound SET evidence = '[1]'")
    connection.close()
    said = terminal("explain", "1")
    assert (said.code, len(said.faults), said.out) == (70, 1, "")
    assert said.err.startswith("a bug, please report: TypeError: ")
    assert "Traceback" in terminal("--debug", "explain", "1").err


def test_faults_in_the_rules_are_told_by_every_command_that_needs_them(terminal: Terminal) -> None:
    register(terminal)
    path = terminal.folder / "config.toml"
    path.write_bytes(path.read_bytes().replace(b"[rules]", b'[rules]\nfolder = "."', 1))
    for command in (("sla", "simulate", "--contract", "C-1", "--at", "2026-04-01"), ("rules", "test")):
        said = terminal(*command)
        assert said.code == 2
        assert "service.toml" in said.err


def test_a_reader_that_has_enough_ends_the_command_silently(terminal: Terminal) -> None:
    heap = terminal.folder / "heap"
    heap.mkdir()
    for number in range(200):
        (heap / f"{number}.eml").write_bytes(MAIL * 20)
    with subprocess.Popen(
        [sys.executable, "-m", "mailbot", "inspect", "--jsonl", str(heap)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(60) == 141


def test_ctrl_c_ends_a_command_silently(terminal: Terminal) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "mailbot", "inspect", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as running:
        assert running.stdin is not None
        running.stdin.write(b"x" * 200_000)  # more than a pipe holds: once it is written, somebody reads
        running.stdin.flush()
        running.send_signal(signal.SIGINT)
        running.stdin.close()
        running.stdin = None
        _, err = running.communicate(timeout=60)
        assert (running.returncode, err) == (130, b"")


def test_version_and_help(terminal: Terminal) -> None:
    assert re.fullmatch(r"mailbot \d+\.\d+\.\d+\n", terminal.does("--version").out)
    commands = re.findall(r"^  ([a-z]+)  ", terminal.does("--help").out, re.MULTILINE)
    doing = "serve demo init check deliver inspect explain status"
    about = "contract asker equipment change staff incident inbound outbox sla report oncall rules clock alarm db"
    expected = f"{doing} {about}"
    assert set(commands) == set(expected.split())
    for command in commands:
        assert terminal.does(command, "--help").out.startswith(f"Usage: mailbot {command}")
