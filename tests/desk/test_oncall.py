"""Who is on call at every minute, and in which order are people called?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot.desk.contract import Role, Staff
from mailbot.desk.oncall import (
    ALL,
    BUSINESS,
    OUTSIDE,
    PARTNER,
    Climbed,
    Deputy,
    End,
    Ladder,
    OnCallRules,
    Quiet,
    Rota,
    Rung,
    Step,
    following,
    on_duty,
    plan,
    turns,
    unknown,
)
from mailbot.rules import load

TOKYO, BERLIN, ST_JOHNS = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns")
ROTA = Rota("r", TOKYO, date(2026, 1, 5), 0, 9 * 60, ("a@x.example", "b@x.example", "c@x.example"))
SATO = Staff(1, "Sato", "sato@x.example", "en")
SUZUKI = Staff(2, "Suzuki", "suzuki@x.example", "ja")
NIGHT = Staff(3, "Night", "night@y.example", "ja", Role.PARTNER)
EVERYBODY = (SATO, SUZUKI, NIGHT)
DAY, NIGHT_TIME = datetime(2026, 4, 1, 10, 0, tzinfo=TOKYO), datetime(2026, 4, 4, 3, 0, tzinfo=TOKYO)
QUARTER = timedelta(minutes=15)


@pytest.fixture(scope="module")
def shipped() -> OnCallRules:
    return load(Path(__file__).parents[2] / "rules").oncall


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-01-05T08:59:59+09:00", "c"),  # the turns go on backwards
        ("2026-01-05T09:00:00+09:00", "a"),
        ("2026-01-12T08:59:59+09:00", "a"),
        ("2026-01-12T09:00:00+09:00", "b"),
        ("2026-01-11T23:59:59.999999+00:00", "a"),
        ("2026-01-12T00:00:00+00:00", "b"),
        ("2026-12-27T12:00:00+09:00", "c"),  # the 51st week of the year
        ("2026-12-28T09:00:00+09:00", "a"),
        ("2026-12-31T23:59:59+09:00", "a"),
        ("2027-01-01T00:00:00+09:00", "a"),  # a year has no say in it
        ("2027-01-04T09:00:00+09:00", "b"),
    ],
)
def test_turns_change_at_the_hand_over(at: str, who: str) -> None:
    assert on_duty(ROTA, datetime.fromisoformat(at)) == f"{who}@x.example"


@pytest.mark.parametrize(
    ("zone", "day", "minutes", "last", "first"),
    [
        # 02:30 never comes: the clock jumps from 02:00 to 03:00
        (BERLIN, date(2026, 3, 29), 150, "2026-03-29T00:59:59+00:00", "2026-03-29T01:00:00+00:00"),
        # 02:30 comes twice: the first time counts
        (BERLIN, date(2026, 10, 25), 150, "2026-10-25T00:29:59+00:00", "2026-10-25T00:30:00+00:00"),
        # midnight comes, and a minute later it is the day before once more
        (ST_JOHNS, date(2006, 10, 29), 0, "2006-10-29T02:29:59+00:00", "2006-10-29T02:30:00+00:00"),
        (ST_JOHNS, date(2006, 10, 29), 0, "2006-10-29T02:29:59+00:00", "2006-10-29T02:45:00+00:00"),
    ],
)
def test_where_the_clock_jumps(zone: ZoneInfo, day: date, minutes: int, last: str, first: str) -> None:
    monday = day - timedelta(days=day.weekday())
    rota = Rota("r", zone, monday, day.weekday(), minutes, ("new", "x", "old"))
    assert on_duty(rota, datetime.fromisoformat(last)) == "old"
    assert on_duty(rota, datetime.fromisoformat(first)) == "new"


@pytest.mark.parametrize(("zone", "weekday", "minutes"), [(BERLIN, 6, 150), (ST_JOHNS, 6, 0), (TOKYO, 4, 18 * 60)])
def test_every_minute_of_half_a_year_as_a_watch_would_tell(zone: ZoneInfo, weekday: int, minutes: int) -> None:
    """Somebody looks at the clock on the wall every minute, and hands over when it first shows the time or has leapt
    over it.
    """
    people = ("a", "b", "c")
    rota = Rota("r", zone, date(2006, 5, 1), weekday, minutes, people)
    at = datetime(2006, 7, 1, tzinfo=UTC)
    turn = people.index(on_duty(rota, at))
    handed_over: set[date] = set()
    while at < datetime(2007, 4, 1, tzinfo=UTC):
        at += timedelta(minutes=1)
        wall = at.astimezone(zone)
        day = wall.date()
        if wall.weekday() == weekday and wall.hour * 60 + wall.minute >= minutes and day not in handed_over:
            handed_over.add(day)
            turn += 1
        if at.minute % 5 == 0 or wall.hour * 60 + wall.minute in (minutes - 1, minutes, minutes + 1):
            assert on_duty(rota, at) == people[turn % 3], at


def test_somebody_stands_in_to_the_minute() -> None:
    since, until = datetime(2026, 1, 8, 9, 0, tzinfo=TOKYO), datetime(2026, 1, 13, 18, 0, tzinfo=TOKYO)
    rota = replace(ROTA, deputies=(Deputy(since, until, "d@x.example"),))
    second = timedelta(seconds=1)
    found = [on_duty(rota, at)[0] for at in (since - second, since, until - second, until)]
    assert found == ["a", "d", "d", "b"]
    assert [(turn.who[0], turn.until - turn.since) for turn in turns(rota, since - second, until + second)] == [
        ("a", second),
        ("d", until - since),
        ("b", second),
    ]


def test_turns_are_what_on_duty_says() -> None:
    since, until = datetime(2026, 2, 25, 12, 0, tzinfo=UTC), datetime(2026, 4, 20, tzinfo=UTC)
    rota = Rota("r", BERLIN, date(2026, 1, 5), 6, 150, ("a", "b", "a"))  # two turns of a follow each other
    found = turns(rota, since, until)
    assert (found[0].since, found[-1].until) == (since, until)
    for one, other in pairwise(found):
        assert one.until == other.since
        assert one.who != other.who
    for turn in found:
        assert on_duty(rota, turn.since) == on_duty(rota, turn.until - timedelta(microseconds=1)) == turn.who


@pytest.mark.parametrize(
    ("quiet", "times", "holds"),
    [
        (Quiet(0, 7 * 60), (0, 419, 420, 1439), (True, True, False, False)),
        (Quiet(22 * 60, 7 * 60), (1319, 1320, 0, 419, 420), (False, True, True, True, False)),
    ],
)
def test_quiet_hours(quiet: Quiet, times: tuple[int, ...], holds: tuple[bool, ...]) -> None:
    assert tuple(quiet.holds(each) for each in times) == holds


def outside(shipped: OnCallRules, *rungs: Rung, repeats: int = 2) -> OnCallRules:
    return replace(shipped, outside=Ladder(OUTSIDE, rungs, QUARTER, repeats))


def reaching(rules: OnCallRules, people: tuple[Staff, ...]) -> Callable[[Rung, datetime], bool]:
    return lambda rung, at: bool(rules.people(rung, at, people))


def climbed(rules: OnCallRules, at: datetime, people: tuple[Staff, ...], *, most: int = 50) -> list[str]:
    """Climb to the end: after how many minutes who is called, and how it ends."""
    found, start, position = [], at, Climbed("", -1)
    while len(found) < most:
        step = following(rules, at, position, lambda rung, at=at: reaching(rules, people)(rung, at))
        if isinstance(step, End):
            return [*found, step.name]
        found.append(f"{(at - start) // timedelta(minutes=1)} {rules.name(step.rung, at)}")
        position, at = step.climbed, at + step.wait
    return found


def test_the_shipped_ladders(shipped: OnCallRules) -> None:
    night = climbed(shipped, NIGHT_TIME, EVERYBODY)
    assert night[:3] == ["0 partner", "15 all", "30 all"]
    assert (night[-2:], len(night)) == (["255 all", "UNCLAIMED"], 2 + 16 + 1)
    day = climbed(shipped, DAY, EVERYBODY)
    assert (day[0], day[-2:], len(day)) == ("0 all", ["120 all", "UNCLAIMED"], 1 + 8 + 1)


def test_without_a_partner_staff_are_called_at_once(shipped: OnCallRules) -> None:
    assert climbed(shipped, NIGHT_TIME, (SATO,), most=2) == ["0 all", "15 all"]
    assert climbed(shipped, NIGHT_TIME, (NIGHT,), most=2) == ["0 partner", "15 partner"]
    assert climbed(shipped, NIGHT_TIME, ()) == ["NOBODY"]
    assert climbed(shipped, DAY, (NIGHT,)) == ["NOBODY"], "by day the partner is never called"


def test_who_is_not_registered_is_passed_over_and_never_all(shipped: OnCallRules) -> None:
    rules = outside(shipped, Rung("gone@x.example", timedelta(0)), Rung(SATO.address, QUARTER))
    assert climbed(rules, NIGHT_TIME, EVERYBODY) == [
        f"0 {SATO.address}",
        f"15 {SATO.address}",
        f"30 {SATO.address}",
        "UNCLAIMED",
    ]
    assert unknown(rules, EVERYBODY) == ["gone@x.example"]
    alone = outside(shipped, Rung("gone@x.example", timedelta(0)), repeats=0)
    assert climbed(alone, NIGHT_TIME, EVERYBODY) == ["0 all", "UNCLAIMED"]
    rota = replace(alone, rotas={"r": replace(ROTA, deputies=(Deputy(DAY, NIGHT_TIME, SATO.address),))})
    assert unknown(rota, EVERYBODY) == ["gone@x.example", *ROTA.people]


def test_a_rung_is_passed_over_in_its_quiet_hours(shipped: OnCallRules) -> None:
    sleeps = Rung(SATO.address, timedelta(0), (Quiet(22 * 60, 7 * 60),))
    rules = outside(shipped, sleeps, Rung(SUZUKI.address, QUARTER), Rung(ALL, QUARTER, (Quiet(0, 195),)))
    assert climbed(rules, NIGHT_TIME, EVERYBODY, most=3) == [f"0 {SUZUKI.address}", "15 all", "30 all"]
    assert climbed(rules, NIGHT_TIME - timedelta(minutes=10), EVERYBODY, most=3) == [
        f"0 {SUZUKI.address}",
        f"15 {SUZUKI.address}",  # all sleep still: the last rung that is awake is called again
        "30 all",
    ]
    evening = NIGHT_TIME - timedelta(hours=6)
    assert climbed(rules, evening, EVERYBODY, most=1) == [f"0 {SATO.address}"]


def test_when_all_are_quiet_the_first_is_called_all_the_same(shipped: OnCallRules) -> None:
    always = (Quiet(0, 720), Quiet(720, 0))
    rules = outside(shipped, Rung(SATO.address, timedelta(0), always), Rung(ALL, QUARTER, always))
    assert climbed(rules, NIGHT_TIME, EVERYBODY) == [
        f"0 {SATO.address}",
        f"15 {SATO.address}",
        f"30 {SATO.address}",
        "UNCLAIMED",
    ]


def test_quiet_hours_are_read_by_the_clock_on_the_wall(shipped: OnCallRules) -> None:
    rules = replace(
        outside(shipped, Rung(SATO.address, timedelta(0), (Quiet(0, 150),)), Rung(SUZUKI.address, QUARTER)), zone=BERLIN
    )
    for at, who in (
        ("2026-03-29T00:59:00+00:00", SUZUKI),  # 01:59
        ("2026-03-29T01:00:00+00:00", SATO),  # 03:00
        ("2026-10-25T00:29:00+00:00", SUZUKI),  # 02:29, summer time
        ("2026-10-25T00:30:00+00:00", SATO),
        ("2026-10-25T01:29:00+00:00", SUZUKI),  # 02:29 once more
    ):
        step = following(rules, datetime.fromisoformat(at), Climbed("", -1), lambda _: True)
        assert isinstance(step, Step)
        assert step.rung.who == who.address, at


def test_a_rota_is_asked_when_it_is_called(shipped: OnCallRules) -> None:
    rules = replace(
        outside(shipped, Rung("rota:r", timedelta(0))),
        rotas={"r": replace(ROTA, people=(SATO.address, SUZUKI.address))},
    )
    before = datetime(2026, 1, 12, 8, 50, tzinfo=TOKYO)  # a holiday: nobody is at work
    assert climbed(rules, before, EVERYBODY, most=2) == [f"0 {SATO.address}", f"15 {SUZUKI.address}"]


def test_the_partner_is_called_outside_the_hours_alone(shipped: OnCallRules) -> None:
    by_address = replace(shipped, business=Ladder(BUSINESS, (Rung(NIGHT.address, timedelta(0)),), QUARTER, 0))
    assert by_address.people(by_address.business.rungs[0], DAY, EVERYBODY) == ()
    assert climbed(by_address, DAY, EVERYBODY) == ["0 all", "UNCLAIMED"]
    assert shipped.people(Rung(PARTNER, timedelta(0)), NIGHT_TIME, EVERYBODY) == (NIGHT,)
    assert shipped.people(Rung(ALL, timedelta(0)), NIGHT_TIME, EVERYBODY) == (SATO, SUZUKI)
    assert shipped.people(Rung(NIGHT.address, timedelta(0)), NIGHT_TIME, EVERYBODY) == (NIGHT,)


def test_when_the_hours_change_the_other_ladder_begins(shipped: OnCallRules) -> None:
    evening = datetime(2026, 4, 1, 17, 40, tzinfo=TOKYO)
    assert climbed(shipped, evening, EVERYBODY, most=5) == ["0 all", "15 all", "30 partner", "45 all", "60 all"]
    morning = datetime(2026, 4, 1, 8, 30, tzinfo=TOKYO)
    assert climbed(shipped, morning, EVERYBODY, most=4) == ["0 partner", "15 all", "30 all", "45 all"]


def test_a_plan_ends_with_the_first_repetition(shipped: OnCallRules) -> None:
    late = replace(shipped, outside=Ladder(OUTSIDE, (Rung(PARTNER, QUARTER), Rung(ALL, QUARTER)), QUARTER, 3))
    found = [(at - NIGHT_TIME, step.rung.who) for at, step in plan(late, NIGHT_TIME, reaching(late, EVERYBODY))]
    assert found == [(QUARTER, PARTNER), (2 * QUARTER, ALL)]
    assert list(plan(shipped, NIGHT_TIME, reaching(shipped, ()))) == []
