"""Does a route fail? People hear of it once an outage, by another route, and once more when it works again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mailbot.desk import alarms
from mailbot.desk.alarms import Outage
from mailbot.desk.contract import Language
from mailbot.desk.replies import Wording
from mailbot.desk.routes import Health, Tried, Way, to_tell
from mailbot.flows.context import Context
from mailbot.flows.paging import Alarm, letters_of, raise_alarm
from mailbot.store import journal, outbox, routes
from mailbot.store.engine import Connection


def note(context: Context, tried: Sequence[Tried], now: datetime) -> None:
    """Write down how routes fared that were tried without a letter."""
    with context.store.begin() as connection:
        routes.note(connection, tried, now)


def watch(context: Context, now: datetime) -> int:
    """Alarm people about every route that has failed for a while, and about every one that works again; how many there
    were. Run at every tick: people hear of it within a minute of the first failure.
    """
    with context.store.read() as connection:
        if not any(to_tell(each) for each in routes.every(connection)):
            return 0
    with context.store.begin() as connection:
        return sum(_told(context, connection, each, now) for each in routes.every(connection))


@dataclass(frozen=True, slots=True)
class Trial:
    """A test alarm: the keys of its letters in the outbox, and the key of its pages."""

    letters: tuple[str, ...]
    pages: str


def try_out(context: Context, now: datetime) -> Trial:
    """Raise a test alarm by every route: the pages, and a letter to everybody by each relay."""
    ways: tuple[Way, ...] = ("second", "first") if context.alarms.second_relay else ("first",)

    def say(language: Language) -> Wording:
        return alarms.trial(context.desk, language, now)

    tests = [Alarm(f"test:{now:%Y%m%dT%H%M%S%f}:{way}", "test", say, way=way) for way in ways]
    with context.store.begin() as connection:
        raise_alarm(context, connection, tests[0], now)
        written = [letter for test in tests for letter in letters_of(context, connection, test, now)]
        outbox.put(connection, written, now)  # those of the first test are there already
    return Trial(tuple(letter.key for letter in written), tests[0].key)


def _told(context: Context, connection: Connection, health: Health, now: datetime) -> bool:
    what = to_tell(health)
    if what is None:
        return False
    alarm = _outage(context, connection, health) if what == "fails" else _recovery(context, health, now)
    if not raise_alarm(context, connection, alarm, now):
        return False
    routes.keep(connection, replace(health, told_at=now if what == "fails" else None))
    journal.write(connection, [journal.Entry(now, f"route:{health.route}", what, health.error or "")])
    return True


def _outage(context: Context, connection: Connection, health: Health) -> Alarm:
    since, error = health.failing_since, health.error or ""
    if since is None:
        raise ValueError(f"{health.route} does not fail")
    waiting = outbox.waiting(connection, "acknowledgement")
    instead = health.route == "first" and context.alarms.second_relay
    outage = Outage(health.route, since, error, waiting, instead)

    def say(language: Language) -> Wording:
        return alarms.fails(context.desk, language, outage)

    facts = {
        "route": health.route,
        "state": "fails",
        "since": since.isoformat(),
        "error": error,
        "acknowledgements_waiting": str(waiting),
        "by_second_relay": "yes" if instead else "no",
    }
    return _alarm(health, f"{since:%Y%m%dT%H%M%S}", say, facts)


def _recovery(context: Context, health: Health, now: datetime) -> Alarm:
    at = health.last_ok_at or now

    def say(language: Language) -> Wording:
        return alarms.works_again(context.desk, language, health.route, at)

    return _alarm(health, f"{at:%Y%m%dT%H%M%S}:again", say, {"route": health.route, "state": "works again"})


def _alarm(health: Health, when: str, say: Callable[[Language], Wording], facts: Mapping[str, str]) -> Alarm:
    """Of a route that fails, people hear by another one."""
    return Alarm(
        key=f"route:{health.route}:{when}",
        kind="relay" if health.route in ("first", "second") else "pager",
        say=say,
        facts=facts,
        way="first" if health.route == "second" else "second",
    )
