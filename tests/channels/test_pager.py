"""Alarms by a real program and a real web server: what they get, and what becomes of those that misbehave."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import ssl
import stat
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import SecretStr

from mailbot.channels.command import CommandPager
from mailbot.channels.pager import connect, faults
from mailbot.channels.webhook import WebhookPager
from mailbot.config.settings import Alarm
from mailbot.errors import PageError
from tests.channels.certificates import self_signed

BODY = json.dumps(
    {"kind": "relay", "text": "第 1 リレー $(touch /tmp/owned) `id` ; rm -rf /"}, ensure_ascii=False
).encode()


# A program.


def script(folder: Path, text: str, name: str = "page") -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


async def test_the_program_gets_the_alarm_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILBOT_SIGNING_SECRET", "hunter2")
    program = script(
        tmp_path, f"cat > {tmp_path}/in; env > {tmp_path}/env; printf '%s|' \"$@\" > {tmp_path}/argv; echo ok"
    )
    said = await CommandPager([program, "--to", "$(id) *"], 10.0).page(BODY)
    assert said == "exit code 0: ok"
    assert (tmp_path / "in").read_bytes() == BODY
    assert (tmp_path / "argv").read_text() == "--to|$(id) *|"
    assert "hunter2" not in (tmp_path / "env").read_text()
    assert "PATH=" in (tmp_path / "env").read_text()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("echo no modem >&2; exit 3", "ended with exit code 3: no modem"),
        ("kill -TERM $$", "was ended by signal 15"),
    ],
)
async def test_a_program_that_fails_tells_why(tmp_path: Path, text: str, told: str) -> None:
    program = script(tmp_path, text)
    with pytest.raises(PageError) as caught:
        await CommandPager([program], 10.0).page(BODY)
    assert str(caught.value) == f"{program} {told}"


async def test_a_program_that_is_not_there_or_not_one(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("no program")
    for name, why in (("none", "No such file"), ("plain", "Permission denied")):
        with pytest.raises(PageError, match=why):
            await CommandPager([str(tmp_path / name)], 10.0).page(BODY)


async def test_a_program_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    program = script(tmp_path, f"sleep 600 & echo $! > {tmp_path}/child; echo waiting; exec sleep 600")
    began = time.monotonic()
    with pytest.raises(PageError, match=r"did not end within 0\.5 seconds: waiting"):
        await CommandPager([program], 0.5).page(BODY)
    assert time.monotonic() - began < 10.0
    child = int((tmp_path / "child").read_text())
    async with asyncio.timeout(10):
        while _runs(child):
            await asyncio.sleep(0.01)


def _runs(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


async def test_a_program_that_ignores_its_input_and_talks_for_ever_is_no_trouble(tmp_path: Path) -> None:
    program = script(
        tmp_path, "i=0; while [ $i -lt 20000 ]; do echo 'a line of some length, again and again'; i=$((i+1)); done"
    )
    said = await CommandPager([program], 30.0).page(BODY * 10_000)
    assert said.startswith("exit code 0: a line of some length")
    assert len(said) < 600


async def test_a_child_that_keeps_the_line_open_does_not_hold_us(tmp_path: Path) -> None:
    program = script(tmp_path, f"setsid sleep 600 & echo $! > {tmp_path}/child; echo done")
    began = time.monotonic()
    assert await CommandPager([program], 30.0).page(BODY) == "exit code 0: done"
    assert time.monotonic() - began < 15.0
    child = int((tmp_path / "child").read_text())
    assert _runs(child), "what it left running on purpose was killed"
    with suppress(ProcessLookupError):
        os.kill(child, 9)


async def test_what_is_said_cannot_steer_a_terminal(tmp_path: Path) -> None:
    program = script(tmp_path, "printf 'a\\033[2Jb\\nc'")
    assert await CommandPager([program], 10.0).page(BODY) == "exit code 0: a [2Jb / c"


async def test_a_stop_in_the_middle_kills_it(tmp_path: Path) -> None:
    program = script(tmp_path, f"echo $$ > {tmp_path}/pid; mv {tmp_path}/pid {tmp_path}/me; exec sleep 600")
    paging = asyncio.create_task(CommandPager([program], 60.0).page(BODY))
    async with asyncio.timeout(10):
        while not (tmp_path / "me").exists():
            await asyncio.sleep(0.01)
    paging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await paging
    assert not _runs(int((tmp_path / "me").read_text()))


def test_check_looks_at_the_program(tmp_path: Path) -> None:
    program = script(tmp_path, "exit 0")
    assert faults(Alarm()) == []
    assert faults(Alarm.model_construct(command=(program,))) == []
    (fault,) = faults(Alarm.model_construct(command=(f"{tmp_path}/none",)))
    assert (fault.key, fault.value) == ("[alarm] command", f'"{tmp_path}/none"')
    Path(program).chmod(stat.S_IRUSR)
    assert "not executable" in faults(Alarm.model_construct(command=(program,)))[0].mend


# A webhook.


@dataclass
class Hook:
    """A web server that keeps what is posted, and answers with these bytes."""

    answer: bytes = b"HTTP/1.1 204 No Content\r\n\r\n"
    pause: float = 0.0  # seconds between the bytes of the answer
    posted: list[tuple[str, bytes]] = field(default_factory=list)
    port: int = 0
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    @asynccontextmanager
    async def open(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[Hook]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()
            for task in self.serving:
                task.cancel()
            await asyncio.gather(*self.serving, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = int(
                    next(line for line in head.lower().split("\r\n") if line.startswith("content-length")).split()[1]
                )
                self.posted.append((head, await reader.readexactly(length)))
                for byte in self.answer if self.pause else [self.answer]:
                    writer.write(bytes([byte]) if isinstance(byte, int) else byte)
                    await writer.drain()
                    await asyncio.sleep(self.pause)
        finally:
            writer.close()

    def pager(self, secret: str | None = None, *, seconds: float = 10.0, scheme: str = "http") -> WebhookPager:
        url = SecretStr(f"{scheme}://127.0.0.1:{self.port}/hooks/hunter2?x=1")
        return WebhookPager(url, SecretStr(secret) if secret else None, seconds)


async def test_the_webhook_gets_the_alarm_signed() -> None:
    async with Hook().open() as hook:
        assert await hook.pager("a secret").page(BODY) == "204 No Content"
    ((head, body),) = hook.posted
    digest = hmac.new(b"a secret", BODY, hashlib.sha256).hexdigest()
    assert body == BODY
    assert head.startswith("POST /hooks/hunter2?x=1 HTTP/1.1\r\n")
    assert f"X-Mailbot-Signature: sha256={digest}\r\n" in head
    assert "Content-Type: application/json\r\n" in head


async def test_without_a_secret_nothing_is_signed() -> None:
    async with Hook().open() as hook:
        await hook.pager().page(BODY)
    assert "X-Mailbot-Signature" not in hook.posted[0][0]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\nno\x1b!!", "refused it: 500 Oops: no !!"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "refused it: 404 Not Found"),
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
            "redirects are not followed",
        ),
        (b"SSH-2.0-nonsense\r\n\r\n", "127.0.0.1: "),
        (b"", "127.0.0.1: "),
    ],
)
async def test_a_webhook_that_does_not_take_it(answer: bytes, told: str) -> None:
    async with Hook(answer).open() as hook:
        with pytest.raises(PageError) as caught:
            await hook.pager().page(BODY)
    assert told in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(hook.posted) == 1


async def test_a_webhook_that_drips_its_answer_has_no_more_time() -> None:
    async with Hook(b"HTTP/1.1 204 No Content\r\n" + b"X: y\r\n" * 1000, pause=0.05).open() as hook:
        began = time.monotonic()
        with pytest.raises(PageError, match=r"did not answer within 0\.5 seconds"):
            await hook.pager(seconds=0.5).page(BODY)
        assert time.monotonic() - began < 5.0


async def test_nobody_listens() -> None:
    hook = Hook(port=1)
    with pytest.raises(PageError, match="refused"):
        await hook.pager().page(BODY)


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    _, tls = self_signed(tmp_path)
    async with Hook().open(tls) as hook:
        with pytest.raises(PageError, match=r"(?i)certificate"):
            await hook.pager(scheme="https").page(BODY)
    assert hook.posted == []


async def test_a_certificate_that_is_trusted_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, tls = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with Hook().open(tls) as hook:
        assert await hook.pager(scheme="https").page(BODY) == "204 No Content"
    assert len(hook.posted) == 1


def test_only_what_is_configured_is_there(tmp_path: Path) -> None:
    assert connect(Alarm()) == {}
    url = SecretStr("https://hooks.example.net/")
    both = Alarm.model_construct(command=("/bin/true",), webhook=url, webhook_secret=None, timeout_seconds=1.0)
    assert list(connect(both)) == ["command", "webhook"]
