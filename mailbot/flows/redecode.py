"""What would a kept mail say if it were read today, and how does the database learn it?

The bytes of a mail are never lost, so a mend of the reading code mends the mails of yesterday too. Only what is *shown*
of a mail is renewed. What was decided stays: verdict, incident, due time, letters; `retry` decides anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import islice

from mailbot.desk.content import Reading
from mailbot.flows.answering import author_of
from mailbot.flows.context import Reader
from mailbot.flows.process import shown_address
from mailbot.mail.message import Attachment, Message
from mailbot.mail.thread import base_subject
from mailbot.sandbox import ReadingFailure
from mailbot.store import inbound, incidents, journal, readings
from mailbot.store.engine import Connection, Store
from mailbot.store.readings import Head, Kept, Said, Title

_BATCH = 32
_BATCH_BYTES = 32_000_000
_SHOWN = 60  # characters of an old or new value


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is read otherwise today."""

    what: str
    how: str

    def __str__(self) -> str:
        return f"{self.what}: {self.how}"


@dataclass(frozen=True, slots=True)
class Found:
    """How today's reading of a mail differs from what is kept. With a `fault` there is no use in today's reading."""

    id: int
    state: str
    message: Message | None
    changes: tuple[Change, ...]
    fault: str = ""


def differences(store: Store, read: Reader, sizes: Mapping[int, int]) -> Iterator[Found]:
    """Read these mails (id: size in bytes) again and compare; nothing is written."""
    for ids in _batches(sizes):
        with store.read() as connection:
            raws = [inbound.raw(connection, each) or b"" for each in ids]
        for inbound_id, reading in zip(ids, read(raws), strict=True):
            with store.read() as connection:
                kept = readings.kept(connection, inbound_id)
                found = _found(connection, inbound_id, kept, reading) if kept else None
            if found is not None:  # nothing of the database is held while the caller writes
                yield found


def _batches(sizes: Mapping[int, int]) -> Iterator[list[int]]:
    batch: list[int] = []
    total = 0
    for inbound_id, size in sizes.items():
        if batch and (len(batch) == _BATCH or total + size > _BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(inbound_id)
        total += size
    if batch:
        yield batch


def _found(connection: Connection, inbound_id: int, kept: Kept, reading: Reading | ReadingFailure) -> Found:
    if isinstance(reading, ReadingFailure):
        fault = "" if kept.state == "failed" else f"cannot be read now: {reading.reason}"
        return Found(inbound_id, kept.state, None, (), fault)
    message = reading.message
    changes = tuple(_changes(connection, kept, message))
    if changes and not message.analysed:  # half a reading must not take the place of a whole one
        return Found(inbound_id, kept.state, None, (), "; ".join(message.warnings) or "not analysed")
    return Found(inbound_id, kept.state, message, changes)


def renew(store: Store, found: Found, *, version: str, now: datetime) -> None:
    """Put today's reading into the place of the kept one, in one transaction, with a line in the journal.

    Raises StoreUnavailableError; then nothing was changed.
    """
    if found.message is None:
        return
    with store.begin() as connection:
        readings.lock(connection, found.id)
        kept = readings.kept(connection, found.id)
        changes = list(_changes(connection, kept, found.message)) if kept else []
        if kept is None or not changes:  # another one was quicker
            return
        _write(connection, found.id, kept, found.message)
        why = f"by mailbot {version}: {'; '.join(map(str, changes))}"
        journal.write(connection, [journal.Entry(now, f"inbound:{found.id}", "redecoded", why)])


def _write(connection: Connection, inbound_id: int, kept: Kept, message: Message) -> None:
    readings.set_head(connection, inbound_id, _head(message))
    if kept.said is None or kept.incident is None:
        return
    readings.set_said(connection, inbound_id, _said(message))
    title = _title(kept, message)
    if title is not None:
        readings.set_title(connection, inbound_id, title)
    seen = [message.message_id] if message.message_id else []
    incidents.refer(connection, kept.incident, seen=seen, ghosts=[each for each in _named(message) if each not in seen])


def _changes(connection: Connection, kept: Kept, message: Message) -> Iterator[Change]:
    if kept.state == "new":  # the daemon is about to read it anyway
        return
    if kept.said is None or kept.incident is None:
        yield from _differing(kept.head, _head(message))
        return
    merged = {each.what: each for each in _differing(kept.head, _head(message))}
    merged.update({each.what: each for each in _differing(kept.said, _said(message))})
    yield from merged.values()
    title = _title(kept, message)
    if kept.title is not None and title is not None:
        named = (Change(f"incident {each.what}", each.how) for each in _differing(kept.title, title))
        yield from islice(named, 1)  # another subject has another base subject: that goes without saying
    contract = kept.incident.contract_id
    unknown = readings.unknown_ids(connection, contract, seen=message.message_id, named=_named(message))
    if unknown:
        yield Change("references", f"{len(unknown)} more")


def _head(message: Message) -> Head:
    return Head(shown_address(message), message.subject, message.message_id)


def _said(message: Message) -> Said:
    author = author_of(message)
    return Said(
        author_name=author.name,
        author_address=author.address,
        written_at=message.date,
        subject=message.subject,
        text=message.text,
        new_text=message.new_text,
        attachments=message.attachments,
    )


def _title(kept: Kept, message: Message) -> Title | None:
    """The incident's subject follows the mail that opened it, unless somebody has given it another."""
    if kept.title is None or kept.said is None or kept.title.subject != kept.said.subject:
        return None
    return Title(message.subject, base_subject(message.subject))


def _named(message: Message) -> list[str]:
    return list(dict.fromkeys((*message.in_reply_to, *message.references)))


def _differing(old: Head | Said | Title, new: Head | Said | Title) -> Iterator[Change]:
    for field in fields(old):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            yield Change(field.name.replace("_", " "), _how(field.name, before, after))


def _how(name: str, before: object, after: object) -> str:
    if name in ("text", "new_text"):
        return _lines_differing(str(before), str(after))
    return f"{_short(before)} → {_short(after)}"


def _lines_differing(before: str, after: str) -> str:
    """How many lines are new or gone, whichever is more; counted, not aligned, so that it takes linear time."""
    old, new = Counter(before.rstrip().split("\n")), Counter(after.rstrip().split("\n"))
    count = max((old - new).total(), (new - old).total())
    return f"{count} line{'s differ' if count > 1 else ' differs'}" if count else "order or blank end differs"


def _short(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_attached(each) for each in value) or "none"
    if value is None:
        return "none"
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return f'"{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"}"'


def _attached(attachment: Attachment) -> str:
    return f"{_short(attachment.filename)} ({attachment.content_type}, {attachment.size} bytes)"
