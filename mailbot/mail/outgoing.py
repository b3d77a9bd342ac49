"""Is this finished letter what was meant, and nothing more? Read again before it leaves (attack rows 23, 26). Pure.

It shares nothing with `mail.compose` but the rule for one line of text: what one gets wrong the other must see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header
from email.message import Message as Parsed
from html import unescape

from mailbot.mail.compose import EXTRA_FIELDS, Audience
from mailbot.mail.fields import one_line

_ONCE = ("from", "to", "subject", "date", "message-id", "mime-version", "content-type")  # RFC 5322 §3.6
_AT_MOST_ONCE = (
    "reply-to",
    "in-reply-to",
    "references",
    "auto-submitted",
    "x-auto-response-suppress",
    "precedence",
    "content-language",
    "content-transfer-encoding",
    *sorted(name.lower() for name in EXTRA_FIELDS),
)
# RFC 5322 §3.4 without comments, groups and routes (promises §0.3). Not the standard library's reader: how it takes a
# bracket or a quotation mark depends on the version of Python.
_WORD = r'(?:"(?:[^"\\]|\\.)*"|[^\s"<>(),:;@\[\]\\]+)'
_ADDRESS = rf"{_WORD}@(?:\[[^\s\[\]<>]*\]|[^\s\"<>(),:;@\[\]\\]+)"
_ONE_MAILBOX = re.compile(rf"(?:{_WORD} )*<(?P<angle>{_ADDRESS})>|(?P<bare>{_ADDRESS})")
_KNOWN = frozenset((*_ONCE, *_AT_MOST_ONCE))  # no Bcc, Received, Sender, User-Agent, X-Originating-IP
_PART_FIELDS = frozenset({"content-type", "content-transfer-encoding"})
_FILE_FIELDS = frozenset({*_PART_FIELDS, "content-disposition"})
_ATTACHED = re.compile(r'attachment; filename="[A-Za-z0-9][A-Za-z0-9_.-]*"')
_LONGEST_LINE = 998  # RFC 5322 §2.1.1
_TYPES = frozenset({"text/plain", "text/html", "multipart/alternative", "multipart/mixed"})
_FILE_TYPES = frozenset({"text/html", "text/csv"})
_REMOVED = "…"
_FOLD = re.compile(r"\r\n(?=[ \t])")


@dataclass(frozen=True, slots=True)
class Expected:
    """What the letter must say. `sender` and `recipient` are bare addresses; the subject is the intended text.

    `forbidden` holds what no customer may ever see, such as the addresses of staff.
    """

    audience: Audience
    sender: str
    recipient: str
    subject: str
    message_id: str
    forbidden: tuple[str, ...] = ()


def faults_of(raw: bytes, expected: Expected) -> tuple[str, ...]:
    """Every way in which the bytes are not the intended letter; empty when it may leave."""
    faults = tuple(_wire_faults(raw))
    if faults:
        return faults  # what is read from broken lines says nothing
    letter = message_from_bytes(raw)
    return (
        *_field_faults(letter),
        *_precedence_faults(letter, expected),
        *_address_faults(letter, expected),
        *_body_faults(letter),
        *_leaks(letter, expected),
    )


def _wire_faults(raw: bytes) -> Iterator[str]:
    if not raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r"):
        yield "a line does not end in CRLF"
    if not raw.endswith(b"\r\n"):
        yield "the last line has no end"
    if not raw.isascii() or b"\0" in raw:
        yield "there are octets that are not 7-bit text"
    if max(map(len, raw.split(b"\r\n"))) > _LONGEST_LINE:
        yield f"a line is longer than {_LONGEST_LINE} octets"


def _field_faults(letter: Parsed) -> Iterator[str]:
    names = [name.lower() for name in letter.keys()]  # noqa: SIM118 - iterating a Message itself is not typed
    for name in _ONCE:
        if names.count(name) != 1:
            yield f"{names.count(name)} fields {name} instead of one"
    for name in sorted(set(names)):
        if name not in _KNOWN:
            yield f"field {name} does not belong into a letter of ours"
        elif name not in _ONCE and names.count(name) > 1:
            yield f"{names.count(name)} fields {name}"


def _precedence_faults(letter: Parsed, expected: Expected) -> Iterator[str]:
    if letter["Precedence"] is not None and expected.audience != "list":
        yield "Precedence is for letters to lists alone: a person's would be sorted away"


def _address_faults(letter: Parsed, expected: Expected) -> Iterator[str]:
    for name, address in (("From", expected.sender), ("To", expected.recipient)):
        if _mailbox(letter, name) != address:
            yield f"{name} is not {address}"
    if letter["Reply-To"] is not None and _mailbox(letter, "Reply-To") is None:
        yield "Reply-To is not one address"
    if _value(letter, "Message-ID") != f"<{expected.message_id}>":
        yield f"Message-ID is not <{expected.message_id}>"
    if _decoded(_value(letter, "Subject")) != one_line(expected.subject):
        yield "Subject does not read as it was meant"


def _mailbox(letter: Parsed, name: str) -> str | None:
    """The one address of a field; None unless it has the one form that we write, of which nobody can read two."""
    found = _ONE_MAILBOX.fullmatch(_value(letter, name))
    return found and (found["angle"] or found["bare"])


def _value(letter: Parsed, name: str) -> str:
    return _FOLD.sub("", str(letter.get(name, ""))).strip(" ")


def _decoded(value: str) -> str:
    """RFC 2047 §6.2; unknown charsets cannot occur, we write UTF-8 alone."""
    if "=?" not in value:
        return value
    pieces = decode_header(value)
    return "".join(p if isinstance(p, str) else p.decode(charset or "ascii", "replace") for p, charset in pieces)


def _body_faults(letter: Parsed) -> Iterator[str]:
    for part in letter.walk():
        is_file = part is not letter and part["Content-Disposition"] is not None
        if part.defects:
            yield f"the body cannot be read: {type(part.defects[0]).__name__}"
        if part.get_content_type() not in (_FILE_TYPES if is_file else _TYPES):
            yield f"a part is {part.get_content_type()}"
        if is_file and not _ATTACHED.fullmatch(_value(part, "Content-Disposition")):
            yield "a part is attached in another way than ours are"
        known = _FILE_FIELDS if is_file else _PART_FIELDS
        if part is not letter and not {name.lower() for name in part.keys()} <= known:  # noqa: SIM118
            yield "a part has a field that does not belong there"


def _leaks(letter: Parsed, expected: Expected) -> Iterator[str]:
    """What only staff may know must not stand anywhere in a letter to others (attack row 26).

    The subject is the customer's own (with our tag), so what stands there is known to them already: nobody may keep an
    acknowledgement from leaving by naming one of staff in a subject.
    """
    if expected.audience == "staff" or not expected.forbidden:
        return
    known = f"{expected.sender} {expected.recipient} {expected.subject}".casefold()
    shown = "\n".join(_shown(letter)).casefold()
    for secret in expected.forbidden:
        folded = secret.casefold()
        if folded in shown and _stands_in(folded, shown) and not _stands_in(folded, known):
            yield f"{secret} would be shown to a {expected.audience}"


def without(text: str, secrets: Sequence[str]) -> str:
    """Give a customer's own words in which none of these stands any more, so that a letter may show them."""
    for secret in secrets:
        text = _by_itself(secret).sub(_REMOVED, text)
        if _stands_in(secret.casefold(), text.casefold()):
            return _REMOVED  # written in letters that are the same only when folded
    return text


def _stands_in(address: str, text: str) -> bool:
    """Say whether it stands there by itself: `a@example.jp` is no part of `maria@example.jp`."""
    return _by_itself(address).search(text) is not None


def _by_itself(address: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9_.+-]){re.escape(address)}(?![a-z0-9_-]|\.[a-z0-9])", re.IGNORECASE)


def _shown(letter: Parsed) -> Iterator[str]:
    for name in letter.keys():  # noqa: SIM118
        yield _decoded(_value(letter, name))
    for part in letter.walk():
        if not part.is_multipart():
            text = bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace")
            yield unescape(text) if part.get_content_subtype() == "html" else text
