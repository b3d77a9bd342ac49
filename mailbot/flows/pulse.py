"""Note that the desk lives, find out whether it did all the time, and handle a clock that was set. Run at every tick.

While the clock is in doubt, letters that a day causes wait (`desk.pulse.in_doubt`): the guide to a contract, the word
about the end of a term, the reminder of waiting changes. That is the plain form of "hold what is more than usual after
a gap": not the number of letters is watched, but the first sweep after such a gap, and each one after it, does not run
until somebody says `mailbot clock accept` or the clock comes back. Then what is due goes out, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from mailbot.desk import pulse
from mailbot.desk.pulse import Finding, Found, Jumped, Reading, Steady
from mailbot.errors import RefusedError
from mailbot.flows.context import Context
from mailbot.flows.dispatch import LEASE
from mailbot.flows.paging import Alarm, raise_alarm
from mailbot.store import journal, pulses, rewinding
from mailbot.store.engine import Connection, Store
from mailbot.store.pulses import Pulse

SUBJECT = "clock"
"""Under which the journal tells of all this."""

_APART = timedelta(seconds=2)  # the sweeps of one tick need not all note it

log = structlog.get_logger("mailbot")


@dataclass(frozen=True, slots=True)
class Beat:
    """What was found, and whether letters that a day causes must wait."""

    finding: Finding
    suspended: bool


def beat(context: Context, daemon: str, present: Reading, *, restarted: bool) -> Beat:
    """Compare both clocks with what `daemon` noted last, handle what was found, and note them.

    One that never noted anything is compared with whoever noted last: another boot, whose clock on the wall should
    agree. `restarted` says that this process has noted nothing yet.
    """
    with context.store.begin() as connection:
        own = pulses.of(connection, daemon)
        former = own or pulses.newest(connection)
        finding = Steady() if former is None else pulse.judge(former.reading, present, restarted=restarted)
        if own is not None and isinstance(finding, Steady) and _just_noted(own.reading, present):
            return Beat(finding, own.suspended_at is not None)
        noted = _noted(own or Pulse(daemon, present), present, finding)
        pulses.put(connection, noted)
        if former is not None and not isinstance(finding, Steady):
            _handle(context, connection, former, own, noted, finding)
    return Beat(finding, noted.suspended_at is not None)


def _just_noted(former: Reading, present: Reading) -> bool:
    return present.since_boot - former.since_boot < _APART.total_seconds()


def _noted(own: Pulse, present: Reading, finding: Finding) -> Pulse:
    off = pulse.ahead(own.ahead, finding)
    if not pulse.in_doubt(off):
        return Pulse(own.daemon, present, off)
    return Pulse(own.daemon, present, off, own.suspended_at or present.at, own.why or _in_words(finding))


def _handle(
    context: Context, connection: Connection, former: Pulse, own: Pulse | None, noted: Pulse, finding: Finding
) -> None:
    now = noted.reading.at
    name, time = pulse.named(finding)
    rewound = 0
    if isinstance(finding, Jumped) and finding.by < timedelta(0):
        rewound = rewinding.rewind(connection, now, lease=LEASE)
    was_suspended = own is not None and own.suspended_at is not None
    found = Found(
        daemon=noted.daemon,
        finding=finding,
        former_at=former.reading.at,
        present_at=now,
        suspended=noted.suspended_at is not None,
        resumed=was_suspended and noted.suspended_at is None,
    )
    _write_down(connection, found, rewound, newly=found.suspended and not was_suspended)
    told = pulse.tells(finding) or found.suspended or found.resumed
    if told:
        raise_alarm(context, connection, _alarm(context, found), now)
    tell = log.warning if told else log.info
    tell("clock", what=name, seconds=round(time.total_seconds()), suspended=found.suspended)


def _write_down(connection: Connection, found: Found, rewound: int, *, newly: bool) -> None:
    now, where = found.present_at, found.daemon
    why = f"{_in_words(found.finding)}, on {where}; before: {found.former_at}"
    entries = [journal.Entry(now, SUBJECT, pulse.named(found.finding)[0], why)]
    if rewound:
        entries.append(journal.Entry(now, SUBJECT, "rewound", f"{rewound} that waited wait no more"))
    if newly:
        entries.append(journal.Entry(now, SUBJECT, "suspended", f"letters that a day causes wait, on {where}"))
    if found.resumed:
        entries.append(journal.Entry(now, SUBJECT, "resumed", f"the clock came back, on {where}"))
    journal.write(connection, entries)


def _in_words(finding: Finding) -> str:
    name, time = pulse.named(finding)
    return f"{name} {timedelta(seconds=round(time.total_seconds()))}"


def _alarm(context: Context, found: Found) -> Alarm:
    return Alarm(
        key=f"clock:{found.daemon}:{found.former_at:%Y%m%dT%H%M%S}:{found.present_at:%Y%m%dT%H%M%S}",
        kind="clock",
        say=lambda language: pulse.alarm(context.desk, language, found),
        facts=pulse.facts(found),
    )


def accept(store: Store, by: str, now: datetime) -> list[str]:
    """Believe the clocks as they are: letters that a day causes go on. Gives the daemons that waited.

    Raises RefusedError when none does.
    """
    with store.begin() as connection:
        waited = sorted(pulses.believe(connection))
        if not waited:
            raise RefusedError("no clock is in doubt, and no letter waits for one: see mailbot clock show")
        journal.write(connection, [journal.Entry(now, SUBJECT, "accepted", f"by {by}, for {', '.join(waited)}")])
    return waited
