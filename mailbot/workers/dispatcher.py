"""How does what stands in the outbox leave, what must not wait first?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from datetime import datetime
from time import monotonic

import structlog

from mailbot import faults
from mailbot.channels.letter import Letter
from mailbot.channels.ways import Outcome, Ways
from mailbot.desk.routes import Way
from mailbot.errors import RelayError
from mailbot.flows import dispatch
from mailbot.flows.context import Context
from mailbot.store.outbox import Claimed, Room
from mailbot.workers.loop import IDLE_SECONDS, Clock, complain, in_thread, unless_ended

_HEARTBEAT_SECONDS = 15.0
_SHARED_TURN_SECONDS = 0.01

log = structlog.get_logger("mailbot")


class Dispatcher:
    """Empties the outbox of the letters that prefer one way out: what hangs on the other keeps none of them up."""

    def __init__(
        self, context: Context, writer: Executor, ways: Ways, clock: Clock, *, owner: str, way: Way, in_flight: int
    ) -> None:
        self._context = context
        self._writer = writer
        self._ways = ways
        self._clock = clock
        self._owner = owner
        self._way = way
        # Those that left and are not settled yet are in doubt after a crash, and go out once more: few at a time.
        self._most = in_flight
        self._most_patient = max(
            1, in_flight // 2
        )  # a relay that hangs on bulletins leaves room for what must not wait
        self._wake = asyncio.Event()
        self._stopping = False
        self._flight: dict[asyncio.Task[dispatch.Result], Claimed] = {}
        self._unsettled: list[dispatch.Result] = []
        self._heartbeat = 0.0
        self._heartbeat_at = clock()

    def wake(self) -> None:
        """Say that there may be something to send."""
        self._wake.set()

    def stop(self) -> None:
        """Take nothing more; finish what is on its way."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped and until nothing is on its way."""
        while not self._stopping or self._flight or self._unsettled:
            self._wake.clear()
            try:
                worked = await self._step()
            except (Exception, asyncio.CancelledError) as error:
                unless_ended(error)
                complain("dispatch", error)
                worked = False
            if not worked:
                await self._rest()

    async def _step(self) -> bool:
        """Settle what came back and take as many again, in one turn; say whether there was anything to do."""
        for task in [task for task in self._flight if task.done()]:
            del self._flight[task]
            self._unsettled.append(task.result())
        now = self._clock()
        await self._keep_leases(now)
        results = list(self._unsettled)
        room = self._room()
        if not results and room.all < self._most // 2:
            return False
        claims = await in_thread(self._writer, self._turn, results, room, now)
        del self._unsettled[: len(results)]
        for letter in claims.letters:
            self._flight[asyncio.create_task(self._send(letter, claims.forbidden))] = letter
        return bool(claims.letters or results)

    def _room(self) -> Room:
        if self._stopping:
            return Room(self._way, 0, 0)
        patient = sum(not letter.pressing for letter in self._flight.values())
        return Room(self._way, self._most - len(self._flight), max(0, self._most_patient - patient))

    def _turn(self, results: Sequence[dispatch.Result], room: Room, now: datetime) -> dispatch.Claims:
        return dispatch.turn(self._context, results, owner=self._owner, room=room, now=now)

    async def _send(self, letter: Claimed, forbidden: Sequence[str]) -> dispatch.Result:
        try:
            outcome = await self._hand_over(letter, forbidden)
        except (Exception, asyncio.CancelledError) as error:
            unless_ended(error)
            complain("send", error)
            outcome = Outcome(RelayError(f"the relay channel failed ({type(error).__name__})", in_doubt=True), ())
        result = "sent" if isinstance(outcome.said, str) else "not sent"
        log.info(
            result,
            outbox=letter.id,
            key=letter.key,
            message_id=letter.message_id,
            to=letter.recipient,
            answer=str(outcome.said),
        )
        return dispatch.Result(letter, outcome.said, self._clock(), outcome.tried)

    async def _hand_over(self, letter: Claimed, forbidden: Sequence[str]) -> Outcome:
        refused = dispatch.refusal(self._context, letter, forbidden)
        if refused is not None:
            return Outcome(refused, ())
        faults.hit("dispatch.before-send")
        outcome = await self._ways.send(
            Letter(letter.raw, letter.sender, letter.recipient, letter.message_id, letter.pressing, letter.way)
        )
        faults.hit("dispatch.after-send")
        return outcome

    async def _keep_leases(self, now: datetime) -> None:
        """Before anything else is looked at with this `now`: by a clock that was set forwards, or after the process was
        stopped, our own leases have run out, and what is on its way would be sent once more.
        """
        moved = abs((now - self._heartbeat_at).total_seconds())
        if self._flight and max(moved, monotonic() - self._heartbeat) > _HEARTBEAT_SECONDS:
            fences = {letter.id: letter.fence for letter in self._in_hand()}
            await in_thread(self._writer, dispatch.keep_leases, self._context, fences, now)
            self._heartbeat, self._heartbeat_at = monotonic(), now

    def _in_hand(self) -> list[Claimed]:
        return [*self._flight.values(), *(result.letter for result in self._unsettled)]

    async def _rest(self) -> None:
        """Wait for something to do; letters that are about to come back share the turn of the first."""
        woken = asyncio.create_task(self._wake.wait())
        await asyncio.wait({woken, *self._flight}, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()
        if self._flight:
            await asyncio.wait(self._flight, timeout=_SHARED_TURN_SECONDS)
