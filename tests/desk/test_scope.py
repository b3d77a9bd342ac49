"""What is a question about? With the rules that travel with the program; see also the examples in rules/scope.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.desk.scope import Coverage, ScopeRules, scope_of
from mailbot.rules import load

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rules() -> ScopeRules:
    return load(PROJECT / "rules").scope


@pytest.mark.parametrize(
    ("coverage", "reason", "text"),
    [
        pytest.param(Coverage.IN_SCOPE, "about pgpool-II", "Pgpool-II のログについて", id="product"),
        pytest.param(Coverage.IN_SCOPE, "about pgpool-II", "ｐｇｐｏｏｌ－ＩＩの件", id="full width"),
        pytest.param(Coverage.IN_SCOPE, "about pgpool-II", "pcp_attach_node fails", id="command"),
        pytest.param(Coverage.IN_SCOPE, "about pgpool-II, pgpoolAdmin", "pgpoolAdmin と pgpool-II", id="two products"),
        pytest.param(Coverage.IN_SCOPE, "about pgpoolAdmin", "pgpoolAdminの画面", id="pgpoolAdmin is not pgpool"),
        pytest.param(
            Coverage.OUT_OF_SCOPE, "unsupported version: pgpool-ii 2.3.1 (S1)", "pgpool-II 2.3.1 の件", id="old version"
        ),
        pytest.param(
            Coverage.OUT_OF_SCOPE, "parallel query is excluded (S1)", "pgpool の並列クエリについて", id="excluded"
        ),
        pytest.param(
            Coverage.UNCLEAR,
            "parallel query is excluded (S1), but PostgreSQL may be meant",
            "pgpool and parallel query in PostgreSQL 16",
            id="whose parallel query",
        ),
        pytest.param(
            Coverage.ADJACENT,
            "only about PostgreSQL, used beside the supported products (S2)",
            "How does PostgreSQL autovacuum work, also beside MySQL?",
            id="database",
        ),
        pytest.param(Coverage.OUT_OF_SCOPE, "only about PgBouncer (S1)", "PgBouncer の設定", id="other software"),
        pytest.param(Coverage.UNCLEAR, "names no product", "よろしくお願いします", id="nothing"),
    ],
)
def test_coverage(rules: ScopeRules, coverage: Coverage, reason: str, text: str) -> None:
    scope = scope_of("", text, rules)
    assert (scope.coverage, scope.reason) == (coverage, reason)


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        pytest.param("pgpool-II 4.5.2", ["4.5.2"], id="plain"),
        pytest.param("pgpool-II-4.5.2.tar.gz", ["4.5.2"], id="archive"),
        pytest.param("pgpool-II-pg15-4.5.2-1pgdg.rhel8", ["4.5.2"], id="package"),
        pytest.param("Pgpool-II version 4.5", ["4.5"], id="version"),
        pytest.param("pgpool-II (Ver. 4.5.1)", ["4.5.1"], id="ver"),
        pytest.param("pgpool-IIのバージョンは 4.3.1 です", ["4.3.1"], id="Japanese"),
        pytest.param("pgpool-II V4.4 と pgpool-II 3.7.5", ["4.4", "3.7.5"], id="two, in their order"),
        pytest.param("pgpool-II 4.5 ... pgpool-II 4.5", ["4.5"], id="once"),
        pytest.param("pgpool-II 3台構成", [], id="a number of machines"),
        pytest.param("pgpool-II 192.168.0.1", [], id="an address"),
        pytest.param("pgpool-II 10.0.0.1 で", [], id="a short address"),
        pytest.param("PostgreSQL 15.4 and pgpool-II", [], id="of something else"),
    ],
)
def test_versions(rules: ScopeRules, text: str, versions: list[str]) -> None:
    assert [seen.version for seen in scope_of("", text, rules).versions] == versions


@pytest.mark.parametrize(
    ("text", "platforms"),
    [
        pytest.param("pgpool-II on Windows Server 2019", ("Windows",), id="foreign"),
        pytest.param("pgpool-II on CentOS 3.9", ("CentOS 3.9",), id="too old"),
        pytest.param("pgpool-II on RHEL 8.6 and Ubuntu 22.04", (), id="supported"),
        pytest.param("pgpool-II on RHEL 3台", (), id="no version"),
    ],
)
def test_platforms_outside_are_noted(rules: ScopeRules, text: str, platforms: tuple[str, ...]) -> None:
    assert scope_of("", text, rules).unsupported_platforms == platforms


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        pytest.param("インストール手順を教えてください", ("install",), id="install"),
        pytest.param("性能が出ないのでパラメータを見直したい", ("configuration", "tuning"), id="two"),
        pytest.param("It crashed after failover", ("operation", "failure"), id="failure"),
        pytest.param("こんにちは", (), id="none"),
    ],
)
def test_topics(rules: ScopeRules, text: str, topics: tuple[str, ...]) -> None:
    assert scope_of("", text, rules).topics == topics
