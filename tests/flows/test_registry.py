"""Is what the desk sold registered as it was written, and nothing that it did not sell?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mailbot.errors import InputError, MailbotError, NotFoundError, RefusedError
from mailbot.flows import registry
from mailbot.flows.application import Application, Offer
from mailbot.store import contracts, journal
from mailbot.store.engine import Store, open_store

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
OFFER = Offer(("business", "premium"), ("ja", "en"), frozenset({"support@example.com"}))
SOUND = Application(
    where="here",
    number="C-1",
    customer="Customer",
    menu="premium",
    starts_on="2026-04-01",
    ends_on="2027-03-31",
    contacts=("Hanako <Hanako@Example.JP>",),
    askers=("Taro <TARO@例え.jp>",),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    yield opened
    opened.close()


def add(store: Store, **changes: object) -> tuple[registry.Registered, ...]:
    return registry.add_contracts(store, [replace(SOUND, **changes)], OFFER, NOW)  # type: ignore[arg-type]


def refused(store: Store, **changes: object) -> MailbotError:
    with pytest.raises((InputError, RefusedError)) as caught:
        add(store, **changes)
    with store.read() as connection:
        assert contracts.listed(connection) == []
        assert journal.about(connection, "contract:1") == []
    return caught.value


def test_what_is_written_is_registered(store: Store) -> None:
    (made,) = add(store)
    with store.read() as connection:
        found = contracts.by_number(connection, "C-1")
        assert found is not None
        assert (found.id, found.language, found.seats) == (made.id, "ja", 1)
        assert [(term.starts_on, term.ends_on) for term in found.terms] == [(date(2026, 4, 1), date(2027, 3, 31))]
        assert [each.address for each in contracts.askers(connection, made.id)] == ["taro@xn--r8jz45g.jp"]
        assert [each["address"] for each in contracts.contacts(connection, made.id)] == ["hanako@example.jp"]
        told = [(row["at"], row["what"], row["why"]) for row in journal.about(connection, f"contract:{made.id}")]
    assert told == [
        (NOW, "added", "C-1 for Customer: premium, 2026-04-01 to 2027-03-31"),
        (NOW, "asker-added", "person Taro <taro@xn--r8jz45g.jp>"),
    ]


def test_a_carrier_address_may_be_registered(store: Store) -> None:
    add(store, askers=("Jiro <a..b.@docomo.ne.jp>",))


def test_a_list_without_a_name_is_called_like_the_customer(store: Store) -> None:
    (made,) = add(store, askers=(), list="team@example.jp", list_id="<TEAM.example.jp>", mailing_list_option="yes")
    with store.read() as connection:
        (asker,) = contracts.askers(connection, made.id)
    assert (asker.kind, asker.name, asker.address, asker.list_id) == (
        "list",
        "Customer",
        "team@example.jp",
        "team.example.jp",
    )


@pytest.mark.parametrize(
    ("changes", "kind", "says"),
    [
        ({"menu": "gold"}, InputError, 'here: menu = "gold": must be business or premium'),
        ({"language": "fr"}, InputError, 'here: language = "fr": must be ja or en'),
        ({"ends_on": "2026-03-31"}, InputError, "must not be before starts_on"),
        ({"askers": ("taro@example.jp",)}, InputError, "S5"),
        ({"askers": ("taro@example.jp <taro@example.jp>",)}, InputError, "S5"),
        ({"askers": ("A <a@x.jp>", "B <b@x.jp>")}, RefusedError, "this would make 2: sell extra askers (S9)"),
        ({"list": "L <l@x.jp>", "askers": ()}, RefusedError, "mailing-list option (S8)"),
        ({"askers": ("A <support@EXAMPLE.com>",)}, RefusedError, "an address of this desk"),
        ({"contacts": ("A <a@x.jp>", "B <A@x.jp>")}, InputError, "stands there twice"),
        ({"mailing_list_option": "maybe"}, InputError, "must be yes or no"),
    ],
)  # fmt: skip
def test_what_was_not_sold_is_refused(store: Store, changes: dict[str, object], kind: type, says: str) -> None:
    error = refused(store, **changes)
    assert type(error) is kind
    assert says in str(error)
    assert len(str(error).splitlines()) == 1


def test_a_list_takes_a_seat_like_a_person(store: Store) -> None:
    error = refused(store, list="L <l@x.jp>", mailing_list_option="yes")
    assert "1 seat for askers and this would make 2" in str(error)
    add(store, list="L <l@x.jp>", mailing_list_option="yes", extra_askers="1")


def test_everything_wrong_is_told_at_once(store: Store) -> None:
    error = refused(store, number="", customer="", menu="", starts_on="", ends_on="", askers=("x",), contacts=("y",))
    assert isinstance(error, InputError)
    assert len(str(error).splitlines()) == 7


def test_all_or_none(store: Store) -> None:
    several = [replace(SOUND, number=f"N-{number}", where=f"line {number}") for number in range(5)]
    several[3] = replace(several[3], menu="gold")
    with pytest.raises(InputError, match="line 3: menu"):
        registry.add_contracts(store, several, OFFER, NOW)
    with store.read() as connection:
        assert contracts.listed(connection) == []


def test_a_number_is_given_once(store: Store) -> None:
    twice = [SOUND, replace(SOUND, where="there")]
    with pytest.raises(InputError, match='there: number = "C-1": stands in here already'):
        registry.add_contracts(store, twice, OFFER, NOW)
    add(store)
    with pytest.raises(RefusedError, match="is taken by another contract"):
        add(store)


def test_one_more_asker(store: Store) -> None:
    (made,) = add(store, extra_askers="1")

    def more(written: str, number: str = "C-1") -> None:
        registry.add_asker(store, number, written, OFFER, NOW, through_list=False, list_id="")

    with pytest.raises(NotFoundError):
        more("Jiro <jiro@example.jp>", "C-2")
    with pytest.raises(RefusedError, match="already"):
        more("Taro <taro@例え.jp>")
    more("Jiro <jiro@example.jp>")
    with pytest.raises(RefusedError, match="2 seats"):
        more("Saburo <saburo@example.jp>")
    with store.read() as connection:
        assert len(contracts.askers(connection, made.id)) == 2
        assert journal.about(connection, f"contract:{made.id}")[-1]["why"] == "person Jiro <jiro@example.jp>"


def test_staff_come_and_go(store: Store) -> None:
    assert registry.add_staff(store, "Eng <ENG@example.org>", "en", OFFER, NOW) == "eng@example.org"
    with pytest.raises(RefusedError):
        registry.add_staff(store, "Eng <eng@example.org>", "en", OFFER, NOW)
    with pytest.raises(InputError):
        registry.add_staff(store, "eng2@example.org", "en", OFFER, NOW)
    assert registry.remove_staff(store, "Eng <eng@EXAMPLE.org>", NOW) == "eng@example.org"
    with pytest.raises(NotFoundError):
        registry.remove_staff(store, "eng@example.org", NOW)
