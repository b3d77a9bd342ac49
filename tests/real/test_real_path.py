"""The whole way, over real servers: Postfix → LMTP → mailbot → Postfix → Dovecot, read back by IMAP."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import Header
from email.message import EmailMessage
from pathlib import Path

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pydantic import SecretStr

from mailbot import app
from mailbot.config import Addresses, Database, Dkim, Lmtp, Secrets, Settings, Smtp
from mailbot.config import Desk as DeskSettings
from mailbot.config import Relay as RelaySettings
from tests.flows.office import SECRET, Office
from tests.real.servers import Dovecot, Postfix, free_port, need, start_dovecot, start_postfix

pytestmark = pytest.mark.real

YAMADA, ANN, ITO = "yamada@customer.example", "ann@customer.example", "ito@customer.example"
BOB, CARL = "bob@customer.example", "carl@customer.example"
SATO, ENDO, FUJI, GONE = (f"{name}@staff.example" for name in ("sato", "endo", "fuji", "gone"))
SUPPORT = "support@desk.example"
KEY = rsa.generate_private_key(65537, 2048)
BOUND_SECONDS = 30.0


@dataclass(frozen=True)
class World:
    """The servers around the desk, and the desk itself."""

    postfix: Postfix
    dovecot: Dovecot
    office: Office

    async def write(self, sender: str, raw: bytes) -> None:
        await asyncio.to_thread(self.postfix.send, sender, [SUPPORT], raw)

    async def letters(self, user: str, count: int) -> list[tuple[bytes, EmailMessage]]:
        """What the user finds in the mailbox, raw and parsed, once there are so many."""
        raws = await asyncio.to_thread(self.dovecot.wait_for, user, count)
        return [(raw, message_from_bytes(raw, policy=policy.default)) for raw in raws]


@dataclass(frozen=True)
class Servers:
    """What stands around every desk of this module, and where the desk is looked for."""

    postfix: Postfix
    dovecot: Dovecot
    lmtp_port: int


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """One pair for all, because they take seconds to start and to stop; each test has users of its own."""
    need("postfix", "dovecot")
    lmtp_port = free_port()
    with start_dovecot(users=[YAMADA, ANN, ITO, BOB, CARL, SATO, ENDO, FUJI]) as dovecot:
        to_dovecot = f"lmtp:inet:127.0.0.1:{dovecot.lmtp_port}"
        domains = {
            "desk.example": f"lmtp:inet:127.0.0.1:{lmtp_port}",
            "customer.example": to_dovecot,
            "staff.example": to_dovecot,
        }
        with start_postfix(domains=domains) as postfix:
            yield Servers(postfix, dovecot, lmtp_port)


@asynccontextmanager
async def world(servers: Servers, folder: Path, *, staff: Sequence[str]) -> AsyncIterator[World]:
    async with app.running(_settings(folder, servers.postfix.port, servers.lmtp_port)) as daemon:
        office = Office(daemon.context)
        contract = office.contract("C-001", language="ja")
        for name, address in (("山田 太郎", YAMADA), ("Ann", ANN), ("伊藤", ITO), ("Bob", BOB), ("Carl", CARL)):
            office.asker(contract, name, address)
        for address in staff:
            office.staff("Staff", address)
        yield World(servers.postfix, servers.dovecot, office)


def _settings(folder: Path, smtp_port: int, lmtp_port: int) -> Settings:
    key = folder / "dkim.pem"
    key.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key.chmod(0o600)
    others = ("staff", "news", "registry", "knowledge", "bounce")
    return Settings(
        desk=DeskSettings(name="サポート窓口", address=SUPPORT),
        database=Database(url=f"sqlite:///{folder / 'mailbot.db'}"),
        addresses=Addresses(support=SUPPORT, **{each: f"{each}@desk.example" for each in others}),
        smtp=Smtp(listen=(), hostname="desk.example", reserve_bytes=0),
        lmtp=Lmtp(listen=(f"127.0.0.1:{lmtp_port}",)),
        relay=RelaySettings(
            url=f"smtp://127.0.0.1:{smtp_port}", dkim=Dkim(selector="s1", domain="desk.example", key_file=key)
        ),
        secrets=Secrets(signing=(SecretStr(SECRET),)),
    )


def question(sender: str, subject: str, text: str, charset: str, message_id: str) -> bytes:
    """A customer's mail in a charset of theirs."""
    shown = subject if subject.isascii() else Header(subject, charset).encode()
    encoding = "8bit" if charset == "utf-8" else "7bit"
    head = (
        f"From: <{sender}>\r\nTo: {SUPPORT}\r\nSubject: {shown}\r\nMessage-ID: <{message_id}>\r\n"
        "Date: Wed, 1 Apr 2026 12:00:00 +0900\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode("ascii") + text.replace("\n", "\r\n").encode(charset)


def signed_by_us(raw: bytes) -> bool:
    public = base64.b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"s1._domainkey.desk.example."
        return b"v=DKIM1; k=rsa; p=" + public

    return bool(dkimpy.verify(raw, dnsfunc=dns))


QUESTIONS = [
    (YAMADA, "フェイルオーバーについて", "pgpool-II 4.5 のフェイルオーバーについて教えてください。\n", "iso-2022-jp"),
    (ITO, "髙橋の件①", "pgpool-II 4.5 の設定①を教えてください。\n", "utf-8"),
    (ANN, "Watchdog", "How do we configure the watchdog of pgpool-II 4.5?\n", "us-ascii"),
]


async def test_questions_and_their_acknowledgements(servers: Servers, tmp_path: Path) -> None:
    async with world(servers, tmp_path, staff=[SATO]) as around:
        for number, (sender, subject, text, charset) in enumerate(QUESTIONS):
            raw = question(sender, subject, text, charset, f"q{number}@customer.example")
            await around.write(sender, raw)
        staff = await around.letters(SATO, len(QUESTIONS))
        for number, (sender, subject, _, _) in enumerate(QUESTIONS):
            ((raw, letter),) = await around.letters(sender, 1)
            row = next(each for each in around.office.incidents() if each["asker"] == sender)
            assert letter["Subject"] == f"Re: [{row['number']}] {subject}"
            assert letter["From"].addresses[0].addr_spec == SUPPORT
            assert letter["From"].addresses[0].display_name == "サポート窓口"
            assert letter["In-Reply-To"] == letter["References"] == f"<q{number}@customer.example>"
            assert letter["Auto-Submitted"] == "auto-replied"
            assert letter["Return-Path"] == "<>"
            assert str(letter["Reply-To"].addresses[0].addr_spec).startswith("support+")
            assert row["number"] in letter.get_content()
            assert subject in letter.get_content()
            assert signed_by_us(raw)
    assert all(signed_by_us(raw) for raw, _ in staff)
    said = "".join(letter.get_content() for _, letter in staff)
    assert all(text.strip() in said for _, _, text, _ in QUESTIONS)


async def test_an_answer_comes_back_by_the_reply_address(servers: Servers, tmp_path: Path) -> None:
    async with world(servers, tmp_path, staff=[ENDO]) as around:
        await around.write(BOB, question(BOB, "Watchdog", "How?\n", "us-ascii", "q@customer.example"))
        ((_, letter),) = await around.letters(BOB, 1)
        reply_to = letter["Reply-To"].addresses[0].addr_spec
        answer = question(BOB, "other words", "More.\n", "us-ascii", "a@customer.example")
        await asyncio.to_thread(around.postfix.send, BOB, [reply_to], answer)
        await around.letters(ENDO, 2)
        (incident,) = around.office.incidents()
        assert incident["messages"] == 2
        assert len(around.dovecot.mails(BOB)) == 1


async def test_a_report_of_the_real_postfix_is_a_bounce(servers: Servers, tmp_path: Path) -> None:
    async with world(servers, tmp_path, staff=[GONE, FUJI]) as around:
        await around.write(CARL, question(CARL, "Watchdog", "How?\n", "us-ascii", "q@customer.example"))
        await around.letters(CARL, 1)
        async with asyncio.timeout(BOUND_SECONDS):
            while not (reports := [row for row in around.office.inbound() if row["verdict"] == "bounce"]):
                await asyncio.sleep(0.02)
        assert reports[0]["sender"] == ""
        assert reports[0]["recipients"] == "bounce@desk.example"
        assert len(around.office.incidents()) == 1
        (evidence,) = around.office.inbound(reports[0]["id"])
        assert any(GONE in saw for _, saw in evidence["evidence"])
