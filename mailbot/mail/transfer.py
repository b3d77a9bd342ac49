"""Which bytes does a transfer encoding (RFC 2045 §6, uuencode) stand for? Pure.

What is broken is taken as far as it goes: half a file tells more than none.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailbot.mail.encodedword import base64_bytes

_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_QUOTED_PRINTABLE = frozenset({"quotedprintable", "quotedprintible", "quoted", "qp"})
_UUENCODED = frozenset({"xuuencode", "uuencode", "uue", "xuue", "uu"})
_BLANKS_AT_SOFT_BREAK = re.compile(rb"=[ \t]{1,100}+(?=\r?\n)")
_BARE_RETURN = re.compile(rb"\r(?!\n)")
_IN_BASE64 = bytes(range(0x30, 0x3A)) + bytes(range(0x41, 0x5B)) + bytes(range(0x61, 0x7B)) + b"+/=\r\n"
_BEGIN = re.compile(rb"(?:(?<=\n)|(?<=\r)|\A)begin(-base64)? [0-7]{3,4} ([^\r\n]{1,250})(?:\r\n|\n|\r)")
_END = re.compile(rb"(?:\r\n|\n|\r)(?:end|====)[ \t]{0,20}(?=[\r\n]|\Z)")
_MAX_FILES = 50


@dataclass(frozen=True, slots=True)
class Uuencoded:
    """A file that stands in a text: from where to where, its name as written, and its bytes."""

    start: int
    end: int
    name: bytes
    data: bytes


def transfer_decoded(data: bytes, encoding: str) -> bytes:
    """Undo the Content-Transfer-Encoding; an unknown one is taken for none. Never raises."""
    kind = _PUNCTUATION.sub("", encoding.partition(";")[0].lower())[:40]
    if kind in ("base64", "b64", "xbase64"):
        return base64_bytes(data) if _looks_encoded(data) else data
    if kind in _QUOTED_PRINTABLE:
        return _unquoted(data)
    if kind in _UUENCODED:
        return b"".join(found.data for found in uuencoded_files(data)) or _uudecoded(data)
    return data


def uuencoded_files(data: bytes) -> list[Uuencoded]:
    """The files between `begin 644 name` and `end` lines, at most _MAX_FILES; the first data line has to be one."""
    return list(_files(data)) if b"begin" in data else []


def _files(data: bytes) -> Iterator[Uuencoded]:
    at = 0
    for _ in range(_MAX_FILES):
        begin = _BEGIN.search(data, at)
        end = _END.search(data, begin.end() - 1) if begin else None
        if begin is None or end is None:
            return
        content = data[begin.end() : end.start()]
        if begin.group(1) or _is_uu_line(content.partition(b"\n")[0].rstrip(b"\r")):
            decoded = base64_bytes(content) if begin.group(1) else _uudecoded(content)
            yield Uuencoded(begin.start(), end.end(), begin.group(2).strip(), decoded)
            at = end.end()
        else:
            at = begin.end()


def _is_uu_line(line: bytes) -> bool:
    """Its first character says how many bytes it holds; some programs drop blanks at its end, or add a checksum."""
    count = (line[0] - 0x20) & 0x3F if line else 0
    return 0 < count <= 45 and abs(len(line) - 1 - (count + 2) // 3 * 4) <= 2


def _uudecoded(data: bytes) -> bytes:
    out = []
    for line in data.splitlines():
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            out.append(_uu_repaired(line))
    return b"".join(out)


def _uu_repaired(line: bytes) -> bytes:
    """A line with something behind its data, as old encoders leave it: only what its length says is looked at."""
    length = 1 + (((line[0] - 0x20) & 0x3F) * 4 + 5) // 3
    try:
        return binascii.a2b_uu(line[:length])
    except binascii.Error:
        return b""


def _looks_encoded(data: bytes) -> bool:
    """Text that is only labelled base64 has blanks and points in it."""
    head = data[:1_000]
    return len(head.translate(None, _IN_BASE64)) * 8 <= len(head)


def _unquoted(data: bytes) -> bytes:
    """Quoted-printable with blanks behind a soft break, or with line ends of old Macs."""
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        data = _BARE_RETURN.sub(b"\n", data)
    if b"= " in data or b"=\t" in data:
        data = _BLANKS_AT_SOFT_BREAK.sub(b"=", data)
    return binascii.a2b_qp(data)
