"""Is something waiting that staff should know of? Run at every tick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from mailbot.desk.contract import Language, Staff
from mailbot.desk.replies import HeldMail
from mailbot.flows import letters
from mailbot.flows.context import Context
from mailbot.store import contracts, holds, inbound, journal, outbox
from mailbot.store.engine import Connection
from mailbot.store.holds import Held
from mailbot.store.outbox import NewLetter

_ALARMS_APART = timedelta(minutes=5)  # a storm of strangers must not become a storm of alarms

Writing = Callable[[Context, Staff, Sequence[HeldMail], datetime], NewLetter]


def tell_held(context: Context, now: datetime) -> int:
    """Send staff one digest of the held mails they do not know of: at once for the first, then bundled. Before that,
    one alarm about those that wait too long.

    Gives the number of mails told. Without staff nobody is told, and the mails stay untold until there is someone.
    """
    return _alarm(context, now) + _digest(context, now)


def _alarm(context: Context, now: datetime) -> int:
    """Half of the window is over, or all of it, and nobody has decided: nothing waits unseen."""
    with context.store.read() as connection:
        if _just_alarmed(connection, now) or not holds.alarming(connection, now):
            return 0
    with context.store.begin() as connection:
        late = holds.alarming(connection, now)
        if not _tell(context, connection, late, letters.alarm, now):
            return 0
        holds.mark_alarmed(connection, [mail.id for mail in late], now)
        entries = [journal.Entry(now, f"inbound:{mail.id}", "alarmed", f"due {mail.due_at}") for mail in late]
        journal.write(connection, entries)
    return len(late)


def _just_alarmed(connection: Connection, now: datetime) -> bool:
    last = holds.last_alarm(connection)
    return last is not None and now - last < _ALARMS_APART


def _digest(context: Context, now: datetime) -> int:
    with context.store.read() as connection:
        last = inbound.last_told(connection)
        too_soon = last is not None and now - last < context.policy.staff_digest_every
        if too_soon or not holds.untold(connection):
            return 0
    with context.store.begin() as connection:
        waiting = holds.untold(connection)
        return len(waiting) if _tell(context, connection, waiting, letters.held, now) else 0


def _tell(context: Context, connection: Connection, mails: Sequence[Held], write: Writing, now: datetime) -> bool:
    """Write one letter to each of staff, in their language; false when there is nothing to tell, or nobody."""
    people = contracts.all_staff(connection)
    if not mails or not people:
        return False
    shown = {
        language: [_shown(context, connection, language, mail) for mail in mails]
        for language in {person.language for person in people}
    }
    outbox.put(connection, [write(context, person, shown[person.language], now) for person in people], now)
    inbound.mark_told(connection, [mail.id for mail in mails], now)
    return True


def _shown(context: Context, connection: Connection, language: Language, mail: Held) -> HeldMail:
    likely = _contracts(connection, mail)
    orders = context.rules.orders.proposals(language, mail.id, mail.reason, mail.author_name, likely)
    return HeldMail(
        id=mail.id,
        received_at=mail.received_at,
        sender=f"{mail.author_name} <{mail.from_address}>" if mail.author_name else mail.from_address,
        subject=mail.subject,
        reason=mail.reason,
        contract=", ".join(likely),
        due=mail.due_at,
        excerpt=mail.excerpt,
        orders=tuple(orders),
    )


def _contracts(connection: Connection, mail: Held) -> list[str]:
    """The numbers of the contracts that a mail may mean, the likeliest first."""
    address = holds.writer(mail)
    if mail.reason == "which-contract" and address:
        own = contracts.registrations(connection, addresses=[address], list_ids=[])
        return list(dict.fromkeys(each.contract.number for each in own))
    return [mail.contract] if mail.contract else []
