"""Is this mail too large or too strange to be read in full? Asked of the bytes, before any parser sees them. Pure.

The standard library's parser takes minutes and gigabytes for mails of some kilobytes (promises §0.5), so these counts
come first. Each is linear in the size of the mail.
"""

from __future__ import annotations

import re

MAX_HEADER = 102_400  # Postfix header_size_limit
MAX_FIELDS = 1_000
MAX_FIELD = 16_384
MAX_ADDRESSES = 200
MAX_DEPTH = 20
MAX_PARTS = 500
MAX_LINES = 400_000
_MAX_MARKS = 100_000
_ADDRESS_FIELDS = (b"from", b"to", b"cc", b"sender", b"reply-to", b"bcc", b"resent-to", b"resent-cc")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_BOUNDARY = re.compile(rb"\bboundary\*?0?\*?\s{0,20}=\s{0,20}(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.I)
_MARK = re.compile(rb"--([^\r\n]{1,205})")


def header_of(raw: bytes) -> bytes:
    """The header of the mail, at most MAX_HEADER and a bit of it."""
    if raw[:1] == b"\n" or raw[:2] == b"\r\n":
        return b""
    head = raw[: MAX_HEADER + 4]
    end = _HEADER_END.search(head)
    return head[: end.start()] if end else head


def too_strange(raw: bytes) -> str | None:
    """Say in a few words which bound the mail breaks, or None when it can be read in full."""
    header = header_of(raw)
    return _header_fault(header) or _body_fault(raw)


def _header_fault(header: bytes) -> str | None:
    if len(header) > MAX_HEADER:
        return f"the header is over {MAX_HEADER:,} bytes"
    if header.count(b"\n") < MAX_FIELDS and len(header) < 4_096:
        return _addresses_fault(header)
    fields = re.split(rb"\r?\n(?![ \t])", header)
    if len(fields) > MAX_FIELDS:
        return f"the header has over {MAX_FIELDS:,} fields"
    if max(map(len, fields)) > MAX_FIELD:
        return f"a header field is over {MAX_FIELD:,} bytes"
    return _addresses_fault(header)


def _addresses_fault(header: bytes) -> str | None:
    if header.count(b",") + header.count(b";") < MAX_ADDRESSES:
        return None
    for field in re.split(rb"\r?\n(?![ \t])", header):
        name, _, value = field.partition(b":")
        if name.strip().lower() in _ADDRESS_FIELDS and value.count(b",") >= MAX_ADDRESSES:
            return f"a field holds over {MAX_ADDRESSES} addresses"
    return None


def _body_fault(raw: bytes) -> str | None:
    if raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n") > MAX_LINES:
        return f"the mail has over {MAX_LINES:,} lines"
    lower = raw.lower()
    marks = lower.count(b"\n--")
    if marks + lower.count(b"boundary") + lower.count(b"message/") < MAX_DEPTH:
        return None
    if marks > _MAX_MARKS:
        return f"the mail has over {_MAX_MARKS:,} lines that could divide parts"
    return _structure_fault(raw, lower)


def _structure_fault(raw: bytes, lower: bytes) -> str | None:
    """Walk over boundary declarations and dividing lines in order, as a parser would nest them.

    Declarations in mere text count too until the next dividing line closes them: that errs on the safe side.
    """
    open_: list[bytes] = []
    depth = parts = 0
    for _, kind, value in sorted([*_declarations(raw, lower), *_dividers(raw), *_embedded(lower)]):
        if kind == 0:
            open_.append(value)
        elif value in open_ or value.removesuffix(b"--") in open_:
            closing = value not in open_
            name = value.removesuffix(b"--") if closing else value
            del open_[len(open_) - 1 - open_[::-1].index(name) + (not closing) :]
            parts += 1
        depth = max(depth, len(open_))
        if depth > MAX_DEPTH:
            return f"parts are nested over {MAX_DEPTH} deep"
        if parts > MAX_PARTS:
            return f"the mail has over {MAX_PARTS} parts"
    return None


def _declarations(raw: bytes, lower: bytes) -> list[tuple[int, int, bytes]]:
    found = []
    at = lower.find(b"boundary")
    while at >= 0:
        match = _BOUNDARY.match(raw, at)
        if match:
            found.append((at, 0, (match.group(1) or match.group(2)).rstrip()))
        at = lower.find(b"boundary", at + 8)
    return found


def _embedded(lower: bytes) -> list[tuple[int, int, bytes]]:
    """message/* parts nest without a boundary of their own."""
    return [(match.start(), 0, b"\0") for match in re.finditer(rb"\ncontent-type:\s{0,80}message/", lower)]


def _dividers(raw: bytes) -> list[tuple[int, int, bytes]]:
    found = []
    at = raw.find(b"\n--")
    while at >= 0:
        match = _MARK.match(raw, at + 1)
        if match:
            found.append((at, 1, match.group(1).rstrip()))
        at = raw.find(b"\n--", at + 3)
    return found
