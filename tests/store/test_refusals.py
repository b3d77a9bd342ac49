"""Does the database hold the registry's rules when two operators act at once, and are they told in words?"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, Event
from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from mailbot.desk.contract import AskerKind, Equipment, Term
from mailbot.errors import MailbotError, RefusedError
from mailbot.flows import editing, equipment, registry, terms
from mailbot.store import contracts
from mailbot.store import equipment as machines
from mailbot.store import terms as kept_terms
from mailbot.store.engine import Connection, Store
from mailbot.store.refusals import registering, told_in_words
from tests.flows.registering import NOW, OFFER, TODAY, register

_BOUND_SECONDS = 20


def add_asker(store: Store, name: str) -> object:
    written = f"{name} <{name.lower()}@example.jp>"
    return registry.add_asker(store, "C-1", written, OFFER, NOW, through_list=False, list_id="")


def put_asker(connection: Connection, address: str, kind: AskerKind = AskerKind.PERSON) -> int:
    return contracts.add_asker(connection, 1, kind=kind, name="A", address=address, list_id=None, now=NOW)


# Two operators in the same moment: one is served, the other is told why not.

AT_ONCE: dict[str, tuple[Callable[[Store], object], Callable[[Store], object], str]] = {
    "the last seat": (lambda s: add_asker(s, "Jiro"), lambda s: add_asker(s, "Saburo"), "2 seats"),
    "the same asker": (lambda s: add_asker(s, "Jiro"), lambda s: add_asker(s, "Jiro"), "already"),
    "a seat that is taken away": (
        lambda s: add_asker(s, "Jiro"),
        lambda s: editing.edit(s, "C-1", editing.Wanted(extra_askers="0"), OFFER, TODAY, NOW),
        "seat",
    ),
    "the next term": (
        lambda s: terms.renew(s, "C-1", OFFER, TODAY, NOW),
        lambda s: terms.renew(s, "C-1", OFFER, TODAY, NOW),
        "renewed already",
    ),
    "the same number": (lambda s: register(s, number="C-2"), lambda s: register(s, number="C-2"), "is taken"),
    "the same machine": (
        lambda s: equipment.add(s, "C-1", "db1", os="RHEL", versions="", now=NOW),
        lambda s: equipment.add(s, "C-1", "db1", os="CentOS", versions="", now=NOW),
        "already",
    ),
    "the same contact": (
        lambda s: editing.edit(s, "C-1", editing.Wanted(add_contacts=("J <j@x.jp>",)), OFFER, TODAY, NOW),
        lambda s: editing.edit(s, "C-1", editing.Wanted(add_contacts=("J <j@x.jp>",)), OFFER, TODAY, NOW),
        "already",
    ),
}


@pytest.mark.parametrize("what", AT_ONCE)
def test_two_operators_at_once(store: Store, what: str) -> None:
    register(store)
    *both, says = AT_ONCE[what]
    ready = Barrier(2, timeout=_BOUND_SECONDS)

    def act(one: Callable[[Store], object]) -> str:
        ready.wait()
        try:
            one(store)
        except RefusedError as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(2) as operators:
        ended = sorted(operators.map(act, both), key=lambda each: each != "done")
    assert ended[0] == "done"
    assert says in ended[1]
    assert len(ended[1].splitlines()) == 1


# Somebody who does not take the registry's turn: another program, an older one, a statement by hand. What is written
# after the look and before the commit is found by the database alone.

BEHIND: dict[str, tuple[Callable[[Connection], object], Callable[[Connection], object], str]] = {
    "seats": (
        lambda c: put_asker(c, "jiro@example.jp"),
        lambda c: put_asker(c, "saburo@example.jp"),
        "more askers than seats",
    ),
    "overlap": (
        lambda c: kept_terms.add(c, 1, [Term(date(2027, 4, 1), date(2028, 3, 31))]),
        lambda c: kept_terms.add(c, 1, [Term(date(2027, 5, 1), date(2028, 4, 30))]),
        "overlap another term",
    ),
    "list_option": (
        lambda c: kept_terms.change(c, 1, {"mailing_list_option": False}),
        lambda c: put_asker(c, "team@example.jp", AskerKind.LIST),
        "mailing-list option",
    ),
    "one asker": (
        lambda c: put_asker(c, "jiro@example.jp"),
        lambda c: put_asker(c, "jiro@example.jp"),
        "already",
    ),
    "one machine": (
        lambda c: machines.add(c, 1, [Equipment("db1", "RHEL", "")], NOW),
        lambda c: machines.add(c, 1, [Equipment("db1", "RHEL", "")], NOW),
        "already",
    ),
    "one contact": (
        lambda c: contracts.add_contact(c, 1, name="J", address="j@example.jp"),
        lambda c: contracts.add_contact(c, 1, name="J", address="j@example.jp"),
        "already",
    ),
}


@pytest.mark.parametrize("rule", BEHIND)
def test_the_database_refuses_what_came_in_between(store: Store, rule: str) -> None:
    register(store, mailing_list_option="yes")
    first, second, says = BEHIND[rule]
    written = Event()

    def unseen() -> None:
        with store.begin() as connection:
            first(connection)
            written.set()
            _wait_until_somebody_waits(connection)

    def ours() -> str:
        assert written.wait(_BOUND_SECONDS)
        try:
            with told_in_words(), store.begin() as connection:
                second(connection)
        except MailbotError as error:
            return f"{type(error).__name__}: {error}"
        return "done"

    with ThreadPoolExecutor(2) as both:
        other, own = both.submit(unseen), both.submit(ours)
        other.result(_BOUND_SECONDS)
        said = own.result(_BOUND_SECONDS)
    assert said.startswith("RefusedError: refused by the database: ")
    assert says in said
    assert len(said.splitlines()) == 1


def _wait_until_somebody_waits(connection: Connection) -> None:
    """SQLite lets the other one begin only behind us; PostgreSQL lets it write, and wait for our commit."""
    if connection.dialect.name == "sqlite":
        return
    until = monotonic() + _BOUND_SECONDS
    while not connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
        assert monotonic() < until, "the other one does not wait for us"


ONE_AT_A_TIME: dict[str, Callable[[Connection], object]] = {
    "an asker twice": lambda c: put_asker(c, "taro@example.jp"),
    "an asker too many": lambda c: [put_asker(c, f"{name}@example.jp") for name in ("jiro", "saburo")],
    "a list without the option": lambda c: put_asker(c, "team@example.jp", AskerKind.LIST),
    "a term twice": lambda c: kept_terms.add(c, 1, [Term(date(2026, 4, 1), date(2026, 4, 2))]),
    "a term in another": lambda c: kept_terms.add(c, 1, [Term(date(2026, 5, 1), date(2026, 5, 2))]),
    "a contact twice": lambda c: contracts.add_contact(c, 1, name="H", address="hanako@example.jp"),
    "a machine twice": lambda c: machines.add(c, 1, [Equipment("db1", "RHEL", "")] * 2, NOW),
    "staff twice": lambda c: [
        contracts.add_staff(c, name="S", address="s@example.jp", language="ja", now=NOW) for _ in "12"
    ],
}


@pytest.mark.parametrize("what", ONE_AT_A_TIME)
def test_both_databases_are_understood(store: Store, what: str) -> None:
    register(store)
    with pytest.raises(RefusedError, match="refused by the database"), registering(store) as connection:
        ONE_AT_A_TIME[what](connection)


def test_what_is_a_bug_stays_one(store: Store) -> None:
    register(store)
    with pytest.raises(IntegrityError), registering(store) as connection:
        kept_terms.change(connection, 1, {"language": "fr"})
