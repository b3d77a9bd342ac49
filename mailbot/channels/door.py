"""What do the sessions behind one listener share, and what must the desk give the door?"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from mailbot.channels.limits import Tally
from mailbot.mail.envelope import Envelope

if TYPE_CHECKING:
    from mailbot.channels.connection import Connection


class Keeper(Protocol):
    """What becomes of a mail."""

    async def keep(self, raw: bytes, envelope: Envelope) -> None:
        """Return only when the mail is on disk. The same mail may come again, when the peer missed our answer."""


class Directory(Protocol):
    """Which addresses are the desk's own?"""

    def knows(self, address: str) -> bool:
        """At once, without I/O; tokens behind a plus are checked too. `postmaster` may stand alone: RFC 5321 §4.5.1."""


@dataclass(frozen=True, slots=True)
class Door:
    """One listener's side of everything that its sessions need."""

    channel: Literal["smtp", "lmtp"]
    hostname: str
    keeper: Keeper
    directory: Directory
    tally: Tally
    starttls: ssl.SSLContext | None = None
    connections: set[Connection] = field(default_factory=set)
    stores: set[asyncio.Task[None]] = field(default_factory=set)
    """Mails that are being kept. They outlive their sessions: a peer that hangs up stops nothing."""
