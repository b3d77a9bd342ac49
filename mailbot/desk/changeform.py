"""What is filled in on a form: lines of `label: value`, in the form that we send or as people write them? Pure.

Marks of quotation and of lists before a label are tolerated, full-width colons too, and empty lines are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mailbot.desk.changewords import ChangeRules, Label, even, small

_MARKS = re.compile(r"[\s>|・*●○■□◆◇▼#-]{0,12}")
_BRACKETS = str.maketrans("", "", "【】[]「」『』<>")
_HINT = re.compile(r"\([^()]{0,60}\)")
_LONGEST_LABEL = 60
_LONGEST_SENTENCE = 300  # a line more may come behind that
_PARTS = frozenset({Label.ASKER_PART, Label.CONTACT_PART, Label.MACHINE_PART})


@dataclass(slots=True)
class Record:
    """What belongs together on a form. `part` is the heading that it stands under; `lines` are as written."""

    part: Label | None
    values: dict[Label, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def records(lines: Iterable[str], rules: ChangeRules) -> tuple[list[Record], list[str]]:
    """Give the filled-in records, and the lines that belong to none. A label that comes again begins a new record."""
    found: list[Record] = [Record(None)]
    others: list[str] = []
    for line in lines:
        read = _read(line, rules)
        if read is None:
            others.append(line)
            continue
        label, value = read
        if label in _PARTS:
            found.append(Record(label))
        elif value and label in found[-1].values:
            found.append(Record(found[-1].part, {label: value}, [even(line)]))
        elif value:
            found[-1].values[label] = value
            found[-1].lines.append(even(line))
    return [record for record in found if record.values], others


def is_filled_in(lines: Iterable[str], rules: ChangeRules) -> bool:
    """Say whether any line of a form has a value, but for the contract's number, which we write ourselves."""
    return any(label is not Label.CONTRACT for record in records(lines, rules)[0] for label in record.values)


def _read(line: str, rules: ChangeRules) -> tuple[Label, str] | None:
    """`label: value`, or a heading of its own."""
    text = even(_MARKS.sub("", even(line), count=1))
    written, colon, value = text.partition(":")
    label = rules.labels.get(_plain(written)) if len(written) <= _LONGEST_LABEL else None
    value = value.strip()
    if label is None or (not colon and label not in _PARTS) or (value and label in _PARTS):
        return None  # `asker: Yamada is replaced by …` is a sentence
    return label, "" if small(value) in rules.nothing else value


def _plain(label: str) -> str:
    return small(" ".join(_HINT.sub(" ", label).translate(_BRACKETS).split()))


def sentences(lines: Iterable[str]) -> Iterator[str]:
    """Give the sentences of running text, in even form; a blank line, the mark of a list or great length ends one."""
    running = ""
    for line in lines:
        text = even(line)
        if not text or _is_listed(line) or len(running) > _LONGEST_SENTENCE:
            yield from _cut(running)
            running = ""
        tight = running and text and not (running[-1].isascii() and text[0].isascii())
        running = f"{running}{'' if tight or not running else ' '}{text}"
    yield from _cut(running)


def _is_listed(line: str) -> bool:
    return line.lstrip()[:1] in ("・", "*", "-", "●", "■", "◆")


# Addresses, versions and host names hold full stops: one ends a sentence only before a blank, and not behind a title.
_END = re.compile(r"(?<=[。！？])|(?<=[!?])\s|(?<=\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bDr\.)\s")


def _cut(text: str) -> Iterator[str]:
    for sentence in _END.split(text):
        if sentence and sentence.strip():
            yield sentence.strip()
