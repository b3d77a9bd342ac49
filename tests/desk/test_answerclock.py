"""When is an answer due? Against tables, and against a second implementation that lives through every minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.desk.answerclock import (
    AnswerClock,
    Counts,
    History,
    Reminder,
    Step,
    Stretch,
    answer_clock,
)
from mailbot.desk.answerproof import explain
from mailbot.desk.calendar import Calendar, Edition, Hours
from mailbot.desk.contract import AnswerPromise, AnswerTargets, AnswerTime
from mailbot.desk.incident import Happening, Turn
from tests.desk.answer_simulation import DAYS, Lived, Sold, live, open_minutes, window_start

TOKYO = ZoneInfo("Asia/Tokyo")
NINE_TO_SIX = (Hours(540, 1080),)
ALWAYS = ((Hours(0, 1440),),) * 7
HOLIDAY = date(2026, 4, 29)


def calendar(name: str, week: tuple[tuple[Hours, ...], ...], zone: ZoneInfo = TOKYO) -> Calendar:
    holidays = {HOLIDAY: "Showa Day"} if name == "business" else {}
    return Calendar(name, (Edition(None, zone, week, lambda _: holidays, (), {}),))


CALENDARS = {"business": calendar("business", (NINE_TO_SIX,) * 5 + ((), ())), "always": calendar("always", ALWAYS)}
# An answer within a working day, news every two; urgent: two hours, news every four, at any time.
PROMISE = AnswerPromise(
    normal=AnswerTargets(540, 1080),
    urgent=AnswerTargets(120, 240),
    time="covered",
    coverage="business",
    urgent_coverage="always",
    remind_at=(50, 80),
)
REAL = replace(PROMISE, time="real")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=TOKYO)


def step(line: str) -> Step:
    """`04-01 10:00 answered`; `urgent` and `normal` are changes of the urgency."""
    when, what = line[:11], line[12:]
    if what in ("urgent", "normal"):
        return Step(at(when), Happening.URGENCY, urgent=what == "urgent")
    return Step(at(when), Happening(what))


def clock(
    arrival: str, *steps: str, now: str = "", urgent: bool = False, promise: AnswerPromise = PROMISE
) -> AnswerClock:
    history = History(at(arrival), urgent, [step(each) for each in steps])
    return answer_clock(promise, CALENDARS, history, at(now or arrival))


# 2026-04-01 is a Wednesday.
DUE = [
    pytest.param(["04-01 09:00"], "04-01 18:00", id="ends with the hours"),
    pytest.param(["04-01 10:00"], "04-02 10:00", id="goes on in the morning"),
    pytest.param(["04-03 18:05"], "04-06 18:00", id="comes after Friday's closing"),
    pytest.param(["04-28 17:00"], "04-30 17:00", id="over a holiday"),
    pytest.param(["04-01 10:00", "04-01 11:00 answered"], "04-03 11:00", id="news after an answer"),
    pytest.param(["04-01 10:00", "04-01 11:00 answered", "04-01 12:00 answered"], "04-03 12:00", id="news anew"),
    pytest.param(["04-01 10:00", "04-01 11:00 waits"], None, id="the customer's turn"),
    pytest.param(["04-01 10:00", "04-01 11:00 waits", "04-02 11:00 customer-wrote"], "04-03 10:00", id="a day's pause"),
    pytest.param(["04-01 10:00", "04-01 11:00 waits", "04-04 11:00 resumed"], "04-06 17:00", id="resumed on Saturday"),
    pytest.param(["04-01 10:00", "04-01 11:00 customer-wrote"], "04-02 10:00", id="writes while it is our turn"),
    pytest.param(["04-01 10:00", "04-01 11:00 taken"], "04-02 10:00", id="taken is no answer"),
    pytest.param(["04-01 10:00", "04-01 11:00 resumed"], "04-02 10:00", id="resumed without waiting"),
    pytest.param(["04-01 10:00", "04-01 11:00 closed"], None, id="closed"),
    pytest.param(["04-01 10:00", "04-01 11:00 closed", "04-01 12:00 answered"], None, id="after the end nothing"),
    pytest.param(["04-01 10:00", "04-01 11:00 waits", "04-01 12:00 answered"], None, id="answered on their turn"),
    pytest.param(
        ["04-01 10:00", "04-01 11:00 waits", "04-01 12:00 answered", "04-01 13:00 resumed"],
        "04-03 13:00",
        id="answered on their turn: news count from their word",
    ),
    pytest.param(["04-01 17:00", "04-01 17:30 urgent"], "04-01 19:00", id="urgent: what was counted stays counted"),
    pytest.param(["04-01 10:00", "04-01 13:00 urgent"], "04-01 13:00", id="urgent, and more than that has passed"),
    pytest.param(["04-01 10:00", "04-01 10:30 urgent", "04-01 11:00 normal"], "04-02 10:00", id="there and back"),
    pytest.param(["04-01 10:00", "04-01 13:00 urgent", "04-01 14:00 normal"], "04-02 10:00", id="was not urgent"),
    pytest.param(["04-01 10:00", "04-01 09:00 waits", "04-01 12:00 resumed"], "04-02 12:00", id="a step from before"),
    pytest.param(
        ["04-01 10:00", "04-01 12:00 waits", "04-01 11:00 customer-wrote"], "04-02 10:00", id="heard of too late"
    ),
    pytest.param(
        ["04-01 09:00", "04-01 18:00 waits", "04-02 12:00 resumed"], "04-02 12:00", id="paused at the last moment"
    ),
    pytest.param(
        ["04-01 09:00", "04-02 10:00 waits", "04-03 12:00 resumed"], "04-01 18:00", id="a pause mends no delay"
    ),
    pytest.param(
        ["04-01 09:00", "04-01 20:00 waits", "04-02 12:00 resumed"], "04-01 18:00", id="nor one of closed hours alone"
    ),
]


@pytest.mark.parametrize(("given_", "due"), DUE)
def test_due(given_: Sequence[str], due: str | None) -> None:
    found = clock(*given_, now="06-01 00:00")
    assert found.due_at == (at(due) if due else None)


@pytest.mark.parametrize(
    ("given_", "due"),
    [
        pytest.param(["04-03 18:05"], "04-04 03:05", id="at night"),
        pytest.param(["04-03 18:05", "04-03 18:35 waits", "04-03 19:35 resumed"], "04-04 04:05", id="paused"),
        pytest.param(["04-03 18:05", "04-03 18:35 urgent"], "04-03 20:05", id="urgent"),
    ],
)
def test_due_in_real_minutes(given_: Sequence[str], due: str) -> None:
    assert clock(*given_, promise=REAL).due_at == at(due)


def test_the_customers_turn_and_closed_hours_do_not_count() -> None:
    found = clock(
        "04-01 17:00", "04-02 10:00 waits", "04-02 11:00 customer-wrote", "04-02 12:00 answered", now="04-02 13:00"
    )
    first, news = found.rounds
    assert [(each.starts_at, each.ends_at, each.counts) for each in first.stretches] == [
        (at("04-01 17:00"), at("04-01 18:00"), Counts.YES),
        (at("04-01 18:00"), at("04-02 09:00"), Counts.CLOSED_HOURS),
        (at("04-02 09:00"), at("04-02 10:00"), Counts.YES),
        (at("04-02 10:00"), at("04-02 11:00"), Counts.CUSTOMERS_TURN),
        (at("04-02 11:00"), at("04-02 12:00"), Counts.YES),
    ]
    assert (first.kind, first.minutes, first.counted, first.late) == ("answer", 540, timedelta(hours=3), False)
    assert (first.due_at, first.ended_at, first.ended_by) == (
        at("04-02 18:00"),
        at("04-02 12:00"),
        Happening.ANSWERED,
    )
    assert (news.kind, news.minutes, news.counted, news.ended_at) == ("update", 1080, timedelta(hours=1), None)
    assert (found.turn, found.answered_at, found.running) == (Turn.DESK, at("04-02 12:00"), news)


@pytest.mark.parametrize(
    ("given_", "late"),
    [
        pytest.param(["04-01 10:00", "04-02 10:00 answered"], False, id="at the due moment"),
        pytest.param(["04-01 10:00", "04-02 10:01 answered"], True, id="a minute after"),
        pytest.param(["04-01 10:00", "04-02 10:01 closed"], True, id="closed too late"),
        pytest.param(["04-01 10:00", "04-01 11:00 waits", "04-20 11:00 answered"], False, id="on the customer's turn"),
        pytest.param(["04-01 09:00", "04-02 09:00 answered"], True, id="promised for last evening"),
    ],
)
def test_late(given_: Sequence[str], late: bool) -> None:
    assert clock(*given_).rounds[0].late is late


def test_late_shows_once_the_due_time_is_over() -> None:
    assert not clock("04-01 10:00", now="04-02 10:00").rounds[0].late
    assert clock("04-01 10:00", now="04-02 10:01").rounds[0].late


NONE = AnswerTargets(None, None)


@pytest.mark.parametrize(
    ("normal", "urgent", "steps", "due"),
    [
        pytest.param(NONE, AnswerTargets(120, None), [], None, id="only urgent ones are promised"),
        pytest.param(
            NONE, AnswerTargets(120, None), ["04-01 10:30 urgent"], "04-01 12:00", id="and this one becomes urgent"
        ),
        pytest.param(AnswerTargets(540, None), NONE, ["04-01 10:30 answered"], None, id="no news are promised"),
        pytest.param(AnswerTargets(None, 540), NONE, [], "04-02 10:00", id="only news: the first from the arrival"),
        pytest.param(AnswerTargets(540, 60), NONE, ["04-01 10:30 urgent"], None, id="not for urgent ones"),
    ],
)
def test_what_was_not_sold_is_not_due(
    normal: AnswerTargets, urgent: AnswerTargets, steps: list[str], due: str | None
) -> None:
    promise = replace(PROMISE, normal=normal, urgent=urgent)
    found = clock("04-01 10:00", *steps, promise=promise, now="04-01 10:45")
    assert found.due_at == (at(due) if due else None)
    assert bool(found.reminders) is bool(due)


@pytest.mark.parametrize(
    ("given_", "promise", "expected"),
    [
        pytest.param(
            ["04-01 10:00"],
            PROMISE,
            ["04-01 14:30 50", "04-01 17:12 80", "04-02 10:00 100"],
            id="covered time is open time",
        ),
        pytest.param(
            ["04-03 18:05"], PROMISE, ["04-06 13:30 50", "04-06 16:12 80", "04-07 09:00 100"], id="breach at closing"
        ),
        pytest.param(
            ["04-01 13:30"],
            PROMISE,
            ["04-01 17:30 50", "04-02 11:42 80", "04-02 13:30 100"],
            id="half of it exactly at closing: half an hour before",
        ),
        pytest.param(
            ["04-01 10:00", "04-01 16:00 waits", "04-01 17:00 resumed"],
            PROMISE,
            ["04-02 09:12 80", "04-02 11:00 100"],
            id="what came before a pause does not come again",
        ),
        pytest.param(
            ["04-01 10:00", "04-01 14:30 waits", "04-01 15:30 resumed"],
            PROMISE,
            ["04-02 09:12 80", "04-02 11:00 100"],
            id="nor what a pause begins with",
        ),
        pytest.param(
            ["04-01 10:00"],
            REAL,
            ["04-01 14:30 50", "04-01 17:12 80", "04-02 09:00 100"],
            id="real minutes: over at night, told in the morning",
        ),
        pytest.param(
            ["04-01 16:00"], REAL, ["04-01 17:30 80", "04-02 09:00 100"], id="both parts at night: the higher, before"
        ),
        pytest.param(["04-03 20:00"], REAL, ["04-06 09:00 100"], id="all of it while closed: at the next opening"),
        pytest.param(["04-01 17:45"], REAL, ["04-01 17:45 80", "04-02 09:00 100"], id="arrives at the last minute"),
        pytest.param(["04-01 10:00", "04-01 11:00 waits"], PROMISE, [], id="none on the customer's turn"),
        pytest.param(["04-01 10:00", "04-01 11:00 closed"], PROMISE, [], id="none after the end"),
        pytest.param(
            ["04-01 10:00", "04-01 14:00 urgent"], PROMISE, ["04-01 14:00 100"], id="late by its new urgency: at once"
        ),
        pytest.param(
            ["04-01 09:00", "04-02 10:00 waits", "04-03 12:00 resumed"], PROMISE, [], id="a breach is told once"
        ),
    ],
)
def test_reminders(given_: Sequence[str], promise: AnswerPromise, expected: list[str]) -> None:
    found = clock(*given_, promise=promise).reminders
    assert found == tuple(Reminder(at(line[:11]), int(line[12:])) for line in expected)


def test_urgent_reminders_come_at_night() -> None:
    found = clock("04-01 23:00", urgent=True).reminders
    assert found == (
        Reminder(at("04-02 00:00"), 50),
        Reminder(at("04-02 00:36"), 80),
        Reminder(at("04-02 01:00"), 100),
    )


def test_after_a_downtime_only_the_highest_is_told() -> None:
    found = clock("04-01 10:00")
    assert found.reminder_reached(at("04-01 14:29")) is None
    assert found.reminder_reached(at("04-01 17:30")) == Reminder(at("04-01 17:12"), 80)
    assert found.reminder_after(at("04-01 17:30")) == Reminder(at("04-02 10:00"), 100)
    assert found.reminder_reached(at("04-05 10:00")) == Reminder(at("04-02 10:00"), 100)
    assert found.reminder_after(at("04-02 10:00")) is None


def test_a_closed_day_that_becomes_known_later_moves_no_promise_but_the_next() -> None:
    known_from = at("04-01 12:00").astimezone(UTC)
    (first,) = CALENDARS["business"].editions
    later = replace(first, valid_from=known_from, openings={date(2026, 4, 2): ()})
    calendars = CALENDARS | {"business": Calendar("business", (first, later))}
    history = History(at("04-01 10:00"), urgent=False)
    assert answer_clock(PROMISE, calendars, history, at("04-01 13:00")).due_at == at("04-02 10:00")
    paused = replace(history, steps=[step("04-01 13:00 waits"), step("04-01 14:00 resumed")])
    assert answer_clock(PROMISE, calendars, paused, at("04-01 14:00")).due_at == at("04-03 11:00")


def test_it_is_explained() -> None:
    found = clock(
        "04-01 17:00", "04-02 10:00 waits", "04-02 11:00 customer-wrote", "04-02 18:30 answered", now="04-03 09:30"
    )
    assert explain(PROMISE, found, TOKYO) == (
        "first answer: 540 covered minutes, normal, calendar business",
        "  Wed 2026-04-01 17:00:00 +0900 to Wed 2026-04-01 18:00:00 +0900: 60 min, together 60 min",
        "  Wed 2026-04-01 18:00:00 +0900 to Thu 2026-04-02 09:00:00 +0900: not counted, closed hours",
        "  Thu 2026-04-02 09:00:00 +0900 to Thu 2026-04-02 10:00:00 +0900: 60 min, together 120 min",
        "  Thu 2026-04-02 10:00:00 +0900 to Thu 2026-04-02 11:00:00 +0900: not counted, customer's turn",
        "  Thu 2026-04-02 11:00:00 +0900 to Thu 2026-04-02 18:00:00 +0900: 420 min, together 540 min",
        "  Thu 2026-04-02 18:00:00 +0900 to Thu 2026-04-02 18:30:00 +0900: not counted, closed hours",
        "  due Thu 2026-04-02 18:00:00 +0900: answered Thu 2026-04-02 18:30:00 +0900, late by 30 min",
        "news 1: 1080 covered minutes, normal, calendar business",
        "  Thu 2026-04-02 18:30:00 +0900 to Fri 2026-04-03 09:00:00 +0900: not counted, closed hours",
        "  Fri 2026-04-03 09:00:00 +0900 to Fri 2026-04-03 09:30:00 +0900: 30 min, together 30 min",
        "  due Mon 2026-04-06 18:00:00 +0900: runs",
    )


def test_what_is_not_sold_is_explained_too() -> None:
    promise = replace(PROMISE, normal=NONE)
    waits = clock("04-01 10:00", "04-01 10:00 waits", "04-01 11:00 closed", promise=promise)
    assert explain(promise, waits, TOKYO) == (
        "first answer: none is sold for normal questions",
        "  Wed 2026-04-01 10:00:00 +0900 to Wed 2026-04-01 11:00:00 +0900: not counted, customer's turn",
        "  not due: closed Wed 2026-04-01 11:00:00 +0900",
    )


# --- Every minute lived through ---

# Windows in which the clocks jump; (zone, first day of the window)
WINDOWS = [
    ("Asia/Tokyo", date(2026, 4, 27)),
    ("Europe/Berlin", date(2026, 3, 27)),
    ("Europe/Berlin", date(2026, 10, 23)),
    ("America/New_York", date(2026, 3, 6)),
    ("America/New_York", date(2026, 10, 30)),
    ("Australia/Lord_Howe", date(2026, 4, 3)),
    ("Australia/Lord_Howe", date(2026, 10, 2)),
    ("America/Sao_Paulo", date(2018, 2, 16)),
]
# Office hours, and hours in which the jumps lie.
HOURS = [Hours(540, 1080), Hours(90, 480), Hours(0, 1440), Hours(1200, 1440)]
WEEKDAYS = [frozenset(range(5)), frozenset(range(7)), frozenset({5, 6})]
MINUTES = st.one_of(st.none(), st.integers(1, 1500))
WHAT = st.sampled_from(
    ["customer-wrote", "answered", "waits", "waits", "resumed", "closed", "urgent", "normal", "taken"]
)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_every_minute_lived_through_says_the_same(data: st.DataObject) -> None:
    zone, first_day = data.draw(st.sampled_from(WINDOWS))
    shapes = {
        urgent: data.draw(st.tuples(st.sampled_from(HOURS), st.sampled_from(WEEKDAYS))) for urgent in (False, True)
    }
    sold = Sold({u: data.draw(MINUTES) for u in (False, True)}, {u: data.draw(MINUTES) for u in (False, True)})
    time: AnswerTime = data.draw(st.sampled_from(["covered", "real"]))
    arrival = data.draw(st.integers(0, 4 * 1440))
    urgent = data.draw(st.booleans())
    steps = data.draw(st.lists(st.tuples(st.integers(0, 3000), WHAT), max_size=7))
    now = data.draw(st.integers(0, 3000))

    moments, minute = [], arrival
    for pause, what in steps:
        minute += pause
        moments.append((minute, what))
    now += minute

    counts = {
        each: [True] * (DAYS * 1440)
        if time == "real"
        else open_minutes(zone, first_day, hours.opens, hours.closes, days)
        for each, (hours, days) in shapes.items()
    }
    lived = live(sold, counts, arrival=arrival, urgent=urgent, steps=moments, now=now)

    start = window_start(first_day)

    def moment(number: int) -> datetime:
        return start + timedelta(minutes=number)

    promise = AnswerPromise(
        AnswerTargets(sold.answer[False], sold.update[False]),
        AnswerTargets(sold.answer[True], sold.update[True]),
        time,
        "normal",
        "urgent",
        (50, 80),
    )
    calendars = {
        name: calendar(name, tuple((hours,) if day in days else () for day in range(7)), ZoneInfo(zone))
        for name, (hours, days) in (("normal", shapes[False]), ("urgent", shapes[True]))
    }
    history = History(
        moment(arrival),
        urgent,
        [
            Step(moment(at_), Happening.URGENCY, urgent=what == "urgent")
            if what in ("urgent", "normal")
            else Step(moment(at_), Happening(what))
            for at_, what in moments
        ],
    )
    found = answer_clock(promise, calendars, history, moment(now))

    assert [_seen(each, start) for each in lived] == [
        (
            each.counted,
            _length(each.stretches, Counts.CUSTOMERS_TURN),
            _length(each.stretches, Counts.CLOSED_HOURS),
            each.due_at,
            each.ended_at,
            each.late,
        )
        for each in found.rounds
    ]
    assert list(found.reminders) == sorted(set(found.reminders), key=lambda each: (each.at, each.percent))


def _seen(lived: Lived, start: datetime) -> tuple[object, ...]:
    times = [timedelta(minutes=each) for each in (lived.counted, lived.customers, lived.closed)]
    due, ended = (None if each is None else start + timedelta(minutes=each) for each in (lived.due, lived.ended))
    return (*times, due, ended, lived.late)


def _length(stretches: Sequence[Stretch], counts: Counts) -> timedelta:
    return sum((each.length for each in stretches if each.counts is counts), timedelta(0))
