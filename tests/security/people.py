"""Who writes in these tests, and in one line what becomes of it."""

from __future__ import annotations

from mailbot.flows.context import Addresses
from tests.flows.office import SUPPORT, Letter, Office, mail

ASKER, STAFF, STRANGER = "ann@acme.example", "sato@desk.example", "eve@elsewhere.example"


def decided(office: Office, raw: bytes, *, sender: str, to: str = SUPPORT) -> str:
    """Hand the mail in and let the desk work; the verdict with its reason."""
    inbound_id = office.take_in(raw, sender=sender, recipients=[to])
    assert inbound_id is not None
    office.work()
    (row,) = office.inbound(inbound_id)
    return " ".join(filter(None, (row["verdict"] or row["state"], row["reason"])))


def acknowledged(office: Office, subject: str = "Question", text: str = "How?", *fields: str) -> Letter:
    """Ask, as the asker, and give the acknowledgement."""
    number = len(office.inbound())
    raw = mail(f"Ann <{ASKER}>", subject, text, *fields, message_id=f"<q{number}@acme.example>")
    assert decided(office, raw, sender=ASKER) == "open"
    return [letter for letter in office.sent if letter.kind == "acknowledgement"][-1]


def outsiders(office: Office) -> list[str]:
    """Everybody who got a letter and is neither the asker nor staff."""
    return [letter.recipient for letter in office.sent if letter.recipient not in (ASKER, STAFF)]


def taken_at_the_door(addresses: Addresses, address: str) -> bool:
    return addresses.purpose(address) is not None
