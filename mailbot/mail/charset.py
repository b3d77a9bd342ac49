"""Which characters do these bytes mean, whatever their label says? Pure."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

from mailbot.mail.charsetname import codec_of
from mailbot.mail.japanese import MISSING, euc_jp, iso_2022_jp, japanese_score, restored, shift_jis


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters, the codec that gave them, and why another than the declared one was taken (else empty)."""

    text: str
    charset: str
    guess: str


_SEVEN_BITS = frozenset(
    {"utf_7", "hz", "iso2022_kr", "utf16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be"}
)
_WIDE = frozenset({"utf16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be"})
_PERMISSIVE = frozenset({"ascii", "cp1252", ""})  # labels that programs write without looking
_MANY_BYTES = frozenset({"cp932", "euc", "gb18030", "cp949", "cp950", "big5hkscs", "johab", "cp874", "cp1256"})
_MEANINGFUL_ESCAPE = re.compile(rb"\x1b\$[@AB]|\x1b\$\([@BCDOPQ]|\x1b\([BIJ]")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]{2}")
_MARKED = re.compile(rb"[\x00\x0e\x1b]|\$[B@]")  # more than ASCII may be meant
_KOREAN = b"\x1b$)C"
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ACCENTED = re.compile(rb"(?<![\x80-\xff])[\xc0-\xff]{1,2}(?![\x80-\xff])")
# JIS X 0208 rows 1, 3 (letters) and 16–47 (everyday kanji): where Japanese names are, and few words of others.
_COMMON_EUC = re.compile(rb"(?>[\x00-\x7f]*(?:(?:[\xb0-\xcf][\xa1-\xfe]|[\xa1\xa3][\xa1-\xfe])+[\x00-\x7f]*)+)")
_PERHAPS_JAPANESE = frozenset({"", "ascii", "jis", "cp932", "euc", "utf_8"})
_FAR_BETTER = 3  # scripts and oddities fewer
_ENOUGH = 65_536  # bytes of a long text that a guess looks at
_Found = tuple[str, str] | None


def decode(data: bytes, label: str = "") -> Decoded:
    """Decode by the first step of the ladder that holds. Never raises; what was guessed is said."""
    codec = codec_of(label) if label else ""
    for reason, step in LADDER:
        found = step(data, codec)
        if found is not None:
            told = bool(label) and not codec and not data.isascii()
            return Decoded(found[0], found[1], reason or (f"unknown charset {label[:40]!r}" if told else ""))
    return Decoded(data.decode("cp1252", "replace"), "cp1252", "no charset fits")


def _plain(data: bytes, codec: str) -> _Found:
    if data.isascii() and codec not in _SEVEN_BITS and not _MARKED.search(data):
        return data.decode("ascii"), codec or "ascii"
    return None


def _escapes(data: bytes, codec: str) -> _Found:
    """ISO-2022-JP announces itself (RFC 1468), whatever the label says."""
    if b"\x1b" not in data or codec in _WIDE:
        return None
    if _KOREAN in data[:4_096]:
        return _strictly(data, "iso2022_kr")
    if data.isascii() and codec != "iso2022_kr" and _MEANINGFUL_ESCAPE.search(data):
        return iso_2022_jp(data), "iso-2022-jp"
    return None


def _lost_escapes(data: bytes, codec: str) -> _Found:
    if (b"$B" not in data and b"$@" not in data) or b"\x1b" in data or not data.isascii() or codec in _SEVEN_BITS:
        return None
    whole = restored(data)
    return (iso_2022_jp(whole), "iso-2022-jp") if whole is not data else None


def _seven_bits(data: bytes, codec: str) -> _Found:
    """Seven bits without an escape: JIS X 0201 by SO and SI, or ASCII after all."""
    if not data.isascii() or codec in _SEVEN_BITS:
        return None
    return (iso_2022_jp(data), "iso-2022-jp") if codec == "jis" else (data.decode("ascii"), codec or "ascii")


def _mixed_jis(data: bytes, codec: str) -> _Found:
    """Eight-bit bytes among the escape sequences: half-width kana, user-defined rows, or a footer glued in."""
    if b"\x1b" not in data or codec in _WIDE or not _MEANINGFUL_ESCAPE.search(data):
        return None
    return iso_2022_jp(data), "iso-2022-jp"


def _wide(data: bytes, codec: str) -> _Found:
    """UTF-16 by its byte order mark, by its label, or by its zeros."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") and not codec.startswith("utf_32"):
        return _loosely(data, "utf_16")
    if codec not in _WIDE:
        return _loosely(data, _byte_order(data, codec)) if _every_other_zero(data[:_ENOUGH]) else None
    if not _CONTROL.search(data) and (data.isascii() or _is_utf8(data, 2)):
        return _strictly(data, "utf_8")
    return _strictly(data, codec) if codec.startswith("utf_32") else _loosely(data, _byte_order(data, codec))


def _every_other_zero(data: bytes) -> bool:
    if b"\x00" not in data:
        return False
    first, second = data[::2].count(0), data[1::2].count(0)
    return min(first, second) == 0 and max(first, second) * 3 > len(data) > 5


def _byte_order(data: bytes, declared: str) -> str:
    """Labels are often wrong about it (RFC 2781 §4.3): the right order gives text of few scripts and no orphans.

    A declared order is given up only for a far better one: a few characters make sense both ways.
    """
    le, be = (_scripts(data[:4_096].decode(codec, "replace")) for codec in ("utf_16_le", "utf_16_be"))
    if declared in ("utf_16_le", "utf_16_be"):
        other = "utf_16_be" if declared == "utf_16_le" else "utf_16_le"
        ours, theirs = (le, be) if declared == "utf_16_le" else (be, le)
        return other if theirs[0] + _FAR_BETTER <= ours[0] else declared
    return "utf_16_le" if le <= be else "utf_16_be"


def _scripts(text: str) -> tuple[int, int]:
    pages = [ord(character) >> 8 for character in text]
    groups = {
        0x4E if page == 0x30 or 0x4E <= page <= 0x9F or page == 0xFF else page
        for page in pages
        if not 0xAC <= page <= 0xD7
    }
    odd = ("\ufffd" in text, any(0xAC <= page <= 0xD7 for page in pages), bool(_CONTROLS.search(text)))
    return len(groups) + sum(odd), -pages.count(0)


def _surely_utf8(data: bytes, codec: str) -> _Found:
    """Several characters of UTF-8 without one error do not happen by chance, whatever the label says."""
    enough = 3 if codec in _MANY_BYTES else 0
    return _strictly(data, "utf_8") if codec not in _SEVEN_BITS and _is_utf8(data, enough) else None


def _is_utf8(data: bytes, enough: int) -> bool:
    """Three-byte characters count most: those of two bytes are also Arabic, Thai or Chinese by chance."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if not enough:
        return True
    foreign = [character for character in text[:4_096] if character > "\x7f"]
    return sum(character > "\u07ff" for character in foreign) >= enough or len(foreign) >= 3 * enough


def _as_declared(data: bytes, codec: str) -> _Found:
    if codec in _PERMISSIVE or codec == "jis" or (codec == "utf_7" and not data.isascii()):
        return None
    found = _strictly(data, codec)
    if codec == "cp950":
        return found or _strictly(data, "big5hkscs")
    return _unless_half_width(data, found) if codec == "cp932" and found else found


def _unless_half_width(data: bytes, found: tuple[str, str]) -> _Found:
    """EUC-JP labelled as Shift_JIS is read without an error too, as rows of half-width kana."""
    if not _HALF_WIDTH.search(found[0]):
        return found
    euc = _strictly(data, "euc")
    foreign, kana = _beyond_ascii(euc[0]) if euc else (0, 0)
    return None if euc and kana > 1 and kana * 4 >= foreign and japanese_score(found[0]) < 0 else found


def _nearly_utf8(data: bytes, codec: str) -> _Found:
    """Cut in the middle of a character, or a few bytes broken on the way."""
    if codec in _SEVEN_BITS:
        return None
    try:
        text, used = codecs.utf_8_decode(data, "strict", False)
        if used < len(data) and _beyond_ascii(text)[0] >= (3 if codec == "cp1252" else 1):
            return text + "\ufffd", "utf_8"
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    other = len(text.encode("ascii", "ignore"))
    return (text, "utf_8") if broken and broken * 8 <= len(text) - other - broken else None


def _clearly_japanese(data: bytes, codec: str) -> _Found:
    """Raw eight-bit Japanese: the reading with kana in it and without half-width noise."""
    best = max(_japanese_readings(data), key=lambda found: japanese_score(found[0]), default=None)
    if best is None:
        return None
    foreign, kana = _beyond_ascii(best[0])
    return best if kana * 5 >= foreign and kana >= (2 if best[1] == "euc_jp" or codec == "cp1252" else 1) else None


def _perhaps_japanese(data: bytes, codec: str) -> _Found:
    """Kanji alone, as names are, or half-width kana: where the same bytes make no words in another writing."""
    if codec not in _PERHAPS_JAPANESE or _looks_western(data):
        return None
    if _COMMON_EUC.fullmatch(data) and len(data) < 60:
        return euc_jp(data)[0], "euc_jp"
    found = _strictly(data, "cp932")
    return found if found and japanese_score(found[0]) > 1 else None


def _japanese_readings(data: bytes) -> list[tuple[str, str]]:
    return [found for codec in ("cp932", "euc") if (found := _strictly(data, codec))]


def _beyond_ascii(text: str) -> tuple[int, int]:
    foreign = [character for character in text[:4_096] if character > "\x7f"]
    return len(foreign), sum("\u3040" <= character <= "\u30ff" for character in foreign)


def _looks_western(data: bytes) -> bool:
    """Accented letters and typographic quotes are rare among plain letters; Japanese has high bytes in rows."""
    words = [word for word in data[:4_096].split() if not word.isascii()]
    high = sum(byte > 0x7F for word in words for byte in word)
    letters = sum(byte >= 0xC0 for match in _ACCENTED.finditer(data, 0, 4_096) for byte in match.group())
    return high * 5 < 2 * sum(map(len, words)) or letters * 3 >= high * 2


def _western(data: bytes, codec: str) -> _Found:
    if codec == "cp1252" or (codec in _PERMISSIVE and _looks_western(data)):
        return _strictly(data, "cp1252") or (data.decode("latin-1"), "cp1252")
    return None


def _nearly_declared(data: bytes, codec: str) -> _Found:
    if not codec or codec in _PERMISSIVE or codec == "jis":
        return None
    found = _loosely(data, codec)
    return found if found[0].count("\ufffd") * 8 <= len(found[0]) else None


def _sniffed(data: bytes, _: str) -> _Found:
    import chardet

    guess = chardet.detect(data[:16_384], encoding_era=chardet.EncodingEra.MODERN_WEB).get("encoding")
    codec = codec_of(guess or "")
    return _strictly(data, codec) if codec and codec != "ascii" else None


def _nearly_japanese(data: bytes, _: str) -> _Found:
    """Shift_JIS with a broken byte, a carrier's emoji, or a cut at the end."""
    text = data.decode("cp932", "replace").replace("\ufffd", MISSING)
    foreign, kana = _beyond_ascii(text)
    return (text, "cp932") if kana * 3 >= foreign > 0 and text.count(MISSING) * 8 <= len(text) else None


LADDER: tuple[tuple[str, Callable[[bytes, str], _Found]], ...] = (
    ("", _plain),  # most mail
    ("", _escapes),  # undeclared or mislabelled JIS
    ("ISO-2022-JP whose escapes are lost", _lost_escapes),
    ("ISO-2022-JP with eight-bit bytes", _mixed_jis),
    ("", _wide),
    ("", _seven_bits),
    ("", lambda data, codec: _strictly(data, "utf_8") if codec == "utf_8" else None),  # most of the rest
    ("read as UTF-8", _surely_utf8),
    ("", _as_declared),  # the label is right, if the bytes agree without one error
    ("broken UTF-8", _nearly_utf8),  # before Japanese: three bytes of UTF-8 are often two characters of Shift_JIS
    ("read as Japanese", _clearly_japanese),
    ("", lambda data, codec: _western(data, codec) if codec == "cp1252" else None),
    ("read as Japanese", _perhaps_japanese),
    ("read as Japanese", _nearly_japanese),
    ("broken bytes", _nearly_declared),
    ("read as Western", _western),
    ("charset guessed", _sniffed),
)
"""Reason for the warnings (empty: nothing was guessed), and the step. The first that gives something decides."""


def _strictly(data: bytes, codec: str) -> _Found:
    try:
        if codec == "cp932":
            return shift_jis(data), codec
        if codec == "euc":
            text, wrong = euc_jp(data)
            return (text, "euc_jp") if not wrong else None
        return data.decode(codec), codec
    except (UnicodeError, LookupError, ValueError):
        return None


def _loosely(data: bytes, codec: str) -> tuple[str, str]:
    if codec == "euc":
        return euc_jp(data)[0], "euc_jp"
    return data.decode("utf_16_le" if codec == "utf16" else codec, "replace"), codec
