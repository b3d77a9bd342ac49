"""Who is shown, and who is believed (attack row 8)."""

import time

import pytest

from mailbot.mail.mailboxes import LIMIT, author, mailboxes
from mailbot.mail.message import Mailbox

BELIEVED = {
    "plain": ("a@b.jp", Mailbox("", "a@b.jp")),
    "name": ("Taro Yamada <a@b.jp>", Mailbox("Taro Yamada", "a@b.jp")),
    "quoted name": ('"Yamada, Taro" <a@b.jp>', Mailbox("Yamada, Taro", "a@b.jp")),
    "encoded name": ("=?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <a@b.jp>", Mailbox("山田", "a@b.jp")),
    "name behind": ("a@b.jp (Taro Yamada)", Mailbox("Taro Yamada", "a@b.jp")),
    "own address as name": ("a@b.jp <A@b.jp>", Mailbox("a@b.jp", "A@b.jp")),
    "address in quoted name": ('"x@y.jp" <a@b.jp>', Mailbox("x@y.jp", "a@b.jp")),
    "carrier": ("a..b.@docomo.ne.jp", Mailbox("", "a..b.@docomo.ne.jp")),
    "quoted local part": ('"a b"@c.jp', Mailbox("", '"a b"@c.jp')),
    "dot in name": ("Mr. X <a@b.jp>", Mailbox("Mr. X", "a@b.jp")),
    "raw utf-8 name": ("山田 <a@b.jp>".encode().decode("ascii", "surrogateescape"), Mailbox("山田", "a@b.jp")),
}
HELD = {
    "address before the angles": "a@good.jp <x@evil.jp>",
    "two in angles": "<a@good.jp> <x@evil.jp>",
    "list": "a@good.jp, x@evil.jp",
    "group": "Team: a@good.jp;",
    "empty group": "undisclosed:;",
    "address in a comment": "x@evil.jp (a@good.jp)",
    "comment inside": "a(x)@good.jp",
    "comment before": "(a@good.jp) x@evil.jp",
    "nested comment": "a@good.jp (a(b))",
    "open comment": "a@good.jp (a",
    "open quote": '"a@good.jp <x@evil.jp>',
    "blank inside": "a @good.jp",
    "no address": "Taro",
    "empty": "",
    "two ats": "a@good.jp@evil.jp",
    "route": "<@evil.jp:a@good.jp>",
    "literal": "a@[192.0.2.1]",
    "text behind": "<a@good.jp> x",
    "angles in angles": "<<a@good.jp>>",
    "open angle": "Taro <a@good.jp",
    "NUL": "a\x00@good.jp",
    "line end": "a@good.jp\r\n <x@evil.jp>",
    "encoded address": "=?utf-8?q?a=40good=2Ejp?=",
    "encoded local part": "=?utf-8?q?a?=@good.jp",
    "invisible letter": "a\u200b@good.jp".encode().decode("ascii", "surrogateescape"),
    "backslash": "a\\@good.jp@evil.jp",
    "semicolon": "a@good.jp; x@evil.jp",
    "raw jis hiding angles": "\x1b$B<@>\x1b(B <a@good.jp>",
    "dots in the domain": "a@good..jp",
}


@pytest.mark.parametrize(("value", "mailbox"), BELIEVED.values(), ids=BELIEVED.keys())
def test_believed(value: str, mailbox: Mailbox) -> None:
    assert author([value]) == (mailbox, ())


@pytest.mark.parametrize("value", HELD.values(), ids=HELD.keys())
def test_held(value: str) -> None:
    mailbox, defects = author([value])
    assert mailbox is None
    assert defects


def test_exactly_one_field() -> None:
    assert author([])[1] == ("there is no From field",)
    assert author(["a@b.jp", "a@b.jp"])[1] == ("there are 2 From fields",)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a@b.jp, Taro <c@d.jp>", (Mailbox("", "a@b.jp"), Mailbox("Taro", "c@d.jp"))),
        ("Team: a@b.jp, c@d.jp; e@f.jp", (Mailbox("", "a@b.jp"), Mailbox("", "c@d.jp"), Mailbox("", "e@f.jp"))),
        ("a@good.jp <x@evil.jp>", (Mailbox("a@good.jp", "x@evil.jp"),)),
        ("undisclosed-recipients:;", ()),
        (r"Pete(A \) chap) <pete@silly.example>", (Mailbox("Pete", "pete@silly.example"),)),
        ("Jo <jo@acme (work) . example>", (Mailbox("Jo", "jo@acme.example"),)),
        ('"a, b" <c@d.jp>', (Mailbox("a, b", "c@d.jp"),)),
    ],
)
def test_shown(value: str, shown: tuple[Mailbox, ...]) -> None:
    assert mailboxes(value) == shown


@pytest.mark.parametrize(
    "bomb", ["(" * 16_000, '"\\' * 8_000, "<" * 16_000, "a@b," * 4_000, ":" * 16_000, "\\" * 16_000]
)
def test_linear(bomb: str) -> None:
    began = time.process_time()
    author([bomb])
    assert len(mailboxes(bomb)) <= LIMIT
    assert time.process_time() - began < 0.5
