"""What do people hear of the routes by which letters and alarms leave? Values → wordings. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mailbot.desk.contract import Language
from mailbot.desk.moments import moment
from mailbot.desk.replies import Desk, Wording, line, variables_of
from mailbot.desk.routes import Route


@dataclass(frozen=True, slots=True)
class Outage:
    """A route that fails, and why. `acknowledgements` are those that have not left yet; `instead` says whether they go
    by the other relay.
    """

    route: Route
    since: datetime
    error: str
    acknowledgements: int
    instead: bool


def fails(desk: Desk, language: Language, outage: Outage) -> Wording:
    """The letter that tells staff, once an outage, that a route fails."""
    variables = variables_of(desk) | {
        "route": outage.route,
        "since": moment(outage.since, language, desk.zone),
        "error": line(outage.error),
        "acknowledgements": str(outage.acknowledgements),
        "instead": outage.instead,
    }
    return Wording("staff-route-fails", language, variables)


def works_again(desk: Desk, language: Language, route: Route, at: datetime) -> Wording:
    """The letter that tells staff that the outage is over."""
    variables = variables_of(desk) | {"route": route, "at": moment(at, language, desk.zone)}
    return Wording("staff-route-works", language, variables)


def trial(desk: Desk, language: Language, at: datetime) -> Wording:
    """The letter by which staff see that alarms reach them."""
    return Wording("staff-alarm-test", language, variables_of(desk) | {"at": moment(at, language, desk.zone)})
