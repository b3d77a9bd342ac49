"""Rows for the tests of the database: one line each, with what does not matter filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from mailbot.desk.contract import AskerKind
from mailbot.desk.incident import Incident, Urgency
from mailbot.desk.routes import Way
from mailbot.desk.verdict import Signal
from mailbot.mail.envelope import Arrival, Envelope
from mailbot.store import contracts, inbound, incidents
from mailbot.store.engine import Connection
from mailbot.store.incidents import NewIncident, NewMessage
from mailbot.store.outbox import ACKNOWLEDGEMENT, NewLetter

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Registered:
    """A contract with one asker."""

    contract: int
    asker: int


def arrival(words: str, *, to: str = "support@example.com", at: datetime = NOW) -> Arrival:
    """A mail that says these words."""
    raw = f"From: a@example.jp\r\nMessage-ID: <{words.replace(' ', '.')}@example.jp>\r\n\r\n{words}\r\n".encode()
    return Arrival(raw, Envelope("smtp", "a@example.jp", (to,)), at)


def contract(connection: Connection, number: str) -> Registered:
    """A contract of 2026 with one asker and room for more."""
    contract_id = contracts.add(
        connection,
        number=number,
        customer="Customer",
        menu="business",
        language="ja",
        cluster="",
        extra_askers=9,
        mailing_list_option=False,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        now=NOW,
    )
    return Registered(contract_id, asker(connection, contract_id, f"{number.lower()}@example.jp"))


def asker(connection: Connection, contract_id: int, address: str) -> int:
    """One more asker."""
    return contracts.add_asker(
        connection, contract_id, kind=AskerKind.PERSON, name="A", address=address, list_id=None, now=NOW
    )


def mailing_list(connection: Connection, contract_id: int) -> int:
    """A list as one more asker."""
    return contracts.add_asker(
        connection, contract_id, kind=AskerKind.LIST, name="L", address="l@example.jp", list_id=None, now=NOW
    )


def kept(connection: Connection, words: str) -> int:
    """A mail that came in."""
    found = inbound.keep(connection, arrival(words))
    assert found is not None
    return found


def new_incident(owner: Registered, inbound_id: int, *, former: int | None = None) -> NewIncident:
    """A question of this asker."""
    return NewIncident(
        contract_id=owner.contract,
        asker_id=owner.asker,
        urgency=Urgency.NORMAL,
        language="ja",
        subject="Question",
        base_subject="question",
        scope="in-scope",
        products=("pgpool-ii",),
        received_at=NOW,
        due_at=NOW,
        former_id=former,
        inbound_id=inbound_id,
    )


def incident(connection: Connection, owner: Registered, words: str) -> Incident:
    """An incident that a mail with these words opened."""
    return incidents.open_incident(connection, new_incident(owner, kept(connection, words)), year=2026)


def new_message(found: Incident, inbound_id: int, *, contract_id: int | None = None) -> NewMessage:
    """A mail as part of an incident."""
    return NewMessage(
        incident_id=found.id,
        contract_id=found.contract_id if contract_id is None else contract_id,
        inbound_id=inbound_id,
        at=NOW,
        written_at=None,
        author_name="A",
        author_address="a@example.jp",
        subject="Question",
        text="text",
        new_text="text",
        signal=Signal.NONE,
        attachments=(),
    )


def letter(
    key: str,
    *,
    found: Incident | None = None,
    contract_id: int | None = None,
    message_id: str | None = None,
    resend: bool = True,
    priority: int = ACKNOWLEDGEMENT,
    way: Way = "first",
) -> NewLetter:
    """A mail that is to leave."""
    return NewLetter(
        key=key,
        kind="acknowledgement",
        audience="customer",
        contract_id=contract_id if contract_id is not None or found is None else found.contract_id,
        incident_id=found.id if found else None,
        inbound_id=None,
        message_id=message_id or f"{key}@example.com",
        sender="",
        recipient="a@example.jp",
        subject="Accepted",
        raw=b"Subject: Accepted\r\n\r\nyes\r\n",
        priority=priority,
        resend=resend,
        due_at=None,
        way=way,
    )
