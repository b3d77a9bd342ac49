"""Where can the program be broken on purpose? Named points that the crash tests arm; unarmed, each is one comparison.

`MAILBOT_FAULT=<point>:<n>:<kill|raise|enospc|cancel>` breaks the program at the n-th pass through that point, once.
"""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from dataclasses import dataclass

POINTS = frozenset(
    {
        "receive.before-insert",
        "receive.before-commit",
        "receive.after-commit",
        "smtp.before-reply",
        "process.before-read",
        "process.before-apply",
        "process.before-commit",
        "process.after-commit",
        "dispatch.before-claim",
        "dispatch.after-claim",
        "dispatch.before-send",
        "dispatch.after-send",
        "dispatch.before-settle",
        "dispatch.after-settle",
    }
)
"""Every point, so that the tests can count that each was reached."""


class InjectedFaultError(Exception):
    """Raised on purpose; its text must never reach a peer."""


@dataclass(slots=True)
class _Armed:
    point: str = ""
    left: int = 0
    kind: str = "raise"


_armed = _Armed()


def arm(fault: str) -> None:
    """Break at `<point>:<n>:<kind>` from now on, as MAILBOT_FAULT says it; the empty text disarms."""
    point, _, rest = fault.partition(":")
    count, _, kind = rest.partition(":")
    if point and point not in POINTS:
        raise SystemExit(f"MAILBOT_FAULT: there is no point {point!r}; known: {', '.join(sorted(POINTS))}")
    _armed.point, _armed.left, _armed.kind = point, int(count) if count.isdigit() else 1, kind or "raise"


def waiting() -> bool:
    """Say whether a fault is armed that has not happened yet."""
    return bool(_armed.point) and _armed.left > 0


def hit(point: str) -> None:
    """Pass the named point; break there if this pass was asked for."""
    if point != _armed.point:
        return
    _armed.left -= 1
    if _armed.left != 0:
        return
    _tell(point)
    match _armed.kind:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "enospc":
            raise OSError(errno.ENOSPC, "no space left on device (injected)")
        case "cancel":
            raise asyncio.CancelledError
        case _:
            raise InjectedFaultError(f"password=secret at {point}")


def _tell(point: str) -> None:
    import structlog  # only ever needed by a test

    structlog.get_logger("mailbot").warning("fault injected", point=point, kind=_armed.kind)


arm(os.environ.get("MAILBOT_FAULT", ""))
