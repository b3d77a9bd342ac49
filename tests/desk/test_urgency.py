"""Is a question urgent? With the rules that travel with the program; see also the examples in rules/urgency.toml."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from mailbot.desk.urgency import Urgency, UrgencyRules, assess
from mailbot.rules import load

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rules() -> UrgencyRules:
    return load(PROJECT / "rules").urgency


URGENT = Urgency(urgent=True, doubtful=False, evidence=())
DOUBTFUL = Urgency(urgent=True, doubtful=True, evidence=())
NORMAL = Urgency(urgent=False, doubtful=False, evidence=())


@pytest.mark.parametrize(
    ("expected", "subject", "text"),
    [
        pytest.param(
            URGENT,
            "DB停止",
            "商用環境の基幹システムでサービスが停止しています。データが破損している恐れがあります。",
            id="data, ja",
        ),
        pytest.param(
            URGENT,
            "Outage",
            "Our live system is unusable for all users. Data corruption was found after the failback.",
            id="data, en",
        ),
        pytest.param(
            URGENT,
            "無応答",
            "本番で pgpool-II が無応答となり、業務が継続できません。決済を扱う重要なシステムです。",
            id="hang, ja",
        ),
        pytest.param(
            URGENT,
            "pgpool",
            "In production pgpool keeps restarting, it segfaults; clients cannot connect. It is business critical.",
            id="crash, en",
        ),
        pytest.param(DOUBTFUL, "【至急】パラメータについて", "既定値を教えてください。", id="mark in brackets"),
        pytest.param(DOUBTFUL, "[緊急] test environment", "検証環境の件です。", id="mark in a test environment"),
        pytest.param(DOUBTFUL, "ASAP please", "A question about licences.", id="asap"),
        pytest.param(DOUBTFUL, "URGENT", "This is not urgent at all.", id="the mark contradicts the text"),
        pytest.param(DOUBTFUL, "help", "production is down", id="production and unusable"),
        pytest.param(DOUBTFUL, "障害", "利用できない状態で、フリーズしています。", id="unusable and a sign"),
        pytest.param(
            DOUBTFUL,
            "障害",
            "検証環境では再現せず、本番環境でのみハングします。",
            id="another environment beside production",
        ),
        pytest.param(NORMAL, "緊急連絡先の変更", "緊急連絡先を変更いたします。", id="a name with the mark in it"),
        pytest.param(NORMAL, "質問", "緊急ではございませんが、本番環境の件です。", id="denied, ja"),
        pytest.param(NORMAL, "Question", "It's not urgent. In production we use 4.5.", id="denied, en"),
        pytest.param(NORMAL, "Staging", "pgpool hangs in our staging cluster, nobody can connect.", id="staging"),
        pytest.param(NORMAL, "本番移行前の確認", "本番移行前の環境でクラッシュします。", id="before production"),
        pytest.param(
            NORMAL, "調査依頼", "本番環境で異常終了しましたが、現在は正常に稼働しています。", id="it has passed, ja"
        ),
        pytest.param(NORMAL, "RCA", "It crashed in production but is back to normal.", id="it has passed, en"),
        pytest.param(NORMAL, "確認", "至急ご回答いただけますと幸いです。", id="a manner of speaking"),
        pytest.param(NORMAL, "変更作業", "本番環境の設定を変更する予定です。", id="production alone"),
        pytest.param(NORMAL, "", "", id="empty"),
    ],
)
def test_assess(rules: UrgencyRules, expected: Urgency, subject: str, text: str) -> None:
    urgency = assess(subject, text, rules)
    assert (urgency.urgent, urgency.doubtful) == (expected.urgent, expected.doubtful), urgency.evidence


def test_the_evidence_names_condition_and_phrase(rules: UrgencyRules) -> None:
    urgency = assess("障害", "本番環境で使用できない。全社に影響。クラッシュが続く。", rules)
    assert urgency.evidence == (
        "production: 本番環境 — 本番環境で使用できない",
        "unusable: 使用できな — 本番環境で使用できない",
        "critical: 全社 — 全社に影響",
        "sign: (crash) クラッシュ — クラッシュが続く",
    )


def test_the_evidence_is_one_short_line_around_the_phrase(rules: UrgencyRules) -> None:
    urgency = assess("", "本番環境のクラスタで" * 40 + "ハング\nします。" + "本番環境" * 100, rules)
    assert [piece for piece in urgency.evidence if piece.startswith("sign: (hang) ハング — …本番環境のクラスタで")]
    assert all(len(piece) <= 120 and "\n" not in piece for piece in urgency.evidence)


def test_what_holds_it_back_is_evidence_too(rules: UrgencyRules) -> None:
    assert "elsewhere: 検証環境 — 検証環境でハングします" in assess("", "検証環境でハングします。", rules).evidence
    over = assess("", "Production crashed, is back to normal.", rules).evidence
    assert "over: back to normal — production crashed, is back to normal" in over


@pytest.mark.parametrize(
    ("subject", "text", "lacking"),
    [
        pytest.param("障害", "本番環境でハングします。", ("unusable", "critical"), id="two conditions"),
        pytest.param("【緊急】", "既定値は?", ("production", "unusable", "critical", "sign"), id="a mark alone"),
        pytest.param("", "店舗のレジでお会計ができません。", ("production", "sign"), id="business stands still"),
        pytest.param("質問", "既定値を教えてください。", (), id="not urgent"),
    ],
)
def test_a_doubtful_question_says_what_is_lacking(
    rules: UrgencyRules, subject: str, text: str, lacking: tuple[str, ...]
) -> None:
    assert assess(subject, text, rules).lacking == lacking


DOWN = "本番環境が停止しています。pgpool がハングします。"


@pytest.mark.parametrize(
    ("verdict", "subject", "text"),
    [
        pytest.param(DOUBTFUL, "問い合わせ", "緊急度：高\n内容：設定", id="form, high"),
        pytest.param(DOUBTFUL, "Ticket", "Priority: 1 (critical)\nText: settings", id="form, priority 1"),
        pytest.param(DOUBTFUL, "問い合わせ", "【優先度】　最優先", id="form in brackets"),
        pytest.param(DOUBTFUL, "[Severity: High] cache", "How?", id="form in the subject"),
        pytest.param(DOUBTFUL, "問い合わせ", "緊急度（高・中・低）：高", id="form, choices in the label"),
        pytest.param(DOUBTFUL, "問い合わせ", "緊急度： ■高 □中 □低", id="form, a box ticked"),
        pytest.param(NORMAL, "問い合わせ", "緊急度： □高 □中 ■低", id="form, the last box ticked"),
        pytest.param(NORMAL, "問い合わせ", "緊急度： 高・中・低\n内容：設定", id="form, nothing chosen"),
        pytest.param(NORMAL, "Ticket", "Urgency: high / medium / low", id="form, nothing chosen, en"),
        pytest.param(NORMAL, "問い合わせ", "緊急度: 低\n\n本番環境でハングします。", id="form, low"),
        pytest.param(NORMAL, "Ticket", "Priority: Normal\n\npgpool hangs in production.", id="form, normal"),
        pytest.param(DOUBTFUL, "URGENT", "Priority: low", id="a mark contradicts the form"),
        pytest.param(
            DOUBTFUL, "Ticket", f"Priority: low\n\n{DOWN} 全社で使えません。", id="three conditions contradict the form"
        ),
        pytest.param(NORMAL, "Ticket", "Height: high", id="no field of urgency"),
        pytest.param(DOUBTFUL, "pgpool", "[URGENT]\nPlease look at the file.", id="a mark at the head of the text"),
        pytest.param(NORMAL, "件", "お客様から「緊急」と言われました。既定値は?", id="somebody else's mark"),
        pytest.param(NORMAL, "件", f"以前のご質問です。\n> {DOWN}\n＞ {DOWN}", id="quoted lines"),
        pytest.param(NORMAL, "log", "We see this:\nFATAL: production is down, it hangs", id="log"),
        pytest.param(
            NORMAL, "log", "Nov 20 16:02:11 db1 pgpool[811]: production is down, it hangs", id="log of the system"
        ),
        pytest.param(
            DOUBTFUL,
            "log",
            "Production is down. Log:\nFATAL: it hangs\nand nobody can connect",
            id="words beside a log",
        ),
        pytest.param(
            NORMAL, "conf", "# production is down: it hangs\nnote = 'production is down, hangs'", id="settings"
        ),
        pytest.param(NORMAL, "手順", "もし本番環境が停止した場合、ハングしますか。", id="what if, ja"),
        pytest.param(NORMAL, "dr", "What if production is down and pgpool hangs?", id="what if, en"),
        pytest.param(
            NORMAL, "dr", "When production is down, does pgpool hang for clients?", id="a question with a condition"
        ),
        pytest.param(DOUBTFUL, "件", "再起動しても、本番環境でハングするのはなぜですか。", id="why is no what if, ja"),
        pytest.param(DOUBTFUL, "why", "Why does pgpool hang in production?", id="why is no what if, en"),
        pytest.param(NORMAL, "件", "本番環境でハングすることはありますか。", id="does it ever"),
        pytest.param(NORMAL, "件", "来月、本番環境を停止する予定です。起動しない場合の手順は?", id="planned"),
        pytest.param(
            DOUBTFUL,
            "件",
            "検証環境では問題ありませんが、本番環境が停止しています。",
            id="fine elsewhere, not here, ja",
        ),
        pytest.param(
            DOUBTFUL, "down", "Staging works fine, but production is down.", id="fine elsewhere, not here, en"
        ),
        pytest.param(
            NORMAL,
            "件",
            "検証環境がハングし接続できません。本番環境に影響はありません。",
            id="fine here, not elsewhere",
        ),
        pytest.param(
            NORMAL, "件", "検証用です。再起動を繰り返してもハングし、接続できません。", id="elsewhere goes on"
        ),
        pytest.param(NORMAL, "件", f"{DOWN}その後は問題なく動作しています。", id="over"),
        pytest.param(
            DOUBTFUL, "件", "一度復旧しましたが、再び本番環境が停止し、接続できません。", id="over and back, ja"
        ),
        pytest.param(
            DOUBTFUL, "x", "It was resolved yesterday. It crashed again in production.", id="over and back, en"
        ),
        pytest.param(
            DOUBTFUL, "x", "Node 1 is back up, but production hangs.", id="what the sentence goes on with is not over"
        ),
        pytest.param(NORMAL, "x", "It crashed in production. It never happened again.", id="not back"),
        pytest.param(DOUBTFUL, "件", "本番環境は復旧しておりません。ハングしています。", id="not over, ja"),
        pytest.param(DOUBTFUL, "x", "Production has not been resolved, it hangs.", id="not over, en"),
        pytest.param(NORMAL, "件", "先週、本番環境でハングが発生しました。", id="long ago, ja"),
        pytest.param(NORMAL, "x", "Last week production crashed.", id="long ago, en"),
        pytest.param(DOUBTFUL, "件", "先週更新した本番環境がハングしています。", id="long ago was something else, ja"),
        pytest.param(
            DOUBTFUL, "x", "Last week we upgraded production and now it hangs.", id="long ago was something else, en"
        ),
        pytest.param(DOUBTFUL, "件", "出荷が止まっています。", id="business stands still, ja"),
        pytest.param(DOUBTFUL, "x", "Our warehouses cannot ship anything.", id="business stands still, en"),
        pytest.param(
            NORMAL, "x", "Our warehouses use it." + " It works." * 9 + " I cannot find the manual.", id="too far apart"
        ),
        pytest.param(DOUBTFUL, "x", "pgpool hangs. Please call us.", id="trouble and urging"),
        pytest.param(NORMAL, "x", "I hung up the phone. The P1 parameter in production is fine.", id="other meanings"),
    ],
)
def test_only_what_is_stated_counts(rules: UrgencyRules, verdict: Urgency, subject: str, text: str) -> None:
    urgency = assess(subject, text, rules)
    assert (urgency.urgent, urgency.doubtful) == (verdict.urgent, verdict.doubtful), urgency.evidence


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("本番" * 100_000, id="repeated phrase"),
        pytest.param("not " * 100_000, id="beginning of a denial"),
        pytest.param("not urgent " * 40_000, id="denials"),
        pytest.param(" " * 400_000, id="spaces"),
        pytest.param("本 " * 200_000, id="idle spaces"),
        pytest.param("crashx" * 80_000, id="phrase inside a word"),
        pytest.param("出荷停止" * 50_000, id="business that stands still"),
        pytest.param("出荷" * 50_000 + "停止" * 50_000, id="business far from what stands still"),
        pytest.param("もし、本番が停止しましたが、問題なく。" * 10_000, id="clauses"),
        pytest.param("is it down? " * 30_000, id="questions"),
        pytest.param("last week, still. " * 20_000, id="times"),
        pytest.param("in the lab. it hangs. " * 15_000, id="environments"),
        pytest.param("a" * 400_000 + "[1]: ", id="no log"),
        pytest.param("\n" * 400_000, id="empty lines"),
        pytest.param("緊急度: 高\n" * 30_000, id="fields"),
        pytest.param(" \n" * 200_000 + "a = ", id="no setting"),
        pytest.param("ﷺ" * 20_000, id="grows by NFKC"),
    ],
)
def test_hostile_text_takes_linear_time(rules: UrgencyRules, text: str) -> None:
    started = process_time()
    assess("", text, rules)
    assert process_time() - started < 2
