"""Bring alarms to the operator's command and webhook: take, (page), settle. Paging itself is a channel's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot.desk.delivery import Attempt, after_failure
from mailbot.desk.routes import PageRoute, Tried
from mailbot.errors import PageError
from mailbot.flows.context import Context
from mailbot.store import journal, pages, routes
from mailbot.store.engine import Connection
from mailbot.store.pages import Claimed, Settled

_GIVE_UP_AFTER = timedelta(hours=1)  # an alarm of yesterday calls nobody
_LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one page, and when: the route's last word, or its error."""

    page: Claimed
    said: str | PageError
    at: datetime


def take(context: Context, route: PageRoute, *, limit: int, lease: timedelta, now: datetime) -> list[Claimed]:
    """Take pages of this route that are due; each comes again when it was not settled within the lease."""
    with context.store.read() as connection:
        if not pages.due(connection, route, now):
            return []
    with context.store.begin() as connection:
        return pages.claim(connection, route, limit=limit, now=now, lease=lease)


def settle(context: Context, results: Sequence[Result]) -> None:
    """Write down what became of these pages, and how their routes fare, in one transaction."""
    with context.store.begin() as connection:
        for result in results:
            error = str(result.said) if isinstance(result.said, PageError) else ""
            routes.note(connection, [Tried(result.page.route, error)], result.at)
            _settle(connection, result)


def _settle(connection: Connection, result: Result) -> None:
    page, at = result.page, result.at
    if isinstance(result.said, str):
        pages.settle(connection, Settled(page, "sent", result.said, at, at))
        return
    attempt = Attempt(page.attempts, page.created_at, None, resend=True, permanent=False, in_doubt=False)
    following = after_failure(attempt, at, give_up_after=_GIVE_UP_AFTER, max_backoff=_LONGEST_WAIT)
    if following.state != "failed":
        pages.settle(connection, Settled(page, "ready", str(result.said), None, following.at))
    elif pages.settle(connection, Settled(page, "failed", str(result.said), None, following.at)):
        journal.write(connection, [journal.Entry(at, f"page:{page.id}", "failed", str(result.said))])
