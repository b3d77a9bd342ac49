"""Who is meant in these words: somebody who is registered, or somebody new with name and address? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mailbot.desk.changewords import ChangeRules, find, small
from mailbot.mail.address import normalise
from mailbot.mail.message import Mailbox

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,9}")
_JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_NOT_A_NAME = re.compile(r"[,:;、，。(\[「『【>|\"']")
_AROUND = " \t<>()[]{}\"'「」『』【】,.;:、。，・*-"
_LONGEST_NAME = 60
_IN_BRACKETS = re.compile(r"[\s>]{0,3}[(\[]([^()\[\]]{1,60})[)\]]")
_FAMILY_NAME = 2  # letters of a name's part by which somebody is known; a Latin one needs one more


def addresses_in(text: str) -> list[str]:
    """Give every address that stands in the text, normalised."""
    return [address for _, _, address in _addresses(text)]


def _addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """A letter of another script right behind it is a look-alike in the domain, unless it is Japanese, which is written
    without spaces.
    """
    for match in _ADDRESS.finditer(text):
        behind = text[match.end() : match.end() + 1]
        if behind.isalpha() and not _JAPANESE.match(behind):
            continue
        try:
            yield match.start(), match.end(), normalise(match.group())
        except ValueError:
            continue


def registered(text: str, people: Sequence[Mailbox]) -> Mailbox | None:
    """Give the one registered person of whom the text speaks: by address, else by the whole name, else by a part of it.

    None when there is nobody, or when it may be one of several. An address that is nobody's is not overruled by a name.
    """
    given = addresses_in(text)
    if given:
        return _only([person for person in people if person.address in given])
    low = small(text)
    compact = low.replace(" ", "")
    whole = [person for person in people if person.name and _compact(person.name) in compact]
    return _only(whole or [person for person in people if _partly(person.name, low)])


def newcomer(text: str, rules: ChangeRules) -> Mailbox | None:
    """Read `name <address>` where it ends the text, or `address (name)`; the name is empty where none is given."""
    found = list(_addresses(text))
    if not found:
        return None
    start, end, address = found[-1]
    name = clean_name(_NOT_A_NAME.split(text[:start].rstrip(" <(\"'"))[-1], rules)
    behind = _IN_BRACKETS.match(text, end)
    if not name and behind:
        name = clean_name(behind[1], rules)
    return Mailbox(name, address)


def clean_name(text: str, rules: ChangeRules) -> str:
    """Take off what stands beside a name: brackets, honorifics, what somebody is called, and a particle."""
    name = text.strip(_AROUND)
    changed = True
    while changed:
        changed = False
        for word in (*rules.honorifics, *rules.contacts, *rules.askers):
            low = small(name)
            if low.endswith(word) and find(low, word, len(low) - len(word)) >= 0:
                name, changed = name[: len(name) - len(word)].strip(_AROUND), True
            elif low.startswith(word) and find(low, word) == 0:
                name, changed = name[len(word) :].lstrip("のはにを").strip(_AROUND), True
    return name if len(name) <= _LONGEST_NAME else ""


def is_the_writer(text: str, rules: ChangeRules) -> bool:
    """Say whether nobody is named: `our`, `私の`, or nothing at all but openings and days."""
    low = small(text)
    for word in (*rules.me, *rules.idle, *rules.contacts, *rules.askers):
        at = find(low, word)
        while at >= 0:
            low = f"{low[:at]} {low[at + len(word) :]}"
            at = find(low, word)
    return not low.strip(" のがはをにも、,.・:'\"0123456789年月日/より付で()からs")


def _only(found: Sequence[Mailbox]) -> Mailbox | None:
    distinct = {person.address: person for person in found}
    return next(iter(distinct.values())) if len(distinct) == 1 else None


def _partly(name: str, low: str) -> bool:
    return any(
        find(low, part) >= 0 and len(part) >= _FAMILY_NAME + part.isascii()
        for part in small(name).replace("・", " ").split()
    )


def _compact(name: str) -> str:
    return small(name).replace(" ", "")
