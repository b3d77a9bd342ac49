"""One clean line out of any field."""

import time

import pytest

from mailbot.mail.header import clean, clean_text, words

CASES = {
    "plain": ("Hello", "Hello"),
    "b": ("=?UTF-8?B?5pel5pys6Kqe?=", "日本語"),
    "q": ("=?iso-8859-1?Q?caf=E9_au?= lait", "café au lait"),
    "blank between words falls": ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
    "character split over words": ("=?UTF-8?B?5pel5pw=?= =?UTF-8?B?rOiqng==?=", "日本語"),
    "two charsets": ("=?utf-8?q?a?= =?iso-8859-1?q?=E9?=", "aé"),
    "jis": ("=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=", "日本"),
    "raw jis": ("\x1b$BF|K\\\x1b(B", "日本"),
    "raw utf-8": ("日本".encode().decode("ascii", "surrogateescape"), "日本"),
    "line end inside": ("=?utf-8?q?a=0D=0AEvil:_1?=", "a Evil: 1"),
    "nul and bell": ("=?utf-8?q?a=00=07b?=", "ab"),
    "override": ("=?utf-8?b?4oCuZmRwLmV4ZQ==?=", "fdp.exe"),
    "no padding": ("=?utf-8?b?5pel5pys6Kqe?= =?utf-8?b?YQ?=", "日本語a"),
    "language": ("=?utf-8*ja?q?a?=", "a"),
    "broken word stays": ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
    "NFC": ("か\u3099", "が"),
}


@pytest.mark.parametrize(("raw", "text"), CASES.values(), ids=CASES.keys())
def test_words(raw: str, text: str) -> None:
    assert words(raw) == text


def test_text_keeps_lines_and_loses_controls() -> None:
    assert clean_text("a\r\nb\rc\td\x00\x1b\u202e") == "a\nb\nc\td"
    assert clean("a\r\n b\u2028c") == "a  bc"


def test_stacked_marks_are_left_alone() -> None:
    """Putting 240,000 marks in order would take a minute."""
    text = "a" + "\u0301\u0316" * 120_000
    began = time.process_time()
    assert clean_text(text) == text
    assert time.process_time() - began < 1
