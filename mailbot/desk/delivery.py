"""What next, when a mail could not be handed to the relay? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

_FIRST_WAIT = timedelta(seconds=10)
_WHILE_DUE = timedelta(seconds=60)
_DUE_FOR = timedelta(days=1)  # what is late is worth as many tries: it must not sleep when the relay is back


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that failed: how many there were with this one, and what the mail is bound to.

    `due_at` is the time by which it must have left, if there is one; `resend` says whether it may go out again when
    nobody knows if the relay took it.
    """

    attempts: int
    created_at: datetime
    due_at: datetime | None
    resend: bool
    permanent: bool
    in_doubt: bool


@dataclass(frozen=True, slots=True)
class Next:
    """The state that follows, and when to try again (meaningless for `failed`)."""

    state: Literal["ready", "in_doubt", "failed"]
    at: datetime


def after_failure(attempt: Attempt, now: datetime, *, give_up_after: timedelta, max_backoff: timedelta) -> Next:
    """Decide about a mail whose try failed at `now` (RFC 5321 §4.5.4.1).

    It is not given up before half of the tries were made that so long a time holds: the clock may have been set, or
    the desk not have run.
    """
    if attempt.in_doubt:
        # Invariant 5: acknowledgements and answers go again with the same Message-ID; the rest waits for staff.
        return Next("in_doubt", now + _wait(attempt, now, max_backoff))
    tried = 2 * attempt.attempts * max_backoff >= give_up_after
    if attempt.permanent or (tried and now - attempt.created_at >= give_up_after):
        return Next("failed", now)
    return Next("ready", now + _wait(attempt, now, max_backoff))


def _wait(attempt: Attempt, now: datetime, max_backoff: timedelta) -> timedelta:
    doubled = min(_FIRST_WAIT * (1 << min(attempt.attempts - 1, 20)), max_backoff)
    if attempt.due_at is not None and now < attempt.due_at + _DUE_FOR:
        return min(doubled, _WHILE_DUE)
    return doubled
