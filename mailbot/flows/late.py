"""Has an acknowledgement not left that is due soon? Then people hear of it: at 50 and 80 per cent of its window, and at
its end (S18). When a relay is down thousands are late, and one alarm tells of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from mailbot.desk import latereplies
from mailbot.desk.incident import Urgency
from mailbot.desk.lateness import Window, next_alarm, stage_at
from mailbot.desk.latereplies import MOST_ROWS, LateAcknowledgement, LetterState
from mailbot.flows.context import Context
from mailbot.flows.paging import Alarm, raise_alarm
from mailbot.store import incidents, journal, late
from mailbot.store.engine import Connection
from mailbot.store.late import Letter, Page, Unacknowledged

_APART = timedelta(minutes=5)
_PRESSING_APART = timedelta(
    seconds=45
)  # with the time between two ticks less than the minute in which a breach is told

_Late = tuple[Unacknowledged, Page]


def alarm(context: Context, now: datetime) -> int:
    """Raise one alarm about all acknowledgements that are later than people know; give the number of these.

    Without anybody to tell nothing is marked as told.
    """
    with context.store.read() as connection:
        if not _is_time(connection, now):
            return 0
    with context.store.begin() as connection:
        found = [(each, _page(context, each, now)) for each in late.unacknowledged(connection, now)]
        news = [(each, page) for each, page in found if page.percent > each.paged]
        # Its window was counted anew since, or the clock was put back: people know as much already.
        late.put_off(connection, [page for each, page in found if page.percent <= each.paged])
        if not news or not raise_alarm(context, connection, _alarm(context, connection, news, now), now):
            return 0
        late.mark_paged(connection, [page for _, page in news], now)
        journal.write(connection, [_entry(each, page, now) for each, page in news])
    return len(news)


def _is_time(connection: Connection, now: datetime) -> bool:
    """Half a window is told of now and then, most or all of one at once."""
    count, pressing = late.waiting(connection, now)
    last = late.last_page(connection) if count else None
    since = None if last is None else now - last
    apart = _PRESSING_APART if pressing else _APART
    return bool(count) and (since is None or not timedelta(0) <= since < apart)


def _page(context: Context, each: Unacknowledged, now: datetime) -> Page:
    menu = context.rules.service.menus.get(each.menu or "")
    if menu is not None and each.response_minutes is not None:
        menu = replace(menu, first_response_minutes=each.response_minutes)  # as it was sold when the question came
    window = Window(menu, each.urgency != Urgency.NORMAL, each.received_at, each.due_at)
    stage = stage_at(window, context.rules.calendars, now)
    return Page(each.id, stage, next_alarm(window, context.rules.calendars, stage))


def _alarm(context: Context, connection: Connection, news: Sequence[_Late], now: datetime) -> Alarm:
    latest = sorted(news, key=lambda each: (-each[1].percent, each[0].due_at, each[0].id))[:MOST_ROWS]
    letters = late.letters(connection, [each.id for each, _ in latest])
    rows = [_shown(each, page, letters.get(each.id)) for each, page in latest]
    earliest = min(each.due_at for each, _ in news)
    worst, count = rows[0], len(news)
    return Alarm(
        key=f"late:{latest[0][0].id}:{worst.percent}:{now:%Y%m%dT%H%M%S}",
        kind="late",
        say=lambda language: latereplies.late(context.desk, language, rows, count=count, earliest=earliest),
        incident=incidents.by_id(connection, latest[0][0].id) if count == 1 else None,
        facts={
            "count": str(count),
            "percent": str(worst.percent),
            "earliest_due": earliest.isoformat(),
            "incident": worst.number,
            "contract": worst.contract,
            "letter": worst.state,
            "answer": worst.answer,
        },
    )


def _shown(each: Unacknowledged, page: Page, letter: Letter | None) -> LateAcknowledgement:
    return LateAcknowledgement(
        number=each.number,
        contract=each.contract,
        urgent=each.urgency != Urgency.NORMAL,
        due_at=each.due_at,
        percent=page.percent,
        recipient=letter.recipient if letter else "",
        state=cast(LetterState, letter.state) if letter else "missing",
        outbox_id=letter.id if letter else None,
        attempts=letter.attempts if letter else 0,
        answer=letter.answer if letter else "",
    )


def _entry(each: Unacknowledged, page: Page, now: datetime) -> journal.Entry:
    why = f"no acknowledgement after {page.percent} % of its window, due {each.due_at}"
    return journal.Entry(now, f"incident:{each.id}", "paged", why)
