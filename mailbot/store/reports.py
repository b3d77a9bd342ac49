"""Which questions came in a stretch of time, and what was done to them? For the monthly proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from mailbot.store.schema import calendar_edition, contract, incident, incident_event

_ENDS_THE_WAIT = ("answered", "closed")


def received(connection: Connection, *, since: datetime, before: datetime, contract_id: int | None) -> list[RowMapping]:
    """Give the incidents whose question came from `since` to before `before`, in order of arrival: of one contract, or
    of all. Nothing about the people who ask or answer is among it.
    """
    query = (
        select(
            incident.c.id,
            incident.c.number,
            incident.c.contract_id,
            contract.c.number.label("contract"),
            contract.c.customer,
            incident.c.status,
            incident.c.urgency,
            incident.c.subject,
            incident.c.scope,
            incident.c.products,
            incident.c.menu,
            incident.c.edition,
            incident.c.response_minutes,
            incident.c.received_at,
            incident.c.starts_at,
            incident.c.due_at,
            incident.c.acknowledged_at,
            incident.c.answered_at,
            incident.c.answer_due_at,
        )
        .join(contract, contract.c.id == incident.c.contract_id)
        .where(*_came(since, before, contract_id))
        .order_by(incident.c.received_at, incident.c.id)
    )
    return list(connection.execute(query).mappings())


def answers(connection: Connection, *, since: datetime, before: datetime, contract_id: int | None) -> list[RowMapping]:
    """Give when these incidents were answered and closed, in order: incident_id, at, what, detail."""
    query = (
        select(incident_event.c.incident_id, incident_event.c.at, incident_event.c.what, incident_event.c.detail)
        .join(incident, incident.c.id == incident_event.c.incident_id)
        .where(*_came(since, before, contract_id), incident_event.c.what.in_(_ENDS_THE_WAIT))
        .order_by(incident_event.c.id)
    )
    return list(connection.execute(query).mappings())


def editions(connection: Connection, fingerprints: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Give the calendars by which clocks were set, as they were then, by fingerprint."""
    wanted = list(fingerprints)
    query = select(calendar_edition.c.fingerprint, calendar_edition.c.content)
    rows = connection.execute(query.where(calendar_edition.c.fingerprint.in_(wanted))) if wanted else ()
    return {row.fingerprint: row.content for row in rows}


def _came(since: datetime, before: datetime, contract_id: int | None) -> list[ColumnElement[bool]]:
    came = [incident.c.received_at >= since, incident.c.received_at < before]
    return came if contract_id is None else [*came, incident.c.contract_id == contract_id]
