"""The command report: on the screen, as JSON, as files, and as a mail that goes once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from unittest.mock import patch

import pytest
from lxml import etree
from rich.cells import cell_len

from mailbot import clock
from tests.cli.conftest import register
from tests.cli.terminal import MAIL, Said, Terminal

APRIL = ("report", "--month", "2026-04")
IN_MAY = datetime(2026, 5, 7, 0, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with three questions of April under C-1, one of them late; C-2 has neither question nor contact."""
    terminal = Terminal(tmp_path_factory.mktemp("desk"))
    terminal.does("init", ".")
    register(terminal)
    term = ("--starts-on", "2026-04-01", "--ends-on", "2027-03-31")
    terminal.does("contract", "add", "--number", "C-2", "--customer", "Zweite GmbH", "--menu", "business", *term)
    terminal.does("staff", "add", "Eng <eng@example.org>", "--language", "en")
    for day, waits in ((1, 0), (2, 45), (3, 0)):
        at = datetime(2026, 4, day, 3, 0, tzinfo=UTC)
        with at_time(at):
            terminal.does("deliver", stdin=MAIL.replace(b"first@", f"n{day}@".encode()))
        terminal.work(at + timedelta(minutes=waits))
    return terminal.folder


@pytest.fixture
def later(made: Path, tmp_path: Path) -> Terminal:
    """That desk, for each test its own."""
    return Terminal(Path(copytree(made, tmp_path / "desk")))


@contextmanager
def at_time(at: datetime) -> Iterator[None]:
    with patch.object(clock, "now", lambda: at):
        yield


def asks(terminal: Terminal, *words: str, at: datetime = IN_MAY) -> Said:
    with at_time(at):
        return terminal(*APRIL, *words)


def does(terminal: Terminal, *words: str, at: datetime = IN_MAY) -> Said:
    said = asks(terminal, *words, at=at)
    assert (said.code, said.err) == (0, ""), said
    return said


def test_the_screen_fits_and_tells_the_late_one_first(later: Terminal) -> None:
    said = does(later)
    lines = said.out.splitlines()
    assert all(cell_len(line) <= 100 for line in lines)
    assert "questions:      3 (3 normal)" in lines
    assert "first response: 2 in time, 1 late, 0 pending; 66.6 % of those due in time" in lines
    assert [line.split()[0] for line in lines if line.startswith("INC-")] == [f"INC-2026-00000{n}" for n in (2, 1, 3)]
    assert "LATE 15 min" in said.out
    assert "C-1" in said.out


def test_of_one_contract_alone(later: Terminal) -> None:
    assert "contract C-1, 株式会社例" in does(later, "--contract", "C-1").out
    none = does(later, "--contract", "C-2").out
    assert "questions:      0" in none.splitlines()
    assert "C-1" not in none


def test_json_has_every_figure_with_times_in_utc(later: Terminal) -> None:
    told = does(later, "--json").json
    assert (told["month"], told["contract"], told["questions"], told["finished"]) == ("2026-04", None, 3, True)
    assert (told["from"], told["until"]) == ("2026-03-31T15:00:00Z", "2026-04-30T15:00:00Z")
    assert told["first_response"] == {"in_time": 2, "late": 1, "pending": 0, "share": pytest.approx(2 / 3)}
    assert told["covered_minutes"] == {"least": 0, "median": 0, "p90": 45, "greatest": 45}
    assert [each["contract"] for each in told["contracts"]] == ["C-1"]
    late = told["incidents"][0]
    assert (late["first_response"], late["margin_minutes"], late["used_share"]) == ("late", -15, 1.5)
    assert late["received_at"] == "2026-04-02T03:00:00Z"
    assert does(later, "--contract", "C-2", "--json").json["incidents"] == []


def test_files_are_written_in_the_language_that_is_wanted(later: Terminal) -> None:
    said = does(later, "--contract", "C-1", "--csv", "r.csv", "--bom", "--html", "r.html", "--svg", "r.svg")
    assert said.out.splitlines() == ["written: r.csv", "written: r.html", "written: r.svg"]
    raw = (later.folder / "r.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert len(list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))) == 4
    assert "サポート月次報告" in (later.folder / "r.html").read_text("utf-8")
    assert etree.fromstring((later.folder / "r.svg").read_bytes()).get("lang") == "ja"
    does(later, "--contract", "C-1", "--language", "en", "--html", "r.html", "--csv", "r.csv")
    assert "Support report, April 2026" in (later.folder / "r.html").read_text("utf-8")
    assert (later.folder / "r.csv").read_bytes().startswith(b'"Number","Contract"')
    does(later, "--svg", "r.svg")
    assert etree.fromstring((later.folder / "r.svg").read_bytes()).get("lang") == "ja"  # the desk's first language


def test_it_is_sent_once_and_corrected_when_that_is_wanted(later: Terminal) -> None:
    send = ("--contract", "C-1", "--send")
    assert does(later, *send).out == "queued: サポート月次報告 2026年4月（契約番号 C-1）, to hanako@example.jp\n"
    assert does(later, *send).out == "sent before to hanako@example.jp: --again sends a corrected one\n"
    assert "訂正版" in does(later, *send, "--again").out
    assert does(later, *send, "--json").json == {"queued": [], "would_be": [], "already": ["hanako@example.jp"]}
    later.work(IN_MAY)
    sent = [each["key"] for each in later.does("outbox", "list", "--json").json if each["state"] == "sent"]
    assert [key for key in sent if key.startswith("report:")] == [
        f"report:1:2026-04:hanako@example.jp{n}" for n in (":2", "")
    ]
    assert "the report of 2026-04 to hanako@example.jp" in later.does("contract", "show", "C-1").out


def test_staff_may_have_it_first(later: Terminal) -> None:
    assert "to eng@example.org" in does(later, "--contract", "C-1", "--send-to", "staff").out
    assert does(later, "--send-to", "staff").out.startswith("queued: Report of the desk, April 2026, to eng@")
    assert does(later, "--contract", "C-1", "--send").out.startswith("queued: ")


def test_a_preview_prints_the_mail_and_sends_nothing(later: Terminal) -> None:
    said = does(later, "--contract", "C-1", "--preview").out
    assert said.startswith(
        "To: Hanako <hanako@example.jp>\nSubject: サポート月次報告 2026年4月（契約番号 C-1）\n\n株式会社例\n"
    )
    assert "[report-2026-04-C-1.html, text/html, " in said
    assert "[report-2026-04-C-1.csv, text/csv, " in said
    assert not [each for each in later.does("outbox", "list", "--json").json if "report" in each["key"]]
    assert "Dear" not in does(later, "--send-to", "staff", "--preview").out
    told = does(later, "--contract", "C-1", "--preview", "--json").json
    assert (told["queued"], [each["to"] for each in told["would_be"]]) == ([], ["hanako@example.jp"])


def test_a_month_that_is_not_over_is_shown_and_sent_only_if_that_is_meant(later: Terminal) -> None:
    before = datetime(2026, 4, 20, tzinfo=UTC)
    assert "the month is not over" in does(later, at=before).out
    said = asks(later, "--contract", "C-1", "--send", at=before)
    assert (said.code, said.err) == (1, "2026-04 is not over: --so-far sends what there is by now\n")
    assert does(later, "--contract", "C-1", "--send", "--so-far", at=before).out.startswith("queued: ")
    assert does(later, "--contract", "C-1", "--send").out.startswith("queued: ")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--contract", "C-9"), 1, "C-9"),
        (("--contract", "C-2", "--send"), 1, "contract C-2 has no contact to send to: mailbot contract edit C-2"),
        (("--send",), 2, "give --contract N, or --send-to staff"),
        (("--preview",), 2, "give --contract N, or --send-to staff"),
        (("--again",), 2, "give --send"),
        (("--so-far",), 2, "give --send"),
        (("--bom",), 2, "give --csv FILE too"),
        (("--csv", "missing/r.csv"), 2, "missing/r.csv: cannot be written"),
        (("--language", "fr"), 2, "'fr'"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_mend(
    later: Terminal, words: tuple[str, ...], code: int, said: str
) -> None:
    told = asks(later, *words)
    assert (told.code, told.out, len(told.faults)) == (code, "", 1)
    assert said in told.err


@pytest.mark.parametrize("month", ["2026-13", "2026-4", "April", "", "2026-04-01", "0000-01", "９９９９-01"])
def test_what_is_no_month(terminal: Terminal, month: str) -> None:
    said = terminal("report", "--month", month)
    assert said.code == 2
    assert said.faults[0].endswith("is no month: write it like 2026-10, from 1990-01 to 2200-12")


def test_a_month_to_come_has_no_report(terminal: Terminal) -> None:
    said = terminal("report", "--month", "2200-12")
    assert (said.code, said.err) == (1, "2200-12 has not begun\n")


def test_a_language_that_the_desk_does_not_speak(later: Terminal) -> None:
    file = Path(later.folder, "config.toml")
    file.write_text(file.read_text("utf-8").replace("[desk]", '[desk]\nlanguages = ["ja"]', 1), "utf-8")
    said = asks(later, "--language", "en", "--html", "r.html")
    assert (said.code, said.err) == (2, "--language en: the desk speaks ja: see [desk] languages\n")
