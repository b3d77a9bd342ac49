"""The daemon's loops: take in, process, dispatch. Asynchronous outside, synchronous flows in threads inside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Protocol, TypeVar

import structlog

from mailbot import faults
from mailbot.channels.letter import Letter
from mailbot.channels.pager import Pager
from mailbot.channels.ways import Outcome, Ways
from mailbot.desk.routes import PageRoute, Way
from mailbot.errors import PageError, RelayError, StoreUnavailableError
from mailbot.flows import dispatch, pages, process, receive
from mailbot.flows.context import Context
from mailbot.mail.envelope import Arrival, Envelope
from mailbot.store.outbox import Claimed, Room
from mailbot.store.pages import Claimed as Page

T = TypeVar("T")
Clock = Callable[[], datetime]

_GROUP = 64  # mails that share one commit
_BATCH = 32  # mails decided in one transaction: long enough to be cheap, short enough that a 250 does not wait for it
_BATCH_BYTES = 32_000_000
_IDLE_SECONDS = 1.0  # how soon a mail is seen that another program put into the database
_PAGES = 4  # brought at the same time: a storm of alarms must not become a storm of processes
_HEARTBEAT_SECONDS = 15.0
_SHARED_TURN_SECONDS = 0.01
_PAUSE_SECONDS = 1.0  # after a failure of the world

log = structlog.get_logger("mailbot")


class Loop(Protocol):
    """What works until it is stopped."""

    def wake(self) -> None:
        """Say that there may be work."""

    def stop(self) -> None:
        """Finish what is at hand, then end."""

    async def run(self) -> None:
        """Work until stopped."""


class Intake:
    """Keeps what the doors take in. Mails that arrive while a commit runs share the next one (group commit)."""

    def __init__(self, context: Context, writer: Executor, clock: Clock, *, on_kept: Callable[[], None]) -> None:
        self._context = context
        self._writer = writer
        self._clock = clock
        self._on_kept = on_kept
        self._waiting: list[tuple[Arrival, asyncio.Future[int | None]]] = []
        self._committing: asyncio.Task[None] | None = None

    async def keep(self, raw: bytes, envelope: Envelope) -> None:
        """Return when the mail is on the disk. Raises StoreUnavailableError or StoreFullError when it is not."""
        arrival = Arrival(raw, envelope, self._clock())
        kept: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, kept))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit())
        inbound_id = await kept
        log.info(
            "kept",
            inbound=inbound_id,
            duplicate=inbound_id is None,
            channel=envelope.channel,
            size=len(raw),
            peer=envelope.peer,
        )

    async def _commit(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:_GROUP], self._waiting[_GROUP:]
                await self._keep_group(group)
        finally:
            self._committing = None

    async def _keep_group(self, group: Sequence[tuple[Arrival, asyncio.Future[int | None]]]) -> None:
        try:
            ids = await _in(self._writer, receive.keep, self._context.store, [arrival for arrival, _ in group])
        except BaseException as error:
            if len(group) > 1 and isinstance(error, Exception) and not isinstance(error, StoreUnavailableError):
                for each in group:  # one bad mail must not cost the others their 250; a database away costs all
                    await self._keep_group([each])
                return
            for _, kept in group:
                if not kept.done():
                    kept.set_exception(error if isinstance(error, Exception) else StoreUnavailableError("stopped"))
            return
        for (_, kept), inbound_id in zip(group, ids, strict=True):
            if not kept.done():
                kept.set_result(inbound_id)
        self._on_kept()


class Processor:
    """Decides about kept mails in the order of their arrival; the next batch is read while one is written down."""

    def __init__(
        self, context: Context, writer: Executor, reader: Executor, clock: Clock, *, on_decided: Callable[[], None]
    ) -> None:
        self._context = context
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._on_decided = on_decided
        self._wake = asyncio.Event()
        self._stopping = False
        self._seen = 0

    def wake(self) -> None:
        """Say that there may be work."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the batch at hand, then end."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped; a failure of the world or a bug costs a pause, never the loop."""
        while not self._stopping:
            self._wake.clear()
            try:
                worked = await self._drain()
            except (Exception, asyncio.CancelledError) as error:
                _unless_ended(error)
                _complain("process", error)
                self._seen = 0
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            if not worked:
                self._seen = 0  # a mail may have been put back by hand
                await _woken(self._wake, _IDLE_SECONDS)

    async def _drain(self) -> bool:
        batch = await self._take()
        worked = bool(batch.mails)
        while batch.mails:
            following = asyncio.create_task(self._take())
            try:
                await _in(self._writer, process.decide, self._context, batch.mails, batch.readings, self._clock())
            except BaseException:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
                raise
            self._on_decided()
            batch = await following
            if self._stopping:
                break
        return worked

    async def _take(self) -> process.Batch:
        batch = await _in(self._reader, process.take, self._context, self._seen, _BATCH, _BATCH_BYTES)
        if batch.mails:
            self._seen = batch.mails[-1].id
        return batch


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
                _unless_ended(error)
                _complain("dispatch", error)
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
        claims = await _in(self._writer, self._turn, results, room, now)
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
            _unless_ended(error)
            _complain("send", error)
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
            await _in(self._writer, dispatch.keep_leases, self._context, fences, now)
            self._heartbeat, self._heartbeat_at = monotonic(), now

    def _in_hand(self) -> list[Claimed]:
        return [*self._flight.values(), *(result.letter for result in self._unsettled)]

    async def _rest(self) -> None:
        """Wait for something to do; letters that are about to come back share the turn of the first."""
        woken = asyncio.create_task(self._wake.wait())
        await asyncio.wait({woken, *self._flight}, timeout=_IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()
        if self._flight:
            await asyncio.wait(self._flight, timeout=_SHARED_TURN_SECONDS)


class PageWorker:
    """Brings alarms to one of the operator's routes, a few at a time: what hangs on one does not keep the other up."""

    def __init__(
        self,
        context: Context,
        writer: Executor,
        route: PageRoute,
        pager: Pager,
        clock: Clock,
        *,
        lease: timedelta,
    ) -> None:
        self._context = context
        self._writer = writer
        self._route: PageRoute = route
        self._pager = pager
        self._clock = clock
        self._lease = lease
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Say that there may be an alarm."""
        self._wake.set()

    def stop(self) -> None:
        """Take nothing more; finish what is at hand."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped. What was not settled when the daemon ended comes again (at least once)."""
        while not self._stopping:
            self._wake.clear()
            try:
                worked = await self._step()
            except (Exception, asyncio.CancelledError) as error:
                _unless_ended(error)
                _complain("pages", error)
                worked = False
            if not worked:
                await _woken(self._wake, _IDLE_SECONDS)

    async def _step(self) -> bool:
        taken = await _in(self._writer, self._take)
        results = await asyncio.gather(*(self._page(each) for each in taken))
        if results:
            await _in(self._writer, pages.settle, self._context, results)
        return bool(results)

    def _take(self) -> list[Page]:
        return pages.take(self._context, self._route, limit=_PAGES, lease=self._lease, now=self._clock())

    async def _page(self, page: Page) -> pages.Result:
        said: str | PageError
        try:
            said = await self._pager.page(json.dumps(page.body, ensure_ascii=False).encode())
        except PageError as error:
            said = error
        level = log.error if isinstance(said, PageError) else log.info
        level("page", page=page.id, key=page.key, route=page.route, attempt=page.attempts, answer=str(said))
        return pages.Result(page, said, self._clock())


async def _in(executor: Executor, function: Callable[..., T], *arguments: object) -> T:
    return await asyncio.get_running_loop().run_in_executor(executor, function, *arguments)


async def _woken(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


def _unless_ended(error: BaseException) -> None:
    """Let a cancellation through that is meant for this task; one that strayed here is a bug like any other."""
    task = asyncio.current_task()
    if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
        raise error


def _complain(loop: str, error: BaseException) -> None:
    if isinstance(error, StoreUnavailableError):
        log.error("database away", loop=loop, error=str(error))
    else:
        log.error("a bug", loop=loop, error=f"{type(error).__name__}: {error}", exc_info=error)
