"""How sure are we that the author's domain sent it? Results and domains → Trust. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mailbot.mail.authenticity import MALFORMED
from mailbot.mail.message import AuthenticationResult, Trust


def trust_of(results: Sequence[AuthenticationResult], domain: str, *, lists: Collection[str] = ()) -> Trust:
    """Judge a mail by its author from this domain.

    `lists` are the domains of the registered lists that it says it came through: a list may break the author's
    signature, and its own word that the mail came through it is then worth something (RFC 8617).
    """
    if MALFORMED in results or _is_disowned(results, domain):
        return Trust.PLAUSIBLE if _came_through(results, lists) else Trust.FORGED
    return Trust.AUTHENTICATED if _is_owned(results, domain) else Trust.PLAUSIBLE


def _is_disowned(results: Sequence[AuthenticationResult], domain: str) -> bool:
    """Its own domain asks for refusal (RFC 9989 §5.3), or whoever checked has seen another author (promises §0.3)."""
    for each in results:
        if each.method != "dmarc":
            continue
        if each.result == "fail" and each.policy != "none":
            return True
        if each.result == "pass" and each.domain and not _holds(each.domain, domain):
            return True
    return False


def _is_owned(results: Sequence[AuthenticationResult], domain: str) -> bool:
    """A passed DMARC says so, and so does a signature or a path of the very domain: that is aligned in every case."""
    passed = [each for each in results if each.result == "pass" and each.domain]
    return any(
        _holds(each.domain, domain) if each.method == "dmarc" else each.domain == domain
        for each in passed
        if each.method in ("dmarc", "dkim", "spf")
    )


def _came_through(results: Sequence[AuthenticationResult], lists: Collection[str]) -> bool:
    return any(
        _holds(each.domain, name) or _holds(name, each.domain)
        for each in results
        if each.method in ("dkim", "arc") and each.result == "pass" and "." in each.domain
        for name in lists
    )


def _holds(parent: str, domain: str) -> bool:
    """Some borders write the organization's domain where the author's is below it."""
    return f".{domain}".endswith(f".{parent}")
