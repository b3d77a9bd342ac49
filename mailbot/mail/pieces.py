"""Which parts are the text of a mail, one after another, and which say the same in other ways? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mailbot.mail.structure import Part

ENRICHED = frozenset({"text/enriched", "text/richtext"})
CALENDARS = frozenset({"text/calendar", "application/ics"})
_NO_LETTER = frozenset(  # text by its bytes, and not by what people mean (RFC 2046 §4.1.4 has the rest shown as plain)
    f"text/{kind}"
    for kind in (
        "calendar", "vcard", "x-vcard", "directory", "csv", "tab-separated-values", "css", "javascript", "ecmascript",
        "xml", "xsl", "rfc822-headers", "x-amp-html", "watch-html", "rtf", "x-vcalendar", "x-vnote", "json", "yaml",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the text: the same in plain parts and in rich ones, and the parts that nobody needs besides."""

    plain: tuple[Part, ...] = ()
    rich: tuple[Part, ...] = ()
    spare: tuple[Part, ...] = ()


def pieces(part: Part, *, first: bool) -> Iterator[Piece]:
    """The pieces of the text in order; of alternatives the plain one, with the rich one at hand."""
    kind = part.content_type
    if not part.children:
        if _is_letter(part, first=first):
            yield Piece(rich=(part,)) if kind == "text/html" else Piece(plain=(part,))
    elif kind == "multipart/alternative":
        yield from _chosen([list(pieces(child, first=first)) for child in part.children], part)
    elif kind in ("multipart/related", "multipart/report", "multipart/signed"):
        yield from pieces(_root_of(part), first=first)
    elif kind.startswith("multipart/"):
        for child in part.children:
            for piece in pieces(child, first=first):
                first = False
                yield piece


def _chosen(options: Iterable[list[Piece]], whole: Part) -> Iterator[Piece]:
    """The first plain option, and the last of HTML: the later, the richer (RFC 2046 §5.1.4)."""
    plain: tuple[Part, ...] = ()
    rich: tuple[Part, ...] = ()
    for option in options:
        plain = plain or tuple(part for piece in option for part in piece.plain)
        rich = tuple(part for piece in option for part in (piece.rich or piece.plain) if piece.rich) or rich
    if plain or rich:
        yield Piece(plain, rich, tuple(_unnamed_texts(whole)))


def _unnamed_texts(part: Part) -> Iterator[Part]:
    for child in part.children if part.content_type.startswith("multipart/") else ():
        if child.content_type.startswith("text/") and child.content_type not in CALENDARS and not child.filename:
            yield child
        yield from _unnamed_texts(child)


def _root_of(part: Part) -> Part:
    """The part that the others belong to: the one that `start` names (RFC 2387 §3.2), else the first."""
    start = part.parameters.get("start")
    if start:
        for child in part.children:
            if child.fields.raw("content-id") == start:
                return child
    return part.children[0]


def _is_letter(part: Part, *, first: bool) -> bool:
    kind = part.content_type
    if kind.startswith("multipart/"):
        return part.number == 0  # no part could be told from another: better all of it than nothing
    if not kind.startswith("text/") or kind in _NO_LETTER or part.disposition == "attachment":
        return False
    return not part.filename or (first and kind in ("text/plain", "text/html", *ENRICHED))


def leaves(part: Part) -> Iterator[Part]:
    """The leaves of this mail itself, what was in winmail.dat included, and not of the mails in it."""
    if not part.children:
        yield part
    elif part.content_type.partition("/")[0] != "message":
        for child in part.children:
            yield from leaves(child)
