"""What does this RTF say, as it stands in winmail.dat? [MS-OXRTFCP] is the packing, [MS-OXRTFEX] the HTML inside. Pure.

The libraries for this check and search in ways that take quadratic time; this reads once from left to right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from mailbot.mail.charset import decode

LIMIT = 262_144
"""How many bytes are unpacked and read: what packs seventeen to one must not become a bomb (attack row 20)."""

# [MS-OXRTFCP] §2.1.2.1: what the dictionary holds before the first byte
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_SIZE = 4_096
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z\r\n])|([{}])|([^\\{}\r\n]{1,4000})|(\\?[\r\n]+)|\\"
)
_HALF = re.compile("[\ud800-\udfff]")
_BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"row": "\n", b"cell": "\t", b"page": "\n", b"sect": "\n"}
_SIGNS = {
    b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_SYMBOLS = {b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
_UNSHOWN = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr themedata"
    b" datastore listtable listoverridetable rsidtbl generator fldinst xmlnstbl bkmkstart bkmkend".split()
)
_CHARSETS = {128: 932, 129: 949, 130: 1361, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256}
_CHARSETS |= {186: 1257, 204: 1251, 222: 874, 238: 1250}


@dataclass(frozen=True, slots=True)
class Rtf:
    """The text, and whether it is the HTML that was wrapped into RTF."""

    text: str
    html: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds until the brace closes."""

    shown: bool = True
    fonts: bool = False
    codepage: int = 0
    skip: int = 1  # how many characters stand in for a Unicode one


@dataclass(slots=True)
class _Reader:
    html: bool
    codepage: int
    out: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    fonts: dict[int, int] = field(default_factory=dict)
    stack: list[_Group] = field(default_factory=lambda: [_Group()])
    font: int = 0
    skipping: int = 0
    starred: bool = False
    quiet: bool = False  # between \htmlrtf and \htmlrtf0


def unpacked(data: bytes) -> bytes:
    """Undo the packing of compressed RTF; raises ValueError for what is none. At most LIMIT bytes come out."""
    if len(data) < 16 or data[8:12] not in (b"LZFu", b"MELA"):
        raise ValueError("no compressed RTF")
    if data[8:12] == b"MELA":
        return data[16 : 16 + LIMIT]
    ring = bytearray(_DICTIONARY.ljust(_SIZE, b" "))
    out, place, at = bytearray(), len(_DICTIONARY), 16
    while at < len(data) and len(out) < LIMIT:
        control = data[at]
        at += 1
        for bit in range(8):
            if control >> bit & 1:
                token = int.from_bytes(data[at : at + 2], "big")
                start, count = token >> 4, (token & 15) + 2
                if start == place or at + 2 > len(data):  # the end is a reference to where it would be written
                    return bytes(out)
                at += 2
                for step in range(count):
                    byte = ring[(start + step) % _SIZE]
                    ring[place] = byte
                    out.append(byte)
                    place = (place + 1) % _SIZE
            elif at < len(data):
                ring[place] = data[at]
                out.append(data[at])
                place = (place + 1) % _SIZE
                at += 1
    return bytes(out)


def text_in(rtf: bytes) -> Rtf:
    """Take the text out of RTF, or the HTML that it was made of ([MS-OXRTFEX] §2.1). Never raises."""
    head = rtf[:2_000]
    codepage = re.search(rb"\\ansicpg([0-9]{1,5})", head)
    reader = _Reader(b"\\fromhtml" in head, int(codepage.group(1)) if codepage else 1252)
    for token in _TOKEN.finditer(rtf[:LIMIT]):
        _take(reader, token)
    _flush(reader)
    return Rtf(_paired("".join(reader.out)), reader.html)


def _paired(text: str) -> str:
    """Signs beyond the first plane are written as two halves (UTF-16)."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _take(reader: _Reader, token: re.Match[bytes]) -> None:
    word, number, code, symbol, brace, plain, _ = token.groups()
    if code or plain:
        _write(reader, bytes((int(code, 16),)) if code else plain)
    elif brace:
        reader.skipping, reader.starred = 0, False
        _flush(reader)
        if brace == b"{":
            reader.stack.append(reader.stack[-1])
        elif len(reader.stack) > 1:
            reader.stack.pop()
    elif word:
        _control(reader, word, int(number) if number else None)
    elif symbol == b"*":
        reader.starred = True
    elif symbol in _SYMBOLS:
        _say(reader, _SYMBOLS[symbol])


def _control(reader: _Reader, word: bytes, number: int | None) -> None:
    _flush(reader)
    group = reader.stack[-1]
    starred, reader.starred = reader.starred, False
    if word == b"htmlrtf":
        reader.quiet = number != 0
    elif word == b"htmltag" and starred:
        reader.stack[-1] = replace(group, shown=reader.html)
    elif starred or word in _UNSHOWN:
        reader.stack[-1] = replace(group, shown=False, fonts=group.fonts or word == b"fonttbl")
    elif word == b"f" and number is not None:
        reader.font = number
        reader.stack[-1] = replace(group, codepage=reader.fonts.get(number, 0))
    elif word == b"fcharset" and group.fonts and number is not None:
        reader.fonts[reader.font] = _CHARSETS.get(number, 0)
    elif word == b"uc" and number is not None:
        reader.stack[-1] = replace(group, skip=min(max(number, 0), 10))
    elif word == b"u" and number is not None:
        _say(reader, chr(number % 0x10000))
        reader.skipping = group.skip
    elif word in _BREAKS or word in _SIGNS:
        _say(reader, _BREAKS.get(word) or _SIGNS[word])


def _write(reader: _Reader, data: bytes) -> None:
    """Collect bytes until something else comes: the two of one character may be coded one by one."""
    skipped = min(reader.skipping, len(data))
    reader.skipping -= skipped
    if reader.stack[-1].shown and not reader.quiet:
        reader.pending += data[skipped:]


def _flush(reader: _Reader) -> None:
    if reader.pending:
        codepage = reader.stack[-1].codepage or reader.codepage
        reader.out.append(decode(bytes(reader.pending), f"cp{codepage}").text)
        reader.pending.clear()


def _say(reader: _Reader, text: str) -> None:
    _flush(reader)
    if reader.stack[-1].shown and not reader.quiet:
        reader.out.append(text)
