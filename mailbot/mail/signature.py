"""Which lines at the end of somebody's words are a signature? Pure.

A line is taken only with proof: a delimiter, a drawn line over contact data, a closing formula over a name, or what
devices, lists and companies add. When in doubt it stays with the writer's words, for those decide what the desk does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.mail.quotewords import UNSEEN
from mailbot.mail.signaturewords import (
    ANNOUNCES,
    CLOSINGS,
    CONTACT,
    CONTACT_LABEL,
    FOOTER,
    FOOTER_TITLE,
    GREETING,
    LINK,
    NOT_SIGNATURE,
    SENT_FROM,
    THANKS,
)

_MAX_LINE = 200  # of a signature; longer lines are prose
_MAX_NOTICE = 1000  # of a legal notice, which programs leave unwrapped
_MAX_BLOCK = 16
_MAX_FOOTER = 30
_MAX_PEELS = 6
_FEW_NAMES = 4  # lines under a drawn line that need no contact data to be a signature
_MAX_CARD_LINE = 40  # longer lines are prose, a footer does not stand directly below them
_MAX_CONTACT = 60  # of a line that closes a card
_LINE_WORDS = 9  # of the longest line in a signature
_NAME_WORDS = 6  # of a name with its office
_DELIMITERS = frozenset({"--", "__", "—", "––", "-- "})
_RULE = re.compile(r"[\W_ーｰﾟﾞ一〇]{4,120}\Z|[\WoO〇_]{8,120}\Z")
_TITLED_RULE = re.compile(r"[\W_]{3,60}[^\W_].{0,40}[\W_]{3,60}\Z")
_DASHED_NAME = re.compile(r"[-–—~] ?[A-Z][\w.'-]{0,30}(?: [A-Z][\w.'-]{0,30}){1,3}\Z")
_FULL_NAME = re.compile(r"(?:[A-Z][\w.'-]{0,30}\.? ){1,3}[A-Z][\w.'-]{0,30}(?:,? [A-Z][\w.]{1,8}){0,2}\Z")
_NAME_WORD = re.compile(
    r"[^\W\d_a-z]|[|,/&@+!.()\-–—•·\"'“”].{0,20}\Z|(?:of|de|da|di|van|von|den|der|the|and|und|et|at|for|in|a)\Z"
)
_NO_NAME = re.compile(r"[@\d]|https?:|www\.|\A\s{0,40}[^\w\s*'(–—-]")
_PLACE = re.compile(
    r"[^\W_a-z].{0,60}\d.{0,60}[^.?!。？！]\Z|\d{1,6}[ ,-].{0,80}[^.?!。？！]\Z"
)  # street and number, code and town
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
    for block in (
        (_delimited, _footer, _drawn, _closed, _dashed_name, _card) if last else (_delimited, _footer, _closed)
    ):
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
        above = lines[at - 1] if at > start else ""
        if len(lines[at]) > _MAX_NOTICE or (len(above) > _MAX_CARD_LINE and above[0].isalnum()):
            continue
        if not FOOTER.match(lines[at]) or _goes_on(above):
            continue
        return _with_heading(lines, start, at)
    return None


def _with_heading(lines: Sequence[str], start: int, at: int) -> int:
    """Take in the title of the footer and the line drawn above it."""
    for heads in (_is_title, _is_rule):
        above = _without_blanks(lines, start, at)
        if above > start and heads(lines[above - 1]):
            at = above - 1
    return at


def _goes_on(line: str) -> bool:
    """Whether the line above is unfinished prose, so that the next one is not the beginning of a footer."""
    text = line.strip()
    ends = not text or _is_rule(line) or text in _DELIMITERS or _is_title(line) or _is_contact(line)
    return not ends


def _is_title(line: str) -> bool:
    return len(line) <= _MAX_LINE and FOOTER_TITLE.match(line) is not None


def _drawn(lines: Sequence[str], start: int, end: int) -> int | None:
    """Contact data under a drawn line, as most Japanese signatures have it."""
    lowest = max(start, end - _MAX_BLOCK)
    rules = [at for at in range(lowest, end - 1) if _is_rule(lines[at])]
    if not rules:
        return None
    prose = max((at for at in range(lowest, end) if _is_prose(lines[at])), default=-1)
    return next(
        (at for at in rules if at > prose and (_has_contact(lines[at:end]) or _only_names(lines[at + 1 : end]))), None
    )


def _only_names(lines: Sequence[str]) -> bool:
    """A full name and no more than its office and place."""
    said = [line.strip() for line in lines if line.strip() and not _is_rule(line)]
    return 0 < len(said) <= _FEW_NAMES and _FULL_NAME.match(said[0]) is not None and all(map(_could_be_signed, said))


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
    return any(map(_is_labelled, short)) or sum(1 for line in short if LINK.match(line)) >= 2


def _is_contact(line: str) -> bool:
    return len(line) <= _MAX_LINE and (_is_labelled(line.strip()) or LINK.match(line.strip()) is not None)


def _is_labelled(text: str) -> bool:
    return (CONTACT_LABEL.match(text) or CONTACT.search(text)) is not None


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
    if _is_labelled(text) or LINK.match(text):
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


def _card(lines: Sequence[str], start: int, end: int) -> int | None:
    """The last paragraph where it is a name over two lines of contact data, unless the words above announce it."""
    if len(lines[end - 1]) > _MAX_CONTACT or not any(map(_is_contact, lines[max(start, end - 2) : end])):
        return None
    begin = end
    while begin > start and lines[begin - 1].strip():
        begin -= 1
        if end - begin > _MAX_BLOCK or not _could_stand_on_card(lines[begin].strip()):
            return None
    above = _without_blanks(lines, start, begin)
    named = _could_be_signed(lines[begin].strip()) and _NO_NAME.search(lines[begin]) is None
    if above == start or not named or sum(map(_is_contact, lines[begin:end])) < 2:
        return None
    return None if ANNOUNCES.search(lines[above - 1][-_MAX_LINE:]) else begin


def _could_stand_on_card(text: str) -> bool:
    return _could_be_signed(text) or (not _is_prose(text) and _PLACE.match(text) is not None)
