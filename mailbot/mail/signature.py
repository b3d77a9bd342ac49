"""Which lines at the end of somebody's words are a signature? Pure.

A line is taken only with proof: a delimiter, a drawn line over contact data, a closing formula over a name, or what
devices, lists and companies add. When in doubt it stays with the writer's words, for those decide what the desk does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.mail.quotewords import UNSEEN
from mailbot.mail.signaturewords import CLOSINGS, CONTACT, FOOTER, GREETING, LINK, NOT_SIGNATURE, SENT_FROM, THANKS

_MAX_LINE = 200  # of a signature; longer lines are prose
_MAX_NOTICE = 1000  # of a legal notice, which programs leave unwrapped
_MAX_BLOCK = 16
_MAX_FOOTER = 30
_MAX_PEELS = 6
_LINE_WORDS = 9  # of the longest line in a signature
_NAME_WORDS = 6  # of a name with its office
_DELIMITERS = frozenset({"--", "__", "—", "––", "-- "})
_RULE = re.compile(r"[\W_]{4,120}\Z")
_TITLED_RULE = re.compile(r"[\W_]{3,60}[^\W_].{0,40}[\W_]{3,60}\Z")
_DASHED_NAME = re.compile(r"[-–—~] ?[A-Z][\w.'-]{0,30}(?: [A-Z][\w.'-]{0,30}){1,3}\Z")
_NAME_WORD = re.compile(
    r"[^\W\d_a-z]|[|,/&@+!.()\-–—•·\"'“”].{0,20}\Z|(?:of|de|da|di|van|von|den|der|the|and|und|et|at|for|in|a)\Z"
)
_SENTENCE_END = re.compile(r"\w[.?]\Z|[。？]\Z")


def signature_start(lines: Sequence[str], start: int, end: int, *, last: bool) -> int:
    """Where the signature of lines[start:end] begins; `end` when it has none.

    `last` says that nothing of the writer's own follows.
    """
    begin = end
    for _ in range(_MAX_PEELS):
        found = _lowest_block(lines, start, _without_blanks(lines, start, begin), last=last)
        if found is None:
            break
        begin = found
    return begin


def shows_itself(line: str) -> bool:
    """Whether the first line of a signature proves it even where the mail says nothing else."""
    return line.rstrip() in _DELIMITERS or is_device_line(line)


def is_device_line(line: str) -> bool:
    """`Sent from my iPhone` and its kin, wherever they stand."""
    return len(line) <= _MAX_LINE and SENT_FROM.match(line.strip(UNSEEN)) is not None


def begins_letter(line: str) -> bool:
    """`Dear …`, `山田様`: below a signature only another person's letter begins so."""
    return len(line) <= _MAX_LINE and GREETING.match(line.strip()) is not None


def _without_blanks(lines: Sequence[str], start: int, end: int) -> int:
    while end > start and not lines[end - 1].strip():
        end -= 1
    return end


def _lowest_block(lines: Sequence[str], start: int, end: int, *, last: bool) -> int | None:
    """Where the lowest block of a signature begins."""
    if end <= start:
        return None
    lowest = end
    while lowest > start and end - lowest < _MAX_FOOTER and shows_itself(lines[lowest - 1].strip()):
        lowest -= 1
    if lowest < end:
        return lowest
    for block in (_delimited, _footer, _drawn, _closed, _dashed_name) if last else (_delimited, _footer, _closed):
        found = block(lines, start, end)
        if found is not None:
            return found
    return None


def _delimited(lines: Sequence[str], start: int, end: int) -> int | None:
    """RFC 3676 §4.3: a line of two dashes and a blank, or near the end two dashes alone; the topmost."""
    found = None
    for at in range(end - 1, max(start - 1, end - 1 - _MAX_FOOTER), -1):
        line = lines[at]
        if line == "-- " or (line.rstrip() in _DELIMITERS and end - at <= _MAX_BLOCK):
            found = at
    return found


def _footer(lines: Sequence[str], start: int, end: int) -> int | None:
    """What a list, a service or a company puts under every mail, with the line drawn above it."""
    for at in range(max(start, end - _MAX_FOOTER), end):
        if (at > start and _goes_on(lines[at - 1])) or len(lines[at]) > _MAX_NOTICE or not FOOTER.match(lines[at]):
            continue
        above = _without_blanks(lines, start, at)
        if above > start and _is_rule(lines[above - 1]):
            return above - 1
        return at
    return None


def _goes_on(line: str) -> bool:
    """Whether the line above is unfinished prose, so that the next one is not the beginning of a footer."""
    text = line.strip()
    return bool(text) and not _is_rule(line) and text not in _DELIMITERS


def _drawn(lines: Sequence[str], start: int, end: int) -> int | None:
    """Contact data under a drawn line, as most Japanese signatures have it."""
    lowest = max(start, end - _MAX_BLOCK)
    rules = [at for at in range(lowest, end - 1) if _is_rule(lines[at])]
    if not rules:
        return None
    prose = max((at for at in range(lowest, end) if _is_prose(lines[at])), default=-1)
    return next((at for at in rules if at > prose and _has_contact(lines[at:end])), None)


def _is_prose(line: str) -> bool:
    """A sentence, a log, a command: what no signature has."""
    text = line.strip()
    count = len(text.split())
    sentence = count > _LINE_WORDS or (count > _NAME_WORDS and text.endswith((".", "!", ":")))
    return len(line) > _MAX_LINE or sentence or NOT_SIGNATURE.search(text) is not None


def _is_rule(line: str) -> bool:
    text = line.strip()
    return bool(text) and len(text) <= _MAX_LINE and bool(_RULE.match(text) or _TITLED_RULE.match(text))


def _has_contact(lines: Sequence[str]) -> bool:
    """One line of contact data, or two that are no more than an address or a link."""
    short = [line.strip() for line in lines if len(line) <= _MAX_LINE]
    return any(map(CONTACT.search, short)) or sum(1 for line in short if LINK.match(line)) >= 2


def _closed(lines: Sequence[str], start: int, end: int) -> int | None:
    """A closing formula on its own line with nothing but a name and contact data below it."""
    for at in range(end - 1, max(start - 1, end - 1 - _MAX_BLOCK), -1):
        text = lines[at].strip()
        if len(text) > _MAX_LINE:
            return None
        if CLOSINGS.fullmatch(text):
            return at
        if THANKS.fullmatch(text) and _has_contact(lines[at + 1 : end]):
            return at
        if text and not _could_be_signed(text):
            return None
    return None


def _could_be_signed(text: str) -> bool:
    """A name, an office or contact data: no sentence."""
    if _is_prose(text):
        return False
    if CONTACT.search(text) or LINK.match(text):
        return True
    words = text.split()
    return len(words) == 1 or (
        len(words) <= _NAME_WORDS and not _SENTENCE_END.search(text) and all(map(_NAME_WORD.match, words))
    )


def _dashed_name(lines: Sequence[str], start: int, end: int) -> int | None:
    """`-First Last` alone under the last paragraph."""
    at = end - 1
    alone = at > start and not lines[at - 1].strip()
    return at if alone and _DASHED_NAME.match(lines[at].strip()) else None
