"""Let a mail that was set aside go its way again, because a person said so."""

from __future__ import annotations

from datetime import datetime

from mailbot.errors import NotFoundError, RefusedError
from mailbot.store import inbound, journal, outbox
from mailbot.store.engine import Store


def retry_inbound(store: Store, inbound_id: int, now: datetime) -> None:
    """Look at a failed, held or rejected mail again. Raises NotFoundError or RefusedError."""
    with store.begin() as connection:
        if not inbound.retry(connection, inbound_id):
            row = next((each for each in inbound.find(connection, str(inbound_id)) if each["id"] == inbound_id), None)
            if row is None:
                raise NotFoundError(f"there is no inbound mail {inbound_id}: see mailbot inbound list")
            raise RefusedError(
                f"inbound mail {inbound_id} is {row['state']}: only failed, held and dropped ones are retried"
            )
        journal.write(connection, [journal.Entry(now, f"inbound:{inbound_id}", "retried", "asked for by hand")])


def retry_outbox(store: Store, outbox_id: int, now: datetime) -> None:
    """Send a failed, held or doubtful mail again, with the same Message-ID. Raises NotFoundError or RefusedError."""
    with store.begin() as connection:
        if not outbox.retry(connection, outbox_id, now):
            row = outbox.by_id(connection, outbox_id)
            if row is None:
                raise NotFoundError(f"there is no outgoing mail {outbox_id}: see mailbot outbox list")
            raise RefusedError(f"outgoing mail {outbox_id} is {row['state']}: it is not sent again")
        journal.write(connection, [journal.Entry(now, f"outbox:{outbox_id}", "retried", "asked for by hand")])
