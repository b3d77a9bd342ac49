"""Which mails does this one answer, and what is its subject without the trimmings? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from mailbot.mail.header import clean

LIMIT = 100
"""How many identifiers of one field are kept: the first, and the newest (RFC 5322 §3.6.4 lets chains grow for ever)."""

_ID_IN_ANGLES = re.compile(r"<([^<>]{1,998})>")
_BARE_ID = re.compile(r"<?([^\s<>@\"()]{1,400}@[^\s<>@\"()]{1,400})>?")
_COMMENT = re.compile(r"\([^()]{0,400}\)")
_NAMES_A_PERSON = re.compile(r"\b(?:from|by|von|van|de|da|di|från|fra|od|от)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\[([A-Z]{2,8}-[0-9]{4}-[0-9]{6,9})\]")

# RFC 5256 §2.1, and how Japanese, Chinese and European programs write "Re" and "Fwd".
_REPLY_WORDS = r"re|aw|antw|antwort|sv|vs|rv|ref|res|rif|rép|odp|ynt|回复|回覆|答复|答覆|返信|転送の返信"
_FORWARD_WORDS = r"fwd?|wg|tr|doorst|enc|i|转发|轉寄|転送|fs|vb|vl|pd"
_LEADER = re.compile(
    rf"\s*(?P<word>{_REPLY_WORDS}|{_FORWARD_WORDS})\s*(?:\[[^\[\]]{{0,40}}\]|\(\d{{1,4}}\)|\^\d{{1,4}}|\*\d{{1,4}}|\d{{1,3}})?\s*[::]",
    re.IGNORECASE,
)
_REPLY_LEADER = re.compile(rf"(?:{_REPLY_WORDS})\b", re.IGNORECASE)
_BLOB = re.compile(r"\s*\[[^\[\]]*\]\s*")
_TRAILER = re.compile(r"\(fwd\)\s*\Z", re.IGNORECASE)


def message_id(value: str) -> str | None:
    """The Message-ID of an unfolded raw field value, without angle brackets, as written."""
    found = _ID_IN_ANGLES.search(value)
    text = clean(found.group(1) if found else value.strip("<> \t")[:998])
    return "".join(text.split()) or None


def message_ids(values: Iterable[str]) -> tuple[str, ...]:
    """Every identifier of In-Reply-To or References in order, without doubles and without the prose of RFC 822 days."""
    found = dict.fromkeys(item for value in values for item in _ids(value))
    kept = list(found)
    return tuple(kept if len(kept) <= LIMIT else [kept[0], *kept[1 - LIMIT :]])


def _ids(value: str) -> Iterator[str]:
    """Identifiers in angle brackets, and bare ones where no prose stands around them.

    `Message from "A" <a@b.example> of "Mon, 1 Feb" <1@b.example>` names one: an address is none, and whoever took it
    for one would join all answers to that person.
    """
    pieces = _ID_IN_ANGLES.split(value)
    for before, inside in zip_longest(pieces[::2], pieces[1::2], fillvalue=""):
        if before.strip():
            yield from _bare_ids(before)
            if _NAMES_A_PERSON.search(before[-200:]):
                continue
        parts = clean(inside).split()
        yield from parts if len(parts) > 1 and all("@" in part for part in parts) else filter(None, ["".join(parts)])


def _bare_ids(text: str) -> list[str]:
    words = _COMMENT.sub(" ", text).replace(",", " ").replace(";", " ").split()
    return [clean(word).strip("<>") for word in words] if all(_BARE_ID.fullmatch(word) for word in words) else []


def base_subject(subject: str) -> str:
    """The base subject of RFC 5256 §2.1, folded for comparing; our own number tags are blobs and fall away."""
    text = " ".join(subject.split())
    while True:
        before = text
        text = _TRAILER.sub("", text).rstrip()
        text = _without_leaders(text)
        if text.lower().startswith("[fwd:") and text.endswith("]"):
            text = text[5:-1].strip()
        if text == before:
            return text.casefold()


def is_reply_subject(subject: str) -> bool:
    """Say whether the subject begins, after list and number tags, with a word for an answer (Re, Aw, 返信 …)."""
    text = " ".join(subject.split())
    leader = _LEADER.match(_without_blobs(text))
    return leader is not None and _REPLY_LEADER.match(leader.group("word")) is not None


def has_leader(subject: str) -> bool:
    """Say whether the subject begins, after list and number tags, with a word for an answer or a forward."""
    return _LEADER.match(_without_blobs(" ".join(subject.split()))) is not None


def subject_numbers(subject: str) -> tuple[str, ...]:
    """The incident numbers tagged in the subject, like `INC-2026-000123` of `[INC-2026-000123]`, without doubles."""
    return tuple(dict.fromkeys(_NUMBER.findall(subject)))


def _without_leaders(text: str) -> str:
    """Take answer and forward words and bracketed tags from the front, unless nothing would be left (§2.1 (4))."""
    while True:
        rest = _without_blobs(text)
        leader = _LEADER.match(rest)
        if leader is None:
            return rest
        text = rest[leader.end() :].lstrip()


def _without_blobs(text: str) -> str:
    while (blob := _BLOB.match(text)) and blob.end() < len(text):
        text = text[blob.end() :]
    return text
