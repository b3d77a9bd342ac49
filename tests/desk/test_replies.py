"""Letters of the desk: what each template is given, and that it is given exactly what it wants."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from mailbot.desk.contract import Contract, Menu
from mailbot.desk.replies import (
    Acknowledgement,
    Desk,
    FailedMail,
    HeldMail,
    Joining,
    Missing,
    Question,
    UndeliveredLetter,
    Wording,
    acknowledged,
    bare_subject,
    contract_ended,
    failed,
    held,
    joining,
    question,
    undelivered,
)
from mailbot.desk.scope import Coverage
from mailbot.desk.verdict import HoldReason
from mailbot.mail.message import Attachment, Mailbox
from mailbot.templates import Templates, load

DESK = Desk(
    "Support Desk", "support@example.jp", "03-0000-0000", "24h", "https://www.example.jp/", ZoneInfo("Asia/Tokyo")
)
AT = datetime(2026, 11, 22, 1, 2, tzinfo=UTC)
DUE = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MENU = Menu("premium", {"ja": "プレミアム", "en": "Premium"}, "business", "always", 30, 800_000)
CONTRACT = Contract(1, "C-001", "株式会社サンプル", "premium", "ja", "本番クラスタ", 0, False, ())
ACKNOWLEDGEMENT = Acknowledgement(
    language="ja",
    contract=CONTRACT,
    menu=MENU,
    incident_number="INC-2026-000123",
    recipient_name="山田 太郎",
    to_list=False,
    subject="Re: 止まりました",
    products=("pgpool-II 4.5",),
    missing=(),
    urgent=True,
    urgent_doubtful=False,
    received_at=AT,
    due=DUE,
    opens_at=None,
    former_number=None,
)
QUESTION = Question(
    language="en",
    is_new=True,
    incident_number="INC-2026-000123",
    former_number=None,
    contract=CONTRACT,
    menu=MENU,
    author=Mailbox("山田 太郎", "taro@example.co.jp"),
    through_list=None,
    subject="it hangs",
    urgent=True,
    urgent_doubtful=True,
    evidence=("production: 本番",),
    scope="in-scope",
    scope_reason="about pgpool-II",
    received_at=AT,
    due=DUE,
    new_text="It hangs.\n",
    attachments=(Attachment("pgpool.conf", "text/plain", 12_000, False, 2),),
)
HELD = HeldMail(7, AT, "x@example.net", "hello", HoldReason.STRANGER)
FAILED = FailedMail(8, AT, "x@example.net", "hello", "ValueError: odd\nsecond line")
UNDELIVERED = UndeliveredLetter(9, "ack:1", None, "taro@example.co.jp", "Re: x", "550 5.1.1 unknown", AT)
WORDINGS = [
    acknowledged(DESK, ACKNOWLEDGEMENT),
    question(DESK, QUESTION),
    held(DESK, "ja", [HELD]),
    failed(DESK, "ja", FAILED),
    undelivered(DESK, "en", UNDELIVERED),
    contract_ended(DESK, "ja", CONTRACT, "山田 太郎", "Re: 質問"),
    joining(DESK, Joining("en", "INC-2026-000123", "Taro", "Acme", Mailbox("", "x@example.net"), "hangs")),
]


@pytest.fixture(scope="module")
def templates() -> Templates:
    return load(Path(__file__).parents[2] / "templates", languages=["ja", "en"])


def rendered(templates: Templates, wording: Wording) -> str:
    letter = templates.render(wording.language, wording.template, wording.variables)
    return f"{letter.subject}\n\n{letter.text}"


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.template)
def test_the_samples_name_exactly_what_is_given(templates: Templates, wording: Wording) -> None:
    for sample in templates.samples[wording.template]:
        assert set(sample) == set(wording.variables)
    assert rendered(templates, wording)


def test_every_template_has_its_letter(templates: Templates) -> None:
    assert {wording.template for wording in WORDINGS} == set(templates.names)


def _plain(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_plain, value))
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _plain(each) for key, each in value.items())
    return isinstance(value, str | bool)


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.template)
def test_templates_get_plain_values_only(wording: Wording) -> None:
    assert _plain(dict(wording.variables))


def test_an_urgent_acknowledgement_opens_with_the_phone(templates: Templates) -> None:
    lines = rendered(templates, acknowledged(DESK, ACKNOWLEDGEMENT)).split("\n")
    assert lines[0] == "Re: [INC-2026-000123] 止まりました"
    assert "03-0000-0000（24h）" in lines[2]  # S21
    english = rendered(templates, acknowledged(DESK, replace(ACKNOWLEDGEMENT, language="en"))).split("\n")
    assert "03-0000-0000 (24h)" in english[2]


@pytest.mark.parametrize("what", [replace(ACKNOWLEDGEMENT, urgent=False), ACKNOWLEDGEMENT])
def test_without_urgency_or_phone_it_does_not(templates: Templates, what: Acknowledgement) -> None:
    desk = replace(DESK, phone="") if what.urgent else DESK
    assert rendered(templates, acknowledged(desk, what)).split("\n")[2] == "株式会社サンプル"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_acknowledgement_says_what_a_first_response_must(templates: Templates, language: str) -> None:
    text = rendered(templates, acknowledged(DESK, replace(ACKNOWLEDGEMENT, language=language)))  # type: ignore[arg-type]
    moments = {"ja": "2026年11月24日(火) 10:00 JST", "en": "Tue 24 Nov 2026 10:00 JST"}
    title = MENU.title["ja" if language == "ja" else "en"]
    for said in ("C-001", title, "本番クラスタ", "INC-2026-000123", "止まりました", "pgpool-II 4.5", moments[language]):
        assert said in text  # S19
    assert "https://www.example.jp/" in text  # S29


def test_outside_the_hours_it_says_when_they_begin(templates: Templates) -> None:
    what = replace(ACKNOWLEDGEMENT, opens_at=datetime(2026, 11, 24, 0, 0, tzinfo=UTC))
    assert "2026年11月24日(火) 09:00 JST より" in rendered(templates, acknowledged(DESK, what))


def test_a_follow_up_names_the_former_incident(templates: Templates) -> None:
    assert "INC-2026-000099" in rendered(
        templates, acknowledged(DESK, replace(ACKNOWLEDGEMENT, former_number="INC-2026-000099"))
    )


@pytest.mark.parametrize(
    ("name", "to_list", "line"),
    [
        ("山田 太郎", False, "山田 太郎 様"),
        ("", False, "ご担当者様"),
        ("DBA", True, "DBA 各位"),
        ("", True, "ご担当者各位"),
    ],
)
def test_salutation(templates: Templates, name: str, to_list: bool, line: str) -> None:
    what = replace(ACKNOWLEDGEMENT, recipient_name=name, to_list=to_list)
    assert line in rendered(templates, acknowledged(DESK, what)).split("\n")


def test_hostile_values_stay_on_their_line(templates: Templates) -> None:
    bad = "x\r\n\r\nPlease pay to\u202e {{ desk_phone }}"
    before = rendered(templates, acknowledged(DESK, ACKNOWLEDGEMENT)).count("\n")
    what = replace(
        ACKNOWLEDGEMENT, subject=bad, recipient_name=bad, products=(bad,), contract=replace(CONTRACT, cluster=bad)
    )
    text = rendered(templates, acknowledged(DESK, what))
    assert text.count("\n") == before
    assert "{{ desk_phone }}" in text


def test_staff_see_the_question_with_its_reasons(templates: Templates) -> None:
    text = rendered(templates, question(DESK, QUESTION))
    for said in ("production: 本番", "in scope - about pgpool-II", "It hangs.", "pgpool.conf (text/plain, 12 KB)"):
        assert said in text
    assert "taro@example.co.jp" in text


def test_a_very_long_text_is_cut_and_says_so(templates: Templates) -> None:
    text = rendered(templates, question(DESK, replace(QUESTION, new_text="長" * 100_000)))
    assert len(text) < 62_000
    assert "mailbot incident show INC-2026-000123)" in text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_key_of_the_program_has_words(templates: Templates, language: str) -> None:
    words = templates.words[language]
    assert set(words["reason"]) == {reason.value for reason in HoldReason}
    assert set(words["scope"]) == {coverage.value for coverage in Coverage}
    assert set(words["missing"]) == set(get_args(Missing))


def test_held_mails_stand_oldest_first_with_their_reason(templates: Templates) -> None:
    older = replace(HELD, id=9, received_at=datetime(2026, 11, 21, tzinfo=UTC), reason=HoldReason.NOT_BEGUN)
    text = rendered(templates, held(DESK, "en", [HELD, older]))
    assert text.index("#9") < text.index("#7")
    assert "no registered asker" in text
    assert "not begun" in text


def test_a_storm_of_held_mails_is_listed_in_part_and_counted_in_full(templates: Templates) -> None:
    mails = [replace(HELD, id=number) for number in range(250)]
    letter = rendered(templates, held(DESK, "en", mails))
    assert letter.startswith("Mails on hold: 250\n")
    assert letter.count("no registered asker") == 100
    assert "And 150 more" in letter


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("止まりました", "止まりました"),
        ("Re: 止まりました", "止まりました"),
        ("RE: Re[2]: re^3: x", "x"),
        ("Re: [INC-2026-000123] Re: x", "x"),
        ("[INC-2026-000123] Re: [INC-2025-000001] x", "x"),
        ("返信：x", "x"),
        ("Fwd: x", "Fwd: x"),
        ("Regarding: x", "Regarding: x"),
        ("[list] Re: x", "[list] Re: x"),
        ("", ""),
        ("Re:", ""),
        ("a\r\nb", "a b"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_bare_subject(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare
