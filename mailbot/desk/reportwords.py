"""How is a monthly proof told to people? Report → the plain values that its templates fill in. Pure.

Templates get what `desk.replies` promises: strings, booleans, and lists and mappings of them; all that came from
outside is one line, cut to length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor
from zoneinfo import ZoneInfo

from rich.cells import set_cell_size

from mailbot.desk.contract import Contract, Language
from mailbot.desk.incident import Urgency
from mailbot.desk.moments import duration, moment
from mailbot.desk.replies import Desk, Wording, line, variables_of
from mailbot.desk.report import Asked, Figures, Kept, OfContract, Report, Spread

MOST_ON_PAGE = 1_000  # a browser shows it still; the CSV holds all
_MOST_IN_TEXT = 100
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets the report by mail. `corrected` says that it replaces one that was sent before; `draft` that it is for
    one of staff, who may pass it on to the contact.
    """

    name: str
    corrected: bool = False
    draft: bool = False


def contact_report(desk: Desk, language: Language, report: Report, menu: str, to: Addressee) -> Wording:
    """The letter to a contract contact with the month's figures."""
    return Wording("contact-report", language, _letter(desk, language, report, menu, to) | {"draft": to.draft})


def staff_report(desk: Desk, language: Language, report: Report, to: Addressee) -> Wording:
    """The letter to one of staff with the figures of the whole desk."""
    return Wording("staff-report", language, _letter(desk, language, report, "", to))


def _letter(desk: Desk, language: Language, report: Report, menu: str, to: Addressee) -> dict[str, object]:
    told = told_of(desk, language, report, menu, most=_MOST_IN_TEXT)
    return variables_of(desk) | {"recipient_name": line(to.name), "corrected": to.corrected, "report": told}


def told_of(desk: Desk, language: Language, report: Report, menu: str, *, most: int) -> dict[str, object]:
    """Give the whole report in words, up to `most` of its questions. `menu` is the title of the contract's menu."""
    zone, month, more = desk.zone, report.month, len(report.asked) - most
    return {
        "language": language,
        "desk": line(desk.name),
        "month": month.called(language),
        "first_day": month.first.isoformat(),
        "last_day": month.last.isoformat(),
        "zone": zone.key,
        "as_of": moment(report.as_of, language, zone),
        "so_far": not report.finished,
        "contract": _contract(report.contract, menu),
        "figures": _figures(report.figures),
        "spreads": list(_spreads(report, language)),
        "scopes": [{"key": key, "count": str(count)} for key, count in report.scopes],
        "products": [{"name": line(name), "count": str(count)} for name, count in report.products],
        "contracts": [_of_contract(each) for each in report.contracts],
        "asked": [_asked(each, report.as_of, language, zone) for each in report.asked[:most]],
        "more": str(more) if more > 0 else "",
    }


def percent(share: float | None) -> str:
    """`98.7 %`, cut off and never rounded up: only all is 100 %; a dash where there is nothing to have a share of."""
    if share is None:
        return "-"
    tenths = floor(share * 1000 + 1e-9)
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths / 10:.1f} %"


def _contract(contract: Contract | None, menu: str) -> dict[str, str]:
    """Empty strings for the desk's own report."""
    return {
        "number": line(contract.number) if contract else "",
        "customer": line(contract.customer) if contract else "",
        "cluster": line(contract.cluster) if contract else "",
        "menu": line(menu),
    }


def _figures(figures: Figures) -> dict[str, object]:
    """What there was none of is an empty string, where that goes without saying."""
    return {
        "questions": str(figures.questions),
        "urgency": [{"key": each.value, "count": str(count)} for each, count in figures.by_urgency.items() if count],
        "in_time": str(figures.first[Kept.IN_TIME]),
        "late": _some(figures.first[Kept.LATE]),
        "pending": _some(figures.first[Kept.PENDING]),
        "share": "" if figures.share is None else percent(figures.share),
        "answered_in_time": str(figures.answers[Kept.IN_TIME]) if any(figures.answers.values()) else "",
        "answered_late": _some(figures.answers[Kept.LATE]),
        "answers_pending": _some(figures.answers[Kept.PENDING]),
        "open": str(figures.open),
        "closed": str(figures.closed),
    }


def _some(count: int) -> str:
    return str(count) if count else ""


def _spreads(report: Report, language: Language) -> Iterator[dict[str, str]]:
    def time(minutes: float) -> str:
        return duration(minutes * _MINUTE, language)

    if report.covered is not None:
        yield _spread("covered", report.covered, time)
    if report.used is not None:
        yield _spread("used", report.used, percent)
    if report.clock is not None:
        yield _spread("clock", report.clock, time)


def _spread(key: str, values: Spread, shown: Callable[[float], str]) -> dict[str, str]:
    return {
        "key": key,
        "least": shown(values.least),
        "median": shown(values.median),
        "ninety": shown(values.ninety),
        "greatest": shown(values.greatest),
    }


def _of_contract(each: OfContract) -> dict[str, str]:
    figures = each.figures
    return {
        "number": line(each.number),
        "customer": line(each.customer),
        "questions": str(figures.questions),
        "urgent": str(figures.questions - figures.by_urgency[Urgency.NORMAL]),
        "in_time": str(figures.first[Kept.IN_TIME]),
        "late": _some(figures.first[Kept.LATE]),
        "share": percent(figures.share),
        "row": f"{set_cell_size(line(each.number), 12)}  {figures.questions:>5}  {figures.first[Kept.IN_TIME]:>7}"
        f"  {figures.first[Kept.LATE]:>4}  {percent(figures.share):>7}  {line(each.customer)}",
    }


def _asked(asked: Asked, as_of: datetime, language: Language, zone: ZoneInfo) -> dict[str, str]:
    kept, left = asked.kept(as_of), asked.left(as_of)
    margin = duration(abs(left), language) if kept is not Kept.PENDING else ""
    received, due = short(asked.received_at, zone), short(asked.due_at, zone)
    acknowledged = short(asked.acknowledged_at, zone)
    signed = f"-{margin}" if kept is Kept.LATE else margin or "-"
    return {
        "number": asked.number,
        "contract": line(asked.contract),
        "subject": line(asked.subject),
        "urgency": asked.urgency.value,
        "received": received,
        "due": due,
        "acknowledged": acknowledged,
        "kept": kept.value,
        "margin": margin,
        "used": percent(asked.window.share if asked.window else None),
        # For plain text: columns of one width each, whatever letters stand in them.
        "row": f"{set_cell_size(asked.number, 16)} {received}  {due}  {acknowledged:<11}  {signed}",
    }


def short(at: datetime | None, zone: ZoneInfo) -> str:
    """`11-22 18:05`, where the year and the zone are told above; a dash for what has not come."""
    return f"{at.astimezone(zone):%m-%d %H:%M}" if at else "-"
