"""How does an alarm reach a person without mail? By a program of the operator's, or by a webhook."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from mailbot.channels.command import CommandPager
from mailbot.channels.webhook import WebhookPager
from mailbot.config.settings import Alarm
from mailbot.desk.routes import PageRoute
from mailbot.errors import Fault

__all__ = ["Pager", "connect", "faults"]


class Pager(Protocol):
    """A route to a person."""

    async def page(self, body: bytes) -> str:
        """Hand over an alarm, as JSON; what the other side said. Raises PageError."""
        ...


def connect(settings: Alarm) -> dict[PageRoute, Pager]:
    """The configured routes; nothing is started or connected before the first alarm."""
    pagers: dict[PageRoute, Pager] = {}
    if settings.command:
        pagers["command"] = CommandPager(settings.command, settings.timeout_seconds)
    if settings.webhook is not None:
        pagers["webhook"] = WebhookPager(settings.webhook, settings.webhook_secret, settings.timeout_seconds)
    return pagers


def faults(settings: Alarm) -> list[Fault]:
    """What keeps the command from being run; nothing is run, and nothing posted."""
    if not settings.command:
        return []
    program = Path(settings.command[0])
    mend = ""
    if not program.is_file():
        mend = "there is no such program: name one by its path, or remove this key"
    elif not os.access(program, os.X_OK):
        mend = "is not executable for this user: chmod +x"
    return [Fault("config.toml", "[alarm] command", f'"{program}"', mend)] if mend else []
