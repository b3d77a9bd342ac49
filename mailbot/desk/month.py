"""Which month is meant, and when does it begin and end? Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mailbot.desk.calendar import local_moment
from mailbot.desk.contract import Language

_WRITTEN = re.compile(r"([0-9]{4})-([0-9]{2})")
_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the desk's calendar."""

    year: int
    month: int

    @classmethod
    def of(cls, written: str) -> Month:
        """Read `2026-10`. Raises ValueError for anything else, and for years whose calendars are not known."""
        found = _WRITTEN.fullmatch(written)
        if found is None or not 1 <= int(found[2]) <= 12 or not 1990 <= int(found[1]) <= 2200:
            raise ValueError(f"{written!r} is no month from 1990-01 to 2200-12")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.month, self.days)

    @property
    def days(self) -> int:
        """How many days it has."""
        return monthrange(self.year, self.month)[1]

    def begins(self, zone: ZoneInfo) -> datetime:
        """Give its first moment there, in UTC."""
        return local_moment(zone, self.first, 0)

    def ends(self, zone: ZoneInfo) -> datetime:
        """Give the first moment there that is no longer in it, in UTC."""
        return local_moment(zone, self.last + timedelta(days=1), 0)

    def called(self, language: Language) -> str:
        """`2026年10月` or `October 2026`."""
        return f"{self.year}年{self.month}月" if language == "ja" else f"{_NAMES[self.month - 1]} {self.year}"
