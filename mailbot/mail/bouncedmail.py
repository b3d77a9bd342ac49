"""Which mail does a delivery report give back: whose was it, and under which Message-ID? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.mail.bouncefields import after_fields
from mailbot.mail.header import clean
from mailbot.mail.mailboxes import mailboxes
from mailbot.mail.structure import Part
from mailbot.mail.thread import message_id, message_ids

_LOOK_AT = 65_536
_HEADER_TYPES = frozenset({"message/rfc822", "message/global"})
_TEXT_TYPES = _HEADER_TYPES | {
    "text/rfc822-headers",
    "text/rfc822",
    "message/global-headers",
    "text/plain",
    "message/partial",
}
# In the text the header may be indented or quoted.
_ID = re.compile(
    r"^[ \t>]{0,8}(?:x-)?(?:original-)?message-?id[ \t]{0,4}:\s{0,4}<([^<>\s]{1,998})>", re.IGNORECASE | re.MULTILINE
)
_TO = re.compile(r"^[ \t>]{0,8}to[ \t]{0,4}:[ \t]{0,8}([^\n]{1,500})", re.IGNORECASE | re.MULTILINE)


def original_id(report: Part, text: str) -> str | None:
    """The Message-ID of the returned mail or of its header (RFC 6522 §3); failing that, of the answered one."""
    for part in _returned(report):
        named = part.fields.raw("original-message-id") or part.fields.raw("message-id")
        found = message_id(named) or _first_id(_content(part))
        if found:
            return found
    fields = report.fields
    answered = message_ids([*fields.all("in-reply-to"), *reversed(fields.all("references"))])
    return _first_id(after_fields(text)) or next(iter(answered), None)


def original_recipient(report: Part, text: str) -> str:
    """The one address that the returned mail was written to; empty when its header names none or several."""
    values = [part.fields.raw("to") or _first_to(_content(part)) for part in _returned(report)]
    for value in (*values, _first_to(after_fields(text))):
        addresses = {box.address for box in mailboxes(value) if "@" in box.address}
        if addresses:
            return addresses.pop() if len(addresses) == 1 else ""
    return ""


def _returned(report: Part) -> Iterator[Part]:
    """The parts inside the report in which a returned mail or its header stands."""
    parts = report.walk()
    next(parts, None)
    names = {"message-id", "original-message-id"}  # the latter in receipts, RFC 8098 §3.2.5
    return (part for part in parts if part.content_type in _TEXT_TYPES or not names.isdisjoint(part.fields.names))


def _content(part: Part) -> str:
    if part.children or part.content_type not in _TEXT_TYPES:
        return ""
    return part.content()[:_LOOK_AT].decode("ascii", "replace").replace("\r", "")


def _first_id(text: str) -> str | None:
    match = _ID.search(text, 0, _LOOK_AT)
    return clean(match.group(1)) if match else None


def _first_to(text: str) -> str:
    match = _TO.search(text, 0, _LOOK_AT)
    return match.group(1) if match else ""
