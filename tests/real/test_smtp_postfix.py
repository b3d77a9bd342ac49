"""Does a real Postfix, as the LMTP client in front of us, understand what we answer for each recipient?"""

from __future__ import annotations

import asyncio
import shutil
import smtplib
import tempfile
from pathlib import Path

import pytest

from mailbot.channels.smtp import TcpAddress, UnixAddress
from mailbot.errors import StoreFullError
from tests.channels.doors import OpenDoor, Shelf, open_door
from tests.real.servers import Postfix, start_dovecot, start_postfix

pytestmark = pytest.mark.real

MAIL = "Subject: 障害\r\nFrom: <asker@customer.example>\r\n\r\n.dot\r\n..dots\r\n本文\r\n".encode()


def transport(door: OpenDoor) -> str:
    match door.listener.addresses[0]:
        case TcpAddress(host, port):
            return f"lmtp:inet:{host}:{port}"
        case UnixAddress(path):
            return f"lmtp:unix:{path}"


async def handed_in(postfix: Postfix, recipients: list[str]) -> dict[str, str]:
    await asyncio.to_thread(postfix.send, "asker@customer.example", recipients, MAIL)
    return await asyncio.to_thread(postfix.wait_for, recipients)


@pytest.mark.parametrize("count", [1, 2, 10, 100])
async def test_each_recipient_has_its_status(count: int) -> None:
    recipients = [f"r{i}@desk.example" for i in range(count)]
    async with open_door("lmtp") as door:
        # One transaction for all of them; by itself Postfix makes several of at most 50.
        settings = {"lmtp_destination_recipient_limit": "100"}
        with start_postfix(domains={"desk.example": transport(door)}, settings=settings) as postfix:
            deliveries = await handed_in(postfix, recipients)
            assert {status.split()[0] for status in deliveries.values()} == {"sent"}
            assert "(250 2.0.0 Kept)" in deliveries[recipients[0]]
            await asyncio.to_thread(postfix.flush)
            assert "Mail queue is empty" in await asyncio.to_thread(postfix.queue)
    assert len(door.shelf.mails) == 1
    raw, envelope = door.shelf.mails[0]
    assert sorted(envelope.recipients) == sorted(recipients)
    assert envelope.sender == "asker@customer.example"
    assert raw.endswith(MAIL.split(b"\r\n\r\n")[1])


async def test_refused_deferred_and_sent() -> None:
    async with open_door("lmtp") as door:
        with start_postfix(domains={"desk.example": transport(door)}) as postfix:
            deliveries = await handed_in(postfix, ["one@desk.example", "nobody@desk.example", "two@desk.example"])
            assert deliveries["one@desk.example"].startswith("sent")
            assert deliveries["two@desk.example"].startswith("sent")
            assert deliveries["nobody@desk.example"].startswith("bounced")
            assert "550 5.1.1" in deliveries["nobody@desk.example"]
    assert len(door.shelf.mails) == 1


async def test_a_full_store_defers_for_all_and_takes_the_mail_later() -> None:
    async def full() -> None:
        raise StoreFullError("no room")

    recipients = [f"r{i}@desk.example" for i in range(3)]
    shelf = Shelf(before=full)
    async with open_door("lmtp", shelf=shelf) as door:
        with start_postfix(domains={"desk.example": transport(door)}) as postfix:
            deliveries = await handed_in(postfix, recipients)
            assert all("452 4.3.1" in status and status.startswith("deferred") for status in deliveries.values())
            shelf.before = None
            await asyncio.to_thread(postfix.flush)
            while "Mail queue is empty" not in await asyncio.to_thread(postfix.queue):
                await asyncio.sleep(0.05)
    assert len(shelf.mails) == 1
    assert len(shelf.mails[0][1].recipients) == 3


async def test_over_a_unix_socket() -> None:
    # Postfix' LMTP client has given up root: the socket belongs to its group, as packaging would have it.
    with tempfile.TemporaryDirectory(prefix="mailbot-") as folder:
        Path(folder).chmod(0o755)
        path = Path(folder, "lmtp")
        async with open_door("lmtp", path=path) as door:
            shutil.chown(path, group="postfix")
            with start_postfix(domains={"desk.example": transport(door)}) as postfix:
                deliveries = await handed_in(postfix, ["one@desk.example", "two@desk.example"])
                assert all(status.startswith("sent") for status in deliveries.values())
    assert [envelope.peer for _, envelope in door.shelf.mails] == ["unix"]


async def test_addresses_that_are_no_ascii() -> None:
    async with open_door("lmtp") as door:
        with start_postfix(domains={"desk.example": transport(door)}) as postfix:
            await asyncio.to_thread(send_smtputf8, postfix)
            await asyncio.to_thread(postfix.wait_for, ["窓口@desk.example"])
    assert door.shelf.mails[0][1].recipients == ("窓口@desk.example",)
    assert door.shelf.mails[0][1].smtputf8


def send_smtputf8(postfix: Postfix) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.port, "customer.example", 30) as client:
        client.ehlo_or_helo_if_needed()
        client.sendmail("質問@customer.example", ["窓口@desk.example"], MAIL, ["SMTPUTF8", "BODY=8BITMIME"])


async def test_postfix_to_dovecot_and_back_by_imap() -> None:
    user = "asker@customer.example"
    with (
        start_dovecot(users=[user]) as dovecot,
        start_postfix(domains={"customer.example": f"lmtp:inet:127.0.0.1:{dovecot.lmtp_port}"}) as postfix,
    ):
        postfix.send("help@desk.example", [user], MAIL)
        (mail,) = dovecot.wait_for(user, 1)
    assert mail.endswith("\r\n.dot\r\n..dots\r\n本文\r\n".encode())
