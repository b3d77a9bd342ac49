"""What only a machine does, and what a busy person may do as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from mailbot import rules
from mailbot.config import bundled
from mailbot.desk.loops import IN_A_ROW, Asked, RobotRules, why_round

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
AWAY = "We shall see to it\nbefore Monday."
RECEIPT = "Thank you for contacting us. Your number is {}."
SOON, LATE = timedelta(seconds=5), timedelta(hours=2)


@pytest.fixture(scope="module")
def robots() -> RobotRules:
    return rules.load(bundled("rules")).robots


def asked(
    subjects: Sequence[str], texts: Sequence[str], *, gap: timedelta = SOON, acknowledged: bool = True
) -> list[Asked]:
    """Questions, the newest first, each so long after the acknowledgement of the one before, which took a second."""
    found = []
    at = NOON
    for subject, text in zip(subjects, texts, strict=True):
        said = at + timedelta(seconds=1)
        found.append(Asked(subject, text, at, at, said if acknowledged else None))
        at = said + gap
    return found[::-1]


def goes_round(mails: list[Asked], robots: RobotRules) -> bool:
    return why_round(mails[0], mails[1:], robots) is not None


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([AWAY], False),
        ([AWAY, AWAY], False),
        ([AWAY, AWAY, AWAY], True),
        ([AWAY, AWAY, "something else", "We shall see  to it before\nMonday."], True),
        ([AWAY, AWAY, AWAY, "We shall see to it before Tuesday."], False),
        (["Question 1", "Question 2", "Question 3"], False),
        (["", "", ""], True),
    ],
)
@pytest.mark.parametrize("gap", [SOON, LATE])
def test_the_very_same_question(texts: list[str], expected: bool, gap: timedelta, robots: RobotRules) -> None:
    assert goes_round(asked(["Re: Hello"] * len(texts), texts, gap=gap), robots) is expected


def test_the_same_words_under_other_subjects_are_other_questions(robots: RobotRules) -> None:
    subjects = [f"Error {number} of node {number}" for number in range(50)]
    assert not goes_round(asked(subjects, ["See the subject."] * 50), robots)


def test_copies_of_one_mail_are_no_loop(robots: RobotRules) -> None:
    again = [Asked("Hello", AWAY, NOON, NOON + timedelta(minutes=n), None) for n in range(9)]
    assert not goes_round(again, robots)


@pytest.mark.parametrize(
    ("count", "gap", "acknowledged", "expected"),
    [
        (3, SOON, True, False),  # the one that woke it, and two more
        (4, SOON, True, True),
        (4, LATE, True, False),
        (4, SOON, False, False),
    ],
    ids=["two", "three", "not after our mails", "never acknowledged"],
)
def test_a_robot_that_says_something_new_each_time(
    count: int, gap: timedelta, acknowledged: bool, expected: bool, robots: RobotRules
) -> None:
    subjects = ["A question", *(f"Ticket {number}" for number in range(1, count))]
    texts = ["How?", *(RECEIPT.format(f"A-{number}") for number in range(1, count))]
    assert goes_round(asked(subjects, texts, gap=gap, acknowledged=acknowledged), robots) is expected


def _numbered(count: int) -> tuple[list[str], list[str]]:
    return [f"Job {number}" for number in range(count)], [f"What of node {number}?" for number in range(count)]


@pytest.mark.parametrize(
    ("count", "gap", "acknowledged", "expected"),
    [
        (50, SOON, True, False),
        (IN_A_ROW, SOON, True, False),
        (IN_A_ROW + 1, SOON, True, True),
        (200, timedelta(minutes=2), True, False),
        (200, SOON, False, False),  # a script does not wait for our acknowledgements
    ],
)
def test_in_a_row(count: int, gap: timedelta, acknowledged: bool, expected: bool, robots: RobotRules) -> None:
    mails = asked(*_numbered(count), gap=gap, acknowledged=acknowledged)
    assert goes_round(mails[: IN_A_ROW + 1], robots) is expected


def test_one_other_question_breaks_the_row(robots: RobotRules) -> None:
    subjects, texts = _numbered(IN_A_ROW + 1)
    texts[30] = "And how is the watchdog configured?"
    assert not goes_round(asked(subjects, texts), robots)


def test_a_script_that_overtakes_us_is_no_robot(robots: RobotRules) -> None:
    """Mails that come before the former was acknowledged were not written because of it."""
    at = [NOON + timedelta(seconds=n) for n in range(100)]
    mails = [Asked(f"Job {n}", f"What of node {n}?", at[n], at[n], at[n] + timedelta(seconds=3)) for n in range(100)]
    assert not goes_round(mails[::-1][: IN_A_ROW + 1], robots)
