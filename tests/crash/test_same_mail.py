"""The same mail by whichever doors and however often is one message in one incident (T5)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from mailbot.store.schema import outbox
from tests.crash import ledgers
from tests.crash.inside import InsideDesk, running_inside
from tests.crash.mails import SUPPORT, Mail, correspondence
from tests.crash.senders import Line

_MAIL = correspondence(1, seed=5)[0]


@pytest.fixture
async def inside(tmp_path: Path) -> AsyncIterator[InsideDesk]:
    async with running_inside(tmp_path, [_MAIL.asker]) as running:
        yield running


async def bring(inside: InsideDesk, mail: Mail = _MAIL, *, recipient: str = SUPPORT, lmtp: bool = False) -> None:
    """Hand the mail over on a connection of its own; it must be answered 250."""
    line = Line(inside.desk, lmtp=lmtp)
    try:
        assert await line.hand_over(mail, recipient)
    finally:
        await line.close()


async def pipe(inside: InsideDesk, mail: Mail) -> None:
    """Hand the mail over as an MTA's pipe does."""
    command = [sys.executable, "-m", "mailbot", "deliver", "-c", str(inside.desk.configuration)]
    process = await asyncio.create_subprocess_exec(
        *command, "--from", mail.sender, "--to", SUPPORT, stdin=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    await process.communicate(mail.raw)
    assert process.returncode == 0


async def outcome(inside: InsideDesk, *mails: Mail) -> tuple[int, int, int]:
    """How many incidents there are at the end, how many messages in them, and how many acknowledgements left."""
    await inside.settled()
    found = ledgers.read(inside.desk.database, inside.desk.folder / "relay.jsonl", mails, {})
    return len(found.opened), len(found.said), sum(each.recipient != "engineer@staff.example" for each in found.sink)


async def test_twice_by_smtp(inside: InsideDesk) -> None:
    await bring(inside)
    await bring(inside)
    assert await outcome(inside) == (1, 1, 1)


async def test_by_smtp_lmtp_and_pipe(inside: InsideDesk) -> None:
    await bring(inside)
    await bring(inside, lmtp=True)
    await pipe(inside, _MAIL)
    assert await outcome(inside) == (1, 1, 1)


async def test_by_pipe_alone_while_the_daemon_runs(inside: InsideDesk) -> None:
    await pipe(inside, _MAIL)
    assert await outcome(inside) == (1, 1, 1)


async def test_on_fifty_connections_at_once(inside: InsideDesk) -> None:
    await asyncio.gather(*(bring(inside, lmtp=number % 2 == 0) for number in range(50)))
    assert await outcome(inside) == (1, 1, 1)


async def test_without_message_id(inside: InsideDesk) -> None:
    head, _, rest = _MAIL.raw.partition(b"Message-ID: ")
    bare = replace(_MAIL, raw=head + rest.partition(b"\r\n")[2])
    await bring(inside, bare)
    await bring(inside, bare, lmtp=True)
    assert await outcome(inside) == (1, 1, 1)


async def test_under_the_message_id_of_another_mail(inside: InsideDesk) -> None:
    """A careless program gives two mails one Message-ID; neither may be dropped."""
    await bring(inside)
    await bring(inside, replace(_MAIL, raw=_MAIL.raw.rpartition(b"\r\n\r\n")[0] + b"\r\n\r\nQW5vdGhlciB0ZXh0\r\n"))
    incidents, messages, _ = await outcome(inside)
    assert (incidents, messages) == (1, 2)


async def test_with_the_trace_of_another_way(inside: InsideDesk) -> None:
    """The same mail by another server differs by the fields that servers write."""
    await bring(inside)
    await bring(inside, replace(_MAIL, raw=b"Received: from mx2.example by mx1.example\r\n" + _MAIL.raw))
    assert await outcome(inside) == (1, 1, 1)


async def test_to_support_and_to_its_reply_address(inside: InsideDesk) -> None:
    """Who answers to all writes to both addresses, and his mail server may bring the two apart."""
    await bring(inside)
    await inside.settled()
    with inside.store.read() as connection:
        raw = connection.execute(select(outbox.c.raw).where(outbox.c.kind == "acknowledgement")).scalar_one()
    address = raw.partition(b"Reply-To:")[2].partition(b"<")[2].partition(b">")[0].decode()
    assert address.startswith("support+")
    reply = replace(_MAIL, raw=_MAIL.raw.replace(b"Message-ID: <", b"In-Reply-To: <x@y>\r\nMessage-ID: <reply-"))
    await bring(inside, reply, recipient=address)
    await bring(inside, reply, recipient=SUPPORT)
    assert await outcome(inside) == (1, 2, 1)
