"""How do alarms get to the routes of the operator that are no mail?"""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import Executor
from datetime import timedelta

import structlog

from mailbot.channels.pager import Pager
from mailbot.desk.routes import PageRoute
from mailbot.errors import PageError
from mailbot.flows import pages
from mailbot.flows.context import Context
from mailbot.store.pages import Claimed as Page
from mailbot.workers.loop import IDLE_SECONDS, Clock, complain, in_thread, unless_ended, woken

_PAGES = 4  # brought at the same time: a storm of alarms must not become a storm of processes

log = structlog.get_logger("mailbot")


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
                unless_ended(error)
                complain("pages", error)
                worked = False
            if not worked:
                await woken(self._wake, IDLE_SECONDS)

    async def _step(self) -> bool:
        taken = await in_thread(self._writer, self._take)
        results = await asyncio.gather(*(self._page(each) for each in taken))
        if results:
            await in_thread(self._writer, pages.settle, self._context, results)
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
