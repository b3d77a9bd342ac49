"""Is everybody guided once and staff told of every end once, whatever happens to the daemon and to the contracts?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from mailbot import templates
from mailbot.config import bundled
from mailbot.errors import RelayError
from mailbot.flows import access, dispatch
from mailbot.flows.application import Application
from mailbot.store import journal
from mailbot.store.engine import open_store
from mailbot.store.outbox import Claimed, Room
from mailbot.store.schema import asker, term
from tests.flows.office import Office, mail, open_office

TOKYO = ZoneInfo("Asia/Tokyo")
NINE = datetime(2026, 4, 1, 9, 0, tzinfo=TOKYO)
SALE = Application(
    where="here",
    number="C-1",
    customer="Customer",
    menu="premium",
    starts_on="2026-04-01",
    ends_on="2027-03-31",
    language="en",
    contacts=("Hanako <hanako@customer.example>",),
    askers=("Taro <taro@customer.example>",),
    extra_askers="9",
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as opened:
        opened.now = NINE
        opened.staff("Sato", "sato@desk.example")
        yield opened


def kinds(office: Office, kind: str) -> list[str]:
    return sorted(row["to"] for row in office.outbox() if row["kind"] == kind)


# The start of support (S22)


def test_an_imported_customer_base_is_not_greeted(office: Office) -> None:
    for number, starts_on in enumerate(("2019-04-01", "2025-06-01", "2026-03-01")):
        office.sell(replace(SALE, number=f"OLD-{number}", starts_on=starts_on))
    office.work()
    assert kinds(office, "welcome") == []
    office.sell(replace(SALE, number="NEW", starts_on="2026-03-15"))
    office.work()
    assert kinds(office, "welcome") == ["hanako@customer.example", "taro@customer.example"]


def test_a_newcomer_to_an_old_contract_is_guided_and_the_others_are_not(office: Office) -> None:
    office.sell(replace(SALE, starts_on="2019-04-01"))
    office.register("C-1", "Jiro <jiro@customer.example>")
    office.work()
    assert kinds(office, "welcome") == ["jiro@customer.example"]


def test_what_the_operator_says_goes_before_the_date(office: Office) -> None:
    office.sell(replace(SALE, number="A", starts_on="2019-04-01", welcome="yes", contacts=()))
    office.sell(replace(SALE, number="B", welcome="no"))
    office.work()
    assert kinds(office, "welcome") == ["taro@customer.example"]


def test_who_is_not_registered_any_more_on_the_first_day_gets_nothing(office: Office) -> None:
    office.sell(replace(SALE, starts_on="2026-05-01"))
    _remove_askers(office)
    office.passes(timedelta(days=40))
    office.work()
    assert kinds(office, "welcome") == ["hanako@customer.example"]
    assert access.sweep(office.context, office.now) == 0


def test_a_contract_that_is_over_greets_nobody_until_it_is_renewed(office: Office) -> None:
    ours = office.sell(replace(SALE, starts_on="2025-04-01", ends_on="2026-03-31", welcome="yes", contacts=()))
    office.work()
    assert office.outbox() == []
    office.renew(ours, date(2026, 4, 15), date(2027, 4, 14))
    office.passes(timedelta(days=13, hours=14))
    office.work()
    assert office.outbox() == []
    office.passes(timedelta(hours=1))
    office.work()
    assert kinds(office, "welcome") == ["taro@customer.example"]


def test_a_thousand_guides_do_not_keep_an_acknowledgement_waiting(office: Office) -> None:
    for number in range(100):
        people = tuple(f"Asker <a{number}.{each}@customer.example>" for each in range(10))
        office.sell(replace(SALE, number=f"C-{number}", contacts=(), askers=people))
    while done := access.sweep(office.context, office.now):
        assert done <= 32, "a transaction of all of them would hold up the mails that come in"
    assert len(kinds(office, "welcome")) == 1000
    office.take_in(mail("a7.7@customer.example", "failover", "pgpool-II 4.5"), sender="a7.7@customer.example")
    office.decide()
    (first, *_) = dispatch.turn(office.context, [], owner="test", room=Room("first", 1, 1), now=office.now).letters
    assert (first.kind, first.recipient) == ("acknowledgement", "a7.7@customer.example")


def test_a_guide_that_cannot_be_written_keeps_no_other_from_leaving(office: Office, tmp_path: Path) -> None:
    whole = office.context.templates
    office.context = replace(office.context, templates=_broken(tmp_path, "asker-welcome", "'taro' in recipient_name"))
    office.sell(replace(SALE, askers=("taro <taro@customer.example>", "Jiro <jiro@customer.example>")))
    office.work()
    assert kinds(office, "welcome") == ["hanako@customer.example", "jiro@customer.example"]
    assert [line["contract"] for line in office.log if line["event"] == "a bug"] == ["C-1"] * 2
    office.context = replace(office.context, templates=whole)
    office.work()
    assert len(kinds(office, "welcome")) == 3


def test_a_guide_whose_fate_is_unknown_goes_again_as_it_was(office: Office) -> None:
    office.sell(replace(SALE, contacts=()))
    office.relay = _hangs_up
    (lost,) = office.work()
    office.relay = lambda _: "250 ok"
    office.passes(timedelta(hours=1))
    (again,) = office.work()
    assert again.raw == lost.raw


# The end of access (S24)


def test_what_ended_before_it_was_registered_is_no_news(office: Office) -> None:
    office.contract("OLD", starts_on=date(2024, 4, 1), ends_on=date(2025, 3, 31))
    office.contract("YESTERDAY", starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31))
    office.work()
    assert office.outbox() == []


def test_an_end_that_is_put_off_is_told_when_it_comes(office: Office) -> None:
    ours = office.contract("C-1", ends_on=date(2026, 4, 9))
    office.now = NINE + timedelta(days=9)
    office.work()
    assert len(kinds(office, "term-ended")) == 1
    _put_off(office, ours, date(2026, 4, 30))
    office.now = NINE + timedelta(days=29)
    office.work()
    assert len(kinds(office, "term-ended")) == 1
    office.now = NINE + timedelta(days=30)
    office.work()
    assert len(kinds(office, "term-ended")) == 2


def test_an_end_waits_until_there_is_somebody_to_tell(tmp_path: Path) -> None:
    with open_office(tmp_path / "empty") as office:
        office.contract("C-1", ends_on=date(2026, 4, 9))
        office.now = NINE + timedelta(days=9)
        office.work()
        office.staff("Late", "late@desk.example")
        office.work()
        assert kinds(office, "term-ended") == ["late@desk.example"]


def test_a_hundred_ends_on_one_day_are_all_told(office: Office) -> None:
    for number in range(100):
        office.contract(f"C-{number}", ends_on=date(2026, 4, 9))
    office.now = NINE + timedelta(days=9)
    office.work()
    assert len(kinds(office, "term-ended")) == 100


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "Africa/Cairo", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("last", [date(2026, 3, 7), date(2026, 4, 23), date(2026, 10, 31)])
def test_the_last_second_is_served_and_the_next_one_is_not(office: Office, zone: str, last: date) -> None:
    """The night after the last day may have no midnight (Cairo, April 2026), or the day an hour more."""
    here = ZoneInfo(zone)
    office.context = replace(office.context, desk=replace(office.context.desk, zone=here))
    ours = office.contract("C-1", starts_on=date(2026, 1, 1), ends_on=last)
    office.asker(ours, "Taro", "taro@customer.example")
    office.now = replace(office.context.mailings, hour=0).at(last + timedelta(days=1)) - timedelta(seconds=1)
    assert _verdict(office, "one") == ("open", None)
    office.passes(timedelta(seconds=1))
    assert _verdict(office, "two") == ("hold", "ended")


# Once, whatever happens


@pytest.mark.real
def test_two_daemons_do_nothing_twice(cluster: object, tmp_path: Path) -> None:
    url = str(cluster.desk())  # type: ignore[attr-defined]
    with open_office(tmp_path, url=url) as office:
        office.now = NINE
        office.staff("Sato", "sato@desk.example")
        made = [
            office.sell(replace(SALE, number=f"C-{number}", contacts=(f"H <h{number}@customer.example>",)))
            for number in range(60)
        ]
        for number in range(60):
            office.contract(f"E-{number}", ends_on=date(2026, 4, 9))
        office.now = NINE + timedelta(days=9)
        others = [replace(office.context, store=open_store(url)) for _ in range(3)]

        def sweep(number: int) -> int:
            return access.sweep(others[number % 3], office.now)

        with ThreadPoolExecutor(6) as pool:
            for _ in range(10):
                list(pool.map(sweep, range(6)))
        assert access.sweep(office.context, office.now) == 0
        assert len(kinds(office, "welcome")) == 120
        assert len(kinds(office, "term-ended")) == 60
        with office.context.store.read() as connection:
            told = [row["what"] for each in made for row in journal.about(connection, f"contract:{each}")]
        assert told.count("welcomed") == 120
        for each in others:
            each.store.close()


@dataclass
class Known:
    """What the test itself knows of a contract: its id, its terms, who was registered, whom it owes a guide."""

    id: int
    terms: list[tuple[date, date]]
    people: set[str] = field(default_factory=set)
    guided: set[str] = field(default_factory=set)
    ends_seen: set[date] = field(default_factory=set)
    ends_told: list[date] = field(default_factory=list)

    def begins(self) -> datetime:
        return _nine(min(first for first, _ in self.terms))

    def swept(self, now: datetime) -> None:
        """A sweep ran: what should have followed?"""
        today = now.date()
        if any(first <= today <= last for first, last in self.terms) and self.begins() <= now:
            self.guided |= self.people
        for first, last in self.terms:
            if _nine(last + timedelta(days=1)) <= now and last not in self.ends_seen:
                self.ends_seen.add(last)
                if all(other <= first for other, _ in self.terms):
                    self.ends_told.append(last)


@pytest.mark.parametrize("seed", range(3))
def test_three_years_of_sales_renewals_and_outages(office: Office, seed: int) -> None:
    chance = Random(seed)
    known: list[Known] = []
    now, until = NINE, NINE + timedelta(days=3 * 365)
    while now < until:
        office.now = now
        for _ in range(chance.choice((0, 0, 1, 2))):
            chance.choice((_sells, _sells, _joins, _renews, _renews, _cancels))(office, known, chance)
        if chance.random() < 0.9:
            office.sweep()
            for each in known:
                each.swept(now)
        # To a sweep a restart is nothing, and an outage is days without one.
        now += timedelta(days=chance.choice((20, 45)) if chance.random() < 0.02 else 1, hours=chance.randint(-5, 5))
    rows = {row["key"]: row for row in office.outbox()}
    wanted = {f"welcome:{each.id}:{person}" for each in known for person in each.guided}
    wanted |= {f"term-ended:{each.id}:{last}:1" for each in known for last in each.ends_told}
    assert set(rows) == wanted
    assert len(wanted) > 100
    begins = {each.id: each.begins() for each in known}
    guides = [row for row in rows.values() if row["kind"] == "welcome"]
    assert all(row["created_at"] >= begins[int(row["key"].split(":")[1])] for row in guides)
    ends = Counter(row["key"] for row in rows.values() if row["kind"] == "term-ended")
    assert set(ends.values()) == {1}
    assert any(len(each.terms) > 1 for each in known)


Deed = Callable[[Office, list[Known], Random], None]


def _sells(office: Office, known: list[Known], chance: Random) -> None:
    number = f"C-{len(known)}"
    first = office.now.date() + timedelta(days=chance.randint(-29, 60))
    last = first + timedelta(days=chance.choice((45, 180, 364)))
    first_asker, contact = f"a@{number}.example", f"c@{number}.example"
    made = office.sell(
        replace(
            SALE,
            number=number,
            starts_on=first.isoformat(),
            ends_on=last.isoformat(),
            askers=(f"A <{first_asker}>",),
            contacts=(f"C <{contact}>",),
        )
    )
    known.append(Known(made, [(first, last)], {first_asker.lower(), contact.lower()}))


def _joins(office: Office, known: list[Known], chance: Random) -> None:
    ours = _any(known, chance)
    if ours is not None and len(ours.people) < 10:
        number = f"C-{known.index(ours)}"
        address = f"n{len(ours.people)}@{number}.example".lower()
        office.register(number, f"N <{address}>")
        ours.people.add(address)


def _renews(office: Office, known: list[Known], chance: Random) -> None:
    ours = _any(known, chance)
    if ours is not None:
        last = max(end for _, end in ours.terms)
        if abs((last - office.now.date()).days) < 60:  # in time, or some weeks late
            first = last + timedelta(days=chance.choice((1, 1, 1, 40)))
            added = (first, first + timedelta(days=chance.choice((45, 180, 364))))
            office.renew(ours.id, *added)
            ours.terms.append(added)


def _cancels(office: Office, known: list[Known], chance: Random) -> None:
    ours = _any(known, chance)
    if ours is not None:
        office.cancel(ours.id)


def _any(known: Sequence[Known], chance: Random) -> Known | None:
    return chance.choice(known[-20:]) if known else None


def _nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=TOKYO)


def _hangs_up(letter: Claimed) -> RelayError:
    return RelayError("the line went dead after the final dot", in_doubt=True)


def _verdict(office: Office, name: str) -> tuple[str, str | None]:
    text = mail("taro@customer.example", name, "pgpool-II 4.5 について", message_id=f"<{name}@customer.example>")
    kept = office.take_in(text, sender="taro@customer.example")
    office.decide()
    (row,) = office.inbound(kept)
    return row["verdict"], row["reason"]


def _remove_askers(office: Office) -> None:
    with office.context.store.begin() as connection:
        connection.execute(update(asker).values(removed_at=datetime(2026, 4, 1, tzinfo=UTC)))


def _put_off(office: Office, contract_id: int, ends_on: date) -> None:
    with office.context.store.begin() as connection:
        connection.execute(update(term).where(term.c.contract_id == contract_id).values(ends_on=ends_on))


def _broken(folder: Path, name: str, when: str) -> templates.Templates:
    """The templates, where one fails for certain people: a mistake that no sample shows."""
    copy = folder / "templates"
    for file in bundled("templates").rglob("*.t*"):
        target = copy / file.relative_to(bundled("templates"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    for file in copy.glob(f"*/{name}.txt"):
        file.write_text(f"{file.read_text('utf-8')}{{% if {when} %}}{{{{ 1 / 0 }}}}{{% endif %}}\n", "utf-8")
    return templates.load(copy, languages=("ja", "en"))
