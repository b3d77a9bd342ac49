"""Does a desk that has run for long go on after an upgrade: nothing lost, nothing forgotten, nobody called for old?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import MetaData, insert, select

from mailbot.store import late, migrations, outbox
from mailbot.store.engine import Connection, connect, create, open_store
from mailbot.store.outbox import Room
from mailbot.store.schema import hold, incident
from mailbot.store.schema import outbox as outbox_table
from tests.store.conftest import BOTH

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
_RAW = b"Subject: q\r\n\r\nq\r\n"


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'old.db'}"
    return str(request.getfixturevalue("cluster").empty())


def test_from_before_the_clock(empty: str) -> None:
    old = connect(empty)
    with old.engine.begin() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        _live(connection)
    old.close()
    create(empty).close()
    store = open_store(empty)
    with store.begin() as connection:
        waiting = late.unacknowledged(connection, NOW + HOUR)
        assert [(each.number, each.due_at) for each in waiting] == [("INC-2026-000002", NOW + HOUR)]
        assert list(connection.execute(select(hold.c.alarmed, hold.c.neutral_at))) == [(50, None)]
        assert connection.execute(select(incident.c.page_at).where(incident.c.id == 1)).scalar_one() is None
        claimed = outbox.claim(connection, owner="new", room=Room("first", 9, 9), now=NOW, lease=HOUR)
        assert [each.key for each in claimed] == ["ack:2", "question:2"]
        (ours,) = connection.execute(select(outbox_table.c.priority).where(outbox_table.c.key == "ack:2")).scalars()
        assert ours == outbox.ACKNOWLEDGEMENT
    store.close()


def _live(connection: Connection) -> None:
    """A contract with one acknowledged question, one whose letters wait, and a held mail that alarmed once."""
    tables = MetaData()
    tables.reflect(connection)

    def put(table: str, **values: Any) -> None:
        connection.execute(insert(tables.tables[table]).values(**values))

    put("contract", id=1, number="C-1", customer="C", menu="premium", language="ja", cluster="", extra_askers=0,
        mailing_list_option=False, created_at=NOW)  # fmt: skip
    put("term", id=1, contract_id=1, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    put("asker", id=1, contract_id=1, kind="person", name="A", address="a@x.example", registered_at=NOW,
        domain="x.example")  # fmt: skip
    put("staff", id=1, name="S", address="s@desk.example", language="en", added_at=NOW)
    for number, state in ((1, "done"), (2, "done"), (3, "held")):
        put("inbound", id=number, channel="smtp", received_at=NOW, sender="a@x.example", recipients="s@desk.example",
            envelope={}, size=9, fingerprint=str(number), from_address="a@x.example", subject="q", state=state,
            attempts=1, raw=_RAW)  # fmt: skip
    put("hold", inbound_id=3, held_at=NOW, due_at=NOW + HOUR, alarm_at=NOW + HOUR, alarmed_at=NOW, author_name="",
        excerpt="")  # fmt: skip
    for number, acknowledged_at in ((1, NOW), (2, None)):
        put("incident", id=number, number=f"INC-2026-00000{number}", contract_id=1, asker_id=1,
            status="acknowledged" if acknowledged_at else "new", urgency="normal", language="ja", subject="q",
            base_subject="q", scope="unclear", products=[], received_at=NOW, due_at=NOW + HOUR,
            acknowledged_at=acknowledged_at, inbound_id=number)  # fmt: skip
    for key, priority in (("ack:2", 0), ("question:2", 2)):
        put("outbox", key=key, kind="question", audience="staff", contract_id=1, incident_id=2, inbound_id=2,
            message_id=f"<{key}@desk.example>", sender="", recipient="a@x.example", subject="q", priority=priority,
            created_at=NOW, state="ready", resend=True, attempts=0, next_attempt_at=NOW, fence=0, raw=_RAW)  # fmt: skip
