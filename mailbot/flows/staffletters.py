"""Which mails do those who answer get, and how does each leave?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from mailbot.desk import notices, reminding, replies
from mailbot.desk.contract import Staff
from mailbot.desk.incident import Incident
from mailbot.flows.context import Context
from mailbot.flows.posting import Place, for_staff, letter_of, mailbox_of
from mailbot.mail.message import Mailbox, Message
from mailbot.store import outbox
from mailbot.store.outbox import NewLetter

if TYPE_CHECKING:
    from mailbot.flows.paging import Alarm


@dataclass(frozen=True, slots=True)
class Lost:
    """A mail of ours that did not arrive, and why."""

    outbox_id: int
    key: str
    incident_number: str | None
    recipient: str
    subject: str
    reason: str


def question(
    context: Context,
    person: Staff,
    *,
    incident: Incident,
    said: replies.Question,
    inbound_id: int,
    now: datetime,
) -> NewLetter:
    """Tell one of staff that a customer wrote. Where it asks how urgent that is, the answer may hold orders."""
    place = for_staff(
        context,
        key=f"question:{inbound_id}:{person.id}",
        kind="question",
        incident=incident,
        inbound_id=inbound_id,
        orders_of=person if said.orders else None,
    )
    return letter_of(context, place, replies.question(context.desk, said), mailbox_of(person), None, now)


def to_staff(
    context: Context,
    person: Staff,
    *,
    key: str,
    kind: str,
    said: replies.Wording,
    inbound_id: int | None,
    now: datetime,
) -> NewLetter:
    """Tell one of staff something that belongs to no incident."""
    place = for_staff(
        context, key=f"{key}:{person.id}", kind=kind, incident=None, inbound_id=inbound_id, orders_of=person
    )
    return letter_of(context, place, said, mailbox_of(person), None, now)


def held(context: Context, person: Staff, mails: Sequence[replies.HeldMail], now: datetime) -> NewLetter:
    """Tell one of staff which mails wait for a person; the answer may hold orders. A letter about one mail belongs to
    it, so that an order that answers it need not name it.
    """
    newest = max(mail.id for mail in mails)
    place = for_staff(
        context,
        key=f"held:{newest}:{person.id}:{now:%Y%m%dT%H%M%S}",
        kind="digest",
        incident=None,
        inbound_id=newest if len(mails) == 1 else None,
        orders_of=person,
    )
    return letter_of(context, place, replies.held(context.desk, person.language, mails), mailbox_of(person), None, now)


def alarm_of(context: Context, person: Staff, alarm: Alarm, now: datetime) -> NewLetter:
    """Tell one of staff, before everything else, what must not be missed."""
    place = _for_alarm(context, alarm, str(person.id), person)
    return letter_of(context, place, alarm.say(person.language), mailbox_of(person), None, now)


def alarm_elsewhere(context: Context, address: str, alarm: Alarm, now: datetime) -> NewLetter:
    """Tell a normalised address that was configured for alarms; it is of nobody of staff, so it orders nothing."""
    place = _for_alarm(context, alarm, address, None)
    return letter_of(context, place, alarm.say(context.alarms.language), Mailbox("", address), None, now)


def _for_alarm(context: Context, alarm: Alarm, whom: str, orders_of: Staff | None) -> Place:
    place = for_staff(
        context,
        key=f"alarm:{alarm.key}:{whom}",
        kind="alarm",
        incident=alarm.incident,
        inbound_id=alarm.inbound_id,
        orders_of=orders_of,
    )
    return replace(place, priority=outbox.URGENT, way=alarm.way)


def reminder(
    context: Context, person: Staff, about: str, owed: Sequence[reminding.DueAnswer], now: datetime
) -> NewLetter:
    """Remind one of staff of the answers that are due."""
    key = f"reminder:{about}:{now:%Y%m%dT%H%M%S}:{person.id}"
    place = for_staff(context, key=key, kind="reminder", incident=None, inbound_id=None)
    said = reminding.reminder(context.desk, person.language, owed)
    return letter_of(context, place, said, mailbox_of(person), None, now)


def transcript(
    context: Context, person: Staff, said: replies.Transcript, answered: Message, inbound_id: int, now: datetime
) -> NewLetter:
    """Tell one of staff, once a mail, what became of the orders in it."""
    key = f"transcript:{inbound_id}"
    place = for_staff(
        context, key=key, kind="transcript", incident=None, inbound_id=inbound_id, orders_of=person, to_reply=True
    )
    return letter_of(context, place, replies.transcript(context.desk, said), mailbox_of(person), answered, now)


def failed(context: Context, person: Staff, mail: replies.FailedMail, attempt: int, now: datetime) -> NewLetter:
    """Tell one of staff, once, that a mail broke the program."""
    place = for_staff(
        context, key=f"failed:{mail.id}:{attempt}:{person.id}", kind="failed", incident=None, inbound_id=mail.id
    )
    return letter_of(context, place, replies.failed(context.desk, person.language, mail), mailbox_of(person), None, now)


def undelivered(context: Context, person: Staff, lost: Lost, now: datetime) -> NewLetter:
    """Tell one of staff that a mail of ours did not arrive."""
    what = replies.UndeliveredLetter(
        lost.outbox_id, lost.key, lost.incident_number, lost.recipient, lost.subject, lost.reason, now
    )
    place = for_staff(
        context, key=f"undelivered:{lost.outbox_id}:{person.id}", kind="undelivered", incident=None, inbound_id=None
    )
    return letter_of(
        context, place, replies.undelivered(context.desk, person.language, what), mailbox_of(person), None, now
    )


def term_ended(context: Context, person: Staff, said: notices.TermEnded, now: datetime) -> NewLetter:
    """Tell one of staff, once a last day, that a contract has ended (S24)."""
    place = for_staff(
        context,
        key=f"term-ended:{said.contract.id}:{said.ended_on}:{person.id}",
        kind="term-ended",
        incident=None,
        inbound_id=None,
    )
    return letter_of(
        context, place, notices.term_ended(context.desk, person.language, said), mailbox_of(person), None, now
    )
