"""Does a pipe keep the mail before it says so, and does nothing of ours make a mail server bounce it?"""

from __future__ import annotations

import sqlite3

import pytest

from mailbot import config
from mailbot.mail.token import Token, mint, reply_address, signing_keys
from tests.cli.terminal import MAIL, Terminal


def kept(terminal: Terminal) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = terminal.does("inbound", "list", "--json").json
    return rows


def envelope(terminal: Terminal) -> tuple[str, str]:
    told = terminal.does("explain", "1", "--json").json
    return told["sender"], told["to"]


def test_a_mail_is_kept_and_nothing_is_said(terminal: Terminal) -> None:
    said = terminal.process("deliver", "--from", "a@example.jp", "--to", "support@example.com", stdin=MAIL)
    assert (said.code, said.out, said.err) == (0, "", "")
    assert envelope(terminal) == ("a@example.jp", "support@example.com")


def test_the_same_mail_again_is_taken_and_kept_once(terminal: Terminal) -> None:
    for _ in range(3):
        terminal.does("deliver", stdin=MAIL)
    assert len(kept(terminal)) == 1


@pytest.mark.parametrize(
    ("head", "words", "sender"),
    [
        (b"Return-Path: <path@example.jp>\n", (), "path@example.jp"),
        (b"Return-Path: <>\n", (), ""),
        (b"From line@example.jp  Wed Apr  1 12:00:00 2026\n", (), "line@example.jp"),
        (b"From MAILER-DAEMON  Wed Apr  1 12:00:00 2026\n", (), ""),
        (b"", (), "taro@example.jp"),
        (b"Return-Path: <path@example.jp>\n", ("--from", "option@example.jp"), "option@example.jp"),
        (b"", ("--from", "<option@example.jp>"), "option@example.jp"),
        (b"", ("--from", "<>"), ""),
        (b"", ("--from", ""), ""),
    ],
)
def test_where_the_sender_comes_from(terminal: Terminal, head: bytes, words: tuple[str, ...], sender: str) -> None:
    terminal.does("deliver", *words, stdin=head + MAIL)
    assert envelope(terminal)[0] == sender


@pytest.mark.parametrize(
    "to", ["Support@EXAMPLE.com", "<support@example.com>", "staff@example.com", "postmaster@example.com"]
)
def test_every_address_of_the_desk_is_taken(terminal: Terminal, to: str) -> None:
    terminal.does("deliver", "--to", to, stdin=MAIL)
    assert envelope(terminal)[1] == to.strip("<>")


def test_a_signed_reply_address_is_taken_and_a_forged_one_is_not(terminal: Terminal) -> None:
    (secret,) = config.load(terminal.folder / "config.toml", {}).secrets.signing
    own, foreign = (
        reply_address("support@example.com", mint(signing_keys([text]), Token("reply", 1, 0, None)))
        for text in (secret.get_secret_value(), "another secret, of the right length, 0123456789")
    )
    terminal.does("deliver", "--to", own, stdin=MAIL)
    assert terminal("deliver", "--to", foreign, stdin=MAIL).code == 1


def test_several_recipients_are_one_mail(terminal: Terminal) -> None:
    terminal.does("deliver", "--to", "support@example.com", "--to", "staff@example.com", stdin=MAIL)
    assert envelope(terminal)[1] == "support@example.com, staff@example.com"


REFUSED = {
    "an unknown recipient": (("--to", "nobody@example.com"), MAIL, 1),
    "one unknown among known ones": (("--to", "support@example.com", "--to", "x@example.org"), MAIL, 1),
    "a recipient that is no address": (("--to", "support"), MAIL, 1),
    "a sender with a line break": (("--from", "a@b.jp\nBcc: x@y"), MAIL, 2),
    "a sender with a blank": (("--from", "a b@c.jp"), MAIL, 2),
    "an unknown option": (("--form", "a@b.jp"), MAIL, 2),
    "too large a mail": ((), MAIL + b"x" * 10_240_001, 1),
    "no mail": ((), b"", 2),
    "blank lines": ((), b"\n \n", 2),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_for_good(terminal: Terminal, name: str) -> None:
    words, stdin, code = REFUSED[name]
    said = terminal("deliver", *words, stdin=stdin)
    assert (said.code, len(said.faults), said.out) == (code, 1, "")
    assert kept(terminal) == []


def change(terminal: Terminal, old: str, new: str) -> None:
    path = terminal.folder / "config.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def a_fault_of_configuration(terminal: Terminal) -> None:
    change(terminal, "[desk]", '[desk]\ntimezone = "Mars"')


def no_configuration(terminal: Terminal) -> None:
    (terminal.folder / "config.toml").unlink()


def a_folder_in_the_way(terminal: Terminal) -> None:
    (terminal.folder / "var").write_text("in the way", encoding="utf-8")


def no_database(terminal: Terminal) -> None:
    change(terminal, "[database]", '[database]\nurl = "postgresql://x@127.0.0.1:1/none"')


def no_room(terminal: Terminal) -> None:
    change(terminal, "[smtp]", f"[smtp]\nreserve_bytes = {10**15}")


def a_newer_schema(terminal: Terminal) -> None:
    terminal.does("db", "upgrade")
    with sqlite3.connect(terminal.folder / "var" / "mailbot.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


def a_bug(terminal: Terminal) -> None:
    terminal.does("db", "upgrade")
    with sqlite3.connect(terminal.folder / "var" / "mailbot.db") as connection:
        connection.execute("ALTER TABLE inbound RENAME TO gone")
    connection.close()


OURS = (a_fault_of_configuration, no_configuration, a_folder_in_the_way, no_database, no_room, a_newer_schema, a_bug)


@pytest.mark.parametrize("happens", OURS, ids=lambda each: each.__name__)
def test_what_fails_on_our_side_is_temporary(terminal: Terminal, happens: object) -> None:
    happens(terminal)  # type: ignore[operator]
    said = terminal("deliver", stdin=MAIL)
    assert (said.code, said.out) == (75, "")
    assert said.err


def test_the_bytes_are_kept_as_they_came(terminal: Terminal) -> None:
    raw = MAIL.replace(b"\n", b"\r\n") + b"\xff\x00 end without a line end"
    terminal.does("deliver", stdin=raw)
    with sqlite3.connect(terminal.folder / "var" / "mailbot.db") as connection:
        assert connection.execute("SELECT raw FROM inbound").fetchone() == (raw,)
    connection.close()
