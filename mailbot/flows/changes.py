"""Somebody asks for a change of what is registered (S25): it is kept, staff decide, and everybody concerned is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from mailbot.desk import changereplies
from mailbot.desk.changereplies import Comment, Waiting
from mailbot.desk.changes import State, Understood, alike, key
from mailbot.desk.changetext import understood
from mailbot.desk.contract import Contract
from mailbot.desk.verdict import ChangeRequest
from mailbot.errors import NotFoundError, RefusedError
from mailbot.flows import changeletters, changing, staffletters
from mailbot.flows.answering import Answer, Case
from mailbot.flows.context import Context
from mailbot.mail.message import Mailbox
from mailbot.store import changes, contracts, equipment, journal, outbox, pulses
from mailbot.store.changes import Change, NewChange
from mailbot.store.engine import Connection

_REMIND_AFTER = timedelta(days=1)
_REMIND_FROM_HOUR = 9  # of the desk's zone
_LETTERS_ABOUT_CHANGES = frozenset({"change-received", "change-done", "change-declined", "registered", "unregistered"})


def request(case: Case, verdict: ChangeRequest) -> Answer:
    """Take a request: nothing is changed by it. What asks for nothing, for the form, or for the same once more makes no
    new one.
    """
    contract, message = verdict.contract, case.message
    contracts.claim_registry(case.connection)  # before any row of a change: whoever decides does the same
    state = state_of(case.connection, contract, verdict.writer)
    rules = case.context.rules
    found = understood(message.subject, message.new_text, message.text, state, rules.changes, rules.scope)
    waiting = changes.waiting_of(case.connection, contract.id, verdict.writer)
    if found.form_wanted:
        form = changeletters.form(case, verdict, None)
        if not outbox.has(case.connection, form[0].key):  # else a person must see why he asks again
            return Answer(f"{contract.number}: asks for the form", (), form)
    about = _letter_answered(case)
    if not found.steps and about is not None:
        return Answer(f"{contract.number}: an answer to {about!r}", (), _comment(case, verdict, about))
    same = next((each for each in waiting if found.steps and alike(each.steps, found.steps)), None)
    if same is not None:
        return Answer(f"the same as {same.number}, which waits", (), ())
    return _keep(case, verdict, found, [each for each in waiting if not each.steps])


def _keep(case: Case, verdict: ChangeRequest, found: Understood, unread: Sequence[Change]) -> Answer:
    """One that was not understood is answered by the form; the filled-in form then stands in its place."""
    language = case.reading.content.language or verdict.contract.language  # S15
    change_id = changes.put(
        case.connection,
        NewChange(
            contract_id=verdict.contract.id,
            inbound_id=case.mail.id,
            asked_by=verdict.writer,
            asked_at=case.mail.received_at,
            steps=found.steps,
            language=language,
            trust=verdict.trust,
            subject=case.message.subject,
            text=case.reading.content.text,
        ),
    )
    number = changes.number_of(change_id)
    replaced = unread if found.steps else ()
    for old in replaced:
        changes.settle(case.connection, old.id, approved=False, by=f"replaced by {number}", now=case.now)
        journal.write(
            case.connection, [journal.Entry(case.now, f"change:{old.id}", "replaced", f"{number} says it clearly")]
        )
    told = changeletters.received(case, verdict, number, found) if found.steps else ()
    if not found.steps:
        told = changeletters.form(case, verdict, number)
    supersedes = ", ".join(old.number for old in replaced)
    staff = changeletters.proposals(case, verdict, change_id, found, supersedes)
    what = ", ".join(map(key, found.steps)) or "not understood"
    return Answer(f"{number} for {verdict.contract.number}: {what}", (), (*told, *staff))


def _letter_answered(case: Case) -> str | None:
    """The subject of the letter about a change that this mail answers, but for the form: thanks, or an objection."""
    for each in case.message.in_reply_to[:1]:
        row = outbox.by_message_id(case.connection, each)
        if row is not None and row["kind"] in _LETTERS_ABOUT_CHANGES:
            return str(row["subject"])
    return None


def _comment(case: Case, verdict: ChangeRequest, about: str) -> tuple[outbox.NewLetter, ...]:
    writer = changeletters.person_of(case.connection, verdict.contract, verdict.writer)
    text = case.reading.content.text
    return tuple(
        staffletters.to_staff(
            case.context,
            person,
            key=f"change-comment:{case.mail.id}",
            kind="change",
            said=changereplies.comment(
                case.context.desk, Comment(person.language, verdict.contract, writer, about, text)
            ),
            inbound_id=case.mail.id,
            now=case.now,
        )
        for person in case.around.staff.values()
    )


def state_of(connection: Connection, contract: Contract, writer: str) -> State:
    """Give what is registered with a contract."""
    return State(
        askers=tuple(Mailbox(each.name, each.address) for each in contracts.askers(connection, contract.id)),
        contacts=tuple(Mailbox(each["name"], each["address"]) for each in contracts.contacts(connection, contract.id)),
        machines=tuple(equipment.of(connection, contract.id)),
        writer=writer,
    )


def decide(
    context: Context,
    connection: Connection,
    change_id: int,
    *,
    approved: bool,
    by: str,
    now: datetime,
    reason: str = "",
) -> Answer:
    """Approve or decline a request, within the caller's transaction; the letters are in the answer.

    Raises NotFoundError, or RefusedError when it was decided before or a rule of the registry forbids it; then nothing
    of it may be committed.
    """
    contracts.claim_registry(connection)
    wanted = changes.by_id(connection, change_id)
    if wanted is None:
        raise NotFoundError(f"there is no change {change_id}: see mailbot change list")
    if not changes.settle(connection, change_id, approved=approved, by=by, now=now):
        raise RefusedError(f"{wanted.number} is {wanted.state} already, by {wanted.decided_by}")
    contract = contracts.by_ids(connection, [wanted.contract_id])[wanted.contract_id]
    what = "approved" if approved else "rejected"
    why = f"by {by}: {reason}" if reason else f"by {by}"
    journal.write(connection, [journal.Entry(now, f"change:{change_id}", what, why)])
    before = state_of(connection, contract, wanted.asked_by)
    if not approved:
        told = changeletters.declined(context, contract, before, wanted, reason, now)
        return Answer(f"{wanted.number} {what}, {contract.number}", (), told)
    changing.carry_out(context, connection, contract, wanted.steps, why=f"{wanted.number}, {why}", now=now)
    after = state_of(connection, contract, wanted.asked_by)
    told = changeletters.carried_out(context, contract, before, after, wanted, now)
    return Answer(f"{wanted.number} {what}, {contract.number}: {', '.join(map(key, wanted.steps))}", (), told)


def decide_by_hand(context: Context, change_id: int, *, approved: bool, by: str, reason: str, now: datetime) -> str:
    """Do what `decide` does in a transaction of its own; say what was done."""
    with context.store.begin() as connection:
        answer = decide(context, connection, change_id, approved=approved, by=by, now=now, reason=reason)
        outbox.put(connection, answer.letters, now)
    return answer.why


def remind(context: Context, now: datetime) -> int:
    """Tell staff once a day of the requests that wait for longer than a day; none is forgotten. Gives their number.

    While the clock is in doubt nobody is told: the day may be wrong.
    """
    local = now.astimezone(context.desk.zone)
    if local.hour < _REMIND_FROM_HOUR:
        return 0
    with context.store.read() as connection:
        oldest = changes.oldest_waiting(connection)
        people = contracts.all_staff(connection)
        keys = {person.id: f"changes-waiting:{local:%Y-%m-%d}:{person.id}" for person in people}
        if oldest is None or _is_new(oldest, now) or pulses.in_doubt(connection, now):
            return 0
        if all(outbox.has(connection, each) for each in keys.values()):
            return 0
    with context.store.begin() as connection:
        waiting = [each for each in changes.waiting(connection) if not _is_new(each.asked_at, now)]
        if not waiting:
            return 0
        rows = [
            Waiting(each.number, each.contract, each.customer, each.asked_by, each.asked_at, len(each.steps))
            for each in waiting
        ]
        told = [
            staffletters.to_staff(
                context,
                person,
                key=f"changes-waiting:{local:%Y-%m-%d}",
                kind="change-waiting",
                said=changereplies.reminder(context.desk, person.language, rows),
                inbound_id=None,
                now=now,
            )
            for person in people
        ]
        outbox.put(connection, told, now)
    return len(waiting)


def _is_new(asked_at: datetime, now: datetime) -> bool:
    """What was asked for at a time that has not come yet was asked by another clock, nobody knows when."""
    return timedelta(0) <= now - asked_at < _REMIND_AFTER
