"""How is a letter of ours written? Draft → bytes, ready for the relay. Pure.

Written directly, since every acknowledgement passes here: the same through `EmailMessage` costs twenty times as much.
What is hard is the standard library's (base64, quoted-printable, dates); `mail.outgoing` reads every result again.
"""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Literal

from mailbot.mail.fields import address_field, id_field, text_field, token_field, usable_id
from mailbot.mail.message import Mailbox

Audience = Literal["customer", "list", "staff", "stranger"]
"""Who a letter is for. The partner (S27) is a stranger to all that is staff's own."""

AutoSubmitted = Literal["auto-replied", "auto-generated"]

EXTRA_FIELDS = frozenset(
    {"List-Id", "List-Help", "List-Owner", "List-Unsubscribe", "List-Unsubscribe-Post", "X-Loop"}
)  # RFC 2919, RFC 2369, RFC 8058: for bulletins alone
_KEPT_REFERENCES = 20
_LINE = 78  # RFC 5322 §2.1.1
_NOT_ASCII = bytes(range(0x80, 0x100))
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BLANK_AT_END = re.compile(rb"[ \t]\r\n")  # some relays cut it off, and DKIM breaks
_LINE_END = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")  # needs neither RFC 2231 nor quotation marks
ENCLOSED_TYPES = frozenset({"text/html", "text/csv"})


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with a letter: text of one of `ENCLOSED_TYPES` in UTF-8, under an ASCII name."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to one recipient. Ids stand without angle brackets; `date` is aware, in the zone that is to be shown.

    `references` is the whole chain of the letter, the parent last (`references_of_reply`). `extra` holds fields of
    `EXTRA_FIELDS` only. Names, subject and text may hold anything; addresses, extra fields and file names that cannot
    be written raise ValueError.
    """

    audience: Audience
    sender: Mailbox
    recipient: Mailbox
    reply_to: Mailbox | None
    subject: str
    text: str
    html: str | None
    message_id: str
    date: datetime
    in_reply_to: str | None
    references: tuple[str, ...]
    auto_submitted: AutoSubmitted | None
    language: str
    extra: tuple[tuple[str, str], ...] = ()
    enclosed: tuple[Enclosed, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A finished MIME entity: its own fields and its encoded content (RFC 2045)."""

    fields: tuple[str, ...]
    content: bytes


def references_of_reply(references: Sequence[str], in_reply_to: Sequence[str], message_id: str) -> tuple[str, ...]:
    """The References of an answer to a mail with these fields (RFC 5322 §3.6.4)."""
    chain = references or (in_reply_to if len(in_reply_to) == 1 else ())
    return (*(an_id for an_id in chain if an_id != message_id), message_id)


def compose(draft: Draft) -> bytes:
    """Write the letter: CRLF, ASCII only, lines far below 998 octets (RFC 5322 §2.1.1)."""
    body = _body(draft)
    header = "\r\n".join((*_fields(draft), *body.fields)).encode("ascii")
    return header + b"\r\n\r\n" + body.content


def _fields(draft: Draft) -> Iterator[str]:
    yield address_field("From", draft.sender)
    yield address_field("To", draft.recipient)
    if draft.reply_to is not None:
        yield address_field("Reply-To", draft.reply_to)
    yield text_field("Subject", draft.subject)
    yield f"Date: {format_datetime(_aware(draft.date))}"
    yield from _threading(draft)
    if draft.auto_submitted is not None:
        yield f"Auto-Submitted: {draft.auto_submitted}"  # RFC 3834 §5
        yield "X-Auto-Response-Suppress: All"  # Exchange and Outlook do not read the line above
    if draft.audience == "list":
        # What list software writes itself on what it hands out, so it changes nothing for the members. Mailman's own
        # answering machine heeds this field alone (RFC 3834 §3.1.8 allows it). List-* would make it stop the post.
        yield "Precedence: list"
    for name, value in draft.extra:
        yield _extra(name, value)
    yield token_field("Content-Language", draft.language)  # RFC 3282
    yield "MIME-Version: 1.0"


def _aware(date: datetime) -> datetime:
    if date.tzinfo is None:
        raise ValueError("a letter needs a date with a zone")
    return date


def _threading(draft: Draft) -> Iterator[str]:
    if not usable_id(draft.message_id):
        raise ValueError(f"{draft.message_id!r} cannot be a Message-ID")
    yield id_field("Message-ID", [draft.message_id])
    # The ids of others are shown as they wrote them or not at all: a mended id is another id.
    if draft.in_reply_to is not None and usable_id(draft.in_reply_to):
        yield id_field("In-Reply-To", [draft.in_reply_to])
    chain = [an_id for an_id in draft.references if usable_id(an_id)]
    if len(chain) > _KEPT_REFERENCES + 1:
        chain = [chain[0], *chain[-_KEPT_REFERENCES:]]
    if chain:
        yield id_field("References", chain)


def _extra(name: str, value: str) -> str:
    if name not in EXTRA_FIELDS:
        raise ValueError(f"{name!r} is no field that a letter of ours may have")
    return token_field(name, value)


def _body(draft: Draft) -> _Part:
    words = _words(draft)
    if not draft.enclosed:
        return words
    return _multipart("mixed", (words, *map(_enclosed, draft.enclosed)), draft.message_id)  # RFC 2046 §5.1.3


def _words(draft: Draft) -> _Part:
    plain = _text_part("plain", draft.text)
    if draft.html is None:
        return plain
    parts = (plain, _text_part("html", draft.html))
    return _multipart("alternative", parts, draft.message_id)  # RFC 2046 §5.1.4: the plainest first


def _enclosed(file: Enclosed) -> _Part:
    """Base64, for a file must arrive as it is, to the octet."""
    if file.content_type not in ENCLOSED_TYPES or not _FILE_NAME.fullmatch(file.filename):
        raise ValueError(f"{file.filename!r} ({file.content_type}) cannot go with a letter of ours")
    fields = (
        f"Content-Type: {file.content_type}; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment;\r\n filename="{file.filename}"',  # RFC 2183
    )
    return _Part(fields, _base64(file.content))


def _multipart(subtype: str, parts: Sequence[_Part], seed: str) -> _Part:
    """The boundary can stand in no encoded content and in no other multipart, and nobody can guess it."""
    boundary = f"=_{sha256(f'{subtype} {seed}'.encode()).hexdigest()[:32]}"
    pieces = [f"--{boundary}\r\n".encode() + "\r\n".join(p.fields).encode() + b"\r\n\r\n" + p.content for p in parts]
    content = b"\r\n".join((*pieces, f"--{boundary}--\r\n".encode()))
    return _Part((f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"',), content)


def _text_part(subtype: str, text: str) -> _Part:
    data = _canonical(text).encode("utf-8")
    charset = "us-ascii" if data.isascii() else "utf-8"
    encoding, content = _encoded(data)
    fields = (f"Content-Type: text/{subtype}; charset={charset}", f"Content-Transfer-Encoding: {encoding}")
    return _Part(fields, content)


def _canonical(text: str) -> str:
    """CRLF line ends, no controls but tabs, one line end at the end (RFC 2046 §4.1.1)."""
    lines = _LINE_END.split(_UNWANTED.sub("", text))
    return "\r\n".join(lines).rstrip("\r\n") + "\r\n"


def _encoded(data: bytes) -> tuple[str, bytes]:
    """The content with the encoding that suits it; `From ` at a line's start would be changed on the way by some."""
    other = len(data) - len(data.translate(None, _NOT_ASCII))
    if other * 6 <= len(data):
        encoding, content = _readable(data, ascii_only=other == 0)
        if b"\nFrom " not in b"\n" + content:
            return encoding, content
    return "base64", _base64(data)


def _base64(data: bytes) -> bytes:
    packed = b2a_base64(data, newline=False)
    return b"".join(packed[i : i + 76] + b"\r\n" for i in range(0, len(packed), 76))  # RFC 2045 §6.8


def _readable(data: bytes, *, ascii_only: bool) -> tuple[str, bytes]:
    if ascii_only and not _BLANK_AT_END.search(data) and all(len(line) <= _LINE for line in data.split(b"\r\n")):
        return "7bit", data
    return "quoted-printable", b2a_qp(data, istext=True)
