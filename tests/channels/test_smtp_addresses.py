"""Is every path that a peer can write read or refused, quickly, and never by an exception?"""

from __future__ import annotations

import asyncio
import time
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.channels.door import Door
from mailbot.channels.limits import Limits, Tally
from mailbot.channels.session import Session
from tests.channels.doors import Addresses, Shelf


@pytest.fixture(scope="module")
def session() -> Session:
    loop = asyncio.new_event_loop()
    door = Door("smtp", "desk.example", Shelf(), Addresses(), Tally(Limits()))
    try:
        return Session(door, line=cast("asyncio.Transport", None), peer="", seat="", loop=loop)
    finally:
        loop.close()


@pytest.mark.parametrize(
    ("argument", "path", "rest"),
    [
        ("<a@b.example>", "a@b.example", ""),
        ("<a@b.example> SIZE=1  BODY=8BITMIME", "a@b.example", "SIZE=1  BODY=8BITMIME"),
        ("<>", "<>", ""),
        ("<> SIZE=1", "<>", " SIZE=1"),
        ("<desk+r.1-x=y@b.example>", "desk+r.1-x=y@b.example", ""),
        ("<a..b.@carrier.example>", "a..b.@carrier.example", ""),
        ('<"a b"@b.example>', '"a b"@b.example', ""),
        ("<@relay.example,@other.example:a@b.example>", "a@b.example", ""),
        ("<a@[192.0.2.1]>", "a@[192.0.2.1]", ""),
        ("<質問@例え.example>", "質問@例え.example", ""),
        ("<postmaster>", "postmaster", ""),
        ("a@b.example", "a@b.example", ""),
        ("<a@b.example", "a@b.example", ""),  # what the standard library makes of it; nothing is lost by it
        ("<a\x00@b.example>", None, None),
        ("<a\x1b[31m@b.example>", None, None),
        ("<a\udcff@b.example>", None, None),
        ("<" + "a" * 2_000 + "@b>é", None, None),
        ("<" + "(" * 900, None, None),
        ("<[", None, None),
    ],
)
def test_paths(session: Session, argument: str, path: str | None, rest: str | None) -> None:
    assert session._getaddr(argument) == (path, rest)


@settings(max_examples=300)
@given(st.text(alphabet='<>()[]"\\@.,:;ab \té\udcff\x00=?', max_size=60))
def test_nothing_raises(session: Session, argument: str) -> None:
    path, _ = session._getaddr(argument)
    assert path is None or "\x00" not in path


@pytest.mark.parametrize("piece", ["(", "\\", '"', "[", "@", ".", "<", ":;", " ", "=?utf-8?q?a?= ", "(a)", "@a,"])
def test_nothing_takes_long(session: Session, piece: str) -> None:
    began = time.process_time()
    for argument in (piece * (2_000 // len(piece)), "<" + piece * (1_000 // len(piece)), "<a" + piece * 400 + "@b>"):
        session._getaddr(argument)
    assert time.process_time() - began < 0.5
