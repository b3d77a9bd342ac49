"""Which options do all commands share, and what do they open?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailbot.errors import InputError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from mailbot.config import Settings
    from mailbot.flows.application import Offer
    from mailbot.flows.context import Context
    from mailbot.rules import Rules
    from mailbot.store.engine import Store

LONGEST_ID = 2**63 - 1
LONGEST_DAYS = 36_600  # a hundred years

ConfigFile = Annotated[
    Path | None,
    typer.Option("-c", "--config", metavar="FILE", help="The configuration; else ./config.toml or MAILBOT_CONFIG."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, with times in UTC.")]
Limit = Annotated[
    int | None,
    typer.Option("--limit", metavar="N", min=1, max=LONGEST_ID, help="At most so many (50 in tables, all in JSON)."),
]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The number of the contract.")]
AlthoughRole = Annotated[
    str,
    typer.Option(
        "--although-role-name",
        metavar="REASON",
        help="Why somebody called like a role is a person; it is written down.",
    ),
]
RowId = Annotated[int, typer.Argument(metavar="ID", min=1, max=LONGEST_ID)]


def group(about: str) -> typer.Typer:
    """A command that has commands of its own."""
    return typer.Typer(help=about, rich_markup_mode=None, add_completion=False)


def moment_of(written: str, zone: ZoneInfo) -> datetime:
    """Read the time of `--at`; one without a zone is the desk's. Raises InputError."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise InputError(f"--at {written!r} is no time: write it like 2026-04-01T18:05+09:00") from None
    aware = at if at.tzinfo else at.replace(tzinfo=zone)
    if not 1990 <= aware.year <= 2200:
        raise InputError(f"--at {written!r} is too far away: the calendars are known from 1990 to 2200")
    return aware


def config_path(given: Path | None) -> Path:
    """Find the configuration file."""
    from mailbot import config

    return config.find(given, os.environ)


def settings_of(given: Path | None) -> Settings:
    """Load the configuration. Raises ConfigurationError."""
    from mailbot import config

    return config.load(config_path(given), os.environ)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a command works with."""

    settings: Settings
    store: Store

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which people are told the time."""
        return self.settings.desk.zone

    @property
    def today(self) -> date:
        """The day that it is where the desk is; terms are counted in it."""
        from mailbot import clock

        return clock.now().astimezone(self.zone).date()


@contextmanager
def opened(given: Path | None) -> Iterator[Opened]:
    """Open the database that the configuration names. Raises ConfigurationError or StoreUnavailableError."""
    settings = settings_of(given)
    from mailbot.store.engine import open_store

    store = open_store(settings.database.url)
    try:
        yield Opened(settings, store)
    finally:
        store.close()


def context_of(desk: Opened) -> Context:
    """Give what flows need that read no mail. Raises ConfigurationError for faults in rules or templates."""
    from mailbot.app import make_context

    return make_context(desk.settings, desk.store, lambda _: [])


def offer_of(settings: Settings) -> Offer:
    """Say what the desk can agree to. Raises ConfigurationError for faults in the rules."""
    return offer_by(settings, rules_of(settings))


def rules_of(settings: Settings) -> Rules:
    """Load the rules. Raises ConfigurationError."""
    from mailbot import config, rules

    return rules.load(settings.rules.folder or config.bundled("rules"))


def offer_by(settings: Settings, rules: Rules) -> Offer:
    """Say what the desk can agree to by these rules."""
    from mailbot.flows.application import Offer
    from mailbot.mail.address import normalise

    return Offer(
        menus=tuple(rules.service.menus),
        languages=settings.desk.languages,
        own_addresses=frozenset(normalise(each) for each in settings.addresses.by_purpose.values()),
        senders=rules.senders,
        term_months=rules.service.term_months,
    )
