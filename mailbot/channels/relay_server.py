"""How is a connection to the relay made, so that nothing goes out in the clear that must not?"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from functools import cached_property
from urllib.parse import urlsplit

import aiosmtplib

from mailbot.channels.relay_session import Limits, LmtpClient, RelaySession, one_line
from mailbot.config.settings import WayOut, is_local
from mailbot.errors import RelayError

_PORTS = {"smtp": 25, "smtps": 465, "lmtp": 24}  # RFC 5321 §4.5.4.2, RFC 8314 §7.3, RFC 2033 §5 (never 25)


class MailServer:
    """A relay of the configuration; `hostname` is the name under which we greet it."""

    def __init__(self, settings: WayOut, hostname: str) -> None:
        self._settings, self._hostname = settings, hostname
        parts = urlsplit(settings.url)
        self._scheme = parts.scheme
        self._socket = parts.path if parts.scheme == "lmtp" and not parts.hostname else None
        self._host, self._port = parts.hostname, parts.port or _PORTS[parts.scheme]
        wait = settings.timeout_seconds
        self.limits = Limits(connect=min(30.0, wait), command=min(300.0, wait), final=wait)

    async def open(self) -> RelaySession:
        """Connect, protect, greet and log in. Raises RelayError, always temporary: it is not about a letter."""
        client = await self._client()
        try:
            await client.connect(timeout=self.limits.connect)
            await client.ehlo()
            await self._protect(client)
            await self._log_in(client)
        except BaseException as error:
            RelaySession(client, self.limits).abort()
            if isinstance(error, aiosmtplib.SMTPException | OSError | RelayError):
                raise RelayError(f"{self._settings.url}: {_cause(error)}", of_relay=True) from error
            raise
        return RelaySession(client, self.limits)

    async def _client(self) -> aiosmtplib.SMTP:
        kind = LmtpClient if self._scheme == "lmtp" else aiosmtplib.SMTP
        return kind(
            hostname=None if self._socket else self._host,
            port=None if self._socket else self._port,
            socket_path=self._socket,
            local_hostname=self._hostname,
            use_tls=self._scheme == "smtps",
            start_tls=False,  # see _protect
            tls_context=await asyncio.to_thread(lambda: self._tls),  # reads every trusted certificate
            timeout=self.limits.command,
        )

    async def _protect(self, client: aiosmtplib.SMTP) -> None:
        mode = self._settings.starttls
        if self._scheme == "smtps" or self._socket or mode == "never":  # a unix socket does not leave the machine
            return
        if mode == "required" or client.supports_extension("starttls"):
            # Raises when it is not offered or fails: never in the clear instead (RFC 3207 §4.1).
            await client.starttls()
            await client.ehlo()  # RFC 3207 §4.2: what was said before is forgotten

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        # A mail server beside us has seldom a certificate for "localhost", and nobody can stand between.
        opportunistic = self._settings.starttls == "when-offered" and self._scheme != "smtps"
        if (opportunistic and is_local(self._settings.url)) or not self._settings.verify_certificate:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    async def _log_in(self, client: aiosmtplib.SMTP) -> None:
        name, password = self._settings.username, self._settings.password
        if not name or password is None:
            return
        if not (_is_encrypted(client) or self._socket or _is_loopback(client)):
            raise RelayError("does not protect the password: it offers no TLS")
        await client.login(name, password.get_secret_value())


def _is_encrypted(client: aiosmtplib.SMTP) -> bool:
    return client.get_transport_info("sslcontext") is not None


def _is_loopback(client: aiosmtplib.SMTP) -> bool:
    address = client.get_transport_info("peername")[0]
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _cause(error: BaseException) -> str:
    # An OSError shows its number and words by itself; the library's errors hold code and text apart.
    text = " ".join(str(part) for part in error.args) if isinstance(error, aiosmtplib.SMTPException) else str(error)
    return one_line(text) or type(error).__name__
