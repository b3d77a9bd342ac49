"""What does every way out take, and in what form do the bytes leave? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mailbot.desk.routes import Way


@dataclass(frozen=True, slots=True)
class Letter:
    """One finished mail for one recipient; `envelope_from` is empty for the null path. A retry is the same Letter.

    `pressing` says that it must not wait, and `way` by which relay it had best leave.
    """

    raw: bytes
    envelope_from: str
    recipient: str
    message_id: str
    pressing: bool = False
    way: Way = "first"


class Relay(Protocol):
    """A way out."""

    async def send(self, letter: Letter) -> str:
        """Hand the letter on; the final answer (`250 …`), once the other side owns it. Raises RelayError.

        A caller that cancels this knows nothing: after the final dot the letter may have been taken.
        """
        ...

    async def check(self) -> None:
        """Find out whether it can be reached, without a letter. Raises RelayError."""
        ...

    async def close(self) -> None:
        """Let go of every connection. Letters under way end by themselves."""
        ...


def normalised(raw: bytes) -> bytes:
    """The one form in which bytes leave: every line, the last one too, ends in CRLF and nowhere else is a CR or LF.

    A bare CR or LF could be read as the end of the mail by a lax server (RFC 5321 §2.3.8, SMTP smuggling).
    """
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def dot_stuffed(lines: bytes) -> bytes:
    """Normalised lines as they are sent after 354, without the final dot (RFC 5321 §4.5.2)."""
    stuffed = lines.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
