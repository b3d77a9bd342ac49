"""What do the letters say that go out because time runs away? Values → which template, with which words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from mailbot.desk.contract import Language
from mailbot.desk.lateness import WHOLE
from mailbot.desk.moments import moment, moment_in
from mailbot.desk.replies import Desk, Wording, line, variables_of

LetterState = Literal["ready", "claimed", "in_doubt", "sent", "failed", "held", "dropped", "missing"]
"""What became of an acknowledgement; in words in templates/<language>/words.toml. `missing`: it was never written."""

MOST_ROWS = 20
"""So many late acknowledgements are named; when a relay is down there are thousands."""


@dataclass(frozen=True, slots=True)
class LateAcknowledgement:
    """A question whose acknowledgement has not left after so many per cent of its window, and what became of it.

    `outbox_id` is None, and the state `missing`, when there is no such letter; `answer` is the relay's last word.
    """

    number: str
    contract: str
    urgent: bool
    due_at: datetime
    percent: int
    recipient: str
    state: LetterState
    outbox_id: int | None
    attempts: int
    answer: str


def late(
    desk: Desk, language: Language, rows: Sequence[LateAcknowledgement], *, count: int, earliest: datetime
) -> Wording:
    """The alarm about `count` acknowledgements that have not left, of which these are the latest; `earliest` is when
    the first of all is or was due.
    """
    shown = rows[:MOST_ROWS]
    more = count - len(shown)
    variables = variables_of(desk) | {
        "count": str(count),
        "more": str(more) if more else "",
        "overdue": any(each.percent >= WHOLE for each in rows),
        "earliest": moment(earliest, language, desk.zone),
        "rows": [_row(desk, language, each) for each in shown],
    }
    return Wording("staff-late", language, variables)


def _row(desk: Desk, language: Language, what: LateAcknowledgement) -> dict[str, object]:
    return {
        "incident_number": what.number,
        "contract_number": line(what.contract),
        "urgent": what.urgent,
        "due": moment(what.due_at, language, desk.zone),
        "percent": str(what.percent),
        "recipient": line(what.recipient),
        "state": what.state,
        "outbox_id": "" if what.outbox_id is None else str(what.outbox_id),
        "attempts": str(what.attempts),
        "answer": line(what.answer),
    }


def neutral(desk: Desk, language: Language, name: str, received_at: datetime, zone: ZoneInfo) -> Wording:
    """The letter to a registered person that a mail came in their name (`desk.neutral`), at this time in their zone.
    Nothing of it is in here.
    """
    variables = variables_of(desk) | {
        "recipient_name": line(name),
        "received_at": moment_in(received_at, language, zone, desk.zone),
    }
    return Wording("customer-neutral", language, variables)
