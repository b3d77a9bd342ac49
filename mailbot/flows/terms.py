"""Does a contract go on, and until when? Renewal and cancellation (S7, S24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mailbot.desk.contract import Contract, ContractState, Term, end_of_term
from mailbot.errors import RefusedError
from mailbot.flows import application, fields
from mailbot.flows.application import Offer
from mailbot.flows.fields import Findings, refuse_if
from mailbot.flows.registry import existing
from mailbot.store import journal, terms
from mailbot.store.engine import Connection, Store
from mailbot.store.refusals import registering


@dataclass(frozen=True, slots=True)
class Renewed:
    """The term that was added, and the menu that is sold for it."""

    term: Term
    menu: str


def renew(
    store: Store,
    number: str,
    offer: Offer,
    today: date,
    now: datetime,
    *,
    starts_on: str = "",
    until: str = "",
    menu: str = "",
) -> Renewed:
    """Add the next term, from the day after the last one; a contract that was cancelled goes on after all.

    Without `until` it is as long as terms are sold, and one that is renewed already is refused, so that two operators
    do not renew it twice. Another menu holds from the new term on. Raises NotFoundError, InputError or RefusedError.
    """
    found = Findings(f"contract {number}")
    with registering(store) as connection:
        contract = existing(connection, number)
        first = fields.day("from", starts_on, found) if starts_on else _day_after(contract, today)
        last = fields.day("until", until, found) if until else None
        sold = application.menu(menu, offer, found) if menu else contract.menu
        refuse_if(found)
        term = _next(contract, first or today, last, today, offer.term_months)
        _write(connection, contract, term, sold, now)
    return Renewed(term, sold)


def cancel(store: Store, number: str, today: date, now: datetime, *, undo: bool = False) -> Contract:
    """Write down that a contract is not renewed; access goes on to the end of its term (S24). Or take that back.

    Raises NotFoundError or RefusedError.
    """
    with registering(store) as connection:
        contract = existing(connection, number)
        if undo and contract.cancelled_at is None:
            raise RefusedError(f"contract {number} is not cancelled")
        if not undo and contract.cancelled_at is not None:
            raise RefusedError(f"contract {number} is cancelled already: --undo takes it back")
        if not undo and contract.state(today) is ContractState.ENDED:
            raise RefusedError(f"contract {number} has ended already, on {contract.ends_on}")
        terms.set_cancelled(connection, contract.id, None if undo else now)
        what = "cancellation-undone" if undo else "cancelled"
        why = "is to be renewed after all" if undo else f"not renewed, in force to {contract.ends_on}"
        journal.write(connection, [journal.Entry(now, f"contract:{contract.id}", what, why)])
    return contract


def _day_after(contract: Contract, today: date) -> date:
    return contract.ends_on + timedelta(days=1) if contract.ends_on else today


def _next(contract: Contract, first: date, last: date | None, today: date, months: int) -> Term:
    ends_on = contract.ends_on
    if last is None and any(term.starts_on > today for term in contract.terms):
        raise RefusedError(
            f"contract {contract.number} is renewed already, to {ends_on}: write --until to add one more term"
        )
    if ends_on is not None and first <= ends_on:
        raise RefusedError(f"contract {contract.number} has a term to {ends_on}: the next one cannot begin on {first}")
    last = last or end_of_term(first - timedelta(days=1), months)
    if last < first:
        raise RefusedError(f"contract {contract.number}: a term from {first} cannot end on {last}")
    if last < today:
        raise RefusedError(f"a term from {first} to {last} would be over already: write --from or --until")
    return Term(first, last)


def _write(connection: Connection, contract: Contract, term: Term, menu: str, now: datetime) -> None:
    terms.add(connection, contract.id, [term])
    why = f"{term.starts_on} to {term.ends_on}"
    if menu != contract.menu:
        terms.sell(connection, contract.id, menu=menu, before=contract.menu, from_day=term.starts_on)
        why += f", menu {contract.menu} → {menu} from then on"
    if contract.cancelled_at is not None:
        terms.set_cancelled(connection, contract.id, None)
        why += ", no longer cancelled"
    journal.write(connection, [journal.Entry(now, f"contract:{contract.id}", "renewed", why)])
