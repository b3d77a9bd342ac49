"""What holds for the reading of any bytes whatever? The promises that the properties and the fuzzer check. Pure."""

from __future__ import annotations

import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

from mailbot import rules
from mailbot.config import bundled
from mailbot.desk.content import reading
from mailbot.mail.message import Message
from mailbot.mail.reading import read
from mailbot.sandbox.answer import pickled, unpickled

_MOST_CPU_SECONDS = 2.0  # promises §0.5, and row 13 of the trials
_MOST_TEXT = 262_144
_MOST_SUBJECT = 998
_MOST_NAME = 120  # attack row 21
_MOST_MARKS = b"\x01" * 31  # UAX #15 §13: what has more marks on one letter than this is left as it is
_BLANK = frozenset(" \t\n\r")
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CONTENT_RULES = rules.load(bundled("rules")).content

Promise = Callable[[Message], bool]


class BrokenPromiseError(AssertionError):
    """The words say which promises; they are the same for every mail that breaks the same ones."""


def check(raw: bytes) -> Message:
    """Read the mail; BrokenPromiseError when something does not hold that holds for all mails."""
    began = time.process_time()
    message = read(raw)
    seconds = time.process_time() - began
    broken = [words for words, holds in PROMISES.items() if not holds(message)]
    if seconds > _MOST_CPU_SECONDS:
        broken.append("it is read within the time")
    if broken:
        raise BrokenPromiseError("; ".join(broken))
    return message


def _storable(message: Message) -> bool:
    """PostgreSQL takes neither NUL nor half a surrogate pair."""
    return not any(
        "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)
        for text in _strings(message)
        if not text.isascii() or "\0" in text
    )


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))


def _texts_clean(message: Message) -> bool:
    return all(map(_is_clean_text, (message.text, message.new_text, message.quoted_text, message.signature)))


def _is_clean_text(text: str) -> bool:
    controls = (character for character in text if character < " " or "\x7f" <= character <= "\x9f")
    return all(character in "\t\n" for character in controls) and not _DIRECTIONS & set(text)


def _lines_clean(message: Message) -> bool:
    """All that is shown in one line is one line."""
    boxes = [*message.from_, message.author, message.sender, *message.reply_to, *message.to, *message.cc]
    shown = [words for box in boxes if box for words in (box.name, box.address)]
    return all(map(_is_one_line, (message.subject, *shown, *(part.filename for part in message.attachments))))


def _is_one_line(text: str) -> bool:
    return text.isprintable() or not any(
        character < " " or "\x7f" <= character <= "\x9f" or character in "\u2028\u2029" or character in _DIRECTIONS
        for character in text
    )


def _composed(message: Message) -> bool:
    return all(map(_is_composed, (message.subject, message.text, message.new_text)))


def _is_composed(text: str) -> bool:
    if unicodedata.is_normalized("NFC", text):
        return True
    return _MOST_MARKS in bytes(map(bool, map(unicodedata.combining, text)))


def _partition(message: Message) -> bool:
    """Every line of the text stands in exactly one piece, and nothing else does."""
    whole = Counter(_lines(message.text))
    return whole == Counter(_lines(message.new_text, message.quoted_text, message.signature))


def _in_order(message: Message) -> bool:
    left = iter(_lines(message.text))
    return all(line in left for line in _lines(message.new_text))


def _lines(*texts: str) -> list[str]:
    return [line.strip() for text in texts for line in text.split("\n") if line.strip()]


def _names_safe(message: Message) -> bool:
    return all(
        len(name) <= _MOST_NAME and not _NOT_IN_NAMES & set(name) and name.strip(" .") == name
        for name in (part.filename for part in message.attachments)
    )


def _ids_whole(message: Message) -> bool:
    ids = [*message.in_reply_to, *message.references]
    ids += [] if message.message_id is None else [message.message_id]
    return all(each and not _BLANK & set(each) for each in ids)


def _crosses_the_pipe(message: Message) -> bool:
    """The parent of the reading child gets what the child read."""
    found = reading(message, _CONTENT_RULES)
    return unpickled(pickled(found)) == found


PROMISES: dict[str, Promise] = {
    "every word can be stored": _storable,
    "texts hold no controls": _texts_clean,
    "one line is one line": _lines_clean,
    "text is composed (NFC)": _composed,
    "the pieces are the text": _partition,
    "new text keeps its order": _in_order,
    "file names are safe": _names_safe,
    "identifiers hold no blanks": _ids_whole,
    "sizes are bounded": lambda message: len(message.text) <= _MOST_TEXT and len(message.subject) <= _MOST_SUBJECT,
    "no author is explained": lambda message: (message.author is None) == bool(message.author_defects),
    "a bounce is not also called automatic": lambda message: not (message.bounce and message.automatic),
    "a time has a zone": lambda message: message.date is None or message.date.utcoffset() is not None,
    "the reading crosses the pipe": _crosses_the_pipe,
}
"""In the words of a report, and how it is seen."""
