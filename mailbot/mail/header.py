"""What does a header field say, as one clean line? Pure."""

from __future__ import annotations

import binascii
import re
import unicodedata
from collections.abc import Iterable, Mapping

from mailbot.mail.charset import decode

_FOLD = re.compile(r"[\r\n]+[ \t]*")
# RFC 2047 §2, with the sins that are seen: blanks inside Q words, RFC 2231 §5 language suffixes.
_WORD = re.compile(r"=\?([A-Za-z0-9_:.+$*-]{1,60})\?([BbQq])\?([^?]*)\?=")
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_UNSAFE_IN_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_TOO_MANY_MARKS = b"\x01" * 31  # the Stream-Safe Text Format allows 30 (UAX #15 §13)
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


class Fields:
    """The header of one part: raw values by lower-case name, in order; bytes beyond ASCII are surrogate escapes."""

    __slots__ = ("_by_name", "names")

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        by_name: dict[str, list[str]] = {}
        for name, value in items:
            by_name.setdefault(name.lower(), []).append(value)
        self._by_name: Mapping[str, list[str]] = by_name
        self.names = frozenset(by_name)

    def all(self, name: str) -> list[str]:
        """Every raw value of the field, unfolded, topmost first."""
        return [unfold(value) for value in self._by_name.get(name, ())]

    def raw(self, name: str) -> str:
        """The raw value of the first such field, unfolded; empty when there is none."""
        values = self._by_name.get(name)
        return unfold(values[0]) if values else ""

    def text(self, name: str) -> str:
        """The first such field, decoded and clean."""
        return words(self.raw(name))


def unfold(value: str) -> str:
    """Take the folding out (RFC 5322 §2.2.3)."""
    if "\n" in value or "\r" in value:
        value = _FOLD.sub(" ", value)
    return value.strip(" \t")


def words(value: str) -> str:
    """Decode the encoded-words (RFC 2047) and raw eight-bit bytes of an unfolded value into one clean line."""
    return clean(decoded(value))


def decoded(value: str) -> str:
    """Decode without cleaning: callers must clean what they keep."""
    if value.isascii() and "\x1b" not in value:
        return value if "=?" not in value else _decode_words(value)
    if "=?" in value and "\x1b" not in value:
        return _decode_words(_eight_bit(value))
    value = _eight_bit(value)
    return _decode_words(value) if "=?" in value else value


def _eight_bit(value: str) -> str:
    """Bytes that nobody labelled (RFC 6532 says UTF-8; older mail says nothing)."""
    try:
        return decode(value.encode("ascii", "surrogateescape")).text
    except UnicodeEncodeError:  # characters already, as when a caller passes decoded text
        return value


def _decode_words(value: str) -> str:
    """Join the bytes of adjacent words of one charset before decoding: senders split characters (RFC 2047 §5 (3))."""
    out: list[str] = []
    pending = b""
    charset = ""
    at = 0
    for word in _WORD.finditer(value):
        between = value[at : word.start()]
        label = word.group(1).partition("*")[0].lower()
        if pending and (between.strip(" \t") or label != charset):
            out.append(decode(pending, charset).text)
            pending = b""
        if between.strip(" \t") or not at:
            out.append(between)
        pending += _word_bytes(word.group(2), word.group(3))
        charset, at = label, word.end()
    if pending:
        out.append(decode(pending, charset).text)
    out.append(value[at:])
    return "".join(out)


def _word_bytes(encoding: str, content: str) -> bytes:
    data = content.encode("utf-8", "surrogateescape")
    if encoding in "Bb":
        return base64_bytes(data)
    return _HEX.sub(lambda code: bytes((int(code.group(1), 16),)), data.replace(b"_", b" "))


def base64_bytes(data: bytes) -> bytes:
    """Decode base64 with wrong or missing padding (RFC 2045 §6.8 lets us skip foreign characters)."""
    data = data.rstrip(b"= \t\r\n")
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        return binascii.a2b_base64(kept[: len(kept) - (len(kept) % 4 == 1)] + b"=" * (-len(kept) % 4) if kept else b"")


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
    if text.isascii() and "\x00" not in text:
        return _UNSAFE_IN_TEXT.sub("", text) if "\x1b" in text or "\x7f" in text or "\f" in text else text
    return compose(_UNSAFE_IN_TEXT.sub("", text))


def compose(text: str) -> str:
    """NFC, unless dozens of marks are stacked on one letter: putting those in order takes quadratic time."""
    if unicodedata.is_normalized("NFC", text):
        return text
    marks = bytes(map(bool, map(unicodedata.combining, text)))
    return text if _TOO_MANY_MARKS in marks else unicodedata.normalize("NFC", text)
