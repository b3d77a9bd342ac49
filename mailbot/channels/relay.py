"""Through which way out do letters leave, and would it work? The only module that the rest of the house need know."""

from __future__ import annotations

from pathlib import Path

from mailbot.channels import dkim
from mailbot.channels.dkim import SigningRelay
from mailbot.channels.letter import Letter, Relay
from mailbot.channels.maildir import MaildirRelay
from mailbot.channels.relay_pool import PooledRelay
from mailbot.channels.relay_server import MailServer
from mailbot.config.settings import Settings
from mailbot.errors import ConfigurationError, Fault, RelayError

__all__ = ["Letter", "Relay", "connect", "faults", "standing_faults"]


def connect(settings: Settings) -> Relay:
    """The configured way out; nothing is connected before the first letter. Raises ConfigurationError (DKIM key)."""
    way = _way(settings)
    return SigningRelay(way, dkim.load(settings.relay.dkim)) if settings.relay.dkim else way


async def faults(settings: Settings) -> list[Fault]:
    """What keeps letters from leaving: the DKIM key, the folder, or the relay, its TLS and log-in. Sends nothing."""
    found = _dkim_faults(settings)
    found += await _way_faults(settings)
    return found


async def standing_faults(settings: Settings) -> list[Fault]:
    """Those of `faults` that will not go away by themselves: a server that is away now may come back any minute."""
    found = _dkim_faults(settings)
    if settings.relay.url.startswith("maildir:"):
        found += await _way_faults(settings)
    return found


async def _way_faults(settings: Settings) -> list[Fault]:
    try:
        await _way(settings).check()
    except RelayError as error:
        return [Fault("config.toml", "[relay] url", f'"{settings.relay.url}"', str(error))]
    return []


def _dkim_faults(settings: Settings) -> list[Fault]:
    try:
        if settings.relay.dkim:
            dkim.load(settings.relay.dkim)
    except ConfigurationError as error:
        return list(error.faults)
    return []


def _way(settings: Settings) -> MaildirRelay | PooledRelay:
    url = settings.relay.url
    if url.startswith("maildir:"):
        return MaildirRelay(Path(url.removeprefix("maildir:")))
    return PooledRelay(MailServer(settings.relay, settings.smtp.hostname), settings.relay.connections)
