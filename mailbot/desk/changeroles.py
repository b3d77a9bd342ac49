"""What does a sentence say when the words for askers and contacts are taken out of it? Pure."""

from __future__ import annotations

from mailbot.desk.changewords import ChangeRules, small

_TIES_BEFORE = ("as ", "from ", "of ", "the ", "a ", "an ", "our ", "your ", "my ", "list ", "registered ", "new ")
_TIES_BEHIND = ("として", "から", "には", "は", "を", "に", "が", "の", ":", ",", "、", "s", " list")


def without_roles(sentence: str, rules: ChangeRules) -> str:
    """Take out what the role of somebody is called, with the words that tie it to the sentence:
    `質問担当者を山田から…` and `remove Yamada from the askers` then say who, and nothing else.
    """
    text = sentence
    for word in (*rules.contacts, *rules.askers):
        low, at = small(text), 0
        while (at := small(text).find(word, at)) >= 0:
            start, end = _reach_back(low, at), _reach_on(low, at + len(word))
            text = _joined(text[:start].rstrip(), text[end:].lstrip())
            low, at = small(text), min(start, len(text))
    return text


def _joined(one: str, other: str) -> str:
    """Japanese is written without spaces."""
    tight = not one or not other or not (one[-1].isascii() and other[0].isascii())
    return f"{one}{'' if tight else ' '}{other}"


def _reach_back(low: str, at: int) -> int:
    moved = True
    while moved:
        moved = False
        for tie in _TIES_BEFORE:
            if low[:at].endswith(tie) and (at == len(tie) or not low[at - len(tie) - 1].isalnum()):
                at, moved = at - len(tie), True
    return at


def _reach_on(low: str, at: int) -> int:
    for tie in _TIES_BEHIND:
        if low.startswith(tie, at):
            return at + len(tie)
    return at
