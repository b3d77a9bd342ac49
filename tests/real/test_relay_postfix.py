"""Do our letters pass through a real Postfix and into a real Dovecot as they were signed, and do reports come back?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mailbot.channels.relay import Relay, connect
from mailbot.errors import RelayError
from tests.channels.relaying import RAW, letter, settings
from tests.channels.sink import Say, Sink
from tests.channels.test_relay_dkim import FULL, RSA, verifies, written
from tests.channels.test_relay_wire import ENDS, SMUGGLED
from tests.real.servers import Postfix, free_port, start_dovecot, start_postfix, wait_until

pytestmark = pytest.mark.real


SINK_PORT = free_port()


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    """One for all, because it takes seconds to start; what it lets through goes to the sink of each test."""
    domains = dict.fromkeys(["example.com", "desk.test"], f"smtp:[127.0.0.1]:{SINK_PORT}")
    with start_postfix(domains=domains) as started:
        yield started


@asynccontextmanager
async def relay_to(postfix: Postfix, **options: Any) -> AsyncIterator[Relay]:
    relay = connect(settings(f"smtp://127.0.0.1:{postfix.port}", **options))
    try:
        yield relay
    finally:
        await relay.close()


@pytest.mark.parametrize("raw", [RAW, FULL.partition(b"\r\n")[2], RAW + b"bare\rand\nfeeds\n.\r\n..\r\n"])
async def test_signature_survives_postfix(postfix: Postfix, tmp_path: Path, raw: bytes) -> None:
    async with Sink(port=SINK_PORT) as sink, relay_to(postfix, dkim=written(tmp_path, RSA)) as relay:
        answer = await relay.send(letter(raw=raw))
        await sink.until(lambda: bool(sink.taken))
    assert answer.startswith("250 2.0.0 Ok: queued as ")
    assert verifies(sink.taken[0].raw)
    assert sink.taken[0].recipient == "asker1@example.com"


async def test_nothing_is_smuggled_through_postfix(postfix: Postfix) -> None:
    letters = [letter(number, raw=RAW + b"a" + end + SMUGGLED) for number, end in enumerate(ENDS, 1000)]
    recipients = [one.recipient for one in letters]
    async with Sink(port=SINK_PORT) as sink, relay_to(postfix) as relay:
        await asyncio.gather(*map(relay.send, letters))
        await asyncio.to_thread(postfix.wait_for, recipients)
        await asyncio.to_thread(wait_until, lambda: "is empty" in postfix.queue(), lambda: postfix.log)
    assert sorted(mail.recipient for mail in sink.taken) == sorted(recipients)
    assert {mail.sender for mail in sink.taken} == {"bounce@desk.test"}


async def test_report_of_a_failure_names_the_letter(postfix: Postfix) -> None:
    # No DSN behind it, so Postfix itself answers for the report.
    async with Sink(port=SINK_PORT, offers=()) as sink, relay_to(postfix) as relay:
        sink.will("rcpt", Say("550 5.1.1 unknown"))
        await relay.send(letter())
        await sink.until(lambda: bool(sink.taken))
    [report] = sink.taken
    assert (report.sender, report.recipient) == ("", "bounce@desk.test")
    assert b"Original-Envelope-Id: 1@desk.test" in report.raw  # RFC 3464 §2.2.1
    assert b"Final-Recipient: rfc822; asker1@example.com" in report.raw
    assert b"\r\nHello\r\n" not in report.raw  # RET=HDRS


async def test_refusal_of_postfix_is_permanent_and_the_connection_goes_on(postfix: Postfix) -> None:
    before = postfix.log.count(": connect from")
    async with Sink(port=SINK_PORT) as sink, relay_to(postfix) as relay:
        with pytest.raises(RelayError, match=r"554 5\.7\.1 .*Relay access denied") as caught:
            await relay.send(replace(letter(1), recipient="a@elsewhere.test"))
        await relay.send(letter(2))
        await sink.until(lambda: bool(sink.taken))
    assert caught.value.permanent
    assert postfix.log.count(": connect from") == before + 1


async def test_dovecot_takes_letters_by_lmtp(tmp_path: Path) -> None:
    with start_dovecot(users=["asker1@example.com"]) as dovecot:
        relay = connect(settings(f"lmtp://127.0.0.1:{dovecot.lmtp_port}", dkim=written(tmp_path, RSA)))
        assert (await relay.send(letter(1, raw=FULL))).startswith("250 2.0.0 ")
        with pytest.raises(RelayError, match=r"550 5\.1\.1") as caught:
            await relay.send(letter(2))
        await relay.send(letter(1, raw=RAW + b".\r\n..\r\nend\r\n"))
        await relay.close()
        first, second = await asyncio.to_thread(dovecot.wait_for, "asker1@example.com", 2)
    assert caught.value.permanent
    assert verifies(first)
    assert verifies(second)
    assert second.endswith(b"\r\n.\r\n..\r\nend\r\n")
