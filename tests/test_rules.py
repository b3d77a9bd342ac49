"""Are wrong rule files told, all at once, and do the right ones become what the desk needs?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot.desk.calendar import add_covered, why_closed
from mailbot.desk.contract import AnswerPromise, AnswerTargets
from mailbot.errors import ConfigurationError
from mailbot.rules import load, run_examples

RULES = Path(__file__).parents[1] / "rules"
TOKYO = ZoneInfo("Asia/Tokyo")

Change = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULES, tmp_path / "rules"))


@pytest.fixture
def change(folder: Path) -> Change:
    """Replace a text in a copied rule file by another; an empty one adds at the end."""

    def replace(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else f"{text}\n{new}\n", "utf-8")

    return replace


def faults(folder: Path) -> list[str]:
    """Give the faults as lines, without the path of the folder."""
    with pytest.raises(ConfigurationError) as raised:
        load(folder)
    return [str(fault).removeprefix(f"{folder}/") for fault in raised.value.faults]


def test_the_rules_that_travel_with_the_program_are_sound() -> None:
    rules = load(RULES)
    assert set(rules.service.menus) == {"business", "premium"}
    assert set(rules.service.options) == {"mailing-list", "extra-asker"}
    assert set(rules.service.products) == {"pgpool-ii", "pgpooladmin", "installer"}
    assert set(rules.calendars) == {"always", "business"}


def test_the_worked_example_holds_the_numbers_of_the_service() -> None:
    service = load(RULES).service
    premium, business = service.menus["premium"], service.menus["business"]
    assert (premium.first_response_minutes, business.first_response_minutes) == (30, 60)  # S18
    assert (premium.coverage, premium.urgent_coverage) == ("business", "always")  # S17
    assert (business.coverage, business.urgent_coverage) == ("business", "business")
    assert (premium.price_yen, business.price_yen) == (800_000, 400_000)  # S10
    assert service.options["mailing-list"].price_yen == 200_000
    assert (service.options["extra-asker"].price_yen, service.options["extra-asker"].each) == (100_000, True)
    assert service.term_months == 12  # S7
    assert service.products["pgpool-ii"].since == (3, 0)  # S1


def test_every_example_holds_and_every_file_has_some() -> None:
    examples = run_examples(RULES)
    assert all(example.holds for example in examples)
    files = {"service", "calendar", "urgency", "scope", "wanted", "senders", "orders", "changes", "robots", "oncall"}
    assert {Path(example.file).stem for example in examples} == files


def test_national_holidays_with_substitute_and_bridging_ones() -> None:
    business = load(RULES).calendars["business"]
    now = datetime(2026, 4, 1, tzinfo=TOKYO)
    assert why_closed(business, now, date(2026, 5, 6)) == "Substitute Holiday"
    assert why_closed(business, now, date(2026, 9, 22)) == "National Holiday"
    assert why_closed(business, now, date(2019, 5, 2)) is not None  # the accession, ten days in a row
    assert why_closed(business, now, date(2040, 4, 30)) == "Substitute Holiday"
    assert why_closed(business, now, date(2026, 6, 1)) is None


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param(
            "service.toml",
            "price_yen = 400_000",
            'price_yen = "400"',
            'service.toml: menus.business.price_yen = "400": must be a whole number, without quotation marks',
            id="wrong type",
        ),
        pytest.param(
            "service.toml",
            "price_yen = 400_000",
            "price_jen = 1\nprice_yen = 400_000",
            'service.toml: menus.business.price_jen: there is no such key: did you mean "price_yen"?',
            id="unknown key",
        ),
        pytest.param(
            "service.toml",
            "term_months = 12",
            "colour = 12",
            "service.toml: service.term_months: is needed, and has no default",
            id="missing key",
        ),
        pytest.param(
            "service.toml",
            "first_response_minutes = 60",
            "first_response_minutes = 0",
            "service.toml: menus.business.first_response_minutes = 0: must be at least 1",
            id="no minutes",
        ),
        pytest.param(
            "service.toml",
            "price_yen = 400_000",
            "price_yen = 400_000\nanswer_minutes = 30",
            "service.toml: menus.business.answer_minutes = 30: must be at least first_response_minutes, 60",
            id="an answer before the acknowledgement",
        ),
        pytest.param(
            "service.toml",
            "price_yen = 400_000",
            'price_yen = 400_000\nanswer_time = "real"',
            "service.toml: menus.business.answer_time: needs answer_minutes or update_minutes beside it",
            id="a time for answers that are not sold",
        ),
        pytest.param(
            "service.toml",
            "price_yen = 400_000",
            "price_yen = 400_000\nanswer_minutes = 480\nremind_at = [80, 50]",
            "service.toml: menus.business.remind_at = [80, 50]: must ascend, each per cent once: [50, 80]",
            id="reminders out of order",
        ),
        pytest.param(
            "service.toml",
            "price_yen = 400_000",
            "price_yen = 400_000\nanswer_minutes = 480\nremind_at = [50, 100]",
            "service.toml: menus.business.remind_at[2] = 100: must be at most 99",
            id="a reminder when it is too late",
        ),
        pytest.param(
            "service.toml",
            "price_yen = 400_000",
            'price_yen = 400_000\nanswer_minutes = 480\nanswer_time = "wall"',
            'service.toml: menus.business.answer_time = "wall": must be "covered" or "real"',
            id="another time",
        ),
        pytest.param(
            "service.toml",
            "due = 2026-04-01T11:15:30+09:00",
            "due = 2026-04-01T11:15:30+09:00\nanswer_due = 2026-04-01T18:15:30+09:00",
            "service.toml: examples[1].answer_due: the menu business promises no answer: "
            "give it answer_minutes or update_minutes",
            id="an example of an answer that is not sold",
        ),
        pytest.param(
            "service.toml",
            'urgent_coverage = "always"',
            'urgent_coverage = "allways"',
            'service.toml: menus.premium.urgent_coverage = "allways": '
            "must be a calendar of calendar.toml: always, business",
            id="unknown calendar",
        ),
        pytest.param(
            "service.toml",
            'menu = "premium"',
            'menu = "gold"',
            'service.toml: examples[5].menu = "gold": must be a menu: business, premium',
            id="unknown menu in an example",
        ),
        pytest.param(
            "service.toml",
            'since = "3.0"',
            "since = 3.0",
            'service.toml: products.pgpool-ii.since = 3.0: must be a version in quotation marks, such as "3.0"',
            id="version as a number",
        ),
        pytest.param(
            "service.toml",
            'since = "3.0"',
            'since = "３.0"',
            'service.toml: products.pgpool-ii.since = "３.0": must be a version in quotation marks, such as "3.0"',
            id="version in full width",
        ),
        pytest.param(
            "service.toml",
            'since = "3.0"',
            'since = "3.0"\nuntil = "2.9"',
            'service.toml: products.pgpool-ii.until = "2.9": must be a later version than since',
            id="empty version range",
        ),
        pytest.param(
            "service.toml",
            "[menus.premium]",
            '[menus."Premium menu"]',
            'service.toml: menus.Premium menu = "Premium menu": '
            "must be small Latin letters and digits with hyphens between them",
            id="key that is none",
        ),
        pytest.param(
            "service.toml",
            'title = "pgpoolAdmin"',
            'title = "pgpoolAdmin\\nBcc: a@example.com"',
            'service.toml: products.pgpooladmin.title = "pgpoolAdmin Bcc: a@example.com": '
            "must be one line without control characters",
            id="title with a line break",
        ),
        pytest.param(
            "service.toml",
            "due = 2026-04-01T18:35:00+09:00",
            "due = 2026-04-01T18:36:00+09:00",
            "service.toml: examples[5] = premium, urgent, 2026-04-01T18:05:00+09:00: "
            "expects 2026-04-01T18:36:00+09:00, but the rules say 2026-04-01T18:35:00+09:00: "
            "mend the rules or the example",
            id="wrong example of a due time",
        ),
        pytest.param(
            "calendar.toml",
            'zone = "Asia/Tokyo"',
            'zone = "Asia/Tokio"',
            'calendar.toml: calendars.always.zone = "Asia/Tokio": '
            'there is no such time zone: write it like "Asia/Tokyo" or "UTC"',
            id="unknown zone",
        ),
        pytest.param(
            "calendar.toml",
            'holidays = "JP"',
            'holidays = "Japan"',
            'calendar.toml: calendars.business.holidays = "Japan": '
            'must be the two-letter code of a country, such as "JP"',
            id="unknown country",
        ),
        pytest.param(
            "calendar.toml",
            '["09:00-18:00"]',
            '["9-18"]',
            'calendar.toml: calendars.business.week.monday[1] = "9-18": must be hours like "09:00-18:00"',
            id="hours malformed",
        ),
        pytest.param(
            "calendar.toml",
            '["09:00-18:00"]',
            '["22:00-06:00"]',
            'calendar.toml: calendars.business.week.monday[1] = "22:00-06:00": '
            "must end after it begins, by 24:00; hours over midnight are two entries, on two days",
            id="hours over midnight",
        ),
        pytest.param(
            "calendar.toml",
            'days = "12-29..01-03"',
            'days = "12-29..02-30"',
            'calendar.toml: calendars.business.closed[1].days = "12-29..02-30": '
            'must be days like "12-29..01-03", "08-15" or "2026-08-13..2026-08-14"',
            id="day that does not exist",
        ),
        pytest.param(
            "calendar.toml",
            'days = "12-29..01-03"',
            'days = "2026-12-29..2026-01-03"',
            'calendar.toml: calendars.business.closed[1].days = "2026-12-29..2026-01-03": '
            "must run from the earlier to the later day, at most 366 days",
            id="days backwards",
        ),
        pytest.param(
            "calendar.toml",
            'days = "12-29..01-03"',
            'days = "12-29..01-03"\nvalid_from = 2026-01-01T00:00:00',
            "calendar.toml: calendars.business.closed[1].valid_from = 2026-01-01 00:00:00: "
            "must name its zone, such as 2026-04-01T09:00:00+09:00",
            id="moment without zone",
        ),
        pytest.param(
            "calendar.toml",
            'calendar = "always"',
            'calendar = "never"',
            'calendar.toml: examples[1].calendar = "never": must be a calendar: always, business',
            id="unknown calendar in an example",
        ),
        pytest.param(
            "calendar.toml",
            "open = true",
            "open = false",
            "calendar.toml: examples[1] = always, 2027-01-01T03:00:00+09:00: expects closed, but the rules say open: "
            "mend the rules or the example",
            id="wrong example of an opening",
        ),
        pytest.param(
            "urgency.toml",
            'marks = ["緊急", ',
            'marks = ["", ',
            'urgency.toml: marks[1] = "": an empty phrase would be found everywhere',
            id="empty phrase",
        ),
        pytest.param(
            "urgency.toml",
            'marks = ["緊急", ',
            "marks = [1, ",
            "urgency.toml: marks[1] = 1: must be text in quotation marks",
            id="phrase that is a number",
        ),
        pytest.param(
            "urgency.toml",
            'verdict = "urgent"',
            'verdict = "normal"',
            "urgency.toml: examples[1] = pgpool-II 障害: expects normal, but the rules say urgent "
            "(production: 本番環境 — 本番環境でpgpool-iiが使用できない状態です; "
            "unusable: 使用できな — 本番環境でpgpool-iiが使用できない状態です; "
            "critical: 基幹 — 基幹業務のミッションクリティカルなシステムです; "
            "sign: (crash) 何度か再起動 — 何度か再起動しましたがクラッシュが続きます): mend the rules or the example",
            id="wrong example of urgency",
        ),
        pytest.param(
            "urgency.toml",
            'verdict = "urgent"',
            'verdict = "very urgent"',
            'urgency.toml: examples[1].verdict = "very urgent": must be "urgent", "doubtful" or "normal"',
            id="unknown verdict",
        ),
        pytest.param(
            "scope.toml",
            "pgpooladmin = [",
            "pgadmin = [",
            "scope.toml: hints.pgadmin: must be a product of service.toml: pgpool-ii, pgpooladmin, installer",
            id="hint at no product",
        ),
        pytest.param(
            "scope.toml",
            'versions = ["4.5.2"]',
            'versions = ["4.5"]',
            "scope.toml: examples[1] = pgpool-II の設定: expects in-scope, ['pgpool-ii'], ['4.5'], "
            "but the rules say in-scope, ['pgpool-ii'], ['4.5.2']: mend the rules or the example",
            id="wrong example of scope",
        ),
        pytest.param(
            "scope.toml",
            "[outside.mysql]",
            "[outside.mysql",
            "scope.toml: line 17, column 15: is not TOML: Expected ']' at the end of a table declaration",
            id="not TOML",
        ),
    ],
)
def test_a_fault_is_told(folder: Path, change: Change, file: str, old: str, new: str, expected: str) -> None:
    change(file, old, new)
    assert expected in faults(folder)


SOLD = """price_yen = 400_000
answer_minutes = 480
answer_minutes_urgent = 120
update_minutes = 960
"""


def test_a_menu_may_promise_answers(folder: Path, change: Change) -> None:
    assert all(menu.answers is None for menu in load(folder).service.menus.values())
    change("service.toml", "price_yen = 400_000", SOLD)
    menus = load(folder).service.menus
    assert menus["business"].answers == AnswerPromise(
        normal=AnswerTargets(480, 960),
        urgent=AnswerTargets(120, 960),
        time="covered",
        coverage="business",
        urgent_coverage="business",
        remind_at=(50, 80),
    )
    assert menus["premium"].answers is None
    change("service.toml", SOLD, f'{SOLD}answer_time = "real"\nremind_at = [75]\n')
    promise = load(folder).service.menus["business"].answers
    assert promise is not None
    assert (promise.time, promise.remind_at) == ("real", (75,))


def test_an_example_may_say_when_an_answer_is_due(folder: Path, change: Change) -> None:
    change("service.toml", "price_yen = 400_000", SOLD)
    due = "due = 2026-04-01T11:15:30+09:00"
    change("service.toml", due, f"{due}\nanswer_due = 2026-04-02T09:15:30+09:00")
    assert load(folder)
    change("service.toml", "04-02T09:15:30", "04-02T09:15:31")
    assert faults(folder) == [
        "service.toml: examples[1].answer_due = business, not urgent, 2026-04-01T10:15:30+09:00, answer: expects "
        "2026-04-02T09:15:31+09:00, but the rules say 2026-04-02T09:15:30+09:00: mend the rules or the example"
    ]


def test_faults_of_all_files_come_at_once(folder: Path, change: Change) -> None:
    change("service.toml", "price_yen = 400_000", "price_yen = -1")
    change("calendar.toml", 'zone = "Asia/Tokyo"', 'zone = "Mars"')
    change("urgency.toml", "marks = [", "marcs = [")
    (folder / "scope.toml").unlink()
    assert [line.partition(":")[0] for line in faults(folder)] == [
        "service.toml",
        "calendar.toml",
        "urgency.toml",
        "scope.toml",
    ]


def test_a_folder_without_rules_names_every_file(tmp_path: Path) -> None:
    assert len(faults(tmp_path)) == 10


@pytest.mark.parametrize(
    ("week", "closed", "mend"),
    [
        pytest.param("", "", "must open on some day of the week", id="no hours"),
        pytest.param('monday = ["09:00-10:00"]', "01-01..12-20", "must leave 28 days in a row", id="closed all year"),
        pytest.param('monday = ["09:00-11:00", "10:00-12:00"]', "", "must not overlap", id="overlap"),
    ],
)
def test_a_calendar_that_cannot_be(folder: Path, change: Change, week: str, closed: str, mend: str) -> None:
    table = f'[calendars.odd]\nzone = "UTC"\n[calendars.odd.week]\n{week}\n'
    if closed:
        table += f'[[calendars.odd.closed]]\ndays = "{closed}"\nreason = "closed"\n'
    change("calendar.toml", "[calendars.business]\n", f"{table}\n[calendars.business]\n")
    (fault,) = faults(folder)
    assert fault.startswith("calendar.toml: calendars.odd")
    assert mend in fault


SEVERAL = """
[calendars.berlin]
zone = "Europe/Berlin"
holidays = "DE"
[calendars.berlin.week]
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]

[calendars.follow-the-sun]
zone = "Asia/Tokyo"
any_of = ["business", "berlin"]

[calendars.wide]
zone = "UTC"
any_of = ["follow-the-sun", "always"]
"""


def test_several_desks(folder: Path, change: Change) -> None:
    """Each keeps its zone, its holidays and its editions; berlin's second Easter day is no holiday in Tokyo."""
    change("calendar.toml", "# --- Examples", f"{SUMMER}{SEVERAL}\n# --- Examples")
    calendars = load(folder).calendars
    sun = calendars["follow-the-sun"]
    assert add_covered(sun, at("2026-04-06 17:30"), 60) == at("2026-04-07 09:30")  # Easter Monday
    assert add_covered(sun, at("2026-04-07 17:30"), 60) == at("2026-04-07 18:30")  # Berlin has been open since 16:00
    assert [edition.valid_from for edition in sun.editions] == [
        edition.valid_from for edition in calendars["business"].editions
    ]
    # Three days of Tokyo's, Monday in both until 24:00, Tuesday in Berlin alone, then Tokyo's closing as it was known.
    assert add_covered(sun, at("2026-08-05 18:30"), 540 * 3 + 900 + 480 + 60) == at("2026-08-15 11:00")
    assert add_covered(calendars["wide"], at("2026-04-05 12:00"), 60) == at("2026-04-05 13:00")


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param(
            'any_of = ["business", "mars"]',
            'calendars.odd.any_of[2] = "mars": must be a calendar: always, odd, business',
            id="unknown",
        ),
        pytest.param('any_of = ["odd"]', "calendars.odd.any_of: must not lead back to this calendar itself", id="self"),
        pytest.param('any_of = ["always", "always"]', "must name each calendar of any_of once", id="twice"),
        pytest.param('any_of = ["always"]\nholidays = "JP"', "must have either any_of or hours of its own", id="both"),
        pytest.param(
            'any_of = ["always"]\nweek = {monday = ["09:00-18:00"]}',
            "must have either any_of or hours of its own",
            id="both, with a week",
        ),
        pytest.param("", "must have hours, a section week, or any_of", id="neither"),
        pytest.param("any_of = []", "must have hours, a section week, or any_of", id="of none"),
    ],
)
def test_several_desks_that_cannot_be(folder: Path, change: Change, table: str, expected: str) -> None:
    change(
        "calendar.toml", "[calendars.business]\n", f'[calendars.odd]\nzone = "UTC"\n{table}\n\n[calendars.business]\n'
    )
    (fault,) = faults(folder)
    assert expected in fault


def test_desks_that_hold_each_other(folder: Path, change: Change) -> None:
    tables = "".join(
        f'[calendars.{name}]\nzone = "UTC"\nany_of = ["{other}", "always"]\n' for name, other in ("ab", "bc", "ca")
    )
    change("calendar.toml", "[calendars.business]\n", f"{tables}\n[calendars.business]\n")
    assert [fault.split(": ")[1] for fault in faults(folder)] == [f"calendars.{name}.any_of" for name in "abc"]


@pytest.mark.parametrize(
    ("arrival", "minutes", "due"),
    [
        pytest.param("2026-07-31 18:00", 540 * 8, "2026-08-13 18:00", id="nothing was known"),
        pytest.param("2026-08-03 09:00", 540 * 8, "2026-08-17 18:00", id="the closing was known"),
        pytest.param("2026-08-05 09:00", 540 * 5 + 60, "2026-08-15 11:00", id="the open Saturday too"),
        pytest.param("2026-08-10 09:00", 540 * 2 + 60, "2026-08-13 10:00", id="the closing was taken back"),
    ],
)
def test_what_becomes_known_later_changes_no_promise(
    folder: Path, change: Change, arrival: str, minutes: int, due: str
) -> None:
    change("calendar.toml", "# --- Examples", f"{SUMMER}\n# --- Examples")
    business = load(folder).calendars["business"]
    assert add_covered(business, at(arrival), minutes) == at(due)


SUMMER = """
[[calendars.business.closed]]
days = "2026-08-13..2026-08-14"
reason = "summer"
valid_from = 2026-08-01T00:00:00+09:00
valid_until = 2026-08-10T00:00:00+09:00

[[calendars.business.open]]
days = "2026-08-15"
hours = ["10:00-12:00"]
valid_from = 2026-08-05T00:00:00+09:00
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)
