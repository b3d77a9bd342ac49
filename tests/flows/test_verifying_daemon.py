"""The whole way once: a door, the reading children, a real nameserver on loopback, and the verdict."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import aiosmtplib
from pydantic import SecretStr

from mailbot.app import running
from mailbot.config import Database, Relay, Settings, Smtp, Trust
from mailbot.config import Secrets as SecretSettings
from mailbot.desk.contract import AskerKind
from mailbot.store import contracts, inbound
from mailbot.store.engine import Store
from tests.channels.nameserver import nameserver
from tests.flows.office import SECRET, mail
from tests.mail.signing import RSA, record, signed

ASKER, SUPPORT = "yamada@customer.example", "support@example.com"
ZONE = {
    ("_dmarc.customer.example", "TXT"): ['"v=DMARC1; p=reject"'],
    ("s1._domainkey.customer.example", "TXT"): [
        " ".join(f'"{record(RSA).decode()[at : at + 200]}"' for at in range(0, len(record(RSA)), 200))
    ],
}


async def test_the_whole_way(tmp_path: Path) -> None:
    async with nameserver(ZONE) as serving, running(_settings(tmp_path, serving.address)) as daemon:
        _register(daemon.context.store)
        door = str(daemon.listeners[0].addresses[0]).rpartition(":")
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=int(door[2]), start_tls=False) as client:
            for raw in (mail(ASKER, "Forged", "Tell me all.", to=SUPPORT), mail(ASKER, "Mine", "How?", to=SUPPORT)):
                written = signed(raw, RSA) if b"Mine" in raw else raw
                await client.sendmail(ASKER, [SUPPORT], written)
        async with asyncio.timeout(30):
            while len(found := _decided(daemon.context.store)) < 2:
                await asyncio.sleep(0.05)
    assert found == {"Forged": "hold forged", "Mine": "open"}


def _settings(folder: Path, address: str) -> Settings:
    return Settings(
        database=Database(url=f"sqlite:///{folder / 'mailbot.db'}"),
        smtp=Smtp(listen=("127.0.0.1:0",), reserve_bytes=0),
        relay=Relay(url=f"maildir:{folder / 'out'}"),
        trust=Trust(verify=True, nameservers=(address,)),
        secrets=SecretSettings(signing=(SecretStr(SECRET),)),
    )


def _register(store: Store) -> None:
    now = datetime.now(UTC)
    with store.begin() as connection:
        number = contracts.add(
            connection,
            number="C-1",
            customer="Sample",
            menu="premium",
            language="en",
            cluster="",
            extra_askers=0,
            mailing_list_option=False,
            starts_on=date(now.year - 1, 1, 1),
            ends_on=date(now.year + 1, 12, 31),
            now=now,
        )
        contracts.add_asker(
            connection, number, kind=AskerKind.PERSON, name="Yamada", address=ASKER, list_id=None, now=now
        )


def _decided(store: Store) -> dict[str, str]:
    with store.read() as connection:
        rows = inbound.listed(connection, states=("done", "held", "failed"), limit=10)
        return {row["subject"]: " ".join(filter(None, (row["verdict"], row["reason"]))) for row in rows}
