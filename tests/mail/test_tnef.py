"""winmail.dat: its text and files become the mail's; nothing in it is believed."""

import struct
import time

import pytest

from mailbot.mail.message import Message
from mailbot.mail.reading import read
from mailbot.mail.rtf import text_in, unpacked
from mailbot.mail.structure import parse
from mailbot.mail.tnef import opened

_BODY, _PROPERTIES, _CODEPAGE = 0x0002800C, 0x00069003, 0x00069007
_NEW_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005


def _attribute(number: int, value: bytes) -> bytes:
    return b"\1" + struct.pack("<II", number, len(value)) + value + b"\0\0"


def _property(kind: int, number: int, value: bytes) -> bytes:
    padded = value.ljust((len(value) + 3) // 4 * 4, b"\0")
    if kind in (0x0D, 0x1E, 0x1F, 0x102):
        return struct.pack("<HHII", kind, number, 1, len(value)) + padded
    return struct.pack("<HH", kind, number) + padded


def _properties(*each: bytes) -> bytes:
    return struct.pack("<I", len(each)) + b"".join(each)


def _winmail(*attributes: bytes) -> bytes:
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(attributes)


def _file(title: bytes, data: bytes, *properties: bytes) -> bytes:
    found = _attribute(_NEW_FILE, b"\0" * 14) + _attribute(_TITLE, title + b"\0") + _attribute(_DATA, data)
    return found + (_attribute(_FILE_PROPERTIES, _properties(*properties)) if properties else b"")


JAPANESE = _attribute(_CODEPAGE, struct.pack("<II", 932, 0))
TEXT = _attribute(_BODY, "落ちました。\r\n".encode("cp932") + b"\0")
LOG = _file("障害ログ.txt".encode("cp932"), b"ERROR\0\xff")
PACKED = b"\0" * 8 + b"MELA" + b"\0" * 4


def _mail(winmail: bytes, text: str = "", kind: str = "application/ms-tnef") -> bytes:
    from base64 import encodebytes

    return (
        "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        f'--b\nContent-Type: {kind}; name="winmail.dat"\nContent-Transfer-Encoding: base64\n\n'
        f"{encodebytes(winmail).decode()}\n--b\nContent-Type: image/png; name=after.png\n\nAAAA\n--b--\n"
    ).encode()


def _names(message: Message) -> list[tuple[str, int]]:
    return [(each.filename, each.size) for each in message.attachments]


@pytest.mark.parametrize("kind", ["application/ms-tnef", "application/octet-stream"])
def test_text_and_files_are_the_mails(kind: str) -> None:
    message = read(_mail(_winmail(JAPANESE, TEXT, LOG), kind=kind))
    assert message.text.strip() == "落ちました。"
    assert _names(message) == [("障害ログ.txt", 7), ("after.png", 4)]
    assert message.warnings == ()


def test_files_are_found_again_by_number() -> None:
    raw = _mail(_winmail(JAPANESE, TEXT, LOG))
    parts = {part.number: part for part in parse(raw).walk()}
    assert len(parts) == 6
    assert [parts[each.part].content() for each in read(raw).attachments] == [b"ERROR\0\xff", b"AAAA"]


def test_the_same_text_is_not_told_twice() -> None:
    message = read(_mail(_winmail(JAPANESE, TEXT), text="落ちました。 "))
    assert message.text.count("落ちました") == 1
    assert _names(message) == [("after.png", 4)]


def test_a_footer_is_not_taken_for_the_text() -> None:
    assert read(_mail(_winmail(JAPANESE, TEXT), text="-- \nscanned for viruses")).text.count("落ちました") == 1


def test_long_names_count_more() -> None:
    long_name = _property(0x1F, 0x3707, "長い名前の報告書.docx\0".encode("utf-16-le"))
    kind = _property(0x1E, 0x370E, b"application/pdf\0")
    (file,) = opened(_winmail(JAPANESE, _file(b"REPORT~1.DOC", b"x", long_name, kind))).files
    assert (file.name, file.content_type, file.data) == ("長い名前の報告書.docx", "application/pdf", b"x")


def test_names_are_made_safe() -> None:
    assert _names(read(_mail(_winmail(_file(b"..\\..\\evil.exe", b"x")))))[0][0] == "evil.exe"


def test_a_mail_within() -> None:
    inner = _winmail(JAPANESE, TEXT, LOG)
    held = b"\x07\x03\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46" + inner
    outer = _winmail(_file(b"re", b"", _property(0x0D, 0x3701, held)))
    assert [(each.name, each.content_type) for each in opened(outer).files] == [
        ("re.txt", "text/plain"),
        ("障害ログ.txt", "application/octet-stream"),
    ]


BODIES = {
    "Unicode": (_property(0x1F, 0x1000, "日本語\0".encode("utf-16-le")), "日本語", False),
    "eight bits": (_property(0x1E, 0x1000, "日本語\0".encode("cp932")), "日本語", False),
    "HTML": (_property(0x102, 0x1013, b"<p>\x93\xfa\x96{</p>"), "<p>日本</p>", True),
    "RTF": (_property(0x102, 0x1009, PACKED + rb"{\rtf1\ansicpg932 \'93\'fa\'96\'7b\par x}"), "日本\nx", False),
}


@pytest.mark.parametrize(("body", "text", "html"), BODIES.values(), ids=BODIES.keys())
def test_bodies(body: bytes, text: str, html: bool) -> None:
    named = struct.pack("<HH16sIII", 0x03, 0x8001, b"", 0, 7, 42)  # before it, one that is only to be skipped
    multiple = struct.pack("<HHIIHH", 0x1002, 0x0E00, 3, 0x00020001, 3, 0)
    found = opened(_winmail(JAPANESE, _attribute(_PROPERTIES, _properties(named, multiple, body))))
    assert (found.text, found.html) == (text, html)


RTF = {
    "paragraphs": (rb"{\rtf1\ansi a\par b\tab c}", "a\nb\tc"),
    "Unicode with a stand-in": (rb"{\rtf1\uc1 \u26085?\u26412?}", "日本"),
    "Unicode beyond the first plane": (rb"{\rtf1\uc1 \u-10179?\u-8704?}", "\N{GRINNING FACE}"),
    "charset of the font": (rb"{\rtf1{\fonttbl{\f1\fcharset128 MS;}}\f1 \'93\'fa}", "日"),
    "unshown groups": (rb"{\rtf1{\info{\title x}}{\*\generator y}a}", "a"),
    "signs": (rb"{\rtf1 \{a\}\~\endash}", "{a}\xa0–"),
    "HTML inside": (
        rb"{\rtf1\fromhtml1{\*\htmltag <b>}\htmlrtf {\b \htmlrtf0 bold{\*\htmltag </b>}\htmlrtf }\htmlrtf0}",
        "<b>bold</b>",
    ),
    "torn": (rb"{\rtf1 a{\*", "a"),
    "nothing": (b"", ""),
}


@pytest.mark.parametrize(("rtf", "text"), RTF.values(), ids=RTF.keys())
def test_rtf(rtf: bytes, text: str) -> None:
    assert text_in(rtf).text == text


def test_rtf_is_unpacked() -> None:
    """Literals, then a reference that repeats what it is just writing, then the end mark."""
    packed = b"\0" * 8 + b"LZFu" + b"\0" * 4 + bytes([0b100]) + b"ab" + struct.pack(">H", 207 << 4 | 4) + b"c"
    assert unpacked(packed) == b"abababab" + b"c"


UNREADABLE = {
    "empty": (b"", "winmail.dat is empty"),
    "something else": (b"PK\3\4 a zip file", "winmail.dat cannot be read"),
}


@pytest.mark.parametrize(("data", "warning"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable_files_are_kept(data: bytes, warning: str) -> None:
    message = read(_mail(data))
    assert message.warnings == (warning,)
    assert _names(message) == [("winmail.dat", len(data)), ("after.png", 4)]


def test_nothing_raises_however_it_is_torn() -> None:
    whole = _winmail(JAPANESE, TEXT, _attribute(_PROPERTIES, _properties(*(each[0] for each in BODIES.values()))), LOG)
    for length in range(6, len(whole)):
        opened(whole[:length])
    for at in range(6, len(whole)):
        opened(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])


_MANY = 0xFFFFFFFF
BOMBS = {
    "attributes": _winmail(*[_attribute(_NEW_FILE, b"")] * 200_000),
    "count of properties": _winmail(_attribute(_PROPERTIES, struct.pack("<I", _MANY) + b"\3\0\1\0aaaa" * 200_000)),
    "count of values": _winmail(
        _attribute(_PROPERTIES, struct.pack("<IHHI", 1, 0x101E, 0x1000, _MANY) + b"\0" * 2_000_000)
    ),
    "length": _winmail(b"\1" + struct.pack("<II", _BODY, _MANY) + b"x" * 1_000_000),
    "packed": _winmail(
        _attribute(
            _PROPERTIES,
            _properties(
                _property(0x102, 0x1009, PACKED.replace(b"MELA", b"LZFu") + (b"\xff" + b"\0\x0f" * 8) * 60_000)
            ),
        )
    ),
    "braces": _winmail(_attribute(_PROPERTIES, _properties(_property(0x102, 0x1009, PACKED + b"{" * 1_000_000)))),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_bombs_are_bounded(bomb: bytes) -> None:
    began = time.process_time()
    opened(bomb)
    assert time.process_time() - began < 1.5
