"""Which part of the text is new, which is quoted, and which is a signature? Pure.

Line by line and in one pass: no pattern spans lines, so that no mail takes more than linear time (attack row 19).
Every line of the text stands in exactly one of the three pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailbot.mail.quotewords import (
    ANSWERED,
    HEADER_WORDS,
    ORIGINAL_MESSAGE,
    SENT_FROM,
    SIGNATURE_EVIDENCE,
)

_MAX_LINE = 600  # longer lines are prose or data, never an attribution
_MAX_SIGNATURE = 16
_QUOTE = re.compile(r"\s{0,3}(?:[>＞]|[A-Za-z]{1,4}>[> ]|\|\s)")
_ADDRESS = re.compile(r"[\w.+=-]{1,100}@[\w-]{1,100}\.[\w.-]{1,100}")
_YEAR_OR_DAY = re.compile(
    r"\b(?:19|20)\d\d\b|\d{1,4}[-/.年]\s?\d{1,2}[-/.月]|\d{1,2}月\d{1,2}日|\d{1,2}\.? \w{3,12}\.? \d{2,4}"
)
_CLOCK = re.compile(r"\d{1,2}[:.時]\d{2}")
_HEADER_LINE = re.compile(r"[\s>*_|]{0,6}([^\W\d_][^\n:：]{0,30}?)\s{0,4}\*{0,2}\s?[:：]")
_RULE = re.compile(r"\s{0,8}([-_=*~#+─━═＝―ー－—–‐〜～＊◆◇■□●○☆★*・…\u2500-\u257f]{4,})\s*\Z")
_DASHED = re.compile(r"\s{0,4}[-_=*─━]{2,}.{1,60}?[-_=*─━]{2,}\s*\Z")
_SENTENCE_ENDS = (".", "。", "!", "?", ":")
_BARE_DELIMITERS = frozenset({"--", "-- ", "__", "—"})


@dataclass(frozen=True, slots=True)
class Pieces:
    """The three pieces, each without blank lines around it."""

    new_text: str
    quoted_text: str
    signature: str


def split(text: str) -> Pieces:
    """Sort every line. When nothing is left as new, an unanswered quote counts as quoted and new text is empty."""
    lines = text.split("\n")
    cut = _first_cut(lines)
    quoted = _quoted_lines(lines, cut)
    signed = _signature_lines(lines, quoted, cut)
    return Pieces(
        _joined(line for at, line in enumerate(lines) if not quoted[at] and not signed[at]),
        _joined(line for at, line in enumerate(lines) if quoted[at]),
        _joined(line for at, line in enumerate(lines) if signed[at] and not quoted[at]),
    )


def _joined(lines: Iterable[str]) -> str:
    text = "\n".join(lines)
    return text.strip("\n").rstrip() if text.strip() else ""


def _first_cut(lines: Sequence[str]) -> int:
    """The line from which all is quoted: a separator, a header block, or an attribution over an unmarked quote."""
    for at, line in enumerate(lines):
        if not line or len(line) > _MAX_LINE:
            continue
        if _is_separator(line) or _is_header_block(lines, at):
            return _with_rule_above(lines, at)
        start = _attribution(lines, at)
        if start is not None and not _marked_below(lines, at):
            return _with_rule_above(lines, start)
    return len(lines)


def _quoted_lines(lines: Sequence[str], cut: int) -> list[bool]:
    """Mark `>` lines, their attributions, and all from the cut on."""
    quoted = [at >= cut or bool(line and _QUOTE.match(line)) for at, line in enumerate(lines)]
    for at in range(min(cut, len(lines))):
        if not quoted[at] and len(lines[at]) <= _MAX_LINE and (start := _attribution(lines, at)) is not None:
            for place in range(start, at + 1):
                quoted[place] = True
    return _with_blanks_between(lines, quoted)


def _with_blanks_between(lines: Sequence[str], quoted: list[bool]) -> list[bool]:
    """A blank line between two quoted ones is quoted too."""
    last = -1
    for at, line in enumerate(lines):
        if not line.strip() and not quoted[at]:
            continue
        if quoted[at] and last >= 0:
            quoted[last + 1 : at] = [True] * (at - last - 1)
        last = at if quoted[at] else -1
    return quoted


def _is_separator(line: str) -> bool:
    """`-----Original Message-----` in the languages of the mail programs."""
    dashed = bool(_DASHED.match(line))
    found = ORIGINAL_MESSAGE.search(line) if dashed or line.rstrip().endswith((":", "：")) else None
    return found is not None and (dashed or (found.start() < 3 and len(line) < 40))


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """Three kinds of header lines, one of them who sent it, within a few lines, as Outlook writes them."""
    first = _header_kind(lines[at])
    if first is None:
        return False
    kinds = {first}
    for line in lines[at + 1 : at + 9]:
        kind = _header_kind(line) if len(line) <= _MAX_LINE else None
        if kind:
            kinds.add(kind)
        elif not line.strip() and len(kinds) < 3 and at and not kinds - {first}:
            return False
    return "from" in kinds and len(kinds) >= 3


def _header_kind(line: str) -> str | None:
    match = _HEADER_LINE.match(line)
    return HEADER_WORDS.get(match.group(1).strip(" *_").lower()) if match else None


def _attribution(lines: Sequence[str], at: int) -> int | None:
    """Where the attribution that ends on this line begins: `On … wrote:`, `2026年11月22日(日) 10:00 山田 <…>:`."""
    end = lines[at].rstrip(" *_-")
    if not end.endswith((":", "：", ">", "wrote", "さん")) or (_QUOTE.match(lines[at]) and end != ">:"):
        return None
    joined, found = "", None
    for start in range(at, max(at - 4, -1), -1):
        line = lines[start]
        if not line.strip() or len(line) > _MAX_LINE or (start != at and line.rstrip().endswith(_SENTENCE_ENDS)):
            break
        joined = f"{line.strip()} {joined}".strip()
        if _is_attribution(joined.strip(" -*_")):
            found = start
            if _YEAR_OR_DAY.search(joined):
                break  # before that there may be a line with the date
    return found


def _is_attribution(text: str) -> bool:
    colon = text.endswith((":", "："))
    dated, timed = bool(_YEAR_OR_DAY.search(text)), bool(_CLOCK.search(text))
    if ANSWERED.search(text) and (colon or text.endswith("wrote")):
        return dated or timed or bool(_ADDRESS.search(text) and len(text) < 200)
    return colon and dated and timed and bool(_ADDRESS.search(text) or "<" in text) and len(text) < 300


def _marked_below(lines: Sequence[str], at: int) -> bool:
    """Say whether the quote under an attribution is marked with `>`."""
    for line in lines[at + 1 : at + 6]:
        if line.strip():
            return bool(_QUOTE.match(line))
    return False


def _with_rule_above(lines: Sequence[str], at: int) -> int:
    """Take in the line that a program draws above its header block."""
    place = at - 1
    while place >= 0 and not lines[place].strip():
        place -= 1
    return place if place >= 0 and _RULE.match(lines[place]) else at


def _signature_lines(lines: Sequence[str], quoted: Sequence[bool], cut: int) -> list[bool]:
    """Mark the signature of each run of new lines that stands before a quote or at the end."""
    signed = [False] * len(lines)
    start = 0
    for at in range(len(lines) + 1):
        if at == len(lines) or quoted[at]:
            begin = _signature_in(lines, start, at, last=at >= cut or at == len(lines))
            if begin is not None:
                signed[begin:at] = [True] * (at - begin)
            start = at + 1
    return signed


def _signature_in(lines: Sequence[str], start: int, end: int, *, last: bool) -> int | None:
    """Where the signature of lines[start:end] begins, or None."""
    while end > start and not lines[end - 1].strip():
        end -= 1
    found = None
    for at in range(end - 1, max(start - 1, end - 1 - _MAX_SIGNATURE), -1):
        line = lines[at]
        if len(line) > 200:
            break
        if (
            SENT_FROM.match(line.strip())
            or line in _BARE_DELIMITERS
            or line.rstrip() == "--"
            or (last and _RULE.match(line) and at < end - 1 and _looks_signed(lines[at + 1 : end]))
        ):
            found = at
    return found


def _looks_signed(lines: Sequence[str]) -> bool:
    """Contact data between drawn lines: an address, a telephone number, a company."""
    return any(SIGNATURE_EVIDENCE.search(line) for line in lines if len(line) <= 200)
