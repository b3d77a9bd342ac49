"""By which calendar did a clock count? Its editions as they were used, kept for ever; how each clock was set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.desk import editions
from mailbot.desk.calendar import Calendar
from mailbot.store.schema import asker, calendar_edition, contract, incident, outbox

_KNOWN = "kept calendar editions"


def keep(connection: Connection, calendar: Calendar, *, since: datetime, until: datetime, now: datetime) -> str:
    """Keep the edition by which a clock counts from `since` to `until`; give its fingerprint.

    One that is known to be kept costs no statement. What this very transaction wrote is not known yet: it may still be
    rolled back.
    """
    kept = editions.kept(calendar, since=since, until=until)
    # By database connection: the transaction that wrote it, or None once it was found committed.
    known: dict[str, Any] = connection.info.setdefault(_KNOWN, {})
    fingerprint, ours = kept.fingerprint, connection.get_transaction()
    if fingerprint in known and known[fingerprint] is None:
        return fingerprint
    if connection.execute(_KEPT, {"wanted": fingerprint}).first() is None:
        row = {"fingerprint": fingerprint, "calendar": kept.calendar, "content": kept.content, "first_used_at": now}
        connection.execute(_KEEP_SQLITE if connection.dialect.name == "sqlite" else _KEEP_POSTGRESQL, row)
        known[fingerprint] = ours
    elif known.get(fingerprint) is not ours:
        known[fingerprint] = None
    return fingerprint


_KEPT = select(calendar_edition.c.fingerprint).where(calendar_edition.c.fingerprint == bindparam("wanted"))
_KEEP_SQLITE = sqlite.insert(calendar_edition).on_conflict_do_nothing()
_KEEP_POSTGRESQL = postgresql.insert(calendar_edition).on_conflict_do_nothing()


def clock_of(connection: Connection, number: str) -> RowMapping | None:
    """Give how the clock of this incident was set; the edition's content and first use are None where none was kept.

    `answer` is what the relay said to the acknowledgement.
    """
    return connection.execute(_CLOCK.where(incident.c.number == number)).mappings().one_or_none()


_ANSWER = (
    select(outbox.c.answer)
    .where(
        outbox.c.incident_id == incident.c.id,
        outbox.c.audience != "staff",
        outbox.c.sent_at == incident.c.acknowledged_at,
    )
    .order_by(outbox.c.id)
    .limit(1)
    .scalar_subquery()
)
_CLOCK = select(
    incident.c.id,
    incident.c.number,
    incident.c.status,
    incident.c.subject,
    contract.c.number.label("contract"),
    contract.c.customer,
    asker.c.address.label("asker"),
    incident.c.menu,
    incident.c.urgency,
    incident.c.urgency_by,
    incident.c.response_minutes,
    incident.c.received_at,
    incident.c.due_at,
    incident.c.acknowledged_at,
    _ANSWER.label("answer"),
    incident.c.edition,
    calendar_edition.c.content,
    calendar_edition.c.first_used_at,
).select_from(
    incident.join(contract, contract.c.id == incident.c.contract_id)
    .join(asker, asker.c.id == incident.c.asker_id)
    .outerjoin(calendar_edition, calendar_edition.c.fingerprint == incident.c.edition)
)
