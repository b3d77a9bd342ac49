"""What is said when the database itself holds a rule of the registry? (S7–S9)

The flows look first and say more; yet two who register at once may both have looked before either wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from mailbot.errors import RefusedError
from mailbot.store import contracts
from mailbot.store.engine import Store

# What SQLite and PostgreSQL say, and what is to be said: triggers have one text in both, unique indexes have not.
_WORDS = (
    (("mailbot: overlap",), "the term would overlap another term of this contract (S7)"),
    (("mailbot: seats",), "there would be more askers than seats: sell extra askers, or remove an asker first (S9)"),
    (("mailbot: list_option",), "a mailing list as asker needs the mailing-list option (S8)"),
    (("asker.contract_id, asker.address", "uq_asker_registered"), "this is an asker of the contract already"),
    (("contact.contract_id, contact.address", "uq_contact_"), "this is a contact of the contract already"),
    (("equipment.contract_id, equipment.host", "uq_equipment_registered"), "this host is registered already"),
    (("term.contract_id, term.starts_on", "uq_term_"), "the term would overlap another term of this contract (S7)"),
    (("contract.number", "uq_contract_number"), "this number is taken by another contract"),
    (("staff.address", "uq_staff_address"), "this address is registered as staff already"),
)


@contextmanager
def registering(store: Store) -> Iterator[Connection]:
    """Open a writing transaction in which nobody else registers anything; RefusedError where a rule is broken."""
    with told_in_words(), store.begin() as connection:
        contracts.claim_registry(connection)
        yield connection


@contextmanager
def told_in_words() -> Iterator[None]:
    """Turn what the database refuses by a rule of the registry into a RefusedError; anything else is a bug."""
    try:
        yield
    except IntegrityError as error:
        said = str(error.orig)
        for signs, words in _WORDS:
            if any(sign in said for sign in signs):
                raise RefusedError(f"refused by the database: {words}") from error
        raise
