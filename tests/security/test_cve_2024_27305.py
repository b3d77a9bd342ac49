"""aiosmtpd CVE-2024-27305 (Postfix CVE-2023-51764, Exim -51766): only CRLF.CRLF ends a mail (RFC 5321 §4.1.1.4)."""

from __future__ import annotations

import pytest

from tests.channels.doors import open_door

SMUGGLED = (
    b"MAIL FROM:<ceo@desk.example>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nPay!\r\n.\r\n"
)
ENDS = [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r", b"\n.\r", b"\r\n\0.\r\n", b"\r\n.\0\r\n"]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.hex())
async def test_nothing_else_ends_a_mail(end: bytes) -> None:
    async with open_door("smtp") as door:
        client = await door.connect()
        await client.to_data()
        await client.send(b"Subject: outer\r\n\r\nHello" + end + SMUGGLED)
        reply = await client.reply()
    assert reply[:3] in {"250", "521", "550", "554"}
    assert len(door.shelf.mails) <= 1
    for raw, envelope in door.shelf.mails:
        assert envelope.sender == "asker@customer.example"
        assert b"Subject: outer" in raw
