"""What does a writer state, sentence by sentence, apart from what was only copied into the mail? Pure.

Quoted lines, logs, settings and commands are no statements of the writer: `FATAL: system is down` in a log of last
week does not say that anything is down.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import normalize

from mailbot.desk.phrases import Plain, plain

_END = "\x03"  # the end of a sentence that no full stop shows
_LONGEST_LABEL = 30

# Lines that are copied as a whole, and the rest of a line from where a log begins in it.
_COPIED = re.compile(
    r"^[ \t]*(?:[>\uff1e\u00bb#$%]|[a-z][a-z0-9_.]*[ \t]*=[ \t]*\S|[a-z]\w{0,30}=[#>] ).*"
    r"|(?<![A-Za-z])(?:FATAL|PANIC|ERROR|WARN(?:ING)?|LOG|DETAIL|HINT|CONTEXT|STATEMENT|NOTICE|INFO|DEBUG[1-5]?"
    r"|SEVERE|CRITICAL|EMERG|ALERT)[:\]].*"
    r"|\[\d{1,9}\]: .*|(?:Exception|Error|psql): .*",
    re.MULTILINE,
)
# A line that begins a paragraph, an item of a list, or `label: value` begins a sentence too.
_NEW_SENTENCE = re.compile(
    r"\n(?=[ \t\u3000]*(?:\n|[-*\u30fb\u25a0\u25a1\u25cf\u25cb\u25c6\u203b\u3010]|\d[.)]|[^\n:\uff1a]{1,14}[:\uff1a]))"
)
# In plain form. What joins two statements ends a clause too: "all is well here, but …".
_BORDER = re.compile(
    r"([。!?\x03][。!?\x03 ]*|\.(?=[ \x03]|\Z))"
    r"|[、,;()]|(?:です|ます|ません|した|ない|いる)が|けれど|けど|ものの| but | however | although | though | whereas "
)
_FIELD = re.compile(
    rf"^[^\w\n]{{0,8}}([^\n:\uff1a=\u3011\]]{{1,{_LONGEST_LABEL}}})[:\uff1a=\u3011\]]([^\n]{{1,80}})", re.MULTILINE
)


class Sentence(NamedTuple):
    """A sentence: `text[start:end]` of the plain text. `asks` is true of a question."""

    start: int
    end: int
    asks: bool


@dataclass(frozen=True, slots=True)
class Statements:
    """What is stated, in plain form; where its sentences are, and where its clauses begin (both in order)."""

    plain: Plain
    sentences: list[Sentence]
    clauses: list[int]

    @property
    def heading(self) -> int:
        """Where the subject ends."""
        return self.plain.text.index(_END)

    def sentence_at(self, at: int) -> Sentence:
        """Give the sentence that holds this place."""
        return self.sentences[bisect_right(self.sentences, (at, len(self.plain.text) + 1, True)) - 1]

    def clause_at(self, at: int) -> tuple[int, int]:
        """Give where the clause that holds this place begins and ends."""
        number = bisect_right(self.clauses, at)
        end = self.clauses[number] if number < len(self.clauses) else len(self.plain.text)
        return self.clauses[number - 1], end


def statements(subject: str, text: str) -> Statements:
    """Take a mail's words apart; the subject is a sentence of its own."""
    said = plain(subject + _END + _NEW_SENTENCE.sub(_END, _COPIED.sub(_END, text)))
    sentences: list[Sentence] = []
    clauses = [0]
    start = 0
    for border in _BORDER.finditer(said.text):
        clauses.append(border.end())
        if border[1] is not None:
            sentences.append(_sentence(said.text, start, border.start(), border[1]))
            start = border.end()
    sentences.append(_sentence(said.text, start, len(said.text), ""))
    return Statements(said, sentences, clauses)


def _sentence(text: str, start: int, end: int, mark: str) -> Sentence:
    return Sentence(start, end, "?" in mark or text.endswith("か", start, end))


def fields(subject: str, text: str) -> Iterator[tuple[str, str]]:
    """Give the (label, value) of every line of a form (`Priority: 1`, `■緊急度：高`, `【優先度】 低`).

    The label is in plain form and without what stands in brackets behind it.
    """
    for match in _FIELD.finditer(f"{subject}\n{text}"):
        label = normalize("NFKC", match[1]).casefold().partition("(")[0].strip()
        yield label, match[2]
