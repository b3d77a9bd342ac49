"""Which part of the text is new, which is quoted, and which is a signature? Pure.

Line by line and in bounded steps: no pattern spans lines, so that no mail takes more than linear time (attack row 19).
Every line of the text stands in exactly one of the three pieces. When in doubt a line is new: what is kept in error
costs a glance, what is cut in error is an answer that nobody reads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.mail.attribution import MAX_LINE, attribution
from mailbot.mail.inset import DRAWN, inset
from mailbot.mail.quotemarks import is_marked, looks_pasted, rare_mark, rare_run_end, run_end
from mailbot.mail.quotewords import ANSWER_ENDS, UNSEEN
from mailbot.mail.signature import begins_letter, is_device_line, shows_itself, signature_start

_RULE = re.compile(r"[-_]{4,120}\Z")
_LONE_RULE = re.compile(r"[-_=*~#+─━═＝―ー－—–‐〜～＊ ]{4,120}\Z")
_MAX_BLANKS = 4  # between an attribution and what it introduces
_OPENS = frozenset(DRAWN + "#~>＞≫》")
_FEW = 20  # lines that show how a text is set
_MAX_RUNS = 100  # of new lines, from the end, that are searched for signatures
_TAIL = 12  # lines at the end of a run where a device's line may stand above a late thought


@dataclass(frozen=True, slots=True)
class _Introduction:
    """Lines start to end (exclusive) introduce a quotation."""

    start: int
    end: int
    firm: bool  # the quotation need not be marked
    by_marks: bool  # where it is marked, it ends with its marks
    by_sentence: bool  # an attribution; not drawn, no header lines
    forwarded: bool


@dataclass(frozen=True, slots=True)
class Pieces:
    """The three pieces, each without blank lines around it."""

    new_text: str
    quoted_text: str
    signature: str


def split(text: str, *, is_reply: bool = True) -> Pieces:
    """Sort every line. `is_reply` says whether the header makes the mail an answer or a forward.

    In a mail that is neither, marks and header lines without anything that introduces them are a paste: a log, a
    prompt, a table. A mail that only forwards has no new text, or only the words above; `quoted_text` holds the rest.
    """
    lines = text.split("\n")
    quoted = _quoted_lines(lines, is_reply=is_reply)
    signed = _signature_lines(lines, quoted)
    new = [not q and not s for q, s in zip(quoted, signed, strict=True)]
    return Pieces(_joined(lines, new), _joined(lines, quoted), _joined(lines, signed))


def _joined(lines: Sequence[str], kept: Sequence[bool]) -> str:
    """The kept lines, with one gap where something between two gaps is left out."""
    text: list[str] = []
    for at, line in enumerate(lines):
        gap = not line.strip()
        if kept[at] and not (gap and at > 0 and not kept[at - 1] and text and not text[-1].strip()):
            text.append(line)
    joined = "\n".join(text)
    return joined.strip("\n").rstrip() if joined.strip() else ""


def _quoted_lines(lines: Sequence[str], *, is_reply: bool) -> list[bool]:
    """Mark what is quoted: marked runs, what introduces them, and all from an unmarked quotation on."""
    quoted = [False] * len(lines)
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    at = 0
    while at < len(lines):
        line = lines[at]
        found = _introduction(lines, at, first, is_reply=is_reply) if 0 < len(line) <= MAX_LINE else None
        if found is not None:
            end = _quotation_end(lines, found, alone=found.start <= first)
            start = found.start if end < len(lines) else _with_lead(lines, found.start)
        elif is_marked(line):
            start, end = at, run_end(lines, at)
            if not is_reply or looks_pasted(lines, start, end):
                at = end
                continue
        else:
            start = end = at
        quoted[start:end] = [True] * (end - start)
        at = max(end, at + 1)
    return _with_blanks_between(lines, quoted)


def _is_plain(line: str) -> bool:
    """A cheap test for most lines: no colon, no mark, no drawn line, no verb at the end."""
    text = line.strip(UNSEEN)
    return not (":" in text or "：" in text or text[:1] in _OPENS or text.endswith(ANSWER_ENDS)) or not text


def _ends_letter(lines: Sequence[str], at: int) -> bool:
    """A device's line alone, below which another letter begins: a program that quotes without a word."""
    if lines[at - 1].strip() or not lines[at].strip():
        return False
    below = _next_words(lines, at + 1)
    return below is not None and below > at + 1 and begins_letter(lines[below]) and is_device_line(lines[at])


def _introduction(lines: Sequence[str], at: int, first: int, *, is_reply: bool) -> _Introduction | None:
    """What introduces a quotation on this line, unless it needs marks below and has none."""
    if is_reply and at > first and _ends_letter(lines, at):
        return _Introduction(at + 1, at + 1, firm=True, by_marks=True, by_sentence=False, forwarded=False)
    if _is_plain(lines[at]):
        return None
    said = attribution(lines, at)
    marked = is_marked(lines[at])
    if said is not None and (not marked or (said.start < at and not is_marked(lines[said.start]))):
        found = _Introduction(
            said.start, at + 1, said.firm and is_reply, by_marks=True, by_sentence=True, forwarded=False
        )
    elif marked or (set_in := inset(lines, at)) is None:
        return None
    else:
        own_header = set_in.forwarded and set_in.has_header
        found = _Introduction(
            at,
            set_in.end,
            is_reply or set_in.drawn,
            by_marks=not own_header,
            by_sentence=False,
            forwarded=set_in.forwarded,
        )
    return found if found.firm or _marked_below(lines, found.end) is not None else None


def _quotation_end(lines: Sequence[str], found: _Introduction, *, alone: bool) -> int:
    """Where the introduced quotation ends: with its marks, or with the text.

    An unmarked text under an attribution with nothing above it is an answer from a program that cannot mark; and where
    marks follow somewhere under header lines with nothing above them, the answers stand between the marks.
    """
    below = _marked_below(lines, found.end)
    if below is not None and found.by_marks:
        mark = "" if is_marked(lines[below]) else rare_mark(lines[below])
        return rare_run_end(lines, below, mark) if mark else run_end(lines, below, forwarded=found.forwarded)
    if alone and (not _indented_below(lines, found.end) if found.by_sentence else _answered_below(lines, found)):
        return found.end
    return len(lines)


def _marked_below(lines: Sequence[str], at: int) -> int | None:
    """The first line of a marked quotation directly below."""
    place = _next_words(lines, at)
    return place if place is not None and (is_marked(lines[place]) or rare_mark(lines[place])) else None


def _indented_below(lines: Sequence[str], at: int) -> bool:
    """Outlook for the Mac marks nothing, but moves all of the older mail to the right."""
    return all(line.startswith(("  ", "\t")) for line in lines[at : at + _FEW] if line.strip())


def _answered_below(lines: Sequence[str], found: _Introduction) -> bool:
    return not found.forwarded and any(map(is_marked, lines[found.end : found.end + _FEW]))


def _next_words(lines: Sequence[str], at: int) -> int | None:
    for place in range(at, min(at + _MAX_BLANKS, len(lines))):
        if lines[place].strip():
            return place
    return None


def _with_lead(lines: Sequence[str], at: int) -> int:
    """Take in what leads up to a quotation that goes on to the end.

    That is the line that a program draws above its header block, but not the last one of a drawn signature; or a
    loose attribution, which the quotation below proves.
    """
    place = at - 1
    while place > at - _MAX_BLANKS and place >= 0 and not lines[place].strip():
        place -= 1
    if place < 0 or len(lines[place]) > MAX_LINE:
        return at
    if (said := attribution(lines, place)) is not None:
        return said.start
    alone = place == 0 or not lines[place - 1].strip()
    return place if (_LONE_RULE if alone else _RULE).match(lines[place].strip()) else at


def _with_blanks_between(lines: Sequence[str], quoted: list[bool]) -> list[bool]:
    """A blank line between two quoted ones is quoted too."""
    last = -1
    for at, line in enumerate(lines):
        if not quoted[at] and not line.strip():
            continue
        if quoted[at] and last >= 0:
            quoted[last + 1 : at] = [True] * (at - last - 1)
        last = at if quoted[at] else -1
    return quoted


def _signature_lines(lines: Sequence[str], quoted: Sequence[bool]) -> list[bool]:
    """Mark the signatures: under the last new words, and what devices leave under those before."""
    signed = [False] * len(lines)
    last = True
    for start, end in _new_runs(lines, quoted):
        begin = signature_start(lines, start, end, last=last)
        if begin == start and not any(quoted[:start]) and not shows_itself(lines[start]):
            begin = end  # no mail is a signature and nothing else
        signed[begin:end] = [True] * (end - begin)
        for at in (start, *range(max(start + 1, begin - _TAIL), begin))[: begin - start]:
            signed[at] = bool(lines[at]) and (at == start or not lines[at - 1].strip()) and is_device_line(lines[at])
        last = last and begin == start
    return signed


def _new_runs(lines: Sequence[str], quoted: Sequence[bool]) -> list[tuple[int, int]]:
    """The runs of new lines with words in them, the last one first."""
    runs: list[tuple[int, int]] = []
    end = len(lines)
    while end > 0 and len(runs) < _MAX_RUNS:
        if quoted[end - 1] or not lines[end - 1].strip():
            end -= 1
            continue
        start = end
        while start > 0 and not quoted[start - 1]:
            start -= 1
        while not lines[start].strip():
            start += 1
        runs.append((start, end))
        end = start
    return runs
