"""Call people when something may be missed: an alarm reaches a person although the usual way does not work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mailbot.desk.contract import Language, Staff
from mailbot.desk.incident import Incident
from mailbot.desk.replies import Wording
from mailbot.flows import letters
from mailbot.flows.context import Context
from mailbot.store import contracts, outbox
from mailbot.store.engine import Connection


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a person must know now. `key` makes it one, however often it is raised, such as `late:12:80`.

    `say` writes it in the reader's language; `facts` are the same for programs, flat and without anything internal to
    a customer's mail but what the reader may see. `inbound_id` is the one held mail that it is about, if it is one: an
    order in answer to it need not name that mail then. `to` are those who are written to; None is all staff, and nobody
    where they hear of it by letters of their own.
    """

    key: str
    kind: str
    say: Callable[[Language], Wording]
    incident: Incident | None = None
    inbound_id: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    to: tuple[Staff, ...] | None = None


def raise_alarm(context: Context, connection: Connection, alarm: Alarm, now: datetime) -> bool:
    """Queue the alarm in the caller's transaction; false when there is nobody whom it could reach."""
    people = contracts.all_staff(connection) if alarm.to is None else alarm.to
    outbox.put(connection, [letters.alarm_of(context, person, alarm, now) for person in people], now)
    return bool(people)
