"""What is in winmail.dat: which text, and which files? The format is [MS-OXTNEF]. Pure.

Every length is checked and every byte is copied once or twice; the library for this copies the rest of the file for
each attribute, and counts to four milliards where a file tells it to.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailbot.mail.charset import decode
from mailbot.mail.rtf import text_in, unpacked

MOST_FILES = 100
"""How many files are taken out of one winmail.dat."""
MOST_MESSAGES = 2
"""How many of the mails in it are opened: the RTF in each takes its time."""

_SIGNATURE = b"\x78\x9f\x3e\x22"
_MOST_ATTRIBUTES = 4_000
_MOST_PROPERTIES = 4_000
_BODY, _PROPERTIES, _CODEPAGE = 0x0002800C, 0x00069003, 0x00069007
_NEW_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_FIXED = {0x0: 0, 0x1: 0, 0x2: 4, 0x3: 4, 0x4: 4, 0xA: 4, 0xB: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = frozenset({0x0D, 0x1E, 0x1F, 0x102})
_NAMED, _MULTIPLE = 0x8000, 0x1000
_PLAIN, _HTML, _RTF, _SUBJECT = 0x1000, 0x1013, 0x1009, 0x0037
_INTERNET_CODEPAGE, _MESSAGE_CODEPAGE = 0x3FDE, 0x3FFD
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _MIME, _CONTENT_ID, _CONTENT = 0x3707, 0x3704, 0x3001, 0x370E, 0x3712, 0x3701
_IS_MESSAGE = struct.pack("<IHH", 0x00020307, 0, 0) + b"\xc0\0\0\0\0\0\0\x46"  # the identifier of IMessage

_Values = dict[int, tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class File:
    """One file. `name` is as written and not safe to show; `content_id` stands without angle brackets."""

    name: str
    content_type: str
    content_id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Winmail:
    """What was inside: the text (`html` says what kind), and the files."""

    text: str
    html: bool
    files: tuple[File, ...]


@dataclass(slots=True)
class _Raw:
    codepage: int = 1252
    body: bytes = b""
    values: _Values = field(default_factory=dict)
    files: list[_RawFile] = field(default_factory=list)


@dataclass(slots=True)
class _RawFile:
    title: bytes = b""
    data: bytes = b""
    values: _Values = field(default_factory=dict)


def is_winmail(data: bytes) -> bool:
    """Say whether the bytes begin as TNEF does (§2.1.3.1)."""
    return data.startswith(_SIGNATURE)


def opened(data: bytes) -> Winmail:
    """Open winmail.dat; what is cut off is taken as far as it goes. Raises ValueError for what is no TNEF."""
    return _opened(data, messages=MOST_MESSAGES)


def _opened(data: bytes, *, messages: int) -> Winmail:
    if not is_winmail(data):
        raise ValueError("no TNEF")
    raw = _raw(data)
    text, html = _text(raw)
    files: list[File] = []
    for file in raw.files:
        inner = file.values.get(_CONTENT, (0, b""))[1].removeprefix(_IS_MESSAGE)
        if messages and inner.startswith(_SIGNATURE):
            messages -= 1
            files += _of_message(inner, _name(file, raw.codepage))
        else:
            files += _files(file, raw.codepage)
    return Winmail(text, html, tuple(files[:MOST_FILES]))


def _raw(data: bytes) -> _Raw:
    raw = _Raw()
    for attribute, value in _attributes(data):
        if attribute == _CODEPAGE and len(value) >= 4:
            raw.codepage = _number(value)
        elif attribute == _BODY:
            raw.body = value
        elif attribute == _PROPERTIES:
            raw.values.update(_values(value))
        elif attribute == _NEW_FILE:
            raw.files.append(_RawFile())
        elif raw.files and len(raw.files) <= MOST_FILES:
            _add_to_file(raw.files[-1], attribute, value)
    return raw


def _add_to_file(file: _RawFile, attribute: int, value: bytes) -> None:
    if attribute == _TITLE:
        file.title = value
    elif attribute == _DATA:
        file.data = value
    elif attribute == _FILE_PROPERTIES:
        file.values.update(_values(value))


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """§2.1.3: level, identifier, length, value, checksum (which some programs get wrong, and TCP does not need)."""
    at = 6
    for _ in range(_MOST_ATTRIBUTES):
        if at + 9 > len(data):
            return
        identifier, length = struct.unpack_from("<II", data, at + 1)
        yield identifier, data[at + 9 : at + 9 + length]
        at += 11 + length


def _values(data: bytes) -> _Values:
    """The properties of a message or a file (§2.1.3.4) by number, each with its type; the first value counts."""
    found: _Values = {}
    try:
        for number, kind, value in _properties(data):
            found.setdefault(number, (kind, value))
    except struct.error:
        pass  # cut off: what came before is good
    return found


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    (count,) = struct.unpack_from("<I", data)
    at = 4
    for _ in range(min(count, _MOST_PROPERTIES)):
        kind, number = struct.unpack_from("<HH", data, at)
        at += 4
        if number >= _NAMED:
            at = _after_name(data, at)
            number = 0
        many = kind & _MULTIPLE
        kind &= ~_MULTIPLE
        values = 1
        if many or kind in _VARIABLE:
            (values,) = struct.unpack_from("<I", data, at)
            at += 4
        if kind in _FIXED:
            yield number, kind, data[at : at + _FIXED[kind]]
            at += (_FIXED[kind] * values + 3) // 4 * 4 if kind != 0x2 or not many else (2 * values + 3) // 4 * 4
            continue
        if kind not in _VARIABLE:
            return
        for place in range(values):
            (length,) = struct.unpack_from("<I", data, at)
            if not place:
                yield number, kind, data[at + 4 : at + 4 + length]
            at += 4 + (length + 3) // 4 * 4


def _after_name(data: bytes, at: int) -> int:
    """Named properties carry an identifier and a number or a name."""
    (kind,) = struct.unpack_from("<I", data, at + 16)
    if kind == 0:
        return at + 24
    (length,) = struct.unpack_from("<I", data, at + 20)
    return at + 24 + int((length + 3) // 4 * 4)


def _text(raw: _Raw) -> tuple[str, bool]:
    """The plainest form that says something."""
    plain = _string(raw.values, _PLAIN, raw.codepage) or _decoded(raw.body, raw.codepage)
    if plain.strip():
        return plain, False
    codepage = _value_number(raw.values, _INTERNET_CODEPAGE) or raw.codepage
    html = _string(raw.values, _HTML, codepage)
    if html.strip():
        return html, True
    packed = raw.values.get(_RTF)
    if packed is None:
        return "", False
    try:
        rtf = text_in(unpacked(packed[1]))
    except ValueError:
        return "", False
    return rtf.text, rtf.html


def _files(file: _RawFile, codepage: int) -> Iterator[File]:
    name = _name(file, codepage)
    data = file.data or file.values.get(_CONTENT, (0, b""))[1]
    if data or name:
        kind = _string(file.values, _MIME, codepage).strip().lower()
        content_id = _string(file.values, _CONTENT_ID, codepage).strip("<> ")
        yield File(name, kind if "/" in kind else "application/octet-stream", content_id, data)


def _of_message(data: bytes, name: str) -> Iterator[File]:
    """A mail that is attached becomes a file with its text, and its own files."""
    inner = _opened(data, messages=0)
    kind, ending = ("text/html", ".html") if inner.html else ("text/plain", ".txt")
    if inner.text.strip():
        yield File(f"{name}{ending}", kind, "", inner.text.encode("utf-8", "replace"))
    elif not inner.files:
        yield File(name, "application/ms-tnef", "", data)
    yield from inner.files


def _name(file: _RawFile, codepage: int) -> str:
    names = [_string(file.values, number, codepage) for number in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME)]
    return next((name for name in (names[0], _decoded(file.title, codepage), *names[1:]) if name), "")


def _string(values: _Values, number: int, codepage: int) -> str:
    kind, value = values.get(number, (0, b""))
    if kind == 0x1F:
        return value[: len(value) // 2 * 2].decode("utf-16-le", "replace").rstrip("\0")
    return _decoded(value, codepage)


def _decoded(value: bytes, codepage: int) -> str:
    value = value.rstrip(b"\0")
    label = {65001: "utf-8", 28591: "iso-8859-1", 20127: "us-ascii"}.get(codepage, f"cp{codepage}")
    return decode(value, label).text if value else ""


def _value_number(values: _Values, number: int) -> int:
    value = values.get(number, (0, b""))[1]
    return _number(value) if len(value) >= 4 else 0


def _number(value: bytes) -> int:
    return int.from_bytes(value[:4], "little")
