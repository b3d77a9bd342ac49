"""What must not wait for the clock to come round again, when it was set back? (promises, row 36)

Every time in the database that something waits for stands here; what was merely noted stays as it was noted. To do it
twice changes nothing, so that several daemons may.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Update, or_, text, update

from mailbot.store.outbox import lease_clock
from mailbot.store.schema import CLAIMED, WAITING_TO_LEAVE, escalation, hold, inbound, incident, outbox, page, route


def rewind(connection: Connection, now: datetime, *, lease: timedelta) -> int:
    """Bring to `now` what waits for a later time that counts from one that has not come yet; give the number of rows.

    A letter or a page that waits for its next try is tried at once. A window that began "in the future" has an unknown
    end: people are called at once rather than too late. What was told or alarmed "in the future" was told now.
    """
    leases_until = lease_clock(connection, now) + lease
    return sum(connection.execute(each).rowcount for each in _statements(now, now + lease, leases_until))


def _statements(now: datetime, until: datetime, leases_until: datetime) -> list[Update]:
    return [
        update(outbox).where(text(WAITING_TO_LEAVE), outbox.c.next_attempt_at > now).values(next_attempt_at=now),
        update(outbox).where(text(CLAIMED), outbox.c.lease_until > leases_until).values(lease_until=leases_until),
        update(page).where(page.c.state == "ready", page.c.next_attempt_at > now).values(next_attempt_at=now),
        update(page).where(page.c.state == "claimed", page.c.next_attempt_at > until).values(next_attempt_at=until),
        update(incident)
        .where(incident.c.acknowledged_at.is_(None), incident.c.received_at > now, incident.c.page_at > now)
        .values(page_at=now),
        update(incident)
        .where(
            incident.c.remind_at > now,
            or_(incident.c.received_at > now, incident.c.taken_at > now, incident.c.answered_at > now),
        )
        .values(remind_at=now),
        update(incident).where(incident.c.paged_at > now).values(paged_at=now),
        update(escalation).where(escalation.c.started_at > now, escalation.c.next_at > now).values(next_at=now),
        update(hold).where(hold.c.held_at > now, hold.c.alarm_at > now).values(alarm_at=now),
        update(hold).where(hold.c.held_at > now, hold.c.neutral_at > now).values(neutral_at=now),
        update(hold).where(hold.c.alarmed_at > now).values(alarmed_at=now),
        update(inbound).where(inbound.c.told_staff_at > now).values(told_staff_at=now),
        update(route).where(route.c.failing_since > now).values(failing_since=now),
        update(route).where(route.c.told_at > now).values(told_at=now),
    ]
