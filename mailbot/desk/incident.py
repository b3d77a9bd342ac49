"""Where is an incident in its life, and what moves it? (S6, S12) One table. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The states of an incident: not acknowledged yet, the desk's turn, the customer's turn, over."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    WAITING = "waiting"
    CLOSED = "closed"


class Happening(StrEnum):
    """What can happen to an incident; what people do is kept under these words."""

    ACKNOWLEDGEMENT_SENT = "acknowledgement-sent"
    CUSTOMER_WROTE = "customer-wrote"
    TAKEN = "taken"
    URGENCY = "urgency"
    ANSWERED = "answered"
    WAITS = "waits"
    RESUMED = "resumed"
    CLOSED = "closed"


LIFE: dict[tuple[Status, Happening], Status] = {
    (Status.NEW, Happening.ACKNOWLEDGEMENT_SENT): Status.ACKNOWLEDGED,
    (Status.NEW, Happening.CUSTOMER_WROTE): Status.NEW,
    (Status.NEW, Happening.TAKEN): Status.NEW,
    (Status.NEW, Happening.URGENCY): Status.NEW,
    (Status.NEW, Happening.ANSWERED): Status.NEW,  # the acknowledgement is owed all the same (S19)
    (Status.NEW, Happening.WAITS): Status.WAITING,
    (Status.NEW, Happening.CLOSED): Status.CLOSED,
    (Status.ACKNOWLEDGED, Happening.CUSTOMER_WROTE): Status.ACKNOWLEDGED,
    (Status.ACKNOWLEDGED, Happening.TAKEN): Status.ACKNOWLEDGED,
    (Status.ACKNOWLEDGED, Happening.URGENCY): Status.ACKNOWLEDGED,
    (Status.ACKNOWLEDGED, Happening.ANSWERED): Status.ACKNOWLEDGED,  # news are owed until the customer's turn comes
    (Status.ACKNOWLEDGED, Happening.WAITS): Status.WAITING,
    (Status.ACKNOWLEDGED, Happening.CLOSED): Status.CLOSED,
    (Status.WAITING, Happening.ACKNOWLEDGEMENT_SENT): Status.WAITING,
    (Status.WAITING, Happening.CUSTOMER_WROTE): Status.ACKNOWLEDGED,
    (Status.WAITING, Happening.TAKEN): Status.WAITING,
    (Status.WAITING, Happening.URGENCY): Status.WAITING,
    (Status.WAITING, Happening.ANSWERED): Status.WAITING,
    (Status.WAITING, Happening.WAITS): Status.WAITING,
    (Status.WAITING, Happening.RESUMED): Status.ACKNOWLEDGED,
    (Status.WAITING, Happening.CLOSED): Status.CLOSED,
    (Status.CLOSED, Happening.ACKNOWLEDGEMENT_SENT): Status.CLOSED,  # it was closed while the mail was on its way
}
"""Everything that may happen, and where it leads; what is not here is refused. A customer's mail to a closed incident
opens a new, linked one (S6), so it is no row of this table."""


class Turn(StrEnum):
    """Whose turn it is."""

    DESK = "desk"
    CUSTOMER = "customer"
    NOBODY = "nobody"


def turn_of(status: Status) -> Turn:
    """Say whose turn it is."""
    return {Status.WAITING: Turn.CUSTOMER, Status.CLOSED: Turn.NOBODY}.get(status, Turn.DESK)


@dataclass(frozen=True, slots=True)
class Incident:
    """The whole exchange until one question is complete (S6)."""

    id: int
    number: str
    contract_id: int
    asker_id: int
    status: Status
    base_subject: str


class Urgency(StrEnum):
    """How an incident's clock runs (S20); a doubtful one counts as urgent until a person says otherwise."""

    NORMAL = "normal"
    DOUBTFUL = "doubtful"
    URGENT = "urgent"
