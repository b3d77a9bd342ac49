"""How much may come through the door at once, and how much from one address?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a peer may use up. Sizes are octets, times seconds; the defaults are those of the large mail servers."""

    message_bytes: int = 10_240_000
    """As announced by SIZE (RFC 1870): without the transparency dots and the final dot."""
    command_bytes: int = 2_048
    """One command line; RFC 5321 §4.5.3.1.4 asks for 512 and leaves the rest to extensions."""
    recipients: int = 100
    """In one transaction; RFC 5321 §4.5.3.1.8 asks for at least 100."""
    recipients_overshoot: int = 1_000
    """So many more are answered 452 before each counts as an error: who pipelines them must still reach DATA."""
    received_fields: int = 50
    """A mail that passed more servers than that is in a loop (RFC 5321 §6.3)."""
    errors: int = 20
    """Refused commands since the last mail that was kept."""
    junk: int = 20
    """NOOP, RSET, VRFY, HELP, EHLO since the last mail that was kept."""
    command_seconds: float = 300.0
    """RFC 5321 §4.5.3.2.7 asks for five minutes. In DATA it is used up by waiting and earned back by octets."""
    data_bytes_per_second: int = 500
    """Whoever is slower than that uses up `command_seconds` in the end."""
    session_seconds: float = 1_200.0
    keep_seconds: float = 120.0
    """After so long the peer is told to come back; our work goes on. RFC 1047: a late answer makes duplicates."""
    connections: int = 500
    connections_per_address: int = 30
    """IPv6: per /64, which is what one customer gets."""
    handshake_seconds: float = 30.0
    in_flight_bytes: int = 64_000_000
    """Of all mails that are being received or kept."""
    exempt: tuple[Network, ...] = LOOPBACK
    """Peers that are not counted, like unix sockets: our own MTA must get in while others crowd the door."""


class Tally:
    """What is in use right now, shared by all listeners of the daemon. For one event loop."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.in_flight_bytes = 0
        self._connections: Counter[str] = Counter()
        self._total = 0

    @property
    def connections(self) -> int:
        """Those that are counted: exempt peers are not."""
        return self._total

    def admit(self, peer: str) -> str | None:
        """May this peer (an IP address or `unix`) connect? Then the seat it takes, to be given back by `leave`."""
        seat = self._seat(peer)
        if not seat:
            return ""
        if self._total >= self.limits.connections or self._connections[seat] >= self.limits.connections_per_address:
            return None
        self._total += 1
        self._connections[seat] += 1
        return seat

    def leave(self, seat: str) -> None:
        if not seat:
            return
        self._total -= 1
        self._connections[seat] -= 1
        if not self._connections[seat]:
            del self._connections[seat]  # else every address that ever came stays in memory

    def hold(self, size: int) -> bool:
        """Take room for so many octets, if there is room."""
        if self.in_flight_bytes + size > self.limits.in_flight_bytes:
            return False
        self.in_flight_bytes += size
        return True

    def release(self, size: int) -> None:
        self.in_flight_bytes -= size

    def _seat(self, peer: str) -> str:
        address = _address(peer)
        if address is None or any(address in network for network in self.limits.exempt):
            return ""
        if isinstance(address, IPv6Address):
            return str(IPv6Network((address, 64), strict=False))
        return str(address)


def _address(peer: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(peer.partition("%")[0])  # a link-local address carries its interface
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
