"""What does a question not bring? With the rules that travel with the program; see also the examples in them."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from mailbot.desk.contract import Equipment
from mailbot.desk.scope import scope_of
from mailbot.desk.wanted import Asked, asked, lines, missing_of, titles
from mailbot.rules import Rules, load

DB1 = Equipment("db1", "RHEL 9.4", "pgpool-II 4.5.2")
ALL = ("product", "version", "platform", "log", "configuration")


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load(Path(__file__).parents[2] / "rules")


def missing(rules: Rules, text: str, *attachments: str, subject: str = "") -> tuple[str, ...]:
    scope = scope_of(subject, text, rules.scope)
    return missing_of(subject, text, attachments, scope, rules.wanted, rules.scope.products)


def left(rules: Rules, text: str, *equipment: Equipment) -> Asked:
    scope = scope_of("", text, rules.scope)
    return asked(missing(rules, text), scope, equipment, rules.scope, rules.wanted)


@pytest.mark.parametrize(
    "text",
    [
        "pgpool-II 4.5.2 の件",
        "pgpoolの件。バージョンは4.5です。",
        "pgpoolの件。バージョン：４．５．２",
        "pgpool crashed. Version: 4.5",
        "pgpool crashed, ver. 4.5.2",
        "We went from 4.4.9 to 4.5.2 of pgpool.",
        "pgpool crashed.\nOS: Ubuntu 22.04\nversion 4.5",
        "pgpool crashed. I do not know the version.",
        "rpm -q: pgpool-II-pg15-4.4.3-1pgdg.rhel8.x86_64",
    ],
)
def test_a_version_that_is_told(rules: Rules, text: str) -> None:
    assert "version" not in missing(rules, text)


@pytest.mark.parametrize(
    "text",
    [
        "pgpool crashed",
        "pgpool on 10.1.2.3",
        "pgpool on 10.1.2.3.4",
        "pgpool with PostgreSQL version 15.4",
        "pgpool with PostgreSQL のバージョン 15.4",
        "pgpool, kernel 5.14.0-362.el9",
        "pgpool behind Docker 24.0.7",
        "pgpool, version 2.1 of our program",
        "pgpool, 3 nodes, max_pool 4",
        "pgpool, at 10:15:30 on 2026-04-01",
    ],
)
def test_a_number_that_is_no_version_of_ours(rules: Rules, text: str) -> None:
    assert "version" in missing(rules, text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-01 10:15:31.772: main pid 20114: LOG:  reaper handler",
        "FATAL:  terminating pgpool",
        "Apr  1 10:15:31 db1 pgpool[1]: ready\nApr  1 10:15:32 db1 pgpool[1]: gone",
        "[2026-04-01 10:15:31] gone\n[2026-04-01 10:15:32] gone again",
        "kernel: Out of memory: Killed process 30112 (pgpool)",
        "The log is empty.",
        "ログには何も出ていません。",
    ],
)
def test_a_log_that_is_given(rules: Rules, text: str) -> None:
    assert "log" not in missing(rules, f"pgpool-II 4.5 crashed:\n\n{text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "See the log",
        "ERROR:",
        "It said fatal: no",
        "BACKLOG: 3 tickets",
        "2026-04-01 10:15 it stopped",
        "The log is attached.",
        "ログを添付します。",
    ],
)
def test_words_that_are_no_log(rules: Rules, text: str) -> None:
    assert "log" in missing(rules, f"pgpool-II 4.5 crashed:\n\n{text}\n")


def test_one_setting_is_the_question_and_two_are_a_configuration(rules: Rules) -> None:
    assert "configuration" in missing(rules, "pgpool crashes with\n\nmax_pool = 4\n")
    assert "configuration" not in missing(rules, "pgpool crashes with\n\nmax_pool = 4\n  failover_command='x'\n")
    assert "configuration" in missing(rules, "pgpool crashes at\n\nwhere a = 1\nand b == 2\nand c = 3")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("pgpool.log", "log"),
        ("PGPOOL.LOG", "log"),
        ("pgpool.log.1", "log"),
        ("pgpool_log.txt", "log"),
        ("障害時のログ.xlsx", "log"),
        ("core.20391", "log"),
        ("pgpool.conf", "configuration"),
        ("pgpool.conf.bak", "configuration"),
        ("pgpool設定.txt", "configuration"),
    ],
)
def test_what_is_attached(rules: Rules, name: str, given: str) -> None:
    assert missing(rules, "it crashed", name) == tuple(key for key in ALL if key != given)


def test_an_archive_may_hold_both_and_a_picture_none(rules: Rules) -> None:
    assert missing(rules, "it crashed", "support.zip") == ("product", "version", "platform")
    assert missing(rules, "it crashed", "image001.png", "") == ALL
    assert missing(rules, "it crashed", "x" * 100_000 + ".log") == ALL  # nobody calls a file so


@pytest.mark.parametrize(
    "text",
    [
        "pgpool-II 4.5 の負荷分散の設定方法を教えてください。",
        "How do I set up load balancing with pgpool-II 4.5?",
        "What happens if the leader of pgpool-II 4.5 crashes?",
        "pgpool-II 4.5 のプライマリがダウンした際の挙動について教えてください。",
    ],
)
def test_a_question_about_usage_is_not_asked_for_logs(rules: Rules, text: str) -> None:
    assert missing(rules, text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "pgpool-II 4.5 に接続できません。",
        "pgpool-II 4.5 が落ちました。",
        "pgpool-II 4.5 から応答がありません。",
        "pgpool-II 4.5 does not answer any more.",
        "pgpool-II 4.5 crashed. How do we get it to run again?",
        "pgpool-II 4.5 が起動しません。もしお分かりでしたら教えてください。",
    ],
)
def test_one_about_a_failure_is(rules: Rules, text: str) -> None:
    assert missing(rules, text) == ("platform", "log", "configuration")


@pytest.mark.parametrize(
    ("text", "equipment", "keys", "registered"),
    [
        pytest.param("pgpool crashed", (DB1,), ALL[3:], ("pgpool-II 4.5.2", "RHEL 9.4"), id="known"),
        pytest.param("it crashed", (DB1,), ALL[3:], ("pgpool-II 4.5.2", "RHEL 9.4"), id="the product too"),
        pytest.param("pgpool-II 4.5.1 crashed", (DB1,), ALL[3:], ("RHEL 9.4",), id="what was told is not repeated"),
        pytest.param("pgpool-II 4.5 on RHEL 9 crashed", (DB1,), ALL[3:], (), id="nothing is left to know"),
        pytest.param("pgpool crashed", (), ALL[1:], (), id="nothing is registered"),
        pytest.param(
            "pgpool crashed",
            (DB1, Equipment("db2", "RHEL 9.4", "pgpool-II 4.4.3")),
            ("version", *ALL[3:]),
            ("RHEL 9.4",),
            id="two versions",
        ),
        pytest.param(
            "pgpool crashed",
            (DB1, Equipment("db2", "Ubuntu 22.04", "PostgreSQL 16.1")),
            ALL[3:],
            ("pgpool-II 4.5.2", "RHEL 9.4"),
            id="the machine with pgpool",
        ),
        pytest.param(
            "pgpool crashed",
            (Equipment("db1", "RHEL 9.4", "pgpool-II"),),
            ("version", *ALL[3:]),
            ("RHEL 9.4",),
            id="no version",
        ),
        pytest.param(
            "it crashed",
            (DB1, Equipment("web", "RHEL 9.4", "pgpoolAdmin 4.2")),
            ("product", *ALL[3:]),
            ("pgpool-II 4.5.2, pgpoolAdmin 4.2", "RHEL 9.4"),
            id="two products",
        ),
        pytest.param(
            "pgpoolAdmin crashed",
            (DB1, Equipment("web", "Ubuntu 22.04", "pgpoolAdmin 4.2")),
            ALL[3:],
            ("pgpoolAdmin 4.2", "Ubuntu 22.04"),
            id="the product that is meant",
        ),
    ],
)
def test_what_the_registered_machines_tell(
    rules: Rules, text: str, equipment: tuple[Equipment, ...], keys: tuple[str, ...], registered: tuple[str, ...]
) -> None:
    assert left(rules, text, *equipment) == Asked(keys, registered)


def test_in_words(rules: Rules) -> None:
    found = Asked(("version", "platform"), ())
    assert lines(found, "en", rules.wanted) == (
        "its version: pgpool --version tells it",
        "the operating system and its version",
    )
    assert lines(found, "ja", rules.wanted) == (
        "製品のバージョン：pgpool --version で表示されます",
        "OS とそのバージョン",
    )
    assert titles(found, "ja", rules.wanted) == ("製品のバージョン", "OS とそのバージョン")


@pytest.mark.parametrize(
    "piece", ["a = 1\n", "4.5.2 ", "version ", "LOG:\n", "LOG: x", " ", "version 4.5 postgres ", "あ", "ver.", "1" * 9]
)
def test_no_text_takes_long(rules: Rules, piece: str) -> None:
    text = piece * (262_144 // len(piece))  # the longest that is analysed
    scope = scope_of("", text, rules.scope)
    before = process_time()
    missing_of("", text, [], scope, rules.wanted, rules.scope.products)
    assert process_time() - before < 2  # milliseconds are usual; what grows faster than its text takes minutes
