"""What does a mail say, or a heap of them? The JSON of `mailbot inspect`; needs no configuration and no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from mailbot.desk.language import language_of
from mailbot.mail.authenticity import parsed
from mailbot.mail.fingerprint import fingerprint
from mailbot.mail.message import Mailbox, MailingList, Message
from mailbot.mail.reading import header_fields, read
from mailbot.mail.thread import base_subject, is_reply_subject

_SUBJECT_HOLDS = timedelta(days=30)


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
    """Which of these mails belong together: by identifiers, by parents that were never seen, by base subject."""
    heap = _Heap()
    for path in _files(paths):
        try:
            heap.add(str(path), path.read_bytes())
        except OSError:
            continue
    return {"threads": heap.groups()}


def _files(paths: Iterable[Path | str]) -> Iterator[Path]:
    for given in paths:
        path = Path(given)
        if path.is_dir():
            yield from sorted(entry for entry in path.rglob("*") if entry.is_file() and not entry.name.startswith("."))
        else:
            yield path


class _Heap:
    """Mails joined by what they share: a union-find over paths, identifiers and base subjects; nearly linear."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._seen: dict[str, Message] = {}
        self._loose: list[str] = []
        self._by_subject: dict[tuple[str, str], list[str]] = {}

    def add(self, path: str, raw: bytes) -> None:
        message = read(raw)
        self._seen[path] = message
        own = message.message_id or f"no id {fingerprint(raw)}"
        self._join(f"path {path}", f"id {own}")
        for parent in (*message.references, *message.in_reply_to):
            self._join(f"path {path}", f"id {parent}")
        writer = message.author.address.lower() if message.author else ""
        self._by_subject.setdefault((base_subject(message.subject), writer), []).append(path)

    def groups(self) -> list[list[str]]:
        """The groups in the order of their first mails."""
        for (subject, writer), paths in self._by_subject.items():
            if subject and writer:
                self._join_by_subject(paths)
        groups: dict[str, list[str]] = {}
        for path in self._seen:
            groups.setdefault(self._root(f"path {path}"), []).append(path)
        return list(groups.values())

    def _join_by_subject(self, paths: list[str]) -> None:
        """An answer that names no parent joins the same writer's last mail on that subject, if it is not too old."""
        ordered = sorted(paths, key=lambda path: self._seen[path].date or datetime.min.replace(tzinfo=UTC))
        for before, path in pairwise(ordered):
            message, earlier = self._seen[path], self._seen[before]
            orphan = not message.references and not message.in_reply_to and is_reply_subject(message.subject)
            if orphan and message.date and earlier.date and message.date - earlier.date <= _SUBJECT_HOLDS:
                self._join(f"path {path}", f"path {before}")

    def _root(self, key: str) -> str:
        parent = self._parent.setdefault(key, key)
        while parent != key:
            self._parent[key] = key = self._parent[parent]
            parent = self._parent[key]
        return key

    def _join(self, one: str, other: str) -> None:
        a, b = self._root(one), self._root(other)
        if a != b:
            self._parent[b] = a


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
