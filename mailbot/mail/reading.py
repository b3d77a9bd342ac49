"""What does a mail say? bytes → Message, within bounds. Pure.

`read` is for a child process with limits (`mailbot.sandbox`): it checks the bytes before it parses them, but the
parser is the standard library's. `read_summary` takes only the header, in bounded steps, and never raises.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_tz

from mailbot.mail.authenticity import authentication_of
from mailbot.mail.automatic import automatic_of
from mailbot.mail.bounce import bounce_of
from mailbot.mail.guard import MAX_FIELD, MAX_FIELDS, header_of, too_strange
from mailbot.mail.header import Fields, words
from mailbot.mail.mailboxes import author, mailboxes
from mailbot.mail.mailinglist import mailing_list_of
from mailbot.mail.message import Message
from mailbot.mail.quote import split
from mailbot.mail.structure import Part, parse
from mailbot.mail.text import Body, attachments_of, body_of
from mailbot.mail.thread import message_id, message_ids

_MBOX_FROM = re.compile(rb"\A>?From [^\r\n]{1,1000}\r?\n")
_FIELD_NAME = re.compile(r"[!-9;-~]{1,100}\s{0,10}\Z")  # RFC 5322 §2.2
_MAX_SUBJECT = 998


def read(raw: bytes, *, authserv_id: str = "") -> Message:
    """Read the mail in full, or its header alone when it is too large or too strange."""
    raw = _MBOX_FROM.sub(b"", raw, count=1)
    fault = too_strange(raw)
    if fault:
        return read_summary(raw, why=fault, authserv_id=authserv_id)
    root = parse(raw)
    return _full(root, body_of(root), authserv_id)


def read_summary(raw: bytes, *, why: str, authserv_id: str = "") -> Message:
    """Read what the header gives, in bounded steps; `why` goes into the warnings. Never raises."""
    fields = header_fields(raw)
    try:
        return _header_only(fields, why, authserv_id)
    except Exception:
        return _header_only(Fields([]), f"{why}; not even the header can be read", "")


def _full(root: Part, body: Body, authserv_id: str) -> Message:
    fields = root.fields
    subject = _subject(fields)
    writer, defects = author(fields.all("from"))
    bounce = bounce_of(root, subject, body.text)
    pieces = split(body.text)
    return Message(
        message_id=message_id(fields.raw("message-id")),
        subject=subject,
        from_=mailboxes(fields.raw("from")),
        author=writer,
        author_defects=defects,
        sender=next(iter(mailboxes(fields.raw("sender"))), None),
        reply_to=mailboxes(fields.raw("reply-to")),
        to=mailboxes(", ".join(fields.all("to"))),
        cc=mailboxes(", ".join(fields.all("cc"))),
        date=_date(fields.raw("date")),
        in_reply_to=message_ids(fields.all("in-reply-to")),
        references=message_ids(fields.all("references")),
        text=body.text,
        new_text=pieces.new_text,
        quoted_text=pieces.quoted_text,
        signature=pieces.signature,
        attachments=attachments_of(root, body),
        mailing_list=mailing_list_of(fields),
        automatic=None if bounce else automatic_of(root, subject, body.text),
        bounce=bounce,
        authentication=authentication_of(fields.all("authentication-results"), authserv_id=authserv_id),
        warnings=body.warnings,
    )


def _header_only(fields: Fields, why: str, authserv_id: str) -> Message:
    writer, defects = author(fields.all("from"))
    return Message(
        message_id=message_id(fields.raw("message-id")),
        subject=_subject(fields),
        from_=mailboxes(fields.raw("from")),
        author=writer,
        author_defects=defects,
        sender=next(iter(mailboxes(fields.raw("sender"))), None),
        reply_to=mailboxes(fields.raw("reply-to")),
        to=mailboxes(fields.raw("to")),
        cc=mailboxes(fields.raw("cc")),
        date=_date(fields.raw("date")),
        in_reply_to=message_ids(fields.all("in-reply-to")),
        references=message_ids(fields.all("references")),
        text="",
        new_text="",
        quoted_text="",
        signature="",
        attachments=(),
        mailing_list=mailing_list_of(fields),
        automatic=None,
        bounce=None,
        authentication=authentication_of(fields.all("authentication-results"), authserv_id=authserv_id),
        warnings=(f"not analysed: {why}",),
        analysed=False,
    )


def header_fields(raw: bytes) -> Fields:
    """Cut the header into fields without a parser: each value, and their number, is bounded.

    A From field that had to be cut is emptied: half an address must not pass for a whole one.
    """
    header = header_of(_MBOX_FROM.sub(b"", raw[: MAX_FIELD * 8], count=1))
    items: list[tuple[str, str]] = []
    for line in re.split(rb"\r?\n(?![ \t])", header, maxsplit=MAX_FIELDS)[:MAX_FIELDS]:
        name, colon, value = line[: 2 * MAX_FIELD].decode("ascii", "surrogateescape").partition(":")
        if not colon or not _FIELD_NAME.match(name):
            continue
        name = name.strip().lower()
        if len(value) > MAX_FIELD:
            value = "" if name in ("from", "sender", "reply-to") else value[:2_000]
        items.append((name, value))
    return Fields(items)


def _subject(fields: Fields) -> str:
    return words(fields.raw("subject"))[:_MAX_SUBJECT]


def _date(value: str) -> datetime | None:
    """RFC 5322 §3.3, with the obsolete forms; a time without a zone counts as UTC. None when it makes no sense."""
    if not value:
        return None
    try:
        parts = parsedate_tz(value[:200])
        if parts is None:
            return None
        moment = datetime(*parts[:6], tzinfo=UTC).timestamp() - (parts[9] or 0)
        return datetime.fromtimestamp(moment, UTC)
    except (ValueError, OverflowError, IndexError, TypeError, OSError):
        return None
