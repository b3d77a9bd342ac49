"""Is the time of a held mail nearly over? Then the registered person in whose name it came hears that it is here.

What is said promises nothing and is no first response: staff are alarmed all the same, and the clock runs on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from mailbot.desk import latereplies
from mailbot.desk.calendar import opens_next
from mailbot.desk.contract import Contract, Language
from mailbot.desk.language import language_of
from mailbot.desk.neutral import is_told
from mailbot.flows import letters
from mailbot.flows.context import Context
from mailbot.flows.letters import Parent
from mailbot.mail.message import Mailbox
from mailbot.store import contracts, holdclock, holds, journal, outbox
from mailbot.store.engine import Connection
from mailbot.store.holds import Held

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class _Person:
    """Whom a letter goes to: the name and address that are registered, and the language and zone of the contract."""

    mailbox: Mailbox
    language: Language
    zone: ZoneInfo


def tell(context: Context, now: datetime) -> int:
    """Write to those whose held mails have waited for so long; give the number of letters."""
    with context.store.read() as connection:
        if not holdclock.waits_for_neutral(connection, now):
            return 0
    with context.store.begin() as connection:
        following: dict[int, datetime | None] = {}
        told = 0
        for mail in holdclock.for_neutral(connection, now, limit=_AT_ONCE):
            opens_at = _opens_at(context, mail, now)
            following[mail.id] = opens_at if opens_at > now else None
            told += opens_at <= now and _tell(context, connection, mail, now)
        holdclock.set_neutral(connection, following)
    return told


def _opens_at(context: Context, mail: Held, now: datetime) -> datetime:
    """What was missed while nothing ran does not leave at night where the menu sleeps (S16)."""
    menu = context.rules.service.menus.get(mail.menu or "")
    if menu is None:
        return now
    return opens_next(context.rules.calendars[menu.urgent_coverage if mail.urgent else menu.coverage], now)


def _tell(context: Context, connection: Connection, mail: Held, now: datetime) -> bool:
    person = _registered(context, connection, mail, now)
    if person is None:
        return False
    key = letters.neutral_key(person.mailbox.address, context.day(now))
    if outbox.has(connection, key) or _was_told(connection, mail):
        return False
    language = language_of(mail.excerpt) or language_of(mail.subject) or person.language  # S15
    letter = letters.neutral(
        context,
        person.mailbox,
        latereplies.neutral(context.desk, language, person.mailbox.name, mail.received_at, person.zone),
        answered=Parent(mail.message_id) if mail.proven and mail.message_id else None,
        inbound_id=mail.id,
        due_at=mail.due_at,
        now=now,
    )
    outbox.put(connection, [letter], now)
    journal.write(connection, [journal.Entry(now, f"inbound:{mail.id}", "neutral", f"to {person.mailbox.address}")])
    return True


def _was_told(connection: Connection, mail: Held) -> bool:
    """It may have been held once more since."""
    return any(row["kind"] == "neutral" for row in outbox.caused_by(connection, mail.id))


def _registered(context: Context, connection: Connection, mail: Held, now: datetime) -> _Person | None:
    """Who is it, as of now? Somebody may have been struck off while the mail waited."""
    address, today = holds.writer(mail), context.day(now)
    if address is None:
        return None
    own = contracts.registrations(connection, addresses=[address], list_ids=[])
    for each in own:
        if is_told(address, [each], (), today):
            return _person(context, each.contract, Mailbox(each.asker.name, address))
    for contract in _contact_of(connection, address).values():
        if is_told(address, (), [contract], today):
            names = {row["address"]: row["name"] for row in contracts.contacts(connection, contract.id)}
            return _person(context, contract, Mailbox(names[address], address))
    return None


def _person(context: Context, contract: Contract, mailbox: Mailbox) -> _Person:
    return _Person(mailbox, contract.language, contract.zone(context.desk.zone))


def _contact_of(connection: Connection, address: str) -> Mapping[int, Contract]:
    found = [contract_id for _, contract_id in contracts.contacts_at(connection, [address])]
    return contracts.by_ids(connection, found) if found else {}
