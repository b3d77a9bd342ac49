"""Carry out the orders of one of staff: each whole or not at all, and all of them answered in one short transcript."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from mailbot.desk import replies
from mailbot.desk.orders import Action, Order, Outcome, Said
from mailbot.desk.verdict import Orders
from mailbot.errors import InputError, NotFoundError, RefusedError
from mailbot.flows import changes, decisions, letters
from mailbot.flows.answering import Answer, Case
from mailbot.flows.application import offer_by
from mailbot.store import holds, journal, outbox

_MOST_ORDERS = 50
_ASKED_BACK_WITHIN = timedelta(days=1)
_ASKED_BACK_MOST = 5
"""So often in that time somebody hears that a mail of theirs held no order. A person learns it from the first; a robot
behind the address of one of staff would ask for ever (RFC 3834 §2)."""


@dataclass(slots=True)
class _Desk:
    """What orders work with: the mail that they stand in, the one mail that it answers, and what they cause."""

    case: Case
    by: str
    answers: int | None
    caused: list[Answer] = field(default_factory=list)


def carry_out(case: Case, verdict: Orders) -> Answer:
    """Do what the mail orders, and tell the writer what was done, what was not, and why."""
    person = verdict.person
    found = case.context.rules.orders.find(case.message)
    desk = _Desk(case, person.address, _answered(case))
    done = [(order, _one(desk, order)) for order in found.orders[:_MOST_ORDERS]]
    done += [(order, Outcome(Said.TOO_MANY)) for order in found.orders[_MOST_ORDERS:]]
    why = "; ".join(f"{order.line}: {outcome.said}" for order, outcome in done) or "no order in it"
    if not done and not _may_ask_back(case, person.id):
        return Answer(f"{why}, and not asked back again", (), ())
    said = replies.Transcript(person.language, case.message.subject, tuple(done), found.unclear)
    told = letters.transcript(case.context, person, said, case.message, case.mail.id, case.now)
    return Answer(
        why,
        tuple(message for each in desk.caused for message in each.messages),
        (told, *(letter for each in desk.caused for letter in each.letters)),
    )


def _answered(case: Case) -> int | None:
    """The held mail that needs no number: the only one of the letter that is answered."""
    named = [outbox.by_message_id(case.connection, each) for each in case.message.in_reply_to[:1]]
    return next((row["inbound_id"] for row in named if row and row["kind"] in ("digest", "alarm")), None)


def _may_ask_back(case: Case, person_id: int) -> bool:
    subject = f"staff:{person_id}"
    since = case.now - _ASKED_BACK_WITHIN
    asked = [each for each in journal.about(case.connection, subject) if each["what"] == "asked-back"]
    if sum(each["at"] > since for each in asked) >= _ASKED_BACK_MOST:
        return False
    journal.write(case.connection, [journal.Entry(case.now, subject, "asked-back", f"inbound {case.mail.id}")])
    return True


def _one(desk: _Desk, order: Order) -> Outcome:
    """Whatever a rule of the desk refuses half-way is undone with the rest of that order."""
    try:
        with desk.case.connection.begin_nested():
            if order.action in (Action.APPROVE, Action.DECLINE):
                return _change(desk, order)
            number = desk.answers if order.number is None else order.number
            return _register(desk, order, number) if order.action is Action.REGISTER else _decide(desk, order, number)
    except NotFoundError as error:
        return Outcome(Said.NOT_FOUND, str(error))
    except (InputError, RefusedError) as error:
        return Outcome(Said.REFUSED, "; ".join(str(error).splitlines()))


def _decide(desk: _Desk, order: Order, number: int | None) -> Outcome:
    connection, by, now = desk.case.connection, desk.by, desk.case.now
    if number is None:
        return Outcome(Said.WHICH_MAIL)
    match order.action:
        case Action.RELEASE:
            return decisions.release(connection, number, contract=order.contract, address=order.address, by=by, now=now)
        case Action.REJECT:
            return decisions.reject(connection, number, by=by, now=now)
        case Action.IGNORE:
            return decisions.ignore(connection, number, by=by, now=now)
        case Action.LET_IN:
            return decisions.let_in(connection, number, by=by, now=now)
        case _:
            raise AssertionError(f"{order.action} is not about a held mail")


def _register(desk: _Desk, order: Order, number: int | None) -> Outcome:
    connection, context = desk.case.connection, desk.case.context
    if number is None and order.address is None:
        return Outcome(Said.WHICH_MAIL)
    mail = None if number is None else holds.by_id(connection, number)
    if mail is None and order.number is not None:
        return decisions.gone(connection, order.number)
    return decisions.register(
        connection,
        mail,
        name=order.name,
        address=order.address,
        contract=order.contract or "",
        offer=offer_by(context),
        by=desk.by,
        now=desk.case.now,
    )


def _change(desk: _Desk, order: Order) -> Outcome:
    case, approved = desk.case, order.action is Action.APPROVE
    if order.number is None:
        return Outcome(Said.WHICH_MAIL)
    answer = changes.decide(
        case.context,
        case.connection,
        order.number,
        approved=approved,
        by=desk.by,
        now=case.now,
        reason=order.reason,
    )
    desk.caused.append(answer)
    return Outcome(Said.APPROVED if approved else Said.DECLINED, answer.why)
