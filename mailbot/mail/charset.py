"""Which characters do these bytes mean, whatever their label says? Pure."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters, the codec that gave them, and why another than the declared one was taken (else empty)."""

    text: str
    charset: str
    guess: str


# Names as they are met in mail → Python codecs. A superset stands in for the subset that the label means by right:
# Windows software labels CP932 as Shift_JIS and Windows-1252 as ISO-8859-1 (WHATWG Encoding §4.2 does the same).
_ALIASES = {
    "shift_jis": "cp932", "shift-jis": "cp932", "shiftjis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "ms_kanji": "cp932", "windows-31j": "cp932", "cswindows31j": "cp932", "ms932": "cp932", "x-ms-cp932": "cp932",
    "iso-2022-jp": "jis", "iso2022jp": "jis", "iso-2022-jp-1": "jis", "iso-2022-jp-2": "jis", "iso-2022-jp-3": "jis",
    "iso-2022-jp-ms": "jis", "iso-2022-jp-2004": "jis", "cp50220": "jis", "cp50221": "jis", "cp50222": "jis",
    "x-windows-iso2022jp": "jis", "csiso2022jp": "jis", "jis": "jis", "x-jis": "jis",
    "euc-jp": "euc_jp", "eucjp": "euc_jp", "x-euc-jp": "euc_jp", "eucjp-ms": "euc_jp", "cp51932": "euc_jp",
    "x-euc": "euc_jp", "ujis": "euc_jp",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "euc-cn": "gb18030",
    "gb_2312-80": "gb18030", "big5": "cp950", "x-x-big5": "cp950", "big5-hkscs": "big5hkscs",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "ks_c_5601": "cp949", "x-windows-949": "cp949",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252",
    "ansi": "cp1252", "iso-8859-8-i": "iso8859_8", "iso-8859-6-i": "iso8859_6", "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "macintosh": "mac_roman", "x-mac-roman": "mac_roman",
    "us-ascii": "ascii", "ansi_x3.4-1968": "ascii", "646": "ascii", "utf8": "utf_8", "unicode-1-1-utf-7": "utf_7",
    "unicode-1-1-utf-8": "utf_8", "utf-8-sig": "utf_8", "utf8mb4": "utf_8", "unicode": "utf_16",
    "x-unknown": "", "unknown": "", "unknown-8bit": "", "x-user-defined": "", "default": "", "8bit": "", "binary": "",
    "none": "", "_iso-2022-jp$esc": "jis", "_iso-2022-jp$sio": "jis",
}  # fmt: skip

# Attack row 20: only these. `idna`, `unicode_escape`, `hex` and their like are codecs, but no charsets.
_ALLOWED = re.compile(
    r"(?:ascii|utf_?(?:7|8|16|32)(?:_?(?:le|be))?|cp\d{3,5}|iso8859[_-]\d{1,2}|koi8[_-][rut]|mac_[a-z]+|mac-[a-z]+"
    r"|gb18030|gb2312|gbk|hz|big5|big5hkscs|euc_(?:jp|kr|jis_2004)|shift_jis(?:_2004|x0213)?|johab|ptcp154|tis_?620"
    r"|iso2022_(?:jp(?:_ext|_1|_2|_3|_2004)?|kr)|hp_roman8|viscii)\Z"
)
_STATEFUL_ASCII = frozenset({"utf_7", "hz", "iso2022_kr", "utf_16", "utf_32", "utf_16_le", "utf_16_be", "utf_32_le"})
_PERMISSIVE = frozenset({"ascii", "cp1252", ""})  # labels that programs write without looking
_MEANINGFUL_ESCAPE = re.compile(rb"\x1b\$[@AB]|\x1b\$\([CDOPQ]|\x1b\([BIJ]")


def codec_of(label: str) -> str:
    """Give the codec for a charset label: `jis` for the ISO-2022-JP family, empty for what is unknown or no charset."""
    name = label.strip().strip("\"'").lower()
    if name in _ALIASES:
        return _ALIASES[name]
    name = name.replace("windows-", "cp").replace("x-", "") if name.startswith(("windows-", "x-")) else name
    try:
        found = codecs.lookup(name).name.replace("-", "_")
    except (LookupError, ValueError, UnicodeError):
        return ""
    found = _ALIASES.get(found.replace("_", "-"), found)
    return found if _ALLOWED.match(found) or found == "jis" else ""


def decode(data: bytes, label: str = "") -> Decoded:
    """Decode by the first step of the ladder that holds. Never raises; what was guessed is said."""
    codec = codec_of(label)
    for reason, step in LADDER:
        found = step(data, codec)
        if found is not None:
            told = bool(label) and not codec and not data.isascii()
            return Decoded(found[0], found[1], reason or (f"unknown charset {label[:40]!r}" if told else ""))
    return Decoded(data.decode("cp1252", "replace"), "cp1252", "no charset fits")


_Found = tuple[str, str] | None


def _plain(data: bytes, codec: str) -> _Found:
    if data.isascii() and b"\x1b" not in data and codec not in _STATEFUL_ASCII:
        return data.decode("ascii"), codec or "ascii"
    return None


def _escapes(data: bytes, codec: str) -> _Found:
    """ISO-2022-JP announces itself (RFC 1468), whatever the label says."""
    if data.isascii() and codec != "iso2022_kr" and _MEANINGFUL_ESCAPE.search(data):
        return _jis(data), "iso-2022-jp"
    return None


def _as_declared(data: bytes, codec: str) -> _Found:
    if codec in _PERMISSIVE or codec == "jis":
        return None
    if codec == "utf_7" and not data.isascii():
        return None
    return _strictly(data, codec)


def _utf8(data: bytes, _: str) -> _Found:
    return _strictly(data, "utf_8")


def _japanese(data: bytes, codec: str) -> _Found:
    """Raw eight-bit Japanese: the reading with kana and kanji in it and without half-width noise."""
    if codec == "cp1252":
        return None
    readings = [found for name in ("cp932", "euc_jp") if (found := _strictly(data, name))]
    best = max(readings, key=lambda found: _japanese_score(found[0]), default=None)
    return best if best and _japanese_score(best[0]) > 0 else None


def _western(data: bytes, codec: str) -> _Found:
    return _strictly(data, "cp1252") if codec == "cp1252" else None


def _mixed_jis(data: bytes, codec: str) -> _Found:
    """Eight-bit bytes among the escape sequences: half-width kana in 8 bits, or CP932 glued in by a gateway."""
    return (_jis(data), "iso-2022-jp") if codec == "jis" and _MEANINGFUL_ESCAPE.search(data) else None


def _nearly_utf8(data: bytes, _: str) -> _Found:
    """Cut in the middle of a character, or a few bytes broken on the way."""
    try:
        text, used = codecs.utf_8_decode(data, "strict", False)
        if used < len(data) and not text.isascii():
            return text + "\ufffd", "utf_8"
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    other = sum(1 for character in text if character > "\x7f") - broken
    return (text, "utf_8") if broken and broken * 8 <= other else None


def _nearly_declared(data: bytes, codec: str) -> _Found:
    if not codec or codec in _PERMISSIVE or codec == "jis":
        return None
    text = data.decode(codec, "replace")
    return (text, codec) if text.count("\ufffd") * 8 <= len(text) else None


def _sniffed(data: bytes, _: str) -> _Found:
    import chardet

    guess = chardet.detect(data[:16_384]).get("encoding")
    codec = codec_of(guess or "")
    return _strictly(data, codec) if codec and not codec.startswith(("ascii", "mac", "cp037", "cp500", "hp")) else None


LADDER: tuple[tuple[str, Callable[[bytes, str], _Found]], ...] = (
    ("", _plain),  # most mail
    ("", _escapes),  # undeclared or mislabelled JIS
    ("", _as_declared),  # the label is right, if the bytes agree without one error
    ("read as UTF-8", _utf8),  # UTF-8 does not happen by chance
    ("read as ISO-2022-JP with eight-bit bytes", _mixed_jis),
    ("", _western),
    ("read as Japanese", _japanese),
    ("broken UTF-8", _nearly_utf8),
    ("broken bytes", _nearly_declared),
    ("charset guessed", _sniffed),
)
"""Reason for the warnings (empty: nothing was guessed), and the step. The first that gives something decides."""


def _strictly(data: bytes, codec: str) -> _Found:
    try:
        return data.decode(codec), codec
    except (UnicodeError, LookupError, ValueError):
        return None


def _japanese_score(text: str) -> int:
    """Kana weigh more than kanji, which any eight-bit text gives; half-width kana and private use weigh against."""
    score = 0
    for character in text[:4_096]:
        if "\u3040" <= character <= "\u30ff":
            score += 3
        elif (
            "\u4e00" <= character <= "\u9fff" or "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uff5e"
        ):
            score += 1
        elif "\uff61" <= character <= "\uff9f" or "\ue000" <= character <= "\uf8ff" or "\x80" <= character <= "\x9f":
            score -= 2
    return score


def _jis(data: bytes) -> str:
    try:
        return data.decode("iso2022_jp")
    except UnicodeDecodeError:
        return _jis_as_windows(data)


_ESCAPE = re.compile(rb"\x1b(?:\$\([DOPQ]|\$[@AB]|\([BHIJ]|&@\x1b\$B)")
_TWO_BYTES = frozenset({b"\x1b$@", b"\x1b$B", b"\x1b&@\x1b$B", b"\x1b$(O", b"\x1b$(P", b"\x1b$(Q"})


def _jis_as_windows(data: bytes) -> str:
    """Read ISO-2022-JP as Windows does (CP50221): NEC row 13, NEC-selected IBM rows 89–92, half-width kana."""
    out, state, at = [], b"\x1b(B", 0
    for escape in _ESCAPE.finditer(data):
        out.append(_jis_run(data[at : escape.start()], state))
        state, at = escape.group(), escape.end()
    out.append(_jis_run(data[at:], state))
    return "".join(out)


def _jis_run(run: bytes, state: bytes) -> str:
    if state == b"\x1b(I":  # JIS X 0201 kana: the same codes with the eighth bit in CP932
        return bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in run).decode("cp932", "replace")
    if state == b"\x1b$(D":  # JIS X 0212 supplementary kanji
        return (b"\x1b$(D" + run + b"\x1b(B").decode("iso2022_jp_1", "replace")
    if state not in _TWO_BYTES:
        return run.decode("cp932", "replace")
    lines = run.split(b"\n")  # RFC 1468: a line ends in ASCII; where the escape was lost, start afresh
    first = _two_bytes(lines[0])
    return "\n".join([first, *(line.decode("cp932", "replace") for line in lines[1:])])


def _two_bytes(run: bytes) -> str:
    out = bytearray()
    at = 0
    while at < len(run):
        high, low = run[at], run[at + 1] if at + 1 < len(run) else 0
        if 0x21 <= high <= 0x7E and 0x21 <= low <= 0x7E:
            out += _shifted(high, low)
            at += 2
        else:
            out.append(high)
            at += 1
    return out.decode("cp932", "replace")


def _shifted(high: int, low: int) -> bytes:
    """A JIS X 0208 code as Shift_JIS (JIS X 0208:1997 appendix 1)."""
    lead = (high - 0x21) // 2 + (0x81 if high < 0x5F else 0xC1)
    if high % 2:
        return bytes((lead, low + (0x1F if low < 0x60 else 0x20)))
    return bytes((lead, low + 0x7E))
