"""A list asker over a real Mailman 3 (S8): member → Mailman → mailbot → Mailman → members, with Postfix between them.

The acknowledgement reaches the members once, through the list, and nothing that Mailman does with it is answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import SecretStr

from mailbot import app
from mailbot.config import Addresses, Database, Lmtp, Secrets, Settings, Smtp
from mailbot.config import Desk as DeskSettings
from mailbot.config import Relay as RelaySettings
from mailbot.store import incidents
from tests.flows.office import SECRET, Office, mail
from tests.real.mailman import Mailman, start_mailman
from tests.real.servers import Dovecot, Postfix, free_port, need, start_dovecot, start_postfix, wait_until

pytestmark = pytest.mark.real

SUPPORT, SATO = "support@desk.example", "sato@staff.example"
HOST = "lists.customer.example"

# A list and a member for each test. `answers` rewrites From for DMARC, and Mailman's robot answers each post.
LISTS = {
    "plain": {},
    "answers": {
        "settings": {
            "dmarc_mitigate_action": "munge_from",
            "dmarc_mitigate_unconditionally": True,
            "subject_prefix": "",
            "autorespond_postings": "respond_and_continue",
            "autoresponse_postings_text": "Thank you for your post.",
            "autoresponse_grace_period": "every time",
        }
    },
    "munged": {
        "settings": {
            "dmarc_mitigate_action": "munge_from",
            "dmarc_mitigate_unconditionally": True,
            "reply_goes_to_list": "point_to_list",
        }
    },
    "moderated": {"moderated": [SUPPORT], "settings": {"admin_immed_notify": False}},
}


@dataclass(frozen=True)
class World:
    """The servers around the desk, and the desk itself."""

    postfix: Postfix
    dovecot: Dovecot
    mailman: Mailman
    lmtp_port: int


@pytest.fixture(scope="module")
def servers() -> Iterator[World]:
    need("postfix", "dovecot")
    ours, theirs, smtp = free_port(), free_port(), free_port()
    lists = {
        f"{name}@{HOST}": {**wanted, "members": {_member(name): "高橋", SUPPORT: "Support"}}
        for name, wanted in LISTS.items()
    }
    with start_dovecot(users=[*map(_member, LISTS), SATO]) as dovecot:
        to_dovecot = f"lmtp:inet:127.0.0.1:{dovecot.lmtp_port}"
        domains = {
            "desk.example": f"lmtp:inet:127.0.0.1:{ours}",
            HOST: f"lmtp:inet:127.0.0.1:{theirs}",
            "customer.example": to_dovecot,
            "staff.example": to_dovecot,
        }
        with (
            start_postfix(domains=domains, port=smtp) as postfix,
            start_mailman(lists=lists, smtp_port=smtp, lmtp_port=theirs) as mailman,
        ):
            yield World(postfix, dovecot, mailman, ours)


def _member(name: str) -> str:
    return f"{name}-takahashi@customer.example"


@dataclass(frozen=True)
class Correspondence:
    """One list, its member, and the desk."""

    world: World
    office: Office
    name: str

    @property
    def address(self) -> str:
        return f"{self.name}@{HOST}"

    async def post(self, subject: str, text: str, *fields: str, message_id: str) -> None:
        member = _member(self.name)
        raw = mail(f"=?utf-8?b?6auY5qmL?= <{member}>", subject, text, *fields, to=self.address, message_id=message_id)
        await asyncio.to_thread(self.world.postfix.send, member, [self.address], raw)

    async def found(self, count: int) -> list[EmailMessage]:
        """What the member finds in the mailbox, once there are so many."""
        raws = await asyncio.to_thread(self.world.dovecot.wait_for, _member(self.name), count)
        return [message_from_bytes(raw, policy=policy.default) for raw in raws]

    async def taken(self, count: int) -> list[dict[str, object]]:
        """What the desk made of its mails, oldest first, once there are so many and all is at rest."""
        await asyncio.to_thread(
            wait_until,
            lambda: len(self._rows()) >= count and self._rests(),
            lambda: f"{self._rows()}\n{self.world.mailman.log[-3000:]}\n{self.world.postfix.queue()}",
        )
        assert self.world.mailman.failed == []
        return self._rows()

    def _rows(self) -> list[dict[str, object]]:
        return [row for row in reversed(self.office.inbound()) if row["state"] != "new"]

    def _rests(self) -> bool:
        waiting = [row for row in self.office.outbox() if row["state"] != "sent"]
        return not waiting and self.world.mailman.rests and "is empty" in self.world.postfix.queue()


@asynccontextmanager
async def correspondence(world: World, folder: Path, name: str) -> AsyncIterator[Correspondence]:
    others = ("staff", "news", "registry", "knowledge", "bounce")
    settings = Settings(
        desk=DeskSettings(name="サポート窓口", address=SUPPORT),
        database=Database(url=f"sqlite:///{folder / 'mailbot.db'}"),
        addresses=Addresses(support=SUPPORT, **{each: f"{each}@desk.example" for each in others}),
        smtp=Smtp(listen=(), hostname="desk.example", reserve_bytes=0),
        lmtp=Lmtp(listen=(f"127.0.0.1:{world.lmtp_port}",)),
        relay=RelaySettings(url=f"smtp://127.0.0.1:{world.postfix.port}"),
        secrets=Secrets(signing=(SecretStr(SECRET),)),
    )
    async with app.running(settings) as daemon:
        office = Office(daemon.context)
        office.asker(office.contract("C-001"), "DB チーム", f"{name}@{HOST}", list_id=f"{name}.{HOST}")
        office.staff("Sato", SATO)
        yield Correspondence(world, office, name)


async def test_a_post_is_acknowledged_once_and_the_echo_ignored(servers: World, tmp_path: Path) -> None:
    async with correspondence(servers, tmp_path, "plain") as here:
        await here.post("Failover", "How does pgpool-II 4.5 fail over?", message_id="<q1@customer.example>")
        question, echo = await here.taken(2)
        assert (question["verdict"], question["sender"]) == ("open", f"plain-bounces@{HOST}")
        assert (echo["verdict"], echo["reason"]) == ("ignore", "own-mail")
        own, acknowledgement = await here.found(2)
        assert own["Message-ID"] == "<q1@customer.example>"
        assert acknowledgement["In-Reply-To"] == "<q1@customer.example>"
        assert acknowledgement["List-Id"].endswith(f"<plain.{HOST}>")
        assert acknowledgement["Auto-Submitted"] == "auto-replied"
        assert acknowledgement["Precedence"] == "list"
        assert acknowledgement["Reply-To"].addresses[0].addr_spec == here.address
        assert "Dear members of DB チーム" in acknowledgement.get_content()

        # A member answers as a mail program does: to Reply-To, and so through the list again.
        fields = (f"In-Reply-To: {acknowledgement['Message-ID']}",)
        await here.post("Re: something else", "More of it.", *fields, message_id="<a1@customer.example>")
        assert [row["verdict"] for row in await here.taken(3)] == ["open", "ignore", "append"]
        (incident,) = here.office.incidents()
        assert incident["messages"] == 2
        assert len(await here.found(3)) == 3  # nothing but the member's own answer was handed out


async def test_behind_a_rewritten_author_and_a_robot_that_answers_every_post(servers: World, tmp_path: Path) -> None:
    async with correspondence(servers, tmp_path, "answers") as here:
        await here.post("Failover", "How does pgpool-II 4.5 fail over?", message_id="<q2@customer.example>")
        question, echo = await here.taken(2)
        assert (question["verdict"], question["from_address"]) == ("open", here.address)
        assert (echo["verdict"], echo["reason"]) == ("ignore", "own-mail")
        assert _authors(here.office) == [("高橋", _member("answers"))]
        subjects = [str(letter["Subject"]) for letter in await here.found(3)]
        assert sum(subject.startswith("Auto-response") for subject in subjects) == 1  # for the member's post, not ours
        assert sum("[INC-" in subject for subject in subjects) == 1


async def test_the_author_behind_a_list_that_answers_go_to(servers: World, tmp_path: Path) -> None:
    async with correspondence(servers, tmp_path, "munged") as here:
        copied = "Cc: Boss <boss@elsewhere.example>"
        await here.post("Failover", "How does pgpool-II fail over?", copied, message_id="<q3@customer.example>")
        assert [row["verdict"] for row in await here.taken(2)] == ["open", "ignore"]
        assert _authors(here.office) == [("高橋", _member("munged"))]


async def test_a_list_that_keeps_our_mail_back_does_not_write_to_us(servers: World, tmp_path: Path) -> None:
    """The customer has us moderated. Mailman tells its own moderators; to mail that is marked it answers nothing."""
    async with correspondence(servers, tmp_path, "moderated") as here:
        await here.post("Failover", "How does pgpool-II 4.5 fail over?", message_id="<q4@customer.example>")
        await asyncio.to_thread(wait_until, lambda: "HOLD: moderated@" in servers.mailman.log, lambda: "not held")
        (question,) = await here.taken(1)
        assert question["verdict"] == "open"
        (own,) = await here.found(1)
        assert own["Message-ID"] == "<q4@customer.example>"


def _authors(office: Office) -> list[tuple[str, str]]:
    with office.context.store.read() as connection:
        (row,) = office.incidents()
        said = incidents.conversation(connection, row["id"])
    return [(each["author_name"], each["author_address"]) for each in said]
