"""Guide the people of a contract when its support begins (S22), tell staff when it is over (S24). Run at every tick."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import structlog

from mailbot.desk import notices
from mailbot.desk.access import Guide, guide, is_over
from mailbot.desk.contract import Contract, Language, Staff, Term
from mailbot.desk.hours import in_words
from mailbot.errors import MailbotError
from mailbot.flows import letters
from mailbot.flows.context import Context
from mailbot.mail.message import Mailbox
from mailbot.store import access, contracts, journal, outbox
from mailbot.store.access import Newcomer, PastTerm
from mailbot.store.engine import Connection
from mailbot.store.outbox import NewLetter

_AT_ONCE = 32  # a transaction must be short: with SQLite, a mail that comes in waits for it

log = structlog.get_logger("mailbot")


def sweep(context: Context, now: datetime) -> int:
    """Do what this moment asks for, a part of it if it is much; give the number of people and terms dealt with.

    What was missed while no daemon ran is made up for. Nothing is done twice, whoever else sweeps at the same time.
    """
    with context.store.begin() as connection:
        return _welcome(context, connection, now) + _tell_of_ends(context, connection, now)


def _welcome(context: Context, connection: Connection, now: datetime) -> int:
    found = access.newcomers(
        connection, today=context.day(now), begun_by=context.mailings.last_day(now), limit=_AT_ONCE
    )
    known = contracts.by_ids(connection, sorted({each.contract_id for each in found})) if found else {}
    return sum(_guide(context, connection, each, known[each.contract_id], now) for each in found)


def _guide(context: Context, connection: Connection, newcomer: Newcomer, contract: Contract, now: datetime) -> bool:
    """Say whether this one is dealt with."""
    due = guide(contract, context.mailings, now)
    if due is Guide.WAIT:
        return False
    said = _guidance(context, connection, newcomer.address, contract, now) if due is Guide.SEND else None
    letter = None
    if said is not None:
        try:
            letter = letters.welcome(context, said, now)
        except MailbotError:
            raise
        except Exception as error:  # the others shall have theirs; this one has it when what is broken is mended
            log.error("a bug", welcome=newcomer.address, contract=contract.number, exc_info=error)
            return False
        outbox.put(connection, [letter], now)
    access.settle(connection, newcomer, sent=letter is not None, now=now)
    what, why = ("welcomed", "support has begun") if letter else ("not-welcomed", "contract or person is gone")
    entry = journal.Entry(now, f"contract:{contract.id}", what, f"{newcomer.address}: {why}")
    journal.write(connection, [entry])
    return True


def _guidance(
    context: Context, connection: Connection, address: str, contract: Contract, now: datetime
) -> notices.Welcome | None:
    """What the guide says to the owner of this address; None when the contract does not name them any more."""
    askers = contracts.askers(connection, contract.id)
    asker = next((each for each in askers if each.address == address), None)
    contacts = [Mailbox(row["name"], row["address"]) for row in contracts.contacts(connection, contract.id)]
    contact = next((each for each in contacts if each.address == address), None)
    recipient = Mailbox(asker.name, asker.address) if asker else contact
    if recipient is None:
        return None
    language = contract.language
    return notices.Welcome(
        language=language,
        contract=contract,
        term=next(term for term in contract.terms if term.holds(context.day(now))),
        offered=_offered(context, contract, language, now),
        recipient=recipient,
        asker=asker,
        is_contact=contact is not None,
        askers=tuple(askers),
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
    done = []
    for past in found:
        contract = known[past.contract_id]
        try:
            told = _ended(context, connection, past, contract, people, now)
        except MailbotError:
            raise
        except Exception as error:  # as with the guides
            log.error("a bug", term_ended=contract.number, exc_info=error)
            continue
        outbox.put(connection, told, now)
        journal.write(connection, list(_entries(past.term, contract, told, now)))
        done.append(past.id)
    access.close(connection, done)
    return len(done)


def _ended(
    context: Context,
    connection: Connection,
    past: PastTerm,
    contract: Contract,
    people: Sequence[Staff],
    now: datetime,
) -> list[NewLetter]:
    """Nothing is told of a term that another one follows, or that was over when it was registered, as history."""
    if not is_over(contract, past.term) or past.term.ends_on < context.day(past.registered_at):
        return []
    incidents = [
        notices.OpenIncident(row["number"], row["status"], row["subject"], Mailbox(row["name"], row["address"]))
        for row in access.open_incidents(connection, contract.id)
    ]
    contacts = tuple(Mailbox(row["name"], row["address"]) for row in contracts.contacts(connection, contract.id))
    menu = context.rules.service.menus[contract.menu]
    return [
        letters.term_ended(
            context,
            person,
            notices.TermEnded(
                contract=contract,
                menu=menu.title[person.language],
                ended_on=past.term.ends_on,
                cancelled_at=contract.cancelled_at,
                contacts=contacts,
                incidents=incidents,
            ),
            now,
        )
        for person in people
    ]


def _entries(term: Term, contract: Contract, told: Sequence[NewLetter], now: datetime) -> Iterator[journal.Entry]:
    if told:
        how = "cancelled" if contract.cancelled_at else "not renewed"
        yield journal.Entry(now, f"contract:{contract.id}", "ended", f"on {term.ends_on}, {how}; staff were told")
