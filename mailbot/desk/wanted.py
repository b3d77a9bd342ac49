"""What should a question bring that this one does not? (S19) Pure.

It is asked for in the acknowledgement, kindly and once: what was written, pasted, attached or registered is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal
from unicodedata import normalize

from mailbot.desk.contract import Equipment, Language
from mailbot.desk.phrases import Phrases, Plain, plain
from mailbot.desk.scope import Product, Scope, ScopeRules, scope_of, version_of

Sign = Literal["product", "version", "platform", "log", "settings"]
"""What the program can recognise by itself: a product (S1), its version, a platform (S3), lines of a log, settings."""

_MOST_ASKED = 5
_MOST_MACHINES = 50
_MOST_LINES = 2_000
_LONGEST_LINE = 300
_LONGEST_NAME = 200
_STAMPED_LINES = 2  # one line with a time may be prose
_SETTINGS = 2  # one setting is what the question is about, two are a configuration

_STAMP = re.compile(r"\W{0,3}(?:\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)")
_SETTING = re.compile(r"[ \t]{0,20}[a-z][\w.]{2,60}[ \t]{0,20}=[ \t]{0,20}[^\s=]")
# By its word, "version 4.5", or as three numbers, "from 4.5.2 to 4.5.3"; four are an address, and "-362" a kernel's.
_TOLD_VERSION = re.compile(
    r"(?:version|ver\.?|バージョン)(?: is|は)? {0,2}[:=]? {0,2}v?([0-9]{1,2}\.[0-9]{1,3})(?![0-9])",
    re.IGNORECASE,
)
_BARE_VERSION = re.compile(r"(?<![0-9.])([0-9]{1,2}\.[0-9]{1,3}\.[0-9]{1,3})(?!\.?[0-9]|-[0-9])")
_BEFORE_VERSION = 24  # characters of its line in which another software's name would stand


@dataclass(frozen=True, slots=True)
class Want:
    """One thing that a question should bring. `hint` says how to get at it, or is empty.

    `of_failures` alone, or of every question. Given it is by what the program sees (`seen_as`), by one of the
    `words`, or by an attachment whose name, in small letters, fits a pattern.
    """

    key: str
    title: Mapping[Language, str]
    hint: Mapping[Language, str]
    of_failures: bool
    seen_as: Sign | None
    words: Phrases
    attachments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WantedRules:
    """What is wanted, in the order of asking. A question with a `failure` phrase tells of a failure, but for one that
    only supposes it. A line that holds one of the `log_marks` is a line of a log. `others` are the names of what has
    versions that are not the product's.
    """

    wants: tuple[Want, ...]
    failure: Phrases
    supposed: Phrases
    log_marks: tuple[str, ...]
    platforms: Phrases
    others: Phrases


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, by key, and what is not because the contract's registered machines tell it, in words."""

    keys: tuple[str, ...]
    registered: tuple[str, ...]


def missing_of(
    subject: str, text: str, attachments: Sequence[str], scope: Scope, rules: WantedRules, products: Sequence[Product]
) -> tuple[str, ...]:
    """Give the keys of what is wanted and was not given; `attachments` are their names."""
    body = plain(subject, text)
    signs = _signs(subject, text, body, scope, rules, products)
    names = [name[:_LONGEST_NAME].casefold() for name in attachments]
    given = {want.key for want in rules.wants if _is_given(want, signs, body, names)}
    failed = _tells_of_failure(signs, body, rules)
    return tuple(want.key for want in rules.wants if want.key not in given and (failed or not want.of_failures))


def asked(
    missing: Sequence[str], scope: Scope, equipment: Sequence[Equipment], rules: ScopeRules, wanted: WantedRules
) -> Asked:
    """Leave out what the registered machines (S25) tell beyond doubt: one version of the product, one platform."""
    seen_as = {want.key: want.seen_as for want in wanted.wants}
    about = {seen_as[key] for key in missing} & {"product", "version", "platform"}
    known = _registered(scope, equipment[:_MOST_MACHINES], rules) if about else {}
    keys = tuple(key for key in missing if seen_as[key] not in known)
    told = (words for sign, words in known.items() if sign in about)
    return Asked(keys[:_MOST_ASKED], tuple(dict.fromkeys(told)))


def lines(asked: Asked, language: Language, wanted: WantedRules) -> tuple[str, ...]:
    """Write what is asked for, for the customer: what, and how to get at it."""
    parts = {want.key: (want.title[language], want.hint.get(language, "")) for want in wanted.wants}
    colon = "：" if language == "ja" else ": "
    return tuple(colon.join(filter(None, parts[key])) for key in asked.keys)


def titles(asked: Asked, language: Language, wanted: WantedRules) -> tuple[str, ...]:
    """Name what is asked for, for staff."""
    known = {want.key: want.title[language] for want in wanted.wants}
    return tuple(known[key] for key in asked.keys)


def _signs(
    subject: str, text: str, body: Plain, scope: Scope, rules: WantedRules, products: Sequence[Product]
) -> set[Sign]:
    found: set[Sign] = set()
    if scope.products:
        found.add("product")
    spoken_of = [product for product in products if product.key in scope.products] or products
    if scope.versions or _tells_version(subject, rules, spoken_of) or _tells_version(text, rules, spoken_of):
        found.add("version")
    if rules.platforms.first(body) is not None:
        found.add("platform")
    pasted = [line[:_LONGEST_LINE] for line in text.split("\n", _MOST_LINES)[:_MOST_LINES]]
    if _is_log(pasted, rules.log_marks):
        found.add("log")
    if sum(_SETTING.match(line) is not None for line in pasted) >= _SETTINGS:
        found.add("settings")
    return found


def _tells_version(text: str, rules: WantedRules, products: Sequence[Product]) -> bool:
    text = normalize("NFKC", text)
    told = (*_TOLD_VERSION.finditer(text), *_BARE_VERSION.finditer(text))
    return any(_is_ours(text, match, rules) for match in told if any(p.covers(version_of(match[1])) for p in products))


def _is_ours(text: str, match: re.Match[str], rules: WantedRules) -> bool:
    before = text[max(0, match.start() - _BEFORE_VERSION) : match.start()].rpartition("\n")[2]
    return not before or rules.others.first(plain(before)) is None


def _is_log(pasted: Sequence[str], marks: Sequence[str]) -> bool:
    if any(_is_marked(line, mark) for line in pasted for mark in marks if mark in line):
        return True
    return sum(_STAMP.match(line) is not None for line in pasted) >= _STAMPED_LINES


def _is_marked(line: str, mark: str) -> bool:
    """A mark begins a word, and says something."""
    before, _, after = line.partition(mark)
    return not before[-1:].isalnum() and bool(after.strip())


def _is_given(want: Want, signs: set[Sign], body: Plain, names: Sequence[str]) -> bool:
    if want.seen_as in signs or want.words.first(body) is not None:
        return True
    return any(fnmatchcase(name, pattern) for name in names for pattern in want.attachments)


def _tells_of_failure(signs: set[Sign], body: Plain, rules: WantedRules) -> bool:
    if "log" not in signs and rules.failure.first(body) is None:
        return False
    return rules.supposed.first(body) is None


def _registered(scope: Scope, equipment: Sequence[Equipment], rules: ScopeRules) -> dict[Sign, str]:
    """Say what the machines of the product tell beyond doubt."""
    read = [(machine, scope_of("", machine.versions, rules)) for machine in equipment]
    about = set(scope.products) or {key for _, found in read for key in found.products}
    mine = [(machine, found) for machine, found in read if about & set(found.products)] or read
    running = {(seen.product, seen.version) for _, found in mine for seen in found.versions if seen.product in about}
    known: dict[Sign, str] = {}
    if about and len(running) == len(about) == len({product for product, _ in running}):
        names = {product.key: product.title for product in rules.products}
        known["version"] = ", ".join(f"{names[product]} {version}" for product, version in sorted(running))
        if len(about) == 1:
            known["product"] = known["version"]
    platforms = {machine.os.strip() for machine, _ in mine}
    if len(platforms) == 1:
        known["platform"] = platforms.pop()
    return known
