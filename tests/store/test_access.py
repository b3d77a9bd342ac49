"""Who waits for a guide, which terms are over: the same in both databases, and cheap after years of service."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, event, text, update

from mailbot.store import access, contracts, migrations, outbox
from mailbot.store.access import Newcomer
from mailbot.store.engine import Store, connect, create, open_store
from mailbot.store.schema import term
from tests.store import rows
from tests.store.rows import NOW

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)  # of every contract of `rows`


def waiting(connection: Connection, day: date, *, begun_by: date | None = None) -> list[str]:
    found = access.newcomers(connection, today=day, begun_by=begun_by or day, limit=9)
    return [each.address for each in found]


def test_who_waits_is_found_while_a_term_holds(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1").contract
        access.expect(connection, ours, "a@example.jp")
        assert waiting(connection, FIRST - timedelta(days=1)) == []
        assert waiting(connection, FIRST, begun_by=FIRST - timedelta(days=1)) == []  # it is not nine yet
        assert waiting(connection, FIRST) == ["a@example.jp"]
        assert waiting(connection, LAST) == ["a@example.jp"]
        assert waiting(connection, LAST + timedelta(days=1)) == []


def test_nobody_waits_twice(store: Store) -> None:
    with store.begin() as connection:
        ours, others = (rows.contract(connection, number).contract for number in ("A-1", "B-1"))
        for each in (ours, ours, others):
            access.expect(connection, each, "a@example.jp")
        access.settle(connection, Newcomer(ours, "a@example.jp"), sent=True, now=NOW)
        access.expect(connection, ours, "a@example.jp")
        assert access.newcomers(connection, today=FIRST, begun_by=FIRST, limit=9) == [Newcomer(others, "a@example.jp")]


def test_who_was_passed_over_may_wait_again(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1").contract
        access.expect(connection, ours, "a@example.jp")
        access.settle(connection, Newcomer(ours, "a@example.jp"), sent=False, now=NOW)
        assert waiting(connection, FIRST) == []
        access.expect(connection, ours, "a@example.jp")
        assert waiting(connection, FIRST) == ["a@example.jp"]


def test_the_fate_of_a_guide_is_that_of_its_mail(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1").contract
        for address in ("a@example.jp", "b@example.jp", "c@example.jp"):
            access.expect(connection, ours, address)
        access.settle(connection, Newcomer(ours, "a@example.jp"), sent=True, now=NOW)
        access.settle(connection, Newcomer(ours, "b@example.jp"), sent=False, now=NOW)
        outbox.put(connection, [rows.letter(access.guide_key(ours, "a@example.jp"), contract_id=ours)], NOW)
        found = [(row["address"], row["state"], row["sent_at"]) for row in access.guides(connection, ours)]
    assert found == [
        ("a@example.jp", "ready", None),
        ("b@example.jp", "waived", None),
        ("c@example.jp", "waiting", None),
    ]


def test_an_end_is_found_once_and_again_when_the_last_day_was_put_off(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1").contract
        assert access.past_terms(connection, ended_before=LAST, limit=9) == []
        (past,) = access.past_terms(connection, ended_before=LAST + timedelta(days=1), limit=9)
        assert (past.contract_id, past.term.ends_on, past.registered_at) == (ours, LAST, NOW)
        access.close(connection, [past.id])
        assert access.past_terms(connection, ended_before=date(2030, 1, 1), limit=9) == []
        connection.execute(update(term).values(ends_on=date(2027, 1, 31)))
        (later,) = access.past_terms(connection, ended_before=date(2030, 1, 1), limit=9)
        assert later.term.ends_on == date(2027, 1, 31)


def test_only_what_is_not_closed_is_told(store: Store) -> None:
    with store.begin() as connection:
        ours, others = rows.contract(connection, "A-1"), rows.contract(connection, "B-1")
        for number, owner in enumerate((ours, ours, others)):
            rows.incident(connection, owner, f"question {number}")
        connection.execute(text("UPDATE incident SET status = 'closed' WHERE number LIKE '%1'"))
        found = access.open_incidents(connection, ours.contract)
    assert [(row["number"], row["address"]) for row in found] == [("INC-2026-000002", "a-1@example.jp")]


def test_a_sweep_reads_what_is_due_and_no_more(store: Store) -> None:
    if store.dialect != "sqlite":
        return  # with a handful of rows PostgreSQL reads them all, whatever indexes there are
    seen: list[tuple[str, object]] = []
    event.listen(
        store.engine, "before_cursor_execute", lambda _c, _k, statement, given, *_: seen.append((statement, given))
    )
    with store.begin() as connection:
        access.newcomers(connection, today=FIRST, begun_by=FIRST, limit=9)
        access.past_terms(connection, ended_before=LAST, limit=9)
        access.open_incidents(connection, 1)
        access.guides(connection, 1)
        plans = [
            row[3]
            for statement, given in list(seen)
            if statement.startswith("SELECT")
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()  # type: ignore[arg-type]
        ]
    assert len(plans) > 6
    assert [plan for plan in plans if plan.startswith("SCAN") and "ix_welcome_waiting" not in plan] == []


def test_old_customers_stay_unbothered_by_an_upgrade(tmp_path: Path) -> None:
    """A database of the time before guides: nobody is greeted, and no end of old is told."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    old = connect(url)
    with old.engine.begin() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in _OLD:
            connection.execute(text(statement))
    old.close()
    create(url).close()
    store = open_store(url)
    with store.begin() as connection:
        assert [each["number"] for each in contracts.listed(connection)] == ["ENDED", "RUNNING"]
        assert access.newcomers(connection, today=date(2026, 6, 1), begun_by=date(2026, 6, 1), limit=9) == []
        found = access.past_terms(connection, ended_before=date(9999, 1, 1), limit=9)
        assert [each.term.ends_on for each in found] == [date(9998, 12, 31)]
    store.close()


_CONTRACT = (
    "INSERT INTO contract (id, number, customer, menu, language, cluster, extra_askers, mailing_list_option,"
    " created_at) VALUES ({id}, '{number}', 'C', 'premium', 'ja', '', 0, 0, '2020-01-01 00:00:00.000000')"
)
_OLD = (
    _CONTRACT.format(id=1, number="ENDED"),
    _CONTRACT.format(id=2, number="RUNNING"),
    "INSERT INTO term (contract_id, starts_on, ends_on) VALUES (1, '2020-01-01', '2020-12-31')",
    "INSERT INTO term (contract_id, starts_on, ends_on) VALUES (2, '2020-01-01', '9998-12-31')",
    "INSERT INTO asker (contract_id, kind, name, address, registered_at)"
    " VALUES (2, 'person', 'A', 'a@example.jp', '2020-01-01 00:00:00.000000')",
)
