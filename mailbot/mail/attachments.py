"""Which parts of a mail are files? Pure."""

from __future__ import annotations

from collections.abc import Iterator

from mailbot.mail.message import Attachment
from mailbot.mail.parameter import display_name
from mailbot.mail.protection import SIGNATURE_TYPES
from mailbot.mail.structure import Part
from mailbot.mail.text import Body

_LETTERS = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})


def attachments_of(root: Part, body: Body) -> tuple[Attachment, ...]:
    """Every part that is not body text, with its decoded size; what is inside an embedded message belongs to that.

    Of winmail.dat the files inside are shown. Signatures count as inline: nobody sent them to be opened.
    """
    return tuple(_attachment(part) for part in _outside(root) if _is_attached(part, body))


def _outside(part: Part) -> Iterator[Part]:
    """The leaves, and embedded messages as wholes."""
    if not part.children or part.content_type.startswith("message/"):
        yield part
        return
    for child in part.children:
        yield from _outside(child)


def _is_attached(part: Part, body: Body) -> bool:
    """A part with a file name is shown as a file even where it is read as the text."""
    if part.number in body.parts:
        return bool(part.filename)
    return part.number > 0 or part.content_type not in _LETTERS or bool(part.filename)


def _attachment(part: Part) -> Attachment:
    name = part.filename or display_name(part.fields.text("content-location").partition("?")[0])
    if not name and part.content_type == "message/rfc822" and part.children:
        name = display_name(part.children[0].fields.text("subject")[:100])
    inline = part.disposition == "inline" or bool(part.fields.raw("content-id"))
    return Attachment(
        filename=name,
        content_type=part.content_type,
        size=len(part.content()),
        inline=inline or part.content_type in SIGNATURE_TYPES,
        part=part.number,
    )
