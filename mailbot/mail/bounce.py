"""Is this a delivery report: for whom, why, for good or not, and for which of our mails? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mailbot.mail.bouncetext import recipients_in
from mailbot.mail.header import Fields, clean
from mailbot.mail.mailboxes import mailboxes
from mailbot.mail.message import Bounce, BouncedRecipient
from mailbot.mail.structure import Part
from mailbot.mail.thread import message_id

LIMIT = 200
"""How many recipients of one report are kept."""

_ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]{1,256}@[^\s<>,;:\"()]{1,253}")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_EMBEDDED_ID = re.compile(r"^message-id[ \t]*:[ \t\n]*<([^<>\s]{1,998})>", re.IGNORECASE | re.MULTILINE)
_REPORTED = ("final-recipient", "original-recipient", "x-actual-recipient")


def bounce_of(root: Part, subject: str, text: str) -> Bounce | None:
    """Read the report: by its fields where it has them (RFC 3464), else by the letter of a known mail system."""
    blocks = _status_blocks(root)
    found = [recipient for block in blocks if (recipient := _recipient(block))]
    if blocks and not found and not _is_report(root):
        return None
    if found:
        return _bounce(root, found, text)
    told = _listed(root.fields) or recipients_in(root, subject, text)
    if told is None and not (_is_report(root) and blocks):
        return None
    return _bounce(root, told or [], text)


def _bounce(root: Part, found: Sequence[BouncedRecipient], text: str) -> Bounce:
    unique = {(recipient.address.lower(), recipient.action): recipient for recipient in reversed(found)}
    kept = tuple(reversed(unique.values()))[:LIMIT]
    return Bounce(
        permanent=any(recipient.action == "failed" and not recipient.status.startswith("4") for recipient in kept),
        recipients=kept,
        original_message_id=_original_id(root, text),
    )


def _is_report(root: Part) -> bool:
    return root.content_type == "multipart/report" and root.parameters.get("report-type", "").lower() in (
        "delivery-status",
        "",
    )


def _status_blocks(root: Part) -> list[Fields]:
    """The groups of fields in message/delivery-status (RFC 3464 §2.1), wherever a gateway has put that part."""
    for part in root.walk():
        if part.content_type in ("message/delivery-status", "message/global-delivery-status"):
            if part.children:
                return [child.fields for child in part.children]
            return _blocks(part.content().decode("utf-8", "replace"))
        if part.content_type == "message/rfc822":
            break  # what is reported, and not the report
    return []


def _blocks(text: str) -> list[Fields]:
    blocks = []
    for piece in text.replace("\r\n", "\n").split("\n\n")[: LIMIT + 1]:
        lines = re.split(r"\n(?![ \t])", piece)
        pairs = (line.partition(":") for line in lines[:100])
        blocks.append(Fields((name.strip(), value) for name, colon, value in pairs if colon))
    return blocks


def _recipient(block: Fields) -> BouncedRecipient | None:
    address = next((found for name in _REPORTED if (found := _typed_address(block.raw(name)))), "")
    if not address:
        return None
    action = block.raw("action").partition("(")[0].strip().lower()
    status = _STATUS.search(block.raw("status"))
    diagnostic = clean(block.text("diagnostic-code"))[:500]
    code = status.group() if status else ""
    return BouncedRecipient(address, _action(action, code), code, diagnostic)


def _action(action: str, status: str) -> str:
    if action in _ACTIONS:
        return action
    if action in ("failure", "fail"):
        return "failed"
    if status.startswith("4") or action == "delay":
        return "delayed"
    return "delivered" if status.startswith("2") else "failed"


def _typed_address(value: str) -> str:
    """`rfc822; user@host` (§2.3.2); some omit the type, some add brackets."""
    kind, semicolon, rest = value.partition(";")
    match = _ADDRESS.search(clean(rest if semicolon else kind)[:1_000])
    return match.group().strip("<>.'") if match else ""


def _listed(fields: Fields) -> list[BouncedRecipient]:
    """Exim and Gmail name them in a field of their own."""
    boxes = mailboxes(", ".join(fields.all("x-failed-recipients")))
    return [BouncedRecipient(box.address, "failed", "", "") for box in boxes if "@" in box.address]


def _original_id(root: Part, text: str) -> str | None:
    """The Message-ID of the returned mail or of its header (RFC 6522 §3)."""
    for part in _after_first(root.walk()):
        found = message_id(part.fields.raw("message-id"))
        if found:
            return found
        if part.content_type in ("text/rfc822-headers", "text/plain", "message/rfc822") and not part.children:
            match = _EMBEDDED_ID.search(part.content()[:65_536].decode("ascii", "replace").replace("\r", ""))
            if match:
                return clean(match.group(1))
    match = _EMBEDDED_ID.search(text)
    return clean(match.group(1)) if match else None


def _after_first(parts: Iterable[Part]) -> Iterable[Part]:
    it = iter(parts)
    next(it, None)
    return it
