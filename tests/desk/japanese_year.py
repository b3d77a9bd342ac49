"""A second implementation of the worked example's clock, as unlike the first as can be: a flat row of minutes.

Nothing of the program is used here, no library of holidays and no time zone: hours and closed days come from tables
that were written by hand (Tokyo has had one offset from UTC since 1951). What is due is found by counting.
"""

from __future__ import annotations

import tomllib
from array import array
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path

DAY = 1440
OPENS, CLOSES = 9 * 60, 18 * 60
YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}  # S16, as rules/calendar.toml has it


@cache
def national_holidays() -> dict[date, str]:
    """The list in japanese_holidays.toml, by day."""
    text = (Path(__file__).parent / "japanese_holidays.toml").read_text(encoding="utf-8")
    return {
        date.fromisoformat(f"{year}-{day}"): name
        for year, named in tomllib.loads(text).items()
        for name, days in named.items()
        for day in ([days] if isinstance(days, str) else days)
    }


def is_business_day(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in national_holidays() and (day.month, day.day) not in YEAR_END


class Year:
    """The minutes from 1 January 00:00 in Tokyo on, with those of some weeks of the next year: open or not."""

    def __init__(self, year: int, *, round_the_clock: bool) -> None:
        self.first = date(year, 1, 1)
        self.minutes = (date(year + 1, 1, 1) - self.first).days * DAY
        row = bytearray()
        for number in range(self.minutes // DAY + 21):
            if round_the_clock:
                row += b"\1" * DAY
            elif is_business_day(self.first + timedelta(days=number)):
                row += b"\0" * OPENS + b"\1" * (CLOSES - OPENS) + b"\0" * (DAY - CLOSES)
            else:
                row += b"\0" * DAY
        self.row = bytes(row)
        self.open_minutes = array("l", (minute for minute, is_open in enumerate(row) if is_open))
        self.open_before = array("l", (0, *accumulate(row)))

    def due(self, minute: int, wanted: int) -> int:
        """The minute at which so many open minutes are over, for a mail that came at the beginning of this one."""
        return self.open_minutes[self.open_before[minute] + wanted - 1] + 1

    def due_second(self, second: int, wanted: int) -> int:
        """The same for any second, by walking from one minute to the next."""
        here, left = second, wanted * 60
        while left:
            step = 60 - here % 60
            if self.row[here // 60]:
                step = min(step, left)
                left -= step
            here += step
        return here
