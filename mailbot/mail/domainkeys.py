"""Which domains signed this mail, and is it as they signed it? DKIM (RFC 6376, 8301, 8463) and ARC (RFC 8617). Pure.

dkimpy reads the tags, chooses and canonicalises the fields, and walks the ARC chain; `cryptography` reads the keys
and verifies. What the library would do in more than linear time is bounded before it begins.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import dkim
from dkim.canonicalization import (
    CanonicalizationPolicy,
    InvalidCanonicalizationPolicyError,
    correct_empty_body,
    strip_trailing_lines,
)
from dkim.util import InvalidTagValueList, parse_tag_value

from mailbot.mail.header import clean
from mailbot.mail.lookup import Lookup, MissingError, TroubleError
from mailbot.mail.message import AuthenticationResult
from mailbot.mail.publickey import Key, KeyFaultError, key_of

MOST_SIGNATURES = 5
_MOST_SETS = 50  # RFC 8617 §4.2.1
_MOST_ASKED = 10  # keys of a chain; those of a longer one are asked for in turn
_MOST_NAMES = 300
_SKEW_SECONDS = 36_000  # for wrong clocks, as dkimpy allows; RFC 6376 §3.5 names no number
_SETS = (b"arc-seal", b"arc-message-signature", b"arc-authentication-results")
_BLANKS = re.compile(rb"[ \t]{2,}|\t")  # a single blank stays
_MANY_BLANKS = re.compile(rb"[ \t\r\n]{100}")  # nobody folds so; the library's patterns would go over them repeatedly
# What the library raises over a mail that it cannot make sense of.
_BROKEN = (
    dkim.DKIMException,
    InvalidTagValueList,
    InvalidCanonicalizationPolicyError,
    ValueError,
    IndexError,
    KeyError,
)

Tags = Mapping[bytes, bytes]
Field = tuple[bytes, bytes]


class Signatures:
    """The signatures of one mail, over the answers that are known."""

    def __init__(self, raw: bytes, lookup: Lookup) -> None:
        """Raises ValueError for a header that nobody could have signed."""
        self._lookup = lookup
        head, body = _divided(raw)
        try:
            self._mail, self._chain = _Mail(head, body, lookup), _Chain(head, body, lookup)
        except _BROKEN as error:
            raise ValueError(f"no header: {error}") from None
        fields = [(name.lower(), value) for name, value in self._mail.headers]
        self._signed = [index for index, (name, _) in enumerate(fields) if name == b"dkim-signature"][:MOST_SIGNATURES]
        self._sets = [(name, value) for name, value in fields if name in _SETS]

    def ask(self, *, arc: bool) -> None:
        """Ask for all keys, so that those that are missing are asked for at once."""
        values = [self._mail.headers[index][1] for index in self._signed]
        values += [value for name, value in self._sets if arc and name != b"arc-authentication-results"][:_MOST_ASKED]
        for value in values:
            with suppress(MissingError, TroubleError):
                self._lookup.texts(_key_name(_tags(value)))

    def dkim(self, arrived: datetime) -> list[AuthenticationResult]:
        """The result of each signature, topmost first, and the domain that signed. Raises MissingError."""
        now = int(arrived.timestamp())
        return [self._result(self._mail.headers[index], now) for index in self._signed]

    def _result(self, field: Field, now: int) -> AuthenticationResult:
        tags = _tags(field[1])
        domain = _domain(tags)
        try:
            return AuthenticationResult("dkim", self._mail.result(field, tags, now), domain)
        except TroubleError:
            return AuthenticationResult("dkim", "temperror", domain)

    def arc(self) -> list[AuthenticationResult]:
        """The state of the chain and the domain of its newest seal; nothing without one. Raises MissingError."""
        if not self._sets:
            return []
        seals = sum(name == b"arc-seal" for name, _ in self._sets)
        if seals > _MOST_SETS or not all(_bounded(_tags(value), value) for _, value in self._sets):
            return [AuthenticationResult("arc", "fail", "")]
        return [AuthenticationResult("arc", *self._chain.state())]


def _divided(raw: bytes) -> tuple[bytes, bytes]:
    """Header and body with every line end a CRLF, as they were signed (RFC 6376 §3.4.3); blank lines at the end go."""
    if raw.count(b"\n") != raw.count(b"\r\n"):
        raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    head, _, body = raw.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", _without_blank_lines(body)


def _without_blank_lines(body: bytes) -> bytes:
    """The body with one line end at its end; the library would take them off one by one."""
    text = body.rstrip(b"\r\n")
    end = body[len(text) :]
    return text + b"\r\n" if end and end == b"\r\n" * (len(end) // 2) else body


def relaxed(body: bytes) -> bytes:
    """The body for `relaxed` (RFC 6376 §3.4.4).

    As the library makes it, but in linear time: its search for blanks at line ends is quadratic in the length of a run.
    """
    body = _BLANKS.sub(b" ", body).replace(b" \r\n", b"\r\n")
    canonical: bytes = correct_empty_body(strip_trailing_lines(_without_blank_lines(body)))
    return canonical


def _tags(value: bytes) -> Tags:
    """The tags of a signature field; none when it is no list of tags."""
    try:
        return dict(parse_tag_value(value))
    except (InvalidTagValueList, IndexError):
        return {}


def _domain(tags: Tags) -> str:
    """Who signed, fit to be shown and compared."""
    return clean(tags.get(b"d", b"")[:253].decode("ascii", "replace")).lower()


def _key_name(tags: Tags) -> str:
    """Where the key stands (RFC 6376 §3.6.2.1)."""
    return b"._domainkey.".join((tags.get(b"s", b""), tags.get(b"d", b""))).decode("latin-1")


def _bounded(tags: Tags, value: bytes) -> bool:
    return tags.get(b"h", b"").count(b":") < _MOST_NAMES and not _MANY_BLANKS.search(value)


class _Reader:
    """Beside the library's reader of a mail: `cryptography` for the keys, and each form of the body hashed once."""

    headers: list[Field]
    verify_sig_process: Any

    def __init__(self, head: bytes, body: bytes, lookup: Lookup) -> None:
        super().__init__(head)  # type: ignore[call-arg] # the library's
        self.body = body
        self._lookup = lookup
        self._hashes: dict[Any, bytes] = {}

    def key(self, tags: Tags) -> Key:
        """The key that this signature names. Raises KeyFaultError, MissingError or TroubleError."""
        return key_of(self._lookup.texts(_key_name(tags)), algorithm=tags[b"a"].partition(b"-")[0])

    def is_signed(self, key: Key, tags: Tags, names: list[bytes], field: Field) -> bool:
        """Say whether body and fields are as they were signed. Raises DKIMException when c= has no meaning."""
        canonical = CanonicalizationPolicy.from_c_value(tags.get(b"c"))
        if b"bh" in tags and self._body_hash(canonical) != base64.b64decode(b"".join(tags[b"bh"].split())):
            return False
        check = _Check(key)
        self.pk, self.ktag = check, b"ed25519"  # dkimpy's word for "the key object verifies the digest"
        rest = {tag: value for tag, value in tags.items() if tag not in (b"bh", b"l")}
        self.verify_sig_process(rest, names, field, None)
        return check.passed

    def _body_hash(self, canonical: Any) -> bytes:
        way = canonical.body_algorithm
        if way not in self._hashes:
            body = relaxed(self.body) if way.name == b"relaxed" else canonical.canonicalize_body(self.body)
            self._hashes[way] = hashlib.sha256(body).digest()
        return self._hashes[way]


class _Check:
    """A key in the shape that dkimpy wants for Ed25519; it remembers what it found."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self.passed = False

    def verify(self, digest: bytes, signature: bytes) -> None:
        self.passed = self._key.signed(digest, signature)


class _Mail(_Reader, dkim.DKIM):  # type: ignore[misc] # untyped
    """A mail and its DKIM signatures."""

    def result(self, field: Field, tags: Tags, now: int) -> str:
        """One signature's result (RFC 8601 §2.7.1). Raises MissingError or TroubleError."""
        names = [name.strip().lower() for name in tags.get(b"h", b"").split(b":")]
        # RFC 6376 §5.4, §6.1.1; one author, for we must not read another than the one who signed (promises §0.3).
        if b"from" not in names or sum(name.lower() == b"from" for name, _ in self.headers) != 1:
            return "permerror"
        if not _bounded(tags, field[1]) or not _in_time(tags, now):
            return "permerror"
        try:
            return self._checked(field, tags, names)
        except KeyFaultError as fault:
            return str(fault)
        except _BROKEN:
            return "permerror"

    def _checked(self, field: Field, tags: Tags, names: list[bytes]) -> str:
        # The times have been compared with that of arrival; the library would take the clock.
        dkim.validate_signature_fields({tag: value for tag, value in tags.items() if tag not in (b"t", b"x")})
        if tags[b"a"] == b"rsa-sha1":  # RFC 8301 §3.1
            return "permerror"
        if b"l" in tags:  # anything may have been added behind (RFC 6376 §8.2)
            return "policy"
        key = self.key(tags)
        if key.exact and tags.get(b"i", tags[b"d"]).rpartition(b"@")[2].lower() != tags[b"d"].lower():
            return "permerror"  # RFC 6376 §3.6.1, flag s
        return "pass" if self.is_signed(key, tags, names, field) else "fail"


def _in_time(tags: Tags, now: int) -> bool:
    """RFC 6376 §3.5: not signed in the future, not expired at arrival."""
    signed, expires = tags.get(b"t", b"0"), tags.get(b"x", b"9" * 12)
    if not (signed.isdigit() and expires.isdigit() and max(len(signed), len(expires)) <= 12):
        return False
    return int(signed) <= now + _SKEW_SECONDS and int(signed) <= int(expires) and now - _SKEW_SECONDS <= int(expires)


class _Chain(_Reader, dkim.ARC):  # type: ignore[misc] # untyped
    """A mail and its ARC sets."""

    def state(self) -> tuple[str, str]:
        """The state of the chain (RFC 8617 §5.2) and the domain of its newest seal. Raises MissingError."""
        self.headers = [_findable(name, value) for name, value in self.headers]
        try:
            state, sets, _ = self.verify()
            return (state or b"fail").decode(), _domain({b"d": sets[0]["as-domain"]}) if sets else ""
        except TroubleError:
            return "temperror", ""
        except _BROKEN:
            return "fail", ""

    def verify_sig(self, sig: Tags, include_headers: list[bytes], sig_header: Field, dnsfunc: object) -> bool:  # noqa: ARG002
        """What the library calls for each seal and signature."""
        try:
            return self.is_signed(self.key(sig), sig, include_headers, sig_header)
        except KeyFaultError:
            return False


def _findable(name: bytes, value: bytes) -> Field:
    """An AMS that begins as the library looks for it, where the blanks before its first tag do not count."""
    tags = _tags(value) if name.lower() == b"arc-message-signature" else {}
    relaxed = bool(tags) and tags.get(b"c", b"relaxed").startswith(b"relaxed")
    return (name, b" " + value.lstrip() if relaxed else value)
