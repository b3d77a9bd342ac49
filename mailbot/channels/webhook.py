"""Posts an alarm to the operator's webhook. Redirects are not followed, and certificates are verified."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import socket
import ssl
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from pydantic import SecretStr

from mailbot import __version__
from mailbot.channels.relay_session import one_line
from mailbot.errors import PageError

SIGNATURE = "X-Mailbot-Signature"
_KEPT = 200  # bytes of an answer


class WebhookPager:
    """An address that may take so many seconds in all. It is a secret, so that errors name its host and no more."""

    def __init__(self, url: SecretStr, secret: SecretStr | None, seconds: float) -> None:
        parts = urlsplit(url.get_secret_value())
        self._host, self._port, self._is_encrypted = parts.hostname or "", parts.port, parts.scheme == "https"
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._secret, self._seconds = secret, seconds

    async def page(self, body: bytes) -> str:
        """As Pager.page."""
        connection = self._connection()
        posting = asyncio.create_task(asyncio.to_thread(self._post, connection, body))
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(posting)
        except TimeoutError as error:  # ours for the whole, or the socket's for a part
            raise PageError(f"{self._host} did not answer within {self._seconds:g} seconds") from error
        except (OSError, HTTPException) as error:
            raise PageError(f"{self._host}: {one_line(str(error)) or type(error).__name__}") from error
        finally:
            posting.add_done_callback(_heard)
            _cut(connection)  # who drips his answer byte by byte holds nobody up

    def _connection(self) -> HTTPConnection:
        if not self._is_encrypted:
            return HTTPConnection(self._host, self._port, timeout=self._seconds)
        return HTTPSConnection(self._host, self._port, timeout=self._seconds, context=ssl.create_default_context())

    def _post(self, connection: HTTPConnection, body: bytes) -> str:
        """In a thread. Raises OSError, HTTPException or PageError."""
        try:
            connection.request("POST", self._target, body, self._headers(body))
            response = connection.getresponse()
            words = one_line(response.read(_KEPT).decode("utf-8", "replace").strip())
        finally:
            connection.close()
        told = f"{response.status} {one_line(response.reason)}" + (f": {words}" if words else "")
        if response.status // 100 == 3:
            raise PageError(f"{self._host} sent us elsewhere ({told}): redirects are not followed")
        if response.status // 100 != 2:
            raise PageError(f"{self._host} refused it: {told}")
        return told

    def _headers(self, body: bytes) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "User-Agent": f"mailbot/{__version__}"}
        if self._secret is not None:
            digest = hmac.new(self._secret.get_secret_value().encode(), body, hashlib.sha256).hexdigest()
            headers[SIGNATURE] = f"sha256={digest}"
        return headers


def _cut(connection: HTTPConnection) -> None:
    line: socket.socket | None = connection.sock
    if line is not None:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


def _heard(posting: asyncio.Task[str]) -> None:
    """It ended after its time: what became of it does not matter any more."""
    if not posting.cancelled():
        posting.exception()
