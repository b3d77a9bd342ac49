"""By which words is an answering machine known that hides what it is? rules/robots.toml → the desk's rules. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from mailbot.desk.loops import RobotRules, reads_like_a_robot
from mailbot.desk.phrases import group
from mailbot.rules.example import Example
from mailbot.rules.reading import Table, Words


class _Example(Table):
    subject: str
    text: str
    robot: bool


class RobotsFile(Table):
    """The shape of robots.toml."""

    phrases: Words = Field(default_factory=list)
    examples: list[_Example] = Field(default_factory=list)


def robot_rules_of(document: RobotsFile) -> RobotRules:
    """Make the desk's value."""
    return RobotRules(group(document.phrases))


def robot_examples(file: str, document: RobotsFile, rules: RobotRules) -> Iterator[Example]:
    """Judge every example."""
    for number, example in enumerate(document.examples, 1):
        phrase = reads_like_a_robot(example.subject, example.text, rules)
        because = f' ("{phrase}")' if phrase is not None and not example.robot else ""
        name = example.subject or example.text
        yield Example(file, f"examples[{number}]", name, _word(example.robot), _word(phrase is not None) + because)


def _word(robot: bool) -> str:
    return "a robot's" if robot else "a person's"
