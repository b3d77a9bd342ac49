"""Was this question acknowledged in time, and how does one know? Counted anew from what was kept (S16–S19)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mailbot.desk import editions
from mailbot.desk.calendar import Calendar
from mailbot.desk.contract import Menu
from mailbot.desk.incident import Urgency
from mailbot.desk.proof import Margin, Proof, margin, proof
from mailbot.errors import NotFoundError, RefusedError
from mailbot.flows.registry import existing
from mailbot.rules import Rules
from mailbot.store import calendars, events
from mailbot.store.engine import Connection
from mailbot.store.events import Event

Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class FirstResponse:
    """What was promised, how that was counted, and what became of it.

    `clock` is the incident's row (store.calendars); `first_used_at` belongs to the edition that was kept, None without
    one. `margin` is that of the acknowledgement or, while there is none, of now. `notes` say what is odd, for staff.
    """

    clock: Row
    menu: str
    counted: Proof
    first_used_at: datetime | None
    margin: Margin
    events: tuple[Event, ...]
    notes: tuple[str, ...]


def first_response_of(
    connection: Connection, rules: Rules, number: str, *, zone: ZoneInfo, now: datetime
) -> FirstResponse:
    """Prove the first response of an incident.

    Raises NotFoundError; and RefusedError where an incident from before the editions has a menu that is not sold now.
    """
    clock = calendars.clock_of(connection, number)
    if clock is None:
        raise NotFoundError(f"there is no incident {number!r}: see mailbot incident list")
    kept = clock["content"]
    menu = clock["menu"] or _menu_then(connection, clock, zone)
    calendar = editions.calendar_of(kept) if kept else _calendar_now(rules, menu, clock)
    minutes = clock["response_minutes"] or _sold(rules, menu, clock).first_response_minutes
    counted = proof(calendar, since=clock["received_at"], minutes=minutes)
    return FirstResponse(
        clock=clock,
        menu=menu,
        counted=counted,
        first_used_at=clock["first_used_at"],
        margin=margin(counted, due_at=clock["due_at"], at=clock["acknowledged_at"] or now),
        events=tuple(events.of(connection, clock["id"])),
        notes=tuple(_notes(clock, counted)),
    )


def _menu_then(connection: Connection, clock: Row, zone: ZoneInfo) -> str:
    return existing(connection, clock["contract"]).as_of(clock["received_at"].astimezone(zone).date()).menu


def _calendar_now(rules: Rules, menu: str, clock: Row) -> Calendar:
    sold = _sold(rules, menu, clock)
    return rules.calendars[sold.coverage if clock["urgency"] == Urgency.NORMAL else sold.urgent_coverage]


def _sold(rules: Rules, menu: str, clock: Row) -> Menu:
    found = rules.service.menus.get(menu)
    if found is None:
        raise RefusedError(f"{clock['number']} has the menu {menu!r}, which is not in rules/service.toml")
    return found


def _notes(clock: Row, counted: Proof) -> Iterator[str]:
    if clock["content"] is None:
        yield "no calendar was kept with this incident: counted with the one of today"
    elif editions.fingerprint(clock["content"]) != clock["edition"]:
        yield "the calendar that was kept does not fit its fingerprint: somebody changed it in the database"
    if counted.due_at != clock["due_at"]:
        yield "counted anew, it would be due at another time than was promised"
