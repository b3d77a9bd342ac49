"""Does an incident go its way, with the clock of its answers, and are staff reminded in time but never at night?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from mailbot.desk.answerproof import explain
from mailbot.desk.incident import Happening, Incident, Status, Turn
from mailbot.errors import InputError, NotFoundError, RefusedError
from mailbot.flows import answerclocks, life, reminders
from mailbot.store import answers, contracts, events, incidents, journal
from mailbot.store.schema import incident as incident_table
from tests.flows.office import Letter, Office, mail, open_office, selling

TOKYO = ZoneInfo("Asia/Tokyo")
NUMBER = "INC-2026-000001"
TARO = "taro@customer.example"
SATO = "sato@desk.example"
ITO = "ito@desk.example"
# An answer within nine covered hours, urgent ones within two; news every two days.
SOLD = "answer_minutes = 540\nanswer_minutes_urgent = 120\nupdate_minutes = 1080"
REAL = f'{SOLD}\nanswer_time = "real"'


def at(text: str) -> datetime:
    """2026-04-01 is a Wednesday."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=TOKYO)


@contextmanager
def desk(folder: Path, *, menu: str = "business", sold: str = SOLD, staff: bool = True) -> Iterator[Office]:
    with open_office(folder) as opened:
        if sold:
            opened.context = replace(opened.context, rules=selling(menu, sold))
        contract = opened.contract("C-1", menu=menu)
        opened.asker(contract, "Taro", TARO)
        if staff:
            opened.staff("Sato", SATO)
        yield opened


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with desk(tmp_path) as opened:
        yield opened


def ask(office: Office, when: str, words: str = "pgpool-II 4.5: how do I set this up?") -> list[Letter]:
    office.now = at(when)
    subject, own_id = f"Question {when}", f"<{when.replace(' ', 'T')}@customer.example>"
    office.take_in(mail(f"Taro <{TARO}>", subject, words, message_id=own_id, date=office.now), sender=TARO)
    return office.work()


def go_on(office: Office, when: str, first: str) -> list[Letter]:
    """The customer answers in the thread of their question."""
    office.now = at(when)
    raw = mail(
        f"Taro <{TARO}>", "Re: more", "Here it is.", f"In-Reply-To: <{first.replace(' ', 'T')}@customer.example>"
    )
    office.take_in(raw, sender=TARO)
    return office.work()


def works(office: Office, when: str) -> list[str]:
    """What goes out to staff at that moment, as kind and recipient."""
    office.now = at(when)
    return sorted(f"{each.kind} {each.recipient}" for each in office.work() if each.kind in ("reminder", "alarm"))


def row(office: Office, number: str = NUMBER) -> dict[str, Any]:
    return next(each for each in office.incidents() if each["number"] == number)


def found(office: Office, number: str = NUMBER) -> Incident:
    with office.context.store.read() as connection:
        incident = incidents.by_number(connection, number)
    assert incident is not None
    return incident


def done(office: Office) -> list[tuple[str, str, str]]:
    with office.context.store.read() as connection:
        return [(each.what, each.by, each.detail) for each in events.of(connection, found(office).id)]


# --- What is promised ---


def test_the_acknowledgement_promises_the_answer(office: Office) -> None:
    (ack, _) = ask(office, "04-01 10:00")
    assert "2 Apr 2026 10:00 JST" in ack.text
    assert (row(office)["answer_due_at"], row(office)["due_at"]) == (at("04-02 10:00"), at("04-01 11:00"))
    assert office.outbox()[-1]["due_at"] == at("04-01 11:00"), "it must itself leave in the time of the first response"


def test_without_a_promise_it_is_the_first_response_as_ever(tmp_path: Path) -> None:
    with desk(tmp_path, sold="") as office:
        (ack, _) = ask(office, "04-01 10:00")
        assert "1 Apr 2026 11:00 JST" in ack.text
        assert row(office)["answer_due_at"] is None
        assert office.step(NUMBER, Happening.ANSWERED, SATO) is Status.ACKNOWLEDGED
        assert (row(office)["answered_at"], done(office)) == (at("04-01 10:00"), [("answered", SATO, "")])
        assert works(office, "06-01 10:00") == []


def test_what_is_sold_differently_later_changes_no_promise(office: Office) -> None:
    ask(office, "04-01 10:00")
    office.context = replace(office.context, rules=selling("business", "answer_minutes = 60"))
    assert works(office, "04-01 14:29") == []
    assert works(office, "04-01 14:30") == [f"reminder {SATO}"]
    assert row(office)["answer_due_at"] == at("04-02 10:00")


# --- The customer's turn ---


def test_waiting_over_the_week_end(office: Office) -> None:
    ask(office, "04-03 10:00")
    office.now = at("04-03 11:00")
    assert office.step(NUMBER, Happening.WAITS, SATO) is Status.WAITING
    assert row(office)["answer_due_at"] is None
    assert [works(office, when) for when in ("04-03 17:00", "04-05 12:00", "04-06 09:59")] == [[], [], []]
    go_on(office, "04-06 10:00", "04-03 10:00")
    assert (row(office)["status"], row(office)["answer_due_at"]) == ("acknowledged", at("04-06 18:00"))
    assert done(office) == [("waits", SATO, ""), ("customer-wrote", TARO, "")]
    assert works(office, "04-06 13:29") == []
    assert works(office, "04-06 13:30") == [f"reminder {SATO}"]


def test_the_desks_turn_does_not_begin_anew_with_another_mail(office: Office) -> None:
    ask(office, "04-01 10:00")
    go_on(office, "04-01 16:00", "04-01 10:00")
    assert (row(office)["status"], row(office)["answer_due_at"]) == ("acknowledged", at("04-02 10:00"))
    assert done(office) == []


def test_resumed_by_hand(office: Office) -> None:
    ask(office, "04-01 10:00")
    office.step(NUMBER, Happening.WAITS, SATO)
    office.now = at("04-01 12:00")
    assert office.step(NUMBER, Happening.RESUMED, SATO) is Status.ACKNOWLEDGED
    assert row(office)["answer_due_at"] == at("04-02 12:00")


def test_a_mail_that_was_under_way_while_it_was_closed_is_looked_at_again(office: Office) -> None:
    ask(office, "04-01 10:00")
    before = found(office)
    office.step(NUMBER, Happening.CLOSED, SATO)
    with office.context.store.begin() as connection, pytest.raises(life.ClosedMeanwhileError):
        life.customer_wrote(office.context, connection, before, TARO, office.now)
    go_on(office, "04-01 12:00", "04-01 10:00")
    assert [(each["number"], each["status"]) for each in office.incidents()] == [
        ("INC-2026-000002", "acknowledged"),
        (NUMBER, "closed"),
    ]


# --- Answers and the end ---


def test_an_answer_in_time_and_news_that_come_late(office: Office) -> None:
    ask(office, "04-01 10:00")
    office.now = at("04-01 15:00")
    office.step(NUMBER, Happening.ANSWERED, SATO)
    assert (row(office)["answered_at"], row(office)["answer_due_at"]) == (at("04-01 15:00"), at("04-03 15:00"))
    office.now = at("04-03 15:01")
    office.step(NUMBER, Happening.ANSWERED, SATO)
    assert row(office)["answered_at"] == at("04-01 15:00"), "the first one counts"
    office.now = at("04-03 16:00")
    office.step(NUMBER, Happening.CLOSED, SATO)
    assert done(office) == [
        ("answered", SATO, "due 2026-04-02T01:00:00Z, in time"),
        ("answered", SATO, "due 2026-04-03T06:00:00Z, late"),
        ("closed", SATO, "due 2026-04-07T06:01:00Z, in time"),
    ]
    assert (row(office)["status"], row(office)["answer_due_at"]) == ("closed", None)
    assert works(office, "06-01 10:00") == []


def test_the_whole_is_proved_from_what_is_stored(office: Office) -> None:
    ask(office, "04-01 17:00")
    office.now = at("04-02 09:30")
    office.step(NUMBER, Happening.ANSWERED, SATO)
    office.step(NUMBER, Happening.WAITS, SATO)
    with office.context.store.read() as connection:
        proof = answerclocks.promise_and_clock(office.context, connection, found(office).id, at("04-02 12:00"))
    assert proof is not None
    promise, clock = proof
    assert clock.turn is Turn.CUSTOMER
    assert explain(promise, clock, TOKYO)[-4:] == (
        "  due Thu 2026-04-02 17:00:00 +0900: answered Thu 2026-04-02 09:30:00 +0900, early by 450 min",
        "news 1: 1080 covered minutes, normal, calendar business",
        "  Thu 2026-04-02 09:30:00 +0900 to Thu 2026-04-02 12:00:00 +0900: not counted, customer's turn",
        "  not due: runs",
    )


@pytest.mark.parametrize(
    ("number", "happening", "by", "error", "said"),
    [
        (NUMBER, Happening.RESUMED, SATO, RefusedError, f"{NUMBER} is acknowledged: only what waits"),
        ("INC-2026-000009", Happening.CLOSED, SATO, NotFoundError, "there is no incident 'INC-2026-000009'"),
        (NUMBER, Happening.CLOSED, TARO, NotFoundError, f"--by {TARO}: nobody is registered so"),
        (NUMBER, Happening.CLOSED, "nonsense", InputError, "--by 'nonsense': "),
    ],
)
def test_what_cannot_be_is_refused(
    office: Office, number: str, happening: Happening, by: str, error: type[Exception], said: str
) -> None:
    ask(office, "04-01 10:00")
    with pytest.raises(error, match=said):
        office.step(number, happening, by)
    assert done(office) == []
    assert row(office)["status"] == "acknowledged"


@pytest.mark.parametrize("happening", [Happening.ANSWERED, Happening.WAITS, Happening.RESUMED, Happening.CLOSED])
def test_after_the_end_nothing_is_done(office: Office, happening: Happening) -> None:
    ask(office, "04-01 10:00")
    office.step(NUMBER, Happening.CLOSED, SATO)
    with pytest.raises(RefusedError, match=f"{NUMBER} is closed"):
        office.step(NUMBER, happening, SATO)
    assert len(done(office)) == 1


# --- Urgency ---


def set_urgency(office: Office, when: str, to: str) -> None:
    """What whoever decides about the urgency must do for this clock."""
    office.now = at(when)
    incident = found(office)
    with office.context.store.begin() as connection:
        events.put(connection, incident.id, incident.contract_id, office.now, "urgency", SATO, to)
        answerclocks.set_anew(office.context, connection, incident.id, office.now)


def test_a_person_says_that_it_is_urgent(office: Office) -> None:
    ask(office, "04-01 10:00")
    set_urgency(office, "04-01 10:30", "urgent\nproduction: stands still")
    assert row(office)["answer_due_at"] == at("04-01 12:00")
    assert works(office, "04-01 11:00") == [f"reminder {SATO}"]
    set_urgency(office, "04-01 11:20", "normal")
    assert row(office)["answer_due_at"] == at("04-02 10:00")
    assert works(office, "04-01 14:29") == []
    set_urgency(office, "04-01 14:29", "normal")
    assert works(office, "04-01 14:30") == [f"reminder {SATO}"], "saying it again moves nothing"


def test_urgent_questions_are_reminded_of_at_night_where_the_menu_covers_it(tmp_path: Path) -> None:
    with desk(tmp_path, menu="premium") as office:
        ask(office, "04-01 23:00", "[URGENT] Our production database is down, pgpool-II 4.5 crashes at every start.")
        assert row(office)["urgency"] != "normal"
        assert row(office)["answer_due_at"] == at("04-02 01:00")
        assert works(office, "04-01 23:59") == []
        assert works(office, "04-02 00:00") == [f"reminder {SATO}"]


# --- Reminders ---


def test_reminders_come_at_their_minutes_and_never_at_night(office: Office) -> None:
    ask(office, "04-01 10:00")
    seen = []
    while office.now < at("04-03 12:00"):
        office.now += timedelta(minutes=1)
        if reminders.remind(office.context, office.now):
            office.dispatch()
            seen += [f"{office.now.astimezone(TOKYO):%m-%d %H:%M} {each.kind}" for each in office.sent[2 + len(seen) :]]
    assert seen[:2] == ["04-01 14:30 reminder", "04-01 17:12 reminder"]
    assert sorted(seen[2:]) == ["04-02 10:00 alarm", "04-02 10:00 reminder"]
    assert any(each.subject.startswith(f"LATE: {NUMBER}") for each in office.sent)
    with office.context.store.read() as connection:
        written = journal.about(connection, f"incident:{found(office).id}")
    assert [each["why"] for each in written] == [
        f"{percent} per cent of the time is over, due 2026-04-02T01:00:00Z" for percent in (50, 80, 100)
    ]


def test_the_alarm_belongs_to_its_incident_and_overtakes_other_mail(office: Office) -> None:
    ask(office, "04-01 10:00")
    works(office, "04-02 10:00")
    (alarm,) = [each for each in office.outbox() if each["kind"] == "alarm"]
    assert alarm["key"] == "alarm:answer:1:20260402T010000:1"
    (about,) = [each for each in office.sent if each.kind == "alarm"]
    assert about.subject == f"URGENT: answers are late: {NUMBER}"
    assert about.message["Reply-To"], "orders come in answer to it"


def test_after_a_downtime_only_the_last_is_told(office: Office) -> None:
    ask(office, "04-01 10:00")
    assert works(office, "04-02 11:00") == [f"alarm {SATO}", f"reminder {SATO}"]
    assert works(office, "04-30 11:00") == []


def test_a_downtime_that_ends_at_night_is_made_up_for_in_the_morning(office: Office) -> None:
    ask(office, "04-01 10:00")
    assert works(office, "04-01 22:00") == []
    assert works(office, "04-02 08:59") == []
    assert works(office, "04-02 09:00") == [f"reminder {SATO}"]
    assert works(office, "04-02 09:59") == []
    assert works(office, "04-02 10:00") == [f"alarm {SATO}", f"reminder {SATO}"]


def test_real_minutes_that_end_at_night_are_told_before(tmp_path: Path) -> None:
    with desk(tmp_path, sold=REAL) as office:
        ask(office, "04-01 16:00")
        assert row(office)["answer_due_at"] == at("04-02 01:00")
        assert works(office, "04-01 17:29") == []
        assert works(office, "04-01 17:30") == [f"reminder {SATO}"]
        assert "Thu 2 Apr 2026 01:00 JST" in office.sent[-1].subject
        assert [works(office, when) for when in ("04-02 01:00", "04-02 08:59")] == [[], []]
        assert works(office, "04-02 09:00") == [f"alarm {SATO}", f"reminder {SATO}"]


def test_a_restart_loses_no_reminder(tmp_path: Path) -> None:
    with desk(tmp_path) as office:
        ask(office, "04-01 10:00")
        context = office.context
    with open_office(tmp_path, context=context, url=f"sqlite:///{tmp_path / 'mailbot.db'}") as office:
        assert works(office, "04-01 14:30") == [f"reminder {SATO}"]
    with open_office(tmp_path, context=context, url=f"sqlite:///{tmp_path / 'mailbot.db'}") as office:
        assert works(office, "04-01 14:31") == []


def test_whoever_took_it_is_reminded_else_everybody(office: Office) -> None:
    ito = office.staff("Ito", ITO)
    ask(office, "04-01 10:00")
    with office.context.store.begin() as connection:
        connection.execute(update(incident_table).values(assignee_id=ito))
    assert works(office, "04-01 14:30") == [f"reminder {ITO}"]
    assert "Taken by: Ito" in office.sent[-1].text
    with office.context.store.begin() as connection:
        contracts.remove_staff(connection, ITO, office.now)
    assert works(office, "04-01 17:12") == [f"reminder {SATO}"]


def test_what_comes_up_together_is_told_in_one_mail(office: Office) -> None:
    for when in ("04-01 10:00", "04-01 10:03", "04-01 10:05", "04-01 10:06"):
        ask(office, when)
    assert works(office, "04-01 14:29") == []
    assert works(office, "04-01 14:30") == [f"reminder {SATO}"]
    assert "answers that are due: 3" in office.sent[-1].subject
    assert works(office, "04-01 14:35") == []
    assert works(office, "04-01 14:36") == [f"reminder {SATO}"]
    assert f"{NUMBER[:-1]}4" in office.sent[-1].subject


def test_nothing_is_called_late_before_it_is(office: Office) -> None:
    ask(office, "04-01 10:00")
    ask(office, "04-01 10:03")
    works(office, "04-01 17:30")
    assert works(office, "04-02 10:00") == [f"alarm {SATO}", f"reminder {SATO}"]
    assert {each.subject for each in office.sent[-2:]} == {
        f"LATE: {NUMBER} was to be answered by Thu 2 Apr 2026 10:00 JST",
        f"URGENT: answers are late: {NUMBER}",
    }
    assert works(office, "04-02 10:03") == [f"alarm {SATO}", f"reminder {SATO}"]


def test_a_flood_of_late_answers_is_one_alarm(office: Office) -> None:
    for minute in range(30):
        ask(office, f"04-01 10:{minute:02}")
    assert works(office, "04-02 12:00") == [f"alarm {SATO}", f"reminder {SATO}"]
    assert {each.subject for each in office.sent[-2:]} == {
        "URGENT: answers are late: 30",
        "Reminder: answers that are due: 30, of them late: 30",
    }


def test_without_staff_reminders_wait_for_somebody(tmp_path: Path) -> None:
    with desk(tmp_path, staff=False) as office:
        ask(office, "04-01 10:00")
        assert works(office, "04-01 14:30") == []
        office.staff("Sato", SATO)
        assert works(office, "04-01 14:31") == [f"reminder {SATO}"]


def test_a_calendar_that_is_gone_breaks_nothing(office: Office) -> None:
    ask(office, "04-01 10:00")
    gone = {name: each for name, each in office.context.rules.calendars.items() if name != "business"}
    whole = office.context
    office.context = replace(whole, rules=replace(whole.rules, calendars=gone))
    assert works(office, "04-01 14:30") == []
    with office.context.store.read() as connection:
        assert not answers.anything_to_remind(connection, at("06-01 10:00"))
    assert office.step(NUMBER, Happening.ANSWERED, SATO) is Status.ACKNOWLEDGED
    assert done(office) == [("answered", SATO, "")]
