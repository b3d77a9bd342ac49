"""How is a monthly report told on the screen and to another program?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mailbot.cli.output import moment, say, short_moment, shown

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from mailbot.desk.report import Asked, Figures, Report, Spread

_IN_A_TABLE = 50
_COUNTS = ("ASKED", "URGENT", "IN TIME", "LATE", "NOT DUE", "SHARE")
_MINUTE = timedelta(minutes=1)


def tell(found: Report, zone: ZoneInfo) -> None:
    """Write the report for a person, in 100 columns."""
    from mailbot.cli.tables import Column, say_table
    from mailbot.desk.reportwords import percent

    for name, value in _heads(found, zone):
        say(f"{name + ':':<16}{shown(value)}")
    if found.contracts:
        say("")
        columns = (
            Column("CONTRACT", cut=True),
            Column("CUSTOMER", cut=True),
            *(Column(title, right=True) for title in _COUNTS),
        )
        say_table(
            columns,
            [
                (each.number, each.customer, *_counts(each.figures), percent(each.figures.share))
                for each in found.contracts
            ],
            none="",
        )
    if found.asked:
        say("")
        columns = (
            Column("NUMBER"),
            *(() if found.contract else (Column("CONTRACT", cut=True),)),
            Column("RECEIVED"),
            Column("URGENCY"),
            Column("DUE"),
            Column("RESPONDED"),
            Column("MARGIN", right=True),
            Column("SUBJECT", cut=True),
        )
        say_table(columns, [_row(each, found, zone) for each in found.asked[:_IN_A_TABLE]], none="")
    if len(found.asked) > _IN_A_TABLE:
        say(f"({len(found.asked) - _IN_A_TABLE} more: see --csv or --json)")


def _counts(figures: Figures) -> tuple[int, ...]:
    from mailbot.desk.incident import Urgency

    urgent = figures.questions - figures.by_urgency[Urgency.NORMAL]
    return (figures.questions, urgent, *figures.first.values())


def _heads(found: Report, zone: ZoneInfo) -> list[tuple[str, str]]:
    from mailbot.desk.report import Kept
    from mailbot.desk.reportwords import percent

    figures, month = found.figures, found.month
    whose = f", contract {found.contract.number}, {found.contract.customer}" if found.contract else ", the desk"
    days = f"{month.first} to {month.last} ({zone.key}), as of {moment(found.as_of, zone)}"
    urgency = ", ".join(f"{count} {key}" for key, count in figures.by_urgency.items() if count)
    share = "" if figures.share is None else f"; {percent(figures.share)} of those due in time"
    heads = [
        ("report", f"{month}{whose}"),
        ("days", days if found.finished else f"{days}; the month is not over"),
        ("questions", f"{figures.questions}{f' ({urgency})' if urgency else ''}"),
        ("first response", f"{_kept(figures.first)}{share}"),
    ]
    if any(figures.answers[kept] for kept in Kept):
        heads.append(("first answer", _kept(figures.answers)))
    heads.append(("month's end", f"{figures.open} open, {figures.closed} closed"))
    heads.extend(_times(found))
    for name, counted in (("about", found.scopes), ("products", found.products)):
        if counted:
            heads.append((name, ", ".join(f"{count} {key or 'none named'}" for key, count in counted)))
    return heads


def _kept(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{count} {kept.value.replace('-', ' ')}" for kept, count in counts.items())


def _times(found: Report) -> list[tuple[str, str]]:
    from mailbot.desk.moments import duration
    from mailbot.desk.reportwords import percent

    def in_words(values: Spread, written: Callable[[float], str]) -> str:
        pieces = (
            ("least", values.least),
            ("median", values.median),
            ("90 %", values.ninety),
            ("most", values.greatest),
        )
        return ", ".join(f"{name} {written(value)}" for name, value in pieces)

    rows = (
        ("covered time", found.covered, lambda minutes: duration(minutes * _MINUTE, "en")),
        ("of the window", found.used, percent),
        ("by the clock", found.clock, lambda minutes: duration(minutes * _MINUTE, "en")),
    )
    return [(name, in_words(values, written)) for name, values, written in rows if values is not None]


def _row(asked: Asked, found: Report, zone: ZoneInfo) -> Sequence[object]:
    return (
        asked.number,
        *(() if found.contract else (asked.contract,)),
        short_moment(asked.received_at, zone),
        asked.urgency,
        short_moment(asked.due_at, zone),
        short_moment(asked.acknowledged_at, zone),
        _margin(asked, found),
        asked.subject,
    )


def _margin(asked: Asked, found: Report) -> str:
    from mailbot.desk.moments import duration
    from mailbot.desk.report import Kept

    kept, left = asked.kept(found.as_of), asked.left(found.as_of)
    if kept is Kept.PENDING:
        return "not due"
    return f"LATE {duration(-left, 'en')}" if kept is Kept.LATE else duration(left, "en")


def told(found: Report, zone: ZoneInfo) -> dict[str, Any]:
    """Give the report for a program."""
    contract = found.contract
    return {
        "month": str(found.month),
        "contract": contract.number if contract else None,
        "customer": contract.customer if contract else None,
        "timezone": zone.key,
        "from": found.month.begins(zone),
        "until": found.month.ends(zone),
        "as_of": found.as_of,
        "finished": found.finished,
        **_figures(found.figures),
        "covered_minutes": _spread(found.covered),
        "window_share": _spread(found.used),
        "clock_minutes": _spread(found.clock),
        "scope": dict(found.scopes),
        "products": {key: count for key, count in found.products if key},
        "contracts": [
            {"contract": each.number, "customer": each.customer, **_figures(each.figures)} for each in found.contracts
        ],
        "incidents": [_incident(each, found) for each in found.asked],
    }


def _figures(figures: Figures) -> dict[str, Any]:
    def counts(kept: Mapping[Any, int]) -> dict[str, int]:
        return {key.value.replace("-", "_"): count for key, count in kept.items()}

    return {
        "questions": figures.questions,
        "urgency": {key.value: count for key, count in figures.by_urgency.items()},
        "first_response": counts(figures.first) | {"share": figures.share},
        "first_answer": counts(figures.answers),
        "open": figures.open,
        "closed": figures.closed,
    }


def _spread(values: Spread | None) -> dict[str, float] | None:
    if values is None:
        return None
    return {"least": values.least, "median": values.median, "p90": values.ninety, "greatest": values.greatest}


def _incident(asked: Asked, found: Report) -> dict[str, Any]:
    window, kept = asked.window, asked.kept(found.as_of)
    return {
        "number": asked.number,
        "contract": asked.contract,
        "received_at": asked.received_at,
        "urgency": asked.urgency.value,
        "scope": asked.scope,
        "products": list(asked.products),
        "subject": asked.subject,
        "menu": asked.menu,
        "starts_at": window.starts_at if window else None,
        "due_at": asked.due_at,
        "acknowledged_at": asked.acknowledged_at,
        "first_response": kept.value,
        "window_minutes": window.length / _MINUTE if window else None,
        "used_minutes": window.used / _MINUTE if window and window.used is not None else None,
        "used_share": window.share if window else None,
        "clock_minutes": asked.took / _MINUTE if asked.took is not None else None,
        "margin_minutes": asked.left(found.as_of) / _MINUTE,
        "answered_at": asked.answered_at,
        "first_answer": asked.answer.value if asked.answer else None,
        "closed": asked.closed,
    }
