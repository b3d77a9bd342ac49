"""What do the encoded-words (RFC 2047) and raw bytes of a header field say? Pure.

Senders split characters and base64 groups over words, glue words together, label them in their own spelling and leave
question marks and blanks inside. All of that is read as it was meant.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence

from mailbot.mail.charset import Decoded, decode
from mailbot.mail.charsetname import codec_of

# Two kinds of content: without a question mark as RFC 2047 §2 wants it, or with some that end nothing. Neither runs
# over the beginning of another word, so that every character is looked at once. At the very end the `?=` may be lost.
_WORD = re.compile(
    r"=\?\s?([A-Za-z0-9_:.+$()*-]{1,60})\s?\?([BbQq])\?((?>(?:[^?]+|(?<!=)\?(?!=))*))(?:\?=|\Z)", re.DOTALL
)
_SEVEN_BIT_MARKS = re.compile(r"\x1b|\$[B@]")  # ISO-2022-JP, and what is left of it when the ESC is lost
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_PADDED = re.compile(rb"=+[\r\n]*")
_BASE64_LINES = re.compile(rb"[A-Za-z0-9+/\r\n]*+")
_MAX_TEXTS = 100_000
_Word = tuple[str, str, bytes]


def decoded(value: str, charset: str = "") -> str:
    """Decode an unfolded raw value without cleaning: callers must clean what they keep.

    `charset` is what the mail says of its body: bytes that nobody labelled are mostly of the same.
    """
    in_words = "=?" in value
    if value.isascii() and not _SEVEN_BIT_MARKS.search(value) and (in_words or codec_of(charset) != "utf_7"):
        return _decode_words(value) if in_words else value
    value = _unlabelled(value, charset)
    return _decode_words(value) if "=?" in value else value


def guessed(value: str, charset: str = "") -> str:
    """Say how the bytes of a raw value were read that nobody labelled; empty where nothing had to be guessed."""
    if value.isascii() and "\x1b" not in value:
        return ""
    found = _read(value, charset)
    return f"{found.guess} ({found.charset})" if found and found.guess else ""


def _unlabelled(value: str, charset: str) -> str:
    """Bytes that nobody labelled: RFC 6532 says UTF-8; older mail means the charset of its text, or says nothing."""
    found = _read(value, charset)
    if found is not None:
        return found.text
    try:
        return value.encode("ascii", "surrogateescape").decode("utf-8")
    except UnicodeError:  # characters already, as when a caller passes decoded text
        return value


def _read(value: str, charset: str) -> Decoded | None:
    """None for UTF-8, as the standard has it, and for what is no bytes any more."""
    try:
        data = value.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return None
    if not value.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return None
    return decode(data, "" if codec_of(charset).startswith(("utf16", "utf_16", "utf_32")) else charset)


def _decode_words(value: str) -> str:
    """Join the bytes of adjacent words of one charset before decoding: senders split characters (RFC 2047 §5 (3))."""
    out: list[str] = []
    pending: list[_Word] = []
    at = 0
    for match in _WORD.finditer(value):
        between = value[at : match.start()]
        word = _word(match)
        if pending and (between.strip(" \t") or word[0] != pending[0][0]):
            out.append(_meaning(pending))
            pending = []
        if between.strip(" \t") or not at:
            out.append(between)
        pending.append(word)
        at = match.end()
    if pending:
        out.append(_meaning(pending))
    out.append(value[at:])
    return "".join(out)


def _word(match: re.Match[str]) -> _Word:
    label = match.group(1).partition("*")[0].lower()  # RFC 2231 §5: a language may follow
    return codec_of(label) or label, match.group(2).upper(), match.group(3).encode("utf-8", "surrogateescape")


def _meaning(words: Sequence[_Word]) -> str:
    charset = words[0][0]
    apart = decode(b"".join(_bytes(encoding, content) for _, encoding, content in words), charset)
    if len(words) == 1 or not _is_split_stream(words):
        return apart.text
    joined = decode(base64_bytes(b"".join(content for _, _, content in words)), charset)
    certain = any(len(content.strip()) % 4 == 1 for _, _, content in words[:-1])
    return joined.text if certain or (apart.guess and not joined.guess) else apart.text


def _is_split_stream(words: Sequence[_Word]) -> bool:
    """One base64 text cut into words anywhere: a word but the last ends within a group of four, without padding."""
    contents = [content.rstrip() for _, encoding, content in words if encoding == "B"]
    return len(contents) == len(words) and any(len(content) % 4 and content[-1:] != b"=" for content in contents[:-1])


def _bytes(encoding: str, content: bytes) -> bytes:
    if encoding == "B":
        return base64_bytes(content)
    return _HEX.sub(lambda code: bytes((int(code.group(1), 16),)), content.replace(b"_", b" "))


def base64_bytes(data: bytes) -> bytes:
    """Decode base64 with foreign characters (RFC 2045 §6.8), wrong or missing padding, or several texts in a row."""
    data = data.rstrip(b"= \t\r\n")
    if 0 < data.count(b"=") <= _MAX_TEXTS:
        first, *rest = _PADDED.split(data)
        return _unpadded(first) + b"".join(_unpadded(piece) for piece in rest if _BASE64_LINES.fullmatch(piece))
    return _unpadded(data)


def _unpadded(data: bytes) -> bytes:
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        kept = _NOT_BASE64.sub(b"", data)
        kept = kept[: len(kept) - (len(kept) % 4 == 1)]
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
