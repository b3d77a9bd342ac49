"""What every test of the way out begins with: settings, a letter, and a relay that is closed at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import SecretStr

from mailbot.channels.relay import Letter, Relay, connect
from mailbot.config.settings import Relay as RelaySettings
from mailbot.config.settings import Secrets, Settings, Smtp
from tests.channels.sink import Sink

RAW = b"From: desk@desk.test\r\nTo: asker@example.com\r\nSubject: hello\r\nMessage-ID: <1@desk.test>\r\n\r\nHello\r\n"


def settings(url: str, **relay: Any) -> Settings:
    """Settings with short time-outs; what is not about the relay is as small as it may be."""
    given = {"timeout_seconds": 5.0, "starttls": "when-offered", **relay}
    return Settings(
        relay=RelaySettings(url=url, **given),
        smtp=Smtp(hostname="desk.test"),
        secrets=Secrets(signing=(SecretStr("0123456789abcdef" * 4),)),
    )


def letter(
    number: int = 1, *, sender: str = "bounce@desk.test", raw: bytes | None = None, pressing: bool = False
) -> Letter:
    """The letter of that number, to a recipient of its own."""
    message_id = f"<{number}@desk.test>"
    text = raw or RAW.replace(b"<1@", b"<%d@" % number)
    return Letter(text, sender, f"asker{number}@example.com", message_id, pressing)


def url_of(sink: Sink) -> str:
    """Where the sink is to be found."""
    scheme = "smtps" if sink.implicit else sink.protocol
    return f"{scheme}://{sink.path}" if sink.path else f"{scheme}://127.0.0.1:{sink.port}"


@asynccontextmanager
async def relay_to(sink: Sink, **options: Any) -> AsyncIterator[Relay]:
    """A relay to the sink."""
    relay = connect(settings(url_of(sink), **options))
    try:
        yield relay
    finally:
        await relay.close()
