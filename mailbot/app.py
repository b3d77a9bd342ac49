"""Which channel feeds which flow? The only wiring; also signals, start and stop."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Literal

import structlog

from mailbot import clock, rules, templates
from mailbot.channels import relay, smtp
from mailbot.channels.limits import Limits
from mailbot.config import Settings, bundled
from mailbot.desk.contract import TrustNeeded
from mailbot.desk.replies import Desk
from mailbot.desk.routes import PageRoute
from mailbot.errors import ConfigurationError, Fault
from mailbot.flows import dispatch
from mailbot.flows.context import Addresses, Alarms, Context, Policy, Reader
from mailbot.flows.verify import Verifier
from mailbot.mail.envelope import Envelope
from mailbot.mail.token import signing_keys
from mailbot.rules import Rules
from mailbot.sandbox import ReadingPool
from mailbot.store.engine import Store, open_store, sole_daemon
from mailbot.workers.intake import Intake
from mailbot.workers.loops import GRACE_SECONDS, Heart, Loops

_SWITCH_SECONDS = 0.001

log = structlog.get_logger("mailbot")


def make_context(settings: Settings, store: Store, read: Reader, verifier: Verifier | None = None) -> Context:
    """Put together what the flows need. Raises ConfigurationError for faults in rules or templates."""
    desk, keys = settings.desk, signing_keys(settings.secrets.revealed)
    return Context(
        store=store,
        desk=Desk(desk.name, desk.address, desk.phone, desk.phone_hours, desk.url, desk.zone),
        domain=desk.domain,
        addresses=Addresses.of(settings.addresses.by_purpose, keys),
        policy=Policy(
            strangers=settings.policy.strangers,
            trust=TrustNeeded(settings.policy.trust),
            same_subject_window=timedelta(hours=settings.policy.same_subject_window_hours),
            staff_digest_every=timedelta(minutes=settings.policy.staff_digest_minutes),
            give_up_after=timedelta(hours=settings.relay.give_up_after_hours),
            max_backoff=timedelta(seconds=settings.relay.max_backoff_seconds),
            mailing_hour=settings.mailings.hour,
        ),
        alarms=_alarms(settings),
        keys=keys,
        rules=_rules(settings),
        templates=templates.load(settings.templates.folder or bundled("templates"), languages=desk.languages),
        read=read,
        verifier=verifier,
    )


def _alarms(settings: Settings) -> Alarms:
    command: tuple[PageRoute, ...] = ("command",) if settings.alarm.command else ()
    webhook: tuple[PageRoute, ...] = ("webhook",) if settings.alarm.webhook else ()
    return Alarms(
        to=settings.alarm.to,
        pages=command + webhook,
        language=settings.desk.languages[0],
        second_relay=settings.second_relay is not None,
    )


def _rules(settings: Settings) -> Rules:
    return rules.load(settings.rules.folder or bundled("rules"))


class Directory:
    """Which addresses are ours? Asked by the doors at RCPT, so that nothing else is taken in."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses

    def knows(self, address: str) -> bool:
        """Say whether mail to this address is for the desk."""
        return self._addresses.purpose(address) is not None


class Keeper:
    """Refuses mail while there is room for what is here already, but for nothing more (attack row 22)."""

    def __init__(self, intake: Intake, store: Store, reserve_bytes: int) -> None:
        self._intake = intake
        self._store = store
        self._reserve = reserve_bytes

    async def keep(self, raw: bytes, envelope: Envelope) -> None:
        """Return when the mail is on the disk."""
        self._store.require_room(self._reserve + len(raw))
        await self._intake.keep(raw, envelope)


class Daemon:
    """The running desk: doors, loops and ticks over one database."""

    def __init__(self, context: Context, listeners: list[smtp.Listener], loops: list[asyncio.Task[None]]) -> None:
        self.context = context
        self.listeners = listeners
        self._loops = loops

    async def until(self, wanted: asyncio.Event) -> None:
        """Wait until the end is wanted. Raises RuntimeError when a loop ends before: half a desk is no desk."""
        waiting = asyncio.create_task(wanted.wait())
        done, _ = await asyncio.wait({waiting, *self._loops}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not wanted.is_set():
            raise RuntimeError(f"a loop of the daemon has ended: {done}")


@asynccontextmanager
async def running(settings: Settings, *, now: Callable[[], datetime] = clock.now) -> AsyncIterator[Daemon]:
    """Start everything; at the end of the block, stop it with nothing half-done, within ten seconds.

    Raises ConfigurationError, StoreUnavailableError or RefusedError when it cannot start.
    """
    async with AsyncExitStack() as stack:
        store = open_store(settings.database.url)
        stack.callback(store.close)
        stack.enter_context(sole_daemon(settings.database.url))
        sqlite = store.dialect == "sqlite"
        writer = ThreadPoolExecutor(1 if sqlite else 4, "writer")
        stack.callback(writer.shutdown)
        reader = ThreadPoolExecutor(2, "reader")
        stack.callback(reader.shutdown)
        pool = ReadingPool(
            settings.workers.readers, rules=_rules(settings).content, authserv_id=settings.trust.authserv_id
        )
        pool.start()
        stack.callback(pool.close)
        verifier = await stack.enter_async_context(_verifying(settings, pool))
        context = make_context(settings, store, pool.read, verifier)
        if sqlite:
            dispatch.recover(context, now())
        # The daemon of an SQLite file is the same one wherever it runs; those of a server are known by their hosts.
        heart = Heart(context, "mailbot" if sqlite else socket.gethostname(), now)
        heart.beat()
        ways = relay.connect_all(settings)
        stack.push_async_callback(ways.close)

        loops = Loops(settings, context, writer, reader, ways, now, heart)
        stack.push_async_callback(loops.stop)
        loops.start()
        keeper = Keeper(loops.intake, store, settings.smtp.reserve_bytes)
        listeners = _listeners(settings, keeper, Directory(context.addresses))
        stack.push_async_callback(_close, listeners)
        await _listen(listeners)
        yield Daemon(context, listeners, loops.tasks)
        log.info("stopping")


@asynccontextmanager
async def _verifying(settings: Settings, pool: ReadingPool) -> AsyncIterator[Verifier | None]:
    """What verifies senders, where that is wanted; its libraries are loaded only then."""
    if not settings.trust.verify:
        yield None
        return
    from mailbot.channels.resolver import Resolver

    resolver = Resolver(settings.trust.nameservers)
    resolver.open()
    try:
        relays = [ip_network(each) for each in settings.smtp.exempt_networks]
        yield Verifier(pool.verify, resolver.resolve, relays)
    finally:
        await resolver.close()


def _listeners(settings: Settings, keeper: Keeper, directory: Directory) -> list[smtp.Listener]:
    tally = smtp.Tally(_limits(settings))
    context = None
    if settings.smtp.tls_certificate and settings.smtp.tls_key:
        context = smtp.server_context(settings.smtp.tls_certificate, settings.smtp.tls_key)
    starttls = smtp.Tls(smtp.TlsMode.STARTTLS, context) if context else None
    implicit = smtp.Tls(smtp.TlsMode.IMPLICIT, context) if context else None
    places: list[tuple[str, Literal["smtp", "lmtp"], smtp.Tls | None]] = [
        *((each, "smtp", starttls) for each in settings.smtp.listen),
        *((each, "smtp", implicit) for each in settings.smtp.tls_listen),
        *((each, "lmtp", starttls) for each in settings.lmtp.listen),
    ]
    return [
        smtp.Listener(
            smtp.listen_address(address),
            channel=channel,
            hostname=settings.smtp.hostname,
            keeper=keeper,
            directory=directory,
            tally=tally,
            tls=tls,
        )
        for address, channel, tls in places
    ]


def _limits(settings: Settings) -> Limits:
    return Limits(
        message_bytes=settings.smtp.max_message_bytes,
        recipients=settings.smtp.max_recipients,
        connections=settings.smtp.max_connections,
        connections_per_address=settings.smtp.max_connections_per_address,
        exempt=tuple(ip_network(each) for each in settings.smtp.exempt_networks),
    )


async def _listen(listeners: list[smtp.Listener]) -> None:
    """Open every door, or none: each that cannot be opened is a fault."""
    found = []
    for listener in listeners:
        try:
            await listener.start()
        except OSError as error:
            mend = f"cannot listen there: {error.strerror or error}; free it or choose another address"
            found.append(Fault("config.toml", "[smtp] listen", str(listener), mend))
    if found:
        raise ConfigurationError(found)


async def _close(listeners: list[smtp.Listener]) -> None:
    """Close every door at once: they share the time that a stop may take."""
    await asyncio.gather(*(listener.close(GRACE_SECONDS) for listener in listeners))


async def serve(settings: Settings) -> None:
    """Run the daemon until SIGTERM or SIGINT."""
    wanted = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, wanted.set)
    async with running(settings) as daemon:
        for listener in daemon.listeners:
            log.info("listening", addresses=[str(each) for each in listener.addresses])
        log.info("ready")
        await daemon.until(wanted)
    log.info("stopped")


def run(settings: Settings) -> None:
    """Run the daemon in this process, on uvloop where it is installed."""
    # The doors must answer while a writer thread computes: hand the interpreter over after 1 ms, not 5 (measured: 15 %
    # more mails a second over 16 connections).
    sys.setswitchinterval(_SWITCH_SECONDS)
    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    with suppress(ImportError):
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(serve(settings))
