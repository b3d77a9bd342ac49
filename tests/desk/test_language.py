"""Japanese, English, or neither."""

import pytest

from mailbot.desk.language import language_of

CASES = {
    "ja": ("フェイルオーバーしません。", "ja"),
    "ja short": ("了解", "ja"),
    "ja short polite": ("了解です", "ja"),
    "ja short with an English word": ("OKです", "ja"),
    "ja kanji only": ("検証完了", "ja"),
    "ja kanji only, long": ("障害復旧作業完了報告書送付依頼対応中", "ja"),
    "ja repetition mark": ("人々", "ja"),
    "ja half width": ("ﾚﾌﾟﾘｹｰｼｮﾝ", "ja"),
    "ja katakana": ("フェイルオーバー", "ja"),
    "ja with a long log": (
        "ログです。\n" + "2026-01-12 07:46:01: pid 1: LOG: failed to connect to the server\n" * 200, "ja"),
    "ja with unmarked log": (
        "以下のエラーが出ます。ご確認ください。\n" + "failed to connect to the server on host\n" * 20, "ja"),
    "ja with a stack trace": (
        "落ちました。\nTraceback (most recent call last):\n  File \"a.py\", line 1, in main\n    return it.is_up()\n"
        "ValueError: this is not a valid value for the port of the server", "ja"),
    "ja with code": ("これで動きますか\n```\nif the server is not up and you have to wait for it then\n```", "ja"),
    "ja with SQL": ("遅いです。\nselect a from the_table where it is not null and b is null;", "ja"),
    "ja with product names": ("Pgpool-II 4.5 と PostgreSQL 16 の streaming replication について", "ja"),
    "ja with many product names": ("PostgreSQL Pgpool-II Streaming Replication Watchdog VIP の設定", "ja"),
    "ja with English greeting": ("Dear Support,\n障害が発生しました。添付します。\nBest regards,\nTaro", "ja"),
    "ja with an English vendor's words": (
        "ベンダーからの回答です。どう思われますか。\nWe think that you should upgrade the server. Please let us "
        "know if it is still not working after that, and we will help you with the next steps.", "ja"),
    "ja with an English signature": ("お世話になります。山田です。\n-- \nTaro Yamada, the head of our team", "ja"),
    "ja with an address": ("設定は https://example.jp/the/of/and を見ました。", "ja"),
    "ja with a path": ("/var/log/the/messages\nを添付します。", "ja"),
    "ja quoting en": ("はい、できました。\n> Could you please try this and tell us what it is?", "ja"),
    "ja subject": ("【緊急】DB 停止", "ja"),
    "en": ("The standby is not attached after failover. Could you help?", "en"),
    "en short": ("Thanks!", "en"),
    "en shorter": ("OK", "en"),
    "en two words": ("Works now", "en"),
    "en without common words": ("Confirmed", "en"),
    "en quoting ja": ("It works, thank you.\n> 設定を変更してください。\n> お願いします。", "en"),
    "en with one Japanese name": ("Dear 山田, the server is down and we cannot work. Please help us.", "en"),
    "en with a polite name": ("Dear 山田さん, the server is down and we cannot work. Please help us.", "en"),
    "en with a file's name": ("Please see the attached 障害報告のまとめ.xlsx for what we have tried so far.", "en"),
    "en with a button's name": ("When I click the 「設定を保存する」 button it does nothing. Could you check?", "en"),
    "en with an error in Japanese": (
        "We see this on the console after the failover, could you tell us why?\n接続が拒否されました。", "en"),
    "en with a Japanese log": (
        "Could you please look at this?\n2026-01-12 07:46:01 LOG: 接続できませんでした。再試行します。\n", "en"),
    "en with PostgreSQL's Japanese words": (
        "Hello, we get this. Is it a bug?\nエラー:  表は存在しません。ご確認ください。\n", "en"),
    "en with a Japanese signature": (
        "The standby does not start. Could you check it for us?\nRegards,\n山田太郎\n株式会社サンプル", "en"),
    "en with a Japanese signature below the mark": (
        "The standby does not start. Could you check?\n-- \n山田です。よろしくお願いいたします。", "en"),
    "en with a log": ("It stopped again.\n" + "Jan 12 07:46 db1 postgres: connection refused\n" * 30, "en"),
    "en that begins like code": ("import of the dump fails since the upgrade", "en"),
    "en contractions": ("It's down and I'm not sure why.", "en"),
    "en one foreign name": ("Hello, this is José from the Zürich office. Is the patch ready?", "en"),
    "romaji": ("osewa ni natte orimasu. saabaa ga ochimashita. kakunin onegaishimasu.", "en"),
    "romaji short": ("ryokai desu", "en"),
    "german": ("Der Server antwortet nicht mehr und wir wissen nicht warum das passiert", None),
    "german short": ("Danke!", None),
    "german with English in it": ("Das Failover ist in der Nacht passiert, was sollen wir in dem Fall tun", None),
    "french": ("Le serveur ne répond pas depuis ce matin, merci de nous aider", None),
    "spanish": ("El servidor no responde y no sabemos por que, gracias", None),
    "portuguese": ("O servidor não responde, obrigado", None),
    "italian": ("Il server non risponde, grazie per il vostro aiuto", None),
    "russian": ("Сервер не отвечает", None),
    "chinese": ("服务器无法连接,请帮忙检查一下", None),
    "chinese short": ("谢谢", None),
    "chinese traditional": ("您好,伺服器沒有回應,請問這是什麼問題", None),
    "chinese with a Japanese word": ("请检查サーバー的错误日志,谢谢", None),
    "chinese with an English word": ("请问 PostgreSQL 怎么升级", None),
    "korean": ("서버가 응답하지 않습니다", None),
    "korean with kanji": ("서버 障害 발생", None),
    "empty": ("", None),
    "digits": ("12345 ---", None),
    "url": ("https://example.jp/the/is/a", None),
    "only a log": ("2026-01-12 07:46:01 LOG: the server is up\nERROR: it is not", None),
    "only an address": ("taro.yamada@example.jp", None),
}  # fmt: skip


@pytest.mark.parametrize(("text", "language"), CASES.values(), ids=CASES.keys())
def test_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("unit", ["_", "a_", ".", "a.", "select ", "-", "あ.", "/", "(", "a@", "\n> ", "'s"])
def test_hostile_text_is_cheap(unit: str) -> None:
    assert language_of(unit * 16_384) in ("ja", "en", None)
