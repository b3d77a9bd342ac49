"""Which lines carry the marks of a quotation, and which marks are those of a log, a prompt or a program? Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARKS = frozenset(">＞≫》")
_RARE_MARK = re.compile(r"\s{0,3}([A-Za-z]{1,4}>|[|｜│┃¦❘:](?=\s|\Z))")  # Supercite, Lotus, old list software
_DEPTH = re.compile(r"[>\s]{1,40}")
_ESCAPED_FROM = re.compile(r"\s{0,3}>From ")  # mbox files write it so; a quotation has a blank after its mark
_DIFF = re.compile(r"\d{1,7}(?:,\d{1,7})?[acd]\d{1,7}(?:,\d{1,7})?\s*\Z")
_OPEN_LINK = re.compile(r"[(<](?:https?://|mailto:)[^\s()<>]{0,600}\Z")
_UNFINISHED = re.compile(r"[^\W\d_]\Z|[,;-]\Z")
_WRAP = 60  # columns from which a program may have wrapped a line that it had marked
_DEPTH_OF_PROMPT = 3


def is_marked(line: str) -> bool:
    """Whether the line begins with a mark that every mail program understands."""
    head = line[:5].lstrip()
    return head[:1] in _MARKS and head[1:2] != "="


def rare_mark(line: str) -> str:
    """The mark of `| text` or `JD> text`, which counts only under an attribution; empty when there is none."""
    found = _RARE_MARK.match(line)
    return found.group(1) if found else ""


def run_end(lines: Sequence[str], at: int, *, forwarded: bool = False) -> int:
    """Where the marked lines from here on end, with what a program wrapped out of them.

    Nobody answers between the lines of a mail that is only forwarded: there a single unmarked line is a wrapped one.
    """
    while at < len(lines) and (is_marked(lines[at]) or _is_wrapped(lines, at, surely=forwarded)):
        at += 1
    return at


def rare_run_end(lines: Sequence[str], at: int, mark: str) -> int:
    """Where the lines under this rare mark end."""
    while at < len(lines) and lines[at][:10].lstrip().startswith(mark):
        at += 1
    return at


def _is_wrapped(lines: Sequence[str], at: int, *, surely: bool) -> bool:
    """A line that lost its mark because the marked one had grown too long; an answer begins otherwise."""
    line, above = lines[at], lines[at - 1].rstrip()
    if not line.strip() or at + 1 >= len(lines) or not is_marked(lines[at + 1]) or not is_marked(above):
        return False
    if surely or _OPEN_LINK.search(above[-620:]):
        return True
    return len(above) >= _WRAP and line[0].islower() and _UNFINISHED.search(above) is not None


def looks_pasted(lines: Sequence[str], start: int, end: int) -> bool:
    """Whether marks that nothing introduces belong to what the writer pasted: Python, a diff, an escaped `From`."""
    if start + 1 == end and _ESCAPED_FROM.match(lines[start]):
        return True
    if all(_depth(line) >= _DEPTH_OF_PROMPT for line in lines[start:end]):
        return True  # nobody quotes a quotation of a quotation alone
    above = lines[start - 1] if start else ""
    return bool(_DIFF.match(above)) or (above.rstrip() == "---" and start > 1 and lines[start - 2].startswith("< "))


def _depth(line: str) -> int:
    marks = _DEPTH.match(line)
    return marks.group().count(">") if marks else 0
