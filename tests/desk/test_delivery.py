"""When is a mail tried again, and when is it given up?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mailbot.desk.delivery import Attempt, after_failure

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
FIVE_DAYS, BACKOFF = timedelta(days=5), timedelta(seconds=4000)


def after(attempts: int, age: timedelta, *, permanent: bool = False, in_doubt: bool = False) -> tuple[str, timedelta]:
    attempt = Attempt(attempts, NOW - age, None, True, permanent, in_doubt)
    following = after_failure(attempt, NOW, give_up_after=FIVE_DAYS, max_backoff=BACKOFF)
    return following.state, following.at - NOW


@pytest.mark.parametrize(
    ("attempts", "age", "state"),
    [
        pytest.param(54, FIVE_DAYS, "failed", id="tried long and often"),
        pytest.param(53, FIVE_DAYS, "ready", id="long, and not often: the clock may have been set"),
        pytest.param(54, FIVE_DAYS - timedelta(seconds=1), "ready", id="often, and not long"),
        pytest.param(1, timedelta(days=365), "ready", id="a year in one try"),
        pytest.param(500, -timedelta(days=365), "ready", id="made in the future"),
    ],
)
def test_it_takes_time_and_tries_to_give_up(attempts: int, age: timedelta, state: str) -> None:
    assert after(attempts, age)[0] == state


def test_a_letter_that_is_refused_is_given_up_at_once() -> None:
    assert after(1, timedelta(0), permanent=True)[0] == "failed"


def test_a_desk_that_runs_all_the_time_gives_up_when_the_time_is_over() -> None:
    age, attempts = timedelta(0), 1
    while (following := after(attempts, age))[0] == "ready":
        age, attempts = age + following[1], attempts + 1
    assert FIVE_DAYS <= age <= FIVE_DAYS + BACKOFF


@pytest.mark.parametrize(
    ("late", "wait"),
    [
        pytest.param(-timedelta(minutes=10), timedelta(minutes=1), id="its window is open"),
        pytest.param(timedelta(hours=3), timedelta(minutes=1), id="it is late: the relay may be back any minute"),
        pytest.param(timedelta(days=1), BACKOFF, id="it is a day late"),
        pytest.param(None, BACKOFF, id="nothing is due"),
    ],
)
def test_what_is_due_never_sleeps_long(late: timedelta | None, wait: timedelta) -> None:
    due_at = None if late is None else NOW - late
    attempt = Attempt(20, NOW - timedelta(hours=30), due_at, True, permanent=False, in_doubt=False)
    assert after_failure(attempt, NOW, give_up_after=FIVE_DAYS, max_backoff=BACKOFF).at - NOW == wait
