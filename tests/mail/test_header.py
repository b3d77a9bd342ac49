"""One clean line out of any field."""

import time

import pytest

from mailbot.mail.header import Fields, clean, clean_text, words

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
    "lower-case label and encoding": ("=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
    "glued": ("=?UTF-8?B?5pel?==?UTF-8?B?5pys?=", "日本"),
    "one charset by two names": ("=?UTF-8?B?5pel5pw=?= =?utf8?B?rOiqng==?=", "日本語"),
    "base64 cut anywhere": ("=?UTF-8?B?5pel5p?= =?UTF-8?B?ys6Kqe?=", "日本語"),
    "no padding inside": ("=?UTF-8?B?YQ?= =?UTF-8?B?Yg?=", "ab"),
    "blanks in base64": ("=?UTF-8?B?5pel 5pys?=", "日本"),
    "blanks in the label": ("=? UTF-8 ?B?5pel5pys?=", "日本"),
    "question marks inside": ("=?utf-8?Q?Really??_Why??=", "Really?? Why?"),
    "end is lost": ("=?UTF-8?B?5pel5pys", "日本"),
    "jis goes on in the next word": ("=?ISO-2022-JP?B?GyRCRnw=?= =?ISO-2022-JP?B?S1wbKEI=?=", "日本"),
    "utf-8 labelled jis": ("=?ISO-2022-JP?B?5pel5pys?=", "日本"),
    "half-width kana": ("=?ISO-2022-JP?B?GyhJMTIzNBsoQg==?=", "ｱｲｳｴ"),
    "raw sjis": ("日本語です".encode("cp932").decode("ascii", "surrogateescape"), "日本語です"),
    "raw euc": ("日本語です".encode("euc_jp").decode("ascii", "surrogateescape"), "日本語です"),
    "raw jis that lost its escapes": ("$B>c32$NJs9p$G$9(B", "障害の報告です"),
    "raw latin1": ("Jérémie".encode("latin-1").decode("ascii", "surrogateescape"), "Jérémie"),
    "raw and in words": ("日".encode().decode("ascii", "surrogateescape") + " =?utf-8?b?5pys?=", "日 本"),
}


@pytest.mark.parametrize(("raw", "text"), CASES.values(), ids=CASES.keys())
def test_words(raw: str, text: str) -> None:
    assert words(raw) == text


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        ("Привет".encode("koi8_r").decode("ascii", "surrogateescape"), "koi8-r", "Привет"),
        ("Fr+APY-sche", "utf-7", "Frösche"),
        ("Müller".encode().decode("ascii", "surrogateescape"), "gb2312", "Müller"),
        ("=?utf-8?q?a+b?=", "utf-7", "a+b"),
        ("日本".encode().decode("ascii", "surrogateescape"), "utf-16", "日本"),
    ],
)
def test_bytes_without_a_label_share_that_of_the_text(raw: str, charset: str, text: str) -> None:
    assert Fields([("Subject", raw)], charset=charset).text("subject") == text


@pytest.mark.parametrize("word", ["=?utf-8?q?a", "=?utf-8?q?a?b?c?", "=?a?b?", "=?utf-8?b?YQ?= "])
def test_many_words_take_linear_time(word: str) -> None:
    began = time.process_time()
    words(word * (2_000_000 // len(word)))
    assert time.process_time() - began < 2


def test_text_loses_bells_and_backspaces() -> None:
    assert clean_text("a\x07b\x08c\td\n") == "abc\td\n"


def test_text_keeps_lines_and_loses_controls() -> None:
    assert clean_text("a\r\nb\rc\td\x00\x1b\u202e") == "a\nb\nc\td"
    assert clean("a\r\n b\u2028c") == "a  bc"


def test_stacked_marks_are_left_alone() -> None:
    """Putting 240,000 marks in order would take a minute."""
    text = "a" + "\u0301\u0316" * 120_000
    began = time.process_time()
    assert clean_text(text) == text
    assert time.process_time() - began < 1
