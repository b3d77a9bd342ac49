"""What is a question about, and does the service cover that? (S1–S3, S11) Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from mailbot.desk.phrases import Phrase, Phrases, Plain, plain

Version = tuple[int, ...]


class Coverage(StrEnum):
    """Whether the service covers what a question is about."""

    IN_SCOPE = "in-scope"
    ADJACENT = "adjacent"
    OUT_OF_SCOPE = "out-of-scope"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A part of a product that is not supported (S1)."""

    title: str
    phrases: Phrases


@dataclass(frozen=True, slots=True)
class Product:
    """Something that is supported from one version on, up to but without another: a product (S1), a platform (S3).

    `names` are its own names; `hints` speak of nothing else (its commands, files and settings).
    """

    key: str
    title: str
    names: Phrases
    hints: Phrases
    since: Version | None
    until: Version | None
    excluded: tuple[Exclusion, ...]

    def covers(self, version: Version) -> bool:
        """Say whether this version is supported."""
        return (self.since is None or self.since <= version) and (self.until is None or version < self.until)


@dataclass(frozen=True, slots=True)
class Named:
    """Something that can be recognised: a database beside the product (S2), other software, a topic (S11)."""

    key: str
    title: str
    phrases: Phrases


@dataclass(frozen=True, slots=True)
class ScopeRules:
    """What can be recognised. `outside` is other software; `foreign_platforms` are those not supported (S3)."""

    products: tuple[Product, ...]
    databases: tuple[Named, ...]
    outside: tuple[Named, ...]
    platforms: tuple[Product, ...]
    foreign_platforms: tuple[Named, ...]
    topics: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class SeenVersion:
    """A version that the writer gives with a product."""

    product: str
    version: str
    covered: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """The verdict with its reason (in English, for staff), and all that was recognised, by key (platforms by title).

    It is a mark for routing, reports and staff; no question is refused for it.
    """

    coverage: Coverage
    reason: str
    products: tuple[str, ...]
    databases: tuple[str, ...]
    versions: tuple[SeenVersion, ...]
    topics: tuple[str, ...]
    unsupported_platforms: tuple[str, ...]


def scope_of(subject: str, text: str, rules: ScopeRules) -> Scope:
    """Classify a question by its subject and by what the writer says in it anew."""
    body = plain(subject, text)
    products = tuple(product for product in rules.products if _speaks_of(product, body))
    databases = _recognised(rules.databases, body)
    versions = tuple(seen for product in products for seen in _versions(product, body))
    coverage, reason = (
        _of_products(products, databases, versions, body) if products else _without_product(databases, rules, body)
    )
    return Scope(
        coverage=coverage,
        reason=reason,
        products=tuple(product.key for product in products),
        databases=tuple(database.key for database in databases),
        versions=versions,
        topics=tuple(topic.key for topic in _recognised(rules.topics, body)),
        unsupported_platforms=tuple(_unsupported_platforms(rules, body)),
    )


def platform_note(os: str, rules: ScopeRules) -> str | None:
    """Say what staff should know of a platform that is none of the supported ones (S3); None when it is one."""
    body = plain(os)
    unsupported = list(_unsupported_platforms(rules, body))
    if unsupported:
        return f"{', '.join(unsupported)} is no supported platform"
    if any(platform.names.first(body) for platform in rules.platforms):
        return None
    known = ", ".join(platform.title for platform in rules.platforms)
    return f'"{os}" names none of the supported platforms: {known}'


def version_of(text: str) -> Version:
    """Read a dotted version number; raises ValueError."""
    return tuple(int(number) for number in text.split("."))


def _speaks_of(product: Product, body: Plain) -> bool:
    return product.names.first(body) is not None or product.hints.first(body) is not None


def _recognised(named: tuple[Named, ...], body: Plain) -> tuple[Named, ...]:
    return tuple(one for one in named if one.phrases.first(body) is not None)


def _of_products(
    products: tuple[Product, ...], databases: tuple[Named, ...], versions: tuple[SeenVersion, ...], body: Plain
) -> tuple[Coverage, str]:
    if versions and not any(seen.covered for seen in versions):
        told = ", ".join(f"{seen.product} {seen.version}" for seen in versions)
        return Coverage.OUT_OF_SCOPE, f"unsupported version: {told} (S1)"
    excluded = next((part.title for product in products for part in product.excluded if part.phrases.first(body)), "")
    if excluded and databases:
        # PostgreSQL has a parallel query of its own: the words alone do not tell whose is meant.
        return Coverage.UNCLEAR, f"{excluded} is excluded (S1), but {_titles(databases)} may be meant"
    if excluded:
        return Coverage.OUT_OF_SCOPE, f"{excluded} is excluded (S1)"
    return Coverage.IN_SCOPE, f"about {', '.join(product.title for product in products)}"


def _without_product(databases: tuple[Named, ...], rules: ScopeRules, body: Plain) -> tuple[Coverage, str]:
    if databases:
        return Coverage.ADJACENT, f"only about {_titles(databases)}, used beside the supported products (S2)"
    outside = _recognised(rules.outside, body)
    if outside:
        return Coverage.OUT_OF_SCOPE, f"only about {_titles(outside)} (S1)"
    return Coverage.UNCLEAR, "names no product"


def _unsupported_platforms(rules: ScopeRules, body: Plain) -> Iterator[str]:
    for foreign in _recognised(rules.foreign_platforms, body):
        yield foreign.title
    for platform in rules.platforms:
        for seen in _versions(platform, body):
            if not seen.covered:
                yield f"{platform.title} {seen.version}"


def _titles(named: tuple[Named, ...]) -> str:
    return ", ".join(one.title for one in named)


# After a name: "4.5.2", "-4.5.2", " version 4.5", "のバージョンは 4.5", and the packages' "-pg15-4.5.2".
# A number needs a dot, since "3 nodes" is no version, and at most three parts, since four are an address.
_VERSION = re.compile(
    r"(?:-pg\d\d)?[ (:_v-]{0,3}(?:の?バージョンは?|version|ver\.?)?[ :は]{0,3}"
    r"(?<![\d.])(\d{1,2}\.\d{1,3}(?:\.\d{1,3})?)(?![.\d]?\d)"
)


def _versions(product: Product, body: Plain) -> Iterator[SeenVersion]:
    """Give the versions that stand right after a name of the product, each once, in the order of the text."""
    found: dict[str, int] = {}
    for name in product.names.possible(body):
        for end in _ends(name, body.text):
            match = _VERSION.match(body.text, end)
            if match:
                found[match[1]] = min(end, found.get(match[1], end))
    for version in sorted(found, key=found.__getitem__):
        yield SeenVersion(product.key, version, product.covers(version_of(version)))


def _ends(name: Phrase, text: str) -> Iterator[int]:
    end = 0
    while (at := name.find(text, end)) >= 0:
        end = at + len(name.text)
        yield end
