"""The life of an incident: what may happen in which state, and where it leads."""

from __future__ import annotations

import pytest

from mailbot.desk.incident import LIFE, Happening, Status, Turn, turn_of

# Each line: a state, and what each happening makes of it; a dash is refused.
WORDS = ["acknowledgement-sent", "customer-wrote", "taken", "urgency", "answered", "waits", "resumed", "closed"]
TABLE = """
new           acknowledged  new           new           new           new           waiting  -             closed
acknowledged  -             acknowledged  acknowledged  acknowledged  acknowledged  waiting  -             closed
waiting       waiting       acknowledged  waiting       waiting       waiting       waiting  acknowledged  closed
closed        closed        -             -             -             -             -        -             -
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(
    ("status", "happening", "following"),
    [(row[0], word, after) for row in ROWS for word, after in zip(WORDS, row[1:], strict=True)],
)
def test_life(status: str, happening: str, following: str) -> None:
    found = LIFE.get((Status(status), Happening(happening)))
    assert (found or "-") == following


def test_the_table_is_whole() -> None:
    assert set(WORDS) == {each.value for each in Happening}
    assert {row[0] for row in ROWS} == {each.value for each in Status}


def test_every_state_can_end_and_the_end_is_the_end() -> None:
    assert all(LIFE[status, Happening.CLOSED] is Status.CLOSED for status in Status if status is not Status.CLOSED)
    assert {after for (status, _), after in LIFE.items() if status is Status.CLOSED} == {Status.CLOSED}


def test_whose_turn() -> None:
    assert {status: turn_of(status) for status in Status} == {
        Status.NEW: Turn.DESK,
        Status.ACKNOWLEDGED: Turn.DESK,
        Status.WAITING: Turn.CUSTOMER,
        Status.CLOSED: Turn.NOBODY,
    }
