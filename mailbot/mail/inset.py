"""Where does a mail program say that another mail follows: a drawn line, or a block of header lines? Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.mail.quotewords import FORWARDED, HEADER_WORDS, INTRODUCED, ORIGINAL_MESSAGE, REPLY_ABOVE

_DASHED = re.compile(r"\s{0,4}[-_=*─━―－＝]{2,}\s?([^-_=*─━―－＝].{1,60}?)\s?[-_=*─━―－＝]{2,}\s*(.{0,600})\Z")
_HALF_DASHED = re.compile(r"\s{0,4}-{2,}\s?([^-].{1,40}?)\s?\Z")
_ADDRESS = re.compile(r"[\w.+=-]{1,100}@[\w-]{1,100}\.[\w.-]{1,100}")
_CLOCK = re.compile(r"\d{1,2}[:.時]\d{2}")
DRAWN = "-_=*─━―－＝"
"""What the line between two mails is drawn with."""

_MARKS_LINE = DRAWN + "#~"

_LEAST_DRAWN = 5
_MAX_BLOCK = 16
_MAX_FOLDED = 3
_MAX_NAME = 40  # of a header field's name with what is drawn around it


@dataclass(frozen=True, slots=True)
class Inset:
    """Lines up to `end` (exclusive) introduce another mail."""

    end: int
    forwarded: bool
    has_header: bool
    drawn: bool


def inset(lines: Sequence[str], at: int) -> Inset | None:
    """What introduces another mail from this line on, if anything does."""
    line = lines[at]
    colon = ":" in line or "：" in line
    separator = _separator(line, colon=colon)
    if separator is not None:
        end = _block_end(lines, _after_blanks(lines, at + 1), least=1)
        return Inset(end or at + 1, separator, end is not None or _glued(line), drawn=True)
    if not colon:
        return None
    end = _block_end(lines, at, least=2 if _is_set_off(lines, at) else 3)
    return None if end is None else Inset(end, forwarded=False, has_header=True, drawn=False)


def _separator(line: str, *, colon: bool) -> bool | None:
    """Whether the line separates off an older mail, and if it does, whether that is forwarded."""
    text = line.strip()
    if text[:1] in _MARKS_LINE and REPLY_ABOVE.fullmatch(text):
        return False
    if text[:1] in DRAWN and (dashed := _DASHED.match(line) or _HALF_DASHED.match(line)):
        words, rest = dashed.group(1), dashed.group(2) if dashed.re is _DASHED else ""
        if rest.strip("-_=* ") and not (_ADDRESS.search(rest) or FORWARDED.search(rest)):
            return None
        if FORWARDED.search(words):
            return True
        return False if ORIGINAL_MESSAGE.search(words) else None
    if colon and len(text) < 70 and text.endswith((":", "：")) and INTRODUCED.fullmatch(text):
        return FORWARDED.search(text) is not None
    return None


def _is_set_off(lines: Sequence[str], at: int) -> bool:
    """Whether the line above is drawn, as Outlook's is: two kinds of header lines are proof then."""
    above = lines[at - 1].strip() if at else ""
    return len(above) >= _LEAST_DRAWN and above[:1] in DRAWN and not above.strip(DRAWN)


def _glued(line: str) -> bool:
    """Yahoo writes the header fields behind the dashes, on one line."""
    return line.count(":") >= 3


def _after_blanks(lines: Sequence[str], at: int) -> int:
    for place in range(at, min(at + _MAX_FOLDED, len(lines))):
        if lines[place].strip():
            return place
    return at


def _block_end(lines: Sequence[str], at: int, *, least: int) -> int | None:
    """Where a block of header lines ends: who sent it and `least` kinds in all, folded lines and blanks between.

    Under a drawn line any header line is proof enough (`least` of one).
    """
    kinds: set[str] = set()
    end, blank = at, False
    for place in range(at, min(at + _MAX_BLOCK, len(lines))):
        kind = header_kind(lines[place])
        if kind == "raw":
            return None  # no program shows Received or Message-ID above a quotation: that is a pasted header
        if kind is not None:
            kinds.add(kind)
            end, blank = place + 1, False
        elif place == at or blank or place - end >= _MAX_FOLDED:
            break
        else:
            blank = not lines[place].strip()
    return end if _complete(lines[at:end], kinds, least) else None


def _complete(block: Sequence[str], kinds: set[str], least: int) -> bool:
    kinds = kinds - {"other"}
    if "from" in kinds and len(kinds) >= least:
        return True
    if {"from", "sent"} <= kinds:
        return any(_CLOCK.search(line) for line in block)
    return least == 1 and bool(kinds)


def header_kind(line: str) -> str | None:
    """Which header field a line like `差出人: …` or `*Sent:* …` stands for, if any."""
    name, colon, _ = line[:_MAX_NAME].replace("：", ":").partition(":")
    return HEADER_WORDS.get(name.strip(" \t*_|\ufeff").lower()) if colon else None
