"""What may a person decide about a held mail? Each decision is done whole, or said why not; doing it twice is harmless.

By mail (`flows.orders`) and by command line alike. `by` is who decided, for the journal.
"""

from __future__ import annotations

from datetime import datetime

from mailbot.desk.contract import Asker
from mailbot.desk.incident import Status
from mailbot.desk.orders import Outcome, Said, listed, needs_contract
from mailbot.errors import InputError, RefusedError
from mailbot.flows.application import Offer
from mailbot.flows.registry import enter_asker
from mailbot.mail.address import normalise
from mailbot.mail.header import clean
from mailbot.store import contracts, holds, inbound, incidents, journal, participants
from mailbot.store.engine import Connection
from mailbot.store.holds import Held

_DECISIONS = frozenset({"released", "rejected", "ignored", "registered", "let-in", "retried"})
_STRANGERS = frozenset({"stranger", "known-domain", "contact"})
"""Reasons that are gone once the writer is registered."""


def release(
    connection: Connection, inbound_id: int, *, contract: str | None, address: str | None, by: str, now: datetime
) -> Outcome:
    """Let a held mail go its way; with a contract's number, in the name of one of its askers (S28): the
    acknowledgement goes to him, and never to a stranger who wrote.
    """
    mail = holds.by_id(connection, inbound_id)
    if mail is None:
        return gone(connection, inbound_id)
    asker = None
    if contract is not None:
        found = _asker(connection, mail, contract, address)
        if isinstance(found, Outcome):
            return found
        asker = found
    elif needs_contract(mail.reason):
        return Outcome(Said.NEEDS_CONTRACT, str(inbound_id))
    named = None if asker is None else (asker.id, asker.contract_id)
    if not holds.release(connection, inbound_id, by=by, asker=named, now=now):
        return gone(connection, inbound_id)
    name = f"{contract}, {asker.address}" if asker else ""
    _write(connection, inbound_id, "released", by, name, now)
    return Outcome(Said.RELEASED, name)


def _asker(connection: Connection, mail: Held, number: str, written: str | None) -> Asker | Outcome:
    """In whose name? Whoever was named, else the writer himself, else the only one there is."""
    contract = contracts.by_number(connection, number)
    if contract is None:
        return Outcome(Said.NO_CONTRACT, number)
    askers = contracts.askers(connection, contract.id)
    wanted = holds.writer(mail) if written is None else _normalised(written)
    found = [asker for asker in askers if asker.address == wanted]
    if not found and written is None and len(askers) == 1:
        found = askers
    if found:
        return found[0]
    known = listed(asker.address for asker in askers)
    return Outcome(Said.NO_ASKER if written is not None or not askers else Said.WHICH_ASKER, f"{number}: {known}")


def reject(connection: Connection, inbound_id: int, *, by: str, now: datetime) -> Outcome:
    """Put a held mail away; nobody is told."""
    if not holds.drop(connection, inbound_id):
        return gone(connection, inbound_id)
    _write(connection, inbound_id, "rejected", by, "", now)
    return Outcome(Said.REJECTED)


def ignore(connection: Connection, inbound_id: int, *, by: str, now: datetime) -> Outcome:
    """Reject a held mail and hear nothing of its writer any more."""
    mail = holds.by_id(connection, inbound_id)
    if mail is None:
        return gone(connection, inbound_id)
    address = holds.writer(mail)
    if address is None:
        return Outcome(Said.NO_AUTHOR, str(inbound_id))
    return ignore_sender(connection, address, by=by, now=now)


def ignore_sender(connection: Connection, address: str, *, by: str, now: datetime) -> Outcome:
    """Hear nothing of this sender any more, and reject what waits of them. The address is normalised.

    Somebody who is registered cannot be ignored: a customer's question would be lost in silence.
    """
    known = (
        contracts.registrations(connection, addresses=[address], list_ids=[])
        or contracts.contacts_at(connection, [address])
        or [person for person in contracts.everybody(connection) if person.address == address]
    )
    if known:
        return Outcome(Said.REGISTERED_SENDER, address)
    holds.ignore(connection, address, by=by, now=now)
    journal.write(connection, [journal.Entry(now, f"sender:{address}"[:64], "ignored", f"{address}, by {by}")])
    waiting = _of(connection, address)
    for mail in waiting:
        holds.drop(connection, mail.id)
        _write(connection, mail.id, "ignored", by, address, now)
    return Outcome(Said.IGNORED, _with_mails(address, waiting))


def heed(connection: Connection, address: str, *, by: str, now: datetime) -> bool:
    """Hear again of a sender who was ignored; false when they were not. The address is normalised."""
    if not holds.heed(connection, address):
        return False
    journal.write(connection, [journal.Entry(now, f"sender:{address}"[:64], "heeded", f"{address}, by {by}")])
    return True


def register(
    connection: Connection,
    mail: Held | None,
    *,
    name: str,
    address: str | None,
    contract: str,
    offer: Offer,
    by: str,
    now: datetime,
) -> Outcome:
    """Make the writer of a held mail, or whoever has this address, an asker (S9), and look at their mails again."""
    name = clean(name)
    wanted = (None if mail is None else holds.writer(mail)) if address is None else _normalised(address)
    if wanted is None:
        return Outcome(Said.NO_AUTHOR, address or "")
    found = contracts.by_number(connection, contract)
    if found is None:
        return Outcome(Said.NO_CONTRACT, contract)
    askers = contracts.askers(connection, found.id)
    if len(askers) >= found.seats and wanted not in {asker.address for asker in askers}:
        return Outcome(Said.NO_SEAT, f"{contract}: {len(askers)}/{found.seats}")
    try:
        enter_asker(connection, contract, f"{_phrase(name)} <{wanted}>", offer, now, through_list=False, list_id="")
    except (InputError, RefusedError) as error:
        return Outcome(Said.REFUSED, "; ".join(str(error).splitlines()))
    holds.heed(connection, wanted)
    again = [each for each in _of(connection, wanted) if each.reason in _STRANGERS or each == mail]
    for each in again:
        inbound.retry(connection, each.id)
        _write(connection, each.id, "registered", by, f"{contract}, {name} <{wanted}>", now)
    return Outcome(Said.REGISTERED, f"{contract}, {_with_mails(f'{name} <{wanted}>', again)}")


def let_in(connection: Connection, inbound_id: int, *, by: str, now: datetime) -> Outcome:
    """Admit the writer of a held mail to the incident that it answers, and take up what they wrote to it."""
    mail = holds.by_id(connection, inbound_id)
    if mail is None:
        return gone(connection, inbound_id)
    address = holds.writer(mail)
    incident = incidents.by_id(connection, mail.incident_id) if mail.incident_id else None
    if mail.reason != "participant" or incident is None or address is None:
        return Outcome(Said.NOT_JOINING, str(inbound_id))
    if incident.status is Status.CLOSED:
        return Outcome(Said.CLOSED, incident.number)
    taken_up = admit(connection, incident.id, address, by=by, now=now)
    return Outcome(Said.LET_IN, f"{incident.number}, {_with_mails(address, taken_up)}")


def admit(connection: Connection, incident_id: int, address: str, *, by: str, now: datetime) -> list[Held]:
    """Let somebody into this incident and no other; give their mails that are taken up now."""
    if not participants.admit(connection, incident_id, address, by=by, now=now):
        return []
    journal.write(connection, [journal.Entry(now, f"incident:{incident_id}", "let-in", f"{address}, by {by}")])
    waiting = [mail for mail in holds.parked(connection, incident_id) if holds.writer(mail) == address]
    for mail in waiting:
        inbound.retry(connection, mail.id)
        _write(connection, mail.id, "let-in", by, "", now)
    return waiting


def _of(connection: Connection, address: str) -> list[Held]:
    return [mail for mail in holds.waiting(connection) if holds.writer(mail) == address]


def gone(connection: Connection, inbound_id: int) -> Outcome:
    """Say who decided about a mail that is not held any more, if it ever was."""
    states = [row["state"] for row in inbound.find(connection, str(inbound_id)) if row["id"] == inbound_id]
    if not states:
        return Outcome(Said.NOT_FOUND, str(inbound_id))
    written = journal.about(connection, f"inbound:{inbound_id}")
    deciders = [entry["why"] for entry in written if entry["what"] in _DECISIONS]
    return Outcome(Said.DECIDED, deciders[-1] if deciders else states[0])


def _write(connection: Connection, inbound_id: int, what: str, by: str, more: str, now: datetime) -> None:
    why = f"by {by}: {more}" if more else f"by {by}"
    journal.write(connection, [journal.Entry(now, f"inbound:{inbound_id}", what, why)])


def _with_mails(whom: str, mails: list[Held]) -> str:
    return f"{whom}: {listed(f'#{mail.id}' for mail in mails)}" if mails else whom


def _normalised(address: str) -> str | None:
    try:
        return normalise(address)
    except ValueError:
        return None


def _phrase(name: str) -> str:
    """A display name as it must be written (RFC 5322 §3.2.5)."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
