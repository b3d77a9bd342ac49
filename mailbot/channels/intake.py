"""Where does a mail end in what a peer sends after DATA, and what are its bytes? Pure."""

from __future__ import annotations

import re

END = b"\r\n.\r\n"
"""The only end of data (RFC 5321 §4.1.1.4). Whatever else looks like one is smuggling (CVE-2024-27305)."""

_RECEIVED = re.compile(rb"^Received[ \t]*:", re.IGNORECASE | re.MULTILINE)


class Intake:
    """Takes chunks until the end of data; holds no more than `limit` octets and what stuffing can add to them."""

    def __init__(self, limit: int) -> None:
        self.received = 0
        """Octets on the wire so far."""
        self.discarded = False
        """Nothing is held any more; only the end is looked for."""
        self.too_large = False
        self._limit = limit
        # Each transparency dot stands after a CRLF, before at least one more octet: at most a third more.
        self._room = limit + limit // 3 + len(END)
        self._buffer = bytearray(b"\r\n")  # so that a dot in the first line is like any other

    def feed(self, chunk: bytes) -> bytes | None:
        """Take a chunk: what follows the end of data, or None when that has not come yet."""
        buffer = self._buffer
        start = max(0, len(buffer) - len(END) + 1)
        buffer += chunk
        self.received += len(chunk)
        end = buffer.find(END, start)
        if end >= 0:
            rest = bytes(memoryview(buffer)[end + len(END) :])
            del buffer[end + 2 :]
            return rest
        if self.discarded:
            del buffer[: 1 - len(END)]
        elif len(buffer) > self._room:
            self.too_large = True
            self.discard()
        return None

    def discard(self) -> None:
        """Hold nothing of this mail any more."""
        self.discarded = True
        del self._buffer[: 1 - len(END)]

    def take(self) -> bytes:
        """The mail, once its end has come: without transparency dots (RFC 5321 §4.5.2), every line end a CRLF."""
        raw = self._buffer.replace(b"\r\n.", b"\r\n") if b"\r\n." in self._buffer else self._buffer
        self._buffer = bytearray()
        mail = with_whole_line_ends(bytes(memoryview(raw)[2:]))
        self.too_large = self.too_large or len(mail) > self._limit
        return mail


def with_whole_line_ends(raw: bytes) -> bytes:
    """The same text with CR and LF only as CRLF (RFC 5321 §2.3.8).

    A bare LF is a line end of a careless program. A bare CR is not taken for one: CR CR LF would then end the header
    too early. It becomes a space, as in Postfix. A mail is not refused for either, for nothing of it gets lost.
    """
    line_ends = raw.count(b"\r\n")
    if raw.count(b"\n") == line_ends == raw.count(b"\r"):
        return raw
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b" ").replace(b"\n", b"\r\n")


def received_fields(raw: bytes) -> int:
    """How many servers say that they passed this mail on (RFC 5321 §4.4)."""
    header_end = raw.find(b"\r\n\r\n")
    return len(_RECEIVED.findall(raw, 0, header_end if header_end >= 0 else len(raw)))
