"""Is this mail signed or sealed with S/MIME or PGP, and what of its text is only the armour? Pure.

Nothing is verified or decrypted here: the names say what a person has to look at with other means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailbot.mail.structure import Part

SIGNATURE_TYPES = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-encrypted",
    }
)
"""Parts that belong to the envelope: nobody sent them as files."""

_SMIME_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SMIME = {  # RFC 8551 §3.2.2
    "signed-data": "smime-signed",
    "enveloped-data": "smime-encrypted",
    "authenveloped-data": "smime-encrypted",
    "encrypted-data": "smime-encrypted",
    "compressed-data": "smime-compressed",
}
_OIDS = (  # RFC 5652 §4–§8, RFC 5083, RFC 3274: the first word of what is inside, whatever the header says
    (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", "smime-signed"),
    (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", "smime-encrypted"),
    (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06", "smime-encrypted"),
    (b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17", "smime-encrypted"),
    (b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09", "smime-compressed"),
)
_WARNINGS = {
    "smime-encrypted": "the text is encrypted (S/MIME): it cannot be read here",
    "pgp-encrypted": "the text is encrypted (PGP): it cannot be read here",
    "pgp-inline-encrypted": "the text is encrypted (PGP): it cannot be read here",
    "smime-compressed": "the text is packed (S/MIME): it must be opened in a mail program",
    "smime-signed": "the text is inside an S/MIME signature: it must be opened in a mail program",
}
_ARMOUR = re.compile(r"-----(BEGIN|END) PGP (SIGNED MESSAGE|SIGNATURE|MESSAGE)(?:, PART [\d/]{1,9})?-----\s{0,9}\Z")
_ARMOUR_HEADER = re.compile(r"[A-Z][A-Za-z-]{1,20}: ")


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A text without its armour, and which kinds of armour it had."""

    text: str
    kinds: tuple[str, ...]


def protection_of(root: Part, inline: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The envelopes of the mail, outermost first; `inline` are those that stood in its text."""
    return tuple(dict.fromkeys([*_envelopes(root), *inline]))


def warnings_for(root: Part, protection: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Say why there is no text, in plain words; a mail whose text can be read needs no warning for its signature."""
    opaque = any(map(_is_smime, root.walk())) if protection and not text.strip() else False
    told = [kind for kind in protection if kind.endswith("encrypted") or (opaque and kind in _WARNINGS)]
    return tuple(dict.fromkeys(_WARNINGS[kind] for kind in told))


def unsealed(text: str) -> Unsealed:
    """Take PGP armour out of a text (RFC 9580 §6.2, §7): the signed words stay, the signature and ciphertext go."""
    if "-----BEGIN PGP " not in text:
        return Unsealed(text, ())
    lines = text.split("\n")
    kept: list[str] = []
    kinds: list[str] = []
    at, signed = 0, False
    while at < len(lines):
        mark = _ARMOUR.match(lines[at]) if lines[at].startswith("-----") else None
        if mark is None or (mark.group(1) == "END" and not signed):
            kept.append(lines[at][2:] if signed and lines[at].startswith("- ") else lines[at])
            at += 1
        elif mark.group(2) == "SIGNED MESSAGE":
            at, signed = _after_headers(lines, at + 1), True
            kinds.append("pgp-inline-signed")
        else:
            end = _end(lines, at)
            kinds += ["pgp-inline-encrypted"] if mark.group(2) == "MESSAGE" else []
            at, signed = end + 1, False
    return Unsealed("\n".join(kept) if kinds else text, tuple(dict.fromkeys(kinds)))


def _after_headers(lines: list[str], at: int) -> int:
    """`Hash: SHA256` and a blank line."""
    while at < len(lines) and _ARMOUR_HEADER.match(lines[at]):
        at += 1
    return at + 1 if at < len(lines) and not lines[at].strip() else at


def _end(lines: list[str], at: int) -> int:
    """The closing line; where it is missing, the last line without a blank in it."""
    for place in range(at + 1, len(lines)):
        line = lines[place]
        if line.startswith("-----END PGP"):
            return place
        if " " in line.strip() and not _ARMOUR_HEADER.match(line):
            return place - 1
    return len(lines) - 1


def _envelopes(part: Part) -> Iterator[str]:
    kind = part.content_type
    if kind == "multipart/signed":
        yield _signed_with(part)
    elif kind in ("multipart/encrypted", "application/pgp-encrypted"):  # gateways turn the envelope into mixed
        yield "pgp-encrypted"
    elif _is_smime(part):
        yield from _smime(part)
    elif kind in SIGNATURE_TYPES:
        yield "pgp-signed" if "pgp" in kind else "smime-signed"
    if kind.startswith("multipart/"):
        for child in part.children:
            yield from _envelopes(child)


def _is_smime(part: Part) -> bool:
    kind = part.content_type
    return kind in _SMIME_TYPES or (kind == "application/octet-stream" and part.filename.lower().endswith(".p7m"))


def _signed_with(part: Part) -> str:
    types = [part.parameters.get("protocol", ""), *(child.content_type for child in part.children[1:])]
    return "pgp-signed" if any("pgp" in each.lower() for each in types) else "smime-signed"


def _smime(part: Part) -> Iterator[str]:
    """What the first bytes say counts more than the parameter; lists of certificates are no envelope."""
    said = part.parameters.get("smime-type", "").lower()
    if said == "certs-only" or part.filename.lower().endswith((".p7c", ".p7s")):
        return
    head = part.content()[:64]
    found = next((name for oid, name in _OIDS if oid in head), "") or _SMIME.get(said, "smime-encrypted")
    yield found
