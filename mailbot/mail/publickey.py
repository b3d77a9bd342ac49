"""Does this key say that the signature is right? A DKIM key record (RFC 6376 §3.6.1) → a key that verifies. Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from dkim.util import InvalidTagValueList, parse_tag_value

_LEAST_BITS = 1024  # RFC 8301 §3.2
_MOST_BITS = 16_384
_RSA_HEADER = bytes.fromhex("300d06092a864886f70d0101010500")  # AlgorithmIdentifier rsaEncryption, RFC 8017 §A.1


class KeyFaultError(Exception):
    """There is no such key, or it is not for this use. The text is the result for it (RFC 8601 §2.7.1)."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key. `exact`: the signer's identity must be of the very domain, not below it (flag `s`)."""

    public: RSAPublicKey | Ed25519PublicKey
    exact: bool

    def signed(self, digest: bytes, signature: bytes) -> bool:
        """Say whether this key signed this SHA-256 digest."""
        try:
            if isinstance(self.public, RSAPublicKey):
                self.public.verify(signature, digest, PKCS1v15(), Prehashed(SHA256()))
            else:
                self.public.verify(signature, digest)  # RFC 8463 §3
        except InvalidSignature:
            return False
        return True


def key_of(records: Iterable[bytes], *, algorithm: bytes) -> Key:
    """The key for a signature of this algorithm (`rsa` or `ed25519`): of several records, the first that is one.

    Raises KeyFaultError.
    """
    for record in records:
        try:
            tags = parse_tag_value(record)
        except (InvalidTagValueList, IndexError):
            continue
        if b"p" in tags and tags.get(b"v", b"DKIM1") == b"DKIM1":
            return _key(tags, algorithm)
    raise KeyFaultError("permerror")


def _key(tags: Mapping[bytes, bytes], algorithm: bytes) -> Key:
    kind = tags.get(b"k", b"rsa")
    hashes, services = _words(tags.get(b"h", b"sha256")), _words(tags.get(b"s", b"*"))
    if kind != algorithm or b"sha256" not in hashes or not {b"*", b"email"} & services:
        raise KeyFaultError("permerror")
    try:
        data = base64.b64decode(b"".join(tags[b"p"].split()), validate=True)
        public = _rsa(data) if kind == b"rsa" else Ed25519PublicKey.from_public_bytes(data)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):  # an empty p= is a key that was withdrawn
        raise KeyFaultError("permerror") from None
    return Key(public, exact=b"s" in _words(tags.get(b"t", b"")))


def _words(value: bytes) -> set[bytes]:
    return {word.strip().lower() for word in value.split(b":")}


def _rsa(data: bytes) -> RSAPublicKey:
    """Read a SubjectPublicKeyInfo, or the bare RSAPublicKey that RFC 6376 §3.6.1 speaks of."""
    try:
        found = load_der_public_key(data)
    except ValueError:
        found = load_der_public_key(_wrapped(data))
    if not isinstance(found, RSAPublicKey) or found.key_size > _MOST_BITS:
        raise ValueError
    if found.key_size < _LEAST_BITS:
        raise KeyFaultError("policy")
    return found


def _wrapped(key: bytes) -> bytes:
    """A bare RSAPublicKey as SubjectPublicKeyInfo (RFC 5280 §4.1)."""
    bits = b"\x03" + _length(len(key) + 1) + b"\0" + key
    body = _RSA_HEADER + bits
    return b"\x30" + _length(len(body)) + body


def _length(size: int) -> bytes:
    """A DER length (X.690 §8.1.3)."""
    if size < 0x80:
        return bytes((size,))
    data = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(data),)) + data
