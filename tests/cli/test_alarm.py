"""`alarm test` against a real daemon, and what `status` and `check` tell of the routes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot import config
from mailbot.app import running
from mailbot.desk.routes import Health
from mailbot.store import routes
from mailbot.store.engine import open_store
from tests.channels.test_pager import Hook, script
from tests.cli.terminal import Terminal


def configure(terminal: Terminal, *sections: str) -> None:
    path = terminal.folder / "config.toml"
    text = path.read_text(encoding="utf-8").replace("[smtp]\n", '[smtp]\nlisten = ["127.0.0.1:0"]\n')
    path.write_text(text + "\n" + "\n".join(sections), encoding="utf-8")


def rewrite_alarm(terminal: Terminal, text: str) -> None:
    path = terminal.folder / "config.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("\n[alarm]\n", f"\n[alarm]\n{text}\n"), encoding="utf-8")


async def outcome_of(terminal: Terminal, *words: str) -> tuple[int, list[dict[str, str]], str]:
    """The command as a program, beside a daemon on the same database."""
    async with running(config.load(terminal.folder / "config.toml", {})):
        said = await asyncio.to_thread(terminal.process, "alarm", "test", "--json", *words)
    return said.code, said.json, said.err


def fates(fared: list[dict[str, str]]) -> dict[str, str]:
    return {each["route"]: each["result"] for each in fared}


async def test_every_route_works(terminal: Terminal) -> None:
    terminal.does("staff", "add", "Eng <eng@example.org>", "--language", "en")
    async with Hook().open() as hook:
        command = script(terminal.folder, f"cat > {terminal.folder}/paged")
        rewrite_alarm(terminal, f'command = ["{command}"]\nwebhook = "http://127.0.0.1:{hook.port}/x"')
        configure(terminal, '[second_relay]\nurl = "maildir:second"')
        code, fared, _ = await outcome_of(terminal)
    assert fates(fared) == {"first": "arrived", "second": "arrived", "command": "arrived", "webhook": "arrived"}
    assert code == 0
    assert len(hook.posted) == 1
    assert (terminal.folder / "paged").read_bytes() == hook.posted[0][1]
    assert len(list((terminal.folder / "second" / "new").iterdir())) == 1
    told = terminal.does("status").out
    assert [line.split()[-6] for line in told.splitlines() if " worked at " in line] == [
        "command",
        "first",
        "second",
        "webhook",
    ]
    assert "pages      2 sent" in told


async def test_what_fails_is_told_and_not_waited_for(terminal: Terminal) -> None:
    terminal.does("staff", "add", "Eng <eng@example.org>")
    command = script(terminal.folder, "echo no modem; exit 3")
    rewrite_alarm(terminal, f'command = ["{command}"]\nwebhook = "http://127.0.0.1:1/hunter2"')
    configure(terminal, '[second_relay]\nurl = "smtp://127.0.0.1:1"')
    code, fared, err = await outcome_of(terminal)
    assert fates(fared) == {"first": "arrived", "second": "failed", "command": "failed", "webhook": "failed"}
    answers = {each["route"]: each["answer"] for each in fared}
    assert answers["command"].endswith("ended with exit code 3: no modem")
    assert answers["second"].startswith("by the first relay: 250")
    assert (code, "hunter2" in str(fared) + err) == (1, False)
    told = terminal.does("status")
    assert "command fails since" in told.out
    assert {route["route"] for route in terminal.does("status", "--json").json["routes"]} == set(answers)


def test_without_a_daemon_nothing_arrives_and_it_is_said(terminal: Terminal) -> None:
    terminal.does("staff", "add", "Eng <eng@example.org>")
    said = terminal("alarm", "test", "--timeout", "1")
    assert said.code == 1
    assert "does the daemon run?" in said.out
    assert "waits" in said.out


def test_nobody_would_hear(terminal: Terminal) -> None:
    said = terminal("alarm", "test")
    assert (said.code, said.out) == (1, "nobody would hear of an alarm: see mailbot staff add --help\n")


def test_status_tells_of_routes_that_fail(terminal: Terminal) -> None:
    assert "routes     none was tried" in terminal.does("status").out
    store = open_store(f"sqlite:///{terminal.folder}/var/mailbot.db")
    at = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
    with store.begin() as connection:
        routes.keep(connection, Health("first", None, at, at, "refused\x1b[2J"))
    store.close()
    assert (
        "routes     first fails since 2026-04-01 12:00 JST  <-- look: refused\\u001b[2J" in terminal.does("status").out
    )


@pytest.mark.parametrize(
    ("sections", "alarm", "fault"),
    [
        ('[second_relay]\nurl = "smtp://127.0.0.1:1"', "", '[second_relay] url = "smtp://127.0.0.1:1": '),
        ("", 'command = ["./no-such-program"]', "there is no such program"),
    ],
)
def test_check_looks_at_the_second_relay_and_the_program(
    terminal: Terminal, sections: str, alarm: str, fault: str
) -> None:
    configure(terminal, sections)
    rewrite_alarm(terminal, alarm)
    said = terminal("check")
    assert said.code == 2
    (line,) = said.faults
    assert fault in line


def test_check_is_content_with_both(terminal: Terminal, tmp_path: Path) -> None:
    configure(terminal, '[second_relay]\nurl = "maildir:second"')
    script(terminal.folder, "exit 0")
    rewrite_alarm(terminal, 'command = ["./page"]')
    assert f" and maildir:{terminal.folder}/second," in terminal.does("check").out
