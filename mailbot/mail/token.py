"""Which address or Message-ID did we hand out ourselves, for what, and to whom? Signed tokens. Pure.

A token proves that we wrote it and that it is still good. It admits nobody: whoever sends it back must also belong
to the incident (attack rows 10, 11).
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal, get_args

Purpose = Literal["reply", "staff-reply", "note", "message", "bounce", "desk"]
"""What a token is good for: a customer's answer, staff's answer to the customer, staff's internal note, a Message-ID
of ours, the return path of one letter, orders of one of staff."""

# The bytes on the wire: one format, no other is ever accepted (promises, invariant 10). Numbers are never given anew.
_CODES: dict[Purpose, int] = {"reply": 1, "staff-reply": 2, "note": 3, "message": 4, "bounce": 5, "desk": 6}
_PURPOSES = {code: purpose for purpose, code in _CODES.items()}
_DAY_ZERO = date(2020, 1, 1)
_KEY, _INCIDENT, _PERSON, _DAY, _SEAL = 1, 4, 3, 2, 10  # lengths in bytes; 80 bits of HMAC-SHA256
_SIGNED = _KEY + 1 + _INCIDENT + _PERSON + _DAY
_TOKEN_TEXT = re.compile(r"[a-z2-7]{34}")  # 21 bytes; nothing that a mail program would quote or fold
_UNIQUE_TEXT = re.compile(r"[a-z2-7]{13}")
_LARGEST_INCIDENT, _LARGEST_PERSON, _LARGEST_DAY = 256**_INCIDENT - 1, 256**_PERSON - 1, 256**_DAY - 1


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says. `person` is 0 for nobody in particular; `expires_on` is the last day on which it is good."""

    purpose: Purpose
    incident: int
    person: int
    expires_on: date | None


class TokenFault(StrEnum):
    """Why a text is no token of ours."""

    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown-key"
    BAD_SIGNATURE = "bad-signature"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The keys that come from one secret; `id` tells them apart and says nothing of the secret."""

    id: int
    by_purpose: tuple[tuple[Purpose, bytes], ...] = field(repr=False)
    unique: bytes = field(repr=False)

    def of(self, purpose: Purpose) -> bytes:
        """The key of one purpose, so that a token of one kind can never pass for another."""
        return self.by_purpose[_CODES[purpose] - 1][1]


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """All keys that verify; the first one signs."""

    keys: tuple[SigningKey, ...]


def signing_keys(secrets: Sequence[str]) -> SigningKeys:
    """Derive the keys from the configured secrets, newest first."""
    if not secrets or not all(secrets):
        raise ValueError("signing needs at least one secret, and none may be empty")
    return SigningKeys(tuple(_signing_key(secret.encode()) for secret in secrets))


def _signing_key(secret: bytes) -> SigningKey:
    purposes = tuple((purpose, _derive(secret, f"token {purpose}")) for purpose in get_args(Purpose))
    return SigningKey(_derive(secret, "key id")[0], purposes, _derive(secret, "unique"))


def _derive(secret: bytes, label: str) -> bytes:
    return hmac.digest(secret, b"mailbot " + label.encode(), "sha256")


def mint(keys: SigningKeys, token: Token) -> str:
    """Write a token as 34 lower-case letters and digits."""
    key = keys.keys[0]
    signed = _packed(key.id, token)
    return _text(signed + _seal(key, token.purpose, signed))


def _packed(key_id: int, token: Token) -> bytes:
    day = 0 if token.expires_on is None else (token.expires_on - _DAY_ZERO).days
    if not 0 <= token.incident <= _LARGEST_INCIDENT or not 0 <= token.person <= _LARGEST_PERSON:
        raise ValueError(f"a token has no room for incident {token.incident}, person {token.person}")
    if token.expires_on is not None and not 0 < day <= _LARGEST_DAY:
        raise ValueError(f"a token cannot expire on {token.expires_on}")
    return (
        bytes((key_id, _CODES[token.purpose]))
        + token.incident.to_bytes(_INCIDENT, "big")
        + token.person.to_bytes(_PERSON, "big")
        + day.to_bytes(_DAY, "big")
    )


def _seal(key: SigningKey, purpose: Purpose, signed: bytes) -> bytes:
    return hmac.digest(key.of(purpose), signed, "sha256")[:_SEAL]


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


def read(keys: SigningKeys, text: str, *, today: date) -> Token | TokenFault:
    """Read a token that came back. Letter case does not matter: some mail servers change it."""
    lowered = text.lower()
    if not text.isascii() or not _TOKEN_TEXT.fullmatch(lowered):
        return TokenFault.MALFORMED
    raw = base64.b32decode(lowered.upper() + "=" * 6)
    purpose = _PURPOSES.get(raw[1])
    if purpose is None or _text(raw) != lowered:  # one token has one spelling: the unused last bits are zero
        return TokenFault.MALFORMED
    known = [key for key in keys.keys if key.id == raw[0]]
    if not known:
        return TokenFault.UNKNOWN_KEY
    signed, seal = raw[:_SIGNED], raw[_SIGNED:]
    if not any(hmac.compare_digest(_seal(key, purpose, signed), seal) for key in known):
        return TokenFault.BAD_SIGNATURE
    token = _unpacked(purpose, signed)
    if token.expires_on is not None and today > token.expires_on:
        return TokenFault.EXPIRED
    return token


def _unpacked(purpose: Purpose, signed: bytes) -> Token:
    incident = int.from_bytes(signed[2 : 2 + _INCIDENT], "big")
    person = int.from_bytes(signed[2 + _INCIDENT : -_DAY], "big")
    day = int.from_bytes(signed[-_DAY:], "big")
    return Token(purpose, incident, person, _DAY_ZERO + timedelta(days=day) if day else None)


def reply_address(support_address: str, token_text: str) -> str:
    """The desk's address with the token as sub-address (RFC 5233): `support+<token>@domain`."""
    local, _, domain = support_address.rpartition("@")
    return f"{local}+{token_text}@{domain}"


def token_in_address(address: str, support_address: str) -> str | None:
    """The token text in an address of the desk, lower case; None when the address has none or is not the desk's."""
    local, _, domain = address.lower().rpartition("@")
    desk_local, _, desk_domain = support_address.lower().rpartition("@")
    if domain != desk_domain or not local.startswith(f"{desk_local}+"):
        return None
    return _shaped(local[len(desk_local) + 1 :])


def own_message_id(keys: SigningKeys, idempotency_key: str, token_text: str, domain: str) -> str:
    """The Message-ID of a letter of ours, without angle brackets: the same letter gets the same one each time.

    Kept short: longer than about 70 characters, and some mail programs mangle it in References.
    """
    unique = hmac.digest(keys.keys[0].unique, idempotency_key.encode(), "sha256")[:8]
    return f"{_text(unique)}.{token_text}@{domain}"


def token_in_message_id(message_id: str, domain: str) -> str | None:
    """The token text in a Message-ID that looks like ours, lower case; without or with angle brackets."""
    local, _, host = message_id.strip("<> ").lower().rpartition("@")
    unique, _, text = local.partition(".")
    if host != domain.lower() or not _UNIQUE_TEXT.fullmatch(unique):
        return None
    return _shaped(text)


def _shaped(text: str) -> str | None:
    return text if text.isascii() and _TOKEN_TEXT.fullmatch(text) else None
