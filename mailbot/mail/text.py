"""Which parts are the text of a mail, what do they say, and which are attachments? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailbot.mail.charset import decode
from mailbot.mail.header import clean_text
from mailbot.mail.message import Attachment
from mailbot.mail.structure import Part

LIMIT = 262_144
"""How many characters of text are analysed (attack row 19)."""
_LIMIT_BYTES = 4 * LIMIT

_TEXT = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
_STUB = re.compile(
    r"(?:does not|doesn't|cannot|can't|unable to|not able to) (?:support|display|view|show|read)[^\n]{0,80}html"
    r"|html (?:e-?mail|version|format)|requires html|view (?:it|this (?:e-?mail|message)) in (?:your|a) browser"
    r"|html(?:メール|形式)",
    re.IGNORECASE,
)
_NOT_ASCII_META = re.compile(rb"<meta[^<>]{0,200}charset=[\"']?([\w-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Body:
    """The text with `\\n` line ends, the numbers of the parts that it stands in, and what was doubtful."""

    text: str
    parts: frozenset[int]
    warnings: tuple[str, ...]


def body_of(root: Part) -> Body:
    """Choose the text that the writer meant to be read (RFC 2046 §5.1) and decode it."""
    warnings: list[str] = []
    texts: list[str] = []
    used: set[int] = set()
    for choice in _choices(root, first=True):
        text, parts = _read(choice, warnings)
        used.update(parts)
        if text.strip():
            texts.append(text if text.endswith("\n") else text + "\n")
    text = "\n".join(texts)
    if len(text) > LIMIT:
        text = text[:LIMIT]
        warnings.append(f"the text is cut at {LIMIT:,} characters")
    return Body(text, frozenset(used), tuple(dict.fromkeys(warnings)))


def attachments_of(root: Part, body: Body) -> tuple[Attachment, ...]:
    """Every part that is not body text, with its decoded size; what is inside an embedded message belongs to that."""
    return tuple(_attachment(part) for part in _outside(root) if _is_attached(part, body))


def _choices(part: Part, *, first: bool) -> Iterator[Sequence[Part]]:
    """Each item is one piece of the text: its parts are alternatives, plainest first."""
    kind = part.content_type
    if not part.children:
        if _is_text(part, first=first):
            yield (part,)
    elif kind == "multipart/alternative":
        found = [piece for child in part.children for piece in _choices(child, first=first)]
        plain = [piece for piece in found if piece[0].content_type == "text/plain"]
        rich = [piece for piece in found if piece[0].content_type != "text/plain"]
        yield from _paired(plain, rich)
    elif kind in ("multipart/related", "multipart/report", "multipart/signed"):
        yield from _choices(_root_of(part), first=first)
    elif kind.startswith("multipart/"):
        for child in part.children:
            for piece in _choices(child, first=first):
                first = False
                yield piece


def _paired(plain: list[Sequence[Part]], rich: list[Sequence[Part]]) -> Iterator[Sequence[Part]]:
    if len(plain) == 1 and rich:
        yield (*plain[0], *(part for piece in rich for part in piece))
    else:
        yield from plain or rich


def _root_of(part: Part) -> Part:
    """The part that the others belong to: the one that `start` names (RFC 2387 §3.2), else the first."""
    start = part.parameters.get("start")
    if start:
        for child in part.children:
            if child.fields.raw("content-id") == start:
                return child
    return part.children[0]


def _is_text(part: Part, *, first: bool) -> bool:
    if part.content_type not in _TEXT or part.disposition == "attachment":
        return False
    return not part.filename or first


def _read(choice: Sequence[Part], warnings: list[str]) -> tuple[str, list[int]]:
    """Read the plainest alternative that is honest; a stub that only says "use an HTML reader" is not."""
    used = [part.number for part in choice]
    text = _decoded(choice[0], warnings)
    rich = [part for part in choice[1:] if part.content_type == "text/html"]
    if rich and (not text.strip() or (len(text) < 600 and _STUB.search(text))):
        better = _decoded(rich[0], warnings)
        text = better if better.strip() else text
    return text, used


def _decoded(part: Part, warnings: list[str]) -> str:
    data = part.content()[:_LIMIT_BYTES]
    found = decode(data, part.parameters.get("charset") or _meta_charset(part, data))
    if found.guess:
        warnings.append(f"text: {found.guess} ({found.charset})")
    text = clean_text(found.text)
    if part.content_type != "text/plain":
        from mailbot.mail.html import text_of

        return clean_text(text_of(text))
    if part.parameters.get("format", "").lower() == "flowed":
        return unflowed(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    return text


def _meta_charset(part: Part, data: bytes) -> str:
    if part.content_type != "text/html" or data.isascii():
        return ""
    match = _NOT_ASCII_META.search(data[:4_096])
    return match.group(1).decode("ascii") if match else ""


def unflowed(text: str, *, delete_space: bool) -> str:
    """Join the lines of format=flowed (RFC 3676 §4.2): a blank at the end of a line says that it goes on."""
    out: list[str] = []
    joining = False
    depth_before = -1
    for line in text.split("\n"):
        body = line.lstrip(">")
        depth = len(line) - len(body)
        body = body[1:] if body.startswith(" ") else body  # §4.4 space-stuffing
        goes_on = body.endswith(" ") and body != "-- "
        if goes_on and delete_space:
            body = body[:-1]
        if joining and depth == depth_before and body != "-- ":
            out.append(body)
        else:
            out.append(("\n" if out else "") + (">" * depth + " " if depth else "") + body)
        joining, depth_before = goes_on, depth
    return "".join(out)


def _outside(part: Part) -> Iterator[Part]:
    """The leaves, and embedded messages as wholes."""
    if not part.children or not part.content_type.startswith("multipart/"):
        yield part
        return
    for child in part.children:
        yield from _outside(child)


def _is_attached(part: Part, body: Body) -> bool:
    """A part with a file name is shown as a file even where it is read as the text."""
    if part.number in body.parts:
        return bool(part.filename)
    return part.number > 0 or part.content_type not in _TEXT or bool(part.filename)


def _attachment(part: Part) -> Attachment:
    name = part.filename
    if not name and part.content_type == "message/rfc822" and part.children:
        name = part.children[0].fields.text("subject")[:100]
    return Attachment(
        filename=name,
        content_type=part.content_type,
        size=len(part.content()),
        inline=part.disposition == "inline" or bool(part.fields.raw("content-id")),
        part=part.number,
    )
