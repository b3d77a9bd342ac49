"""The statements of the main job read no table from end to end: what is quick today is quick after years of service."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tests.flows.office import open_office

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


def test_no_table_is_read_from_end_to_end(tmp_path: Path) -> None:
    seen: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        seen.setdefault(statement, parameters[0] if many else parameters)

    with open_office(tmp_path) as office:
        contract = office.contract("C-1")
        office.asker(contract, "Taro", "taro@customer.example")
        office.staff("Jane", "jane@staff.example")
        event.listen(office.context.store.engine, "before_cursor_execute", note)
        for number in range(20):
            answered = [f"In-Reply-To: <{number - 1}@customer.example>"] if number % 3 else []
            office.take_in(_mail(number, *answered), sender="taro@customer.example")
        office.take_in(_mail(99).replace(b"taro@", b"who@"), sender="who@customer.example")
        office.work()
        seen = {
            statement: values for statement, values in seen.items() if "count(*)" not in statement
        }  # the test's own
        event.remove(office.context.store.engine, "before_cursor_execute", note)
        scanned = []
        with office.context.store.read() as connection:
            for statement, parameters in seen.items():
                if statement.split()[0] in {"SELECT", "UPDATE", "INSERT", "DELETE"}:
                    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
                    scanned += [(statement, row[3]) for row in plan if _GROWING.search(row[3])]
    assert len(seen) > 20, "too few statements were seen for this to mean anything"
    assert scanned == [], "\n".join(f"{row}: {statement[:100]}" for statement, row in scanned)
