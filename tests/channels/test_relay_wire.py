"""No text can end the mail early: SMTP smuggling on the way out (CVE-2023-51764 and its kin; attack row 2)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.channels.letter import dot_stuffed, normalised
from tests.channels.relaying import RAW, letter, relay_to
from tests.channels.sink import Sink

BREAKS = [b"\r\n", b"\n", b"\r", b"\r\r\n", b"\n\r", b"\0\r\n", b"\r\0\n"]
ENDS = [before + dots + after for before, dots, after in itertools.product(BREAKS, [b".", b"..", b".\0"], BREAKS)]
SMUGGLED = b"MAIL FROM:<ceo@desk.test>\r\nRCPT TO:<victim@example.com>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.\r\n"


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
async def test_one_letter_is_one_mail(protocol: str) -> None:
    texts = (
        [RAW + b"a" + end + SMUGGLED for end in ENDS] + [RAW + end for end in ENDS] + [b".", b"", b"\r", b".\r\n.\r\n"]
    )
    async with Sink(protocol=protocol) as sink, relay_to(sink) as relay:  # type: ignore[arg-type]
        for number, raw in enumerate(texts):
            await relay.send(letter(number, raw=raw or b"\n"))
            assert len(sink.taken) == number + 1
    assert {mail.sender for mail in sink.taken} == {"bounce@desk.test"}
    assert [mail.recipient for mail in sink.taken] == [f"asker{number}@example.com" for number in range(len(texts))]
    assert [mail.raw for mail in sink.taken] == [normalised(raw or b"\n") for raw in texts]
    assert sink.connections == 1


LINES = st.lists(st.sampled_from([b".", b"\r", b"\n", b"a", b"\0", b" "]), max_size=30).map(b"".join)


@given(LINES)
def test_on_the_wire_the_end_is_only_at_the_end(raw: bytes) -> None:
    wire = b"\r\n" + dot_stuffed(normalised(raw)) + b".\r\n"
    assert wire.find(b"\r\n.\r\n") == len(wire) - 5
    assert wire.replace(b"\r\n", b"").count(b"\r") == wire.replace(b"\r\n", b"").count(b"\n") == 0


@given(LINES)
def test_normalising_is_final(raw: bytes) -> None:
    once = normalised(raw)
    assert normalised(once) == once
    assert once.replace(b"\r\n", b"\n").rstrip(b"\n") == raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")
