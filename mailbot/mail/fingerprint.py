"""Is this the same mail, whichever way it came? Pure."""

from __future__ import annotations

import hashlib
import re

_IDENTIFYING = (b"message-id", b"from", b"date", b"subject")
_FIELD = re.compile(rb"^(message-id|from|date|subject)[ \t]*:((?:[^\n]*\n[ \t])*[^\n]*)", re.I | re.M)
_LIST = re.compile(rb"^list-(?:id|post)[ \t]*:((?:[^\n]*\n[ \t])*[^\n]*)", re.I | re.M)
_MESSAGE_ID = re.compile(rb"^message-id[ \t]*:((?:[^\n]*\n[ \t])*[^\n]*)", re.I | re.M)
_LONGEST_HEADER = 262_144
_LONGEST_ID = 998  # RFC 5322 §2.1.1


def fingerprint(raw: bytes) -> str:
    """SHA-256 (hex) over Message-ID, From, Date, Subject and the body; trace fields, which differ by way, are left out.

    The fields that name a list count: who writes to a list and to us sends one mail, but only the list's copy has the
    list's right (S8).
    Line ends count as LF and blank lines at the end not at all: SMTP, IMAP and pipes do not agree on them.
    """
    header, body = _split(raw)
    values: dict[bytes, bytes] = {}
    for field in _FIELD.finditer(header[:_LONGEST_HEADER]):
        values.setdefault(field.group(1).lower(), b" ".join(field.group(2).split()))
    digest = hashlib.sha256()
    for name in _IDENTIFYING:
        digest.update(name + b":" + values.get(name, b"") + b"\n")
    if not values or len(header) > _LONGEST_HEADER:
        digest.update(header)  # nothing less tells two such mails apart, and none may pass for another and be lost
    if lists := _LIST.findall(header[:_LONGEST_HEADER]):
        digest.update(b"list:" + b" ".join(b" ".join(lists).split()) + b"\n")
    digest.update(b"\n" + body.rstrip(b"\n"))
    return digest.hexdigest()


def first_message_id(raw: bytes) -> str | None:
    """The Message-ID without angle brackets, read off the bytes: for logs and duplicates, before the mail is read."""
    found = _MESSAGE_ID.search(raw, 0, min(_header_end(raw), _LONGEST_HEADER))
    if found is None:
        return None
    value = found.group(1)[:2_048].decode("ascii", "replace").strip()
    inside = value.partition("<")[2].partition(">")[0] if "<" in value else value
    inside = "".join(character for character in inside if character.isprintable() and character != " ")
    return inside[:_LONGEST_ID] or None


def _header_end(raw: bytes) -> int:
    ends = [end for end in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if end >= 0]
    return 0 if raw.startswith((b"\n", b"\r\n")) else min(ends, default=len(raw))


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """Header and body with LF line ends."""
    text = raw.replace(b"\r\n", b"\n") if b"\r" in raw else raw
    if text.startswith(b"\n"):
        return b"", text[1:]
    header, _, body = text.partition(b"\n\n")
    return header, body
