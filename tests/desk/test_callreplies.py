"""What do those read who are called, and the asker when a person decides how urgent it is?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from mailbot.desk.callreplies import Next, partner_call, partner_told, settled, staff_call, urgency
from mailbot.desk.contract import Language
from mailbot.desk.orders import Said, Step
from mailbot.desk.replies import Wording
from mailbot.templates import Templates, load
from tests.call_letters import AT, CALL, DECIDED, DESK, HIDDEN, SETTLED, SHOWN

PARTNER_HEARS = {
    Said.TAKEN,
    Said.TAKEN_BY_ANOTHER,
    Said.CALLED_OFF,
    Said.INCIDENT_CLOSED,
    Said.NOT_CALLED,
    Said.KEPT,
}


@pytest.fixture(scope="module")
def templates() -> Templates:
    return load(Path(__file__).parents[2] / "templates", languages=["ja", "en"])


def rendered(templates: Templates, wording: Wording) -> str:
    letter = templates.render(wording.language, wording.template, wording.variables)
    return f"{letter.subject}\n\n{letter.text}"


@pytest.mark.parametrize("language", get_args(Language))
def test_the_partner_reads_the_question_and_no_address_of_staff(templates: Templates, language: Language) -> None:
    text = rendered(templates, partner_call(DESK, replace(CALL, language=language), SHOWN, HIDDEN))
    for said in (
        "INC-2026-000123",
        "株式会社サンプル",
        "本番クラスタ",
        "db1: RHEL 9.4, pgpool-II 4.5.2",
        "pgpool-II",
        "production: 本番",
        "03-0000-0000",
        "It hangs.",
        "pgpool.log (12 KB)",
        "take INC-2026-000123",
    ):
        assert said in text
    assert " <sato@" not in text
    assert "maria.sato@desk.example" in text, "that is somebody else"
    assert "C-001" not in text


@pytest.mark.parametrize(
    "written", ["SATO@desk.example", "sato@desk.example.", "(sato@desk.example)", "a,sato@desk.example"]
)
def test_an_address_is_hidden_however_it_stands_there(templates: Templates, written: str) -> None:
    shown = replace(SHOWN, new_text=f"Ask {written}", attachments=((f"{written}.log", 1),))
    call = replace(CALL, subject=written, evidence=(written,))
    text = rendered(templates, partner_call(DESK, call, shown, HIDDEN)).casefold()
    assert "sato@desk.example" not in text.replace("sato@desk.example.log", "")


def test_a_call_says_who_is_called_next_and_when(templates: Templates) -> None:
    at = AT + timedelta(minutes=15)
    assert "all staff will be called at Sun 22 Nov 2026 03:15 JST" in rendered(
        templates, staff_call(DESK, CALL, Next(at, "all"))
    )
    assert "Suzuki will be called at" in rendered(templates, staff_call(DESK, CALL, Next(at, "Suzuki")))
    assert "nobody else is called after you" in rendered(templates, staff_call(DESK, CALL, None))
    assert "パートナーを呼び出します" in rendered(
        templates, staff_call(DESK, replace(CALL, language="ja"), Next(at, "partner"))
    )


def test_a_second_call_says_so(templates: Templates) -> None:
    assert "URGENT AGAIN" in rendered(templates, staff_call(DESK, replace(CALL, again=True), None))
    assert "URGENT AGAIN" not in rendered(templates, staff_call(DESK, CALL, None))


def test_staff_read_who_has_it_and_what_they_wrote(templates: Templates) -> None:
    text = rendered(templates, settled(DESK, replace(SETTLED, language="en")))
    assert "Sato <sato@desk.example> has taken INC-2026-000123." in text
    assert "I phone them." in text
    off = rendered(templates, settled(DESK, replace(SETTLED, language="en", taken=False, wrote="")))
    assert "says that INC-2026-000123 is not urgent" in off
    assert "besides" not in off


@pytest.mark.parametrize("language", get_args(Language))
def test_there_are_words_for_all_that_the_partner_may_hear(templates: Templates, language: Language) -> None:
    assert set(templates.words[language]["partner"]) == {each.value for each in PARTNER_HEARS}
    assert set(templates.words[language]["order"]) == {each.value for each in Step}
    for said in PARTNER_HEARS:
        text = rendered(templates, partner_told(DESK, language, "INC-2026-000123", said.value, noted=False))
        assert "sato" not in text


@pytest.mark.parametrize("language", get_args(Language))
def test_the_asker_is_asked_to_phone_only_when_it_is_urgent(templates: Templates, language: Language) -> None:
    urgent = rendered(templates, urgency(DESK, replace(DECIDED, language=language))).split("\n")
    assert "03-0000-0000" in urgent[2]  # S21
    normal = replace(DECIDED, language=language, urgent=False, starts_at=AT + timedelta(hours=6))
    text = rendered(templates, urgency(DESK, normal))
    assert "03-0000-0000" not in text.split("\n")[2]
    assert {"ja": "2026年11月22日(日) 09:00 JST より対応を開始", "en": "We start at Sun 22 Nov 2026 09:00 JST"}[
        language
    ] in text
