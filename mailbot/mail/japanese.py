"""What do ISO-2022-JP, EUC-JP and Shift_JIS bytes say, written by programs that know more than the standards? Pure.

One rule for the characters on which the tables differ (～ ∥ － ￠ ￡ ￢): Windows' reading, in all three encodings. It
is the one of the WHATWG Encoding standard, hence of what the writer saw in a browser, and the same word is then found
again whichever encoding a mail came in. Carrier emoji and company characters, which no font of ours has, become 〓, the
mark that Japanese typesetters use for a missing type; the raw mail keeps them.
"""

from __future__ import annotations

import re
from functools import lru_cache

MISSING = "〓"

_AS_WINDOWS = (
    ("\u301c", "\uff5e"),
    ("\u2016", "\u2225"),
    ("\u2212", "\uff0d"),
    ("\u00a2", "\uffe0"),
    ("\u00a3", "\uffe1"),
    ("\u00ac", "\uffe2"),
)
_PRIVATE = re.compile("[\ue000-\uf8ff]")

_ESCAPE = re.compile(rb"\x1b(?:\$\([@ABDOPQ]|\$[@AB]|\([ABGHIJ]|&@\x1b\$B)|[\x0e\x0f]")
_TWO_BYTES = frozenset({b"\x1b$@", b"\x1b$B", b"\x1b$(@", b"\x1b$(B", b"\x1b&@\x1b$B"})
_BY_THE_STANDARD = {  # character sets that Windows does not know
    b"\x1b$(D": ("iso2022_jp_1", b"\x1b$(D"),  # JIS X 0212
    b"\x1b$(O": ("iso2022_jp_2004", b"\x1b$(Q"),  # JIS X 0213 plane 1, 2000 and 2004
    b"\x1b$(Q": ("iso2022_jp_2004", b"\x1b$(Q"),
    b"\x1b$(P": ("iso2022_jp_2004", b"\x1b$(P"),
    b"\x1b$A": ("iso2022_jp_2", b"\x1b$A"),  # GB 2312
}
_KANA, _SHIFT_OUT, _SHIFT_IN, _ASCII = b"\x1b(I", b"\x0e", b"\x0f", b"\x1b(B"
_STRIPPED = re.compile(rb"\$[@B]((?>(?:(?!\([BJ])[!-~]{2})+))(\([BJ])?")  # each run is looked at once
_SURE = 200
_EUC_RUN = re.compile(
    rb"[\x00-\x7f]+|(?>(?:\x8e[\xa1-\xdf])+)|(?>(?:[\xa1-\xfe][\xa1-\xfe])+)|\x8f[\xa1-\xfe][\xa1-\xfe]|.", re.DOTALL
)


def as_windows(text: str) -> str:
    """Settle the characters on which the tables differ, and those that only some carrier or company has."""
    for standard, windows in _AS_WINDOWS:
        text = text.replace(standard, windows)
    return _PRIVATE.sub(MISSING, text)


def shift_jis(data: bytes) -> str:
    """Read CP932 strictly (UnicodeDecodeError)."""
    text = data.decode("cp932")
    return _PRIVATE.sub(MISSING, text)


def iso_2022_jp(data: bytes) -> str:
    """Read RFC 1468 strictly where it is kept, else as Windows does (CP50221), and never raise."""
    try:
        if b"\x0e" not in data:
            return as_windows(data.decode("iso2022_jp"))
    except UnicodeDecodeError:
        pass
    return as_windows(_with_windows_characters(data))


def _with_windows_characters(data: bytes) -> str:
    """NEC row 13, rows 89–92 and 115–119 (IBM), half-width kana by ESC ( I, by SO/SI and in eight bits."""
    out, state, at = [], _ASCII, 0
    for escape in _ESCAPE.finditer(data):
        out.append(_run(data[at : escape.start()], state))
        state, at = _ASCII if escape.group() == _SHIFT_IN else escape.group(), escape.end()
    out.append(_run(data[at:], state))
    return "".join(out)


def _run(run: bytes, state: bytes) -> str:
    if not run:
        return ""
    if state in (_KANA, _SHIFT_OUT):  # JIS X 0201 kana: the same codes with the eighth bit in CP932
        return bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in run).decode("cp932", "replace")
    if state in _BY_THE_STANDARD:
        codec, escape = _BY_THE_STANDARD[state]
        return (escape + run + _ASCII).decode(codec, "replace")
    if state not in _TWO_BYTES:
        return _eight_bit(run)
    line, end, rest = run.partition(b"\n")  # RFC 1468: a line ends in ASCII; where the escape was lost, start afresh
    return _two_bytes(line) + _eight_bit(end + rest)


def _eight_bit(run: bytes) -> str:
    """Bytes that a gateway or a list has glued in between the escape sequences."""
    try:
        return run.decode("utf-8")
    except UnicodeDecodeError:
        return run.decode("cp932", "replace")


def _two_bytes(run: bytes) -> str:
    out = []
    at = 0
    while at < len(run):
        high, low = run[at], run[at + 1] if at + 1 < len(run) else 0
        if high > 0xA0 and low > 0xA0:  # EUC-JP between JIS escapes
            high, low = high & 0x7F, low & 0x7F
        if 0x21 <= high <= 0x97 and 0x21 <= low <= 0x7E:
            out.append(_character(high, low))
            at += 2
        else:
            out.append(chr(high) if high < 0x80 else MISSING)
            at += 1
    return "".join(out)


@lru_cache(maxsize=16_384)
def _character(high: int, low: int) -> str:
    """A JIS code by way of Shift_JIS (JIS X 0208:1997 appendix 1), which has room for rows 95–120 too."""
    lead = (high - 0x21) // 2 + (0x81 if high < 0x5F else 0xC1)
    trail = low + (0x7E if high % 2 == 0 else 0x1F if low < 0x60 else 0x20)
    try:
        return bytes((lead, trail)).decode("cp932")
    except UnicodeDecodeError:
        return MISSING


def restored(data: bytes) -> bytes:
    """Put back the ESC bytes that a gateway has taken out of ISO-2022-JP, where it is certain that it did."""
    out, at, kana = [], 0, 0
    for match in _STRIPPED.finditer(data):
        text = _two_bytes(match.group(1))
        if match.group(2) and MISSING not in text:
            kana += sum("\u3041" <= character <= "\u30fe" for character in text)
            out += [data[at : match.start()], b"\x1b", match.group()[:-2], b"\x1b", match.group(2)]
            at = match.end()
    return b"".join([*out, data[at:]]) if kana > 1 else data


def euc_jp(data: bytes) -> tuple[str, int]:
    """Read EUC-JP with the characters of CP51932 and eucJP-ms; say how many bytes made no sense."""
    try:
        return as_windows(data.decode("euc_jp")), 0
    except UnicodeDecodeError:
        pass
    out, wrong = [], 0
    for number, match in enumerate(_EUC_RUN.finditer(data)):
        text = _euc_run(match.group())
        wrong += text == "\ufffd"
        out.append(text)
        if wrong * 4 > number + _SURE:  # something else altogether
            out.append(data[match.end() :].decode("euc_jp", "replace"))
            break
    return as_windows("".join(out)), wrong


def _euc_run(run: bytes) -> str:
    if run[0] < 0x80:
        return run.decode("ascii")
    if run[0] == 0x8F and len(run) == 3:
        return _ibm().get(run[1:]) or run.decode("euc_jp", "replace")[:1]
    if run[0] == 0x8E and len(run) > 1:
        return run[1::2].decode("cp932")
    if len(run) == 1:
        return "\ufffd"
    return "".join(_character(run[at] & 0x7F, run[at + 1] & 0x7F) for at in range(0, len(run), 2))


@lru_cache(maxsize=1)
def _ibm() -> dict[bytes, str]:
    """The IBM characters of eucJP-ms at 8FF3F3–8FF4FE: those of CP932 that JIS X 0212 lacks, in CP932's order."""
    codes = (bytes((lead, trail)) for lead in (0xFA, 0xFB, 0xFC) for trail in range(0x40, 0xFD) if trail != 0x7F)
    characters = (code.decode("cp932", "ignore") for code in codes)
    lacking = [
        character
        for character in characters
        if character not in "￢￤∵" and (character == "№" or not _in_jis(character))
    ]
    places = [bytes((high, low)) for high in (0xF3, 0xF4) for low in range(0xA1, 0xFF)][0x52:]
    return dict(zip(places, lacking, strict=False))


def _in_jis(character: str) -> bool:
    try:
        return len(character.encode("euc_jp")) == 3
    except UnicodeEncodeError:
        return False


def japanese_score(text: str) -> int:
    """Kana weigh more than kanji, which any eight-bit text gives; half-width kana and missing characters against."""
    score = 0
    for character in text[:4_096]:
        if "\u3040" <= character <= "\u30ff":
            score += 3
        elif character == MISSING or "\uff61" <= character <= "\uff9f" or "\x80" <= character <= "\x9f":
            score -= 2
        elif "\u4e00" <= character <= "\u9fff" or "\u3000" < character <= "\u303f" or "\uff00" <= character <= "\uff5e":
            score += 1
    return score
