"""Which parts are the text of a mail, and what do they say? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailbot.mail.charset import decode
from mailbot.mail.flowed import unenriched, unflowed
from mailbot.mail.header import clean_text
from mailbot.mail.pieces import CALENDARS, ENRICHED, Piece, leaves, pieces
from mailbot.mail.protection import protection_of, unsealed, warnings_for
from mailbot.mail.standin import is_html_document, is_preview, may_stand_in, stands_in
from mailbot.mail.structure import Part
from mailbot.mail.thread import is_reply_subject

LIMIT = 262_144
"""How many characters of text are analysed (attack row 19)."""
_LIMIT_BYTES = 4 * LIMIT

_ANSWERING = frozenset({"in-reply-to", "references"})
_NOT_ASCII_META = re.compile(rb"<meta[^<>]{0,200}charset=[\"']?([\w-]{1,40})", re.IGNORECASE)
_LETTERS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Body:
    """The text with `\\n` line ends, the numbers of the parts that it stands in, and what was doubtful.

    `protection` names the envelopes of the whole mail, outermost first.
    """

    text: str
    parts: frozenset[int]
    warnings: tuple[str, ...]
    protection: tuple[str, ...] = ()


def body_of(root: Part) -> Body:
    """Choose the text that the writer meant to be read (RFC 2046 §5.1) and decode it."""
    reader = _Reader(root)
    texts = reader.letters()
    texts += reader.from_winmail(texts)
    texts = texts or reader.from_files() or reader.from_calendar()
    text = "\n".join(text if text.endswith("\n") else text + "\n" for text in texts)
    if len(text) > LIMIT:
        text = text[:LIMIT]
        reader.warnings.append(f"the text is cut at {LIMIT:,} characters")
    protection = protection_of(root, tuple(reader.armour))
    warnings = dict.fromkeys([*reader.warnings, *warnings_for(root, protection, text)])
    return Body(text, frozenset(reader.used), tuple(warnings), protection)


class _Reader:
    """What is met while the pieces are read."""

    def __init__(self, root: Part) -> None:
        self.root = root
        self.left = LIMIT  # of HTML to be laid out: that is slow, and a mail may have hundreds of parts
        self.used: set[int] = set()
        self.warnings: list[str] = []
        self.armour: list[str] = []

    def letters(self) -> list[str]:
        """The pieces that say something, as far as they will be kept."""
        texts: list[str] = []
        for piece in pieces(self.root, first=True):
            text = self._read(piece) if sum(map(len, texts)) <= LIMIT else ""
            texts += [text] if text.strip() else []
        return texts

    def _read(self, piece: Piece) -> str:
        """The plain text where it is honest; else what the HTML says."""
        self.used.update(part.number for part in (*piece.plain, *piece.rich, *piece.spare))
        text = self._joined(piece.plain or piece.rich)
        if not piece.plain or not piece.rich:
            return text
        size = sum(len(part.content()) for part in piece.rich) if is_preview(text) else 0
        if not may_stand_in(text, size):
            return text
        rich = self._joined(piece.rich)
        return rich if stands_in(text, rich) else text

    def from_winmail(self, texts: Sequence[str]) -> list[str]:
        """The text in winmail.dat, unless the mail says the same already: Outlook writes it in both places."""
        found = []
        for part in _leaves_and_winmail(self.root):
            if part.children and part.children[0].parameters and not part.children[0].filename:
                letter = part.children[0]
                self.used.add(letter.number)
                text = self._decoded(letter)
                start = "".join(_LETTERS.findall(text[:600]))[:60]
                if start and not any(start in "".join(_LETTERS.findall(known)) for known in texts):
                    found.append(text)
            elif not part.children and not part.content():
                self.warnings.append("winmail.dat is empty")
            elif not part.children and not _is_winmail(part):
                self.warnings.append("winmail.dat cannot be read")
        return found

    def from_files(self) -> list[str]:
        """A letter labelled as a file, as some gateways do: the first text, if it is the only one or unnamed."""
        letters = [
            part for part in leaves(self.root) if part.content_type in ("text/plain", "text/html", "text/markdown")
        ]
        if not letters or (letters[0].filename and (len(letters) > 1 or letters[0].number > 1)):
            return []
        self.used.add(letters[0].number)
        text = self._decoded(letters[0])
        return [text] if text.strip() else []

    def from_calendar(self) -> list[str]:
        """An invitation in words, where nothing else says what the mail wants."""
        for part in leaves(self.root):
            if part.content_type in CALENDARS or part.filename.lower().endswith(".ics"):
                return self._invitation(part)
        return []

    def _invitation(self, part: Part) -> list[str]:
        from mailbot.mail.invitation import invitation_text

        data = part.content()[:_LIMIT_BYTES]
        try:
            text = invitation_text(decode(data, part.parameters.get("charset", "utf-8")).text)
        except Exception:  # the library raises many kinds; the file is kept
            self.warnings.append("the invitation cannot be read")
            return []
        return [text] if text.strip() else []

    def _joined(self, parts: Sequence[Part]) -> str:
        texts = [text for part in parts if (text := self._decoded(part)).strip()]
        return "\n".join(text if text.endswith("\n") or len(texts) == 1 else text + "\n" for text in texts)

    def _decoded(self, part: Part) -> str:
        data = part.content()[:_LIMIT_BYTES]
        found = decode(data, part.parameters.get("charset") or _meta_charset(part, data))
        if found.guess:
            self.warnings.append(f"text: {found.guess} ({found.charset})")
        text = clean_text(found.text)
        if part.content_type == "text/html" or is_html_document(text):
            text = clean_text(self._laid_out(text))
        elif part.content_type in ENRICHED:
            text = unenriched(text)
        elif part.parameters.get("format", "").lower() == "flowed":
            text = unflowed(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
        bare = unsealed(text)
        self.armour += bare.kinds
        return bare.text

    def _laid_out(self, html: str) -> str:
        from mailbot.mail.html import stripped, text_of

        self.left -= len(html) // 2
        return text_of(html, is_answer=_is_answer(self.root)) if self.left > 0 else stripped(html)


def _is_answer(root: Part) -> bool:
    return not root.fields.names.isdisjoint(_ANSWERING) or is_reply_subject(root.fields.text("subject")[:998])


def _leaves_and_winmail(part: Part) -> Iterator[Part]:
    if part.is_winmail:
        yield part
    elif part.content_type.startswith("multipart/"):
        for child in part.children:
            yield from _leaves_and_winmail(child)


def _is_winmail(part: Part) -> bool:
    from mailbot.mail.tnef import is_winmail

    return is_winmail(part.content())


def _meta_charset(part: Part, data: bytes) -> str:
    if part.content_type != "text/html" or data.isascii():
        return ""
    match = _NOT_ASCII_META.search(data[:4_096])
    return match.group(1).decode("ascii") if match else ""
