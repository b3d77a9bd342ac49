"""Is this a delivery report: for whom, why, for good or not, and for which of our mails? Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mailbot.mail.bouncedmail import original_id, original_recipient
from mailbot.mail.bouncefields import LIMIT, outer, reported, reported_in_text
from mailbot.mail.bouncesigns import (
    is_by_mail_system,
    is_challenge,
    is_from_machine,
    is_other_report,
    is_rejection,
    is_report,
    is_wrapped,
)
from mailbot.mail.bouncetext import is_delay, recipients_in
from mailbot.mail.charset import decode
from mailbot.mail.header import Fields
from mailbot.mail.mailboxes import mailboxes
from mailbot.mail.message import Bounce, BouncedRecipient
from mailbot.mail.structure import Part

_LUMP = 262_144
_SEAM = re.compile(
    r"^(?:--\S|content-[a-z-]{1,40}:|[ \t]{0,8}(?:boundary|charset)=)[^\n]*\n", re.IGNORECASE | re.MULTILINE
)


def bounce_of(root: Part, subject: str, text: str) -> Bounce | None:
    """Read the report: by its fields where it has them (RFC 3464), else by the letter of a known mail system."""
    text = text if text.strip() else _unparsed(root)
    if is_other_report(root) and not is_rejection(root, subject, text):
        return None
    found = reported(root)
    if found and (is_report(root) or is_from_machine(root, subject)):
        return None if is_challenge(root.fields, subject) else _bounce(root, subject, text, found)
    inside = _embedded(root)
    if inside is not None and is_wrapped(root, subject, inside):
        return _bounce(inside, subject, text, reported(inside) or _told(inside, subject, text))
    if found is not None and is_report(root):
        return _bounce(root, subject, text, _told(root, subject, text))
    if not is_by_mail_system(root, subject, text):
        return None
    bounce = _bounce(root, subject, text, _told(root, subject, text))
    names = bounce.recipients or bounce.original_message_id
    return bounce if names or is_from_machine(root, subject) else None


def _bounce(report: Part, subject: str, text: str, found: Sequence[BouncedRecipient]) -> Bounce:
    """A failure is for good whatever its status: the mail system has given up (RFC 3464 §2.3.3)."""
    unique = {(recipient.address.lower(), recipient.action): recipient for recipient in reversed(found)}
    kept = tuple(reversed(unique.values()))[:LIMIT]
    if any(not recipient.diagnostic for recipient in kept):
        kept = _explained(kept, recipients_in(report, subject, text))
    return Bounce(
        permanent=any(recipient.action == "failed" for recipient in kept) or not (kept or is_delay(subject, text)),
        recipients=kept,
        original_message_id=original_id(report, text),
    )


def _explained(found: Sequence[BouncedRecipient], told: Sequence[BouncedRecipient]) -> tuple[BouncedRecipient, ...]:
    """Where the fields do not say why, the letter may."""
    letter = {one.address.lower(): one for one in told}
    return tuple(_with_reason(one, letter.get(one.address.lower())) for one in found)


def _with_reason(one: BouncedRecipient, said: BouncedRecipient | None) -> BouncedRecipient:
    if said is None or one.diagnostic:
        return one
    return replace(one, diagnostic=said.diagnostic, status=one.status or said.status)


def _unparsed(root: Part) -> str:
    """What parts hold whose boundary is nowhere: they are one piece, and no text to the reader of texts."""
    lumps = (part for part in outer(root) if part.content_type.startswith("multipart/") and not part.children)
    lump = next((part.content()[:_LUMP] for part in lumps), b"")
    return _SEAM.sub("", decode(lump, "").text.replace("\r\n", "\n")) if lump else ""


def _embedded(root: Part) -> Part | None:
    """The report that a gateway has wrapped in a mail of its own."""
    insides = (part.children[0] for part in outer(root) if part.content_type == "message/rfc822" and part.children)
    return next((inside for inside in insides if is_report(inside)), None)


def _told(report: Part, subject: str, text: str) -> list[BouncedRecipient]:
    return (
        reported_in_text(text)
        or _listed(report.fields)
        or recipients_in(report, subject, text)
        or _of_returned(report, subject, text)
    )


def _listed(fields: Fields) -> list[BouncedRecipient]:
    """Exim and Gmail name them in a field of their own."""
    boxes = mailboxes(", ".join(fields.all("x-failed-recipients")))
    return [BouncedRecipient(box.address, "failed", "", "") for box in boxes if "@" in box.address]


def _of_returned(report: Part, subject: str, text: str) -> list[BouncedRecipient]:
    address = original_recipient(report, text)
    return [BouncedRecipient(address, "delayed" if is_delay(subject, text) else "failed", "", "")] if address else []
