"""Through which ways out do letters leave, and would they work? The only module that the house need know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mailbot.channels import dkim
from mailbot.channels.dkim import SigningRelay
from mailbot.channels.letter import Letter, Relay
from mailbot.channels.maildir import MaildirRelay
from mailbot.channels.relay_pool import PooledRelay
from mailbot.channels.relay_server import MailServer
from mailbot.channels.ways import Outcome, Ways
from mailbot.config.settings import Dkim, SecondRelay, Settings, WayOut
from mailbot.desk.routes import Way
from mailbot.errors import ConfigurationError, Fault, RelayError

__all__ = ["Letter", "Outcome", "Relay", "Ways", "connect", "connect_all", "faults", "standing_faults"]


def connect_all(settings: Settings) -> Ways:
    """The configured ways out; nothing is connected before the first letter. Raises ConfigurationError (DKIM key)."""
    ways: dict[Way, Relay] = {"first": connect(settings)}
    if settings.second_relay is not None:
        ways["second"] = _second(settings, settings.second_relay)
    return Ways(ways)


def connect(settings: Settings) -> Relay:
    """The first of them alone."""
    return _signed(_way(settings, settings.relay), settings.relay.dkim, "relay")


def _second(settings: Settings, second: SecondRelay) -> Relay:
    """Where it has no key of its own, it signs with that of the first: who reads the mail knows no difference."""
    if second.dkim is None:
        return _signed(_way(settings, second), settings.relay.dkim, "relay")
    return _signed(_way(settings, second), second.dkim, "second_relay")


def _signed(way: Relay, key: Dkim | None, section: str) -> Relay:
    return SigningRelay(way, dkim.load(key, section)) if key else way


async def faults(settings: Settings) -> list[Fault]:
    """What keeps letters from leaving: a DKIM key, the folder, or a relay, its TLS and log-in. Sends nothing."""
    found = []
    for section, way in _sections(settings):
        found += _dkim_faults(section, way)
        found += await _way_faults(settings, section, way)
    return found


async def standing_faults(settings: Settings) -> list[Fault]:
    """Those of `faults` that will not go away by themselves: a server that is away now may come back any minute."""
    found = []
    for section, way in _sections(settings):
        found += _dkim_faults(section, way)
        if way.url.startswith("maildir:"):
            found += await _way_faults(settings, section, way)
    return found


def _sections(settings: Settings) -> Iterator[tuple[str, WayOut]]:
    yield "relay", settings.relay
    if settings.second_relay is not None:
        yield "second_relay", settings.second_relay


async def _way_faults(settings: Settings, section: str, way: WayOut) -> list[Fault]:
    try:
        await _way(settings, way).check()
    except RelayError as error:
        return [Fault("config.toml", f"[{section}] url", f'"{way.url}"', str(error))]
    return []


def _dkim_faults(section: str, way: WayOut) -> list[Fault]:
    try:
        if way.dkim:
            dkim.load(way.dkim, section)
    except ConfigurationError as error:
        return list(error.faults)
    return []


def _way(settings: Settings, way: WayOut) -> MaildirRelay | PooledRelay:
    if way.url.startswith("maildir:"):
        return MaildirRelay(Path(way.url.removeprefix("maildir:")))
    patience = settings.second_relay.after_seconds if settings.second_relay else None
    return PooledRelay(MailServer(way, settings.smtp.hostname), way.connections, patience)
