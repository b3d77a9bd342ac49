"""A terminal in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import MAIL, Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A fresh desk: configured, with nothing registered."""
    made = Terminal(tmp_path)
    made.does("init", ".")
    return made


@pytest.fixture
def busy(terminal: Terminal) -> Terminal:
    """A desk with a contract, staff, an acknowledged incident (mail 1) and a held mail (mail 2)."""
    register(terminal)
    terminal.does("staff", "add", "Eng <eng@example.org>", "--language", "en")
    terminal.does("deliver", stdin=MAIL)
    terminal.does(
        "deliver", "--from", "x@stranger.example", stdin=MAIL.replace(b"taro@example.jp", b"x@stranger.example")
    )
    terminal.work()
    return terminal


def register(terminal: Terminal, *more: str) -> None:
    """Register the contract C-1 of taro@example.jp."""
    words = ("--number", "C-1", "--customer", "株式会社例", "--menu", "premium", "--cluster", "本番 2 台")
    term = ("--starts-on", "2026-04-01", "--ends-on", "2036-03-31")
    people = ("--asker", "山田 太郎 <taro@example.jp>", "--contact", "Hanako <hanako@example.jp>")
    terminal.does("contract", "add", *words, *term, *people, *more)
