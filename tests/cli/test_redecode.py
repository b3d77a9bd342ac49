"""Mails are read again at the command line, through the real reading children; and given back byte for byte."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.terminal import MAIL, Terminal

EVERY_BYTE = b"From: taro@example.jp\r\nSubject: bytes\nX: \x00\xff\r\n\r\n" + bytes(range(256)) + b"\r\r\n\n.\r\nend"


def garble(busy: Terminal, *mails: int) -> None:
    """As if an older reading had misunderstood these mails' subjects and texts."""
    with closing(sqlite3.connect(busy.folder / "var" / "mailbot.db")) as connection, connection:
        for number in mails:
            connection.execute("UPDATE inbound SET subject = 'old\x1b[31m' WHERE id = ?", (number,))
            connection.execute("UPDATE message SET new_text = 'a\nb' WHERE inbound_id = ?", (number,))


def test_nothing_is_told_of_what_is_read_as_before(busy: Terminal) -> None:
    assert busy.does("inbound", "redecode", "--all").out == ""
    assert busy.does("inbound", "redecode", "1", "--json").json == []


def test_what_changed_is_told_once(busy: Terminal) -> None:
    garble(busy, 1)
    (line,) = busy.does("inbound", "redecode", "1").out.splitlines()
    assert (
        line == 'inbound mail 1: subject: "old\\u001b[31m" → "pgpool-II 4.5 が起動しません"; new text: 2 lines differ'
    )
    assert busy.does("inbound", "redecode", "1").out == ""
    assert "redecoded: by mailbot " in busy.does("explain", "1").out


def test_a_dry_run_changes_nothing(busy: Terminal) -> None:
    garble(busy, 1)
    first = busy.does("inbound", "redecode", "--all", "--dry-run").out
    assert first.startswith("inbound mail 1: subject:")
    assert busy.does("inbound", "redecode", "--all", "--dry-run").out == first


def test_json(busy: Terminal) -> None:
    garble(busy, 1, 2)
    told = busy.does("inbound", "redecode", "--all", "--since", "2026-01-01", "--json").json
    assert [(each["id"], each["state"], each["renewed"], each["fault"]) for each in told] == [
        (1, "done", True, None),
        (2, "held", True, None),
    ]
    assert [change["what"] for change in told[0]["changes"]] == ["subject", "new text"]
    assert busy.does("inbound", "redecode", "--all", "--json").json == []


def test_held_and_failed_mails_are_for_retry(busy: Terminal) -> None:
    (line,) = busy.does("inbound", "redecode", "2").out.splitlines()
    assert line == "inbound mail 2 is held: mailbot inbound retry 2 decides anew"
    with closing(sqlite3.connect(busy.folder / "var" / "mailbot.db")) as connection, connection:
        connection.execute("UPDATE inbound SET state = 'failed', subject = '' WHERE id = 2")
    changed, advice = busy.does("inbound", "redecode", "--all").out.splitlines()
    assert changed.startswith('inbound mail 2: subject: "" → ')
    assert advice == "inbound mail 2 is failed: mailbot inbound retry 2 decides anew"


def test_no_mail_is_touched_when_one_is_unknown(busy: Terminal) -> None:
    garble(busy, 1)
    said = busy("inbound", "redecode", "1", "98", "99")
    assert (said.code, said.out) == (1, "")
    assert said.faults == ["there is no inbound mail 98, 99: see mailbot inbound list"]
    assert busy.does("inbound", "redecode", "1", "--dry-run").out


def test_a_day_to_come_has_no_mails(busy: Terminal) -> None:
    garble(busy, 1)
    assert busy.does("inbound", "redecode", "--all", "--since", "2999-12-31").out == ""


@pytest.mark.parametrize("to", ["pipe", "file"])
def test_raw_is_byte_for_byte(terminal: Terminal, tmp_path: Path, to: str) -> None:
    terminal.process("deliver", stdin=EVERY_BYTE)
    terminal.process("deliver", stdin=MAIL)
    file = tmp_path / "out.eml"
    with file.open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "mailbot", "inbound", "raw", "1"],
            cwd=terminal.folder,
            stdout=out if to == "file" else subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            timeout=60,
            check=True,
        )
    assert (file.read_bytes() if to == "file" else done.stdout) == EVERY_BYTE
