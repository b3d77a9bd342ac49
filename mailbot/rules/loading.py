"""Are the rule files sound, and do they what their examples say?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mailbot.desk.calendar import Calendar
from mailbot.desk.changewords import ChangeRules
from mailbot.desk.content import ContentRules
from mailbot.desk.loops import RobotRules
from mailbot.desk.oncall import OnCallRules
from mailbot.desk.orders import OrderRules
from mailbot.desk.scope import ScopeRules
from mailbot.desk.senders import SenderRules
from mailbot.desk.urgency import UrgencyRules
from mailbot.desk.wanted import WantedRules
from mailbot.errors import ConfigurationError, Fault
from mailbot.folderstate import State, state_of
from mailbot.rules.calendar import CalendarFile, calendar_examples, calendar_faults, calendars_of
from mailbot.rules.changes import ChangesFile, change_examples, change_faults, change_rules_of
from mailbot.rules.example import Example
from mailbot.rules.oncall import OnCallFile, on_call_examples, on_call_faults, on_call_rules_of
from mailbot.rules.orders import OrdersFile, order_examples, order_faults, order_rules_of
from mailbot.rules.reading import read
from mailbot.rules.robots import RobotsFile, robot_examples, robot_rules_of
from mailbot.rules.scope import ScopeFile, hints_of, scope_examples, scope_faults, scope_rules_of
from mailbot.rules.senders import SendersFile, sender_examples, sender_rules_of
from mailbot.rules.service import Service, ServiceFile, service_examples, service_faults, service_of
from mailbot.rules.urgency import UrgencyFile, urgency_examples, urgency_of
from mailbot.rules.wanted import WantedFile, wanted_examples, wanted_faults, wanted_rules_of


@dataclass(frozen=True, slots=True)
class Rules:
    """All that the rule files say, as the desk needs it."""

    service: Service
    calendars: Mapping[str, Calendar]
    urgency: UrgencyRules
    scope: ScopeRules
    wanted: WantedRules
    senders: SenderRules
    orders: OrderRules
    changes: ChangeRules
    robots: RobotRules
    oncall: OnCallRules

    @property
    def content(self) -> ContentRules:
        """Those by which the words of a mail are understood."""
        return ContentRules(self.urgency, self.scope, self.wanted)


@dataclass(frozen=True, slots=True)
class _Files:
    """The files, where each is whole in itself."""

    folder: Path
    service: ServiceFile
    calendar: CalendarFile
    urgency: UrgencyFile
    scope: ScopeFile
    wanted: WantedFile
    senders: SendersFile
    orders: OrdersFile
    changes: ChangesFile
    robots: RobotsFile
    oncall: OnCallFile

    def name(self, stem: str) -> str:
        return str(self.folder / f"{stem}.toml")


def load(folder: Path) -> Rules:
    """Give the rules; ConfigurationError with every fault of all files, a failing example among them."""
    return _load(folder, state_of(folder))


@lru_cache(maxsize=2)
def _load(folder: Path, _state: State) -> Rules:
    files = _read(folder)
    rules = _rules(files)
    failing = [example.fault() for example in _examples(files, rules) if not example.holds]
    if failing:
        raise ConfigurationError(failing)
    return rules


def run_examples(folder: Path) -> tuple[Example, ...]:
    """Give every example with its outcome; ConfigurationError when the files cannot be understood."""
    files = _read(folder)
    return tuple(_examples(files, _rules(files)))


def _read(folder: Path) -> _Files:
    faults: list[Fault] = []
    service = read(folder / "service.toml", ServiceFile, faults)
    calendar = read(folder / "calendar.toml", CalendarFile, faults)
    urgency = read(folder / "urgency.toml", UrgencyFile, faults)
    scope = read(folder / "scope.toml", ScopeFile, faults)
    wanted = read(folder / "wanted.toml", WantedFile, faults)
    senders = read(folder / "senders.toml", SendersFile, faults)
    orders = read(folder / "orders.toml", OrdersFile, faults)
    changes = read(folder / "changes.toml", ChangesFile, faults)
    robots = read(folder / "robots.toml", RobotsFile, faults)
    oncall = read(folder / "oncall.toml", OnCallFile, faults)
    if service and calendar:
        faults += service_faults(str(folder / "service.toml"), service, calendar.calendars)
    if calendar:
        faults += calendar_faults(str(folder / "calendar.toml"), calendar)
    if service and scope:
        faults += scope_faults(str(folder / "scope.toml"), scope, service)
    if wanted:
        faults += wanted_faults(str(folder / "wanted.toml"), wanted)
    if calendar and oncall:
        faults += on_call_faults(str(folder / "oncall.toml"), oncall, calendar.calendars)
    if orders:
        faults += order_faults(str(folder / "orders.toml"), orders)
    if changes:
        faults += change_faults(str(folder / "changes.toml"), changes)
    if faults or not (
        service and calendar and urgency and scope and wanted and senders and orders and changes and robots and oncall
    ):
        raise ConfigurationError(faults)
    return _Files(folder, service, calendar, urgency, scope, wanted, senders, orders, changes, robots, oncall)


def _rules(files: _Files) -> Rules:
    service = service_of(files.service, hints_of(files.scope))
    scope = scope_rules_of(files.scope, service)
    calendars = calendars_of(files.calendar)
    return Rules(
        service=service,
        calendars=calendars,
        urgency=urgency_of(files.urgency),
        scope=scope,
        wanted=wanted_rules_of(files.wanted, scope),
        senders=sender_rules_of(files.senders),
        orders=order_rules_of(files.orders),
        changes=change_rules_of(files.changes),
        robots=robot_rules_of(files.robots),
        oncall=on_call_rules_of(files.oncall, calendars),
    )


def _examples(files: _Files, rules: Rules) -> Iterator[Example]:
    yield from service_examples(files.name("service"), files.service, rules.service, rules.calendars)
    yield from calendar_examples(files.name("calendar"), files.calendar, rules.calendars)
    yield from urgency_examples(files.name("urgency"), files.urgency, rules.urgency)
    yield from scope_examples(files.name("scope"), files.scope, rules.scope)
    yield from wanted_examples(files.name("wanted"), files.wanted, rules.wanted, rules.scope)
    yield from sender_examples(files.name("senders"), files.senders, rules.senders)
    yield from order_examples(files.name("orders"), files.orders, rules.orders)
    yield from change_examples(files.name("changes"), files.changes, rules.changes, rules.scope)
    yield from robot_examples(files.name("robots"), files.robots, rules.robots)
    yield from on_call_examples(files.name("oncall"), files.oncall, rules.oncall)
