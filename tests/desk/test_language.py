"""Japanese, English, or neither."""

import pytest

from mailbot.desk.language import language_of

CASES = {
    "ja": ("フェイルオーバーしません。", "ja"),
    "ja short": ("了解", "ja"),
    "ja half width": ("ﾚﾌﾟﾘｹｰｼｮﾝ", "ja"),
    "ja with a long log": (
        "ログです。\n" + "2026-01-12 07:46:01: pid 1: LOG: failed to connect to the server\n" * 200,
        "ja",
    ),
    "ja with unmarked log": (
        "以下のエラーが出ます。ご確認ください。\n" + "failed to connect to the server on host\n" * 20,
        "ja",
    ),
    "en": ("The standby is not attached after failover. Could you help?", "en"),
    "en short": ("Thanks!", "en"),
    "en quoting ja": ("It works, thank you.\n> 設定を変更してください。\n> お願いします。", "en"),
    "en with one Japanese name": ("Dear 山田, the server is down and we cannot work. Please help us.", "en"),
    "german": ("Der Server antwortet nicht mehr und wir wissen nicht warum das passiert", None),
    "russian": ("Сервер не отвечает", None),
    "empty": ("", None),
    "digits": ("12345 ---", None),
    "url": ("https://example.jp/the/is/a", None),
}


@pytest.mark.parametrize(("text", "language"), CASES.values(), ids=CASES.keys())
def test_language(text: str, language: str | None) -> None:
    assert language_of(text) == language
