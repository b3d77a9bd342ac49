"""Which lines say whose words follow (`On … wrote:`, `2026年11月22日(日) 10:00 山田 <…>:`)? Pure.

An attribution is *firm* when it proves by itself that a quotation follows, marked or not; a loose one
(`山田さんは書きました:`) counts only where marked lines follow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.mail.quotemarks import is_marked
from mailbot.mail.quotewords import ANSWER_ENDS, ANSWERED, ATTRIBUTION_OPENS, UNSEEN

MAX_LINE = 600
"""Longer lines are prose or data, never what a program writes about a quotation."""

_MAX_LINES = 5  # Gmail breaks an attribution at 78 columns, others put the address on a line of its own
_MAX_NAME = 80
_ANGLED = re.compile(r"[<(\[＜][^<>()\[\]]{0,100}?[\w.+=/-]{1,100}@[\w-]{1,100}\.[\w.-]{1,100}")
_DAY = re.compile(
    r"\b(?:19|20)\d\d\b|\d{1,4}[-/.年]\s?\d{1,2}[-/.月]|\d{1,2}月\s?\d{1,2}日"
    r"|\d{1,2}\.? \w{3,12}\.?,? \d{2,4}|\b[A-Z][a-z]{2,8}\.? \d{1,2}\b"
)
_BARE = re.compile(r"[\w.+=-]{1,100}@[\w-]{1,100}\.[\w.-]{1,100} \w{1,12}\Z")  # an address and a verb, no more
_CLOCK = re.compile(r"\d{1,2}[:.時]\d{2}|\d時")
_LOG = re.compile(r"[=\]]<|\]:|\b(?:ERROR|WARN|INFO|DEBUG|FATAL|LOG)\b")
_ENDS_SENTENCE = re.compile(r"(?:[。!?！？:：]|(?<!\d)(?<!\b\w{3})\.)\Z")
_NOTES = re.compile(
    r".{1,80}---\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d{2}(?::\d{2})?---|.{1,80}---\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}"
)
_DASHED = re.compile(r"[-—*_]{2,}[^-—*_].{0,120}[-—*_]{2,}\Z")
_GLUED = re.compile(
    r"[\w.!?)] ?-{0,4} ?\bOn (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|\d)"
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Lines `start` to the line asked about say whose words follow."""

    start: int
    firm: bool


def attribution(lines: Sequence[str], at: int) -> Attribution | None:
    """The attribution that ends on this line, which may have begun up to four lines above it."""
    line = lines[at].rstrip(UNSEEN)
    if "---" in line and _NOTES.match(line):
        return Attribution(at, firm=True)
    if not line.endswith(ANSWER_ENDS):
        return None
    found: Attribution | None = None
    joined = ""
    for start in range(at, max(at - _MAX_LINES, -1), -1):
        if not _goes_on(lines, start, at, joined):
            break
        before, joined = joined, f"{lines[start].strip()} {joined}".strip()
        firm = _firmness(joined)
        if firm is None or (found and not _gains(before, joined)):
            continue
        found = Attribution(start, firm)
        if _DAY.search(joined):
            break
    return None if found is None or _GLUED.search(lines[found.start][:200]) else found


def _goes_on(lines: Sequence[str], start: int, at: int, joined: str) -> bool:
    """Whether the line may belong to an attribution whose later lines are joined already."""
    line = lines[start]
    if len(line) > MAX_LINE or (start != at and (is_marked(line) or _ENDS_SENTENCE.search(line.rstrip()))):
        return False
    return bool(line.strip()) or joined.startswith("<")  # a blank line only before an address on its own lines


def _gains(before: str, joined: str) -> bool:
    """A line above belongs to it when it brings the date, which stood nowhere below it."""
    return bool(_DAY.search(joined)) and not _DAY.search(before)


def _firmness(joined: str) -> bool | None:
    """Whether the text is a firm attribution (True), a loose one (False) or none."""
    text = joined.strip(" -*_—" + UNSEEN)
    if len(text) > 300:
        return None
    bare = text.rstrip(":： ")
    answered = ANSWERED.search(bare)
    if answered and (bare != text or _closes(bare, answered.end())):
        return _firm_answer(joined, bare, answered)
    return None if _LOG.search(bare) else _firm_date(bare, colon=bare != text)


def _firm_date(bare: str, *, colon: bool) -> bool | None:
    """Gmail and others write a date and an address and no verb."""
    if not _DAY.search(bare[:40]):
        return None
    if bare.endswith((">", "＞", ")")) and _ANGLED.search(bare) and bare.count("<") == bare.count(">"):
        return colon and _CLOCK.search(bare) is not None
    opens = ATTRIBUTION_OPENS.match(bare) and _CLOCK.search(bare)
    return False if colon and opens and len(bare) < 100 else None


def _closes(bare: str, end: int) -> bool:
    """`X wrote` may stand without a colon at the very end of its line."""
    return len(bare) - end <= 1


def _firm_answer(joined: str, bare: str, answered: re.Match[str]) -> bool | None:
    dated, timed, angled = bool(_DAY.search(bare)), bool(_CLOCK.search(bare)), bool(_ANGLED.search(bare))
    at_end = len(bare) - answered.end() <= 3
    if _DASHED.match(joined.strip()):
        return True
    if dated and (timed or angled):
        told_when = _CLOCK.search(bare, answered.end()) and answered.start() < _MAX_NAME
        return bool(at_end or angled or told_when or ATTRIBUTION_OPENS.match(bare))
    if angled or _BARE.match(bare):
        return at_end and len(bare) < 200
    if dated:
        return at_end and "," in bare and ATTRIBUTION_OPENS.match(bare) is not None
    return False if at_end and len(bare) < 60 and "sent" not in bare[-6:] else None
