"""Does the author's own domain stand behind this mail, and what does it want done otherwise? DMARC (RFC 9989). Pure.

No library that we know walks the tree as RFC 9989 §4.10 says, so this small part is ours; it evaluates no signature.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from mailbot.mail.lookup import Lookup, MissingError, TroubleError
from mailbot.mail.message import AuthenticationResult

_VERSION = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")  # §4.8: first, and its value in capitals
_POLICIES = {"none", "quarantine", "reject"}
_WEAKER = {"reject": "quarantine", "quarantine": "none", "none": "none"}
_ALIGNMENT = {"dkim": "adkim", "spf": "aspf"}
_LONGEST_WALK = 8  # names, §4.10
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:[^\s,]")

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk up the tree found: the organizational domain, and the records by name, longest name first."""

    organization: str
    records: Mapping[str, Tags]


def dmarc_of(domain: str, results: Iterable[AuthenticationResult], lookup: Lookup) -> AuthenticationResult:
    """The result for this author domain, over those of DKIM and SPF, and the policy that applies.

    Raises MissingError.
    """
    try:
        walk = walked(domain, lookup)
        found = _applying(domain, walk, lookup)
        if found is None:
            return AuthenticationResult("dmarc", "none", domain)
        record, policy = found
        return AuthenticationResult("dmarc", _result(domain, walk, record, list(results), lookup), domain, policy)
    except TroubleError:
        return AuthenticationResult("dmarc", "temperror", domain)


def walked(domain: str, lookup: Lookup) -> Walk:
    """Walk up from this domain (§4.10) and choose the organizational domain (§4.10.2). Raises as lookups do."""
    records: dict[str, Tags] = {}
    names = _names(domain)
    _ask(names, lookup)
    for name in names:
        record = _record(name, lookup)
        if record is not None:
            records[name] = record
            if record.get("psd") in ("y", "n"):
                break
    return Walk(_organization(domain, records), records)


def _names(domain: str) -> list[str]:
    """The names to ask at, the domain first; long ones are cut to seven labels at the second step (§4.10)."""
    labels = domain.split(".")
    above = labels[1:] if len(labels) < _LONGEST_WALK else labels[1 - _LONGEST_WALK :]
    return [domain, *(".".join(above[start:]) for start in range(len(above)))]


def _ask(names: Sequence[str], lookup: Lookup) -> None:
    """Ask for all at once, though the walk may end before the last: answers cost less than waiting."""
    for name in names:
        with suppress(MissingError, TroubleError):
            lookup.texts(f"_dmarc.{name}")


def _record(name: str, lookup: Lookup) -> Tags | None:
    """The policy record at this name; several are as good as none (§4.10)."""
    texts = [each.decode("utf-8", "replace").strip() for each in lookup.texts(f"_dmarc.{name}")]
    found = [each for each in texts if _VERSION.match(each)]
    return _tags(found[0]) if len(found) == 1 else None


def _tags(text: str) -> Tags:
    """Tags by name in lower case; what is no tag, or unknown, does not count (§4.7)."""
    pairs = (piece.partition("=") for piece in text.split(";")[:50])
    return {
        name.strip().lower(): value.strip() if name.strip() in ("rua", "v") else value.strip().lower()
        for name, equals, value in pairs
        if equals
    }


def _organization(domain: str, records: Mapping[str, Tags]) -> str:
    """§4.10.2."""
    for name, record in records.items():
        if record.get("psd") == "n":
            return name
        if record.get("psd") == "y" and name != domain:
            return ".".join(domain.split(".")[-len(name.split(".")) - 1 :])
    return list(records)[-1] if records else domain


def _applying(domain: str, walk: Walk, lookup: Lookup) -> tuple[Tags, str] | None:
    """The record that applies and its policy (§4.10.1): the author domain's, the organization's, the registry's."""
    places = [domain, walk.organization, *(name for name, tags in walk.records.items() if tags.get("psd") == "y")]
    place = next((name for name in places if name in walk.records), None)
    if place is None:
        return None
    record = walk.records[place]
    policies = [record[tag] for tag in ("p", "sp", "np") if tag in record]
    if "p" not in record or not _POLICIES.issuperset(policies):
        return (record, "none") if _URI.match(record.get("rua", "")) else None
    policy = record["p"] if place == domain else _of_subdomain(domain, record, lookup)
    return record, _WEAKER[policy] if record.get("t") == "y" else policy  # §4.7, t


def _of_subdomain(domain: str, record: Tags, lookup: Lookup) -> str:
    if "np" in record and not lookup.exists(domain):  # §4.7, np
        return record["np"]
    return record.get("sp", record["p"])


def _result(domain: str, walk: Walk, record: Tags, results: Sequence[AuthenticationResult], lookup: Lookup) -> str:
    """§4.4 and §5.3: pass when one identifier that passed is aligned; no failure while one that is may yet pass."""
    for wanted in ("pass", "temperror"):
        for each in results:
            strict = record.get(_ALIGNMENT.get(each.method, "")) == "s"
            if each.result == wanted and _aligned(each.domain, domain, walk, strict=strict, lookup=lookup):
                return wanted
    return "fail"


def _aligned(identifier: str, domain: str, walk: Walk, *, strict: bool, lookup: Lookup) -> bool:
    if identifier == domain:
        return True
    # The organization of one is the end of its name, so that unrelated names need no walk.
    if strict or not f".{identifier}".endswith(f".{walk.organization}"):
        return False
    return walked(identifier, lookup).organization == walk.organization
