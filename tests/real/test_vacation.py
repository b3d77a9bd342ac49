"""The vacation of a real Dovecot (RFC 5230): it does not answer us, and where it does, we do not answer it (T11)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from mailbot import app
from mailbot.config import Addresses, Database, Lmtp, Secrets, Settings, Smtp
from mailbot.config import Desk as DeskSettings
from mailbot.config import Relay as RelaySettings
from tests.flows.office import SECRET, Office, mail
from tests.real.servers import Dovecot, Postfix, free_port, need, start_dovecot, start_postfix, wait_until

pytestmark = pytest.mark.real

SUPPORT, SATO = "support@desk.example", "sato@staff.example"
VACATIONS = {
    "once a day": 'vacation :days 1 "I am on the beach.";',
    "every time": 'vacation :days 0 "I am on the beach.";',
    "with a handle": 'vacation :days 0 :handle "beach" :subject "Beach" "I am on the beach.";',
    "from another address": 'vacation :days 0 :from "bot@customer.example" :subject "Re: Question" "On the beach.";',
}


@dataclass(frozen=True)
class Servers:
    """What stands around the desk, and where it is looked for."""

    postfix: Postfix
    dovecot: Dovecot
    lmtp_port: int


def _asker(kind: str) -> str:
    return f"{kind.replace(' ', '-')}@customer.example"


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    need("postfix", "dovecot", "sievec")
    ours, smtp = free_port(), free_port()
    scripts = {_asker(kind): f'require ["vacation"];\n{script}\n' for kind, script in VACATIONS.items()}
    with start_dovecot(users=[*scripts, SATO], scripts=scripts, submission_port=smtp) as dovecot:
        to_dovecot = f"lmtp:inet:127.0.0.1:{dovecot.lmtp_port}"
        domains = {
            "desk.example": f"lmtp:inet:127.0.0.1:{ours}",
            "customer.example": to_dovecot,
            "staff.example": to_dovecot,
        }
        with start_postfix(domains=domains, port=smtp) as postfix:
            yield Servers(postfix, dovecot, ours)


def _settings(servers: Servers, folder: Path) -> Settings:
    others = ("staff", "news", "registry", "knowledge", "bounce")
    return Settings(
        desk=DeskSettings(name="Support Desk", address=SUPPORT),
        database=Database(url=f"sqlite:///{folder / 'mailbot.db'}"),
        addresses=Addresses(support=SUPPORT, **{each: f"{each}@desk.example" for each in others}),
        smtp=Smtp(listen=(), hostname="desk.example", reserve_bytes=0),
        lmtp=Lmtp(listen=(f"127.0.0.1:{servers.lmtp_port}",)),
        relay=RelaySettings(url=f"smtp://127.0.0.1:{servers.postfix.port}"),
        secrets=Secrets(signing=(SecretStr(SECRET),)),
    )


@pytest.mark.parametrize("kind", VACATIONS)
async def test_neither_answers_the_other(servers: Servers, tmp_path: Path, kind: str) -> None:
    asker = _asker(kind)
    async with app.running(_settings(servers, tmp_path)) as daemon:
        office = Office(daemon.context)
        office.asker(office.contract("C-001", language="en"), "Ann", asker)
        office.staff("Sato", SATO)

        # Dovecot takes our acknowledgement and keeps silent: it has no return path and says that a machine wrote it.
        question = mail(asker, "Question", "How does pgpool-II 4.5 fail over?", message_id="<q@customer.example>")
        servers.postfix.send(asker, [SUPPORT], question)
        (acknowledgement,) = await asyncio.to_thread(servers.dovecot.wait_for, asker, 1)
        await asyncio.to_thread(_rest, servers, office, 1)
        assert [row["verdict"] for row in office.inbound()] == ["open"]

        # The same without our marks, as a person's mail or a bad gateway would bring it: Dovecot answers, we do not.
        for time in range(3):
            bare = mail(
                SUPPORT, f"Hello {time}", "A word from a person.", to=asker, message_id=f"<{time}@desk.example>"
            )
            servers.postfix.send(SUPPORT, [asker], bare)
            await asyncio.to_thread(servers.dovecot.wait_for, asker, 2 + time)
        answered = 1 if kind == "once a day" else 3
        await asyncio.to_thread(_rest, servers, office, 1 + answered)
        rows = [(row["verdict"], row["reason"]) for row in reversed(office.inbound())]
        assert rows == [("open", None), *[("ignore", "automatic")] * answered]
        assert len(office.incidents()) == 1
        assert [letter["kind"] for letter in office.outbox() if letter["to"] == asker] == ["acknowledgement"]
        assert acknowledgement.count(b"Auto-Submitted: auto-replied") == 1


def _rest(servers: Servers, office: Office, count: int) -> None:
    """Wait until so many mails came in and nothing is on its way."""
    wait_until(lambda: _decided(office) >= count and _at_rest(servers, office), lambda: servers.dovecot.log)


def _decided(office: Office) -> int:
    return sum(row["state"] != "new" for row in office.inbound())


def _at_rest(servers: Servers, office: Office) -> bool:
    return all(letter["state"] == "sent" for letter in office.outbox()) and "is empty" in servers.postfix.queue()
