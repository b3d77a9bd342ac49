"""aiosmtpd CVE-2024-34083: plain text put behind STARTTLS on the way is never obeyed (RFC 3207 §4.2)."""

from __future__ import annotations

import ssl
from pathlib import Path

from mailbot.channels.smtp import Tls, TlsMode, server_context
from tests.channels.certificates import self_signed
from tests.channels.doors import open_door


async def test_text_behind_starttls_is_dropped(tmp_path: Path) -> None:
    file, _ = self_signed(tmp_path)
    trusting = ssl.create_default_context(cafile=str(file))
    trusting.check_hostname = False
    tls = Tls(TlsMode.STARTTLS, server_context(file, tmp_path / "relay.key"))
    async with open_door("smtp", tls=tls) as door:
        client = await door.connect()
        await client.say("EHLO client.example")
        await client.send(b"STARTTLS\r\nMAIL FROM:<evil@elsewhere.example>\r\n")
        reply = await client.reply()
        if reply.startswith("220"):
            await client.start_tls(trusting)
            await client.say("EHLO client.example")
            assert (await client.say("RCPT TO:<help@desk.example>")).startswith("503")
        else:
            assert reply[0] in "45"
    assert door.shelf.mails == []
