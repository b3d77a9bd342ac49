"""Is this mail somebody else's that was handed on, and whose is it? Pure.

What is told here is only for showing: a forwarded mail says of itself what it likes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import tzinfo

from mailbot.mail.date import moment, written_moment, zone_of
from mailbot.mail.forwardwords import FORWARD_SUBJECT, FORWARDED, LABELS, ORIGINAL
from mailbot.mail.header import clean
from mailbot.mail.mailboxes import mailboxes
from mailbot.mail.message import Forwarded, Mailbox
from mailbot.mail.quotewords import ANSWERED
from mailbot.mail.structure import Part
from mailbot.mail.thread import is_reply_subject, message_id

_MOST_LINES = 1_000
_MAX_LINE = 1_000
_MAX_SUBJECT = 998
_MARKS = re.compile(r"[\s>＞|*_\ufeff]{0,12}")
_DASHED = re.compile(r"[-_=*─━－]{2,60}\s?(\S.{1,200}?)\s?[-_=*─━－]{2,60}")
_LABEL = re.compile(r"[\s>＞|*_\ufeff]{0,12}([^\W\d_][^:：]{0,30}?)[\s*_]{0,4}[:：]\s{0,8}\*{0,2}(.*)")
_ALL_LABELS = re.compile(
    "(?:"
    + "|".join(re.escape(word[0].upper() + word[1:]) for word in sorted(LABELS, key=len, reverse=True))
    + r")\s?[:：]"
)
_IN_ANGLES = re.compile(
    r"([^<]{0,200}?)[\s\"'«»“”]{0,8}[<(\[](?:mailto:)?([^\s<>()\[\]]{1,256}@[^\s<>()\[\]]{1,253}?)[>)\]<]"
)
_NUMBER = re.compile(r"\d[\d:.時分秒]{0,12}")
_ANSWERED_DATE = re.compile(r"\d{1,4}[/.年-]\s?\d{1,2}|\b(?:19|20)\d\d\b")

_Head = dict[str, str]


def forwarded_of(root: Part, subject: str, text: str) -> Forwarded | None:
    """The mail that is attached (message/rfc822), or that stands in the text below the header a program wrote."""
    return _attached(root) or _inline(subject, text, root.fields.raw("date"))


def attached_mail(root: Part) -> Part | None:
    """The first mail that is attached; what belongs to reports (RFC 6522) and digests (RFC 2046 §5.1.5) is none."""
    for part in _outside(root):
        if part.content_type in ("message/rfc822", "message/global") and part.children:
            return part.children[0]
    return None


def _outside(part: Part) -> Iterator[Part]:
    yield part
    if part.content_type.startswith("multipart/") and part.content_type not in ("multipart/report", "multipart/digest"):
        for child in part.children:
            yield from _outside(child)


def _attached(root: Part) -> Forwarded | None:
    inner = attached_mail(root)
    if inner is None:
        return None
    fields = inner.fields
    return Forwarded(
        how="attached",
        author=next(iter(mailboxes(fields.raw("from"))), None),
        subject=fields.text("subject")[:_MAX_SUBJECT],
        date=moment(fields.raw("date")),
        message_id=message_id(fields.raw("message-id")),
    )


def _inline(subject: str, text: str, date: str) -> Forwarded | None:
    """An answer that quotes is no forwarded mail: the first quotation must be the forwarded one."""
    named = bool(FORWARD_SUBJECT.match(subject))
    if not named and is_reply_subject(subject):
        return None
    lines = text.split("\n", _MOST_LINES)[:_MOST_LINES]
    for at, line in enumerate(lines):
        if not line.strip() or len(line) > _MAX_LINE:
            continue
        kind = _kind(lines, at)
        if kind == "forwarded" or (kind == "quoted" and named):
            head = _head(lines, at)
            if "from" in head or (named and kind == "forwarded" and _DASHED.match(line.strip("> \t"))):
                return _told(head, zone_of(date))
        if kind == "answered":
            return _answered(line, zone_of(date)) if named else None
        if kind == "quoted" or line.startswith(">"):
            return None
    return None


def _kind(lines: Sequence[str], at: int) -> str:
    """What begins on this line: a forwarded mail, a quoted one, an answered one; empty for plain text."""
    line = lines[at].strip("> \t*\ufeff")
    if line[-1:] in "-_=*─━－" or line[:2] in ("--", "__", "==") or line[-1:] in (":", "："):
        dashed = _DASHED.match(line)
        words = dashed.group(1) if dashed else line if len(line) < 80 else ""
        if FORWARDED.search(words[:200]):
            return "forwarded"
        if dashed and ORIGINAL.search(words[:60]):
            return "quoted"
        if ANSWERED.search(line) and _ANSWERED_DATE.search(line) and not dashed:
            return "answered"
    if line[:12].lower() == "forwarded by" and len(line) < 200:
        return "forwarded"
    return "quoted" if _is_block(lines, at) else ""


def _is_block(lines: Sequence[str], at: int) -> bool:
    """Three kinds of header lines, one of them who wrote it."""
    if _labelled(lines[at])[0] not in ("from", "date", "subject"):
        return False
    kinds = {_labelled(line)[0] for line in lines[at : at + 9] if len(line) <= _MAX_LINE}
    return "from" in kinds and len(kinds - {""}) >= 3


def _labelled(line: str) -> tuple[str, str]:
    """The kind of a header line and its value; empty for other lines."""
    match = _LABEL.match(line)
    kind = LABELS.get(match.group(1).strip(" *_\t").lower(), "") if match else ""
    return (kind, match.group(2).strip(" *\t")) if match and kind else ("", "")


def _head(lines: Sequence[str], at: int) -> _Head:
    """The header lines at or below this line, each with what is wrapped on the next."""
    head: _Head = {}
    last = ""
    blanks = 0
    for line in _unpacked(lines, at):
        kind, value = _labelled(line)
        rest = line.strip("> \t*_-\ufeff")
        if kind and kind not in head:
            head[kind], last, blanks = value, kind, 0
        elif not rest:
            blanks += 1
            if (len(head) > 1 and head[last]) or blanks > 3:
                break
        elif last and not kind and not _DASHED.match(rest):
            if len(head) > 2 and head[last] and not line[:1].isspace() and last == "subject":
                break
            head[last] = f"{head[last]} {rest}".strip()[:_MAX_LINE]
    return head


def _unpacked(lines: Sequence[str], at: int) -> Iterator[str]:
    """The lines from here on; some programs write the whole header on the line of the dashes."""
    first = lines[at]
    found = _ALL_LABELS.finditer(first) if len(first) > 60 else iter(())
    spots = [match.start() for match in found if not first[match.start() - 1 : match.start()].islower()]
    if len(spots) > 2:
        yield from (first[start:end] for start, end in zip(spots, [*spots[1:], len(first)], strict=True))
        return
    yield first if _labelled(first)[0] else ""
    yield from (line[:_MAX_LINE] for line in lines[at + 1 : at + 20])


def _told(head: _Head, zone: tzinfo) -> Forwarded:
    return Forwarded(
        how="inline",
        author=_mailbox(head.get("from", "")),
        subject=clean(head.get("subject", ""))[:_MAX_SUBJECT],
        date=written_moment(head.get("date", ""), zone),
        message_id=message_id(head["message-id"]) if "message-id" in head else None,
    )


def _answered(line: str, zone: tzinfo) -> Forwarded:
    """`On … wrote:` under a subject that says forwarded, as some programs write it."""
    found = _IN_ANGLES.search(line)
    author = Mailbox(_name_before(found.group(1)), clean(found.group(2))) if found else None
    return Forwarded("inline", author, "", written_moment(line, zone), None)


def _name_before(words: str) -> str:
    """The name at the end of `On 28/10/2021 12:46, "Taro Yamada`: quoted, or what stands after the time."""
    _, quote, name = words.replace("“", '"').replace("„", '"').replace("«", '"').rpartition('"')
    if not quote:
        pieces = _NUMBER.split(name)[-1].strip(" ,;:()").split()
        while pieces and pieces[0].islower():
            del pieces[0]
        name = " ".join(pieces)
    return clean(name.strip(" \"'"))


def _mailbox(value: str) -> Mailbox | None:
    """Names are written without quotes here, with commas and all."""
    found = _IN_ANGLES.match(value[:_MAX_LINE])
    if found:
        return Mailbox(clean(found.group(1).strip(" \"'")), clean(found.group(2)))
    box = next(iter(mailboxes(value[:_MAX_LINE])), None)
    return box if box is None or box.address else Mailbox(clean(value[:200]), "")
