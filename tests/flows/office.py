"""A whole desk over a real database, but without doors: mails are handed in, the clock is moved by hand, and the relay
says what it was told to say. The flows, the rules, the templates and the tables are the real ones.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr
from sqlalchemy import insert, update
from structlog.testing import capture_logs

from mailbot import rules
from mailbot.app import make_context
from mailbot.channels.letter import Letter as Outgoing
from mailbot.channels.letter import Relay
from mailbot.channels.ways import Outcome, Ways
from mailbot.config import Addresses, Settings, Smtp, bundled
from mailbot.config import Desk as DeskSettings
from mailbot.config import Secrets as SecretSettings
from mailbot.desk.content import reading
from mailbot.desk.contract import AskerKind, Equipment, Language, Role
from mailbot.desk.incident import Happening, Status
from mailbot.desk.pulse import Reading
from mailbot.desk.routes import Way
from mailbot.errors import RelayError
from mailbot.flows import (
    access,
    changes,
    dispatch,
    escalation,
    life,
    process,
    pulse,
    receive,
    registry,
    reminders,
    routes,
    watch,
)
from mailbot.flows.application import Application, Offer
from mailbot.flows.context import Context, Reader
from mailbot.mail.address import normalise
from mailbot.mail.envelope import Arrival, Channel, Envelope
from mailbot.mail.reading import read
from mailbot.rules import Rules
from mailbot.store import contracts, equipment, inbound, incidents, outbox, pulses
from mailbot.store.engine import Store, open_store
from mailbot.store.outbox import Claimed, Room
from mailbot.store.pulses import Pulse
from mailbot.store.schema import contract, term

SUPPORT = "support@desk.example"
BOUNCE = "bounce@desk.example"
AUTHSERV_ID = "mx.desk.example"
SECRET = "0123456789abcdef" * 4
NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Tokyo
DAEMON = "office"
_ROUNDS = 1_000  # more than any test's mails: a desk that is never at rest is caught


@dataclass(frozen=True)
class Letter:
    """A mail that was handed to the relay, which took it or may have taken it."""

    at: datetime
    kind: str
    audience: str
    sender: str
    recipient: str
    raw: bytes
    message: EmailMessage
    by: Way

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        return str(self.message.get_content())


def _works(letter: Claimed) -> str:
    return "250 2.0.0 taken"


@dataclass(frozen=True, slots=True)
class _Outgoing(Outgoing):
    claimed: Claimed | None = None


def _outgoing(letter: Claimed) -> Outgoing:
    return _Outgoing(
        letter.raw, letter.sender, letter.recipient, letter.message_id, letter.pressing, letter.way, claimed=letter
    )


@dataclass(frozen=True)
class _Told:
    """A relay that says what it was told to say."""

    say: Callable[[Claimed], str | RelayError]

    async def send(self, letter: Outgoing) -> str:
        assert isinstance(letter, _Outgoing)
        assert letter.claimed is not None
        said = self.say(letter.claimed)
        if isinstance(said, RelayError):
            raise said
        return said

    async def check(self) -> None:
        """Nobody asks."""

    async def close(self) -> None:
        """Nothing is held open."""


def _at_once(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    """What never waits needs no event loop."""
    try:
        work.send(None)
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome
    raise AssertionError("it waits for something")


@dataclass
class Office:
    """Hand a mail in with `take_in`, let the desk `work`; what it sends is given back and kept in `sent`."""

    context: Context
    now: datetime = NOON
    relay: Callable[[Claimed], str | RelayError] = _works
    second_relay: Callable[[Claimed], str | RelayError] | None = None
    sent: list[Letter] = field(default_factory=list)
    log: Sequence[Mapping[str, Any]] = ()
    off: timedelta = timedelta(0)
    """How far the clock on the wall was set, all in all; the seconds since the boot know nothing of it."""
    beats: bool = False
    """Tests that never ask for the pulse need not have one."""
    boot: str = "first"
    booted_at: datetime = NOON - timedelta(days=1)

    def take_in(
        self, raw: bytes, *, sender: str, recipients: Sequence[str] = (SUPPORT,), channel: Channel = "smtp"
    ) -> int | None:
        envelope = Envelope(channel, sender, tuple(recipients), "192.0.2.1", "mx.customer.example")
        return receive.keep(self.context.store, [Arrival(raw, envelope, self.now)])[0]

    def work(self) -> list[Letter]:
        """Let the desk do all that there is to do at this moment."""
        before = len(self.sent)
        if self.beats:
            self._lives()
        self.decide()
        watch.tick(self.context, self.now)
        changes.remind(self.context, self.now)
        reminders.remind(self.context, self.now)
        escalation.call_due(self.context, self.now)
        routes.watch(self.context, self.now)
        self.sweep()
        self.dispatch()
        return self.sent[before:]

    def decide(self) -> None:
        for _ in range(_ROUNDS):
            batch = process.take(self.context, 0, 32, 32_000_000)
            if not batch.mails:
                return
            process.decide(self.context, batch.mails, batch.readings, self.now)
        raise AssertionError("mails are decided for ever")

    def sweep(self) -> None:
        for _ in range(_ROUNDS):
            if not access.sweep(self.context, self.now):
                return
        raise AssertionError("people are greeted for ever")

    def dispatch(self) -> None:
        for _ in range(_ROUNDS):
            if not self._dispatched("first") + self._dispatched("second"):
                return
        raise AssertionError("mails are sent for ever")

    def _dispatched(self, way: Way) -> int:
        claims = dispatch.turn(self.context, [], owner="office", room=Room(way, 64, 64), now=self.now)
        results = [self._sent(each, claims) for each in claims.letters]
        dispatch.turn(self.context, results, owner="office", room=Room(way, 0, 0), now=self.now)
        return len(results)

    def _sent(self, letter: Claimed, claims: dispatch.Claims) -> dispatch.Result:
        """The real choice between relays; only the relays themselves are not real, and answer at once."""
        refused = dispatch.refusal(self.context, letter, claims.forbidden)
        if refused is not None:
            return dispatch.Result(letter, refused, self.now)
        outcome = _at_once(self._ways.send(_outgoing(letter)))
        said, by = outcome.said, outcome.tried[-1].route
        if isinstance(said, str) or said.in_doubt:
            assert by in ("first", "second")
            parsed = message_from_bytes(letter.raw, policy=policy.default)
            self.sent.append(
                Letter(self.now, letter.kind, letter.audience, letter.sender, letter.recipient, letter.raw, parsed, by)
            )
        return dispatch.Result(letter, said, self.now, outcome.tried)

    @cached_property
    def _ways(self) -> Ways:
        relays: dict[Way, Relay] = {"first": _Told(self._by_first)}
        if self.second_relay is not None:
            relays["second"] = _Told(self.second_relay)
        return Ways(relays, self._seconds)

    def _by_first(self, letter: Claimed) -> str | RelayError:
        return self.relay(letter)

    def _seconds(self) -> float:
        return self.now.timestamp()

    def get_second_relay(self, relay: Callable[[Claimed], str | RelayError]) -> None:
        """From now on there are two."""
        self.second_relay = relay
        self.context = replace(self.context, alarms=replace(self.context.alarms, second_relay=True))
        self.__dict__.pop("_ways", None)

    def passes(self, time: timedelta) -> None:
        self.now += time

    def reading(self) -> Reading:
        return Reading(self.now, (self.now - self.off - self.booted_at).total_seconds(), self.boot)

    def _lives(self) -> None:
        """The daemon has lived until now: where time passes in a test it did so tick by tick."""
        self.beats = True
        with self.context.store.begin() as connection:
            own = pulses.of(connection, DAEMON) or Pulse(DAEMON, self.reading())
            pulses.put(connection, replace(own, reading=self.reading()))

    def beat(self, *, restarted: bool = False) -> pulse.Beat:
        """Compare the clocks, as the daemon does at every tick and at its start."""
        return pulse.beat(self.context, DAEMON, self.reading(), restarted=restarted)

    def jumps(self, by: timedelta) -> pulse.Beat:
        """The clock on the wall is set; no time passes."""
        self._lives()
        self.now += by
        self.off += by
        return self.beat()

    def sleeps(self, time: timedelta) -> pulse.Beat:
        """The machine sleeps, or the process is stopped: time passes, and nothing is done."""
        self._lives()
        self.now += time
        return self.beat()

    def is_down(self, time: timedelta, *, reboots: bool = False, off: timedelta = timedelta(0)) -> pulse.Beat:
        """The daemon does not run for this time; with a reboot, after which the clock is so far `off`."""
        self._lives()
        self.now += time + off
        self.off += off
        if reboots:
            self.boot, self.booted_at = f"{self.boot}+", self.now - self.off - timedelta(seconds=20)
        return self.beat(restarted=True)

    def contract(
        self,
        number: str,
        *,
        menu: str = "premium",
        language: Language = "ja",
        customer: str = "株式会社サンプル",
        cluster: str = "",
        starts_on: date = date(2026, 1, 1),
        ends_on: date = date(2027, 12, 31),
    ) -> int:
        with self.context.store.begin() as connection:
            return contracts.add(
                connection,
                number=number,
                customer=customer,
                menu=menu,
                language=language,
                cluster=cluster,
                extra_askers=9,
                mailing_list_option=True,
                starts_on=starts_on,
                ends_on=ends_on,
                now=self.now,
            )

    def sell(self, application: Application) -> int:
        """A contract that is registered now, as `contract add` does it: its people are greeted (S22)."""
        (made,) = registry.add_contracts(self.context.store, [application], self._offer(), self.now)
        return made.id

    def register(self, number: str, written: str) -> None:
        """One more asker, as `asker add` does it."""
        registry.add_asker(self.context.store, number, written, self._offer(), self.now, through_list=False, list_id="")

    def _offer(self) -> Offer:
        return Offer(tuple(self.context.rules.service.menus), ("ja", "en"), frozenset(self.context.addresses.purposes))

    def renew(self, contract_id: int, starts_on: date, ends_on: date) -> None:
        with self.context.store.begin() as connection:
            connection.execute(insert(term).values(contract_id=contract_id, starts_on=starts_on, ends_on=ends_on))

    def cancel(self, contract_id: int) -> None:
        with self.context.store.begin() as connection:
            connection.execute(update(contract).where(contract.c.id == contract_id).values(cancelled_at=self.now))

    def asker(self, contract_id: int, name: str, address: str, *, list_id: str | None = None) -> int:
        kind = AskerKind.LIST if list_id else AskerKind.PERSON
        with self.context.store.begin() as connection:
            return contracts.add_asker(
                connection,
                contract_id,
                kind=kind,
                name=name,
                address=normalise(address),
                list_id=list_id,
                now=self.now,
            )

    def contact(self, contract_id: int, name: str, address: str) -> None:
        with self.context.store.begin() as connection:
            contracts.add_contact(connection, contract_id, name=name, address=normalise(address))

    def machine(self, contract_id: int, host: str, os: str, versions: str) -> None:
        with self.context.store.begin() as connection:
            equipment.add(connection, contract_id, [Equipment(host, os, versions)], self.now)

    def registered(self, contract_id: int) -> list[str]:
        """The addresses of askers and contacts, and the machines with what runs on them, as one line each."""
        with self.context.store.read() as connection:
            people = [each.address for each in contracts.askers(connection, contract_id)]
            people += [each["address"] for each in contracts.contacts(connection, contract_id)]
            machines = [f"{e.host}: {e.os}, {e.versions}" for e in equipment.of(connection, contract_id)]
        return people + machines

    def staff(self, name: str, address: str, *, language: Language = "en", role: Role = Role.STAFF) -> int:
        with self.context.store.begin() as connection:
            return contracts.add_staff(
                connection, name=name, address=normalise(address), language=language, now=self.now, role=role
            )

    def inbound(self, inbound_id: int | None = None) -> list[dict[str, Any]]:
        """What became of the mails, newest first."""
        with self.context.store.read() as connection:
            if inbound_id is not None:
                return [dict(row) for row in inbound.find(connection, str(inbound_id))]
            return [dict(row) for row in inbound.listed(connection, states=(), limit=100_000)]

    def incidents(self) -> list[dict[str, Any]]:
        """All incidents, newest first."""
        with self.context.store.read() as connection:
            return [dict(row) for row in incidents.listed(connection, contract_number=None, limit=100_000)]

    def outbox(self) -> list[dict[str, Any]]:
        """All letters, newest first, sent or not."""
        with self.context.store.read() as connection:
            return [dict(row) for row in outbox.listed(connection, states=(), limit=100_000)]

    def close_incident(self, number: str) -> None:
        """As a person of staff does it, whoever that is."""
        with self.context.store.begin() as connection:
            found = incidents.by_number(connection, number)
            assert found is not None, f"there is no incident {number}"
            life.close(self.context, connection, found, "sato@desk.example", self.now)

    def step(self, number: str, happening: Happening, by: str) -> Status:
        """As `incident answered|wait|resume|close` does it."""
        return life.by_hand(self.context, number, happening, by, self.now)


@cache
def _rules() -> Rules:
    return rules.load(bundled("rules"))


@cache
def selling(menu: str, lines: str) -> Rules:
    """The rules of a desk that sells more with this menu: `lines` are added to its table in service.toml."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(shutil.copytree(bundled("rules"), Path(folder, "rules")))
        service = copied / "service.toml"
        head = f"[menus.{menu}]\n"
        text = service.read_text("utf-8")
        assert head in text, f"there is no menu {menu}"
        service.write_text(text.replace(head, f"{head}{lines}\n", 1), "utf-8")
        return rules.load(copied)


def in_process(raws: Sequence[bytes]) -> list[Any]:
    """The real reader, without the child processes around it."""
    return [reading(read(raw, authserv_id=AUTHSERV_ID), _rules().content) for raw in raws]


def mail(
    from_: str, subject: str, text: str, *fields: str, to: str = SUPPORT, message_id: str = "", date: datetime = NOON
) -> bytes:
    """A plain mail; `fields` are whole header lines. From and Subject go out as they are, in UTF-8 where not ASCII."""
    given = "".join(f"{each}\r\n" for each in fields)
    own_id = f"Message-ID: {message_id}\r\n" if message_id else ""
    head = f"From: {from_}\r\nTo: {to}\r\nSubject: {subject}\r\n{own_id}Date: {format_datetime(date)}\r\n{given}"
    body = text.replace("\n", "\r\n")
    return f"{head}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n".encode()


@cache
def _context() -> Context:
    """Rules and templates are the same for all tests; loading them takes longer than a test."""
    return make_context(settings(), cast(Store, None), in_process)


def settings(name: str = "Support Desk", domain: str = "desk.example") -> Settings:
    others = ("staff", "news", "registry", "knowledge", "bounce")
    return Settings(
        desk=DeskSettings(name=name, address=f"support@{domain}", phone="+81 3-0000-0000"),
        addresses=Addresses(support=f"support@{domain}", **{each: f"{each}@{domain}" for each in others}),
        smtp=Smtp(hostname=domain),
        secrets=SecretSettings(signing=(SecretStr(SECRET),)),
    )


@contextmanager
def open_office(
    folder: Path, *, reader: Reader = in_process, context: Context | None = None, url: str = ""
) -> Iterator[Office]:
    """A desk with the empty database at `url`, else with an SQLite file in this folder, which is then its own; `log` is
    what it told about itself.
    """
    if not url:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mailbot.db").write_bytes(_empty_database())
    store = open_store(url or f"sqlite:///{folder / 'mailbot.db'}")
    try:
        with capture_logs() as log:
            yield Office(replace(context or _context(), store=store, read=reader), log=log)
    finally:
        store.close()


@cache
def _empty_database() -> bytes:
    """Laid out once for all tests, by the real migrations."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "empty.db")
        open_store(f"sqlite:///{file}").close()
        return file.read_bytes()
