"""Where can the program be broken on purpose? At named points, armed by the crash tests and by nothing else.

`MAILBOT_FAULT=<point>:<n>:<kill|raise|enospc|cancel>` breaks the program at the n-th pass through that point.
"""

from __future__ import annotations

import asyncio
import errno
import os
import signal

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

_point, _, _rest = os.environ.get("MAILBOT_FAULT", "").partition(":")
_count, _, _kind = _rest.partition(":")
_left = int(_count) if _count.isdigit() else 1
if _point and _point not in POINTS:
    raise SystemExit(f"MAILBOT_FAULT: there is no point {_point!r}; known: {', '.join(sorted(POINTS))}")


class InjectedFaultError(Exception):
    """Raised on purpose; its text must never reach a peer."""


def hit(point: str) -> None:
    """Pass the named point; break there if this pass was asked for."""
    if point != _point:
        return
    global _left  # noqa: PLW0603 - a countdown, only ever armed by a test
    _left -= 1
    if _left != 0:
        return
    match _kind:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "enospc":
            raise OSError(errno.ENOSPC, "no space left on device (injected)")
        case "cancel":
            raise asyncio.CancelledError
        case _:
            raise InjectedFaultError(f"password=secret at {point}")
