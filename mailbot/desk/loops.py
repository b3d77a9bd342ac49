"""Does a machine keep asking us the same, because we keep answering it? Pure.

A robot that shows none of the signs of RFC 3834, and drops all that would tie its mail to our answer, can be known by
one thing alone: it repeats itself, in mails that it writes anew. RFC 3834 §2 wants such answers limited for each sender
(attack row 15).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WITHIN = timedelta(days=1)
MOST = 2
"""So many of the very same question are acknowledged within that time: a person may have sent it twice. With the one of
the question that woke the machine, that makes three automatic mails a day."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question says anew, and when it says that it was written."""

    text: str
    written_at: datetime | None


def goes_round(asked: Asked, earlier: Sequence[Asked]) -> bool:
    """Say whether this came too often; `earlier` are the asker's questions with the same subject, in WITHIN.

    Copies of one mail bear one Date: they were sent again, not written again.
    """
    words = asked.text.split()
    rewritten = (each for each in earlier if each.written_at is None or each.written_at != asked.written_at)
    return sum(each.text.split() == words for each in rewritten) >= MOST
