"""Is this Japanese or English? By the scripts of what the writer himself wrote. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.desk.contract import Language

_LOOK_AT = 16_384
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9d]+")
_KANJI = re.compile("[\u3005\u4e00-\u9fff\uf900-\ufaff]+")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_QUOTED = re.compile(r"\s{0,3}[>＞|]")
# Lines that a machine wrote: log lines, paths, SQL prompts, code. Their letters say nothing about the writer.
_PASTED = re.compile(
    r"\s*(?:\d{4}[-/]\d\d[-/]\d\d"
    r"|\w{3} +\d{1,2} \d\d:\d\d|\[?\d\d:\d\d:\d\d|[#$%] |\S{0,40}[=#]# |[\w.-]{1,60}\s*=\s|at [\w.$]+\(|/\w+/"
    r"|(?:LOG|DETAIL|ERROR|FATAL|HINT|STATEMENT|WARNING|NOTICE|PANIC|DEBUG\d?|CONTEXT)\s?:)"
)
_URL_OR_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
_COMMON_ENGLISH = frozenset(
    "the is are was to and of we you it please this that not have has for with can could how what when why hello hi "  # noqa: SIM905
    "dear thank thanks regards yes no ok after does do my our in on".split()
)
_OTHER_SCRIPT = re.compile("[\u0370-\u1fff\uac00-\ud7af]")


def language_of(text: str) -> Language | None:
    """`ja` or `en`; None when the text is too little, or neither.

    A few kana decide for Japanese whatever else stands there: an English writer does not paste sentences in kana,
    while a Japanese one pastes logs by the hundred lines.
    """
    own = _own_words(text[:_LOOK_AT])
    kana, kanji, words = _size(_KANA.findall(own)), _size(_KANJI.findall(own)), _LATIN_WORD.findall(own)
    latin = _size(words)
    if kana + kanji:
        if kana * 12 + kanji * 6 >= latin and (kana or kanji <= 12):
            return "ja"
        if kana >= 10:
            return "ja"
    if latin < 2 or len(_OTHER_SCRIPT.findall(own)) * 4 > latin:
        return None
    return "en" if _is_english(words) else None


def _own_words(text: str) -> str:
    lines = text.split("\n")
    own = [line for line in lines if not _QUOTED.match(line) and not _PASTED.match(line)]
    return _URL_OR_ADDRESS.sub(" ", "\n".join(own))


def _is_english(words: Sequence[str]) -> bool:
    """Latin letters alone could be German: some of the commonest words must be there, or hardly any text at all."""
    common = sum(word.lower() in _COMMON_ENGLISH for word in words)
    return common * 12 >= len(words) or len(words) <= 3


def _size(runs: Sequence[str]) -> int:
    return sum(map(len, runs))
