"""What is sold? rules/service.toml → menus, options and products (S1–S3, S7, S10, S16–S18). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field

from mailbot.desk.answerclock import History, answer_clock
from mailbot.desk.calendar import Calendar
from mailbot.desk.contract import AnswerPromise, AnswerTargets, Language, Menu, Option
from mailbot.desk.phrases import Phrases, group
from mailbot.desk.scope import Exclusion, Named, Product, Version, version_of
from mailbot.desk.sla import first_response
from mailbot.errors import Fault
from mailbot.rules.example import Example
from mailbot.rules.reading import Key, Line, Table, Title, Words

_NONE = group(())
_YEAR = 525_600  # minutes
_REMINDERS = (50, 80)
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
    first_response_minutes: int = Field(ge=1, le=_YEAR)
    price_yen: int = Field(ge=0)
    answer_minutes: int | None = Field(default=None, ge=1, le=_YEAR)
    answer_minutes_urgent: int | None = Field(default=None, ge=1, le=_YEAR)
    update_minutes: int | None = Field(default=None, ge=1, le=_YEAR)
    update_minutes_urgent: int | None = Field(default=None, ge=1, le=_YEAR)
    answer_time: Literal["covered", "real"] | None = None
    remind_at: list[Annotated[int, Field(ge=1, le=99)]] | None = None

    def answers(self) -> AnswerPromise | None:
        """Make it what the desk promises of answers; for urgent questions the same where nothing else is said."""
        normal = AnswerTargets(self.answer_minutes, self.update_minutes)
        urgent = AnswerTargets(
            self.answer_minutes_urgent or self.answer_minutes, self.update_minutes_urgent or self.update_minutes
        )
        if urgent == AnswerTargets(None, None):
            return None
        reminders = _REMINDERS if self.remind_at is None else tuple(self.remind_at)
        return AnswerPromise(
            normal, urgent, self.answer_time or "covered", self.coverage, self.urgent_coverage, reminders
        )


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
    answer_due: AwareDatetime | None = None


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
        answers=menu.answers(),
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
        yield from _answer_faults(file, f"menus.{key}", menu)
    for number, example in enumerate(document.examples, 1):
        if example.menu not in document.menus:
            mend = f"must be a menu: {', '.join(document.menus)}"
            yield Fault(file, f"examples[{number}].menu", f'"{example.menu}"', mend)
        elif example.answer_due and not document.menus[example.menu].answers():
            mend = f"the menu {example.menu} promises no answer: give it answer_minutes or update_minutes"
            yield Fault(file, f"examples[{number}].answer_due", "", mend)
    for section, table in (("products", document.products), ("platforms", document.platforms)):
        for key, product in table.items():
            if product.since and product.until and product.until <= product.since:
                until = ".".join(map(str, product.until))
                yield Fault(file, f"{section}.{key}.until", f'"{until}"', "must be a later version than since")


def _answer_faults(file: str, where: str, menu: _Menu) -> Iterator[Fault]:
    """Give what is wrong with a menu's promise of answers."""
    for name, given in (("answer_time", menu.answer_time), ("remind_at", menu.remind_at)):
        if given is not None and menu.answers() is None:
            yield Fault(file, f"{where}.{name}", "", "needs answer_minutes or update_minutes beside it")
    first = menu.first_response_minutes
    for name, minutes in (
        ("answer_minutes", menu.answer_minutes),
        ("answer_minutes_urgent", menu.answer_minutes_urgent),
    ):
        if minutes is not None and minutes < first and menu.answer_time != "real":
            yield Fault(file, f"{where}.{name}", str(minutes), f"must be at least first_response_minutes, {first}")
    if menu.remind_at is not None and menu.remind_at != sorted(set(menu.remind_at)):
        yield Fault(file, f"{where}.remind_at", str(menu.remind_at), "must ascend, each per cent once: [50, 80]")


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
        if example.answer_due and menu.answers:
            history = History(example.at, example.urgent)
            answer_due = answer_clock(menu.answers, calendars, history, example.at).due_at
            told = answer_due.astimezone(example.answer_due.tzinfo).isoformat() if answer_due else "none is promised"
            where = f"examples[{number}].answer_due"
            yield Example(file, where, f"{asked}, answer", example.answer_due.isoformat(), told)
