"""Carry out the orders of one of staff: each whole or not at all, and all of them answered in one short transcript."""

from __future__ import annotations

from dataclasses import dataclass, field

from mailbot.desk import replies
from mailbot.desk.contract import Role, Staff
from mailbot.desk.orders import ABOUT_INCIDENTS, Action, Order, Outcome, Said
from mailbot.desk.verdict import Orders
from mailbot.errors import InputError, NotFoundError, RefusedError
from mailbot.flows import callorders, changes, decisions, staffletters
from mailbot.flows.answering import Answer, Case
from mailbot.flows.application import offer_by
from mailbot.flows.askedback import may_ask_back
from mailbot.flows.callorders import Tied
from mailbot.store import holds, outbox

_MOST_ORDERS = 50


@dataclass(slots=True)
class _Desk:
    """What orders work with: the mail that they stand in, who wrote it, the one held mail that it answers, the incident
    that it is about, and what they cause.
    """

    case: Case
    person: Staff
    answers: int | None
    about: Tied
    caused: list[Answer] = field(default_factory=list)

    @property
    def by(self) -> str:
        """Who decides, for the journal."""
        return self.person.address


def carry_out(case: Case, verdict: Orders) -> Answer:
    """Do what the mail orders, and tell the writer what was done, what was not, and why. The partner orders nothing: an
    answer to a call is heard (S27).
    """
    person = verdict.person
    if person.role is Role.PARTNER:
        return callorders.heard(case, person)
    found = case.context.rules.orders.find(case.message)
    desk = _Desk(case, person, _answered(case), callorders.tied(case, person))
    claimed = callorders.claim(case, person, desk.about, found)
    done = [claimed] if claimed else []
    done += [(order, _one(desk, order)) for order in found.orders[:_MOST_ORDERS]]
    done += [(order, Outcome(Said.TOO_MANY)) for order in found.orders[_MOST_ORDERS:]]
    why = "; ".join(f"{order.line}: {outcome.said}" for order, outcome in done) or "no order in it"
    notes = callorders.note(case, desk.about)
    messages = (*notes, *(message for each in desk.caused for message in each.messages))
    changed = found.orders or (claimed is not None and claimed[1].done)
    if not changed and not may_ask_back(case, person.id):
        return Answer(f"{why}, and not asked back again", messages, ())
    noted = desk.about.incident.number if notes and desk.about.incident else ""
    said = replies.Transcript(person.language, case.message.subject, tuple(done), found.unclear, noted)
    told = staffletters.transcript(case.context, person, said, case.message, case.mail.id, case.now)
    return Answer(why, messages, (told, *(letter for each in desk.caused for letter in each.letters)))


def _answered(case: Case) -> int | None:
    """The held mail that needs no number: the only one of the letter that is answered."""
    named = [outbox.by_message_id(case.connection, each) for each in case.message.in_reply_to[:1]]
    return next((row["inbound_id"] for row in named if row and row["kind"] in ("digest", "alarm")), None)


def _one(desk: _Desk, order: Order) -> Outcome:
    """Whatever a rule of the desk refuses half-way is undone with the rest of that order."""
    try:
        with desk.case.connection.begin_nested():
            if order.action in (Action.APPROVE, Action.DECLINE):
                return _change(desk, order)
            if order.action in ABOUT_INCIDENTS:
                return callorders.one(desk.case, desk.person, desk.about, order)
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
