"""What does a header field say, as one clean line? Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from mailbot.mail.encodedword import decoded

_FOLD = re.compile(r"[\r\n]+[ \t]*")
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_UNSAFE_IN_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_TOO_MANY_MARKS = b"\x01" * 31  # the Stream-Safe Text Format allows 30 (UAX #15 §13)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


class Fields:
    """The header of one part: raw values by lower-case name, in order; bytes beyond ASCII are surrogate escapes.

    `charset` is the label of the mail's own text, which unlabelled bytes in its header mostly share. `doubtful` names
    the fields that stand behind a break in the header.
    """

    __slots__ = ("_by_name", "charset", "doubtful", "names")

    def __init__(
        self, items: Iterable[tuple[str, str]], *, charset: str = "", doubtful: frozenset[str] = frozenset()
    ) -> None:
        by_name: dict[str, list[str]] = {}
        for name, value in items:
            by_name.setdefault(name.lower(), []).append(value)
        self._by_name: Mapping[str, list[str]] = by_name
        self.names = frozenset(by_name)
        self.charset = charset
        self.doubtful = doubtful

    def all(self, name: str) -> list[str]:
        """Every raw value of the field, unfolded, topmost first."""
        return [unfold(value) for value in self._by_name.get(name, ())]

    def raw(self, name: str) -> str:
        """The raw value of the first such field, unfolded; empty when there is none."""
        values = self._by_name.get(name)
        return unfold(values[0]) if values else ""

    def text(self, name: str) -> str:
        """The first such field, decoded and clean."""
        return clean(decoded(self.raw(name), self.charset))


def unfold(value: str) -> str:
    """Take the folding out (RFC 5322 §2.2.3)."""
    if "\n" in value or "\r" in value:
        value = _FOLD.sub(" ", value)
    return value.strip(" \t")


def words(value: str) -> str:
    """Decode the encoded-words (RFC 2047) and raw eight-bit bytes of an unfolded value into one clean line."""
    return clean(decoded(value))


def clean(text: str) -> str:
    """One line of NFC text: controls, line ends and bidirectional overrides are out (attack rows 21 and 23)."""
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    text = _UNSAFE.sub("", text.replace("\t", " ").replace("\r\n", " ").replace("\n", " ").replace("\r", " "))
    return compose(text).strip()


def clean_text(text: str) -> str:
    """Many lines of NFC text with `\\n` line ends; other controls and bidirectional overrides are out."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return _CONTROLS.sub("", text) if _CONTROLS.search(text) else text
    return compose(_UNSAFE_IN_TEXT.sub("", text))


def compose(text: str) -> str:
    """NFC, unless dozens of marks are stacked on one letter: putting those in order takes quadratic time."""
    if unicodedata.is_normalized("NFC", text):
        return text
    marks = bytes(map(bool, map(unicodedata.combining, text)))
    return text if _TOO_MANY_MARKS in marks else unicodedata.normalize("NFC", text)
