"""New text of Japanese mails: each mail program with its way of quoting, and Japanese signatures."""

import pytest

from mailbot.mail.quote import split

_DRAWN = "━━━━━━━━━━━━━━━━━━━━\n株式会社みなと商会 情報システム部\n山田 太郎\nTEL 03-1234-5678\n━━━━━━━━━━━━━━━━━━━━"

CASES = {
    "outlook with underscores": (
        "お世話になっております。\n再起動で直りました。\n\n________________________________\n"
        "差出人: サポート窓口 <desk@example.jp>\n送信日時: 2026年11月22日 10:00\n宛先: 山田太郎\n"
        "件名: RE: 接続できない\n\n"
        "再起動をお試しください。\n",
        "お世話になっております。\n再起動で直りました。",
    ),
    "outlook classic": (
        "確認しました。\n\n-----Original Message-----\nFrom: サポート窓口 <desk@example.jp>\n"
        "Sent: Sunday, November 22, 2026 10:00 AM\nTo: 山田 太郎 <yamada@example.jp>\nSubject: RE: 接続できない\n\n"
        "ログをお送りください。\n",
        "確認しました。",
    ),
    "new outlook without a line": (
        "はい、お願いします。\n\nFrom: サポート窓口 <desk@example.jp>\nDate: 日曜日, 2026年11月22日 10:00\n"
        "To: 山田 太郎 <yamada@example.jp>\nSubject: Re: 接続できない\n\n延長なさいますか。\n",
        "はい、お願いします。",
    ),
    "full-width colons": (
        "了解です。\n\n差出人： サポート\n送信日時： 2026/11/22 10:00\n宛先： 山田\n件名： RE: 障害\n\n前の文\n",
        "了解です。",
    ),
    "outlook for phones": (
        "明日伺います。\n\niOS 版 Outlookを入手<https://aka.ms/o0ukef>\n________________________________\n"
        "差出人: サポート <desk@example.jp>\n送信日時: 日曜日, 11月 22, 2026 10:00 午前\n"
        "宛先: 山田 <yamada@example.jp>\n"
        "件名: Re: 訪問\n\nご都合は。\n",
        "明日伺います。",
    ),
    "moto no message": (
        "届きました。\n\n-----元のメッセージ-----\n差出人: サポート\n送信日時: 2026年11月22日 10:00\n\n送りました。\n",
        "届きました。",
    ),
    "gmail": (
        "再現しました。\n\n2026年11月22日(日) 10:00 サポート窓口 <desk@example.jp>:\n\n> お試しください。\n> 以上\n",
        "再現しました。",
    ),
    "gmail, wrapped before the address": (
        "再現しました。\n\n2026年11月22日(日) 10:00 とても長い名前のサポート窓口 <\ndesk@example.jp>:\n\n"
        "> お試しください。\n",
        "再現しました。",
    ),
    "gmail, not marked": (
        "再現しました。\n\n2026年11月22日(日) 10:00 サポート窓口 <desk@example.jp>:\n\nお試しください。\n",
        "再現しました。",
    ),
    "gmail from a phone, date with dots": (
        "無事動きました！\n\n2026年11月22日(日) 午前10:00 サポート窓口 <desk@example.jp>:\n> いかがでしょうか。\n",
        "無事動きました！",
    ),
    "apple mail": (
        "直りました。\n\n> 2026/11/22 10:00、サポート窓口 <desk@example.jp>のメール:\n> \n> いかがですか。\n",
        "直りました。",
    ),
    "iphone": (
        "直りました。\n\niPhoneから送信\n\n> 2026/11/22 10:00、サポート窓口 <desk@example.jp>のメール:\n"
        "> \n> いかがですか。\n",
        "直りました。",
    ),
    "apple mail, attribution unmarked, no year": (
        "直りました。\n\n11月22日 10:00、サポート窓口 <desk@example.jp>のメール:\n\n> いかがですか。\n",
        "直りました。",
    ),
    "apple mail, wrapped": (
        "直りました。\n\n2026/11/22 10:00、サポート窓口 <desk@example.jp>\nのメール:\n\n> いかがですか。\n",
        "直りました。",
    ),
    "thunderbird": (
        "対応しました。\n\nOn 2026/11/22 10:00, サポート窓口 wrote:\n> 対応してください。\n",
        "対応しました。",
    ),
    "thunderbird, date in brackets": (
        "対応しました。\n\n(2026/11/22 10:00), サポート窓口 wrote:\n> 対応してください。\n",
        "対応しました。",
    ),
    "thunderbird, date alone": (
        "対応しました。\n\n2026/11/22 10:00、サポート窓口 さんは書きました:\n> 対応してください。\n",
        "対応しました。",
    ),
    "san wa kakimashita": ("対応しました。\n\n山田 さんは書きました:\n> 対応してください。\n", "対応しました。"),
    "becky": (
        "> ご都合はいかがでしょうか。\n木曜でお願いします。\n\n"
        "On Sun, 22 Nov 2026 10:00:00 +0900\nサポート窓口 <desk@example.jp> wrote:\n\n> 以上です。\n",
        "木曜でお願いします。",
    ),
    "becky, answer below": (
        'On Sun, 22 Nov 2026 10:00:00 +0900\n"サポート窓口" <desk@example.jp> wrote:\n\n> 版数を教えてください。\n\n'
        "4.5.2 です。\n",
        "4.5.2 です。",
    ),
    "becky, name alone": (
        "サポート窓口さん wrote\n> 版数を教えてください。\n4.5.2 です。\n",
        "4.5.2 です。",
    ),
    "mew, header lines over marks, answers between": (
        "From: desk@example.jp (サポート)\nSubject: Re: 版数\nDate: Sun, 22 Nov 2026 10:00:00 +0900\n\n"
        "> 版数は。\n\n4.5.2 です。\n\n> 台数は。\n\n3 台です。\n",
        "4.5.2 です。\n\n3 台です。",
    ),
    "wanderlust": (
        "At Sun, 22 Nov 2026 10:00:00 +0900,\nサポート窓口 wrote:\n> \n> 版数は。\n\n4.5.2 です。\n",
        "4.5.2 です。",
    ),
    "windows live mail, marked": (
        "試しました。\n\n-----Original Message----- \nFrom: サポート窓口\nSent: Sunday, November 22, 2026 10:00 AM\n"
        "To: 山田太郎\nSubject: Re: 版数\n\n> 版数は。\n\n4.5.2 です。\n\n> 台数は。\n\n3 台です。\n",
        "試しました。\n\n4.5.2 です。\n\n3 台です。",
    ),
    "shuriken": (
        "承知しました。\n\n---------- 元のメール ----------\n送信者：サポート <desk@example.jp>\n"
        "送信日時：2026/11/22 10:00\n件名：Re: 版数\n\n版数は。\n",
        "承知しました。",
    ),
    "notes": (
        "承知しました。\n\n\n\n差出人：     サポート/minato\n宛先：       山田/minato@minato\n"
        "日付：       2026/11/22 10:00\n"
        "件名：       Re: 版数\n_____________________________________________\n\n版数は。\n",
        "承知しました。",
    ),
    "notes 8": (
        "承知しました。\n\nサポート窓口---2026/11/22 10:00:00---いつもお世話になっております。\n\n"
        "差出人: サポート窓口\n\n版数は。\n",
        "承知しました。",
    ),
    "yahoo mail": (
        'ありがとうございます。\n\n----- Original Message -----\n差出人: "サポート" <desk@example.jp>\n'
        "宛先: yamada@example.jp\n日付: 2026/11/22 日 10:00\n件名: Re: 版数\n\n版数は。\n",
        "ありがとうございます。",
    ),
    "yahoo mail, marked": (
        "ありがとうございます。\n\n----- Original Message -----\n>From: サポート <desk@example.jp>\n"
        ">To: yamada@example.jp\n>Date: 2026/11/22, Sun 10:00\n>Subject: Re: 版数\n>\n>版数は。\n>\n",
        "ありがとうございます。",
    ),
    "carrier phone": (
        "わかりました。\n\nドコモのスマートフォンから送信\n\n---------- 元のメッセージ ----------\n"
        "From: desk@example.jp\n"
        "日時: 2026/11/22 10:00\n版数は。\n",
        "わかりました。",
    ),
    "cybozu": (
        "承知しました。\n\n----- Original Message -----\n差出人： サポート <desk@example.jp>\n"
        "宛先： 山田 <yamada@example.jp>\n"
        "送信日時： 2026-11-22 10:00:00\n件名： Re: 版数\n\n> 版数は。\n",
        "承知しました。",
    ),
    "hand-made inline quotes": (
        "山田です。以下、インラインで失礼します。\n\n> (1) 版数を教えてください。\n4.5.2 です。\n\n"
        "> (2) ログはありますか。\n添付します。\n\nよろしくお願いいたします。\n",
        "山田です。以下、インラインで失礼します。\n\n4.5.2 です。\n\n添付します。\n\nよろしくお願いいたします。",
    ),
    "full-width marks": ("＞版数を教えてください。\n4.5.2 です。\n", "4.5.2 です。"),
    "forward, words above": (
        "転送します。対応をお願いします。\n\n---------- Forwarded message ---------\nFrom: 顧客 <k@example.com>\n"
        "Date: 2026年11月22日(日) 10:00\nSubject: 障害\nTo: <yamada@example.jp>\n\n動きません。\n\n顧客 花子\n",
        "転送します。対応をお願いします。",
    ),
    "forward, nothing above": (
        "---------- 転送メッセージ ----------\n差出人: 顧客 <k@example.com>\n日時: 2026年11月22日 10:00\n"
        "件名: 障害\n\n動きません。\n",
        "",
    ),
    "apple forward": (
        "ご確認ください。\n\n転送されたメッセージ：\n\n差出人: 顧客 <k@example.com>\n件名: 障害\n"
        "日付: 2026年11月22日 10:00:00 JST\n"
        "宛先: yamada@example.jp\n\n動きません。\n",
        "ご確認ください。",
    ),
    "a mail mentioned in prose": (
        "11月20日の田中さんのメールでは以下のように伺いました：\n\n1. 再起動\n2. 更新\n\nどちらでしょうか。\n",
        "11月20日の田中さんのメールでは以下のように伺いました：\n\n1. 再起動\n2. 更新\n\nどちらでしょうか。",
    ),
    "a heading in prose": (
        "以下、引用文が必要な理由：\n監査のためです。\n",
        "以下、引用文が必要な理由：\n監査のためです。",
    ),
    "times in prose": (
        "発生時刻は以下です。\n2026/11/22 10:00:\n  接続断\n2026/11/22 10:05:\n  復旧\n",
        "発生時刻は以下です。\n2026/11/22 10:00:\n  接続断\n2026/11/22 10:05:\n  復旧",
    ),
}


@pytest.mark.parametrize(("text", "new"), CASES.values(), ids=CASES.keys())
def test_new_text(text: str, new: str) -> None:
    assert split(text).new_text == new


SIGNED = {
    "heavy line": ("承知しました。\n\n" + _DRAWN + "\n", "承知しました。", _DRAWN),
    "double line above a gmail quote": (
        f"承知しました。\n\n{_DRAWN}\n\n2026年11月22日(日) 10:00 サポート <desk@example.jp>:\n> 版数は。\n",
        "承知しました。",
        _DRAWN,
    ),
    "above an outlook block": (
        f"承知しました。\n\n{_DRAWN}\n\nFrom: サポート <desk@example.jp>\nSent: 2026年11月22日 10:00\n"
        "To: 山田\nSubject: RE: 版数\n\n前\n",
        "承知しました。",
        _DRAWN,
    ),
    "slashes": (
        "承知しました。\n\n／／／／／／／／／／／\n山田太郎\nE-mail: yamada@example.jp\n／／／／／／／／／／／\n",
        "承知しました。",
        "／／／／／／／／／／／\n山田太郎\nE-mail: yamada@example.jp\n／／／／／／／／／／／",
    ),
    "box": (
        "承知しました。\n\n┏━━━━━━━━━━━┓\n┃ 山田太郎\n┃ 〒100-0001 東京都千代田区\n┗━━━━━━━━━━━┛\n",
        "承知しました。",
        "┏━━━━━━━━━━━┓\n┃ 山田太郎\n┃ 〒100-0001 東京都千代田区\n┗━━━━━━━━━━━┛",
    ),
    "stars and dashes": (
        "承知しました。\n\n*-*-*-*-*-*-*-*-*\n（株）みなと商会　山田\n電話：03-1234-5678 （内線 12）\n"
        "受付時間：平日 9:00-18:00\n*-*-*-*-*-*-*-*-*\n",
        "承知しました。",
        "*-*-*-*-*-*-*-*-*\n（株）みなと商会　山田\n電話：03-1234-5678 （内線 12）\n"
        "受付時間：平日 9:00-18:00\n*-*-*-*-*-*-*-*-*",
    ),
    "two dashes": ("承知しました。\n--\n山田太郎\n", "承知しました。", "--\n山田太郎"),
    "titled line": (
        "承知しました。\n\n----- みなと商会 -----\n山田太郎\n携帯: 090-1234-5678\n",
        "承知しました。",
        "----- みなと商会 -----\n山田太郎\n携帯: 090-1234-5678",
    ),
    "phone": ("はい。\n\nXperiaから送信\n", "はい。", "Xperiaから送信"),
    "phone, words below are an answer": (
        "はい。\n\niPhoneから送信\n\n追伸：再起動は済みです。\n",
        "はい。\n\n追伸：再起動は済みです。",
        "iPhoneから送信",
    ),
    "yahoo app": ("はい。\n\nYahoo!メールアプリから送信\n", "はい。", "Yahoo!メールアプリから送信"),
    "notice of the company": (
        "はい。\n\n本メールに含まれる情報は機密であり、宛先の方のみを対象としています。\n"
        "誤って受信された場合は削除してください。\n",
        "はい。",
        "本メールに含まれる情報は機密であり、宛先の方のみを対象としています。\n"
        "誤って受信された場合は削除してください。",
    ),
    "courtesy stays": (
        "直りました。\n\nよろしくお願いいたします。\n山田\n",
        "直りました。\n\nよろしくお願いいたします。\n山田",
        "",
    ),
    "a drawn log stays": (
        "ログです。\n\n==========\n10:00:01 connection from app@db.example.jp refused\n==========\n",
        "ログです。\n\n==========\n10:00:01 connection from app@db.example.jp refused\n==========",
        "",
    ),
    "a drawn list stays": (
        "対象は以下です。\n----------\nサーバ1 株式会社例 様\n停止しています。至急お願いします。\n",
        "対象は以下です。\n----------\nサーバ1 株式会社例 様\n停止しています。至急お願いします。",
        "",
    ),
}


@pytest.mark.parametrize(("text", "new", "signature"), SIGNED.values(), ids=SIGNED.keys())
def test_signature(text: str, new: str, signature: str) -> None:
    pieces = split(text)
    assert (pieces.new_text, pieces.signature) == (new, signature)


def test_the_forwarded_mail_can_still_be_read() -> None:
    text, _ = CASES["forward, nothing above"]
    assert "動きません。" in split(text).quoted_text
