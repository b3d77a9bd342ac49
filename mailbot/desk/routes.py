"""By which routes do letters and alarms leave, and since when does one of them fail? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

Way = Literal["first", "second"]
"""The relays, in the order in which mail prefers them."""
PageRoute = Literal["command", "webhook"]
"""The operator's own ways to a person."""
Route = Way | PageRoute

FAILING_AFTER = timedelta(seconds=20)  # with a sweep every few seconds, people hear of it within a minute
_OK_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Tried:
    """A route was tried; `error` is why it failed, and empty when it works, whatever it said to this one letter."""

    route: Route
    error: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """How a route fares. `failed_at` is its newest failure, until it has failed long enough to be called an outage;
    `told_at` is when people were told of that, until they are told that it works again.
    """

    route: Route
    last_ok_at: datetime | None = None
    failing_since: datetime | None = None
    failed_at: datetime | None = None
    error: str | None = None
    told_at: datetime | None = None


_INSTEAD = "by the {} relay: "


def instead(way: Way, answer: str) -> str:
    """Say in an answer that the letter went by this relay, and not by the one that it preferred."""
    return _INSTEAD.format(way) + answer


def went_instead(answer: str) -> bool:
    """Say whether `instead` wrote this answer."""
    return answer.startswith((_INSTEAD.format("first"), _INSTEAD.format("second")))


def after(health: Health, tried: Sequence[Tried], now: datetime) -> Health:
    """Give the route's health after these tries of it, in their order; the very same value when nothing is worth a
    note: that it still works is one only every minute, so that no mail costs a write.
    """
    for each in tried:
        health = _failed(health, each.error, now) if each.error else _worked(health, now)
    return health


def _failed(health: Health, error: str, now: datetime) -> Health:
    if _is_outage(health) and health.error == error:
        return health
    return replace(health, failing_since=health.failing_since or now, failed_at=now, error=error)


def _is_outage(health: Health) -> bool:
    """One failure is none: a line may be cut once, and nothing go over it for hours."""
    since, last = health.failing_since, health.failed_at
    return since is not None and last is not None and last - since >= FAILING_AFTER


def _worked(health: Health, now: datetime) -> Health:
    fresh = health.last_ok_at is not None and timedelta(0) <= now - health.last_ok_at < _OK_NOTED_EVERY
    if health.failing_since is None and fresh:
        return health
    return replace(health, last_ok_at=now, failing_since=None, failed_at=None, error=None)


def to_tell(health: Health) -> Literal["fails", "works again"] | None:
    """What people must be told of a route now, once for each outage; None: nothing."""
    if health.told_at is not None:
        return "works again" if health.failing_since is None else None
    return "fails" if _is_outage(health) else None
