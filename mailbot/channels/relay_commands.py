"""With which MAIL and RCPT commands does a letter go to a server that offers these extensions? Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from mailbot.channels.letter import Letter
from mailbot.errors import RelayError

_QUOTED = r'"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"'
_PLAIN = r'[^\s<>()\[\]\\,;:"\x00-\x1f\x7f@]+'
_PATH = re.compile(rf"(?:{_QUOTED}|{_PLAIN})@[^\s<>@\x00-\x1f\x7f]+")
"""What may stand between angle brackets. Looser than RFC 5321 §4.1.2 (`a..b@…` exists in Japan), but nothing in it can
end the path or the line, so that no address can add a parameter or a command."""

_LONGEST_ENVID = 100  # RFC 3461 §4.4


def commands(letter: Letter, offers: Collection[str]) -> tuple[bytes, bytes]:
    """The lines without CRLF; `offers` are the extensions of the server in lower case.

    Raises RelayError (permanent) when the letter cannot go through this server as it is.
    """
    sender, recipient = _path(letter.envelope_from) if letter.envelope_from else "", _path(letter.recipient)
    mail = [f"MAIL FROM:<{sender}>", *_form(letter, offers)]
    rcpt = [f"RCPT TO:<{recipient}>"]
    if "dsn" in offers and sender:
        mail += _reports(letter)
        rcpt.append("NOTIFY=FAILURE,DELAY")  # RFC 3461 §4.1
    return " ".join(mail).encode(), " ".join(rcpt).encode()


def _path(address: str) -> str:
    if not _PATH.fullmatch(address):
        raise RelayError(f"cannot be an address on the wire: {address!r}", permanent=True)
    return address


def _form(letter: Letter, offers: Collection[str]) -> Iterator[str]:
    if "size" in offers:
        yield f"SIZE={len(letter.raw)}"  # RFC 1870 §6.1
    ascii_only = letter.raw.isascii()
    head = letter.raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0] if not ascii_only else b""
    if not (head.isascii() and letter.envelope_from.isascii() and letter.recipient.isascii()):
        yield from _offered("SMTPUTF8", "SMTPUTF8", offers)  # RFC 6531 §3.4
    if not ascii_only:
        yield from _offered("8BITMIME", "BODY=8BITMIME", offers)  # RFC 6152 §3


def _offered(extension: str, parameter: str, offers: Collection[str]) -> Iterator[str]:
    if extension.lower() not in offers:
        raise RelayError(f"the letter needs {extension}, which the relay does not offer", permanent=True)
    yield parameter


def _reports(letter: Letter) -> Iterator[str]:
    yield "RET=HDRS"  # RFC 3461 §4.3
    envelope_id = _xtext(letter.message_id.strip("<>"))
    if 0 < len(envelope_id) <= _LONGEST_ENVID:
        yield f"ENVID={envelope_id}"


def _xtext(text: str) -> str:
    """RFC 3461 §4: everything but visible ASCII, and also `+` and `=`, as `+` and two hexadecimal digits."""
    return "".join(chr(b) if 0x21 <= b <= 0x7E and b not in b"+=" else f"+{b:02X}" for b in text.encode())
