"""Is this mail too large or too strange to be read in full? Asked of the bytes, before anything reads them. Pure.

Mails of some kilobytes have cost other programs minutes and gigabytes (promises §0.5). Each count here is linear in the
size of the mail. How many parts there are, and how deep, is counted while they are read (`structure`).
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
MAX_MARKS = 50_000
_ADDRESS_FIELDS = (b"from", b"to", b"cc", b"sender", b"reply-to", b"bcc", b"resent-to", b"resent-cc")
_HEADER_END = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")


class TooStrangeError(ValueError):
    """The mail has more parts than a reader may be asked to read; the message says so in a few words."""


def header_of(raw: bytes) -> bytes:
    """The header of the mail, at most MAX_HEADER and a bit of it."""
    if raw[:1] in (b"\n", b"\r"):
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
    return None
