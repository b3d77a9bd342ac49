"""The very same question, over and over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailbot.desk.loops import Asked, goes_round

AWAY = "I am away\nuntil Monday."


@pytest.mark.parametrize(
    ("text", "earlier", "expected"),
    [
        (AWAY, [], False),
        (AWAY, [AWAY], False),
        (AWAY, [AWAY, AWAY], True),
        ("I am  away until Monday.\n", [AWAY, AWAY, "something else"], True),
        ("I am away until Tuesday.", [AWAY, AWAY, AWAY], False),
        ("Question 3", ["Question 1", "Question 2"], False),
        ("", ["", ""], True),
    ],
)
def test_goes_round(text: str, earlier: list[str], expected: bool) -> None:
    before = [Asked(each, _date(number)) for number, each in enumerate(earlier)]
    assert goes_round(Asked(text, _date(len(earlier))), before) is expected
    assert goes_round(Asked(text, None), [Asked(each, None) for each in earlier]) is expected


def test_copies_of_one_mail_are_no_loop() -> None:
    assert not goes_round(Asked(AWAY, _date(0)), [Asked(AWAY, _date(0))] * 9)


def _date(minute: int) -> datetime:
    return datetime(2026, 4, 1, 12, minute, tzinfo=UTC)
