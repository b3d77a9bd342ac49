"""What does a stranger learn? Nothing: not from SMTP, not from later mail, not from how long it takes (S28, T10)."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import select

from mailbot.app import Directory
from mailbot.errors import RelayError
from mailbot.mail.token import Token, mint, reply_address, signing_keys
from mailbot.store import contracts, participants
from mailbot.store.outbox import Claimed
from mailbot.store.schema import outbox
from mailbot.workers.intake import Intake
from tests.channels.doors import Client, Shelf, open_door
from tests.flows.office import AUTHSERV_ID, NOON, SECRET, SUPPORT, Office, mail, open_office

ASKER, SATO, GINA = "yamada@customer.example", "sato@desk.example", "gina@gmail.com"
STRANGERS = {
    "of an unknown domain": "eve@elsewhere.example",
    "of a customer's domain": "eve@customer.example",
    "of a provider that a customer uses": "eve@gmail.com",
    "of a provider that no customer uses": "eve@outlook.com",
    "a contact": "keiyaku@customer.example",
    "of the domain of a contract that has ended": "eve@former.example",
    "of staff's domain": "eve@desk.example",
    "in Cc of an incident": "guest@guests.example",
}


def settle(office: Office) -> None:
    """A desk with customers; a desk that knows nobody is the same without this."""
    contract = office.contract("C-001", language="en")
    office.asker(contract, "Yamada", ASKER)
    office.asker(office.contract("C-002"), "Gina", GINA)
    former = office.contract("C-003", starts_on=NOON.date().replace(year=2024), ends_on=NOON.date().replace(year=2025))
    office.asker(former, "Former", "former@former.example")
    with office.context.store.begin() as connection:
        contracts.add_contact(connection, contract, name="K", address=STRANGERS["a contact"])
    raw = mail(ASKER, "Question", "How?", "Cc: guest@guests.example", message_id="<q@customer.example>")
    office.take_in(raw, sender=ASKER)
    office.work()
    office.sent.clear()


@contextmanager
def desk(folder: Path, *, customers: bool, strangers: Literal["hold", "ignore"] = "hold") -> Iterator[Office]:
    with open_office(folder) as office:
        office.staff("Sato", SATO)
        if customers:
            settle(office)
        office.context = replace(office.context, policy=replace(office.context.policy, strangers=strangers))
        yield office


def own_token(secret: str = SECRET, incident: int = 1) -> str:
    return reply_address(SUPPORT, mint(signing_keys([secret]), Token("reply", incident, 0, None)))


# --- What the door says ---------------------------------------------------------------------------------------------


class Shelves(Shelf):
    """The real intake behind a real door: a 250 means that it is in the database."""

    def __init__(self, office: Office, writer: ThreadPoolExecutor) -> None:
        super().__init__()
        self._intake = Intake(office.context, writer, lambda: office.now, on_kept=lambda: None)

    async def keep(self, raw: bytes, envelope: object) -> None:
        await self._intake.keep(raw, envelope)  # type: ignore[arg-type]


@asynccontextmanager
async def door_of(office: Office) -> AsyncIterator[Client]:
    with ThreadPoolExecutor(1) as writer:
        shelf, directory = Shelves(office, writer), Directory(office.context.addresses)
        async with open_door(shelf=shelf, directory=directory) as door:  # type: ignore[arg-type]
            yield await door.connect()


async def conversation(client: Client, sender: str, number: int) -> list[str]:
    """All that a prober can ask, and every word that comes back."""
    local, _, domain = sender.partition("@")
    said = [await client.say("EHLO probe.example")]
    for command in (
        f"VRFY {sender}",
        f"VRFY {ASKER}",
        f"EXPN {local}",
        f"MAIL FROM:<{sender}>",
        f"RCPT TO:<{sender}>",
        f"RCPT TO:<{ASKER}>",
        f"RCPT TO:<C-001@{SUPPORT.partition('@')[2]}>",
        f"RCPT TO:<support+C-001@{SUPPORT.partition('@')[2]}>",
        f"RCPT TO:<support+{domain}@{SUPPORT.partition('@')[2]}>",
        f"RCPT TO:<{own_token('f' * 64)}>",
        f"RCPT TO:<{own_token(incident=1)}>",  # signed by us: whether there is such an incident, nobody hears
        f"RCPT TO:<{own_token(incident=4711)}>",
        f"RCPT TO:<{SUPPORT}>",
        "DATA",
    ):
        said.append(await client.say(command))
    raw = mail(sender, "Question about C-001", f"Is {ASKER} a customer? {number}", message_id=f"<{number}@{domain}>")
    said.append(await client.say(raw.decode() + "\r\n."))
    said.append(await client.say("RSET"))
    return said


async def test_the_door_says_the_same_to_everybody(tmp_path: Path) -> None:
    """Byte for byte: for every sender, and whether or not the desk has any customer."""
    heard: dict[str, list[str]] = {}
    for customers in (True, False):
        with desk(tmp_path / str(customers), customers=customers) as office:
            async with door_of(office) as client:
                for number, (who, sender) in enumerate({**STRANGERS, "an asker": ASKER, "staff": SATO}.items()):
                    heard[f"{who}, {'' if customers else 'no '}customers"] = await conversation(client, sender, number)
    first = next(iter(heard.values()))
    assert first[-2].startswith("250"), "nothing was taken in"
    assert {who for who, said in heard.items() if said != first} == set()


async def test_a_null_sender_hears_the_same(tmp_path: Path) -> None:
    with desk(tmp_path, customers=True) as office:
        async with door_of(office) as client:
            await client.say("EHLO probe.example")
            said = []
            for recipient in (own_token(), own_token(incident=4711), SUPPORT):
                assert (await client.say("MAIL FROM:<>")).startswith("250")
                said.append(await client.say(f"RCPT TO:<{recipient}>"))
                await client.say("RSET")
            assert len(set(said)) == 1


# --- How long it takes ----------------------------------------------------------------------------------------------

SAMPLES = 120
SIGMAS = 4.5
"""Of two kinds that are timed in turn, neither may be the slower one in so many pairs that chance would do it once in
300,000 runs: with 120 pairs, in more than 84 of them."""
DECISION_BOUND = 0.002
"""Seconds. What is decided after the 250 can be felt only by the next mail's 250; the ways to find out whether an
address is known take one or two look-ups more. That is less than one commit to the disk takes, and varies."""


def imbalance(pairs: list[tuple[float, float]]) -> float:
    """By how many standard deviations more often the first of a pair was the slower one (sign test)."""
    slower = sum(one > other for one, other in pairs)
    return abs(slower - len(pairs) / 2) / (len(pairs) ** 0.5 / 2)


@pytest.mark.timeout(300)
async def test_the_door_takes_as_long_for_everybody(tmp_path: Path) -> None:
    """Whether the sender's domain is a customer's: from MAIL to the 250 after the mail, in turn, first and last."""
    pairs = []
    with desk(tmp_path, customers=True) as office:
        async with door_of(office) as client:
            await client.say("EHLO probe.example")
            for number in range(SAMPLES):
                kinds = ["eve@customer.example", "eve@nobodys1.example"]
                took = {}
                for sender in kinds if number % 2 else reversed(kinds):
                    raw = mail(sender, "Question", f"Who are you? {number}", message_id=f"<{number}@{sender[4:]}>")
                    await asyncio.sleep(0)
                    began = time.perf_counter()
                    await client.say(f"MAIL FROM:<{sender}>")
                    await client.say(f"RCPT TO:<{SUPPORT}>")
                    await client.say("DATA")
                    assert (await client.say(raw.decode() + "\r\n.")).startswith("250")
                    took[sender] = time.perf_counter() - began
                pairs.append((took[kinds[0]], took[kinds[1]]))
    assert imbalance(pairs) < SIGMAS


@pytest.mark.timeout(300)
def test_deciding_takes_as_long_for_everybody(tmp_path: Path) -> None:
    took: dict[str, list[float]] = {who: [] for who in STRANGERS}
    with desk(tmp_path, customers=True) as office:
        for number in range(SAMPLES // 2):
            kinds = list(STRANGERS.items())
            for who, sender in kinds if number % 2 else reversed(kinds):
                host = sender.partition("@")[2]
                raw = mail(sender, "Question", f"Who are you? {number}", message_id=f"<{number}@{host}>")
                assert office.take_in(raw, sender=sender) is not None
                began = time.thread_time()  # what the machine does besides is not ours to measure
                office.decide()
                took[who].append(time.thread_time() - began)
    medians = {who: statistics.median(times) for who, times in took.items()}
    assert max(medians.values()) - min(medians.values()) < DECISION_BOUND, medians


# --- What comes later -----------------------------------------------------------------------------------------------


def strangers_mails(office: Office) -> Iterator[tuple[bytes, str, str]]:
    """Whatever they write, and to which of our addresses: the bytes, the envelope's sender and recipient."""
    with office.context.store.read() as connection:
        letter = connection.execute(select(outbox.c.message_id).where(outbox.c.kind == "acknowledgement")).scalar_one()
    for number, sender in enumerate(STRANGERS.values()):
        host = sender.partition("@")[2]
        for place, (to, fields) in enumerate(
            (
                (SUPPORT, ()),
                (own_token(), ()),
                (own_token(incident=4711), ()),
                (SUPPORT, ("In-Reply-To: <unknown@desk.example>",)),
                (SUPPORT, (f"In-Reply-To: <{letter}>",)),
                (SUPPORT, (f"Reply-To: {ASKER}", f"Sender: {ASKER}")),
                (SUPPORT, ("Disposition-Notification-To: eve@elsewhere.example", "Return-Receipt-To: eve@x.example")),
                ("registry@desk.example", ()),
                ("knowledge@desk.example", ()),
                ("news@desk.example", ()),
                ("staff@desk.example", ()),
                ("bounce@desk.example", ()),
                ("postmaster@desk.example", ()),
            )
        ):
            subject = ("Question", "[INC-2026-000001] Question", "Re: Question")[place % 3]
            mid = f"<{number}.{place}@{host}>"
            yield (
                mail(sender, subject, f"release 1\nlet them in\nCan I ask? {mid}", *fields, message_id=mid),
                sender,
                to,
            )


@pytest.mark.parametrize("strangers", ["hold", "ignore"])
def test_nothing_ever_comes_back(tmp_path: Path, strangers: Literal["hold", "ignore"]) -> None:
    """The one letter outside asks the incident's own asker whether the one whom he had in Cc may join; and a contract
    contact may ask for changes, and so is no stranger at that address.
    """
    with desk(tmp_path, customers=True, strangers=strangers) as office:
        for raw, sender, to in strangers_mails(office):
            assert office.take_in(raw, sender=sender, recipients=[to]) is not None
            office.work()
        outside = {(letter.kind, letter.recipient) for letter in office.sent if letter.recipient != SATO}
        assert outside <= {("joining", ASKER), ("change-form", "keiyaku@customer.example")}
        assert {row["verdict"] for row in office.inbound()[:-1]} <= {"hold", "ignore", "change"}
        assert len(office.incidents()) == 1


def test_a_stranger_with_a_right_reply_address_is_never_thrown_away(tmp_path: Path) -> None:
    """He cannot be told, but somebody gave him a letter of ours: a person looks, whatever the policy."""
    with desk(tmp_path, customers=True, strangers="ignore") as office:
        raw = mail("eve@elsewhere.example", "Question", "I got this from Yamada.", message_id="<1@elsewhere.example>")
        office.take_in(raw, sender="eve@elsewhere.example", recipients=[own_token()])
        office.work()
        assert office.inbound()[0]["reason"] == "stranger"
        assert office.inbound()[0]["state"] == "held"


def test_no_report_of_what_could_not_be_sent_reaches_a_stranger(tmp_path: Path) -> None:
    """Every letter is refused by the relay: staff are told, and nobody else."""

    def refuses(letter: Claimed) -> str | RelayError:
        return "250 ok" if letter.audience == "staff" else RelayError("550 5.1.1 no such user", permanent=True)

    with desk(tmp_path, customers=True) as office:
        office.relay = refuses
        for raw, sender, to in strangers_mails(office):
            office.take_in(raw, sender=sender, recipients=[to])
        office.take_in(mail(ASKER, "Another", "Why?", message_id="<2@customer.example>"), sender=ASKER)
        office.work()
        assert {letter.recipient for letter in office.sent} == {SATO}


# --- Forgery --------------------------------------------------------------------------------------------------------

FROM = f"From: Yamada <{ASKER}>"
EVE = "From: Eve <eve@elsewhere.example>"
TRICKS: dict[str, tuple[str, ...]] = {
    "as it is": (FROM,),
    "with a right reply address": (FROM, f"To: {own_token()}"),
    "with Reply-To": (FROM, "Reply-To: eve@elsewhere.example"),
    "with Sender": (FROM, f"Sender: {ASKER}"),
    "with Resent-From": (FROM, f"Resent-From: {ASKER}"),
    "with another's A-R": (FROM, f"Authentication-Results: mx.evil.example; dmarc=pass header.from={ASKER[7:]}"),
    "with our A-R, but below": (
        FROM,
        f"Authentication-Results: {AUTHSERV_ID}; dmarc=pass header.from=customer.example",
    ),
    "with A-R in capitals": (FROM, f"AUTHENTICATION-RESULTS: {AUTHSERV_ID.upper()}; dmarc=pass"),
    "with ARC": (FROM, f"ARC-Authentication-Results: i=1; {AUTHSERV_ID}; dmarc=pass header.from=customer.example"),
    "with a signature": (FROM, "DKIM-Signature: v=1; a=rsa-sha256; d=customer.example; s=x; b=AAAA"),
    "with a return path": (FROM, f"Return-Path: <{ASKER}>"),
    "with a list's fields": (FROM, "List-Id: <db.lists.customer.example>", "List-Post: <mailto:db@lists.example>"),
    "as staff": (f"From: {SATO}",),
}
OTHERS: dict[str, tuple[str, ...]] = {
    "the address as name": (f"From: {ASKER} <eve@elsewhere.example>",),
    "the address as quoted name": (f'From: "{ASKER}" <eve@elsewhere.example>',),
    "the address as encoded name": ("From: =?utf-8?q?yamada=40customer=2Eexample?= <eve@elsewhere.example>",),
    "in a comment": (f"From: eve@elsewhere.example ({ASKER})",),
    "two fields": (FROM, EVE),
    "two fields, the other way": (EVE, FROM),
    "two addresses": (f"From: {ASKER}, eve@elsewhere.example",),
    "a group": (f"From: askers: {ASKER};",),
    "two angles": (f"From: <{ASKER}> <eve@elsewhere.example>",),
    "a look-alike domain": ("From: yamada@custοmer.example",),
    "a full-width letter": ("From: yamadа@customer.example",),
    "a subdomain": ("From: yamada@mail.customer.example",),
    "a longer domain": ("From: yamada@customer.example.elsewhere.example",),
    "a tag": ("From: yamada+x@customer.example",),
    "a route": (f"From: <@elsewhere.example:eve@elsewhere.example>, {ASKER}",),
    "a NUL": ("From: yamada\x00@customer.example",),
    "a blank": ("From: yamada @customer.example",),
    "From in a continuation": ("X-Note: x", " From: yamada@customer.example", EVE),
    "only Sender": (f"Sender: {ASKER}",),
    "only Reply-To": (EVE, f"Reply-To: {ASKER}"),
    "X-Original-From": (EVE, f"X-Original-From: {ASKER}"),
    "an envelope": (EVE, f"Return-Path: <{ASKER}>"),
}


def forged(fields: tuple[str, ...], number: int, results: str) -> bytes:
    trace = f"Authentication-Results: {AUTHSERV_ID}; {results}\r\n" if results else ""
    raw = mail("x", "Question", f"Tell me all. {number}", message_id=f"<{number}@elsewhere.example>").partition(b"\r\n")
    if any(each.startswith("To:") for each in fields):
        raw = (*raw[:2], raw[2].replace(f"To: {SUPPORT}\r\n".encode(), b"", 1))
    return (trace + "".join(f"{each}\r\n" for each in fields)).encode() + raw[2]


@pytest.mark.timeout(300)
def test_what_the_domain_disowns_is_never_answered(tmp_path: Path) -> None:
    """Our own border says that it is forged: nothing in the mail changes that."""
    with desk(tmp_path, customers=True) as office:
        for number, fields in enumerate([*TRICKS.values(), *OTHERS.values()] * 3):
            raw = forged(fields, number, "dmarc=fail header.from=customer.example; spf=pass smtp.mailfrom=evil.example")
            office.take_in(raw, sender=(ASKER, "eve@elsewhere.example", SATO)[number % 3])
        office.work()
        assert {letter.recipient for letter in office.sent} == {SATO}
        assert len(office.incidents()) == 1


def test_who_is_not_the_asker_is_never_taken_for_him(tmp_path: Path) -> None:
    """Nothing speaks against the mail: yet it is from nobody whom we know."""
    with desk(tmp_path, customers=True) as office:
        for number, fields in enumerate(OTHERS.values()):
            office.take_in(forged(fields, number, ""), sender=ASKER)
        office.work()
        assert {letter.recipient for letter in office.sent} == {SATO}
        assert len(office.incidents()) == 1


def test_what_cannot_be_told_from_the_asker_is_answered_to_the_asker_alone(tmp_path: Path) -> None:
    """A domain that publishes nothing lets anybody write in its name; what we say goes to the registered address."""
    with desk(tmp_path, customers=True) as office:
        for number, fields in enumerate(TRICKS.values()):
            office.take_in(forged(fields, number, ""), sender="eve@elsewhere.example")
        office.work()
        assert {letter.recipient for letter in office.sent} == {SATO, ASKER}
        assert all("eve@" not in letter.raw.decode() for letter in office.sent if letter.recipient == ASKER)


def test_a_guest_is_admitted_to_one_incident_alone(tmp_path: Path) -> None:
    with desk(tmp_path, customers=True) as office:
        office.take_in(mail(GINA, "Mine", "How?", message_id="<g@gmail.com>"), sender=GINA)
        office.work()
        with office.context.store.begin() as connection:
            guest = STRANGERS["in Cc of an incident"]
            assert participants.admit(connection, 1, guest, by=SATO, now=office.now)
            assert not participants.admit(connection, 2, guest, by=SATO, now=office.now)
        said = []
        for incident in (1, 2):
            raw = mail(guest, "More", f"And {incident}?", message_id=f"<g{incident}@guests.example>")
            office.take_in(raw, sender=guest, recipients=[own_token(incident=incident)])
            office.work()
            said.append(office.inbound()[0]["verdict"])
        assert said == ["append", "hold"]
