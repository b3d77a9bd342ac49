"""The very same question, over and over."""

from __future__ import annotations

import pytest

from mailbot.desk.loops import goes_round

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
    assert goes_round(text, earlier) is expected
