"""Where does a header begin and end, and which fields stand in it? Pure.

The rules are RFC 5322 §2.1 and §2.2, and what to make of headers that gateways and scripts have broken, so that neither
fields nor text get lost. What stands behind a break is `Fields.doubtful`: programs disagree on whether it is header at
all, so nobody is believed for it (attack row 8). The same holds for a name with blanks around it.
"""

from __future__ import annotations

import re
from itertools import pairwise

from mailbot.mail.header import Fields

_BLANK_LINE = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")
_LINE_END = re.compile(r"(?>\r\n|\n|\r)(?![ \t])")  # of a field with all its folds
_ENVELOPE = re.compile(rb">?From (?![ \t]*+:)[^\r\n]{1,1000}(?>\r\n|\n|\r)")
_BLANKS = re.compile(rb"(?>(?:[ \t]{0,20}(?>\r\n|\n|\r)){0,50})")
_FIELD = re.compile(r"([!-9;-~]{1,100})[ \t]{0,20}:[ \t]{0,1000}")  # RFC 5322 §2.2, and §4.5 for the blanks
_FIELDS = re.compile(r"^([!-9;-~]{1,100}+):[ \t]*+((?>[^\n]*(?:\n[ \t][^\n]*)*))", re.MULTILINE)
_OF_A_MAIL = re.compile(
    r"(?:from|to|cc|bcc|subject|date|message-id|in-reply-to|references|reply-to|sender|return-path|received|mime-version"
    r"|content-(?:type|transfer-encoding|disposition|language|id|class)|delivered-to|user-agent|importance|x-[\w-]{2,40}"
    r"|list-[\w-]{2,20}|dkim-signature|authentication-results|arc-[\w-]{2,40}|received-spf|thread-(?:topic|index)"
    r"|resent-\w{2,20}|auto-submitted|precedence|organization|errors-to)[ \t]{0,20}:",
    re.IGNORECASE,
)
_OF_A_PART = re.compile(r"content-[a-z-]{2,40}[ \t]{0,20}:", re.IGNORECASE)
_REACH = 16  # how many broken lines in a row are looked over for the next field
_WRAPPED = frozenset({"subject", "thread-topic", "content-type", "content-disposition", "received", "dkim-signature"})
_OF_THE_WRITER = frozenset({"from", "to", "subject", "date"})
_MAX_SECOND = 16_384
_Line = tuple[int, str]
_Item = tuple[str, str]


def beginning(raw: bytes, start: int = 0) -> int:
    """Where the header begins: behind a byte order mark, blank lines, and the envelope line of an mbox."""
    if raw.startswith(b"\xef\xbb\xbf", start):
        start += 3
    blanks = _BLANKS.match(raw, start)
    at = blanks.end() if blanks else start
    envelope = _ENVELOPE.match(raw, at)
    if envelope:
        return envelope.end()
    is_header = at > start and _OF_A_MAIL.match(raw[at : at + 100].decode("latin-1"))
    return at if is_header else start


def header_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header stops and where the body begins, by the first blank line."""
    if raw[start : start + 1] in (b"\n", b"\r"):
        return start, min(end, start + (2 if raw.startswith(b"\r\n", start) else 1))
    found = [at for mark in (b"\n\n", b"\n\r\n") if (at := raw.find(mark, start, end)) >= 0]
    first = min(found, default=end)
    if raw.count(b"\r", start, first) == raw.count(b"\r\n", start, min(first + 1, end)):
        stop = first - (raw[first - 1 : first] == b"\r")
        return stop, raw.index(b"\n", first + 1) + 1 if found else end
    blank = _BLANK_LINE.search(raw, start, end)  # line ends of old Macs, or a mixture
    return (blank.start(), blank.end()) if blank else (end, end)


def mail_header(raw: bytes, start: int, end: int) -> tuple[Fields, int]:
    """The fields of a mail that begins at `start`, and where its body begins."""
    items, doubtful, body = _block(raw, start, end, _OF_A_MAIL)
    second = _second_block(raw, body, end, {name.lower() for name, _ in items})
    if second:
        more, _, body = second
        items, doubtful = items + more, doubtful | {name.lower() for name, _ in more}
    return Fields(items, doubtful=frozenset(doubtful)), body


def part_header(raw: bytes, start: int, end: int) -> tuple[Fields, int]:
    """The fields of a part of a multipart, and where its body begins."""
    items, _, body = _block(raw, start, end, _OF_A_PART)
    return Fields(items), body


def _block(raw: bytes, start: int, end: int, known: re.Pattern[str]) -> tuple[list[_Item], set[str], int]:
    stop, body = header_end(raw, start, end)
    text = raw[start:stop].decode("ascii", "surrogateescape")
    fine = _well_formed(text)
    if fine is not None:
        return fine, set(), body
    lines = _lines(text)
    items: list[_Item] = []
    doubtful: set[str] = set()
    broken = False
    for number, (at, line) in enumerate(lines):
        field = _FIELD.match(line) or (None if number else _FIELD.match(line.lstrip(" \t")))
        if field:
            items.append((field.group(1), line[line.index(":") + 1 :].lstrip(" \t")))
            if broken or not line.startswith(f"{field.group(1)}:"):
                doubtful.add(field.group(1).lower())
        elif _is_wrapped(items, line) or _goes_on(lines, number, known):
            broken = True
            if items and items[-1][0].lower() in _WRAPPED:
                items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
        else:
            return items, doubtful, start + at
    return items, doubtful, body


def _well_formed(text: str) -> list[_Item] | None:
    """The fields, when every line is part of one and ends as RFC 5322 §2.1 has it: nearly always."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            return None
    items = _FIELDS.findall(text)
    folds = text.count("\n ") + text.count("\n\t")
    return items if len(items) == text.count("\n") + 1 - folds else None


def _lines(text: str) -> list[_Line]:
    """Each field with its folds, and where it begins."""
    if not text:
        return []
    ends = [(match.start(), match.end()) for match in _LINE_END.finditer(text)]
    bounds = [(0, 0), *ends, (len(text), len(text))]
    return [(before[1], text[before[1] : after[0]]) for before, after in pairwise(bounds)]


def _is_wrapped(items: list[_Item], line: str) -> bool:
    """A list of parameters whose next line lost the blank that it has to begin with."""
    if not items or items[-1][0].lower() not in ("content-type", "content-disposition"):
        return False
    return items[-1][1].rstrip().endswith(";") and "=" in line


def _goes_on(lines: list[_Line], number: int, known: re.Pattern[str]) -> bool:
    """Garbage in the middle: fields follow soon. Otherwise the blank line is what is missing, and this is the text."""
    return any(known.match(line) for _, line in lines[number + 1 : number + 1 + _REACH])


def _second_block(raw: bytes, start: int, end: int, names: set[str]) -> tuple[list[_Item], set[str], int] | None:
    """A blank line in the middle of the header: what follows is nothing but fields, and fields that are missing."""
    if not _OF_A_MAIL.match(raw[start : start + 60].decode("latin-1")):
        return None
    stop, body = header_end(raw, start, min(end, start + _MAX_SECOND))
    lines = _lines(raw[start:stop].decode("ascii", "surrogateescape"))
    if not all(_OF_A_MAIL.match(line) for _, line in lines):
        return None
    here = {line.partition(":")[0].strip().lower() for _, line in lines}
    of_writer = not names & _OF_THE_WRITER and "from" in here
    of_mime = "content-type" not in names and "content-type" in here and len(here) > 1
    return _block(raw, start, body, _OF_A_MAIL) if of_writer or (of_mime and not here & _OF_THE_WRITER) else None
