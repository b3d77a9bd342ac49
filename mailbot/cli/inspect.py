"""What does a mail say, or a heap of them? The JSON of `mailbot inspect`; needs no configuration and no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mailbot.desk.language import language_of
from mailbot.mail.authenticity import parsed
from mailbot.mail.fingerprint import fingerprint
from mailbot.mail.heap import Heap
from mailbot.mail.message import Mailbox, MailingList, Message
from mailbot.mail.reading import header_fields, read, read_summary


def inspect_one(raw: bytes) -> dict[str, Any]:
    """Everything that the mail says, as plain data."""
    message = read(raw)
    shown = message.author or next(iter(message.from_), None)
    return {
        "message_id": message.message_id,
        "subject": message.subject,
        "from": _mailbox(shown),
        "from_defects": list(message.author_defects),
        "sender": _mailbox(message.sender),
        "reply_to": [_mailbox(box) for box in message.reply_to],
        "to": [_mailbox(box) for box in message.to],
        "cc": [_mailbox(box) for box in message.cc],
        "date": _moment(message.date),
        "in_reply_to": list(message.in_reply_to),
        "references": list(message.references),
        "language": language_of(message.new_text) or language_of(message.subject),
        "text": message.text,
        "new_text": message.new_text,
        "quoted_text": message.quoted_text,
        "signature": message.signature,
        "attachments": [
            {"filename": part.filename, "content_type": part.content_type, "size": part.size, "inline": part.inline}
            for part in message.attachments
        ],
        "forwarded": _forwarded(message),
        "protection": list(message.protection),
        "list": _list(message.mailing_list),
        "automatic": _automatic(message),
        "bounce": _bounce(message),
        "authentication": _claims(raw),
        "analysed": message.analysed,
        "warnings": list(message.warnings),
    }


def inspect_paths(paths: Iterable[Path | str]) -> Iterator[dict[str, Any]]:
    """One answer a file, with its `path`; folders in order of name. A file that cannot be read has `error`."""
    for path in _files(paths):
        try:
            yield {"path": str(path), **inspect_one(path.read_bytes())}
        except OSError as error:
            yield {"path": str(path), "error": error.strerror or str(error)}


def threads(paths: Iterable[Path | str]) -> dict[str, list[list[str]]]:
    """Which of these mails belong together; only their headers are read. Files that cannot be read are left out."""
    heap = Heap()
    for path in dict.fromkeys(_files(paths)):
        try:
            raw = path.read_bytes()
        except OSError:
            continue
        message = read_summary(raw, why="only the header is wanted")
        heap.add(str(path), message, content="" if message.message_id else fingerprint(raw))
    return {"threads": heap.threads()}


def _files(paths: Iterable[Path | str]) -> Iterator[Path]:
    for given in paths:
        path = Path(given)
        if path.is_dir():
            yield from sorted(entry for entry in path.rglob("*") if entry.is_file() and not entry.name.startswith("."))
        else:
            yield path


def _mailbox(box: Mailbox | None) -> dict[str, str] | None:
    return {"name": box.name, "address": box.address} if box else None


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def _forwarded(message: Message) -> dict[str, Any] | None:
    found = message.forwarded
    if found is None:
        return None
    return {
        "how": found.how,
        "from": _mailbox(found.author),
        "subject": found.subject,
        "date": _moment(found.date),
        "message_id": found.message_id,
    }


def _list(found: MailingList | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "list_id": found.list_id,
        "post_address": found.post_address,
        "software": found.software,
        "author": _mailbox(found.author),
    }


def _automatic(message: Message) -> dict[str, str] | None:
    found = message.automatic
    return {"reason": found.reason, "evidence": found.evidence} if found else None


def _bounce(message: Message) -> dict[str, Any] | None:
    found = message.bounce
    if found is None:
        return None
    return {
        "permanent": found.permanent,
        "recipients": [
            {"address": r.address, "action": r.action, "status": r.status, "diagnostic": r.diagnostic}
            for r in found.recipients
        ],
        "original_message_id": found.original_message_id,
    }


def _claims(raw: bytes) -> dict[str, Any]:
    """What the topmost Authentication-Results claims; without configuration nobody can say whether to believe it."""
    values = header_fields(raw).all("authentication-results")
    found = parsed(values[0]) if values else None
    if found is None:
        return {}
    return {
        "authserv_id": found.authserv_id,
        "results": [[one.method, one.result] for one in found.results],
        "believed": False,
    }
