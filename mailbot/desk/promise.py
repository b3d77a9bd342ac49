"""What does an acknowledgement promise, by which clock, and why? (S16–S19, S21) Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from mailbot.desk.calendar import Calendar, opens_next
from mailbot.desk.contract import Language, Menu
from mailbot.desk.hours import in_words
from mailbot.desk.moments import moment_in
from mailbot.desk.sla import Due


@dataclass(frozen=True, slots=True)
class Promise:
    """By when the customer is answered, and how that is counted: `minutes` of the time that the menu covers.

    `answer_by` is None where that time is over already, since nobody can promise it any more. `opens_at` is set while
    the covered time has not begun: it counts from there. `hours` are those of every question, empty where every minute
    counts; `urgent_hours` those of urgent ones, empty where the menu gives no more for them; both in words.
    `open_menu` is the title of a menu that covers an urgent question at this very time; empty where this one does, or
    where no such question waits.
    """

    received_at: datetime
    answer_by: datetime | None
    opens_at: datetime | None
    minutes: int
    hours: str
    urgent_hours: str
    open_menu: str


@dataclass(frozen=True, slots=True)
class PromisedAnswer:
    """A person's answer, where the menu promises one: by when, and after how many minutes, covered or real."""

    due_at: datetime
    minutes: int
    in_covered_time: bool


@dataclass(frozen=True, slots=True)
class Sold:
    """What the promise depends on: the contract's menu among all that are sold, and the calendars that they name."""

    menu: Menu
    menus: Iterable[Menu]
    calendars: Mapping[str, Calendar]


def promise_of(
    sold: Sold,
    due: Due,
    answer: PromisedAnswer | None,
    *,
    received_at: datetime,
    urgent: bool,
    language: Language,
    now: datetime,
) -> Promise:
    """Promise a person's answer where one is sold, else what the due time says, in words of this language; `now` may be
    long after the arrival, for what waited for a person.
    """
    menu, calendars = sold.menu, sold.calendars
    hours = in_words(calendars[menu.coverage], language, received_at)
    urgent_hours = in_words(calendars[menu.urgent_coverage], language, received_at)
    in_covered_time = answer is None or answer.in_covered_time
    waits = due.starts_at > now and in_covered_time
    due_at = answer.due_at if answer else due.due_at
    return Promise(
        received_at=received_at,
        answer_by=due_at if due_at > now else None,
        opens_at=due.starts_at if waits else None,
        minutes=answer.minutes if answer else menu.first_response_minutes,
        hours=hours if in_covered_time else "",
        urgent_hours="" if urgent_hours == hours or not in_covered_time else urgent_hours,
        open_menu=_open_menu(sold, now, language) if urgent and waits else "",
    )


def _open_menu(sold: Sold, at: datetime, language: Language) -> str:
    """The cheapest one that would have covered it (S17)."""
    covering = [each for each in sold.menus if opens_next(sold.calendars[each.urgent_coverage], at) == at]
    found = min(covering, key=lambda menu: menu.price_yen, default=None)
    return found.title[language] if found else ""


def variables_of_promise(
    promise: Promise, language: Language, *, zone: ZoneInfo, desk_zone: ZoneInfo
) -> dict[str, object]:
    """Give the promise's words to a template; each moment in the reader's zone, and in the desk's if that differs."""

    def told(at: datetime | None) -> str:
        return "" if at is None else moment_in(at, language, zone, desk_zone)

    return {
        "received_at": told(promise.received_at),
        "answer_by": told(promise.answer_by),
        "opens_at": told(promise.opens_at),
        "minutes": str(promise.minutes),
        "hours": promise.hours,
        "urgent_hours": promise.urgent_hours,
        "open_menu": promise.open_menu,
    }
