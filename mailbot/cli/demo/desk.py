"""A desk to try out, in a folder of its own: the configuration, and contracts and staff of the worked example."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from mailbot import config
from mailbot.cli import setup
from mailbot.cli.demo import people
from mailbot.cli.options import offer_of
from mailbot.config import Settings
from mailbot.flows import registry
from mailbot.flows.application import Application
from mailbot.mail.message import Mailbox
from mailbot.store.engine import Store, open_store

_ADDRESS = "support@desk.example"
_VALUES = {
    "desk": {
        "name": '"pgpool-II Support Desk"',
        "address": f'"{_ADDRESS}"',
        "phone": '"+81-3-0000-0000"',
        "phone_hours": '"24×365"',
        "url": '"https://www.desk.example/support/"',
    },
    # Port 0: any free one, so that a demo never meets another program.
    "smtp": {"listen": '["127.0.0.1:0"]', "reserve_bytes": "10000000"},
}
_SECTION = re.compile(r"\[([a-z.]+)\]$")


@dataclass(frozen=True, slots=True)
class TrialDesk:
    """Where everything of the demo lies."""

    folder: Path
    settings: Settings

    @property
    def configuration(self) -> Path:
        """The file that every command takes by -c."""
        return self.folder / "config.toml"

    @property
    def log(self) -> Path:
        """What the daemon says."""
        return self.folder / "mailbot.log"

    @property
    def letters(self) -> Path:
        """The mails that have left, one file each."""
        return Path(self.settings.relay.url.removeprefix("maildir:")) / "new"


def prepare(folder: Path, now: datetime) -> TrialDesk:
    """Write the configuration, and register the people of the demo."""
    setup.init(folder)
    path = folder / "config.toml"
    path.write_text(_filled_in(path.read_text(encoding="utf-8")), encoding="utf-8")
    settings = config.load(path, os.environ)
    store = open_store(settings.database.url)
    try:
        _register(store, settings, now)
    finally:
        store.close()
    return TrialDesk(folder, settings)


def _filled_in(text: str) -> str:
    """Set our values as a person would who edits the file: where the key stands, with its comment."""
    waiting = {section: dict(values) for section, values in _VALUES.items()}
    section, lines = "", []
    for line in text.splitlines():
        if found := _SECTION.match(line):
            section = found[1]
        key = line.removeprefix("#").partition(" = ")[0]
        value = waiting.get(section, {}).pop(key, None)
        lines.append(line if value is None else f"{key} = {value}")
    missed = [f"[{section}] {key}" for section, keys in waiting.items() for key in keys]
    if missed:
        raise AssertionError(f"the example configuration knows no {', '.join(missed)}")
    return "\n".join(lines) + "\n"


def _register(store: Store, settings: Settings, now: datetime) -> None:
    """As `contract add` and `staff add` do it."""
    offer = offer_of(settings)
    starts_on = now.astimezone(settings.desk.zone).date() - timedelta(days=60)
    registry.add_contracts(store, [_application(each, starts_on) for each in people.CONTRACTS], offer, now)
    for person, language in people.STAFF:
        registry.add_staff(store, _written(person), language, offer, now)


def _application(customer: people.Customer, starts_on: date) -> Application:
    """A contract of one year (S7) that began some weeks ago."""
    team, list_id = customer.mailing_list or (None, "")
    return Application(
        where=customer.number,
        number=customer.number,
        customer=customer.name,
        menu=customer.menu,
        starts_on=starts_on.isoformat(),
        ends_on=(starts_on + timedelta(days=364)).isoformat(),
        language=customer.language,
        cluster=customer.cluster,
        askers=tuple(_written(asker) for asker in customer.askers),
        list=_written(team) if team else "",
        list_id=list_id,
        extra_askers=str(max(len(customer.askers) - 1, 0)),
        mailing_list_option="yes" if team else "no",
    )


def _written(mailbox: Mailbox) -> str:
    return f"{mailbox.name} <{mailbox.address}>"
