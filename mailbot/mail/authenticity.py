"""Who vouches for this mail? Authentication-Results (RFC 8601), and only those of our own border. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.mail.header import clean
from mailbot.mail.message import AuthenticationResult, Message, Trust

_COMMENT_OR_QUOTE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[()\\]|[^"()\\]+')
_METHOD = re.compile(r"\s*([\w-]{1,40})\s*(?:/\s*\d{1,4}\s*)?=\s*([\w-]{1,40})")
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


@dataclass(frozen=True, slots=True)
class Results:
    """One Authentication-Results field: who says it, and what about each method."""

    authserv_id: str
    results: tuple[AuthenticationResult, ...]


def authentication_of(values: Sequence[str], *, authserv_id: str) -> tuple[AuthenticationResult, ...]:
    """The results in the topmost field of the configured authserv-id; every other field may be forged (§7.1).

    With an empty `authserv_id` nobody is believed.
    """
    if not authserv_id:
        return ()
    for value in values:
        found = parsed(value)
        if found is not None and found.authserv_id.lower() == authserv_id.lower():
            return found.results
    return ()


def trust_of(message: Message) -> Trust:
    """Say how sure we are that the author's domain sent this, from the results that are believed."""
    found = {each.method: each.result for each in message.authentication}
    if found.get("dmarc") == "fail":
        return Trust.FORGED
    return Trust.AUTHENTICATED if found.get("dmarc") == "pass" else Trust.PLAUSIBLE


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
    """Read one unfolded field value (§2.2); None when it is not well formed enough to be believed."""
    pieces = _outside_comments(value).split(";")
    head = pieces[0].split()
    if not head or len(head) > 2 or "=" in head[0]:
        return None
    name = head[0].strip('"')
    results = [found for piece in pieces[1 : _LIMIT + 1] if (found := _result(piece))]
    return Results(clean(name), tuple(results))


def _result(piece: str) -> AuthenticationResult | None:
    match = _METHOD.match(piece)
    if match is None:
        return None
    method, result = match.group(1).lower(), match.group(2).lower()
    found = {f"{kind}.{name}".lower(): quoted or plain for kind, name, quoted, plain in _PROPERTY.findall(piece)}
    domain = next((found[name] for name in _DOMAIN_OF.get(method, ()) if found.get(name)), "")
    return AuthenticationResult(method, result, clean(domain.rpartition("@")[2]).lower())


def _outside_comments(value: str) -> str:
    """Drop comments, nested ones too, by counting; semicolons inside quotes become commas."""
    out: list[str] = []
    depth = 0
    for match in _COMMENT_OR_QUOTE.finditer(value):
        text = match.group()
        if text == "(":
            depth += 1
        elif text == ")":
            depth = max(0, depth - 1)
        elif not depth:
            out.append(text.replace(";", ",") if text.startswith('"') else text)
    return "".join(out)
