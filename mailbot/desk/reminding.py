"""What do staff hear of the answers that they owe? Pure.

Templates get what `desk.replies` promises: strings, booleans and lists of them, one line each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.desk.contract import Language
from mailbot.desk.moments import moment
from mailbot.desk.replies import Desk, Wording, line, variables_of, written
from mailbot.mail.message import Mailbox

_MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class DueAnswer:
    """An answer that a person owes: the first one, or else news. `assignee` is a name, empty where nobody took it."""

    incident_number: str
    contract_number: str
    customer: str
    asker: Mailbox
    subject: str
    first: bool
    urgent: bool
    due: datetime
    late: bool
    assignee: str


def reminder(desk: Desk, language: Language, owed: Sequence[DueAnswer]) -> Wording:
    """The letter that reminds of answers before their time is over, and once it is."""
    return Wording("staff-reminder", language, _owed(desk, language, owed))


def answers_late(desk: Desk, language: Language, owed: Sequence[DueAnswer]) -> Wording:
    """The alarm: these answers were not given in their time."""
    return Wording("staff-answer-late", language, _owed(desk, language, owed))


def _owed(desk: Desk, language: Language, owed: Sequence[DueAnswer]) -> Mapping[str, object]:
    """The earliest first; `only` is the number of the incident where it is the only one."""
    listed = sorted(owed, key=lambda each: (each.due, each.incident_number))
    rows = [_row(desk, language, each) for each in listed[:_MOST_ROWS]]
    late = sum(each.late for each in owed)
    return variables_of(desk) | {
        "answers": rows,
        "only": listed[0].incident_number if len(listed) == 1 else "",
        "count": str(len(listed)),
        "late": str(late) if late else "",
        "first_due": moment(listed[0].due, language, desk.zone),
        "more": str(len(listed) - len(rows)) if len(listed) > len(rows) else "",
    }


def _row(desk: Desk, language: Language, each: DueAnswer) -> dict[str, object]:
    return {
        "number": each.incident_number,
        "contract_number": line(each.contract_number),
        "customer": line(each.customer),
        "asker": written(each.asker),
        "subject": line(each.subject),
        "first": each.first,
        "urgent": each.urgent,
        "due": moment(each.due, language, desk.zone),
        "late": each.late,
        "assignee": line(each.assignee),
    }
