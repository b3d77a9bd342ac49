"""Keep what came in, before anybody is told 250."""

from __future__ import annotations

from collections.abc import Sequence

from mailbot import faults
from mailbot.mail.envelope import Arrival
from mailbot.store import inbound
from mailbot.store.engine import Store


def keep(store: Store, arrivals: Sequence[Arrival]) -> list[int | None]:
    """Store these mails in one transaction (group commit); give the id of each, None for one that was here before.

    When it returns, all of them are on the disk. Raises StoreUnavailableError or StoreFullError; then none is.
    """
    with store.begin() as connection:
        kept = []
        for arrival in arrivals:
            faults.hit("receive.before-insert")
            kept.append(inbound.keep(connection, arrival))
        faults.hit("receive.before-commit")
    faults.hit("receive.after-commit")
    return kept
