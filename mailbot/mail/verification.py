"""Who really sent this mail, when nobody whom we trust has said so? Unverified → Verification. Pure.

Called again and again, with more answers of the DNS each time, until nothing is missing. For a child process with
limits (`mailbot.sandbox`): what is read here was written by others, in mail and in the DNS.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

from mailbot.mail.authorpolicy import dmarc_of, walked
from mailbot.mail.domainkeys import Signatures
from mailbot.mail.guard import MAX_FIELD, MAX_FIELDS, MAX_HEADER, header_of
from mailbot.mail.headerblock import beginning
from mailbot.mail.lookup import Answer, Lookup, MissingError, Question, TroubleError, Unverified, Verification
from mailbot.mail.message import AuthenticationResult
from mailbot.mail.senderpolicy import spf_of


def verify(mail: Unverified, known: Mapping[Question, Answer]) -> Verification:
    """The results of SPF, DKIM, DMARC and, through a list, ARC; or what must be known first. Never raises."""
    lookup = Lookup(known)
    try:
        results = _results(mail, lookup)
    except MissingError:
        results = ()
    return Verification(() if lookup.missing else results, tuple(lookup.missing))


def _results(mail: Unverified, lookup: Lookup) -> tuple[AuthenticationResult, ...]:
    """Everything that one needs to know is asked for before anything is hashed.

    What others cannot choose comes first: no signature that a forger adds may use up the questions for it.
    """
    with suppress(MissingError, TroubleError):
        lookup.exists(mail.author_domain)
    with suppress(MissingError, TroubleError):
        walked(mail.author_domain, lookup)
    path = _path(mail, lookup)
    signatures = _signatures(mail, lookup)
    if lookup.missing:
        raise MissingError
    signed = signatures.dkim(mail.arrived) if signatures else []
    chain = signatures.arc() if signatures and mail.through_list else []
    return (*path, *signed, dmarc_of(mail.author_domain, [*path, *signed], lookup), *chain)


def _path(mail: Unverified, lookup: Lookup) -> list[AuthenticationResult]:
    """SPF, where the client is known and says a name (RFC 7208 §2.3)."""
    if not mail.client or not (mail.sender or mail.helo):
        return []
    try:
        return [spf_of(mail, lookup)]
    except MissingError:
        return []


def _signatures(mail: Unverified, lookup: Lookup) -> Signatures | None:
    raw = mail.raw[beginning(mail.raw) :]  # the header must begin where the reader's begins
    header = header_of(raw)
    fields = re.split(rb"\r?\n(?![ \t])", header)
    if len(header) > MAX_HEADER or len(fields) > MAX_FIELDS or max(map(len, fields)) > MAX_FIELD:
        return None
    try:
        signatures = Signatures(raw, lookup)
    except ValueError:
        return None
    signatures.ask(arc=mail.through_list)
    return signatures
