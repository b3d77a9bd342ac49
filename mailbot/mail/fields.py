"""How is a header field written, so that it folds, survives every relay, and nobody can slip in another one? Pure."""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Iterable

from mailbot.mail.header import clean
from mailbot.mail.message import Mailbox

_LINE = 78  # RFC 5322 §2.1.1: should; 998 is the must
_LONGEST_WORD = 60  # a longer one cannot be folded, so it is written as encoded-words
_WORD = 75  # RFC 2047 §2: an encoded-word at most 75 characters, its line at most 76
_WORD_FRAME = len("=?utf-8?b??=")
_LONGEST_ADDRESS = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets
_LONGEST_ID = 500

_ADDRESS = re.compile(
    r"""(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}          # dots anywhere: Japanese carriers gave such addresses out
         |"(?:[ !#-\[\]-~]|\\["\\]){0,62}")              # RFC 5322 §3.4.1: quoted-string
        @(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?  # RFC 5890: A-labels
         |\[[0-9A-Fa-f.:IPv]+\])                         # RFC 5321 §4.1.3""",
    re.VERBOSE,
)
_MESSAGE_ID = re.compile(r"[!-;=?-~]+")  # printable ASCII but angle brackets: what may stand between them
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")  # RFC 5322 §3.2.3: atoms
_SPACES = re.compile(r" {2,}")


def one_line(value: str) -> str:
    """The value as one line that shows what it says: no controls, no line ends, no bidi overrides, single blanks.

    To be used after decoding: `=?utf-8?q?a=0AEvil:_1?=` holds a line end only then (attack row 23).
    """
    return _SPACES.sub(" ", clean(value))


def text_field(name: str, value: str) -> str:
    """An unstructured field such as Subject: plain words first, then encoded-words to the end where they are needed."""
    line = one_line(value)
    words = line.split(" ") if line else []
    plain = next((i for i, word in enumerate(words) if not _stays(word)), len(words))
    folded = _folded(f"{name}:", words[:plain])
    if plain == len(words):
        return folded
    rest = " ".join(words[plain:])
    room = _LINE - 2 - (len(folded) - folded.rfind("\n") - 1) - 1
    return folded + "".join(_placed(_encoded_words(rest, room)))


def _stays(word: str) -> bool:
    return word.isascii() and len(word) <= _LONGEST_WORD and "=?" not in word


def _folded(start: str, words: Iterable[str]) -> str:
    """Put the words behind the start, a new line wherever 78 columns would be passed (RFC 5322 §2.2.3)."""
    lines, line = [], start
    for word in words:
        if len(line) + 1 + len(word) > _LINE and line != start:
            lines.append(line)
            line = ""
        line = f"{line} {word}"
    return "\r\n".join([*lines, line])


def _placed(encoded: list[str]) -> Iterable[str]:
    """One encoded-word a line; the first one where we stand, if there is room for it."""
    first, *others = encoded
    yield f" {first}" if first else ""
    for word in others:
        yield f"\r\n {word}"


def _encoded_words(text: str, room: int) -> list[str]:
    """Cut the text into encoded-words (RFC 2047), the first no longer than `room`: empty if nothing fits there."""
    data = text.encode("utf-8", "replace")
    words: list[str] = []
    start = 0
    while start < len(data):
        size = (min(room if not words else _WORD, _WORD) - _WORD_FRAME) // 4 * 3
        end = _character_end(data, start, size)
        words.append("" if end == start else f"=?utf-8?b?{b2a_base64(data[start:end], newline=False).decode()}?=")
        start = end
    return words


def _character_end(data: bytes, start: int, size: int) -> int:
    """Where to cut after at most `size` bytes: never inside a character (RFC 2047 §5)."""
    end = start + max(size, 0)
    if end >= len(data):
        return len(data)
    while end > start and data[end] & 0xC0 == 0x80:
        end -= 1
    return end


def address_field(name: str, mailbox: Mailbox) -> str:
    """A field with one mailbox (RFC 5322 §3.4). Raises ValueError for an address that cannot stand there safely."""
    address = checked_address(mailbox.address)
    shown = one_line(mailbox.name)
    if not shown:
        return f"{name}: {address}"
    start = _phrase(f"{name}:", shown)
    gap = " " if len(start) - start.rfind("\n") + len(address) + 2 <= _LINE else "\r\n "
    return f"{start}{gap}<{address}>"


def checked_address(address: str) -> str:
    """The address, if it is one and can be written in ASCII; it is never mended, for it decides who gets the letter."""
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise ValueError(f"{one_line(address)[:100]!r} cannot be written as an address in a header")
    return address


def _phrase(start: str, shown: str) -> str:
    """A display name: as it is, as a quoted-string, or as encoded-words."""
    words = shown.split(" ")
    if not all(map(_stays, words)):
        return start + "".join(_placed(_encoded_words(shown, _LINE - 2 - len(start) - 1)))
    if _PLAIN_PHRASE.fullmatch(shown):
        return _folded(start, words)
    escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
    return _folded(start, f'"{escaped}"'.split(" "))


def id_field(name: str, ids: Iterable[str]) -> str:
    """Message-IDs, one a line, never as encoded-words, whatever their length (some mail programs lose threads else)."""
    bracketed = [f"<{an_id}>" for an_id in ids]
    gap = " " if len(name) + 2 + len(bracketed[0]) <= _LINE else "\r\n "
    return f"{name}:{gap}" + "\r\n ".join(bracketed)


def usable_id(message_id: str) -> bool:
    """Say whether a Message-ID as somebody wrote it can stand in a field of ours."""
    return len(message_id) <= _LONGEST_ID and _MESSAGE_ID.fullmatch(message_id) is not None


def token_field(name: str, value: str) -> str:
    """A structured field in ASCII, folded at its blanks. Raises ValueError where that cannot be done."""
    words = value.split(" ")
    if not value.isascii() or not value.isprintable() or max(map(len, words)) > 900:
        raise ValueError(f"{name} cannot hold {one_line(value)[:100]!r}")
    return _folded(f"{name}:", words)
