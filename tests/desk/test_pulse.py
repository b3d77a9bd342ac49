"""What happened between two readings of two clocks, and is the clock believed?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mailbot.desk.pulse import (
    LARGE,
    Finding,
    Jumped,
    Reading,
    Restarted,
    Slept,
    Steady,
    ahead,
    in_doubt,
    judge,
    named,
    tells,
)

AT = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
FORMER = Reading(AT, 1_000.0, "one")
NONE, HOUR, DAY, YEAR = timedelta(0), timedelta(hours=1), timedelta(days=1), timedelta(days=365)


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def later(wall: timedelta, elapsed: timedelta) -> Reading:
    return Reading(AT + wall, FORMER.since_boot + elapsed.total_seconds(), "one")


@pytest.mark.parametrize(
    ("wall", "elapsed", "found"),
    [
        pytest.param(s(5), s(5), Steady(), id="a tick"),
        pytest.param(s(0), s(0), Steady(), id="at once"),
        pytest.param(s(35), s(5), Steady(), id="slewed forwards"),
        pytest.param(s(-25), s(5), Steady(), id="slewed back"),
        pytest.param(s(35.1), s(5), Jumped(s(30.1)), id="set forwards a little"),
        pytest.param(s(-25.1), s(5), Jumped(s(-30.1)), id="set back a little"),
        pytest.param(s(119.9), s(119.9), Steady(), id="slow"),
        pytest.param(s(120), s(120), Slept(s(120)), id="stood still"),
        pytest.param(8 * HOUR, 8 * HOUR, Slept(8 * HOUR), id="slept a night"),
        pytest.param(9 * HOUR, 8 * HOUR, Jumped(HOUR), id="slept, and woke with another clock"),
        pytest.param(s(5) - HOUR, s(5), Jumped(-HOUR), id="an hour back"),
        pytest.param(s(5) + YEAR, s(5), Jumped(YEAR), id="a year forwards"),
        pytest.param(s(5) - YEAR, s(5), Jumped(-YEAR), id="a year back"),
    ],
)
def test_one_process(wall: timedelta, elapsed: timedelta, found: Finding) -> None:
    assert judge(FORMER, later(wall, elapsed), restarted=False) == found


@pytest.mark.parametrize(
    ("wall", "elapsed", "found"),
    [
        pytest.param(s(5), s(5), Restarted(s(5)), id="at once"),
        pytest.param(10 * DAY, 10 * DAY, Restarted(10 * DAY), id="after a long time that both clocks saw"),
        pytest.param(10 * DAY, s(5), Jumped(10 * DAY - s(5)), id="after a time that only the wall saw"),
        pytest.param(s(-60), s(5), Jumped(s(-65)), id="with a clock set back"),
    ],
)
def test_another_process_on_the_same_boot(wall: timedelta, elapsed: timedelta, found: Finding) -> None:
    assert judge(FORMER, later(wall, elapsed), restarted=True) == found


@pytest.mark.parametrize("restarted", [True, False])
@pytest.mark.parametrize(
    ("wall", "found"),
    [
        pytest.param(s(90), Restarted(s(90)), id="a reboot"),
        pytest.param(DAY, Restarted(DAY), id="off for a day"),
        pytest.param(DAY + s(1), Restarted(DAY + s(1), sure=False), id="off for longer, or a wrong clock"),
        pytest.param(s(-30), Restarted(NONE), id="a clock that was slewed"),
        pytest.param(s(-31), Jumped(s(-31)), id="no reboot takes less than no time"),
    ],
)
def test_another_boot(wall: timedelta, found: Finding, *, restarted: bool) -> None:
    present = Reading(AT + wall, 20.0, "two")
    assert judge(FORMER, present, restarted=restarted) == found
    assert judge(FORMER, replace(present, boot="one"), restarted=restarted) == found  # where boots have no ids


@given(by=st.floats(-1e8, 1e8) | st.floats(-29.9, 29.9), elapsed=st.floats(0, 1e8), restarted=st.booleans())
def test_only_what_both_clocks_disagree_about_is_a_jump(*, by: float, elapsed: float, restarted: bool) -> None:
    assume(abs(abs(by) - 30) > 0.001)
    found = judge(FORMER, later(s(elapsed) + s(by), s(elapsed)), restarted=restarted)
    assert isinstance(found, Jumped) == (abs(by) > 30)
    if isinstance(found, Jumped):
        assert abs(found.by - s(by)) < s(0.001)


@pytest.mark.parametrize(
    ("found", "off"),
    [
        pytest.param([Jumped(HOUR)], NONE, id="an hour is believed"),
        pytest.param([Jumped(HOUR + s(1))], HOUR + s(1), id="more is not"),
        pytest.param([Jumped(YEAR), Jumped(-YEAR)], NONE, id="it comes back"),
        pytest.param([Jumped(YEAR), Steady(), Slept(HOUR), Restarted(HOUR), Jumped(-YEAR)], NONE, id="after a while"),
        pytest.param([Jumped(YEAR), Jumped(s(-40)), Jumped(s(40) - YEAR)], NONE, id="in steps"),
        pytest.param([Jumped(YEAR), Jumped(-YEAR / 2)], YEAR / 2, id="half the way is not back"),
        pytest.param([Jumped(-YEAR)], -YEAR, id="behind"),
        pytest.param([Jumped(-YEAR), Jumped(YEAR)], NONE, id="behind, and right again"),
        pytest.param([Jumped(-HOUR), Jumped(HOUR)], NONE, id="summer time by hand"),
        pytest.param([Restarted(2 * DAY)], NONE, id="downtime that both clocks saw"),
        pytest.param([Restarted(2 * DAY, sure=False)], 2 * DAY, id="downtime that only the wall saw"),
        pytest.param([Restarted(YEAR + s(90), sure=False), Jumped(-YEAR)], NONE, id="booted with a wrong clock"),
    ],
)
def test_how_far_the_clock_is_ahead(found: list[Finding], off: timedelta) -> None:
    before = NONE
    for each in found:
        before = ahead(before, each)
    assert before == off
    assert in_doubt(before) == (off > LARGE)


@pytest.mark.parametrize(
    ("found", "name", "told"),
    [
        (Steady(), ("steady", NONE), False),
        (Slept(HOUR), ("slept", HOUR), True),
        (Jumped(s(31)), ("forwards", s(31)), True),
        (Jumped(s(-31)), ("backwards", s(31)), True),
        (Restarted(s(300)), ("restarted", s(300)), False),
        (Restarted(HOUR + s(1)), ("restarted", HOUR + s(1)), True),
    ],
)
def test_what_people_are_told(found: Finding, name: tuple[str, timedelta], *, told: bool) -> None:
    assert named(found) == name
    assert tells(found) is told
