"""Guide the people of a contract when its support begins (S22), tell staff when it is over (S24). Run at every tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from mailbot.desk import notices
from mailbot.desk.access import guides_now, is_over
from mailbot.desk.contract import Asker, Contract, Language, Staff, Term
from mailbot.desk.hours import in_words
from mailbot.flows import letters, staffletters
from mailbot.flows.context import Context
from mailbot.mail.message import Mailbox
from mailbot.store import access, contracts, journal, outbox, pulses
from mailbot.store.access import Newcomer, PastTerm
from mailbot.store.engine import Connection

_AT_ONCE = 32  # a transaction must be short: with SQLite, a mail that comes in waits for it

log = structlog.get_logger("mailbot")


@dataclass(frozen=True, slots=True)
class _People:
    """A contract, who may ask under it, and its contacts by address."""

    contract: Contract
    askers: tuple[Asker, ...]
    contacts: Mapping[str, Mailbox]


def sweep(context: Context, now: datetime) -> int:
    """Do what this moment asks for, a part of it if it is much; give the number of people and terms dealt with.

    What was missed while no daemon ran is made up for. Nothing is done twice, whoever else sweeps at the same time.
    While the clock is in doubt nothing is done: the day may be wrong.
    """
    with context.store.begin() as connection:
        if pulses.in_doubt(connection, now):
            return 0
        return _welcome(context, connection, now) + _tell_of_ends(context, connection, now)


def _welcome(context: Context, connection: Connection, now: datetime) -> int:
    found = access.newcomers(
        connection, today=context.day(now), begun_by=context.mailings.last_day(now), limit=_AT_ONCE
    )
    ids = sorted({each.contract_id for each in found})
    known = contracts.by_ids(connection, ids) if ids else {}
    today = context.day(now)
    due = {
        each: _people(connection, known[each].as_of(today))
        for each in ids
        if guides_now(known[each], context.mailings, now)
    }
    return sum(
        _guide(context, connection, due[each.contract_id], each, now) for each in found if each.contract_id in due
    )


def _people(connection: Connection, contract: Contract) -> _People:
    contacts = (Mailbox(row["name"], row["address"]) for row in contracts.contacts(connection, contract.id))
    return _People(contract, tuple(contracts.askers(connection, contract.id)), {box.address: box for box in contacts})


def _guide(context: Context, connection: Connection, people: _People, newcomer: Newcomer, now: datetime) -> bool:
    """Say whether this one is dealt with."""
    contract = people.contract
    asker = next((each for each in people.askers if each.address == newcomer.address), None)
    contact = people.contacts.get(newcomer.address)
    recipient = Mailbox(asker.name, asker.address) if asker else contact
    entry = journal.Entry(now, f"contract:{contract.id}", "not-welcomed", f"{newcomer.address}: is registered no more")
    if recipient is not None:
        said = _guidance(context, people, recipient, asker, now)
        try:
            letter = letters.welcome(context, said, now)
        except Exception as error:  # the others shall have theirs; this one has it when what is broken is mended
            log.error("a bug", welcome=newcomer.address, contract=contract.number, exc_info=error)
            return False
        outbox.put(connection, [letter], now)
        entry = journal.Entry(now, f"contract:{contract.id}", "welcomed", newcomer.address)
    access.settle(connection, newcomer, sent=recipient is not None, now=now)
    journal.write(connection, [entry])
    return True


def _guidance(
    context: Context, people: _People, recipient: Mailbox, asker: Asker | None, now: datetime
) -> notices.Welcome:
    contract = people.contract
    return notices.Welcome(
        language=contract.language,
        contract=contract,
        term=next(term for term in contract.terms if term.holds(context.day(now))),
        offered=_offered(context, contract, contract.language, now),
        recipient=recipient,
        asker=asker,
        is_contact=recipient.address in people.contacts,
        askers=people.askers,
        registry=context.addresses.address_of("registry"),
    )


def _offered(context: Context, contract: Contract, language: Language, now: datetime) -> notices.Offered:
    service, calendars = context.rules.service, context.rules.calendars
    menu = service.menus[contract.menu]
    hours = in_words(calendars[menu.coverage], language, now)
    urgent_hours = in_words(calendars[menu.urgent_coverage], language, now)
    return notices.Offered(
        service=service.title[language],
        menu=menu.title[language],
        products=tuple(product.title for product in service.products.values()),
        hours=hours,
        urgent_hours="" if urgent_hours == hours else urgent_hours,
        minutes=menu.first_response_minutes,
    )


def _tell_of_ends(context: Context, connection: Connection, now: datetime) -> int:
    """Without staff nobody can be told: the ends wait until there is somebody."""
    found = access.past_terms(connection, ended_before=context.mailings.last_day(now), limit=_AT_ONCE)
    people = contracts.all_staff(connection) if found else []
    if not people:
        return 0
    known = contracts.by_ids(connection, sorted({each.contract_id for each in found}))
    done = [each.id for each in found if _tell_of_end(context, connection, each, known[each.contract_id], people, now)]
    access.close(connection, done)
    return len(done)


def _tell_of_end(
    context: Context,
    connection: Connection,
    past: PastTerm,
    contract: Contract,
    people: Sequence[Staff],
    now: datetime,
) -> bool:
    """Say whether this one is dealt with. A term that another one follows is no end, nor is one that was over when it
    was registered, as history.
    """
    if not is_over(contract, past.term) or past.term.ends_on < context.day(past.registered_at):
        return True
    contract = contract.as_of(past.term.ends_on)
    what = _what_ended(connection, contract, past.term)
    titles = context.rules.service.menus[contract.menu].title
    try:
        told = [
            staffletters.term_ended(context, each, replace(what, menu=titles[each.language]), now) for each in people
        ]
    except Exception as error:  # as with the guides
        log.error("a bug", term_ended=contract.number, exc_info=error)
        return False
    outbox.put(connection, told, now)
    how = "cancelled" if contract.cancelled_at else "not renewed"
    why = f"on {past.term.ends_on}, {how}; staff were told"
    journal.write(connection, [journal.Entry(now, f"contract:{contract.id}", "ended", why)])
    return True


def _what_ended(connection: Connection, contract: Contract, term: Term) -> notices.TermEnded:
    return notices.TermEnded(
        contract=contract,
        menu=contract.menu,
        ended_on=term.ends_on,
        cancelled_at=contract.cancelled_at,
        contacts=tuple(Mailbox(row["name"], row["address"]) for row in contracts.contacts(connection, contract.id)),
        incidents=[
            notices.OpenIncident(row["number"], row["status"], row["subject"], Mailbox(row["name"], row["address"]))
            for row in access.open_incidents(connection, contract.id)
        ],
    )
