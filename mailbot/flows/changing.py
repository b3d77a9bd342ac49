"""Do to the registry what a change asks for, by the rules that hold for everybody: seats, named people, no doubles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mailbot.desk.changes import Doing, MachineStep, PersonStep, Role, Step, after, before, key
from mailbot.desk.contract import Asker, AskerKind, Contract, Equipment
from mailbot.errors import MailbotError, RefusedError
from mailbot.flows import askers
from mailbot.flows.application import offer_by, person
from mailbot.flows.context import Context
from mailbot.flows.fields import Findings
from mailbot.flows.registry import put_asker, refuse_more
from mailbot.mail.address import normalise, registrable
from mailbot.mail.header import clean
from mailbot.mail.message import Mailbox
from mailbot.store import access, contracts, equipment, journal
from mailbot.store.engine import Connection
from mailbot.store.refusals import told_in_words


def carry_out(
    context: Context, connection: Connection, contract: Contract, steps: Sequence[Step], *, why: str, now: datetime
) -> None:
    """Take every step; `why` stands in the journal. The caller has claimed the registry. Raises RefusedError with the
    first rule that forbids it, and then the transaction must be given up.
    """
    with told_in_words():
        for step in steps:
            _take(context, connection, contract, step, why=why, now=now)


def _take(context: Context, connection: Connection, contract: Contract, step: Step, *, why: str, now: datetime) -> None:
    if isinstance(step, MachineStep):
        _change_machine(connection, contract, step, now)
    elif step.role is Role.ASKER:
        _change_asker(context, connection, contract, step, now)
    else:
        _change_contact(context, connection, contract, step)
    said = f"{before(step) or 'nobody'} -> {after(step) or 'nobody'}: {why}"
    journal.write(connection, [journal.Entry(now, f"contract:{contract.id}", f"change-{key(step)}", said)])


def refusal(
    context: Context, connection: Connection, contract: Contract, steps: Sequence[Step], now: datetime
) -> str | None:
    """Say which rule would forbid it now: it is tried, and all of it is taken back."""
    trial = connection.begin_nested()
    try:
        carry_out(context, connection, contract, steps, why="a trial", now=now)
    except MailbotError as error:
        return "; ".join(str(error).splitlines())
    finally:
        trial.rollback()
    return None


def _change_asker(
    context: Context, connection: Connection, contract: Contract, step: PersonStep, now: datetime
) -> None:
    """Whoever comes in somebody's place gets the seat and the open questions; the old row stays, for the history."""
    leaving = None if step.old is None else _asker(connection, contract, step.old)
    if step.new is None:
        if leaving is not None:
            others = (each for each in contracts.askers(connection, contract.id) if each.id != leaving.id)
            askers.remove(connection, leaving, next(others, None), now)
        return
    found = Findings(f"contract {contract.number}")
    new = person(_written(step.new), offer_by(context), found)
    if new is not None:
        refuse_more(connection, contract, new, found, leaving=leaving.id if leaving else None)
    if new is None or found.any:
        raise _refused(found)
    if leaving is not None:
        askers.replace(connection, leaving, new, now)
    else:
        put_asker(connection, contract.id, new, now)
    # The letter about the change says how to write; a guide on top of it would say so again.
    access.settle(connection, access.Newcomer(contract.id, new.address), sent=False, now=now)


def _asker(connection: Connection, contract: Contract, old: Mailbox) -> Asker:
    found = next((each for each in contracts.askers(connection, contract.id) if each.address == old.address), None)
    if found is None:
        raise RefusedError(f"{old.address} is no asker of {contract.number} any more: it has changed since")
    if found.kind is AskerKind.LIST:
        raise RefusedError(f"{old.address} is a mailing list, which is changed by hand: see mailbot asker --help")
    return found


def _change_contact(context: Context, connection: Connection, contract: Contract, step: PersonStep) -> None:
    """Somebody must stay who gets the renewal notices (S23)."""
    registered = [each["address"] for each in contracts.contacts(connection, contract.id)]
    if step.old is not None:
        if step.old.address not in registered:
            raise RefusedError(f"{step.old.address} is no contact of {contract.number} any more: it has changed since")
        contracts.remove_contact(connection, contract.id, step.old.address)
        registered.remove(step.old.address)
    if step.new is None:
        if not registered:
            raise RefusedError(f"{contract.number} would have no contract contact: say who comes in the place (S23)")
        return
    try:
        new = registrable(_written(step.new))
    except ValueError as error:
        raise RefusedError(str(error)) from None
    address = normalise(new.address)
    if address in registered:
        raise RefusedError(f"{address} is a contact of {contract.number} already")
    if address in context.addresses.purposes:
        raise RefusedError(f"{address} is an address of this desk: it would write to itself")
    contracts.add_contact(connection, contract.id, name=new.name, address=address)


def _change_machine(connection: Connection, contract: Contract, step: MachineStep, now: datetime) -> None:
    registered = [each.host for each in equipment.of(connection, contract.id)]
    if step.old is not None and step.old.host not in registered:
        raise RefusedError(f"the host {step.old.host} of {contract.number} is not registered any more")
    new = None if step.new is None else Equipment(*map(clean, (step.new.host, step.new.os, step.new.versions)))
    if step.doing is Doing.REMOVE and step.old is not None:
        equipment.remove(connection, contract.id, step.old.host, now)
    elif new is not None and step.old is not None:
        equipment.change(connection, contract.id, step.old.host, new)
    elif new is not None:
        if new.host in registered:
            raise RefusedError(f"the host {new.host} of {contract.number} is registered already")
        equipment.add(connection, contract.id, [new], now)


def _written(box: Mailbox) -> str:
    name = box.name.replace("\\", "").replace('"', "")
    return f'"{name}" <{box.address}>' if name else box.address


def _refused(found: Findings) -> RefusedError:
    return RefusedError("\n".join(str(fault) for fault in (*found.faults, *found.refusals)))
