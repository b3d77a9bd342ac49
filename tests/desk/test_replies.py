"""Letters of the desk: what each template is given, and that it is given exactly what it wants."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from mailbot.desk import alarms
from mailbot.desk.changes import KEYS, Role
from mailbot.desk.contract import Asker, AskerKind, Contract, Language, Menu, Term
from mailbot.desk.incident import Status, Urgency
from mailbot.desk.latereplies import LetterState
from mailbot.desk.notices import Offered, OpenIncident, TermEnded, Welcome, term_ended, welcome
from mailbot.desk.orders import Action, Order, Outcome, Proposal, Said, Step
from mailbot.desk.promise import Promise
from mailbot.desk.pulse import Found, Jumped, Restarted, Slept
from mailbot.desk.pulse import alarm as clock_alarm
from mailbot.desk.reminding import DueAnswer, answers_late, reminder
from mailbot.desk.replies import (
    Acknowledgement,
    Desk,
    FailedMail,
    HeldMail,
    Joining,
    Question,
    Transcript,
    UndeliveredLetter,
    Wording,
    acknowledged,
    alarm,
    bare_subject,
    contract_ended,
    failed,
    held,
    joining,
    question,
    transcript,
    undelivered,
)
from mailbot.desk.report import Kept
from mailbot.desk.reporttable import COLUMNS
from mailbot.desk.reportwords import Addressee, contact_report, staff_report
from mailbot.desk.scope import Coverage
from mailbot.desk.verdict import HoldReason
from mailbot.flows.changeletters import WARNINGS
from mailbot.mail.message import Attachment, Mailbox, Trust
from mailbot.templates import Templates, load
from tests.call_letters import CALL_WORDINGS
from tests.change_letters import CHANGE_WORDINGS
from tests.desk.report_values import asked, reported
from tests.late_letters import LATE_WORDINGS

DESK = Desk(
    "Support Desk", "support@example.jp", "03-0000-0000", "24h", "https://www.example.jp/", ZoneInfo("Asia/Tokyo")
)
AT = datetime(2026, 11, 22, 1, 2, tzinfo=UTC)
OPENS = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MENU = Menu("premium", {"ja": "プレミアム", "en": "Premium"}, "business", "always", 30, 800_000)
CONTRACT = Contract(1, "C-001", "株式会社サンプル", "premium", "ja", "本番クラスタ", 0, False, ())
PROMISE = Promise(AT, DUE, None, 30, "月曜～金曜 9:00～18:00 JST", "24 時間 365 日", "")
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
    registered=(),
    urgent=True,
    urgent_doubtful=False,
    promise=PROMISE,
    due=DUE,
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
    lacking=("critical", "sign"),
    scope="in-scope",
    scope_reason="about pgpool-II",
    missing=("its version", "the log"),
    received_at=AT,
    due=DUE,
    new_text="It hangs.\n",
    attachments=(Attachment("pgpool.conf", "text/plain", 12_000, False, 2),),
)
HELD = HeldMail(7, AT, "x@example.net", "hello", HoldReason.STRANGER)
KNOWN = replace(
    HELD, contract="C-001", due=DUE, excerpt="Hello,\n\nrelease 7", orders=(Proposal("reject 7", Step.REJECT),)
)
TRANSCRIPT = Transcript(
    "en",
    "Re: Mails on hold: 1",
    (
        (Order("reject 7", Action.REJECT, 7), Outcome(Said.REJECTED)),
        (Order("release 8", Action.RELEASE, 8), Outcome(Said.DECIDED, "by suzuki@desk.example")),
    ),
    ("relase 9",),
)
FAILED = FailedMail(8, AT, "x@example.net", "hello", "ValueError: odd\nsecond line")
UNDELIVERED = UndeliveredLetter(9, "ack:1", None, "taro@example.co.jp", "Re: x", "550 5.1.1 unknown", AT)
ASKER = Asker(1, 1, AskerKind.PERSON, "山田 太郎", "taro@example.co.jp", None)
WELCOME = Welcome(
    language="ja",
    contract=CONTRACT,
    term=Term(date(2026, 4, 1), date(2027, 3, 31)),
    offered=Offered("サポート", "プレミアム", ("pgpool-II",), "平日", "24 時間", 30),
    recipient=Mailbox("山田 太郎", "taro@example.co.jp"),
    asker=ASKER,
    is_contact=False,
    askers=(ASKER,),
    registry="registry@example.jp",
)
ENDED = TermEnded(
    contract=CONTRACT,
    menu="Premium",
    ended_on=date(2027, 3, 31),
    cancelled_at=None,
    contacts=(Mailbox("Hanako", "hanako@example.co.jp"),),
    incidents=[OpenIncident("INC-2026-000123", "acknowledged", "it hangs", Mailbox("Taro", "taro@example.co.jp"))],
)
OWED = DueAnswer(
    incident_number="INC-2026-000123",
    contract_number="C-001",
    customer="株式会社サンプル",
    asker=Mailbox("山田 太郎", "taro@example.co.jp"),
    subject="it hangs",
    first=True,
    urgent=False,
    due=DUE,
    late=False,
    assignee="",
)
CLOCK = Found(
    daemon="mail1",
    finding=Jumped(timedelta(days=365)),
    former_at=AT,
    present_at=AT + timedelta(days=365),
    suspended=True,
    resumed=False,
)
OUTAGE = alarms.Outage("first", AT, "smtp://mx.example.com: connection refused", 3, instead=True)
WORDINGS = [
    acknowledged(DESK, ACKNOWLEDGEMENT),
    question(DESK, QUESTION),
    held(DESK, "ja", [KNOWN]),
    alarm(DESK, "ja", [replace(HELD, percent=100)]),
    transcript(DESK, TRANSCRIPT),
    failed(DESK, "ja", FAILED),
    undelivered(DESK, "en", UNDELIVERED),
    contract_ended(DESK, "ja", CONTRACT, "山田 太郎", "Re: 質問"),
    joining(DESK, Joining("en", "INC-2026-000123", "Taro", "Acme", Mailbox("", "x@example.net"), "hangs")),
    *CHANGE_WORDINGS,
    *CALL_WORDINGS,
    welcome(DESK, WELCOME),
    welcome(DESK, replace(WELCOME, asker=None, is_contact=True)),
    term_ended(DESK, "en", ENDED),
    contact_report(DESK, "ja", reported(asked()), "プレミアム", Addressee("佐藤 花子")),
    staff_report(DESK, "en", reported(asked(), contract=None), Addressee("Eng")),
    reminder(DESK, "ja", [OWED]),
    answers_late(DESK, "en", [OWED]),
    *LATE_WORDINGS,
    clock_alarm(DESK, "ja", CLOCK),
    alarms.fails(DESK, "en", OUTAGE),
    alarms.works_again(DESK, "ja", "first", AT),
    alarms.trial(DESK, "en", AT),
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
    what = replace(ACKNOWLEDGEMENT, promise=replace(PROMISE, opens_at=OPENS))
    assert "2026年11月24日(火) 09:00 JST より" in rendered(templates, acknowledged(DESK, what))


LIMITED = replace(PROMISE, opens_at=OPENS, urgent_hours="", open_menu="Premium")


@pytest.mark.parametrize(
    ("language", "promise", "urgent", "said", "unsaid"),
    [
        ("en", PROMISE, True, ["We treat your question as urgent.", "within\n30 minutes, 24 時間"], ["counted in"]),
        (
            "en",
            PROMISE,
            False,
            ["30 minutes, counted in:\n  月曜", "(urgent questions: 24 時間"],
            ["We treat"],
        ),
        ("en", LIMITED, False, ["The time for our answer counts from then."], ["Our menu Premium", "urgent"]),
        (
            "en",
            LIMITED,
            True,
            ["covers urgent questions, too, in these hours:\n  月曜", "Our menu Premium covers"],
            ["counts from then"],
        ),
        ("ja", PROMISE, True, ["緊急のお問い合わせに 24 時間 365 日、30 分以内"], ["次の対応時間"]),
        ("ja", PROMISE, False, ["数えて 30 分以内にご回答します。\n  月曜"], ["として承りました"]),
        ("ja", LIMITED, False, ["この時刻から数えます"], ["メニュー「Premium」", "緊急のお問い合わせ"]),
        (
            "ja",
            LIMITED,
            True,
            ["対応時間内に承っております。\n  月曜", "メニュー「Premium」では"],
            ["この時刻から数えます"],
        ),
    ],
)
def test_which_clock_applies_and_why(
    templates: Templates, language: Language, promise: Promise, urgent: bool, said: list[str], unsaid: list[str]
) -> None:
    what = replace(ACKNOWLEDGEMENT, language=language, promise=promise, urgent=urgent)
    text = rendered(templates, acknowledged(DESK, what))
    assert [each for each in said if each not in text] == []
    assert [each for each in unsaid if each in text] == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_time_that_is_over_is_not_promised(templates: Templates, language: Language) -> None:
    what = replace(ACKNOWLEDGEMENT, language=language, promise=replace(PROMISE, answer_by=None))
    text = rendered(templates, acknowledged(DESK, what))
    assert {"ja": "できるだけ早くご回答いたします", "en": "as soon as we can"}[language] in text
    assert {"ja": "までにご回答", "en": "answer by"}[language] not in text


def test_who_cannot_be_helped_at_once_is_asked_to_phone_when_the_desk_opens(templates: Templates) -> None:
    what = replace(ACKNOWLEDGEMENT, language="en", promise=LIMITED)
    text = rendered(templates, acknowledged(DESK, what))
    assert "phone us about this urgent question when we open: 03-0000-0000 (24h)" in text.split("\n")[2]
    alone = rendered(templates, acknowledged(DESK, replace(what, promise=replace(LIMITED, open_menu=""))))
    assert "when we open" in alone
    assert "Our menu" not in alone
    silent = rendered(templates, acknowledged(replace(DESK, phone=""), what))
    assert "phone" not in silent.lower()


@pytest.mark.parametrize(
    ("language", "answer_by", "opens_at"),
    [
        ("en", "by Tue 24 Nov 2026 02:00 CET (10:00 JST).", "at Tue 24 Nov 2026 01:00 CET (09:00 JST)"),
        ("ja", "2026年11月24日(火) 02:00 CET（10:00 JST） までに", "2026年11月24日(火) 01:00 CET（09:00 JST） より"),
    ],
)
def test_times_are_told_where_the_customer_lives(
    templates: Templates, language: Language, answer_by: str, opens_at: str
) -> None:
    contract = replace(CONTRACT, timezone="Europe/Berlin")
    what = replace(ACKNOWLEDGEMENT, language=language, contract=contract, promise=replace(PROMISE, opens_at=OPENS))
    text = rendered(templates, acknowledged(DESK, what))
    assert answer_by in text
    assert opens_at in text


def test_a_zone_that_the_machine_does_not_know_any_more_keeps_no_acknowledgement_back(templates: Templates) -> None:
    what = replace(ACKNOWLEDGEMENT, language="en", contract=replace(CONTRACT, timezone="Europe/Atlantis"))
    assert "by Tue 24 Nov 2026 10:00 JST." in rendered(templates, acknowledged(DESK, what))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_only_what_is_missing_is_asked_for(templates: Templates, language: Language) -> None:
    ask = {"ja": "次の点もお知らせください", "en": "please also send us"}[language]
    what = replace(ACKNOWLEDGEMENT, language=language)
    assert ask not in rendered(templates, acknowledged(DESK, what))
    what = replace(what, missing=("the log",), registered=("pgpool-II 4.5.2", "RHEL 9.4"))
    text = rendered(templates, acknowledged(DESK, what))
    assert ask in text
    assert ("  ・the log" if language == "ja" else "  - the log") in text.split("\n")
    assert f"pgpool-II 4.5.2{'、' if language == 'ja' else ', '}RHEL 9.4" in text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_line_is_left_blank_twice(templates: Templates, language: Language) -> None:
    late = replace(PROMISE, answer_by=None)
    for promise in (PROMISE, LIMITED, replace(PROMISE, opens_at=OPENS), late):
        for urgent, doubtful in ((False, False), (True, False), (True, True)):
            what = replace(ACKNOWLEDGEMENT, language=language, promise=promise, urgent=urgent, urgent_doubtful=doubtful)
            assert "\n\n\n" not in rendered(templates, acknowledged(DESK, what))


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
    for said in (
        "Missing:     its version, the log",
        "production: 本番",
        "in scope - about pgpool-II",
        "It hangs.",
        "pgpool.conf (text/plain, 12 KB)",
    ):
        assert said in text
    assert "taro@example.co.jp" in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        pytest.param("ja", "業務上きわめて重要であること、データ破壊", id="ja"),
        pytest.param("en", "Not said (please ask): that it is mission critical; lost data", id="en"),
    ],
)
def test_staff_see_what_a_doubtful_question_lacks(templates: Templates, language: Language, said: str) -> None:
    assert said in rendered(templates, question(DESK, replace(QUESTION, language=language)))
    certain = replace(QUESTION, language=language, urgent_doubtful=False, lacking=())
    assert said not in rendered(templates, question(DESK, certain))


def test_a_very_long_text_is_cut_and_says_so(templates: Templates) -> None:
    text = rendered(templates, question(DESK, replace(QUESTION, new_text="長" * 100_000)))
    assert len(text) < 62_000
    assert "mailbot incident show INC-2026-000123)" in text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_key_of_the_program_has_words(templates: Templates, language: str) -> None:
    words = templates.words[language]
    assert set(words["reason"]) == {reason.value for reason in HoldReason}
    assert set(words["letter_state"]) == set(get_args(LetterState))
    assert set(words["scope"]) == {coverage.value for coverage in Coverage}
    assert set(words["order"]) == {step.value for step in Step}
    assert set(words["outcome"]) == {said.value for said in Said}
    assert set(words["change"]) == KEYS
    assert set(words["change_warning"]) == set(WARNINGS)
    assert set(words["role"]) == {role.value for role in Role}
    assert set(words["trust"]) == {trust.value for trust in Trust}
    assert set(words["status"]) == {status.value for status in Status}
    assert set(words["report_kept"]) == set(words["report_margin"]) == {kept.value for kept in Kept}
    assert set(words["report_scope"]) == {coverage.value for coverage in Coverage}
    assert set(words["report_urgency"]) == {urgency.value for urgency in Urgency}
    assert set(words["report_column"]) == set(COLUMNS)


def test_held_mails_stand_oldest_first_with_their_reason(templates: Templates) -> None:
    older = replace(HELD, id=9, received_at=datetime(2026, 11, 21, tzinfo=UTC), reason=HoldReason.NOT_BEGUN)
    text = rendered(templates, held(DESK, "en", [HELD, older]))
    assert text.index("#9") < text.index("#7")
    assert "no registered asker" in text
    assert "not begun" in text


def test_a_storm_of_strangers_hides_no_customer_from_an_alarm(templates: Templates) -> None:
    strangers = [replace(HELD, id=number, percent=100) for number in range(100, 350)]
    customer = replace(KNOWN, received_at=datetime(2026, 11, 23, tzinfo=UTC), percent=50)
    letter = rendered(templates, alarm(DESK, "en", [*strangers, customer]))
    assert letter.startswith("URGENT: mails on hold wait too long: 251\n")
    assert letter.index("#7 ") < letter.index("#100 ")
    assert "  Over:     50 % of the time" in letter.split("\n")


def test_what_a_stranger_says_is_marked_and_orders_stand_indented(templates: Templates) -> None:
    lines = rendered(templates, held(DESK, "en", [KNOWN])).split("\n")
    assert "  | release 7" in lines  # as a quotation, which no answer executes
    assert "      reject 7" in lines
    assert "  Due:      Tue 24 Nov 2026 10:00 JST (first response, if it is a question)" in lines


def test_a_transcript_says_what_was_done_and_what_was_not(templates: Templates) -> None:
    letter = rendered(templates, transcript(DESK, TRANSCRIPT))
    assert letter.startswith("Not all was done: Mails on hold: 1\n")
    done, undone = letter.index("Done:\n  reject 7\n"), letter.index("Not done:\n  release 8\n")
    assert done < undone < letter.index("nothing was done about it:\n  relase 9\n")
    assert "by suzuki@desk.example" in letter


def test_a_storm_of_held_mails_is_listed_in_part_and_counted_in_full(templates: Templates) -> None:
    mails = [replace(HELD, id=number) for number in range(250)]
    letter = rendered(templates, held(DESK, "en", mails))
    assert letter.startswith("Mails on hold: 250\n")
    assert letter.count("no registered asker") == 100
    assert "And 150 more" in letter


@pytest.mark.parametrize(
    ("finding", "japanese", "english"),
    [
        (Jumped(timedelta(days=365)), "【警報】時計の進み: 365日", "the clock was set forwards by 365 d"),
        (Jumped(timedelta(hours=-1)), "【警報】時計の戻り: 1時間", "the clock was set back by 1 h"),
        (Slept(timedelta(hours=3, minutes=5)), "【警報】mailbot の停止: 3時間5分", "mailbot stood still for 3 h 5 min"),
        (Restarted(timedelta(days=2)), "【警報】mailbot の停止: 2日", "mailbot did not run for 2 d"),
    ],
)
def test_the_clock_alarm_says_what_happened(
    templates: Templates, finding: Jumped | Slept | Restarted, japanese: str, english: str
) -> None:
    assert rendered(templates, clock_alarm(DESK, "ja", replace(CLOCK, finding=finding))).startswith(f"{japanese}\n")
    told = rendered(templates, clock_alarm(DESK, "en", replace(CLOCK, finding=finding)))
    assert told.startswith(f"ALARM: {english}\n")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_clock_alarm_says_what_waits_and_what_to_do(templates: Templates, language: Language) -> None:
    waits = rendered(templates, clock_alarm(DESK, language, CLOCK))
    assert "mailbot clock accept" in waits
    goes_on = rendered(templates, clock_alarm(DESK, language, replace(CLOCK, suspended=False, resumed=True)))
    assert "mailbot clock accept" not in goes_on
    assert ("再開しました" if language == "ja" else "go on") in goes_on


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


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_report_tells_what_was_late_before_all_else(templates: Templates, language: str) -> None:
    found = reported(asked(number="INC-1"), asked(95, number="INC-2", subject="止まりました"))
    to = Addressee("佐藤 花子", corrected=True)
    letter = rendered(templates, contact_report(DESK, language, found, "Premium", to))  # type: ignore[arg-type]
    assert letter.index("INC-2") < letter.index("INC-1")
    late = {"ja": "★遅延 1 件", "en": "1 LATE"}
    margin = {"ja": "-1時間5分", "en": "-1 h 5 min"}
    for said in ("C-001", "Premium", "50 %", late[language], margin[language], "止まりました", "佐藤 花子"):
        assert said in letter
    assert ("訂正版" if language == "ja" else "corrected") in letter.split("\n")[0]


def test_a_long_report_is_told_in_part_and_counted_in_full(templates: Templates) -> None:
    found = reported(*[asked()] * 250)
    letter = rendered(templates, contact_report(DESK, "en", found, "Premium", Addressee("")))
    assert letter.count("it hangs") == 100
    assert "And 150 more" in letter
    assert "Questions:        250" in letter


def test_the_columns_of_a_report_stand_under_their_headings(templates: Templates) -> None:
    found = reported(asked(number="INC-2026-000001"))
    for language in ("ja", "en"):
        letter = rendered(templates, contact_report(DESK, language, found, "", Addressee("")))  # type: ignore[arg-type]
        lines = letter.split("\n")
        at = next(place for place, line in enumerate(lines) if "INC-2026-000001  10-05" in line)
        head, row = lines[at - 1], lines[at]
        starts = [cell_len(head[: match.start()]) for match in re.finditer(r"\S+", head)]
        assert starts == [row.index(cell) for cell in ("INC-", "10-05 10:02", "10-05 10:32", "10-05 10:03", "29")]


LATE = replace(OWED, incident_number="INC-2026-000122", due=AT, late=True, assignee="Sato", first=False, urgent=True)


@pytest.mark.parametrize(
    ("wording", "lines"),
    [
        pytest.param(
            reminder(DESK, "en", [OWED]),
            ["Reminder: INC-2026-000123 is to be answered by Tue 24 Nov 2026 10:00 JST", "Taken by: nobody yet"],
            id="one",
        ),
        pytest.param(
            reminder(DESK, "en", [LATE]),
            [
                "LATE: INC-2026-000122 was to be answered by Sun 22 Nov 2026 10:02 JST",
                "  WAS due: Sun 22 Nov 2026 10:02 JST (news, urgent)",
                "  Taken by: Sato",
            ],
            id="a late one",
        ),
        pytest.param(
            reminder(DESK, "ja", [LATE]),
            ["【期限超過】INC-2026-000122 の回答期限（2026年11月22日(日) 10:02 JST）を過ぎました"],
            id="a late one in Japanese",
        ),
        pytest.param(
            reminder(DESK, "en", [OWED, LATE]),
            ["Reminder: answers that are due: 2, of them late: 1", "the first by Sun 22 Nov 2026 10:02 JST:"],
            id="several",
        ),
        pytest.param(answers_late(DESK, "en", [LATE]), ["URGENT: answers are late: INC-2026-000122"], id="alarm"),
        pytest.param(answers_late(DESK, "ja", [LATE] * 2), ["【至急】回答期限を過ぎています 2 件"], id="alarm of two"),
    ],
)
def test_staff_are_told_which_answers_are_due(templates: Templates, wording: Wording, lines: list[str]) -> None:
    text = rendered(templates, wording)
    for line in lines:
        assert line in text


def test_the_earliest_answer_stands_first_and_a_flood_is_counted(templates: Templates) -> None:
    text = rendered(templates, reminder(DESK, "en", [OWED, LATE]))
    assert text.index("INC-2026-000122") < text.index("INC-2026-000123")
    many = [replace(OWED, incident_number=f"INC-2026-{number:06d}") for number in range(60)]
    assert "And 10 more: mailbot incident list" in rendered(templates, reminder(DESK, "en", many))


# What people hear of a route that fails.


@pytest.mark.parametrize(
    ("outage", "language", "said"),
    [
        (
            OUTAGE,
            "en",
            ["ALARM: the first relay fails", "Since Sun 22 Nov 2026 10:02 JST", "connection refused", ": 3"],
        ),
        (OUTAGE, "en", ["go by the second relay meanwhile"]),
        (
            OUTAGE,
            "ja",
            ["【警報】第 1 リレーが使えません", "2026年11月22日(日) 10:02 JST", "3 件", "第 2 リレーから送信"],
        ),
        (replace(OUTAGE, instead=False), "en", ["there is no second relay"]),
        (replace(OUTAGE, instead=False), "ja", ["第 2 リレーがないため"]),
        (replace(OUTAGE, route="second", instead=False), "en", ["ALARM: the second relay fails", "fall back"]),
        (replace(OUTAGE, route="second", instead=False), "ja", ["予備の経路はありません"]),
        (replace(OUTAGE, route="webhook"), "en", ["ALARM: the webhook for alarms fails", "tried again for an hour"]),
        (replace(OUTAGE, route="command"), "ja", ["警報用のコマンドが使えません", "1 時間"]),
    ],
)
def test_what_is_said_of_an_outage(
    templates: Templates, outage: alarms.Outage, language: Language, said: list[str]
) -> None:
    text = rendered(templates, alarms.fails(DESK, language, outage))
    assert [each for each in said if each not in text] == []
    assert ("have not left" in text or "未送信" in text) == (outage.route in ("first", "second"))


def test_an_error_of_a_relay_is_one_line_of_some_length(templates: Templates) -> None:
    text = rendered(templates, alarms.fails(DESK, "en", replace(OUTAGE, error="554 no\r\nSubject: x " + "y" * 900)))
    assert "\nSubject: x" not in text
    assert max(map(len, text.splitlines())) < 210


def test_the_end_of_an_outage_is_told(templates: Templates) -> None:
    assert "Works again: the first relay" in rendered(templates, alarms.works_again(DESK, "en", "first", AT))
    assert "第 1 リレーが復旧しました" in rendered(templates, alarms.works_again(DESK, "ja", "first", AT))
