"""How is the proof of a due time told: as a table for people, as JSON for programs?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from mailbot.cli.output import moment, picked, shown
from mailbot.desk.proof import ClosedDays, Counted

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from mailbot.desk.proof import Margin, Piece
    from mailbot.flows.proving import FirstResponse

_SHORT = 12  # letters of a fingerprint that tell one edition from another
_SECOND = timedelta(seconds=1)


def proof_json(proven: FirstResponse) -> dict[str, Any]:
    """Everything, with whole fingerprints; spans in seconds."""
    clock = proven.clock
    return {
        "incident": clock["number"],
        **picked(clock, ("status", "contract", "asker")),
        "menu": proven.menu,
        "minutes": proven.counted.minutes,
        "urgent": clock["urgency"] != "normal",
        **picked(clock, ("urgency", "urgency_by")),
        "calendar": proven.counted.calendar.name,
        "edition": clock["edition"],
        "edition_first_used_at": proven.first_used_at,
        **picked(clock, ("received_at", "due_at", "acknowledged_at")),
        "relay_said": clock["answer"],
        "late": proven.margin.late,
        "left_seconds": proven.margin.real.total_seconds(),
        "covered_left_seconds": proven.margin.covered.total_seconds(),
        "counted_due_at": proven.counted.due_at,
        "intervals": intervals_json(proven.counted.pieces),
        "events": [{"at": each.at, "what": each.what, "by": each.by, "detail": each.detail} for each in proven.events],
        "notes": list(proven.notes),
    }


def intervals_json(pieces: Iterable[Piece]) -> list[dict[str, Any]]:
    """Every piece of time in order: what counted with the sum so far, and what did not with its closed days."""
    return [_interval(piece) for piece in pieces]


def _interval(piece: Piece) -> dict[str, Any]:
    told = {"from": piece.starts_at, "to": piece.ends_at, "seconds": (piece.ends_at - piece.starts_at).total_seconds()}
    if isinstance(piece, Counted):
        return {"kind": "covered"} | told | {"total_seconds": piece.total.total_seconds()}
    days = [{"first": each.first, "last": each.last, "reason": each.reason} for each in piece.days]
    return {"kind": "closed"} | told | {"days": days}


def proof_lines(proven: FirstResponse, zone: ZoneInfo) -> Iterator[str]:
    """The whole proof in lines of at most 100 columns, with the times in this zone."""
    from mailbot.cli.tables import WIDTH, cut

    for name, value in _heads(proven, zone):
        yield cut(f"{name + ':':<14}{shown(value)}", WIDTH)
    yield ""
    yield from interval_lines(proven.counted.pieces, zone)
    if proven.events:
        yield ""
    for each in proven.events:
        yield cut(shown(f"{moment(each.at, zone)}  {each.what}: {each.detail} ({each.by})"), WIDTH)
    for note in proven.notes:
        yield f"NOTE: {note}"


def _heads(proven: FirstResponse, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    clock, counted = proven.clock, proven.counted
    yield "incident", f"{clock['number']} ({clock['status']})"
    yield "subject", clock["subject"]
    yield "contract", f"{clock['contract']}, {clock['customer']}"
    yield "asker", clock["asker"]
    yield "menu", f"{proven.menu}: the first response within {counted.minutes} covered minutes"
    yield "urgency", _urgency(clock["urgency"], clock["urgency_by"])
    yield "calendar", _calendar(proven, zone)
    days_in = counted.calendar.edition(counted.since).zone
    if days_in.key != zone.key:
        yield "days in", days_in.key
    yield "arrived", _exact(clock["received_at"], zone)
    yield "due", _exact(clock["due_at"], zone)
    if clock["acknowledged_at"] is None:
        yield "acknowledged", f"not yet; {_margin(proven.margin)}"
    else:
        yield "acknowledged", f"{_exact(clock['acknowledged_at'], zone)}; {_margin(proven.margin)}"
        yield "relay said", clock["answer"] or "-"


def _urgency(urgency: str, by: str | None) -> str:
    counts = " (counts as urgent)" if urgency == "doubtful" else ""
    return f"{urgency}{counts}, decided by {by or 'the rules'}"


def _calendar(proven: FirstResponse, zone: ZoneInfo) -> str:
    name, edition = proven.counted.calendar.name, proven.clock["edition"]
    if edition is None:
        return f"{name} as it is today"
    return f"{name}, edition {edition[:_SHORT]}, first used {moment(proven.first_used_at, zone)}"


def _margin(margin: Margin) -> str:
    if margin.late:
        return f"LATE by {_words(-margin.real)}"
    return f"{_words(margin.covered)} of the covered time left"


def interval_lines(pieces: Iterable[Piece], zone: ZoneInfo) -> Iterator[str]:
    """The pieces as a table; closed days stand under the piece of time that holds them."""
    yield f"{'FROM':<24} {'TO':<24} {'MINUTES':>9} {'TOTAL':>9}  WHAT"
    for piece in pieces:
        ends = f"{_clock(piece.starts_at, zone):<24} {_clock(piece.ends_at, zone):<24}"
        if isinstance(piece, Counted):
            yield f"{ends} {_span(piece.ends_at - piece.starts_at):>9} {_span(piece.total):>9}  counts"
        else:
            yield f"{ends} {'':>9} {'':>9}  closed"
            yield from map(_days_line, piece.days)


def _days_line(days: ClosedDays) -> str:
    from mailbot.cli.tables import WIDTH, cut

    last = _day(days.last) if days.last > days.first else ""
    return cut(f"  {_day(days.first):<22}   {last:<22} {shown(days.reason)}", WIDTH)


def _exact(at: datetime, zone: ZoneInfo) -> str:
    return f"{_clock(at, zone)} {at.astimezone(zone):%Z}"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M:%S}"


def _day(day: date) -> str:
    return f"{day:%a %Y-%m-%d}"


def _span(span: timedelta) -> str:
    """`60:00`, minutes and seconds, to the nearest second; JSON has them exact."""
    minutes, seconds = divmod(round(span / _SECOND), 60)
    return f"{minutes}:{seconds:02}"


def _words(span: timedelta) -> str:
    """`60 min 00 s`."""
    return f"{_span(span).replace(':', ' min ')} s"
