"""Do staff know of every mail that waits for a person, and of those that wait too long?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from mailbot.desk import replies
from mailbot.desk.contract import Language
from mailbot.desk.lateness import Window, next_alarm, stage_at
from mailbot.desk.replies import HeldMail
from mailbot.flows import staffletters
from mailbot.flows.context import Context
from mailbot.flows.paging import Alarm, raise_alarm
from mailbot.store import contracts, holdclock, holds, inbound, journal, outbox
from mailbot.store.engine import Connection
from mailbot.store.holdclock import Alarmed
from mailbot.store.holds import Held

_ALARMS_APART = timedelta(minutes=5)  # a storm of strangers must not become a storm of alarms


def tell(context: Context, now: datetime) -> int:
    """Send staff one digest of the held mails they do not know of: at once for the first, then bundled. Before that,
    one alarm about those that wait too long.

    Gives the number of mails told. Without staff nobody is told, and the mails stay untold until there is someone.
    """
    return _alarm(context, now) + _digest(context, now)


def _alarm(context: Context, now: datetime) -> int:
    """Much of the window is over, or all of it, and nobody has decided: nothing waits unseen."""
    with context.store.read() as connection:
        if not holdclock.waits_for_alarm(connection, now) or _just_alarmed(connection, now):
            return 0
    with context.store.begin() as connection:
        found = [(mail, _alarmed(context, mail, now)) for mail in holdclock.alarming(connection, now)]
        if not found or not raise_alarm(context, connection, _alarm_about(context, connection, found, now), now):
            return 0
        holdclock.mark_alarmed(connection, [alarmed for _, alarmed in found], now)
        inbound.mark_told(connection, [mail.id for mail, _ in found], now)
        journal.write(connection, [_entry(mail, alarmed, now) for mail, alarmed in found])
    return len(found)


def _just_alarmed(connection: Connection, now: datetime) -> bool:
    last = holdclock.last_alarm(connection)
    return last is not None and timedelta(0) <= now - last < _ALARMS_APART


def _alarmed(context: Context, mail: Held, now: datetime) -> Alarmed:
    menu = context.rules.service.menus.get(mail.menu or "")
    window = Window(menu, mail.urgent, mail.received_at, mail.due_at or now)
    stage = stage_at(window, context.rules.calendars, now)
    return Alarmed(mail.id, stage, next_alarm(window, context.rules.calendars, stage))


def _alarm_about(
    context: Context, connection: Connection, found: Sequence[tuple[Held, Alarmed]], now: datetime
) -> Alarm:
    mails, percent = [mail for mail, _ in found], {mail.id: alarmed.percent for mail, alarmed in found}
    likely = {mail.id: _contracts(connection, mail) for mail in mails}
    worst = max(mails, key=lambda mail: (percent[mail.id], bool(mail.contract), -mail.id))

    def say(language: Language) -> replies.Wording:
        shown = [_shown(context, language, mail, likely[mail.id], percent[mail.id]) for mail in mails]
        return replies.alarm(context.desk, language, shown)

    return Alarm(
        key=f"held:{worst.id}:{percent[worst.id]}:{now:%Y%m%dT%H%M%S}",
        kind="held",
        say=say,
        inbound_id=worst.id if len(mails) == 1 else None,
        calls=any(mail.contract for mail in mails),  # whatever a stranger writes rings nobody's phone at night
        facts={
            "count": str(len(mails)),
            "percent": str(percent[worst.id]),
            "inbound": str(worst.id),
            "reason": worst.reason,
            "contract": worst.contract or "",
            "earliest_due": min(mail.due_at or now for mail in mails).isoformat(),
        },
    )


def _entry(mail: Held, alarmed: Alarmed, now: datetime) -> journal.Entry:
    why = f"undecided after {alarmed.percent} % of its window, due {mail.due_at}"
    return journal.Entry(now, f"inbound:{mail.id}", "alarmed", why)


def _digest(context: Context, now: datetime) -> int:
    with context.store.read() as connection:
        last = inbound.last_told(connection)
        too_soon = last is not None and now - last < context.policy.staff_digest_every
        if too_soon or not holds.untold(connection):
            return 0
    with context.store.begin() as connection:
        waiting, people = holds.untold(connection), contracts.all_staff(connection)
        if not waiting or not people:
            return 0
        shown = _in_each_language(context, connection, waiting, {person.language for person in people})
        outbox.put(connection, [staffletters.held(context, each, shown[each.language], now) for each in people], now)
        inbound.mark_told(connection, [mail.id for mail in waiting], now)
    return len(waiting)


def _in_each_language(
    context: Context, connection: Connection, mails: Sequence[Held], languages: set[Language]
) -> Mapping[Language, Sequence[HeldMail]]:
    likely = [(mail, _contracts(connection, mail)) for mail in mails]
    return {
        language: [_shown(context, language, mail, numbers, 0) for mail, numbers in likely] for language in languages
    }


def _shown(context: Context, language: Language, mail: Held, likely: Sequence[str], percent: int) -> HeldMail:
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
        percent=percent,
    )


def _contracts(connection: Connection, mail: Held) -> list[str]:
    """The numbers of the contracts that a mail may mean, the likeliest first."""
    address = holds.writer(mail)
    if mail.reason == "which-contract" and address:
        own = contracts.registrations(connection, addresses=[address], list_ids=[])
        return list(dict.fromkeys(each.contract.number for each in own))
    return [mail.contract] if mail.contract else []
