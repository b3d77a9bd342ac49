"""Does the schema come about by its migrations, and do its rules hold whatever the code does?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from mailbot.desk.incident import Incident
from mailbot.errors import StoreUnavailableError
from mailbot.store import contracts, inbound, incidents, migrations, outbox, schema
from mailbot.store.engine import Connection, Store, connect, create, open_store
from tests.store import rows
from tests.store.rows import NOW


def test_the_migrated_schema_is_the_one_in_the_code(store: Store) -> None:
    with store.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, schema.metadata) == []


def test_the_named_head_is_the_last_step() -> None:
    assert migrations.steps()[0] == migrations.HEAD


def test_an_upgrade_can_be_repeated(url: str, store: Store) -> None:
    with store.begin() as connection:
        rows.kept(connection, "before")
    create(url).close()
    with store.read() as connection:
        assert len(inbound.listed(connection, states=[], limit=9)) == 1


def test_a_newer_schema_is_refused(url: str, store: Store) -> None:
    with store.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailableError, match="run the newer program"):
        open_store(url)


def test_an_older_schema_is_refused(url: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "HEAD", "9999")
    with pytest.raises(StoreUnavailableError, match="mailbot db upgrade"):
        open_store(url)


def test_an_empty_database_gets_its_tables_when_it_is_opened(tmp_path: object) -> None:
    opened = open_store(f"sqlite:///{tmp_path}/deep/down/desk.db")
    with opened.read() as connection:
        assert migrations.version(connection) == migrations.HEAD
    opened.close()


def test_a_naive_moment_never_reaches_the_database(store: Store) -> None:
    naive = replace(rows.arrival("x"), received_at=datetime(2026, 4, 1))  # noqa: DTZ001
    with pytest.raises(Exception, match="naive"), store.begin() as connection:
        inbound.keep(connection, naive)


def test_moments_come_back_aware_in_utc(store: Store) -> None:
    with store.begin() as connection:
        rows.kept(connection, "x")
        found = inbound.waiting(connection, after=0, limit=1, max_bytes=1)
    assert found[0].received_at == NOW
    assert str(found[0].received_at.tzinfo) == "UTC"


BEFORE = date(2026, 6, 1)
Breaking = Callable[[Connection, rows.Registered, rows.Registered, Incident], object]

BREAKING: dict[str, Breaking] = {
    "an incident with another contract's asker": lambda c, a, b, _: incidents.open_incident(
        c, rows.new_incident(rows.Registered(a.contract, b.asker), rows.kept(c, "q")), year=2026
    ),
    "an incident that follows another contract's": lambda c, _a, b, theirs: incidents.open_incident(
        c, rows.new_incident(b, rows.kept(c, "q"), former=theirs.id), year=2026
    ),
    "two incidents of one mail": lambda c, a, _b, _i: [
        incidents.open_incident(c, rows.new_incident(a, number), year=2026) for number in [rows.kept(c, "q")] * 2
    ],
    "a message in another contract's incident": lambda c, _a, b, theirs: incidents.add_messages(
        c, [rows.new_message(theirs, rows.kept(c, "q"), contract_id=b.contract)]
    ),
    "one mail as two messages": lambda c, _a, _b, ours: incidents.add_messages(
        c, [rows.new_message(ours, number) for number in [rows.kept(c, "q")] * 2]
    ),
    "a letter about another contract's incident": lambda c, _a, b, theirs: outbox.put(
        c, [rows.letter("k", found=theirs, contract_id=b.contract)], NOW
    ),
    "a reference of one contract to another's incident": lambda c, _a, b, theirs: incidents.refer(
        c, replace(theirs, contract_id=b.contract), seen=["x@y"], ghosts=[]
    ),
    "two letters with one Message-ID": lambda c, _a, _b, _i: outbox.put(
        c, [rows.letter(key, message_id="one@x") for key in "kl"], NOW
    ),
    "two contracts with one number": lambda c, _a, _b, _i: rows.contract(c, "A-1"),
    "one address twice in a contract": lambda c, a, _b, _i: rows.asker(c, a.contract, "a-1@example.jp"),
    "an asker without a contract": lambda c, _a, _b, _i: rows.asker(c, 4711, "x@example.jp"),
    "a term that ends before it begins": lambda c, a, _b, _i: c.execute(
        insert(schema.term).values(contract_id=a.contract, starts_on=date(2027, 1, 2), ends_on=date(2027, 1, 1))
    ),
    "a term that overlaps another": lambda c, a, _b, _i: c.execute(
        insert(schema.term).values(contract_id=a.contract, starts_on=date(2026, 12, 31), ends_on=date(2027, 12, 30))
    ),
    "a term that is moved into another": lambda c, a, _b, _i: (
        [
            c.execute(insert(schema.term).values(contract_id=a.contract, starts_on=day, ends_on=day))
            for day in [date(2027, 1, 1)]
        ]
        + [c.execute(schema.term.update().where(schema.term.c.starts_on == date(2027, 1, 1)).values(starts_on=BEFORE))]
    ),
    "more askers than seats": lambda c, a, _b, _i: [
        rows.asker(c, a.contract, f"a{number}@example.jp") for number in range(10)
    ],
    "fewer seats than askers": lambda c, a, _b, _i: [
        rows.asker(c, a.contract, "second@example.jp"),
        c.execute(schema.contract.update().values(extra_askers=0)),
    ],
    "an asker who comes back to a taken seat": lambda c, a, _b, _i: [
        c.execute(schema.contract.update().values(extra_askers=0)),
        c.execute(schema.asker.update().where(schema.asker.c.id == a.asker).values(removed_at=NOW)),
        rows.asker(c, a.contract, "second@example.jp"),
        c.execute(schema.asker.update().where(schema.asker.c.id == a.asker).values(removed_at=None)),
    ],
    "a list without the option": lambda c, a, _b, _i: rows.mailing_list(c, a.contract),
    "no option while a list is an asker": lambda c, a, _b, _i: [
        c.execute(schema.contract.update().values(mailing_list_option=True)),
        rows.mailing_list(c, a.contract),
        c.execute(schema.contract.update().values(mailing_list_option=False)),
    ],
    "a message that is another contract's letter": lambda c, a, b, ours: [
        outbox.put(c, [rows.letter("k", contract_id=b.contract)], NOW),
        incidents.add_messages(c, [rows.new_message(ours, rows.kept(c, "q"))]),
        c.execute(schema.message.update().values(outbox_id=1)),
    ],
    "a letter that leaves its message's contract": lambda c, _a, b, ours: [
        outbox.put(c, [rows.letter("k", found=ours)], NOW),
        incidents.add_messages(c, [rows.new_message(ours, rows.kept(c, "q"))]),
        c.execute(schema.message.update().values(outbox_id=1)),
        c.execute(schema.outbox.update().values(incident_id=None, contract_id=b.contract)),
    ],
    "a letter about an incident of nobody's": lambda c, _a, _b, ours: outbox.put(
        c, [replace(rows.letter("k", found=ours), contract_id=None)], NOW
    ),
    "a letter about an incident that becomes nobody's": lambda c, _a, _b, ours: [
        outbox.put(c, [rows.letter("k", found=ours)], NOW),
        c.execute(schema.outbox.update().values(contract_id=None)),
    ],
    "an attachment of another contract's message": lambda c, _a, b, ours: [
        incidents.add_messages(c, [rows.new_message(ours, rows.kept(c, "q"))]),
        c.execute(
            insert(schema.attachment).values(
                message_id=1, contract_id=b.contract, part=1, filename="", content_type="", size=1, inline=False
            )
        ),
    ],
    "equipment of no contract": lambda c, _a, _b, _i: c.execute(
        insert(schema.equipment).values(contract_id=4711, host="db1", os="", versions="", registered_at=NOW)
    ),
    "one host twice in a contract": lambda c, a, _b, _i: [
        c.execute(
            insert(schema.equipment).values(contract_id=a.contract, host="db1", os="", versions="", registered_at=NOW)
        )
        for _ in "12"
    ],
    "a change of no contract": lambda c, _a, _b, _i: c.execute(
        insert(schema.change).values(contract_id=4711, asked_by="a@x.jp", asked_at=NOW, wanted=[], state="waiting")
    ),
    "a release in the name of nobody": lambda c, _a, _b, _i: c.execute(
        insert(schema.hold).values(
            inbound_id=rows.kept(c, "q"), held_at=NOW, due_at=NOW, alarm_at=NOW, released_at=NOW, asker_id=4711
        )
    ),
    "a participant of another contract's incident": lambda c, _a, b, theirs: c.execute(
        insert(schema.participant).values(
            incident_id=theirs.id, contract_id=b.contract, name="", address="p@x.jp", seen_at=NOW
        )
    ),
    "a state that is none": lambda c, _a, _b, _i: c.execute(
        text("UPDATE inbound SET state = 'lost'"),
    ),
    "one staff address twice": lambda c, _a, _b, _i: [
        contracts.add_staff(c, name="S", address="s@example.com", language="ja", now=NOW) for _ in "12"
    ],
}


OWNED = frozenset(
    ["term", "asker", "contact", "equipment", "change", "incident", "message", "attachment", "reference", "participant"]
)
"""Tables whose every row belongs to a contract. A letter may belong to none (a digest), a held mail does not yet."""


def test_what_belongs_to_a_contract_carries_it_and_links_within_it() -> None:
    for table in schema.metadata.tables.values():
        if table.name in OWNED:
            assert not table.c.contract_id.nullable, table.name
        for key in table.foreign_keys:
            if key.column.table.name in OWNED and table.name in OWNED:
                linked = {each.column.name for each in key.constraint.elements}
                assert "contract_id" in linked, f"{table.name} reaches {key.column} of any contract"


@pytest.mark.parametrize("name", BREAKING)
def test_the_database_itself_refuses(store: Store, name: str) -> None:
    with store.begin() as connection:
        ours, others = rows.contract(connection, "A-1"), rows.contract(connection, "B-1")
        incident = rows.incident(connection, ours, "first")
    with pytest.raises(IntegrityError), store.begin() as connection:
        BREAKING[name](connection, ours, others, incident)
    with store.read() as connection:
        assert len(incidents.listed(connection, contract_number=None, limit=9)) == 1


def test_an_address_may_be_registered_again_once_it_was_removed(store: Store) -> None:
    with store.begin() as connection:
        ours = rows.contract(connection, "A-1")
        connection.execute(schema.asker.update().values(removed_at=NOW))
        again = rows.asker(connection, ours.contract, "a-1@example.jp")
        assert [each.id for each in contracts.askers(connection, ours.contract)] == [again]


def test_staff_who_leave_keep_their_id_to_themselves(store: Store) -> None:
    with store.begin() as connection:
        first = contracts.add_staff(connection, name="S", address="s@example.com", language="ja", now=NOW)
        assert contracts.remove_staff(connection, "s@example.com", NOW)
        assert not contracts.remove_staff(connection, "s@example.com", NOW)
        assert contracts.all_staff(connection) == []
        other = contracts.add_staff(connection, name="T", address="t@example.com", language="ja", now=NOW)
        assert other != first
        assert contracts.add_staff(connection, name="S.", address="s@example.com", language="en", now=NOW) == first
        assert [(each.id, each.name) for each in contracts.all_staff(connection)] == [(first, "S."), (other, "T")]


def test_one_address_may_be_an_asker_of_two_contracts(store: Store) -> None:
    with store.begin() as connection:
        for number in ("A-1", "B-1"):
            rows.asker(connection, rows.contract(connection, number).contract, "both@example.jp")
        found = contracts.registrations(connection, addresses=["both@example.jp"], list_ids=[])
    assert sorted(each.contract.number for each in found) == ["A-1", "B-1"]


def test_one_message_id_may_be_known_in_two_contracts(store: Store) -> None:
    with store.begin() as connection:
        for number in ("A-1", "B-1"):
            found = rows.incident(connection, rows.contract(connection, number), f"of {number}")
            incidents.refer(connection, found, seen=["same@x"], ghosts=[])
            incidents.refer(connection, found, seen=[], ghosts=["same@x"])
        assert len(incidents.by_references(connection, ["same@x"])) == 2


def test_connect_does_not_ask_for_a_version(tmp_path: object) -> None:
    empty = connect(f"sqlite:///{tmp_path}/desk.db")
    with empty.read() as connection:
        assert migrations.version(connection) is None
    empty.close()
