"""New text, quotation, signature: clients of Japan and elsewhere."""

import time

import pytest

from mailbot.mail.quote import split

CASES = {
    "nothing quoted": ("こんにちは\n\n> でない\n".replace("> ", ""), "こんにちは\n\nでない", ""),
    "gmail ja": (
        "再現しました。\n\n2026年11月22日(日) 10:00 山田太郎 <t@example.jp>:\n\n> 試してください。\n> 以上\n",
        "再現しました。",
        "",
    ),
    "gmail en": ("Thanks!\n\nOn Sun, Nov 22, 2026 at 10:00 AM T <t@example.jp> wrote:\n> try this\n", "Thanks!", ""),
    "gmail en wrapped": (
        "Thanks!\n\nOn Sun, Nov 22, 2026 at 10:00 AM Taro Yamada <\ntaro@example.jp> wrote:\n\n> try this\n",
        "Thanks!",
        "",
    ),
    "outlook ja": (
        "承知しました。\n\n________________________________\n差出人: サポート <s@example.jp>\n"
        "送信日時: 2026年11月22日 10:00\n"
        "宛先: 山田\n件名: RE: 障害\n\n前の文\n",
        "承知しました。",
        "",
    ),
    "outlook en": (
        "Done.\n\nFrom: Support <s@example.jp>\n"
        "Sent: Sunday, November 22, 2026 10:00 AM\nTo: Taro\nSubject: RE: x\n\nold\n",
        "Done.",
        "",
    ),
    "original message": ("Done.\n\n-----Original Message-----\nFrom: s@example.jp\nold\n", "Done.", ""),
    "moto no message": ("了解です。\n\n----- 元のメッセージ -----\n差出人: x\n古い\n", "了解です。", ""),
    "thunderbird ja": (
        "対応しました。\n\nOn 2026/11/22 10:00, 山田 wrote:\n> 古い\n",
        "対応しました。",
        "",
    ),
    "inline answers survive": ("> 質問1\nはい。\n> 質問2\nいいえ。\n", "はい。\nいいえ。", ""),
    "bottom answer": ("On 2026-11-22 10:00, Taro wrote:\n> old\n\nNew at the end.\n", "New at the end.", ""),
    "sig delimiter": ("Hello\n-- \nTaro\nExample Inc.\n", "Hello", "-- \nTaro\nExample Inc."),
    "japanese drawn signature": (
        "お世話になります。\n\n＝＝＝＝＝＝＝＝＝＝\n株式会社例 山田太郎\nTEL 03-1234-5678\n＝＝＝＝＝＝＝＝＝＝\n",
        "お世話になります。",
        "＝＝＝＝＝＝＝＝＝＝\n株式会社例 山田太郎\nTEL 03-1234-5678\n＝＝＝＝＝＝＝＝＝＝",
    ),
    "phone": ("はい。\n\niPhoneから送信\n", "はい。", "iPhoneから送信"),
    "log with a From line stays": ("Log:\nFrom: node1\nERROR x\nmore\n", "Log:\nFrom: node1\nERROR x\nmore", ""),
    "drawn line without contact stays": ("結果:\n----------\n1 行\n", "結果:\n----------\n1 行", ""),
}


@pytest.mark.parametrize(("text", "new", "signature"), CASES.values(), ids=CASES.keys())
def test_split(text: str, new: str, signature: str) -> None:
    pieces = split(text)
    assert pieces.new_text == new
    assert pieces.signature == signature


@pytest.mark.parametrize(("text", "new", "signature"), CASES.values(), ids=CASES.keys())
def test_nothing_is_thrown_away(text: str, new: str, signature: str) -> None:
    pieces = split(text)
    kept = "\n".join((pieces.new_text, pieces.quoted_text, pieces.signature)).split("\n")
    assert sorted(line for line in kept if line.strip()) == sorted(line for line in text.split("\n") if line.strip())


BOMBS = [
    "On " * 80_000,
    "-" * 250_000,
    ">" * 250_000,
    " " * 250_000,
    "From: a\n" * 30_000,
    "\n" * 250_000,
    "a wrote:\n" * 28_000,
]


@pytest.mark.parametrize("bomb", BOMBS, ids=[bomb[:8].strip() or "blank" for bomb in BOMBS])
def test_linear(bomb: str) -> None:
    began = time.process_time()
    split(bomb)
    assert time.process_time() - began < 1
