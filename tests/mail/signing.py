"""Mails that are signed for a test, and the records that their signatures need."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RSA = generate_private_key(65537, 2048)
SMALL = generate_private_key(65537, 1024)
ED25519 = Ed25519PrivateKey.generate()
Key = RSAPrivateKey | Ed25519PrivateKey


def record(key: Key, *tags: str) -> bytes:
    """The key record of this key (RFC 6376 §3.6.1)."""
    public: Any = key.public_key()
    if isinstance(key, RSAPrivateKey):
        kind, data = "rsa", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        kind, data = "ed25519", public.public_bytes_raw()
    return "; ".join(["v=DKIM1", f"k={kind}", *tags, f"p={base64.b64encode(data).decode()}"]).encode()


def signed(
    raw: bytes, key: Key, *, domain: str = "customer.example", names: str = "from:subject", **tags: str
) -> bytes:
    """The mail with a signature on top, made by the steps of RFC 6376 §3.7 and no library; relaxed/relaxed."""
    head, _, body = raw.partition(b"\r\n\r\n")
    body = re.sub(rb"[ \t]+", b" ", body).replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    digest = base64.b64encode(hashlib.sha256(body + b"\r\n" if body else b"").digest()).decode()
    algorithm = "rsa-sha256" if isinstance(key, RSAPrivateKey) else "ed25519-sha256"
    values = {"v": "1", "a": algorithm, "c": "relaxed/relaxed", "d": domain, "s": "s1", "h": names, "bh": digest}
    field = "; ".join(f"{tag}={value}" for tag, value in {**values, **tags}.items()) + "; b="
    lines = _chosen(head, names) + f"dkim-signature:{field}".encode()
    return b"DKIM-Signature: " + field.encode() + base64.b64encode(_signature(key, lines, tags)) + b"\r\n" + raw


def _chosen(head: bytes, names: str) -> bytes:
    fields = [field.partition(b":") for field in re.sub(rb"\r\n(?=[ \t])", b"", head).split(b"\r\n")]
    left = [(name.lower().decode(), re.sub(rb"[ \t]+", b" ", value).strip()) for name, _, value in fields]
    chosen = b""
    for name in names.lower().split(":"):
        place = max((index for index, each in enumerate(left) if each[0] == name), default=None)
        if place is not None:
            chosen += name.encode() + b":" + left.pop(place)[1] + b"\r\n"
    return chosen


def _signature(key: Key, lines: bytes, tags: dict[str, str]) -> bytes:
    if isinstance(key, RSAPrivateKey):
        return key.sign(lines, PKCS1v15(), SHA1() if tags.get("a") == "rsa-sha1" else SHA256())
    return key.sign(hashlib.sha256(lines).digest())  # RFC 8463 §3
