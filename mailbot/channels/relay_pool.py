"""How do many letters share a few connections?"""

from __future__ import annotations

import asyncio

from mailbot.channels.letter import Letter
from mailbot.channels.relay_server import MailServer
from mailbot.channels.relay_session import RelaySession, StaleError


class PooledRelay:
    """At most `connections` to one server; each is kept for the next letter, and closed after lying idle."""

    def __init__(self, server: MailServer, connections: int) -> None:
        self._server = server
        self._places = asyncio.Semaphore(connections)
        self._idle: dict[RelaySession, asyncio.TimerHandle] = {}  # the newest is last, and taken first
        self._farewells: set[asyncio.Task[None]] = set()
        self._closed = False

    async def send(self, letter: Letter) -> str:
        """As Relay.send."""
        async with self._places:
            while True:
                session = self._awake() or await self._server.open()
                try:
                    return await session.deliver(letter)
                except StaleError:  # only a kept connection can be stale, so this ends at a new one
                    continue
                finally:
                    self._keep(session)

    async def close(self) -> None:
        """As Relay.close."""
        self._closed = True
        while session := self._awake():
            self._part_from(session)
        if self._farewells:
            await asyncio.wait(self._farewells)

    async def check(self) -> None:
        """Make a connection and take leave. Raises RelayError."""
        await (await self._server.open()).leave()

    def _awake(self) -> RelaySession | None:
        if not self._idle:
            return None
        session, expiry = self._idle.popitem()
        expiry.cancel()
        return session

    def _keep(self, session: RelaySession) -> None:
        if not session.reusable:
            session.abort()
        elif self._closed:
            self._part_from(session)
        else:
            loop = asyncio.get_running_loop()
            self._idle[session] = loop.call_later(self._server.limits.idle, self._expire, session)

    def _expire(self, session: RelaySession) -> None:
        del self._idle[session]
        self._part_from(session)

    def _part_from(self, session: RelaySession) -> None:
        farewell = asyncio.create_task(session.leave())
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)
