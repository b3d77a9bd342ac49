"""What is sold? rules/service.toml → menus, options and products (S1–S3, S7, S10, S16–S18). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field

from mailbot.desk.calendar import Calendar
from mailbot.desk.contract import Language, Menu, Option
from mailbot.desk.phrases import Phrases, group
from mailbot.desk.scope import Exclusion, Named, Product, Version, version_of
from mailbot.desk.sla import first_response
from mailbot.errors import Fault
from mailbot.rules.example import Example
from mailbot.rules.reading import Key, Line, Table, Title, Words

_NONE = group(())
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}")


@dataclass(frozen=True, slots=True)
class Service:
    """What the desk sells, by key, and what it supports."""

    title: Mapping[Language, str]
    term_months: int
    menus: Mapping[str, Menu]
    options: Mapping[str, Option]
    products: Mapping[str, Product]
    databases: tuple[Named, ...]
    platforms: tuple[Product, ...]


def _version(written: object) -> Version:
    if not isinstance(written, str) or not _VERSION.fullmatch(written):
        raise ValueError('must be a version in quotation marks, such as "3.0"')
    return version_of(written)


_Version = Annotated[Version, BeforeValidator(_version)]


class _About(Table):
    title: Title
    term_months: int = Field(ge=1, le=120)


class _Menu(Table):
    title: Title
    coverage: str
    urgent_coverage: str
    first_response_minutes: int = Field(ge=1, le=525_600)  # a year
    price_yen: int = Field(ge=0)


class _Option(Table):
    title: Title
    price_yen: int = Field(ge=0)
    each: bool


class _Exclusion(Table):
    title: Line
    phrases: Words = Field(min_length=1)


class _Platform(Table):
    title: Line
    names: Words = Field(min_length=1)
    since: _Version | None = None
    until: _Version | None = None


class _Product(_Platform):
    excluded: list[_Exclusion] = Field(default_factory=list)


class NamedTable(Table):
    """Something that is recognised by its names."""

    title: Line
    names: Words = Field(min_length=1)

    def named(self, key: str) -> Named:
        """Make it the desk's value."""
        return Named(key, self.title, group(self.names))


class _Example(Table):
    menu: str
    at: AwareDatetime
    urgent: bool
    due: AwareDatetime


class ServiceFile(Table):
    """The shape of service.toml."""

    service: _About
    menus: dict[Key, _Menu] = Field(min_length=1)
    options: dict[Key, _Option] = Field(default_factory=dict)
    products: dict[Key, _Product] = Field(min_length=1)
    databases: dict[Key, NamedTable] = Field(default_factory=dict)
    platforms: dict[Key, _Platform] = Field(default_factory=dict)
    examples: list[_Example] = Field(default_factory=list)


def service_of(document: ServiceFile, hints: Mapping[str, Phrases]) -> Service:
    """Make the desk's values; `hints` are the words that speak of a product, by its key."""
    return Service(
        title=document.service.title.by_language(),
        term_months=document.service.term_months,
        menus={key: _menu(key, menu) for key, menu in document.menus.items()},
        options={key: _option(key, option) for key, option in document.options.items()},
        products={
            key: _product(key, product, hints.get(key, _NONE), product.excluded)
            for key, product in document.products.items()
        },
        databases=tuple(database.named(key) for key, database in document.databases.items()),
        platforms=tuple(_product(key, platform, _NONE, []) for key, platform in document.platforms.items()),
    )


def _menu(key: str, menu: _Menu) -> Menu:
    return Menu(
        key=key,
        title=menu.title.by_language(),
        coverage=menu.coverage,
        urgent_coverage=menu.urgent_coverage,
        first_response_minutes=menu.first_response_minutes,
        price_yen=menu.price_yen,
    )


def _option(key: str, option: _Option) -> Option:
    return Option(key=key, title=option.title.by_language(), price_yen=option.price_yen, each=option.each)


def _product(key: str, product: _Platform, hints: Phrases, excluded: list[_Exclusion]) -> Product:
    return Product(
        key=key,
        title=product.title,
        names=group(product.names),
        hints=hints,
        since=product.since,
        until=product.until,
        excluded=tuple(Exclusion(part.title, group(part.phrases)) for part in excluded),
    )


def service_faults(file: str, document: ServiceFile, calendars: Mapping[str, object]) -> Iterator[Fault]:
    """Give what is wrong between the keys: calendars, menus and version ranges that cannot be."""
    known = ", ".join(calendars)
    for key, menu in document.menus.items():
        for name, value in (("coverage", menu.coverage), ("urgent_coverage", menu.urgent_coverage)):
            if value not in calendars:
                yield Fault(file, f"menus.{key}.{name}", f'"{value}"', f"must be a calendar of calendar.toml: {known}")
    for number, example in enumerate(document.examples, 1):
        if example.menu not in document.menus:
            mend = f"must be a menu: {', '.join(document.menus)}"
            yield Fault(file, f"examples[{number}].menu", f'"{example.menu}"', mend)
    for section, table in (("products", document.products), ("platforms", document.platforms)):
        for key, product in table.items():
            if product.since and product.until and product.until <= product.since:
                until = ".".join(map(str, product.until))
                yield Fault(file, f"{section}.{key}.until", f'"{until}"', "must be a later version than since")


def service_examples(
    file: str, document: ServiceFile, service: Service, calendars: Mapping[str, Calendar]
) -> Iterator[Example]:
    """Work out the due time of every example."""
    for number, example in enumerate(document.examples, 1):
        menu = service.menus[example.menu]
        due = first_response(menu, calendars, received_at=example.at, urgent=example.urgent)
        asked = f"{menu.key}, {'urgent' if example.urgent else 'not urgent'}, {example.at.isoformat()}"
        due_at = due.due_at.astimezone(example.due.tzinfo)
        yield Example(file, f"examples[{number}]", asked, example.due.isoformat(), due_at.isoformat())
