"""A desk on which contracts are registered: what the tests of the registry begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from mailbot.flows import registry
from mailbot.flows.application import Application, Offer
from mailbot.rules import load
from mailbot.store import journal
from mailbot.store.engine import Store

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
TODAY = date(2026, 5, 1)
OFFER = Offer(
    menus=("business", "premium"),
    languages=("ja", "en"),
    own_addresses=frozenset({"support@example.com"}),
    senders=load(Path(__file__).parents[2] / "rules").senders,
)
SOUND = Application(
    where="here",
    number="C-1",
    customer="Customer",
    menu="premium",
    starts_on="2026-04-01",
    ends_on="2027-03-31",
    contacts=("Hanako <hanako@example.jp>",),
    askers=("Taro <taro@example.jp>",),
    extra_askers="1",
)


def register(store: Store, **changes: object) -> int:
    """Register a contract; give its id."""
    (made,) = registry.add_contracts(store, [replace(SOUND, **changes)], OFFER, NOW)  # type: ignore[arg-type]
    return made.id


def told(store: Store, contract_id: int) -> list[tuple[str, str]]:
    """What the journal says of a contract, but for its beginning."""
    with store.read() as connection:
        rows = journal.about(connection, f"contract:{contract_id}")
    return [(row["what"], row["why"]) for row in rows if row["what"] not in ("added", "asker-added")]
