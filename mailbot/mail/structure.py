"""Of which parts does a mail consist? Pure.

The standard library finds the parts (policy compat32); what their headers and bytes mean is decoded here.
"""

from __future__ import annotations

import binascii
import email
import email.message
import email.policy
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailbot.mail.header import Fields, base64_bytes
from mailbot.mail.parameter import display_name, parameters

Node = email.message.Message

_TYPE = re.compile(r"\s*([\w!#$&^.+-]{1,100})\s*/\s*([\w!#$&^.+-]{1,100})")
_WINMAIL = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_UUENCODED = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its number in walking order (0 is the whole mail), its type in lower case, and the parts inside it."""

    number: int
    content_type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    fields: Fields
    node: Node
    children: tuple[Part, ...]

    @property
    def is_winmail(self) -> bool:
        """Say whether the part is, or calls itself, a container of Outlook's."""
        return self.content_type in _WINMAIL or self.filename.lower() == "winmail.dat"

    def content(self) -> bytes:
        """The bytes of a leaf with its transfer encoding undone; never raises."""
        # The library would undo the encoding itself, but gives up on what is broken; so the node forgets about it.
        del self.node["content-transfer-encoding"]
        data = self.node.get_payload(decode=True)
        return _transfer_decoded(data, self.fields.raw("content-transfer-encoding")) if isinstance(data, bytes) else b""

    def walk(self) -> Iterator[Part]:
        """This part and all inside it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class _Numbers(Iterator[int]):
    """The numbers of the parts to come, and how many containers of Outlook's may still be opened."""

    coming: int = 0
    winmails: int = 2

    def __next__(self) -> int:
        self.coming += 1
        return self.coming - 1


def parse(raw: bytes) -> Part:
    """Read the mail's structure. `guard.too_strange` must have let it pass: it bounds how deep this goes."""
    return _part(email.message_from_bytes(raw, policy=email.policy.compat32), _Numbers(), "text/plain")


def _part(node: Node, numbers: _Numbers, default: str) -> Part:
    number, fields = next(numbers), Fields(node.raw_items())
    content_type, of_type = _content_type(fields, default)
    disposition = fields.raw("content-disposition")
    of_disposition = parameters(disposition)
    payload = node.get_payload() if node.is_multipart() else None  # a leaf would be decoded on the way
    inner = "message/rfc822" if content_type == "multipart/digest" else "text/plain"  # RFC 2046 §5.1.5
    part = Part(
        number,
        content_type,
        of_type,
        disposition.partition(";")[0].strip().lower(),
        display_name(of_disposition.get("filename") or of_type.get("name") or ""),
        fields,
        node,
        tuple(_part(child, numbers, inner) for child in payload if isinstance(child, Node))
        if isinstance(payload, list)
        else (),
    )
    if part.is_winmail and not part.children and numbers.winmails:
        numbers.winmails -= 1
        from mailbot.mail.winmail import unpacked_part

        return unpacked_part(part, numbers)
    return part


def _content_type(fields: Fields, default: str) -> tuple[str, dict[str, str]]:
    value = fields.raw("content-type")
    if not value:
        return default, {}
    match = _TYPE.match(value)
    return f"{match.group(1)}/{match.group(2)}".lower() if match else "text/plain", parameters(value)


def _transfer_decoded(data: bytes, encoding: str) -> bytes:
    """Undo the Content-Transfer-Encoding (RFC 2045 §6); what is broken is taken as far as it goes."""
    kind = encoding.partition(";")[0].strip().strip("\"'").lower()
    if kind == "base64":
        return base64_bytes(data)
    if kind in ("quoted-printable", "quoted printable"):
        return quopri.decodestring(data)
    return _uudecoded(data) if kind in _UUENCODED else data


def _uudecoded(data: bytes) -> bytes:
    out = []
    for line in data.partition(b"\n")[2].splitlines():
        if line.strip() in (b"end", b"`"):
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(out)
