"""What does a database look like after years of service? Incidents of the past, written in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from mailbot.desk.contract import AskerKind
from mailbot.store import contracts
from mailbot.store.engine import Connection, Store
from mailbot.store.schema import inbound, incident, journal, message, outbox, reference

_AT_ONCE = 2_000
_BEGAN = datetime(2024, 1, 4, 1, 0, tzinfo=UTC)
_ASKERS = 500
_TEXT = "フェイルオーバー後にスタンバイがデタッチされたままになります。ログは以下のとおりです。\n" * 30


def write_past(store: Store, incidents: int) -> None:
    """Write so many acknowledged incidents, each with its mail, its Message-IDs and its letter."""
    if incidents == 0:
        return
    with store.begin() as connection:
        askers = _askers(connection)
        last = connection.execute(select(func.coalesce(func.max(incident.c.id), 0))).scalar_one()
    for start in range(0, incidents, _AT_ONCE):
        numbers = range(last + start + 1, last + min(start + _AT_ONCE, incidents) + 1)
        with store.begin() as connection:
            for table, row in ((inbound, _inbound), (incident, _incident), (outbox, _outbox), (message, _message)):
                connection.execute(insert(table), [row(number, *askers[number % _ASKERS]) for number in numbers])
            connection.execute(insert(reference), list(_references(numbers, askers)))
            rows = [
                {"at": _at(each), "subject": f"inbound:{each}", "what": "open", "why": f"INC-2024-{each:06d}"}
                for each in numbers
            ]
            connection.execute(insert(journal), rows)


def _askers(connection: Connection) -> list[tuple[int, int]]:
    """Give (contract, asker) for each of the askers of the past."""
    contract = contracts.add(
        connection,
        number="PAST-0001",
        customer="The past",
        menu="business",
        language="ja",
        cluster="old",
        extra_askers=_ASKERS,
        mailing_list_option=False,
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 31),
        now=_BEGAN,
    )
    person = AskerKind.PERSON
    return [
        (
            contract,
            contracts.add_asker(
                connection, contract, kind=person, name=f"P {n}", address=f"p{n}@past.example", list_id=None, now=_BEGAN
            ),
        )
        for n in range(_ASKERS)
    ]


def _at(number: int) -> datetime:
    return _BEGAN + timedelta(minutes=10 * number)


def _inbound(number: int, _contract: int, _asker: int) -> dict[str, Any]:
    raw = f"From: p@past.example\r\nSubject: past {number}\r\n\r\n{_TEXT}".encode()
    return {
        "id": number,
        "channel": "smtp",
        "received_at": _at(number),
        "sender": "p@past.example",
        "recipients": "support@desk.example",
        "envelope": {},
        "size": len(raw),
        "fingerprint": f"{number:064x}",
        "message_id": f"past-{number}@past.example",
        "from_address": "p@past.example",
        "subject": f"past {number}",
        "state": "done",
        "attempts": 1,
        "verdict": "open",
        "evidence": [["question", "a new question"]],
        "raw": raw,
    }


def _incident(number: int, contract: int, asker: int) -> dict[str, Any]:
    return {
        "id": number,
        "number": f"INC-2024-{number:06d}",
        "contract_id": contract,
        "asker_id": asker,
        "status": "acknowledged",
        "urgency": "normal",
        "language": "ja",
        "subject": f"past {number}",
        "base_subject": f"past {number}",
        "scope": "in-scope",
        "products": ["pgpool-ii"],
        "received_at": _at(number),
        "due_at": _at(number) + timedelta(hours=1),
        "acknowledged_at": _at(number) + timedelta(seconds=1),
        "inbound_id": number,
    }


def _outbox(number: int, contract: int, _asker: int) -> dict[str, Any]:
    return {
        "id": number,
        "key": f"ack:{number}",
        "kind": "acknowledgement",
        "audience": "customer",
        "contract_id": contract,
        "incident_id": number,
        "inbound_id": number,
        "message_id": f"ack-{number}@desk.example",
        "sender": "",
        "recipient": "p@past.example",
        "subject": f"Re: past {number}",
        "raw": _TEXT.encode(),
        "priority": 0,
        "created_at": _at(number),
        "state": "sent",
        "resend": True,
        "attempts": 1,
        "next_attempt_at": _at(number),
        "fence": 1,
        "sent_at": _at(number) + timedelta(seconds=1),
        "answer": "250 ok",
    }


def _message(number: int, contract: int, _asker: int) -> dict[str, Any]:
    return {
        "id": number,
        "incident_id": number,
        "contract_id": contract,
        "inbound_id": number,
        "direction": "in",
        "at": _at(number),
        "author_name": "P",
        "author_address": "p@past.example",
        "subject": f"past {number}",
        "text": _TEXT,
        "new_text": _TEXT,
        "signal": "new",
    }


def _references(numbers: range, askers: list[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    for number in numbers:
        contract = askers[number % _ASKERS][0]
        for message_id in (f"past-{number}@past.example", f"ack-{number}@desk.example"):
            yield {"message_id": message_id, "contract_id": contract, "incident_id": number, "ghost": False}
