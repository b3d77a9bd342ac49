"""Is a first response proved by what was kept, whatever became of rules, libraries and people since?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from mailbot.desk.calendar import Calendar, Edition, Hours
from mailbot.errors import NotFoundError, RefusedError
from mailbot.flows.proving import FirstResponse, first_response_of
from mailbot.store import events
from mailbot.store.schema import calendar_edition, incident
from tests.flows.office import Office, mail, open_office

TOKYO = ZoneInfo("Asia/Tokyo")
FRIDAY = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)  # 18:05 in Tokyo
TUESDAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 10:00 there, behind a holiday
NUMBER = "INC-2026-000001"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A desk with one question that came on a Friday evening, and is acknowledged."""
    with open_office(tmp_path) as opened:
        opened.now = FRIDAY
        asker(opened)
        ask(opened)
        yield opened


def asker(office: Office) -> None:
    office.asker(office.contract("C-2", menu="business", language="en"), "Ann", "ann@acme.example")


def ask(office: Office, text: str = "How do we configure pgpool-II 4.5?") -> None:
    office.take_in(mail("Ann <ann@acme.example>", "Question", text), sender="ann@acme.example")
    office.work()


def proven(office: Office, number: str = NUMBER) -> FirstResponse:
    with office.context.store.read() as connection:
        return first_response_of(connection, office.context.rules, number, zone=TOKYO, now=office.now)


def change(office: Office, **values: object) -> None:
    with office.context.store.begin() as connection:
        connection.execute(update(incident).values(values))


def other_calendars(office: Office) -> None:
    """Everything is otherwise now: hours, holidays, zones."""
    edition = Edition(None, ZoneInfo("UTC"), ((Hours(0, 60),),) * 7, lambda year: {date(year, 1, 1): "x"}, (), {})
    now = {name: Calendar(name, (edition,)) for name in office.context.rules.calendars}
    office.context = replace(office.context, rules=replace(office.context.rules, calendars=MappingProxyType(now)))


def test_what_was_promised_and_kept(office: Office) -> None:
    found = proven(office)
    assert (found.counted.due_at, found.clock["due_at"]) == (TUESDAY, TUESDAY)
    assert (found.menu, found.counted.minutes, found.counted.calendar.name) == ("business", 60, "business")
    assert (found.clock["acknowledged_at"], found.clock["answer"]) == (FRIDAY, "250 2.0.0 taken")
    assert (found.margin.late, found.margin.covered) == (False, timedelta(hours=1))
    assert (found.first_used_at, found.events, found.notes) == (FRIDAY, (), ())


def test_other_rules_and_holidays_rewrite_nothing(office: Office) -> None:
    before = proven(office).counted.pieces
    other_calendars(office)
    assert proven(office).counted.pieces == before
    assert proven(office).notes == ()
    office.passes(timedelta(days=30))
    ask(office, "And how does its watchdog work?")  # a new question counts by the new ones
    assert proven(office, "INC-2026-000002").counted.calendar.edition(office.now).zone.key == "UTC"


def test_a_menu_that_is_not_sold_any_more_is_still_proved(office: Office) -> None:
    before = proven(office)
    service = replace(office.context.rules.service, menus={})
    office.context = replace(office.context, rules=replace(office.context.rules, service=service, calendars={}))
    assert proven(office).counted.pieces == before.counted.pieces


def test_an_incident_from_before_the_editions_is_counted_with_today_and_says_so(office: Office) -> None:
    change(office, menu=None, edition=None, response_minutes=None, starts_at=None)
    found = proven(office)
    assert (found.counted.due_at, found.menu, found.first_used_at) == (TUESDAY, "business", None)
    assert found.notes == ("no calendar was kept with this incident: counted with the one of today",)
    other_calendars(office)
    assert "counted anew, it would be due at another time than was promised" in proven(office).notes
    service = replace(office.context.rules.service, menus={})
    office.context = replace(office.context, rules=replace(office.context.rules, service=service))
    with pytest.raises(RefusedError, match="'business', which is not in"):
        proven(office)


def test_a_premium_incident_from_before_counts_by_its_urgency(tmp_path: Path) -> None:
    with open_office(tmp_path) as office:
        office.now = FRIDAY
        office.asker(office.contract("C-1", menu="premium", language="en"), "Ann", "ann@acme.example")
        ask(office)
        change(office, menu=None, edition=None, response_minutes=None, urgency="doubtful")
        assert proven(office).counted.due_at == FRIDAY + timedelta(minutes=30)
        change(office, urgency="normal")
        assert proven(office).counted.due_at == TUESDAY - timedelta(minutes=30)


@pytest.mark.parametrize(
    ("acknowledged_at", "asked_at", "late", "real"),
    [
        pytest.param(None, TUESDAY - timedelta(minutes=1), False, timedelta(minutes=1), id="not yet, and in time"),
        pytest.param(None, TUESDAY + timedelta(minutes=1), True, -timedelta(minutes=1), id="not yet, and late"),
        pytest.param(TUESDAY, TUESDAY + timedelta(days=9), False, timedelta(0), id="at the last moment"),
        pytest.param(TUESDAY + timedelta(days=1000), TUESDAY, True, -timedelta(days=1000), id="years late"),
    ],
)
def test_in_time_or_late(
    office: Office, acknowledged_at: datetime | None, asked_at: datetime, late: bool, real: timedelta
) -> None:
    change(office, acknowledged_at=acknowledged_at)
    office.now = asked_at
    assert (proven(office).margin.late, proven(office).margin.real) == (late, real)


def test_what_people_did_is_told(office: Office) -> None:
    with office.context.store.begin() as connection:
        row = proven(office).clock
        events.put(connection, row["id"], 1, FRIDAY, "urgency", "sato@desk.example", "doubtful to normal")
    change(office, urgency_by="sato@desk.example")
    assert [each.detail for each in proven(office).events] == ["doubtful to normal"]
    assert proven(office).clock["urgency_by"] == "sato@desk.example"


def test_a_kept_calendar_that_somebody_changed_is_found_out(office: Office) -> None:
    content = proven(office).clock["content"]
    with office.context.store.begin() as connection:
        closed = [*content["closed"], {"first": "2026-11-24", "last": "2026-11-24", "reason": "made up"}]
        connection.execute(update(calendar_edition).values(content=content | {"closed": closed}))
    assert proven(office).notes == (
        "the calendar that was kept does not fit its fingerprint: somebody changed it in the database",
        "counted anew, it would be due at another time than was promised",
    )


def test_there_is_no_such_incident(office: Office) -> None:
    with pytest.raises(NotFoundError, match="INC-2026-000099"):
        proven(office, "INC-2026-000099")
