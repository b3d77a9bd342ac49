"""Who handed us this mail, for whom, through which door? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Channel = Literal["smtp", "lmtp", "pipe", "imap"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """The SMTP envelope (RFC 5321 §2.3.1) and what is known of the peer.

    `sender` is the reverse-path without angle brackets; empty for the null path. `recipients` are the accepted
    forward-paths in order. `peer` is an IP address, `unix` or `stdin`.
    """

    channel: Channel
    sender: str
    recipients: tuple[str, ...]
    peer: str = ""
    helo: str = ""
    tls: bool = False
    smtputf8: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail as it came in: the bytes as received (never changed), its envelope, and when our server took it (UTC)."""

    raw: bytes
    envelope: Envelope
    received_at: datetime
