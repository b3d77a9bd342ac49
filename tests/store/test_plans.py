"""The statements of the main job read no table from end to end: what is quick today is quick after years of service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from mailbot.desk.content import Reading
from mailbot.errors import RelayError
from mailbot.flows import gather, process, watch
from mailbot.store import answers, contracts, holds
from tests.flows.office import Office, open_office

_GROWING = re.compile(r"\bSCAN (inbound|incident|message|reference|outbox|journal|attachment|asker|term)\b(?! USING)")


def _mail(number: int, *fields: str) -> bytes:
    header = [
        "From: Taro <taro@customer.example>",
        "To: support@desk.example",
        f"Subject: Re: failover {number % 5}",
        f"Message-ID: <{number}@customer.example>",
        *fields,
    ]
    return "\r\n".join([*header, "", f"pgpool-II 4.4, question {number}\r\n"]).encode()


@contextmanager
def _statements(engine: Engine) -> Iterator[dict[str, Any]]:
    """All statements of this time with the parameters of one call."""
    seen: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        seen.setdefault(statement, parameters[0] if many else parameters)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_no_table_is_read_from_end_to_end(tmp_path: Path) -> None:
    with open_office(tmp_path) as office:
        contract = office.contract("C-1")
        office.asker(contract, "Taro", "taro@customer.example")
        office.staff("Jane", "jane@staff.example")
        with _statements(office.context.store.engine) as seen:
            for number in range(20):
                answered = [f"In-Reply-To: <{number - 1}@customer.example>"] if number % 3 else []
                office.take_in(_mail(number, *answered), sender="taro@customer.example")
            office.take_in(_mail(99).replace(b"taro@", b"who@"), sender="who@customer.example")
            office.work()
        told = {each: values for each, values in seen.items() if "count(*)" not in each}  # the test's own
        scanned = []
        with office.context.store.read() as connection:
            for statement, parameters in told.items():
                if statement.split()[0] in {"SELECT", "UPDATE", "INSERT", "DELETE"}:
                    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
                    scanned += [(statement, row[3]) for row in plan if _GROWING.search(row[3])]
    assert len(told) > 20, "too few statements were seen for this to mean anything"
    assert scanned == [], "\n".join(f"{row}: {statement[:100]}" for statement, row in scanned)


# Who may write is looked up in tables that grow with the number of contracts: asker, contact, contract, term, and in
# those that grow with the mail. No scan of these at all, not even of a whole index.
_REGISTRY = "asker|term|contract|contact|participant|hold|ignored_sender|incident|reference"
_SCANS = {
    "sqlite": re.compile(rf"\bSCAN ({_REGISTRY})\b"),
    "postgresql": re.compile(rf"\bSeq Scan on ({_REGISTRY})\b"),
}
_LOOKED_UP = ("asker", "contact", "contract", "term", "participant", "hold", "ignored_sender")


def test_who_may_write_is_looked_up_by_index(url: str, tmp_path: Path) -> None:
    with open_office(tmp_path / "office", url=url) as office:
        _everybody(office)
        store = office.context.store
        with _statements(store.engine) as seen:
            _looked_up(office)
        asked = {each: values for each, values in seen.items() if each.startswith("SELECT")}
        with store.begin() as connection:
            explain = "EXPLAIN QUERY PLAN" if store.dialect == "sqlite" else "EXPLAIN"
            if store.dialect == "postgresql":
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # else it reads small tables whole
            plans = {
                statement: [str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", values)]
                for statement, values in asked.items()
            }
    scanned = [
        f"{line}: {statement[:200]}"
        for statement, plan in plans.items()
        for line in plan
        if _SCANS[store.dialect].search(line)
    ]
    assert scanned == []
    missing = [table for table in _LOOKED_UP if not any(re.search(rf"(FROM|JOIN) {table}\b", each) for each in asked)]
    assert missing == [], "the mails of this test do not ask for all that is looked up"


# What is late or held is looked for every few seconds, among all that ever came.
_LATE = {
    "sqlite": re.compile(r"\bSCAN (incident|hold|inbound|outbox|journal)\b(?! USING INDEX)"),
    "postgresql": re.compile(r"\bSeq Scan on (incident|hold|inbound|outbox|journal)\b"),
}
_BY_INDEX = ("ix_incident_page", "ix_incident_paged_at", "ix_hold_alarm", "ix_hold_neutral")


def test_what_is_late_is_found_by_its_clock(url: str, tmp_path: Path) -> None:
    with open_office(tmp_path / "office", url=url) as office:
        for number in ("C-1", "C-2"):
            office.asker(office.contract(number), "Taro", "taro@customer.example")
        office.staff("Jane", "jane@staff.example")
        office.relay = lambda letter: RelayError("450 later")
        office.take_in(_mail(1), sender="taro@customer.example")
        office.take_in(_mail(2).replace(b"failover", b"C-1 failover"), sender="taro@customer.example")
        office.work()
        store = office.context.store
        with _statements(store.engine) as seen:
            for _ in range(3):
                office.passes(timedelta(minutes=28))
                watch.tick(office.context, office.now)
        assert {row["kind"] for row in office.outbox()} >= {"alarm", "neutral", "acknowledgement"}
        asked = {each: values for each, values in seen.items() if each.startswith(("SELECT", "UPDATE"))}
        with store.begin() as connection:
            explain = "EXPLAIN QUERY PLAN" if store.dialect == "sqlite" else "EXPLAIN"
            if store.dialect == "postgresql":
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plans = [
                f"{row[-1]}: {statement[:200]}"
                for statement, values in asked.items()
                for row in connection.exec_driver_sql(f"{explain} {statement}", values)
            ]
    assert [line for line in plans if _LATE[store.dialect].search(line)] == []
    if store.dialect == "sqlite":  # PostgreSQL takes any index while the tables are this small
        assert [index for index in _BY_INDEX if not any(index in line for line in plans)] == []


def _everybody(office: Office) -> None:
    """A person, a list, a contact, somebody in Cc, and a released mail."""
    contract = office.contract("C-1")
    office.asker(contract, "Taro", "taro@customer.example")
    office.asker(contract, "Team", "team@lists.example", list_id="team.lists.example")
    with office.context.store.begin() as connection:
        contracts.add_contact(connection, contract, name="H", address="hanako@customer.example")
    office.take_in(_mail(1, "Cc: cc@other.example"), sender="taro@customer.example")
    held = office.take_in(_from("hanako@customer.example", 2), sender="hanako@customer.example")
    assert held is not None
    office.work()
    with office.context.store.begin() as connection:
        assert holds.release(connection, held, by="Jane", asker=(1, contract), now=office.now)


def _looked_up(office: Office) -> None:
    """Gather the facts of mails from all of these, the released one among them."""
    mails = [
        _mail(3, "In-Reply-To: <1@customer.example>"),
        _from("cc@other.example", 4, "References: <1@customer.example>"),
        _from("hanako@customer.example", 5),
        _from("unknown@customer.example", 6),
        _from("stranger@elsewhere.example", 7),
        _from("member@customer.example", 8, "List-Id: <team.lists.example>", "List-Post: <mailto:team@lists.example>"),
    ]
    for raw in mails:
        office.take_in(raw, sender="x@customer.example")
    batch = process.take(office.context, 0, 32, 32_000_000)
    messages = [each.message for each in batch.readings if isinstance(each, Reading)]
    with office.context.store.begin() as connection:
        around = gather.look_around(connection, batch.mails, messages)
        facts = [
            gather.gather(office.context, connection, around, mail, message)
            for mail, message in zip(batch.mails, messages, strict=True)
        ]
    assert len(facts) == len(mails) + 1
    assert [bool(each.registrations) for each in facts].count(True) == 2
    assert any(each.participations for each in facts)
    assert any(each.contact_of for each in facts)
    assert any(each.neighbours for each in facts)
    assert any(each.release for each in facts)


def _from(address: str, number: int, *fields: str) -> bytes:
    return _mail(number, *fields).replace(b"taro@customer.example", address.encode())


def test_reminders_are_found_by_their_own_index(url: str, tmp_path: Path) -> None:
    with open_office(tmp_path / "office", url=url) as office:
        store = office.context.store
        with _statements(store.engine) as seen, store.begin() as connection:
            assert not answers.anything_to_remind(connection, office.now)
            assert answers.to_remind(connection, office.now, limit=9) == []
        explain = "EXPLAIN QUERY PLAN" if store.dialect == "sqlite" else "EXPLAIN"
        with store.begin() as connection:
            if store.dialect == "postgresql":
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plans = [
                "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", values))
                for statement, values in seen.items()
                if statement.startswith("SELECT")
            ]
    assert len(plans) == 2
    assert ["ix_incident_remind" in plan for plan in plans] == [True, True], plans
