"""What did the kernel see, in which order? A record of strace → which 250 left before its mail was on the disk. Pure.

Of interest: writes to the write-ahead log of SQLite, syncs of it, and replies over TCP. Descriptors come with their
names (`strace -yy`), calls that another thread interrupted come in two lines.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

CALLS = "pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg"

_LINE = re.compile(r"(?P<pid>\d+)\s+(?P<call>\w+)\((?P<rest>.*)", re.DOTALL)
_RESUMED = re.compile(r"(?P<pid>\d+)\s+<\.\.\. (?P<call>\w+) resumed>(?P<rest>.*)", re.DOTALL)
_UNFINISHED = "<unfinished ...>"
_LOG = re.compile(r"\d+<[^>]*-wal>")
_SOCKET = re.compile(r"\d+<TCP(?:v6)?:\[[^\]]*?:(?P<ours>\d+)->[^\]]*?:(?P<peer>\d+)\]>")
_KEPT = "250 2.0.0 Kept"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that began with line `began` and was over with line `ended` of the record."""

    kind: Literal["write", "sync", "reply"]
    began: int
    ended: int
    text: str
    peer: int


def events(lines: Iterable[str], *, port: int) -> Iterator[Event]:
    """Give what is of interest, in the order in which it ended; `port` is that of the door."""
    open_calls: dict[tuple[str, str], tuple[int, str]] = {}
    for number, line in enumerate(lines):
        if resumed := _RESUMED.match(line):
            began, text = open_calls.pop((resumed["pid"], resumed["call"]), (number, ""))
            found = _event(resumed["call"], text + resumed["rest"], began, number, port)
        elif call := _LINE.match(line):
            if line.rstrip().endswith(_UNFINISHED):
                open_calls[call["pid"], call["call"]] = (number, call["rest"].replace(_UNFINISHED, ""))
                continue
            found = _event(call["call"], call["rest"], number, number, port)
        else:
            continue
        if found is not None:
            yield found


def _event(call: str, text: str, began: int, ended: int, port: int) -> Event | None:
    if text.rstrip().endswith(")") or " = -1 " in text[-120:]:  # no result, or a failure: it did not happen
        return None
    if _LOG.match(text):
        if call in {"fdatasync", "fsync"}:
            return Event("sync", began, ended, "", 0)
        return Event("write", began, ended, text, 0)
    name = _SOCKET.match(text)
    if name and int(name["ours"]) == port and _KEPT in text:
        return Event("reply", began, ended, text, int(name["peer"]))
    return None


@dataclass(frozen=True, slots=True)
class Order:
    """What was proved of each mail: its id → the lines of its first write, of the end of a sync, of its 250."""

    proved: Mapping[str, tuple[int, int, int]]
    wrong: Sequence[str]


def order(found: Sequence[Event], sent: Mapping[int, Sequence[str]]) -> Order:
    """Say of each mail whether a sync that began after its write had ended was over before its 250 began.

    `sent` names, by our port of each connection, the mails that were answered 250 over it, in order.
    """
    ids = [mail for mails in sent.values() for mail in mails]
    written = _first_writes([event for event in found if event.kind == "write"], ids)
    syncs = [(event.began, event.ended) for event in found if event.kind == "sync"]
    replies: dict[int, list[int]] = defaultdict(list)
    for event in found:
        if event.kind == "reply":
            replies[event.peer] += [event.began] * event.text.count(_KEPT)
    proved: dict[str, tuple[int, int, int]] = {}
    wrong: list[str] = []
    for peer, mails in sent.items():
        if len(replies[peer]) != len(mails):
            wrong.append(f"connection {peer}: {len(mails)} mails, but {len(replies[peer])} replies in the record")
            continue
        for mail, reply in zip(mails, replies[peer], strict=True):
            ended = next((end for began, end in syncs if began > written.get(mail, reply) and end < reply), None)
            if ended is None:
                wrong.append(f"{mail}: written at line {written.get(mail)}, 250 at {reply}, no sync in between")
            else:
                proved[mail] = (written[mail], ended, reply)
    return Order(proved, wrong)


def _first_writes(writes: Sequence[Event], ids: Sequence[str]) -> dict[str, int]:
    """When each mail was first written into the log: what comes later is its processing."""
    wanted = re.compile("|".join(map(re.escape, ids)))
    first: dict[str, int] = {}
    for event in writes:
        for found in wanted.findall(event.text):
            first.setdefault(found, event.ended)
    return first
