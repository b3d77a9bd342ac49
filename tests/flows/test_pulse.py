"""The desk with a clock that is set, a machine that sleeps, and a daemon that is not there (T20, promises row 36)."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailbot.desk.pulse import Jumped, Reading, Restarted, Slept, Steady
from mailbot.errors import RefusedError, RelayError
from mailbot.flows import pulse
from mailbot.flows.application import Application
from mailbot.store import journal, pulses
from mailbot.store.outbox import Claimed
from mailbot.store.pulses import Pulse
from tests.flows.office import DAEMON, NOON, Office, mail, open_office

ASKER = "taro@customer.example"
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
SALE = Application(
    where="here",
    number="C-2",
    customer="Customer",
    menu="premium",
    starts_on="2026-10-01",
    ends_on="2027-09-30",
    language="en",
    askers=("Jiro <jiro@other.example>",),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as opened:
        _furnish(opened)
        yield opened


def _furnish(office: Office) -> None:
    contract = office.contract("C-1", starts_on=(NOON - 2 * YEAR).date(), ends_on=(NOON + 3 * YEAR).date())
    office.asker(contract, "Taro", ASKER)
    office.staff("Sato", "sato@desk.example")


def ask(office: Office, number: int, subject: str = "") -> None:
    raw = mail(ASKER, subject or f"Question {number}", f"How is pgpool-II 4.5 number {number} tuned?", date=office.now)
    office.take_in(raw, sender=ASKER)


def kinds(office: Office) -> Counter[str]:
    return Counter(each.kind for each in office.sent)


def defers(_letter: Claimed) -> RelayError:
    return RelayError("451 later")


def works(_letter: Claimed) -> str:
    return "250 2.0.0 taken"


def journalled(office: Office) -> list[str]:
    with office.context.store.read() as connection:
        return [row["what"] for row in journal.about(connection, pulse.SUBJECT)]


# Backwards


@pytest.mark.parametrize("by", [-timedelta(seconds=31), -HOUR, -YEAR])
def test_letters_do_not_wait_for_the_clock_to_come_round_again(office: Office, by: timedelta) -> None:
    office.relay = defers
    ask(office, 1)
    office.work()
    office.passes(timedelta(minutes=3))
    office.work()
    assert office.sent == []
    office.relay = works
    assert office.jumps(by).finding == Jumped(by)
    office.work()
    assert kinds(office) == {"acknowledgement": 1, "question": 1, "alarm": 1}
    assert office.sent[0].at == office.now
    assert journalled(office) == ["backwards", "rewound"]


def test_a_digest_told_in_the_future_silences_nobody(office: Office) -> None:
    office.jumps(YEAR)
    office.take_in(mail("zoe@else.example", "Hello", "Prices?"), sender="zoe@else.example")
    office.work()
    assert kinds(office)["digest"] == 1
    office.jumps(-YEAR)
    office.take_in(mail("yan@else.example", "Hi", "Prices, please?"), sender="yan@else.example")
    office.work()
    assert kinds(office)["digest"] == 1, "they are bundled, as always"
    office.passes(office.context.policy.staff_digest_every)
    told = [each.text for each in office.work() if each.kind in {"digest", "alarm"}]
    assert any("yan@else.example" in each for each in told)


def test_a_window_that_began_in_the_future_alarms_now(office: Office) -> None:
    office.jumps(HOUR)
    office.take_in(mail("zoe@else.example", "Hello", "Prices?"), sender="zoe@else.example")
    office.work()
    office.jumps(-HOUR)
    assert any("zoe@else.example" in each.text for each in office.work() if each.kind == "alarm")


# Forwards


def test_letters_of_a_day_wait_until_somebody_believes_the_clock(office: Office) -> None:
    office.sell(SALE)
    assert office.jumps(YEAR - 30 * DAY).suspended
    ask(office, 1)
    office.work()
    assert kinds(office) == {"acknowledgement": 1, "question": 1, "alarm": 1}
    office.passes(DAY)
    assert office.work() == []
    assert pulse.accept(office.context.store, "Sato", office.now) == [DAEMON]
    office.work()
    office.passes(DAY)
    office.work()
    assert kinds(office)["welcome"] == 1
    assert journalled(office) == ["forwards", "suspended", "accepted"]
    with pytest.raises(RefusedError, match="no clock is in doubt"):
        pulse.accept(office.context.store, "Sato", office.now)


def test_not_even_the_sweep_before_the_first_look_at_the_clock_sends_them(office: Office) -> None:
    office.sell(SALE)
    office.passes(timedelta(0))
    office.jumps(timedelta(0))  # it lives
    office.beats = False  # and has not looked yet
    office.now, office.off = office.now + YEAR - 30 * DAY, YEAR
    assert office.work() == []


def test_the_clock_comes_back_and_all_goes_on_by_itself(office: Office) -> None:
    office.sell(SALE)
    office.jumps(YEAR)
    office.work()
    assert not office.jumps(-YEAR).suspended
    office.work()
    assert kinds(office) == {"alarm": 2}
    office.now = datetime(2026, 10, 1, 0, 0, tzinfo=UTC)
    office.work()
    assert kinds(office)["welcome"] == 1
    assert journalled(office) == ["forwards", "suspended", "backwards", "resumed"]


def test_the_ends_of_terms_and_the_reminders_of_changes_wait_too(office: Office) -> None:
    office.contract("C-9", ends_on=(NOON + 60 * DAY).date())
    office.jumps(YEAR)
    office.work()
    assert kinds(office) == {"alarm": 1}
    pulse.accept(office.context.store, "Sato", office.now)
    office.work()
    assert kinds(office)["term-ended"] == 1


def test_nobody_is_told_that_a_contract_ended_by_a_clock_in_doubt(office: Office) -> None:
    office.jumps(5 * YEAR)
    ask(office, 1)
    office.work()
    assert [row["reason"] for row in office.inbound()] == ["ended"]
    assert "contract-ended" not in kinds(office)
    pulse.accept(office.context.store, "Sato", office.now)
    ask(office, 2)
    office.work()
    assert kinds(office)["contract-ended"] == 1


def test_a_deferred_letter_is_not_given_up_because_a_year_passed_at_once(office: Office) -> None:
    office.relay = defers
    ask(office, 1)
    office.work()
    office.jumps(YEAR)
    office.work()
    assert {row["state"] for row in office.outbox()} == {"ready"}
    office.relay = works
    office.passes(office.context.policy.max_backoff)
    office.work()
    assert kinds(office)["acknowledgement"] == 1


@pytest.mark.parametrize("by", [HOUR, -HOUR, timedelta(seconds=31)])
def test_a_small_jump_suspends_nothing_and_is_told(office: Office, by: timedelta) -> None:
    assert not office.jumps(by).suspended
    office.work()
    assert kinds(office) == {"alarm": 1}


def test_a_clock_that_is_slewed_is_nobodys_business(office: Office) -> None:
    for seconds in (29, -29, 10, -10):
        assert office.jumps(timedelta(seconds=seconds)).finding == Steady()
    office.work()
    assert (office.sent, journalled(office)) == ([], [])


# Sleep and downtime


def test_after_a_night_of_sleep_all_that_was_due_goes_out_once(office: Office) -> None:
    office.sell(replace(SALE, starts_on="2026-04-02"))
    office.take_in(mail("zoe@else.example", "Hello", "Prices?"), sender="zoe@else.example")
    assert office.sleeps(DAY) == pulse.Beat(Slept(DAY), suspended=False)
    for _ in range(3):
        office.work()
    assert kinds(office)["welcome"] == 1
    assert sum("zoe@else.example" in each.text for each in office.sent) == 1, "only the highest alarm"


def test_a_restart_is_written_down_and_a_long_one_told(office: Office) -> None:
    assert office.is_down(timedelta(minutes=50)).finding == Restarted(timedelta(minutes=50))
    assert office.is_down(3 * DAY) == pulse.Beat(Restarted(3 * DAY), suspended=False)
    assert office.is_down(timedelta(minutes=3), reboots=True).finding == Restarted(timedelta(minutes=3))
    office.work()
    assert kinds(office) == {"alarm": 1}
    assert journalled(office) == ["restarted"] * 3


def test_days_without_power_are_in_doubt_and_a_clock_that_was_reset_is_noticed(office: Office) -> None:
    assert office.is_down(2 * DAY, reboots=True) == pulse.Beat(Restarted(2 * DAY, sure=False), suspended=True)
    pulse.accept(office.context.store, "Sato", office.now)
    beat = office.is_down(timedelta(minutes=5), reboots=True, off=-YEAR)
    assert beat == pulse.Beat(Jumped(timedelta(minutes=5) - YEAR), suspended=False)


def test_a_machine_that_boots_with_a_wrong_clock_goes_on_when_it_is_set(office: Office) -> None:
    assert office.is_down(timedelta(minutes=5), reboots=True, off=YEAR).suspended
    assert not office.jumps(-YEAR).suspended


def test_the_first_daemon_of_all_finds_nothing(office: Office) -> None:
    assert office.beat(restarted=True) == pulse.Beat(Steady(), suspended=False)
    assert journalled(office) == []


def test_a_jump_is_found_once(office: Office) -> None:
    office.jumps(YEAR)
    for _ in range(3):
        assert office.beat() == pulse.Beat(Steady(), suspended=True)
        office.passes(timedelta(seconds=5))
    office.work()
    assert kinds(office) == {"alarm": 1}


def test_a_new_daemon_is_compared_with_the_others(office: Office) -> None:
    """Two hosts on one database: one that starts with a clock that is a year ahead makes no letter too early."""
    office.beat()
    strange = Reading(office.now + YEAR, 60.0, "another machine")
    assert pulse.beat(office.context, "second", strange, restarted=True).suspended
    with office.context.store.read() as connection:
        assert [each.daemon for each in pulses.every(connection)] == ["second", DAEMON]
        assert pulses.in_doubt(connection, office.now), "its letters would be everybody's"


def test_daemons_of_one_host_find_a_jump_once(office: Office) -> None:
    office.jumps(YEAR)
    assert pulse.beat(office.context, DAEMON, office.reading(), restarted=False).finding == Steady()
    assert journalled(office).count("forwards") == 1


def test_one_tick_notes_its_pulse_once(office: Office) -> None:
    office.beat()
    office.passes(timedelta(seconds=1))
    office.beat()
    with office.context.store.read() as connection:
        noted = pulses.newest(connection)
    assert noted == Pulse(DAEMON, replace(office.reading(), at=NOON, since_boot=office.reading().since_boot - 1))


# The zone of the process must not matter, nor the hour that a zone has twice or not at all

_ZONES = ("UTC", "Asia/Tokyo", "America/New_York")
_MOMENTS = {
    "noon": NOON,
    "spring in New York": datetime(2026, 3, 8, 6, 59, 50, tzinfo=UTC),
    "autumn in New York": datetime(2026, 11, 1, 5, 59, 50, tzinfo=UTC),
    "new year in Tokyo": datetime(2026, 12, 31, 14, 59, 50, tzinfo=UTC),
    "leap day": datetime(2028, 2, 28, 23, 59, 50, tzinfo=UTC),
}


@pytest.fixture(params=_ZONES)
def process_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("process_zone")
@pytest.mark.parametrize("by", [HOUR, -HOUR, YEAR, -YEAR], ids=["+1 h", "-1 h", "+1 year", "-1 year"])
@pytest.mark.parametrize("at", _MOMENTS.values(), ids=_MOMENTS)
def test_jumps_in_any_zone(tmp_path: Path, at: datetime, by: timedelta) -> None:
    with open_office(tmp_path) as office:
        _furnish(office)
        office.now = at
        office.booted_at = at - DAY
        ask(office, 1)
        office.work()
        office.passes(timedelta(seconds=20))
        assert office.beat().finding == Steady(), "a zone that changes its hour is no jump"
        assert office.jumps(by) == pulse.Beat(Jumped(by), suspended=by == YEAR)
        ask(office, 2)
        office.work()
        assert kinds(office) == {"acknowledgement": 2, "question": 2, "alarm": 1}
        acknowledged = [each.at for each in office.sent if each.kind == "acknowledgement"]
        assert acknowledged == [at, at + timedelta(seconds=20) + by]


# A random walk: whatever the clocks do, each question is acknowledged once, no letter waits longer than it may

_JUMPS = st.sampled_from([s * by for s in (1, -1) for by in (timedelta(seconds=40), HOUR, 3 * HOUR, 40 * DAY, YEAR)])
_TIMES = st.sampled_from([timedelta(seconds=5), timedelta(minutes=3), HOUR, DAY])
_STEPS = st.one_of(
    st.tuples(st.just("asks"), st.none()),
    st.tuples(st.just("jumps"), _JUMPS),
    st.tuples(st.just("sleeps"), _TIMES),
    st.tuples(st.just("passes"), _TIMES),
    st.tuples(st.just("is down"), _TIMES),
    st.tuples(st.just("reboots"), _JUMPS),
    st.tuples(st.just("relay"), st.sampled_from([works, defers])),
    st.tuples(st.just("sells"), st.integers(-20, 400)),
    st.tuples(st.just("accepts"), st.none()),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_STEPS, min_size=3, max_size=25))
def test_a_random_walk_of_jumps_restarts_and_questions(
    tmp_path_factory: pytest.TempPathFactory, walk: list[tuple[str, Any]]
) -> None:
    with open_office(tmp_path_factory.mktemp("walk")) as office:
        contract = office.contract("C-1", starts_on=date(1950, 1, 1), ends_on=date(2090, 12, 31))
        office.asker(contract, "Taro", ASKER)
        office.staff("Sato", "sato@desk.example")
        office.beat(restarted=True)
        counts: Counter[str] = Counter()
        for what, how in walk:
            counts[what] += 1
            suspended = _step(office, what, how, counts)
            before = len(office.sent)
            office.work()
            scheduled = [each.kind for each in office.sent[before:] if each.kind in {"welcome", "term-ended"}]
            assert not (suspended and scheduled), "a letter of a day left by a clock in doubt"
            latest = office.now + office.context.policy.max_backoff
            assert all(row["next_attempt_at"] <= latest for row in office.outbox() if row["state"] == "ready")
        office.relay = works
        office.passes(office.context.policy.max_backoff)
        office.work()
        assert {row["state"] for row in office.outbox()} <= {"sent"}
        assert kinds(office)["acknowledgement"] == counts["asks"]
        ids = Counter(each.message_id for each in office.sent)
        assert set(ids.values()) <= {1}, "a letter went out twice"
        guided = Counter(each.recipient for each in office.sent if each.kind == "welcome")
        assert set(guided.values()) <= {1}


def _step(office: Office, what: str, how: Any, counts: Counter[str]) -> bool:
    """Take it; say whether the clock is in doubt afterwards."""
    match what:
        case "asks":
            ask(office, counts["asks"])
        case "jumps":
            office.jumps(how)
        case "sleeps":
            office.sleeps(how)
        case "passes":
            office.passes(how)
        case "is down":
            office.is_down(how)
        case "reboots":
            office.is_down(timedelta(minutes=2), reboots=True, off=how)
        case "relay":
            office.relay = how
        case "accepts":
            with suppress(RefusedError):
                pulse.accept(office.context.store, "Sato", office.now)
        case "sells":
            first = office.now.date() + timedelta(days=how)
            days = {"starts_on": first.isoformat(), "ends_on": (first + YEAR).isoformat()}
            number = counts["sells"]
            office.sell(replace(SALE, number=f"N-{number}", askers=(f"N <n{number}@other.example>",), **days))
    with office.context.store.read() as connection:
        return any(each.suspended_at for each in pulses.every(connection))
