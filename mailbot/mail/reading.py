"""What does a mail say? bytes → Message, within bounds. Pure.

`read` is for a child process with limits (`mailbot.sandbox`): it checks the bytes before it reads them, yet the
libraries for HTML and calendars are not ours. `read_summary` takes only the header, in bounded steps, and never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.mail.attachments import attachments_of
from mailbot.mail.authenticity import authentication_of
from mailbot.mail.automatic import automatic_of
from mailbot.mail.bounce import bounce_of
from mailbot.mail.date import moment
from mailbot.mail.encodedword import guessed
from mailbot.mail.forwarded import attached_mail, forwarded_of
from mailbot.mail.guard import MAX_FIELD, MAX_FIELDS, TooStrangeError, header_of, too_strange
from mailbot.mail.header import Fields
from mailbot.mail.headerblock import beginning
from mailbot.mail.mailboxes import author, mailboxes
from mailbot.mail.mailinglist import mailing_list_of
from mailbot.mail.message import Mailbox, Message
from mailbot.mail.quote import split
from mailbot.mail.structure import Part, parse
from mailbot.mail.text import Body, body_of
from mailbot.mail.thread import has_leader, message_id, message_ids

_FIELD_NAME = re.compile(r"[!-9;-~]{1,100}\s{0,10}\Z")  # RFC 5322 §2.2
_MAX_SUBJECT = 998
_SHOWN = ("subject", "from", "to", "cc")


def read(raw: bytes, *, authserv_id: str = "") -> Message:
    """Read the mail in full, or its header alone when it is too large or too strange."""
    raw = raw[beginning(raw) :]
    fault = too_strange(raw)
    if fault:
        return read_summary(raw, why=fault, authserv_id=authserv_id)
    try:
        root = parse(raw)
    except TooStrangeError as why:
        return read_summary(raw, why=str(why), authserv_id=authserv_id)
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
    writer, defects = _author(fields)
    bounce = bounce_of(root, subject, body.text)
    in_reply_to, references = message_ids(fields.all("in-reply-to")), message_ids(fields.all("references"))
    forwarded = None if bounce else forwarded_of(root, subject, body.text)
    text = body.text or _handed_on(root) if forwarded else body.text
    pieces = split(text, is_reply=bool(in_reply_to or references) or has_leader(subject))
    written = f"{pieces.new_text}\n{pieces.signature}" if body.text else ""
    return Message(
        message_id=message_id(fields.raw("message-id")),
        subject=subject,
        from_=mailboxes(fields.raw("from"), charset=fields.charset),
        author=writer,
        author_defects=defects,
        sender=next(iter(mailboxes(fields.raw("sender"), charset=fields.charset)), None),
        reply_to=mailboxes(fields.raw("reply-to"), charset=fields.charset),
        to=mailboxes(", ".join(fields.all("to")), charset=fields.charset),
        cc=mailboxes(", ".join(fields.all("cc")), charset=fields.charset),
        date=moment(fields.raw("date")),
        in_reply_to=in_reply_to,
        references=references,
        text=text,
        new_text=pieces.new_text,
        quoted_text=pieces.quoted_text,
        signature=pieces.signature,
        attachments=attachments_of(root, body),
        mailing_list=mailing_list_of(fields, wrapped=_wrapped(root)),
        automatic=None if bounce else automatic_of(root, subject, written),
        bounce=bounce,
        authentication=authentication_of(fields.all("authentication-results"), authserv_id=authserv_id),
        warnings=(*_guesses(fields), *body.warnings),
        forwarded=forwarded,
        protection=body.protection,
    )


def _guesses(fields: Fields) -> Iterator[str]:
    for name in _SHOWN:
        why = guessed(fields.raw(name), fields.charset)
        if why:
            yield f"{name}: {why}"


def _wrapped(root: Part) -> Fields | None:
    """The header of the mail inside this one, where that is all there is but for a preface (Mailman's habit)."""
    parts = (root, *root.children)
    found = [part.children[0] for part in parts if part.content_type == "message/rfc822" and part.children]
    return found[0].fields if len(found) == 1 else None


def _handed_on(root: Part) -> str:
    """The text of the attached mail, where who handed it on has written none."""
    inner = attached_mail(root)
    return body_of(inner).text if inner else ""


def _header_only(fields: Fields, why: str, authserv_id: str) -> Message:
    writer, defects = _author(fields)
    return Message(
        message_id=message_id(fields.raw("message-id")),
        subject=_subject(fields),
        from_=mailboxes(fields.raw("from"), charset=fields.charset),
        author=writer,
        author_defects=defects,
        sender=next(iter(mailboxes(fields.raw("sender"), charset=fields.charset)), None),
        reply_to=mailboxes(fields.raw("reply-to"), charset=fields.charset),
        to=mailboxes(fields.raw("to"), charset=fields.charset),
        cc=mailboxes(fields.raw("cc"), charset=fields.charset),
        date=moment(fields.raw("date")),
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


def _author(fields: Fields) -> tuple[Mailbox | None, tuple[str, ...]]:
    if "from" in fields.doubtful:
        return None, ("From does not stand in a sound header",)
    return author(fields.all("from"))


def header_fields(raw: bytes) -> Fields:
    """Cut the header into fields without a parser: each value, and their number, is bounded.

    A From field that had to be cut is emptied: half an address must not pass for a whole one.
    """
    head = raw[: MAX_FIELD * 8]
    header = header_of(head[beginning(head) :])
    items: list[tuple[str, str]] = []
    doubtful: set[str] = set()
    broken = False
    for line in re.split(rb"\r?\n(?![ \t])", header, maxsplit=MAX_FIELDS)[:MAX_FIELDS]:
        name, colon, value = line[: 2 * MAX_FIELD].decode("ascii", "surrogateescape").partition(":")
        if not colon or not _FIELD_NAME.match(name):
            broken = True
            continue
        blanks = name != name.strip()
        name = name.strip().lower()
        if broken or blanks:
            doubtful.add(name)
        if len(value) > MAX_FIELD:
            value = "" if name in ("from", "sender", "reply-to") else value[:2_000]
        items.append((name, value))
    return Fields(items, doubtful=frozenset(doubtful))


def _subject(fields: Fields) -> str:
    return fields.text("subject")[:_MAX_SUBJECT]
