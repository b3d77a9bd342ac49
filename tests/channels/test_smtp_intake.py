"""However the octets are cut into packets, the same mail comes out, and everything behind it is left alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.channels.intake import Intake, received_fields, with_whole_line_ends

pieces = st.lists(st.sampled_from([b"\r", b"\n", b".", b"\r\n", b"x", b"\0", b"\r\n.", b"\xff"]), max_size=30).map(
    b"".join
)


def stuffed(mail: bytes) -> bytes:
    """RFC 5321 §4.5.2, the client's side."""
    return (b"\r\n" + mail).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"


@given(pieces, pieces, st.lists(st.integers(min_value=0, max_value=60), max_size=5))
def test_any_cut(mail: bytes, behind: bytes, cuts: list[int]) -> None:
    mail = mail + b"\r\n" if mail else b""
    wire = stuffed(mail) + behind
    intake = Intake(1_000)
    rest = None
    edges = [0, *sorted(cut for cut in cuts if cut < len(wire)), len(wire)]
    for start, end in pairwise(edges):
        if rest is None:
            rest = intake.feed(wire[start:end])
        else:
            rest += wire[start:end]
    assert rest == behind
    assert intake.take() == with_whole_line_ends(mail)


@given(pieces)
def test_line_ends_are_whole_afterwards(text: bytes) -> None:
    whole = with_whole_line_ends(text)
    assert whole.count(b"\r") == whole.count(b"\n") == whole.count(b"\r\n")
    assert with_whole_line_ends(whole) == whole


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_what_is_discarded_is_not_held(chunks: list[bytes]) -> None:
    intake = Intake(10)
    for chunk in chunks:
        if intake.feed(chunk) is not None:
            break
        assert len(intake._buffer) <= 10 + 3 + 5 + 2


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        (b"", 0),
        (b"Received: a", 1),
        (b"received: a\r\nRECEIVED : b\r\n\r\nReceived: c\r\n", 2),
        (b"X-Received: a\r\n Received: folded\r\n\r\n", 0),
    ],
)
def test_received_fields(raw: bytes, count: int) -> None:
    assert received_fields(raw) == count
