"""Does a machine keep asking us the same, because we keep answering it? Pure.

A robot that shows none of the signs of RFC 3834, and drops all that would tie its mail to our answer, can be known by
one thing alone: it repeats itself. RFC 3834 §2 wants such answers limited for each sender (attack row 15).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

WITHIN = timedelta(days=1)
MOST = 2
"""So many of the very same question are acknowledged within that time: a person may have sent it twice. With the one of
the question that woke the machine, that makes three automatic mails a day."""


def goes_round(text: str, earlier: Sequence[str]) -> bool:
    """Say whether this text came too often; `earlier` are the asker's questions with the same subject, in WITHIN."""
    words = text.split()
    return sum(each.split() == words for each in earlier) >= MOST
