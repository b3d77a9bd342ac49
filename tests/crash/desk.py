"""On which desk do the crash tests work? A folder with a configuration, a database, contracts and askers."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from mailbot.desk.contract import AskerKind
from mailbot.store import contracts
from mailbot.store.engine import create
from tests.crash.mails import STAFF, SUPPORT, Asker

_CONFIGURATION = """
[desk]
name = "Crash desk"
address = "{support}"

[database]
url = "{database}"

[smtp]
listen = ["127.0.0.1:{smtp_port}"]

[lmtp]
listen = ["unix:lmtp.sock"]

[relay]
url = "{relay}"

[secrets]
signing = ["a-secret-that-is-long-enough-for-tests-only-0123456789"]

[log]
level = "info"

[workers]
readers = {readers}
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where everything of one desk is."""

    folder: Path
    database: str
    smtp_port: int

    @property
    def configuration(self) -> Path:
        """What `mailbot -c` takes."""
        return self.folder / "config.toml"

    @property
    def lmtp_socket(self) -> Path:
        """Where LMTP is spoken."""
        return self.folder / "lmtp.sock"

    @property
    def log(self) -> Path:
        """What all daemons on this desk said, one after another."""
        return self.folder / "daemon.log"


def make_desk(
    folder: Path, *, relay: str, askers: Iterable[Asker], database: str | None = None, readers: int = 2
) -> Desk:
    """Write the configuration, and everybody who may ask into the database; the port stays the same for ever."""
    folder.mkdir(parents=True, exist_ok=True)
    desk = Desk(folder, database or f"sqlite:///{folder / 'mailbot.db'}", free_port())
    text = _CONFIGURATION.format(
        support=SUPPORT, database=desk.database, smtp_port=desk.smtp_port, relay=relay, readers=readers
    )
    desk.configuration.write_text(text, encoding="utf-8")
    _register(desk.database, list(askers))
    return desk


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _register(database: str, askers: list[Asker]) -> None:
    now = datetime.now(UTC)
    store = create(database)
    with store.begin() as connection:
        contracts.add_staff(connection, name="Engineer", address=STAFF, language="en", now=now)
        for number in dict.fromkeys(asker.contract for asker in askers):
            row = contracts.add(
                connection,
                number=number,
                customer=f"Customer of {number}",
                menu="premium",
                language="ja",
                cluster="main",
                extra_askers=100,
                mailing_list_option=True,
                starts_on=date(2020, 1, 1),
                ends_on=date(2099, 12, 31),
                now=now,
            )
            for asker in (each for each in askers if each.contract == number):
                contracts.add_asker(
                    connection,
                    row,
                    kind=AskerKind(asker.kind),
                    name=asker.name,
                    address=asker.address,
                    list_id=asker.list_id if asker.kind == "list" else None,
                    now=now,
                )
    store.close()
