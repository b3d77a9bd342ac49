"""Which machine is meant in these words, and what runs on it? (S3, S25) Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mailbot.desk.changes import Doing, MachineStep
from mailbot.desk.changewords import ChangeRules, even, find, holds, small
from mailbot.desk.contract import Equipment
from mailbot.desk.phrases import Phrases, plain
from mailbot.desk.scope import ScopeRules

_HOST = re.compile(r"[ :=「『\"'(]{0,3}([A-Za-z0-9][A-Za-z0-9._-]{0,62}[A-Za-z0-9]|[A-Za-z0-9])")
_VERSION = re.compile(r"(?<![\w.])v?(\d{1,4}(?:\.\d{1,4}){0,3})(?![\w]|\.\d)")
_BEFORE_OLD = re.compile(r"(?:\bfrom|\bwas)\s{0,3}\Z")
_AFTER_OLD = re.compile(r"\s{0,3}(?:から|より|->|→|⇒)")
_REACH = 60  # characters behind a name in which its version stands
_ITEM_ENDS = re.compile(r"[,;、，/]\s*")


def machine_in(
    sentence: str, machines: Sequence[Equipment], rules: ChangeRules, scope: ScopeRules
) -> MachineStep | None:
    """Understand `pgpool-II upgraded to 4.5.2 on host db1, RHEL 9.4`; None when no machine is named."""
    low = small(sentence)
    os, versions = seen_in(sentence, scope)
    host = _host(sentence, low, machines, rules)
    if host is None and len(machines) == 1 and (os or versions):
        host = machines[0].host
    if host is None:
        return None
    known = registered(host, machines)
    goes = holds(low, rules.doings[Doing.REMOVE])
    if not os and not versions:
        return MachineStep(Doing.REMOVE, known, None, sentence) if known and goes else None
    if goes:
        return None  # what was removed, the machine or a version of something on it? A person reads it
    return wanted(known, Equipment(host, ", ".join(os), ", ".join(versions)), sentence)


def wanted(known: Equipment | None, told: Equipment, evidence: str) -> MachineStep:
    """Give the step to what was told; what was not told stays as it is."""
    if known is None:
        return MachineStep(Doing.ADD, None, told, evidence)
    new = Equipment(known.host, told.os or known.os, _merged(known.versions, told.versions))
    return MachineStep(Doing.EDIT, known, new, evidence)


def registered(host: str, machines: Sequence[Equipment]) -> Equipment | None:
    """Find a machine by its name; large and small letters do not matter."""
    return next((each for each in machines if small(each.host) == small(host)), None)


def seen_in(text: str, scope: ScopeRules) -> tuple[list[str], list[str]]:
    """Give the platforms and the software that are named with a version, as they are written."""
    platforms = [each.names for each in scope.platforms] + [each.phrases for each in scope.foreign_platforms]
    software = [each.names for each in scope.products] + [each.phrases for each in (*scope.databases, *scope.outside)]
    line = even(text)
    named = sorted([*_named(line, platforms, "os"), *_named(line, software, "software")])
    kept = [each for at, each in enumerate(named) if not at or each[0] >= named[at - 1][1]]
    found: dict[str, list[str]] = {"os": [], "software": []}
    for at, (_, end, what, name) in enumerate(kept):
        limit = kept[at + 1][0] if at + 1 < len(kept) else len(line)
        version = _version(line, end, min(limit, end + _REACH))
        if version:
            found[what].append(f"{name} {version}")
    return found["os"], found["software"]


def _named(line: str, groups: Sequence[Phrases], what: str) -> Iterator[tuple[int, int, str, str]]:
    """Give where each name stands; of two that begin together, the longer alone."""
    low, longest = small(line), dict[int, int]()
    for group in groups:
        for phrase in group.possible(plain(line)):
            at = find(low, phrase.text)
            while at >= 0:
                longest[at] = max(longest.get(at, 0), at + len(phrase.text))
                at = find(low, phrase.text, at + 1)
    for start, end in longest.items():
        yield start, end, what, line[start:end]


def _version(line: str, start: int, end: int) -> str | None:
    """The first number behind the name that is not the old one: `from 4.4 to 4.5`, `4.4 から 4.5`."""
    for match in _VERSION.finditer(line, start, end):
        old = _BEFORE_OLD.search(small(line[start : match.start()])) or _AFTER_OLD.match(line, match.end(), end)
        if not old:
            return match[1]
    return None


def _host(sentence: str, low: str, machines: Sequence[Equipment], rules: ChangeRules) -> str | None:
    known = [each.host for each in machines if find(low, small(each.host)) >= 0]
    if known:
        return max(known, key=len)
    for word in rules.hosts:
        at = find(low, word)
        while at >= 0:
            match = _HOST.match(sentence, at + len(word))
            # "the server is …" names none: what is no plain word is a name.
            if match and re.search(r"[\d._-]", match[1]):
                return match[1]
            at = find(low, word, at + 1)
    return None


def _merged(known: str, told: str) -> str:
    """Put what was told in the place of the same software; the rest stays."""
    items = [item for item in _ITEM_ENDS.split(known) if item]
    for item in filter(None, _ITEM_ENDS.split(told)):
        name = _name(item)
        places = [at for at, each in enumerate(items) if _name(each) == name]
        if places:
            items[places[0]] = item
        else:
            items.append(item)
    return ", ".join(items)


def _name(item: str) -> str:
    return small(even(re.split(r"\s+v?\d", item)[0])).replace("-", "").replace(" ", "")
