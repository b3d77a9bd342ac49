"""Who answers for this letter? Signs what leaves (RFC 6376; Ed25519: RFC 8463).

dkimpy parses, chooses and canonicalises the fields and writes the signature field; `cryptography` signs (0.7 ms with
RSA-2048, where dkimpy's own arithmetic takes ten). There is no `t=`, so that a retry sends the same bytes.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from dkim.canonicalization import CanonicalizationPolicy, compress_whitespace

from mailbot.channels.letter import Letter, Relay, normalised
from mailbot.config.settings import Dkim
from mailbot.errors import ConfigurationError, Fault, RelayError

SIGNED = frozenset(
    b"from to cc subject date message-id reply-to in-reply-to references sender auto-submitted mime-version "
    b"content-type content-transfer-encoding content-language content-disposition content-id content-description "
    b"list-id list-help list-owner list-post list-archive list-subscribe list-unsubscribe list-unsubscribe-post".split()
)
"""The fields to sign where they are present (RFC 6376 §5.4.1; RFC 8058 §4 wants both List-Unsubscribe fields).
From is signed once more than it is there, so that no second one can be added (RFC 6376 §8.15)."""

PrivateKey = RSAPrivateKey | Ed25519PrivateKey
_LONGEST_AT_ONCE = 131_072  # bytes; hashing takes 40 ms a megabyte, in which nobody else would be served
_RELAXED: Any = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")


def load(settings: Dkim, section: str = "relay") -> Signer:
    """Read the key of this section's relay. Raises ConfigurationError with the mend when it cannot be used."""
    try:
        key = load_pem_private_key(settings.key_file.read_bytes(), password=None)
    except OSError as error:
        raise _unusable(section, settings.key_file, f"the key cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it wants a password
        raise _unusable(
            section, settings.key_file, f"is not a private key in PEM without a password: {_MAKE_ONE}"
        ) from None
    if isinstance(key, RSAPrivateKey) and key.key_size < 2048:  # RFC 8301 §3.2
        raise _unusable(section, settings.key_file, f"an RSA key needs 2048 bits, this has {key.key_size}: {_MAKE_ONE}")
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise _unusable(section, settings.key_file, f"must be an RSA or Ed25519 key: {_MAKE_ONE}")
    return Signer(key, settings.selector, settings.domain)


_MAKE_ONE = "make one with `openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out FILE`"


def _unusable(section: str, path: Path, mend: str) -> ConfigurationError:
    return ConfigurationError([Fault("config.toml", f"[{section}.dkim] key_file", f'"{path}"', mend)])


@dataclass(frozen=True, slots=True)
class Signer:
    """A loaded key and the name under which its public half stands in the DNS: `<selector>._domainkey.<domain>`."""

    key: PrivateKey
    selector: str
    domain: str

    def sign(self, raw: bytes) -> bytes:
        """The normalised letter with a DKIM-Signature field on top. Raises RelayError when it cannot be signed."""
        raw = normalised(raw)
        try:
            return self._field(raw) + raw
        except (dkim.DKIMException, IndexError) as error:  # IndexError: the first line begins with a blank
            raise RelayError(f"the letter cannot be signed: {error}", permanent=True) from error

    def _field(self, raw: bytes) -> bytes:
        head, _, body = raw.partition(b"\r\n\r\n")
        # The name of the algorithm is dkimpy's word for "the key object signs the digest"; `a=` below says how.
        letter: Any = dkim.DKIM(head + b"\r\n\r\n", signature_algorithm=b"ed25519-sha256")
        letter.should_sign, letter.hasher = SIGNED, hashlib.sha256
        chosen = tuple(name.lower() for name in letter.default_sign_headers())
        if b"from" not in chosen:  # RFC 6376 §5.4
            raise dkim.ParameterError("it has no From field")
        value = letter.gen_header(
            self._tags(chosen, body), chosen, _RELAXED, b"DKIM-Signature", _DigestSigner(self.key)
        )
        return b"DKIM-Signature: " + bytes(value)

    def _tags(self, chosen: tuple[bytes, ...], body: bytes) -> list[tuple[bytes, bytes]]:
        return [
            (b"v", b"1"),
            (b"a", b"rsa-sha256" if isinstance(self.key, RSAPrivateKey) else b"ed25519-sha256"),
            (b"c", _RELAXED.to_c_value()),
            (b"d", self.domain.encode("ascii")),
            (b"s", self.selector.encode("ascii")),
            (b"h", b" : ".join(chosen)),
            (b"bh", base64.b64encode(_body_hash(body))),
            (b"b", b"0" * 60),  # about a line, so that folding stays as it is when the signature is put in
        ]


def _body_hash(body: bytes) -> bytes:
    # Compressed first: the library's search for blanks at line ends is quadratic in the length of a run of them.
    canonical: bytes = _RELAXED.canonicalize_body(compress_whitespace(body))
    return hashlib.sha256(canonical).digest()


@dataclass(frozen=True, slots=True)
class _Signature:
    signature: bytes


@dataclass(frozen=True, slots=True)
class _DigestSigner:
    """A key in the shape that dkimpy wants for Ed25519 (RFC 8463 §3): it signs the SHA-256 digest."""

    key: PrivateKey

    def sign(self, digest: bytes) -> _Signature:
        if isinstance(self.key, RSAPrivateKey):
            return _Signature(self.key.sign(digest, PKCS1v15(), Prehashed(SHA256())))
        return _Signature(self.key.sign(digest))


class SigningRelay:
    """Signs each letter, then hands it to the relay behind."""

    def __init__(self, relay: Relay, signer: Signer) -> None:
        self._relay, self._signer = relay, signer

    async def send(self, letter: Letter) -> str:
        """As the relay behind."""
        return await self._relay.send(replace(letter, raw=await self._signed(letter.raw)))

    async def check(self) -> None:
        """As the relay behind."""
        await self._relay.check()

    async def close(self) -> None:
        """As the relay behind."""
        await self._relay.close()

    async def _signed(self, raw: bytes) -> bytes:
        if len(raw) <= _LONGEST_AT_ONCE:
            return self._signer.sign(raw)
        return await asyncio.to_thread(self._signer.sign, raw)
