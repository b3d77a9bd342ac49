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
        "production: 本番環境",
        "unusable: 使用できな",
        "critical: 全社",
        "sign: クラッシュ (crash)",
    )


def test_what_holds_it_back_is_evidence_too(rules: UrgencyRules) -> None:
    assert "elsewhere: 検証環境" in assess("", "検証環境でハングします。", rules).evidence
    assert "over: back to normal" in assess("", "Production crashed, is back to normal.", rules).evidence


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("本番" * 100_000, id="repeated phrase"),
        pytest.param("not " * 100_000, id="beginning of a denial"),
        pytest.param("not urgent " * 40_000, id="denials"),
        pytest.param(" " * 400_000, id="spaces"),
        pytest.param("本 " * 200_000, id="idle spaces"),
        pytest.param("crashx" * 80_000, id="phrase inside a word"),
        pytest.param("ﷺ" * 20_000, id="grows by NFKC"),
    ],
)
def test_hostile_text_takes_linear_time(rules: UrgencyRules, text: str) -> None:
    started = process_time()
    assess("", text, rules)
    assert process_time() - started < 2
