"""May this client send for this domain? SPF (RFC 7208), evaluated by pyspf over the answers that are known. Pure."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import spf

from mailbot.mail.lookup import Lookup, MissingError, TroubleError, Unverified
from mailbot.mail.message import AuthenticationResult

_LONGEST_RECORD = 8_192  # what fits no answer of 512 octets is over-long already (RFC 7208 §3.4)
_MOST_VOID = 2  # RFC 7208 §4.6.4
_MOST_HOSTS = 10  # RFC 7208 §4.6.4


def spf_of(mail: Unverified, lookup: Lookup) -> AuthenticationResult:
    """The result for the reverse-path, or for the name in HELO when that is empty (RFC 7208 §2.4), and its domain.

    Raises MissingError.
    """
    query = _Query(mail, lookup)
    domain = query.o.lower()
    try:
        result = query.check()[0]
    except MissingError:
        raise
    except Exception:  # whatever a hostile record can do to the library, it says nothing for the sender
        result = "permerror"
    return AuthenticationResult("spf", result, domain)


class _Query(spf.query):  # type: ignore[misc] # untyped
    """One evaluation. Nothing is asked but through `lookup`, and nothing depends on the clock."""

    def __init__(self, mail: Unverified, lookup: Lookup) -> None:
        super().__init__(mail.client, mail.sender, mail.helo)
        self.t = str(int(mail.arrived.timestamp()))  # the macro `t`: the same question in every round
        self._lookup = lookup

    def dns(self, name: Any, qtype: Any, cnames: object = None, ignore_void: bool = False) -> list[Any]:  # noqa: ARG002
        """What the library calls for every question; the edge has followed aliases already."""
        try:
            records = self._lookup(str(name), qtype)
        except TroubleError:
            raise spf.TempError("the DNS does not answer") from None
        if not records and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > _MOST_VOID:
                raise spf.PermError("too many answers without a record")
        return [[each[:_LONGEST_RECORD]] if qtype == "TXT" and isinstance(each, bytes) else each for each in records]

    def dns_mx(self, domainname: Any) -> list[Any]:
        """What the library calls for `mx`; the addresses of all hosts are asked for at once."""
        with suppress(MissingError, TroubleError):
            for each in self._lookup(str(domainname), "MX")[:_MOST_HOSTS]:
                with suppress(MissingError, TroubleError):
                    self._lookup(str(each[1]), self.A)
        found: list[Any] = super().dns_mx(domainname)
        return found

    def get_explanation(self, spec: object) -> str:  # noqa: ARG002
        """Nobody reads it: no question for it."""
        return ""
