"""Letters that go out because time runs away: what staff learn of a missing acknowledgement, and a writer of a mail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.desk.contract import Language
from mailbot.desk.latereplies import LateAcknowledgement, late, neutral
from mailbot.desk.replies import Wording
from mailbot.templates import Templates, load
from tests.late_letters import AT, DESK, DUE, LATE


@pytest.fixture(scope="module")
def templates() -> Templates:
    return load(Path(__file__).parents[2] / "templates", languages=["ja", "en"])


def rendered(templates: Templates, wording: Wording) -> str:
    letter = templates.render(wording.language, wording.template, wording.variables)
    return f"{letter.subject}\n\n{letter.text}"


def alarm(templates: Templates, language: Language, *rows: LateAcknowledgement, count: int = 1) -> str:
    return rendered(templates, late(DESK, language, rows, count=count, earliest=DUE))


def test_a_late_acknowledgement_is_told_with_what_became_of_it(templates: Templates) -> None:
    text = alarm(templates, "en", LATE)
    assert text.startswith("URGENT: acknowledgements that have not left: 1\n")
    for said in ("INC-2026-000123", "URGENT  80 %", "C-001", "Tue 24 Nov 2026 10:00 JST", "taro@example.co.jp"):
        assert said in text
    assert "waits to be sent, or sent again (outbox 12, tries: 7)" in text
    assert "450 4.2.0 try again later" in text
    assert "more" not in text


def test_what_is_overdue_is_called_so(templates: Templates) -> None:
    breach = replace(LATE, percent=100)
    assert alarm(templates, "en", breach).startswith("BREACH: ")
    assert alarm(templates, "ja", breach).startswith("【期限超過】")
    assert alarm(templates, "ja", LATE).startswith("【至急】")


def test_one_that_was_never_written_is_told_too(templates: Templates) -> None:
    none = replace(LATE, state="missing", outbox_id=None, recipient="", answer="", attempts=0)
    text = alarm(templates, "en", none)
    assert "THERE IS NONE" in text
    assert "tries" not in text
    assert "Relay:" not in text


def test_thousands_are_counted_and_twenty_named(templates: Templates) -> None:
    rows = [replace(LATE, number=f"INC-2026-{number:06d}") for number in range(30)]
    text = alarm(templates, "en", *rows, count=5_000)
    assert text.count("450 4.2.0") == 20
    assert "And 4980 more." in text


def test_a_relay_that_says_much_stays_on_its_line(templates: Templates) -> None:
    before = alarm(templates, "ja", LATE).count("\n")
    text = alarm(templates, "ja", replace(LATE, answer="450 no\r\n\r\nPlease pay {{ desk_url }}" + "x" * 500))
    assert text.count("\n") == before
    assert len(max(text.split("\n"), key=len)) < 250


@pytest.mark.parametrize(
    ("language", "when"), [("ja", "2026年11月22日(日) 10:02 JST"), ("en", "Sun 22 Nov 2026 10:02 JST")]
)
def test_a_neutral_letter_says_when_and_promises_nothing(templates: Templates, language: Language, when: str) -> None:
    text = rendered(templates, neutral(DESK, language, "山田 太郎", AT, DESK.zone))
    assert when in text
    assert "山田 太郎" in text
    assert ("お約束するものではありません" if language == "ja" else "promises no answer and no time") in text
    assert "INC-" not in text
    assert "C-0" not in text


def test_who_has_no_name_is_greeted_all_the_same(templates: Templates) -> None:
    assert "ご担当者様" in rendered(templates, neutral(DESK, "ja", "", AT, DESK.zone))
    assert "Dear Sir or Madam," in rendered(templates, neutral(DESK, "en", "", AT, DESK.zone))
