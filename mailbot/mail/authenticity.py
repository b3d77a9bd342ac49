"""Who vouches for this mail? Authentication-Results (RFC 8601), and only those of our own border. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.mail.header import clean
from mailbot.mail.message import AuthenticationResult, Message

_TOKEN = re.compile(r'[()]|\\.?|"|[^"()\\]+')
_QUOTED_PAIR = re.compile(r"\\(.)")
_ID = re.compile(r"[!-:<>-~]{1,253}")  # printable ASCII but ";" and "=", which would be another piece
# Dots as in Google's `gateway.spf`, underscores as in Yahoo's `dkim_pass`: seen, though §2.2 has neither.
_METHOD = re.compile(r"\s*([\w.-]{1,40})\s*(?:/\s*\d{1,4}\s*)?=\s*([\w-]{1,40})")
_PROPERTY = re.compile(r'([\w-]{1,40})\s*\.\s*([\w-]{1,40})\s*=\s*(?:"([^"]{0,300})"|([^\s;"]{1,300}))')
_LIMIT = 50
# Which property names the domain that the method speaks of (RFC 8601 §2.7), best first.
_DOMAIN_OF = {
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "smtp.helo"),
    "dmarc": ("header.from",),
    "arc": ("header.d", "smtp.remote-ip"),
    "auth": ("smtp.auth",),
}


MALFORMED = AuthenticationResult("authentication-results", "malformed", "")
"""Stands among the results of a field whose comments or quotes are not closed, so that none of them is sure."""


@dataclass(frozen=True, slots=True)
class Results:
    """One Authentication-Results field: who says it, and what about each method.

    `authserv_id` is empty where nobody signs. `leads` says that it stands where it belongs, before everything else.
    """

    authserv_id: str
    leads: bool
    results: tuple[AuthenticationResult, ...]


def authentication_of(values: Sequence[str], *, authserv_id: str) -> tuple[AuthenticationResult, ...]:
    """The results in the topmost field of the configured authserv-id; every other field may be forged (§7.1).

    With an empty `authserv_id` nobody is believed.
    """
    if not authserv_id:
        return ()
    for value in values:
        found = parsed(value)
        if found is not None and found.leads and found.authserv_id.lower() == authserv_id.lower():
            return found.results
    return ()


def proven_domains(message: Message) -> frozenset[str] | None:
    """Name the domains that stand behind this mail; None when nobody has looked."""
    if not message.authentication:
        return None
    return frozenset(
        each.domain
        for each in message.authentication
        if each.result == "pass" and each.method in ("dkim", "spf", "arc")
    )


def parsed(value: str) -> Results | None:
    """Read one unfolded field value (§2.2); None when it says nothing that can be understood."""
    text, closed = _outside_comments(value)
    first, *others = text.split(";")[: _LIMIT + 1]
    name, leads = _id_of(first), True
    if not name:
        # Microsoft's puts its name between the results, or nowhere: to be shown, not to be believed.
        name, leads = next(filter(None, map(_id_of, others)), ""), False
        others = [first, *others]
    results = tuple(found for piece in others if (found := _result(piece)))
    if not closed:  # what a sender wrote, and our border quoted, may hide a result or stand for one
        results = (*results, MALFORMED)
    return Results(name, leads, results) if results or (name and leads) else None


def _id_of(piece: str) -> str:
    """The authserv-id, with or without a version behind it; empty when this piece is none."""
    name, *version = piece.split() or [""]
    if name.startswith('"'):
        name = _QUOTED_PAIR.sub(r"\1", name.strip('"'))
    return name if _ID.fullmatch(name) and (not version or (len(version) == 1 and version[0].isdecimal())) else ""


def _result(piece: str) -> AuthenticationResult | None:
    match = _METHOD.match(piece)
    if match is None:
        return None
    method, result = match.group(1).lower(), match.group(2).lower()
    found = {f"{kind}.{name}".lower(): quoted or plain for kind, name, quoted, plain in _PROPERTY.findall(piece)}
    domain = next((found[name] for name in _DOMAIN_OF.get(method, ()) if found.get(name)), "")
    return AuthenticationResult(method, result, clean(domain.rpartition("@")[2]).lower())


def _outside_comments(value: str) -> tuple[str, bool]:
    """Put a blank for each comment and a comma for each quoted semicolon; and say whether all that opens is closed."""
    out: list[str] = []
    depth, quoted, closed = 0, False, True
    for text in _TOKEN.findall(value):
        if text == '"' and depth == 0:  # within a comment it is a character like any other (RFC 5322 §3.2.2)
            quoted = not quoted
        if text in "()" and not quoted:
            out.append(" ")
            depth += 1 if text == "(" else -1
            closed = closed and depth >= 0
        elif depth == 0:
            out.append(text.replace(";", ",") if quoted else text)
    return "".join(out), closed and depth == 0 and not quoted
