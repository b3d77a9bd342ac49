"""Which certificate does the door show, and when does TLS begin?"""

from __future__ import annotations

import asyncio
import ssl
from asyncio import sslproto
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mailbot.errors import InputError


class TlsMode(StrEnum):
    """STARTTLS begins in the clear (RFC 3207); implicit TLS begins with the handshake (RFC 8314 §3)."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class Tls:
    """How a listener does TLS. Loading a new certificate into `context` is enough for the connections that follow."""

    mode: TlsMode
    context: ssl.SSLContext


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """The server's side of TLS from a PEM chain and its key; InputError when they cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # RFC 8996
    try:
        # A password, even an empty one, keeps OpenSSL from asking for one at the terminal.
        context.load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as error:
        raise InputError(f"certificate {certificate} with key {key} cannot be used: {error}") from error
    return context


class TlsProtocol(sslproto.SSLProtocol):
    """TLS between a line and a session that also hears of a line lost in mid-handshake, which asyncio does not tell."""

    max_size = 65_536  # a read buffer of each connection: four times the largest TLS record

    def __init__(
        self,
        session: asyncio.Protocol,
        context: ssl.SSLContext,
        shaken: asyncio.Future[None],
        handshake_seconds: float,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(
            loop,
            session,
            context,
            shaken,
            server_side=True,
            ssl_handshake_timeout=handshake_seconds,  # type: ignore[arg-type]  # any number will do
        )
        self._session = session
        self._shaken = shaken

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        if not self._shaken.done():
            self._shaken.set_exception(ConnectionResetError())
        self._session.connection_lost(exc if isinstance(exc, Exception) else None)
