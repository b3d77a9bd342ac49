"""Which mails of a heap belong together? By the identifiers they name, else by two people and a subject. Pure.

The order of signals is that of the desk, as far as mails alone can tell: equal Message-IDs, In-Reply-To and References,
parents that were never seen ("ghosts"), and last, for an answer that names no parent, the same subject between the same
two people within a set time. Only what these rules need is kept of a mail, and each step is linear but for one sort.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mailbot.mail.message import Message
from mailbot.mail.thread import base_subject, is_reply_subject

_SUBJECT_HOLDS = timedelta(days=30)
_PARTNERS = 20  # who writes to more people than that at once is not in conversation with each of them
_NO_DATE = datetime.max.replace(tzinfo=UTC)

_Exchange = tuple[str, str, str]
"""A base subject, and the two addresses that write to each other about it, in order of the alphabet."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One mail of the heap. `node` is its place in the union-find.

    Through a list a writer answers now this person, now that one, under one subject. So there an answer that names no
    parent belongs to its writer's own question, if to anything, and never to another answer: such one may not be
    answered by subject.
    """

    name: str
    node: int
    date: datetime | None
    exchanges: tuple[_Exchange, ...]
    seeks_parent: bool
    may_be_answered: bool

    @property
    def order(self) -> tuple[datetime, bool, str]:
        """By time; of two mails of one moment the answer is the later."""
        return self.date or _NO_DATE, self.seeks_parent, self.name


class Heap:
    """Mails joined by what they share. The answer does not depend on the order in which they were added."""

    def __init__(self) -> None:
        self._parents: list[int] = []
        self._nodes: dict[str, int] = {}
        self._entries: list[_Entry] = []

    def add(self, name: str, message: Message, *, content: str) -> None:
        """Put a mail on the heap; a mail without a Message-ID has only equal `content` (a fingerprint) for copies."""
        node = self._node(f"<{message.message_id}>" if message.message_id else content)
        named = (*message.references, *message.in_reply_to)
        for parent in named:
            self._join(node, self._node(f"<{parent}>"))
        self._entries.append(_entry(name, node, message, orphan=not named))

    def threads(self) -> list[list[str]]:
        """The names in groups; groups, and the mails within, in order of date, then of name; undated mails last."""
        ordered = sorted(self._entries, key=lambda entry: entry.order)
        self._join_by_subject(ordered)
        groups: dict[int, list[str]] = {}
        for entry in ordered:
            groups.setdefault(self._root(entry.node), []).append(entry.name)
        return list(groups.values())

    def _join_by_subject(self, ordered: list[_Entry]) -> None:
        latest: dict[_Exchange, _Entry] = {}
        for entry in ordered:
            if entry.seeks_parent:
                self._join_to_latest(entry, latest)
            if entry.may_be_answered:
                latest.update(dict.fromkeys(entry.exchanges, entry))

    def _join_to_latest(self, entry: _Entry, latest: dict[_Exchange, _Entry]) -> None:
        earlier = [latest[each] for each in entry.exchanges if each in latest]
        if not earlier:
            return
        parent = max(earlier, key=lambda each: each.order)
        dated = entry.date is not None and parent.date is not None  # else nothing says that it is too late
        if not dated or entry.order[0] - parent.order[0] <= _SUBJECT_HOLDS:
            self._join(entry.node, parent.node)

    def _node(self, key: str) -> int:
        node = self._nodes.setdefault(key, len(self._parents))
        if node == len(self._parents):
            self._parents.append(node)
        return node

    def _root(self, node: int) -> int:
        parents = self._parents
        while parents[node] != node:
            parents[node] = node = parents[parents[node]]
        return node

    def _join(self, one: int, other: int) -> None:
        a, b = self._root(one), self._root(other)
        self._parents[max(a, b)] = min(a, b)


def _entry(name: str, node: int, message: Message, *, orphan: bool) -> _Entry:
    subject = base_subject(message.subject)
    answers = is_reply_subject(message.subject)
    return _Entry(
        name=name,
        node=node,
        date=message.date,
        exchanges=tuple(dict.fromkeys(_exchanges(subject, message))) if subject else (),
        seeks_parent=orphan and answers,
        may_be_answered=message.mailing_list is None or (orphan and not answers),
    )


def _exchanges(subject: str, message: Message) -> Iterator[_Exchange]:
    writer = _plain(message.author.address) if message.author else ""
    if not writer:
        return
    for partner in _partners(message):
        first, second = sorted((writer, partner))
        yield subject, first, second


def _partners(message: Message) -> list[str]:
    """Whom it is written to: the list it came through, else its recipients; "" when it does not say."""
    through = message.mailing_list
    if through is not None:
        return [through.list_id or through.post_address or ""]
    return [_plain(box.address) for box in (*message.to, *message.cc)[:_PARTNERS]] or [""]


def _plain(address: str) -> str:
    """The address without a sub-address, such as the token that a desk puts there (RFC 5233 §1)."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
