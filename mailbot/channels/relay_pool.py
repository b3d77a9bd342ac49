"""How do many letters share a few connections?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mailbot.channels.letter import Letter
from mailbot.channels.relay_server import MailServer
from mailbot.channels.relay_session import RelaySession, StaleError
from mailbot.errors import RelayError

_STALLED_SECONDS = 20.0


class PooledRelay:
    """At most `connections` to one server; each is kept for the next letter, and closed after lying idle.

    Letters that may wait leave one place to those that must not, so that a server that hangs on a bulletin does not
    hold up an acknowledgement; of a single place there are two. `patience` is how many seconds the server may take
    until it waits for the text of a pressing letter, where that can go another way; None: as long as it may for others.
    """

    def __init__(self, server: MailServer, connections: int, patience: float | None = None) -> None:
        self._server = server
        self._patience = patience
        self._places = asyncio.Semaphore(max(2, connections))
        self._patient_places = asyncio.Semaphore(max(1, connections - 1))
        self._idle: dict[RelaySession, asyncio.TimerHandle] = {}  # the newest is last, and taken first
        self._unready: dict[Letter, float] = {}  # since when the server is being told of it
        self._farewells: set[asyncio.Task[None]] = set()
        self._closed = False

    async def send(self, letter: Letter) -> str:
        """As Relay.send."""
        if letter.pressing:
            return await self._in_time(letter)
        async with self._patient_places:
            return await self._deliver(letter, lambda: None)

    async def _in_time(self, letter: Letter) -> str:
        try:
            async with asyncio.timeout(self._patience) as limit:
                return await self._deliver(letter, lambda: limit.reschedule(None))
        except TimeoutError as error:
            if not limit.expired():
                raise
            text = f"the relay was not ready for the letter within {self._patience:g} seconds"
            raise RelayError(text, of_relay=True) from error

    async def _deliver(self, letter: Letter, ready: Callable[[], None]) -> str:
        async with self._places:
            try:
                self._unready[letter] = asyncio.get_running_loop().time()
                return await self._by_a_session(letter, ready)
            finally:
                self._unready.pop(letter, None)

    async def _by_a_session(self, letter: Letter, ready: Callable[[], None]) -> str:
        def is_ready() -> None:
            self._unready.pop(letter, None)
            ready()

        while True:
            session = self._awake() or await self._server.open()
            try:
                return await session.deliver(letter, is_ready)
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
        """Make a connection and take leave; a letter must not hang in another one meanwhile. Raises RelayError."""
        await (await self._server.open()).leave()
        longest = asyncio.get_running_loop().time() - min(self._unready.values(), default=float("inf"))
        if longest > (self._patience or _STALLED_SECONDS):
            raise RelayError(f"the relay has not been ready for a letter for {longest:.0f} seconds", of_relay=True)

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
