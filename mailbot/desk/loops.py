"""Does a machine keep asking us, because we keep answering it? Pure.

A robot that shows none of the signs of RFC 3834, and drops all that would tie its mail to our answer, is known by what
it does. RFC 3834 §2 wants such answers limited for each sender (attack row 15). Three things are no person's doing:

- the very same question, written anew, for the third time in a day: same subject, same words;
- words of an answering machine (rules/robots.toml) within an hour of an acknowledgement of ours, for the third time;
- a hundred and twenty questions in a row, alike but for their numbers, each at once after the last was acknowledged.

How many questions somebody asks is no sign, and neither is how fast: fifty different ones a day are sold (S6), a script
may send them in a second, and all are acknowledged. What one of the signs catches is held and shown to staff, and a
word of theirs lets it go its way: no acknowledgement that was sold is lost unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, pairwise

from mailbot.desk.phrases import Phrases, plain
from mailbot.mail.thread import base_subject

WITHIN = timedelta(days=1)
MOST = 2
"""So many are acknowledged within that time: a person may have sent it twice. With the one of the question that woke
the machine, that makes three automatic mails a day."""
PROMPTLY = timedelta(hours=1)
AT_ONCE = timedelta(minutes=1)
IN_A_ROW = 120
BEGINNING = 10_000
"""So many characters of a question's new text are compared."""
_TOP = 12  # lines of the text in which a machine says what it is


@dataclass(frozen=True, slots=True)
class RobotRules:
    """`phrases` stand in the subject or near the top of what answering machines write."""

    phrases: Phrases


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: the BEGINNING of what it says anew, when it says that it was written, when it came, and when we
    acknowledged it.
    """

    subject: str
    text: str
    written_at: datetime | None
    received_at: datetime
    acknowledged_at: datetime | None


def why_round(asked: Asked, earlier: Sequence[Asked], robots: RobotRules) -> str | None:
    """Say by what it is known that this goes round; `earlier` are the asker's questions in WITHIN, the newest first."""
    if sum(_says_the_same(asked, each) for each in earlier) >= MOST:
        return "the very same question came twice before within a day"
    phrase = reads_like_a_robot(asked.subject, asked.text, robots)
    if phrase is not None and _promptly(asked, earlier) and _prompt_robots(earlier, robots) >= MOST:
        return f'it says "{phrase}", as answering machines do, and comes after each of our acknowledgements'
    if _in_a_row([asked, *earlier]):
        return f"{IN_A_ROW} questions in a row, alike but for numbers, each came at once after an acknowledgement"
    return None


def reads_like_a_robot(subject: str, text: str, robots: RobotRules) -> str | None:
    """Give the phrase of an answering machine that it begins with."""
    return robots.phrases.first(plain(subject, *islice(text.strip().split("\n"), _TOP)))


def _says_the_same(asked: Asked, other: Asked) -> bool:
    """Copies of one mail bear one Date: they were sent again, not written again."""
    copied = other.written_at is not None and other.written_at == asked.written_at
    same = base_subject(asked.subject) == base_subject(other.subject) and asked.text.split() == other.text.split()
    return same and not copied


def _promptly(asked: Asked, earlier: Sequence[Asked]) -> bool:
    acknowledged = [each.acknowledged_at for each in earlier if each.acknowledged_at is not None]
    return any(at <= asked.received_at <= at + PROMPTLY for at in acknowledged)


def _prompt_robots(earlier: Sequence[Asked], robots: RobotRules) -> int:
    """Count the answering machine's mails that came after an acknowledgement of ours."""
    found = [at for at, each in enumerate(earlier) if reads_like_a_robot(each.subject, each.text, robots)]
    return sum(_promptly(earlier[at], earlier[at + 1 :]) for at in found)


def _in_a_row(newest_first: Sequence[Asked]) -> bool:
    return len(newest_first) > IN_A_ROW and all(
        _answers_at_once(later, former) for later, former in pairwise(newest_first[: IN_A_ROW + 1])
    )


def _answers_at_once(later: Asked, former: Asked) -> bool:
    at = former.acknowledged_at
    if at is None or not at <= later.received_at <= at + AT_ONCE:
        return False
    return _without_numbers(later) == _without_numbers(former)


def _without_numbers(asked: Asked) -> list[str]:
    words = f"{asked.subject}\n{asked.text}".split()
    return [word for word in words if not any(character.isdigit() for character in word)]
