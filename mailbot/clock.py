"""What time is it, and how long has this machine run? The only place that asks; everything below `app` is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")  # random(4): another one after every boot
_AT_ONCE_SECONDS = 1.0
_TRIES = 10


class Reading(NamedTuple):
    """Both clocks at one moment: the wall's (UTC), and the seconds since the boot with this id, sleep included."""

    at: datetime
    since_boot: float
    boot: str


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def reading(wall: Callable[[], datetime] = now) -> Reading:
    """Read both clocks, `wall` being the one on the wall. A process that is stopped between the two reads again."""
    at, before, after = wall(), 0.0, 0.0
    for _ in range(_TRIES):
        before = _since_boot()
        at = wall()
        after = _since_boot()
        if after - before <= _AT_ONCE_SECONDS:
            break
    return Reading(at, after, _boot())


def _since_boot() -> float:
    if hasattr(time, "CLOCK_BOOTTIME"):  # clock_gettime(2): goes on while the machine sleeps
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def _boot() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""
