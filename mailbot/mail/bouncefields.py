"""What do the fields of a delivery report say of each recipient (RFC 3464 §2.3)? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.mail.header import Fields, clean
from mailbot.mail.message import BouncedRecipient
from mailbot.mail.smtpreply import status_in
from mailbot.mail.structure import Part

LIMIT = 200
"""How many recipients of one report are kept."""

_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})  # RFC 3464, RFC 6533 §4
# The address as the sender wrote it is the one that the sender knows; the final one may be a mailbox's inner name.
_REPORTED = ("original-recipient", "final-recipient", "x-actual-recipient")
_ACTIONS = {
    "failed": "failed",
    "failure": "failed",
    "fail": "failed",
    "delayed": "delayed",
    "delay": "delayed",
    "delivered": "delivered",
    "deliverable": "delivered",
    "relayed": "relayed",
    "expanded": "expanded",
}
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]{1,256}@[^\s<>,;:\"()]{1,253}")
_STATUS = re.compile(r"(?<![\w.])([245])\.(\d{1,3})\.(\d{1,3})(?![\w.])")
_NAMES_ONE = re.compile(r"^(?:final|original)-recipient[ \t]{0,4}:", re.IGNORECASE | re.MULTILINE)
_LOOK_AT = 262_144


def reported(root: Part) -> list[BouncedRecipient] | None:
    """The recipients in the report's own part, wherever a gateway has put that; None when there is no such part."""
    parts = [part for part in outer(root) if part.content_type in _STATUS_TYPES]
    if not parts:
        return None
    return [found for part in parts for found in _recipients(_written(part))][:LIMIT]


def reported_in_text(text: str) -> list[BouncedRecipient]:
    """The recipients in groups of fields that stand in the text, as where a program lost the parts of a report."""
    return _recipients(text[:_LOOK_AT]) if _NAMES_ONE.search(text, 0, _LOOK_AT) else []


def after_fields(text: str) -> str:
    """What follows the last group of fields in the text: there the returned mail begins."""
    ends = [match.end() for match in _NAMES_ONE.finditer(text, 0, _LOOK_AT)]
    return text[ends[-1] :] if ends else text


def outer(part: Part) -> Iterator[Part]:
    """This part and those inside it, without what is inside embedded messages: that is reported, and not the report."""
    yield part
    if part.content_type not in ("message/rfc822", "message/global"):
        for child in part.children:
            yield from outer(child)


def _written(part: Part) -> str:
    return part.content()[:_LOOK_AT].decode("utf-8", "replace").replace("\r\n", "\n")


def _recipients(text: str) -> list[BouncedRecipient]:
    found = (_recipient(group) for group in _groups(text))
    return [recipient for recipient in found if recipient]


def _groups(text: str) -> Iterator[Fields]:
    """Groups are parted by empty lines; some programs leave those out, and begin each with the same field."""
    for piece in text.split("\n\n"):
        if not _NAMES_ONE.search(piece):
            continue
        group: list[tuple[str, str]] = []
        for line in re.split(r"\n(?![ \t])", piece)[:1_000]:
            name, colon, value = line.partition(":")
            name = name.strip().lower()
            if name == "final-recipient" and any(known == name for known, _ in group):
                yield Fields(group)
                group = []
            if colon:
                group.append((name, value))
        yield Fields(group)


def _recipient(group: Fields) -> BouncedRecipient | None:
    address = next((found for name in _REPORTED if (found := _typed_address(group.raw(name)))), "")
    if not address:
        return None
    diagnostic = clean(group.text("diagnostic-code"))[:500]
    action = group.raw("action").partition("(")[0].strip().lower()
    status = _status(group.raw("status"), diagnostic, delayed=action.startswith("delay"))
    return BouncedRecipient(address, _action(action, status), status, diagnostic)


def _status(value: str, diagnostic: str, *, delayed: bool) -> str:
    """The status, unless the field is lost or says nothing in particular and the diagnostic tells more."""
    written = _STATUS.search(value)
    if written and written.group(2, 3) != ("0", "0"):
        return written.group()
    told = status_in(diagnostic, delayed=delayed) or status_in(value, delayed=delayed)
    if not written:
        return told
    return told if told.startswith(written.group(1)) else written.group()


def _action(action: str, status: str) -> str:
    return _ACTIONS.get(action) or {"4": "delayed", "2": "delivered"}.get(status[:1], "failed")


def _typed_address(value: str) -> str:
    """`rfc822; user@host` (§2.3.2); some omit the type, some add brackets."""
    kind, semicolon, rest = value.partition(";")
    match = _ADDRESS.search(clean(rest if semicolon else kind)[:1_000])
    return match.group().strip("<>.'") if match else ""
