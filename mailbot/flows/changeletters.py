"""Who is written to about a change of what is registered, and what? (S25)

Letters to customers go to registered addresses alone, never to the one that a mail came from: a mail may be forged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mailbot.desk import changereplies
from mailbot.desk.changereplies import Addressee, Proposal
from mailbot.desk.changes import PersonStep, Role, State, Step, Understood, own_address
from mailbot.desk.contract import AskerKind, Contract, Language
from mailbot.desk.replies import Wording
from mailbot.desk.verdict import ChangeRequest
from mailbot.flows import changing, letters, staffletters
from mailbot.flows.answering import Case
from mailbot.flows.context import Context
from mailbot.mail.compose import Audience
from mailbot.mail.message import Mailbox, Trust
from mailbot.store import changes, contracts
from mailbot.store.changes import Change
from mailbot.store.engine import Connection
from mailbot.store.outbox import NewLetter


def received(case: Case, verdict: ChangeRequest, number: str, found: Understood) -> tuple[NewLetter, ...]:
    """The acknowledgement of a request, once."""
    writer = person_of(case.connection, verdict.contract, verdict.writer)
    said = changereplies.received(
        case.context.desk, _to(case, verdict, writer), number, case.message.subject, found.steps, found.unclear
    )
    return (_answer(case, verdict, writer, f"change-received:{number}", "change-received", said),)


def form(case: Case, verdict: ChangeRequest, number: str | None) -> tuple[NewLetter, ...]:
    """The form; to one writer once a day, so that a machine that answers it gets no second one (RFC 3834 §2)."""
    writer = person_of(case.connection, verdict.contract, verdict.writer)
    said = changereplies.form(case.context.desk, _to(case, verdict, writer), number or "", case.message.subject)
    name = f"change-form:{verdict.contract.id}:{writer.address}:{case.context.day(case.now)}"
    return (_answer(case, verdict, writer, name, "change-form", said),)


def _to(case: Case, verdict: ChangeRequest, writer: Mailbox) -> Addressee:
    language: Language = case.reading.content.language or verdict.contract.language  # S15
    return Addressee(language, verdict.contract, writer.name, case.context.addresses.registry)


def _answer(case: Case, verdict: ChangeRequest, writer: Mailbox, name: str, kind: str, said: Wording) -> NewLetter:
    audience: Audience = "list" if verdict.asker and verdict.asker.kind is AskerKind.LIST else "customer"
    return letters.about_contract(
        case.context,
        key=name,
        kind=kind,
        audience=audience,
        contract=verdict.contract,
        to=writer,
        said=said,
        answers_to=case.context.addresses.registry,
        answered=case.message,
        inbound_id=case.mail.id,
        now=case.now,
    )


def proposals(
    case: Case, verdict: ChangeRequest, change_id: int, found: Understood, supersedes: str
) -> tuple[NewLetter, ...]:
    """The letter to each of staff: what is and what is to be, how sure we are of the writer, and what forbids it."""
    context, contract, connection = case.context, verdict.contract, case.connection
    number = changes.number_of(change_id)
    refusal = changing.refusal(context, connection, contract, found.steps, case.now)
    taken = len(contracts.askers(connection, contract.id))
    writer = person_of(connection, contract, verdict.writer)
    return tuple(
        staffletters.to_staff(
            context,
            person,
            key=f"change:{change_id}",
            kind="change",
            said=changereplies.proposal(
                context.desk,
                Proposal(
                    language=person.language,
                    number=number,
                    contract=contract,
                    writer=writer,
                    as_asker=verdict.asker is not None,
                    trust=verdict.trust.value,
                    asked_at=case.mail.received_at,
                    subject=case.message.subject,
                    steps=found.steps,
                    seats_taken=taken,
                    seats_after=taken + _more_askers(found.steps),
                    refusal=refusal or "",
                    warnings=_warnings(verdict, found.steps),
                    unclear=found.unclear,
                    supersedes=supersedes,
                    text=case.reading.content.text,
                ),
            ),
            inbound_id=case.mail.id,
            now=case.now,
        )
        for person in case.around.staff.values()
    )


def _more_askers(steps: Sequence[Step]) -> int:
    people = [each for each in steps if isinstance(each, PersonStep) and each.role is Role.ASKER]
    return sum((each.new is not None) - (each.old is not None) for each in people)


WARNINGS = ("unproven", "own-address", "other-domain")
"""What staff are warned of; in words in templates/<language>/words.toml."""


def _warnings(verdict: ChangeRequest, steps: Sequence[Step]) -> tuple[str, ...]:
    """The take-over of an account begins with an unproven mail that moves somebody's address elsewhere."""
    moved = [each for each in steps if isinstance(each, PersonStep) and each.old and each.new]
    away = any(_domain(each.old) != _domain(each.new) for each in moved)
    seen = (verdict.trust is not Trust.AUTHENTICATED, own_address(steps, verdict.writer), away)
    return tuple(warning for warning, found in zip(WARNINGS, seen, strict=True) if found)


def _domain(box: Mailbox | None) -> str:
    return box.address.rpartition("@")[2] if box else ""


def declined(
    context: Context, contract: Contract, state: State, wanted: Change, reason: str, now: datetime
) -> tuple[NewLetter, ...]:
    """Only the writer hears that it was not done; an address that has left the contract since hears nothing."""
    writer = _known(state, wanted.asked_by)
    if writer is None:
        return ()
    to = Addressee(wanted.language, contract, writer.name, context.addresses.registry)
    said = changereplies.declined(context.desk, to, wanted.number, wanted.steps, reason)
    return (_note(context, contract, writer, f"change-declined:{wanted.id}", "change-declined", said, now),)


def carried_out(
    context: Context, contract: Contract, before: State, after: State, wanted: Change, now: datetime
) -> tuple[NewLetter, ...]:
    """Everybody concerned gets one letter: who is struck off, who is registered now, the writer, and the contacts."""
    gone, come = _moves(before, after), _moves(after, before)
    told: dict[str, NewLetter] = {}
    for address, (box, roles) in gone.items():
        if address not in come:
            said = changereplies.unregistered(context.desk, _addressee(context, contract, wanted, box), roles)
            name = f"unregistered:{wanted.id}:{address}"
            told[address] = _note(context, contract, box, name, "unregistered", said, now)
    for address, (box, roles) in come.items():
        if address not in gone:
            to = _addressee(context, contract, wanted, box)
            said = changereplies.registered(context.desk, to, roles, contract.cluster)
            told[address] = _note(context, contract, box, f"registered:{wanted.id}:{address}", "registered", said, now)
    writer = _known(after, wanted.asked_by)
    named = [_known(after, each.address) for each in _named(wanted.steps)]
    for box in filter(None, (writer, *named, *after.contacts)):
        if box.address not in told:
            said = changereplies.done(
                context.desk, _addressee(context, contract, wanted, box), wanted.number, wanted.steps
            )
            name = f"change-done:{wanted.id}:{box.address}"
            told[box.address] = _note(context, contract, box, name, "change-done", said, now)
    return tuple(told.values())


def _named(steps: Sequence[Step]) -> list[Mailbox]:
    """Who keeps the address under another name is concerned, too."""
    return [each.new for each in steps if isinstance(each, PersonStep) and each.new is not None]


def _moves(one: State, other: State) -> dict[str, tuple[Mailbox, list[str]]]:
    """Who is registered in the one state and not in the other, by address, and as what."""
    found: dict[str, tuple[Mailbox, list[str]]] = {}
    for role, here, there in (
        (Role.ASKER, one.askers, other.askers),
        (Role.CONTACT, one.contacts, other.contacts),
    ):
        addresses = {each.address for each in there}
        for box in here:
            if box.address not in addresses:
                found.setdefault(box.address, (box, []))[1].append(role.value)
    return found


def _addressee(context: Context, contract: Contract, wanted: Change, box: Mailbox) -> Addressee:
    language = wanted.language if box.address == wanted.asked_by else contract.language
    return Addressee(language, contract, box.name, context.addresses.registry)


def _note(
    context: Context, contract: Contract, to: Mailbox, name: str, kind: str, said: Wording, now: datetime
) -> NewLetter:
    return letters.about_contract(
        context,
        key=name,
        kind=kind,
        audience="customer",
        contract=contract,
        to=to,
        said=said,
        answers_to="" if kind == "registered" else context.addresses.registry,
        answered=None,
        inbound_id=None,
        now=now,
    )


def person_of(connection: Connection, contract: Contract, address: str) -> Mailbox:
    """Give the registered asker or contact with this address."""
    people = [Mailbox(each.name, each.address) for each in contracts.askers(connection, contract.id)]
    people += [Mailbox(each["name"], each["address"]) for each in contracts.contacts(connection, contract.id)]
    return next((each for each in people if each.address == address), Mailbox("", address))


def _known(state: State, address: str) -> Mailbox | None:
    return next((each for each in (*state.askers, *state.contacts) if each.address == address), None)
