"""Whom does an alarm reach, in which words, by which routes, and what when a route fails for long?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mailbot.desk import alarms
from mailbot.desk.contract import Language
from mailbot.desk.replies import Wording
from mailbot.desk.routes import Health, PageRoute
from mailbot.errors import PageError, RelayError
from mailbot.flows import pages, routes
from mailbot.flows.context import Alarms
from mailbot.flows.paging import Alarm, raise_alarm
from mailbot.store import journal
from mailbot.store import pages as page_rows
from mailbot.store import routes as route_rows
from mailbot.store.outbox import Claimed
from tests.flows.office import NOON, Office, open_office

LEASE = timedelta(seconds=40)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as made:
        yield made


def configured(office: Office, *, to: tuple[str, ...] = (), pages: tuple[PageRoute, ...] = ()) -> None:
    set_up = Alarms(to=to, pages=pages, language="ja", second_relay=False)
    office.context = replace(office.context, alarms=set_up)


def alarm_of(office: Office, key: str = "late:1:50") -> Alarm:
    def say(language: Language) -> Wording:
        return alarms.trial(office.context.desk, language, NOON)

    return Alarm(key, "late", say, facts={"incident": "INC-2026-000001"})


def raised(office: Office, key: str = "late:1:50") -> bool:
    with office.context.store.begin() as connection:
        return raise_alarm(office.context, connection, alarm_of(office, key), office.now)


def health(office: Office) -> dict[str, Health]:
    with office.context.store.read() as connection:
        return {each.route: each for each in route_rows.every(connection)}


def test_an_alarm_without_anybody_to_hear_it_says_so(office: Office) -> None:
    assert not raised(office)
    configured(office, pages=("webhook",))
    assert raised(office)


def test_staff_get_it_once_in_their_language_and_may_answer_with_orders(office: Office) -> None:
    office.staff("Sato", "sato@desk.example", language="ja")
    office.staff("Ann", "ann@desk.example", language="en")
    assert raised(office)
    assert raised(office)
    sent = {letter.recipient: letter for letter in office.work()}
    assert {to: letter.subject for to, letter in sent.items()} == {
        "sato@desk.example": "警報のテスト",
        "ann@desk.example": "A test of the alarms",
    }
    assert all("Reply-To" in letter.message for letter in sent.values())


def test_configured_addresses_get_it_instead_and_outsiders_may_order_nothing(office: Office) -> None:
    office.staff("Sato", "sato@desk.example", language="en")
    office.staff("Ann", "ann@desk.example", language="en")
    configured(office, to=("Night+1@pager.example", "SATO@desk.example", "night+1@pager.example"))
    assert raised(office)
    sent = {letter.recipient: letter for letter in office.work()}
    assert {to.lower(): (each.subject, "Reply-To" in each.message) for to, each in sent.items()} == {
        "night+1@pager.example": ("警報のテスト", False),
        "sato@desk.example": ("A test of the alarms", True),
    }


def test_pages_hold_the_alarm_for_programs(office: Office) -> None:
    configured(office, pages=("command", "webhook"))
    raised(office)
    (page,) = pages.take(office.context, "webhook", limit=9, lease=LEASE, now=office.now)
    text = str(page.body["text"])
    assert "この警報は届いています" in text
    assert {**page.body, "text": ""} == {
        "kind": "late",
        "key": "late:1:50",
        "subject": "警報のテスト",
        "text": "",
        "facts": {"incident": "INC-2026-000001"},
        "at": "2026-04-01T03:00:00Z",
        "desk": "support@desk.example",
    }


def brought(office: Office, route: PageRoute, said: str | PageError) -> int:
    """Bring what is due to its route, which says this; how many there were."""
    taken = pages.take(office.context, route, limit=9, lease=LEASE, now=office.now)
    pages.settle(office.context, [pages.Result(each, said, office.now) for each in taken])
    return len(taken)


@pytest.mark.parametrize(
    ("writer", "called"),
    [
        pytest.param("jiro@customer.example", True, id="it may be a customer's"),
        pytest.param("spam@elsewhere.example", False, id="a stranger rings nobody's phone, however urgent it sounds"),
    ],
)
def test_who_is_called_for_a_held_mail(office: Office, writer: str, called: bool) -> None:
    configured(office, to=("pager@desk.example",), pages=("command",))
    office.staff("Sato", "sato@desk.example", language="en")
    office.asker(office.contract("C-1", menu="premium"), "Taro", "taro@customer.example")
    text = "URGENT: our production system is down, pgpool-II crashes after every restart, all work has stopped."
    raw = f"From: {writer}\r\nSubject: URGENT\r\nMessage-ID: <1@x.example>\r\n\r\n{text}\r\n".encode()
    office.take_in(raw, sender=writer)
    office.work()
    office.passes(timedelta(minutes=15))
    told = {letter.recipient for letter in office.work() if letter.kind == "alarm"}
    assert told == {"pager@desk.example" if called else "sato@desk.example"}
    with office.context.store.read() as connection:
        assert bool(page_rows.counts(connection)) is called


def test_a_route_that_fails_is_tried_for_an_hour_at_longer_intervals(office: Office) -> None:
    configured(office, pages=("command",))
    raised(office)
    at = []
    while office.now < NOON + timedelta(hours=3):
        if brought(office, "command", PageError("no modem")):
            at.append(int((office.now - NOON).total_seconds()))
        office.passes(timedelta(seconds=10))
    assert at[:6] == [0, 10, 30, 70, 150, 310]
    assert max(b - a for a, b in pairwise(at)) == 300
    assert 3600 <= at[-1] < 3600 + 300
    with office.context.store.read() as connection:
        assert page_rows.counts(connection) == {"failed": 1}
        (entry,) = journal.about(connection, "page:1")
    assert (entry["what"], entry["why"]) == ("failed", "no modem")


def test_a_page_whose_bringer_died_comes_again(office: Office) -> None:
    configured(office, pages=("command",))
    raised(office)
    assert pages.take(office.context, "command", limit=9, lease=LEASE, now=office.now)
    office.passes(LEASE)
    assert brought(office, "command", "exit code 0") == 1
    office.passes(timedelta(days=1))
    assert brought(office, "command", "exit code 0") == 0


def test_people_hear_of_a_page_route_that_fails_by_mail(office: Office) -> None:
    office.staff("Ann", "ann@desk.example", language="en")
    configured(office, pages=("webhook",))
    raised(office)
    office.work()
    for _ in range(4):
        brought(office, "webhook", PageError("hooks.example.net refused it: 500 Oops"))
        office.passes(timedelta(seconds=10))
    (letter,) = office.work()
    assert letter.subject == "ALARM: the webhook for alarms fails"
    assert "500 Oops" in letter.text
    office.passes(timedelta(minutes=10))
    assert brought(office, "webhook", "204 No Content") == 2  # the alarm, and that of its own failure
    assert [each.subject for each in office.work()] == ["Works again: the webhook for alarms"]
    assert health(office)["webhook"].told_at is None


# A relay that fails.


def dead(letter: Claimed) -> RelayError:
    return RelayError("smtp://mx.desk.example: connection refused", of_relay=True)


def busy(letter: Claimed) -> RelayError:
    return RelayError("the relay refused RCPT TO: 450 4.2.0 greylisted")


def works(letter: Claimed) -> str:
    return "250 2.0.0 taken"


def facts(office: Office) -> list[dict[str, Any]]:
    """Of the pages that were raised, oldest first."""
    return [
        dict(each.body["facts"])
        for each in pages.take(office.context, "command", limit=99, lease=LEASE, now=office.now)
    ]


def test_programs_hear_of_an_outage_within_a_minute(office: Office) -> None:
    """The sweep runs every five seconds; the clock is moved, nothing waits."""
    configured(office, pages=("command",))
    office.staff("Ann", "ann@desk.example")
    office.relay = dead
    raised(office, "first-letter")
    began = office.now
    office.work()
    pages.settle(
        office.context,
        [
            pages.Result(each, "ok", office.now)
            for each in pages.take(office.context, "command", limit=9, lease=LEASE, now=office.now)
        ],
    )
    while not (told := facts(office)):
        office.passes(timedelta(seconds=5))
        office.work()
    assert office.now - began <= timedelta(seconds=35)
    assert told == [
        {
            "route": "first",
            "state": "fails",
            "since": "2026-04-01T03:00:00+00:00",
            "error": "smtp://mx.desk.example: connection refused",
            "acknowledgements_waiting": "0",
            "by_second_relay": "no",
        }
    ]


def test_what_is_about_one_recipient_is_no_outage(office: Office) -> None:
    office.staff("Ann", "ann@desk.example")
    office.relay = busy
    raised(office)
    for _ in range(30):
        office.work()
        office.passes(timedelta(seconds=5))
    assert health(office)["first"].failing_since is None
    assert routes.watch(office.context, office.now) == 0


def test_a_short_failure_is_not_told(office: Office) -> None:
    office.staff("Ann", "ann@desk.example")
    office.relay = dead
    raised(office)
    office.work()
    office.passes(timedelta(seconds=10))
    office.relay = works
    assert [each.subject for each in office.work()] == ["A test of the alarms"]
    office.passes(timedelta(hours=1))
    assert office.work() == []


def test_an_outage_that_nobody_could_hear_of_is_told_when_there_is_somebody(office: Office) -> None:
    with office.context.store.begin() as connection:
        route_rows.keep(connection, Health("first", None, office.now - timedelta(seconds=20), office.now, "refused"))
    office.passes(timedelta(minutes=1))
    assert routes.watch(office.context, office.now) == 0
    office.staff("Ann", "ann@desk.example")
    assert routes.watch(office.context, office.now) == 1
    assert routes.watch(office.context, office.now) == 0


def test_a_trial_goes_by_every_route(office: Office) -> None:
    office.staff("Ann", "ann@desk.example", language="en")
    configured(office, pages=("command", "webhook"))
    assert len(routes.try_out(office.context, office.now).letters) == 1
    office.get_second_relay(works)
    office.passes(timedelta(seconds=1))
    trial = routes.try_out(office.context, office.now)
    assert len(trial.letters) == 2
    assert sorted(letter.by for letter in office.work()) == ["first", "first", "second"]
    with office.context.store.read() as connection:
        assert [row["route"] for row in page_rows.fates(connection, trial.pages)] == ["command", "webhook"]
        assert page_rows.counts(connection) == {"ready": 4}
