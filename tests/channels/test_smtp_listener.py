"""Does the door open on every kind of address, with and without TLS, and close without losing a mail?"""

from __future__ import annotations

import asyncio
import socket
import ssl
import stat
import struct
from pathlib import Path

import pytest

from mailbot.channels.smtp import Limits, TcpAddress, Tls, TlsMode, UnixAddress, listen_address, server_context
from mailbot.errors import InputError
from tests.channels.doors import Shelf, open_door, until


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8025", TcpAddress("127.0.0.1", 8025)),
        ("desk.example:0", TcpAddress("desk.example", 0)),
        (":25", TcpAddress("", 25)),
        ("[::1]:24", TcpAddress("::1", 24)),
        ("/run/mailbot/lmtp", UnixAddress(Path("/run/mailbot/lmtp"))),
        ("unix:run/lmtp", UnixAddress(Path("run/lmtp"))),
    ],
)
def test_addresses(text: str, address: object) -> None:
    assert listen_address(text) == address


@pytest.mark.parametrize(
    "text", ["", "localhost", "localhost:", "localhost:smtp", "127.0.0.1:65536", "25", "a:-1", "a:２５"]
)
def test_no_addresses(text: str) -> None:
    with pytest.raises(InputError):
        listen_address(text)


def test_addresses_as_text() -> None:
    assert [str(listen_address(text)) for text in ("[::1]:24", "h:1", "/run/x")] == ["[::1]:24", "h:1", "/run/x"]


async def test_envelope(tmp_path: Path) -> None:
    async with open_door("lmtp", path=tmp_path / "lmtp") as door:
        client = await door.connect()
        await client.to_data(hello="LHLO")
        assert (await client.say("hello\r\n.")).startswith("250")
    envelope = door.shelf.mails[0][1]
    assert (envelope.channel, envelope.peer, envelope.helo, envelope.tls) == ("lmtp", "unix", "client.example", False)


async def test_implicit_tls(server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    async with open_door(tls=Tls(TlsMode.IMPLICIT, server_tls)) as door:
        client = await door.connect(tls=client_tls)
        ehlo = await client.say("EHLO client.example")
        assert "STARTTLS" not in ehlo
        assert "AUTH" not in ehlo
        assert (await client.say("STARTTLS")).startswith("503 5.5.1")
        await client.to_data(hello="")
        assert (await client.say("x" * 300_000 + "\r\n.")).startswith("250 2.0.0")
        assert (await client.say("QUIT")).startswith("221")
    assert door.shelf.mails[0][1].tls


async def test_starttls_is_in_the_envelope(server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    async with open_door(tls=Tls(TlsMode.STARTTLS, server_tls)) as door:
        client = await door.connect()
        await client.to_data()
        assert (await client.say("in the clear\r\n.")).startswith("250")
        assert (await client.say("STARTTLS")).startswith("220")
        await client.start_tls(client_tls)
        await client.to_data()
        assert (await client.say("over TLS\r\n.")).startswith("250")
    assert [envelope.tls for _, envelope in door.shelf.mails] == [False, True]


@pytest.mark.parametrize("mode", TlsMode)
async def test_a_handshake_that_fails_gives_its_seat_back(mode: TlsMode, server_tls: ssl.SSLContext) -> None:
    async with open_door(tls=Tls(mode, server_tls), limits=Limits(exempt=())) as door:
        client = await door.connect(greeting=False)
        if mode is TlsMode.STARTTLS:
            await client.reply()
            await client.say("EHLO client.example")
            await client.say("STARTTLS")
        await client.send(b"EHLO this is no handshake\r\n" * 100)
        await until(lambda: door.tally.connections == 0)
        await until(lambda: not door.listener._door.connections)


async def test_a_silent_handshake_counts_and_ends(server_tls: ssl.SSLContext) -> None:
    limits = Limits(exempt=(), connections=1, handshake_seconds=0.2)
    async with open_door(tls=Tls(TlsMode.IMPLICIT, server_tls), limits=limits) as door:
        await door.connect(greeting=False)
        await until(lambda: door.tally.connections == 1)
        assert await (await door.connect(greeting=False)).closed()  # no room, and no words before the handshake
        await until(lambda: door.tally.connections == 0)


async def test_closing_during_a_handshake(server_tls: ssl.SSLContext) -> None:
    async with open_door(tls=Tls(TlsMode.IMPLICIT, server_tls), limits=Limits(exempt=())) as door:
        await door.connect(greeting=False)
        await until(lambda: door.tally.connections == 1)
        await door.listener.close(1.0)
        await until(lambda: door.tally.connections == 0)


def test_certificates_that_cannot_be_used(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    for pair in [(tmp_path / "none", certificate[1]), (certificate[1], certificate[0])]:
        with pytest.raises(InputError, match="cannot be used"):
            server_context(*pair)


async def test_unix_socket_has_its_mode_and_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "lmtp"
    async with open_door("lmtp", path=path) as door:
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        assert door.listener.addresses == (UnixAddress(path),)
    assert not path.exists()


async def test_a_stale_socket_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "lmtp"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    async with open_door("lmtp", path=path) as door:
        await door.connect()


async def test_a_living_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "lmtp"
    async with open_door("lmtp", path=path) as door:
        with pytest.raises(OSError, match="in use"):
            async with open_door("lmtp", path=path):
                pass
        await door.connect()


async def test_a_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "lmtp"
    path.write_text("precious")
    with pytest.raises(OSError, match="in use"):
        async with open_door("lmtp", path=path):
            pass
    assert path.read_text() == "precious"


async def test_closing_says_goodbye_to_the_idle() -> None:
    async with open_door() as door:
        clients = [await door.connect() for _ in range(3)]
        await clients[1].say("EHLO client.example")
        await clients[1].say("MAIL FROM:<a@customer.example>")
        await door.listener.close(5.0)
        for client in clients:
            assert (await client.reply()).startswith("421 4.3.2")
            assert await client.closed()
        assert not door.listener._door.connections
        with pytest.raises(ConnectionRefusedError):
            await door.connect()


async def test_closing_waits_for_a_mail_that_is_being_kept() -> None:
    keeping, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        keeping.set()
        await go_on.wait()

    async with open_door(shelf=Shelf(before=wait)) as door:
        client = await door.connect()
        await client.to_data()
        await client.send(b"hello\r\n.\r\n")
        await keeping.wait()
        closing = asyncio.create_task(door.listener.close(10.0))
        await asyncio.sleep(0.05)
        assert not closing.done()
        go_on.set()
        assert (await client.reply()).startswith("250 2.0.0")
        assert (await client.reply()).startswith("421 4.3.2")
        await closing
    assert len(door.shelf.mails) == 1


async def test_closing_waits_for_a_mail_that_is_coming_in() -> None:
    async with open_door() as door:
        client = await door.connect()
        await client.to_data()
        await client.send(b"hel")
        closing = asyncio.create_task(door.listener.close(10.0))
        await asyncio.sleep(0.05)
        assert (await client.say("lo\r\n.")).startswith("250 2.0.0")
        assert (await client.reply()).startswith("421 4.3.2")
        await closing


async def test_closing_does_not_wait_for_ever() -> None:
    go_on = asyncio.Event()
    async with open_door() as door:
        door.shelf.before = go_on.wait  # type: ignore[assignment]
        client = await door.connect()
        await client.to_data()
        await client.send(b"hello\r\n.\r\n")
        await until(lambda: bool(door.listener._door.stores))
        await door.listener.close(0.1)
        assert await client.closed()
        go_on.set()  # what was begun is not torn down
        await until(lambda: bool(door.shelf.mails))
        await door.listener.close(0.1)  # closing twice is closing once


@pytest.mark.parametrize("count", [1, 2, 10, 100])
async def test_lmtp_answers_each_recipient(count: int) -> None:
    async with open_door("lmtp") as door:
        client = await door.connect()
        await client.to_data([f"r{i}@desk.example" for i in range(count)], hello="LHLO")
        await client.send(b"hello\r\n.\r\nNOOP\r\n")
        replies = [await client.reply() for _ in range(count)]
        assert set(replies) == {"250 2.0.0 Kept"}
        assert await client.reply() == "250 2.0.0 Ok"
    assert len(door.shelf.mails) == 1


@pytest.mark.parametrize("loop_name", ["uvloop"])
def test_the_same_under_uvloop(loop_name: str, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    uvloop = pytest.importorskip(loop_name)

    async def story() -> None:
        async with open_door(tls=Tls(TlsMode.STARTTLS, server_tls)) as door:
            client = await door.connect()
            await client.say("EHLO client.example")
            assert (await client.say("STARTTLS")).startswith("220")
            await client.start_tls(client_tls)
            await client.to_data()
            assert (await client.say("hello\r\n.")).startswith("250")
            await door.connect()
            await door.listener.close(1.0)
        async with open_door(tls=Tls(TlsMode.IMPLICIT, server_tls)) as door:
            client = await door.connect(tls=client_tls)
            await client.to_data()
            assert (await client.say("hello\r\n.")).startswith("250")

    uvloop.run(story())


@pytest.mark.parametrize("mode", TlsMode)
async def test_a_line_that_breaks_in_mid_handshake_gives_its_seat_back(
    mode: TlsMode, server_tls: ssl.SSLContext
) -> None:
    async with open_door(tls=Tls(mode, server_tls), limits=Limits(exempt=())) as door:
        client = await door.connect(greeting=False)
        if mode is TlsMode.STARTTLS:
            await client.reply()
            await client.say("EHLO client.example")
            assert (await client.say("STARTTLS")).startswith("220")
        await client.send(b"\x16\x03\x01\x02\x00\x01")  # the first octets of a ClientHello
        await until(lambda: door.tally.connections == 1)
        linger = client.writer.get_extra_info("socket")
        linger.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, not an end
        client.writer.transport.abort()
        await until(lambda: door.tally.connections == 0)
        await until(lambda: not door.listener._door.connections)
