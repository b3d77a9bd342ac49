"""Since when does a route fail, what is worth a note, and when do people hear of it?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mailbot.desk.routes import Health, Tried, after, instead, to_tell, went_instead

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
OK, BAD, WORSE = Tried("first"), Tried("first", "refused"), Tried("first", "timed out")


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


FAILS = Health("first", None, later(-9), later(-9), "refused")
OUTAGE = Health("first", None, later(-50), later(-30), "refused")


@pytest.mark.parametrize(
    ("before", "tried", "expected"),
    [
        (Health("first"), [], Health("first")),
        (Health("first"), [OK], Health("first", NOW)),
        (Health("first", later(-59)), [OK, OK], Health("first", later(-59))),
        (Health("first", later(-60)), [OK], Health("first", NOW)),
        (Health("first", later(9)), [OK], Health("first", NOW)),  # the clock was set back
        (Health("first", later(-9)), [BAD], Health("first", later(-9), NOW, NOW, "refused")),
        (FAILS, [BAD], Health("first", None, later(-9), NOW, "refused")),
        (FAILS, [WORSE], Health("first", None, later(-9), NOW, "timed out")),
        (FAILS, [OK], Health("first", NOW)),
        (FAILS, [OK, BAD], Health("first", NOW, NOW, NOW, "refused")),
        (OUTAGE, [BAD, BAD], OUTAGE),
        (OUTAGE, [WORSE], Health("first", None, later(-50), NOW, "timed out")),
        (Health("first", None, later(-50), later(-30), "x", NOW), [OK], Health("first", NOW, told_at=NOW)),
    ],
)
def test_what_is_noted(before: Health, tried: list[Tried], expected: Health) -> None:
    assert after(before, tried, NOW) == expected


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        (Health("first"), None),
        (Health("first", NOW), None),
        (Health("first", None, later(-900), later(-900), "x"), None),  # once only: nobody knows how it is now
        (Health("first", None, later(-19.9), NOW, "x"), None),
        (Health("first", None, later(-20), NOW, "x"), "fails"),
        (Health("first", None, later(-20), NOW, "x", later(-1)), None),
        (Health("first", NOW, told_at=later(-9)), "works again"),
        (Health("first", None, later(5), NOW, "x"), None),  # the clock was set back: not before 20 seconds of it
    ],
)
def test_what_is_told(health: Health, expected: str | None) -> None:
    assert to_tell(health) == expected


def test_a_thousand_mails_a_minute_are_one_note() -> None:
    health, notes = Health("first"), 0
    for number in range(1_000):
        changed = after(health, [OK], later(number * 0.06))
        notes, health = notes + (changed != health), changed
    assert notes == 1


def test_an_answer_tells_by_whom_it_came() -> None:
    assert went_instead(instead("second", "250 ok"))
    assert not went_instead("250 ok by the second relay: yes")
