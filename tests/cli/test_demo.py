"""Does the demo show the main job, end as promised, and leave nothing running behind it?"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from mailbot import rules
from mailbot.cli.demo import mails, people, view
from mailbot.cli.demo.daemon import DaemonEndedError, serving
from mailbot.cli.demo.desk import prepare
from mailbot.cli.demo.expected import DemoFailedError, all_sent, decided, require_promises
from mailbot.cli.demo.seen import Seen, SeenIncident, SeenLetter, SeenMail
from mailbot.config import bundled
from mailbot.desk.urgency import assess
from mailbot.mail import reading
from mailbot.mail.message import Mailbox, Message
from mailbot.store import contracts
from mailbot.store.engine import open_store

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
DEMO = [sys.executable, "-m", "mailbot", "demo"]
BOUND_SECONDS = 60.0


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    unwanted = ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "MAILBOT_FAULT", "MAILBOT_CONFIG")
    kept = {key: value for key, value in os.environ.items() if key not in unwanted}
    return kept | {"TMPDIR": str(folder), "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **more}


# The whole, without a terminal


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run without a terminal prints; it must end well and leave nothing."""
    folder = tmp_path_factory.mktemp("demo")
    done = subprocess.run(DEMO, env=surroundings(folder), capture_output=True, timeout=BOUND_SECONDS)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert list(folder.iterdir()) == []
    return done.stdout.decode()


@pytest.mark.parametrize(
    "words",
    [
        r"INC-2026-\d{6} +山田 花子 +urgent +\w{3} \d+ \w{3} \d{4} \d\d:\d\d JST +after \d",
        r"INC-2026-\d{6} +山田 花子 +normal",
        r"INC-2026-\d{6} +佐藤 健 +normal",
        r"INC-2026-\d{6} +Emma Clarke +normal",
        r"INC-2026-\d{6} +基盤チーム +normal",
        r"1 +yamada@midori.example +ISO-2022-JP +Open INC-\d{4}-000001: a new question under PG-1001",
        r"2 +sato@midori.example +UTF-8 and HTML +Open INC-\d{4}-000002: a new question under PG-1001",
        r"3 +emma@harbor.example +English, a log +Open INC-\d{4}-000003: a new question under PG-1002",
        r"4 +yamada@midori.example +urgent +Open INC-\d{4}-000004: a new question under PG-1001",
        r"5 +taro@visitor.example +a stranger +Hold stranger: no contract names this writer",
        r"6 +nakamura@aozora.example +mailing list +Open INC-\d{4}-000005: a new question under PG-1003",
        r"7 +emma@harbor.example +a reply +Append INC-\d{4}-000003: reply-address",
        r"8 +sato@midori.example +auto-reply +Ignore automatic: auto-submitted: auto-replied",
        r"Dear Emma Clarke,",
        r"山田 花子 様",
        r"【重要】緊急のお問い合わせは、恐れ入りますがお電話でも",
        r"pgpool-team@aozora.example +Re: \[INC-\d{4}-000005\]",
        r"To +Alice Morgan <alice@staff.example>",
        r"8 mails in, 5 incidents, each acknowledged once",
    ],
)
def test_it_shows(shown: str, words: str) -> None:
    assert re.search(words.replace("INC-2026-", r"INC-\d{4}-"), shown), shown


def test_tables_and_mails_fit_a_hundred_columns(shown: str) -> None:
    assert max(cell_len(line) for line in shown.splitlines() if "/mailbot-demo-" not in line) <= 100


def test_no_control_reaches_a_file(shown: str) -> None:
    assert "\x1b" not in shown


def test_a_daemon_that_dies_is_told_in_one_line(tmp_path: Path) -> None:
    environment = surroundings(tmp_path, MAILBOT_FAULT="process.before-commit:1:kill")
    done = subprocess.run([*DEMO, "--once"], env=environment, capture_output=True, timeout=BOUND_SECONDS)
    said = done.stderr.decode()
    assert done.returncode == 1
    assert re.fullmatch(r"mailbot demo: the daemon ended with -9; its last words: .*mailbot\.log.*\n", said)
    assert [each.name for each in next(tmp_path.iterdir()).glob("mailbot.log")] == ["mailbot.log"]


# On a terminal


class Screen:
    """A demo on a terminal of 100 by 40, and everything that it wrote there."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self.process = subprocess.Popen(
            [*DEMO, *arguments],
            env=surroundings(folder),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._written = b""

    @property
    def text(self) -> str:
        """The words, without colours and movements."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._written.decode(errors="replace")).replace("\r\n", "\n")

    def until(self, pattern: str) -> re.Match[str]:
        """Wait until this was written."""
        end = monotonic() + BOUND_SECONDS
        while (found := re.search(pattern, self.text)) is None:
            assert self._read(end), self.text[-4000:]
        return found

    def interrupt(self) -> None:
        """Press Ctrl-C: every process of the foreground group hears it."""
        os.killpg(self.process.pid, signal.SIGINT)

    def ended(self) -> int:
        """Wait for the end; give the exit code."""
        end = monotonic() + BOUND_SECONDS
        while self._read(end):
            pass
        return self.process.wait(BOUND_SECONDS)

    def close(self) -> None:
        """Leave nothing behind, whatever happened."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self._ours)

    def _read(self, end: float) -> bool:
        ready, _, _ = select.select([self._ours], [], [], max(0.0, end - monotonic()))
        try:
            more = os.read(self._ours, 65_536) if ready else b""
        except OSError:  # how Linux tells that nobody holds the other side any more
            more = b""
        self._written += more
        return bool(more)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """A demo on a terminal, staying."""
    shown_there = Screen(tmp_path)
    yield shown_there
    shown_there.close()


def test_on_a_terminal_it_stays_for_mail_by_hand_until_ctrl_c(screen: Screen, tmp_path: Path) -> None:
    port = int(screen.until(r"on port ([0-9]+)")[1])
    change = screen.until(r"in another terminal:\n  (cd [^\n]+)\n")[1]
    by_smtp = screen.until(r"(?s)\n  (python3 -c .*?)\n  mailbot")[1]
    by_pipe = screen.until(r"\n  (mailbot deliver [^\n]+)\n")[1]
    folder = next(tmp_path.iterdir())
    question = folder / "question.eml"

    subprocess.run(["sh", "-ec", f"{change}\n{by_smtp}"], check=True, timeout=BOUND_SECONDS)
    screen.until(r"emma@harbor.example +by hand +Open INC-\d{4}-000006")

    question.write_bytes(question.read_bytes() + b"\r\nAnd max_pool?\r\n")
    subprocess.run(["sh", "-ec", f"{change}\n{by_pipe}"], check=True, timeout=BOUND_SECONDS, env=surroundings(folder))
    screen.until(r"emma@harbor.example +by hand +Open INC-\d{4}-000007")

    screen.interrupt()
    assert screen.ended() == 0
    assert f"Stopped. Everything stays in {folder}" in screen.text
    assert "Traceback" not in screen.text
    assert (folder / "config.toml").exists()
    assert not is_open(port)


def test_terminated_half_way_it_takes_the_daemon_and_the_folder_with_it(screen: Screen, tmp_path: Path) -> None:
    port = int(screen.until(r"on port ([0-9]+)")[1])
    screen.process.send_signal(signal.SIGTERM)
    code = screen.ended()
    assert code in (0, 130)
    assert code == 0 or list(tmp_path.iterdir()) == []  # 0: it had told its story meanwhile
    assert "Traceback" not in screen.text
    assert not is_open(port)


def test_once_ends_on_a_terminal_too(tmp_path: Path) -> None:
    shown_there = Screen(tmp_path, "--once")
    try:
        assert shown_there.ended() == 0
        assert "8 mails in, 5 incidents" in shown_there.text
        assert list(tmp_path.iterdir()) == []
    finally:
        shown_there.close()


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# The desk


def test_the_desk_is_registered_as_the_worked_example_says(tmp_path: Path) -> None:
    desk = prepare(tmp_path / "desk", NOW)
    store = open_store(desk.settings.database.url)
    try:
        with store.read() as connection:
            listed = {row["number"]: row for row in contracts.listed(connection)}
            found = [contracts.by_number(connection, number) for number in listed]
            assert all(each and any(term.holds(NOW.date()) for term in each.terms) for each in found)
            assert {each.number: each.seats for each in found if each} == {"PG-1001": 2, "PG-1002": 1, "PG-1003": 1}
            assert [each.menu for each in found if each] == ["premium", "business", "business"]
            assert [each.mailing_list_option for each in found if each] == [False, False, True]
            assert len(contracts.all_staff(connection)) == 2
    finally:
        store.close()
    assert desk.settings.smtp.listen == ("127.0.0.1:0",)
    assert desk.letters.is_relative_to(desk.folder)


def test_a_daemon_that_cannot_start_says_why(tmp_path: Path) -> None:
    configuration = tmp_path / "config.toml"
    configuration.write_text("[desk]\nnaem = 'x'\n", encoding="utf-8")
    with (
        serving(configuration, tmp_path / "mailbot.log") as daemon,
        pytest.raises(DaemonEndedError, match=r"ended with 2; its last words: .*config\.toml"),
    ):
        daemon.require_alive(grace_seconds=BOUND_SECONDS)


# The mails


def read(key: str) -> Message:
    return next(reading.read(each.raw) for each in mails.questions("support@desk.example", NOW) if each.key == key)


@pytest.mark.parametrize(
    ("key", "marks"),
    [
        ("balance", [b'charset="iso-2022-jp"', b"Content-Transfer-Encoding: 7bit", b"=?iso-2022-jp?b?", b"\x1b$B"]),
        ("admin", [b"multipart/alternative", b"text/html", b'charset="utf-8"', b"=?utf-8?"]),
        ("recovery", [b"multipart/mixed", b'filename="pgpool.log"']),
        ("watchdog", [b"List-Id: <pgpool-team.aozora.example>", b"Precedence: list"]),
    ],
)
def test_mails_are_in_the_form_that_they_are_to_show(key: str, marks: list[bytes]) -> None:
    raw = next(each.raw for each in mails.questions("support@desk.example", NOW) if each.key == key)
    assert [mark for mark in marks if mark not in raw] == []


@pytest.mark.parametrize("sample", mails.questions("support@desk.example", NOW), ids=lambda sample: sample.key)
def test_mails_are_sound(sample: mails.Sample) -> None:
    message = reading.read(sample.raw)
    assert (message.message_id, message.date) == (sample.message_id, NOW)
    assert message.author is not None
    assert not message.warnings
    assert "�" not in message.subject + message.text
    assert max(len(line) for line in sample.raw.split(b"\r\n")) <= 998  # RFC 5322 §2.1.1


@pytest.mark.parametrize(
    ("key", "urgent"), [("balance", False), ("admin", False), ("recovery", False), ("down", True), ("watchdog", False)]
)
def test_only_the_urgent_one_is_urgent_and_it_in_full(key: str, urgent: bool) -> None:
    message = read(key)
    judged = assess(message.subject, message.new_text, rules.load(bundled("rules")).urgency)
    assert (judged.urgent, judged.doubtful) == (urgent, False)


def acknowledged() -> Message:
    reply_to = Mailbox("Desk", "support+token@desk.example")
    return replace(
        read("recovery"),
        message_id="ack@desk.example",
        subject="Re: [INC-1] x",
        text="Dear\nEmma",
        reply_to=(reply_to,),
    )


def test_the_reply_quotes_what_it_answers() -> None:
    sample = mails.answer(acknowledged(), NOW)
    message = reading.read(sample.raw)
    assert sample.recipient == "support+token@desk.example"
    assert message.in_reply_to == ("ack@desk.example",)
    assert message.quoted_text.endswith("> Dear\n> Emma")
    assert message.new_text.startswith("It is pgpool-II 4.4.7")


def test_the_vacation_note_is_a_machines() -> None:
    sample = mails.vacation(acknowledged(), NOW)
    automatic = reading.read(sample.raw).automatic
    assert sample.sender == ""
    assert automatic is not None
    assert automatic.reason == "auto-submitted"


# What is expected


MAIL = SeenMail(1, "a@x", "w@x", "done", "open", "INC-1", "why")
LETTER = SeenLetter("acknowledgement", "asker", "INC-1", "m@x", "w@x", "s", "sent", "250 ok")
INCIDENT = SeenIncident("INC-1", "PG-1", "premium", "W", "s", "normal", NOW, NOW + timedelta(minutes=30), NOW)
SAMPLE = mails.Sample("k", "about", "w@x", "s@x", "a@x", b"", "open")


def test_nothing_is_decided_while_a_mail_is_missing_or_new() -> None:
    assert decided(Seen((), (), ()), [SAMPLE]) is None
    assert decided(Seen((), (replace(MAIL, state="new", decision=""),), ()), [SAMPLE]) is None
    assert decided(Seen((), (MAIL,), ()), [SAMPLE]) is not None


def test_a_wrong_decision_is_told() -> None:
    with pytest.raises(DemoFailedError, match='was to be "open", but is "hold stranger": why'):
        decided(Seen((), (replace(MAIL, decision="hold stranger"),), ()), [SAMPLE])


def test_all_is_sent_when_every_letter_has_left_and_every_incident_is_acknowledged() -> None:
    assert all_sent(Seen((INCIDENT,), (), (LETTER,))) is not None
    assert all_sent(Seen((INCIDENT,), (), (replace(LETTER, state="claimed"),))) is None
    assert all_sent(Seen((replace(INCIDENT, acknowledged_at=None),), (), ())) is None


def test_a_letter_that_cannot_leave_is_told() -> None:
    with pytest.raises(DemoFailedError, match="the acknowledgement to w@x is failed: 550 no"):
        all_sent(Seen((), (), (replace(LETTER, state="failed", answer="550 no"),)))


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ((), "INC-1 was acknowledged 0 times"),
        ((LETTER, LETTER), "INC-1 was acknowledged 2 times"),
        ((LETTER, replace(LETTER, incident=None, recipient="stranger@x")), "the last one to stranger@x"),
    ],
)
def test_a_mail_too_many_is_told(letters: tuple[SeenLetter, ...], words: str) -> None:
    with pytest.raises(DemoFailedError, match=words):
        require_promises(Seen((INCIDENT,), (), letters))


def test_one_acknowledgement_and_words_to_staff_are_as_promised() -> None:
    require_promises(Seen((INCIDENT,), (), (LETTER, replace(LETTER, kind="question", audience="staff"))))


# How it looks


def lines(what: RenderableType, width: int = 100) -> list[str]:
    console = Console(width=width, record=True, file=open(os.devnull, "w", encoding="utf-8"), force_terminal=True)  # noqa: SIM115
    with console.file:
        console.print(what)
    return console.export_text().splitlines()


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(milliseconds=84), "0.08 s"),
        (timedelta(seconds=2.14), "2.1 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(minutes=29, seconds=41), "29 min 41 s"),
        (timedelta(hours=35, minutes=12), "35 h 12 min"),
        (timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
    ],
)
def test_spans(length: timedelta, words: str) -> None:
    assert view.span(length) == words


@pytest.mark.parametrize(
    ("incident", "words"),
    [
        (INCIDENT, ["in 20 min 0 s", "after 0.00 s"]),
        (replace(INCIDENT, acknowledged_at=None), ["in 20 min 0 s", "not yet"]),
        (replace(INCIDENT, acknowledged_at=None, due_at=NOW), ["10 min 0 s ago", "not yet"]),
        (replace(INCIDENT, urgency="doubtful"), ["urgent?"]),
    ],
)
def test_an_incident_in_the_table(incident: SeenIncident, words: list[str]) -> None:
    text = "\n".join(lines(view.screen(Seen((incident,), (), ()), {}, NOW + timedelta(minutes=10), TOKYO, 40)))
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_long_japanese_words_keep_the_width(width: int) -> None:
    long = "緊急の障害について" * 20
    seen = Seen((replace(INCIDENT, asker=long, subject=long),), (replace(MAIL, writer=long, why=long),), ())
    for height in (40, None):
        shown_lines = lines(view.screen(seen, {}, NOW, TOKYO, height), width)
        assert max(cell_len(line) for line in shown_lines) <= min(width, 100)


@pytest.mark.parametrize("height", [24, 40, 60])
def test_the_tables_fit_the_height_and_show_the_newest(height: int) -> None:
    seen = Seen(
        tuple(replace(INCIDENT, number=f"INC-{n}") for n in range(90)),
        tuple(replace(MAIL, id=n, incident=f"INC-{n}") for n in range(90)),
        (),
    )
    shown_lines = lines(view.screen(seen, {}, NOW, TOKYO, height))
    assert len(shown_lines) < height
    assert any("INC-89" in line for line in shown_lines)
    assert any("of 90)" in line for line in shown_lines)


def test_markup_in_a_mail_is_text() -> None:
    seen = Seen((replace(INCIDENT, subject="[red]x[/red]", asker="[/]"),), (replace(MAIL, writer="[b]"),), ())
    text = "\n".join(lines(view.screen(seen, {"a@x": "[/i]"}, NOW, TOKYO, 40)))
    assert all(word in text for word in ("[red]x[/red]", "[/]", "[b]", "[/i]"))


def test_no_mail_steers_the_terminal() -> None:
    evil = "a\x1b]0;b\x07\u202ec"
    seen = Seen((replace(INCIDENT, subject=evil, asker=evil),), (replace(MAIL, writer=evil, why=evil),), ())
    text = "\n".join(lines(view.screen(seen, {}, NOW, TOKYO, 40)))
    text += "\n".join(lines(view.letter(replace(read("balance"), subject=evil, text=evil), "Title", "ja", TOKYO)))
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert r"\u202e" in text


def test_a_letter_looks_like_one() -> None:
    text = "\n".join(lines(view.letter(read("balance"), "Title", "ja", TOKYO)))
    assert "From     山田 花子 <yamada@midori.example>" in text
    assert "Date     2026年11月24日(火) 12:00 JST" in text
    assert f"To       {people.CONTRACTS[0].name}" not in text
