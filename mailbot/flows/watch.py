"""Is something waiting that staff should know of? Run at every tick."""

from __future__ import annotations

from datetime import datetime

from mailbot.desk.replies import HeldMail
from mailbot.flows import letters
from mailbot.flows.context import Context
from mailbot.store import contracts, inbound, outbox


def tell_held(context: Context, now: datetime) -> int:
    """Send staff one digest of the held mails they do not know of: at once for the first, then bundled.

    Gives the number of mails told. Without staff nobody is told, and the mails stay untold until there is someone.
    """
    with context.store.read() as connection:
        last = inbound.last_told(connection)
        too_soon = last is not None and now - last < context.policy.staff_digest_every
        if too_soon or not inbound.untold(connection):
            return 0
    with context.store.begin() as connection:
        waiting = inbound.untold(connection)
        people = contracts.all_staff(connection)
        if not waiting or not people:
            return 0
        mails = [
            HeldMail(row["id"], row["received_at"], row["from_address"], row["subject"], row["reason"])
            for row in waiting
        ]
        outbox.put(connection, [letters.held(context, person, mails, now) for person in people], now)
        inbound.mark_told(connection, [mail.id for mail in mails], now)
    return len(mails)
