"""What do the parameters of Content-Type and Content-Disposition say, and what may a file name look like? Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from mailbot.mail.charset import decode
from mailbot.mail.encodedword import decoded
from mailbot.mail.header import clean

# A value without quotes goes on over blanks (file names) until the next `name=`: some forget the semicolon.
_PARAMETER = re.compile(
    r'[;\s"]\s*+([^\s=;"]{1,80}+)\s*+=\s*+(?:"((?>[^"\\]*(?:\\.[^"\\]*)*))"?|((?>(?:[^;\s]+|(?>\s+)(?![\w*-]{1,40}=))*)))',
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\([\"\\])")
_UNSAFE_IN_NAME = re.compile(r'[/\\:*?"<>|]')
_PERCENT_CODED = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]%[89A-Fa-f][0-9A-Fa-f]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|\Z)", re.IGNORECASE)  # files that Windows cannot name
_MAX_NAME = 120
_MAX_EXTENSION = 10


def parameters(value: str) -> dict[str, str]:
    """The parameters of an unfolded raw field value by lower-case name, decoded but not clean; the first one counts.

    RFC 2231 (continuations, charsets, percent codes), RFC 2047 words where they do not belong, and raw bytes.
    """
    if "=" not in value:
        return {}
    raw: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(value):
        text = _ESCAPED.sub(r"\1", quoted) if quoted else plain.strip().strip('"')
        raw.setdefault(name.lower(), text)
    if not any("*" in name for name in raw):
        return {name: decoded(text) for name, text in raw.items()}
    return {name: decoded(text) for name, text in raw.items() if "*" not in name} | _extended(raw)


def _extended(raw: dict[str, str]) -> dict[str, str]:
    """RFC 2231 §3 and §4: name*=charset'lang'%.., name*0=, name*1*= …"""
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, text in raw.items():
        base, star, rest = name.partition("*")
        number, _, _ = rest.partition("*")
        if star and (not number or number.isdecimal()) and len(number) < 5:
            pieces.setdefault(base, []).append((int(number or 0), rest.endswith("*") or not rest, text))
    return {base: _joined(sorted(found)) for base, found in pieces.items()}


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    charset, data = "", b""
    for position, (_, coded, text) in enumerate(pieces):
        value = text
        if coded and position == 0 and text.count("'") >= 2:
            charset, _, value = text.split("'", 2)
        raw = value.encode("utf-8", "surrogateescape")
        data += unquote_to_bytes(raw) if coded else raw
    if charset or not data.isascii():
        return decode(data, charset).text
    return decoded(data.decode("ascii"))


def display_name(name: str) -> str:
    """A file name that is safe to show and never a path (attack row 21): the last component, cleaned and bounded."""
    if "%" in name and _PERCENT_CODED.search(name):
        name = _from_url(name)
    name = clean(name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = _UNSAFE_IN_NAME.sub("_", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem:
        stem, extension = name, ""
    elif len(extension) > _MAX_NAME // 2 or len(name) > _MAX_NAME:
        extension = extension[:_MAX_EXTENSION]
    tail = f".{extension}" if extension else ""
    name = stem[: _MAX_NAME - len(tail)].rstrip(" .") + tail
    return f"_{name}" if _DEVICE.match(name) else name


def _from_url(name: str) -> str:
    """Some web programs write the name as in a URL; what is no UTF-8 then is left as it stands."""
    try:
        return unquote_to_bytes(name.encode("utf-8", "surrogateescape")).decode("utf-8")
    except UnicodeDecodeError:
        return name
