"""Which mails do the properties try? Mails that are built as programs build them, and mails that nobody would build."""

from __future__ import annotations

import base64
import quopri
import re
from dataclasses import dataclass
from functools import cache
from itertools import chain
from unicodedata import combining, normalize

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.fuzz.findings import SEEDS, WORDS

LABELS = {
    "utf-8": "utf-8",
    "utf-7": "utf-7",
    "utf-16": "utf-16",
    "utf-16le": "utf-16le",
    "utf-16be": "utf-16be",
    "utf-32": "utf-32",
    "iso-2022-jp": "iso2022_jp",
    "iso-2022-jp-1": "iso2022_jp_1",
    "shift_jis": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jp",
    "iso-8859-1": "cp1252",
    "iso-8859-2": "iso8859_2",
    "iso-8859-5": "iso8859_5",
    "iso-8859-7": "iso8859_7",
    "iso-8859-9": "cp1254",
    "iso-8859-15": "iso8859_15",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1252": "cp1252",
    "windows-1253": "cp1253",
    "windows-1257": "cp1257",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "gb2312": "gb2312",
    "gbk": "gbk",
    "gb18030": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-2022-kr": "iso2022_kr",
    "tis-620": "cp874",
    "macintosh": "mac_roman",
}
"""Label in the mail → the codec with which programs write what they label so."""

_TWO_WAYS = frozenset("~‾〜～‖∥−－—―¢£¬￠￡￢¦￤\\¥＼·・•")
"""Windows and JIS mean different characters by the same code; `test_charset` says which is taken."""

_GLUE = (b"\n", b"\n\n", b"\r\n", b" ", b": ", b"; ", b"<", b">", b"@", b'"', b"a@b.example", b"\n--b\n\n", b"44GC")


def soup() -> SearchStrategy[bytes]:
    """The words of mail, as the fuzzer knows them too, in any order, with bytes between them."""
    word = st.sampled_from(_words()) | st.sampled_from(_GLUE) | st.binary(max_size=6)
    return st.lists(word, max_size=60).map(b"".join)


def _words() -> list[bytes]:
    quoted = re.findall(r'^"(.*)"$', WORDS.read_text(encoding="ascii"), re.MULTILINE)
    return [re.sub(rb"\\x(..)", lambda code: bytes.fromhex(code.group(1).decode()), each.encode()) for each in quoted]


def spliced() -> SearchStrategy[bytes]:
    """The start of one good mail and the end of another, with bytes between them."""
    seeds = [path.read_bytes() for path in sorted(SEEDS.iterdir())]
    piece = st.tuples(st.sampled_from(seeds), st.floats(0, 1))
    return st.builds(
        lambda first, middle, last: (
            first[0][: int(len(first[0]) * first[1])] + middle + last[0][int(len(last[0]) * last[1]) :]
        ),
        piece,
        st.binary(max_size=8),
        piece,
    )


def line_text(codec: str = "utf-8") -> SearchStrategy[str]:
    """One line of characters that the codec can write and read, without blanks at its ends."""
    characters = st.sampled_from(_characters(codec))
    return st.text(characters, min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)


@cache
def _characters(codec: str) -> str:
    """Of all scripts; alone and side by side they are NFC already, and no controls."""
    everywhere = chain(
        range(0x20, 0x530),
        range(0xE01, 0xE5C),
        range(0x2010, 0x2600, 7),
        range(0x3000, 0x3100),
        range(0x4E00, 0xA000, 29),
        range(0xAC00, 0xD7A4, 97),
        range(0xFF01, 0xFFA0),
    )
    found = (character for character in map(chr, everywhere) if character.isprintable() and not combining(character))
    return "".join(
        character for character in found if normalize("NFC", character) == character and _fits(character, codec)
    )


def _fits(character: str, codec: str) -> bool:
    if character in _TWO_WAYS:
        return False
    try:
        return character.encode(codec).decode(codec) == character
    except UnicodeError:
        return False


def encoded_words(text: str, charset: str, codec: str) -> str:
    """The words of RFC 2047, folded: each holds whole characters."""
    chunks = [text[at : at + 8] for at in range(0, len(text), 8)]
    return "\n ".join(f"=?{charset}?B?{base64.b64encode(chunk.encode(codec)).decode()}?=" for chunk in chunks)


@dataclass(frozen=True, slots=True)
class Tree:
    """A mail of parts, the texts that must be read in it, and the names of its files."""

    raw: bytes
    texts: tuple[str, ...]
    files: tuple[str, ...]


def trees() -> SearchStrategy[Tree]:
    """multipart/mixed within multipart/mixed: texts, files, and texts again."""
    leaf = st.one_of(
        st.builds(_text_part, _WORDS, st.sampled_from(("7bit", "base64", "quoted-printable"))),
        st.builds(_file_part, st.binary(max_size=40), st.from_regex(r"[a-z]{1,8}\.(log|txt|png)", fullmatch=True)),
    )
    return st.recursive(leaf, lambda inner: st.lists(inner, min_size=1, max_size=4).map(_mixed), max_leaves=8).map(
        _mail
    )


_WORDS = st.lists(st.text("abcdefgh", min_size=2, max_size=8), min_size=1, max_size=6).map(" ".join)


def _text_part(text: str, encoding: str) -> Tree:
    body = {
        "7bit": text.encode(),
        "base64": base64.encodebytes(text.encode()),
        "quoted-printable": quopri.encodestring(text.encode()),
    }[encoding]
    header = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return Tree(header.encode() + body, (text,), ())


def _file_part(data: bytes, name: str) -> Tree:
    header = (
        "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
    )
    return Tree(header.encode() + base64.encodebytes(data), (), (name,))


def _mixed(parts: list[Tree]) -> Tree:
    depth = max(part.raw.count(b"boundary=") for part in parts) + sum(len(part.raw) for part in parts)
    mark = f"=_{depth:x}".encode()  # longer than any inside, so no boundary begins like another
    inside = b"".join(b"\r\n--" + mark + b"\r\n" + part.raw for part in parts)
    raw = b'Content-Type: multipart/mixed; boundary="' + mark + b'"\r\n\r\n' + inside + b"\r\n--" + mark + b"--\r\n"
    return Tree(raw, tuple(t for part in parts for t in part.texts), tuple(f for part in parts for f in part.files))


def _mail(tree: Tree) -> Tree:
    header = b"From: Ann <ann@acme.example>\r\nSubject: parts\r\nMIME-Version: 1.0\r\n"
    return Tree(header + tree.raw, tree.texts, tree.files)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer over a marked quote."""

    raw: bytes
    new: str
    quoted: tuple[str, ...]


def replies() -> SearchStrategy[Reply]:
    """New lines, an attribution as programs write it, and quoted lines."""
    attribution = st.sampled_from(
        (
            "On Mon, 23 Nov 2026 at 09:00, Support <support@desk.example> wrote:",
            "Am 23.11.2026 um 09:00 schrieb Support <support@desk.example>:",
            "2026年11月23日(月) 9:00 サポート <support@desk.example>:",
        )
    )
    lines = st.lists(_WORDS, min_size=1, max_size=6).map(tuple)
    return st.builds(_reply, lines, attribution, lines)


def _reply(new: tuple[str, ...], attribution: str, quoted: tuple[str, ...]) -> Reply:
    text = "\n".join([*new, "", attribution, "", *(f"> {line}" for line in quoted), ""])
    header = "From: ann@acme.example\nSubject: Re: parts\nContent-Type: text/plain; charset=utf-8\n\n"
    return Reply((header + text).encode(), "\n".join(new), quoted)
