"""Call people when something may be missed: an alarm reaches a person although the usual way does not work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mailbot.desk.contract import Language, Staff
from mailbot.desk.incident import Incident
from mailbot.desk.replies import Wording
from mailbot.desk.routes import Way
from mailbot.flows import staffletters
from mailbot.flows.context import Context
from mailbot.mail.address import normalise
from mailbot.store import contracts, outbox, pages
from mailbot.store.engine import Connection
from mailbot.store.outbox import NewLetter


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a person must know now. `key` makes it one, however often it is raised, such as `late:12:80`.

    `say` writes it in the reader's language; `facts` are the same for programs, flat and without anything internal to
    a customer's mail but what the reader may see. `inbound_id` is the one held mail that it is about, if it is one: an
    order in answer to it need not name that mail then. `to` are those who are written to, nobody where they hear of it
    by letters of their own; None is those whom the configuration names. `calls` is false where nobody is to be woken:
    then it is mail to all staff, and nothing else. `way` is the relay by which its letters prefer to leave.
    """

    key: str
    kind: str
    say: Callable[[Language], Wording]
    incident: Incident | None = None
    inbound_id: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    to: tuple[Staff, ...] | None = None
    calls: bool = True
    way: Way = "second"


def raise_alarm(context: Context, connection: Connection, alarm: Alarm, now: datetime) -> bool:
    """Queue the alarm in the caller's transaction; false when there is nobody whom it could reach."""
    written = letters_of(context, connection, alarm, now)
    routes = context.alarms.pages if alarm.calls else ()
    outbox.put(connection, written, now)
    if routes:
        pages.put(connection, alarm.key, routes, body(context, alarm, now), now)
    return bool(written or routes)


def letters_of(context: Context, connection: Connection, alarm: Alarm, now: datetime) -> list[NewLetter]:
    """Write to the addresses configured for alarms, else to all staff; one of staff may answer with orders."""
    if alarm.to is not None:
        return [staffletters.alarm_of(context, person, alarm, now) for person in alarm.to]
    people = contracts.all_staff(connection)
    if not context.alarms.to or not alarm.calls:
        return [staffletters.alarm_of(context, person, alarm, now) for person in people]
    known = {person.address: person for person in people}
    return [
        staffletters.alarm_of(context, known[address], alarm, now)
        if address in known
        else staffletters.alarm_elsewhere(context, address, alarm, now)
        for address in dict.fromkeys(map(normalise, context.alarms.to))
    ]


def body(context: Context, alarm: Alarm, now: datetime) -> dict[str, object]:
    """Give the alarm as programs get it, in the desk's first language; `at` is ISO 8601 in UTC."""
    wording = alarm.say(context.alarms.language)
    rendered = context.templates.render(wording.language, wording.template, wording.variables)
    return {
        "kind": alarm.kind,
        "key": alarm.key,
        "subject": rendered.subject,
        "text": rendered.text,
        "facts": dict(alarm.facts),
        "at": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "desk": context.desk.address,
    }
