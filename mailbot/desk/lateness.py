"""How much of the time for a first response is over, and when must people hear of it? (S18) Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mailbot.desk.calendar import Calendar
from mailbot.desk.contract import Menu
from mailbot.desk.sla import part_of_window

HALF, MOST, WHOLE = 50, 80, 100
"""Per cent of the window after which staff are alarmed, while nothing has left or nobody has decided."""
NEUTRAL = 90
"""Per cent of the window of a held mail after which its writer hears that it is here (`desk.neutral`)."""
_STAGES = (WHOLE, MOST, HALF)


@dataclass(frozen=True, slots=True)
class Window:
    """The covered time for one first response. Where its menu is known no more (None), only its end counts."""

    menu: Menu | None
    urgent: bool
    received_at: datetime
    due_at: datetime

    def passes(self, calendars: Mapping[str, Calendar], percent: int) -> datetime:
        """Give when so much of it is over, in UTC: never behind the due time, which was promised."""
        if self.menu is None or percent >= WHOLE:
            return self.due_at
        at = part_of_window(self.menu, calendars, received_at=self.received_at, urgent=self.urgent, percent=percent)
        return min(at, self.due_at)


def stage_at(window: Window, calendars: Mapping[str, Calendar], now: datetime) -> int:
    """Give the last stage that has been reached by now; 0 while less than half is over."""
    return next((stage for stage in _STAGES if window.passes(calendars, stage) <= now), 0)


def next_alarm(window: Window, calendars: Mapping[str, Calendar], stage: int) -> datetime | None:
    """Give when staff are alarmed next, once they know of this stage; None when they know of all."""
    following = [each for each in _STAGES if each > stage]
    return window.passes(calendars, following[-1]) if following else None
