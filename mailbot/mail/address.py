"""When are two addresses the same, and which addresses may be registered? Pure."""

from __future__ import annotations

import re
import unicodedata

from mailbot.mail.header import clean
from mailbot.mail.mailboxes import mailboxes
from mailbot.mail.message import Mailbox

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?)*\Z")
_QUOTED_PAIR = re.compile(r"\\(.)")
_SPECIAL = re.compile(r'[()<>\[\]:;@\\,"|]')  # RFC 5322 §3.2.3, but for dots; and the | that parts cells of ours
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f]")
_CONFUSABLE = frozenset("аеорсухіјѕԁһӏԛԝɡαοινυρɑı‐‑–")  # letters that look Latin and are not (UTS #39)


def normalise(address: str) -> str:
    """Give the one form by which addresses are compared everywhere; ValueError says what is wrong.

    The local part is unquoted, NFC and its ASCII letters folded: no system that we know keeps `A@x` and `a@x` apart,
    though RFC 5321 §2.4 would let it. The domain is in lower case as A-labels (RFC 5890 §2.3.2.1).
    """
    local, at, domain = address.strip().rpartition("@")
    if not at or not local or not domain:
        raise ValueError(f"{address!r} is no address: it needs a local part, an @ and a domain")
    if len(local) > 256 or len(domain) > 1_024:
        raise ValueError("the address is too long")
    return f"{_local(local)}@{_domain(domain)}"


def _local(local: str) -> str:
    if local.startswith('"') and local.endswith('"') and len(local) > 2:
        local = _QUOTED_PAIR.sub(r"\1", local[1:-1])
    local = unicodedata.normalize("NFC", local)
    if _FORBIDDEN.search(local):
        raise ValueError(f"the local part {local!r} holds blanks or controls")
    return "".join(character.lower() if character.isascii() else character for character in local)


def _domain(domain: str) -> str:
    plain = domain.isascii() and "xn--" not in domain.lower()
    domain = domain.lower() if plain else _a_labels(domain)
    if len(domain) > 253 or not _HOST.match(domain):
        raise ValueError(f"{domain!r} is no domain")
    return domain


def _a_labels(domain: str) -> str:
    import idna

    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError(f"{domain!r} is no international domain: {error}") from error


def registrable(text: str) -> Mailbox:
    """Read `Name <address>` for registration; ValueError says in one sentence what must be mended.

    Stricter than reading mail: full-width and look-alike letters are refused, because a person will compare the
    address by eye. Only one rule of RFC 5322 §3.2.3 is relaxed: Japanese mobile carriers gave out addresses with
    dots at the end of the local part or side by side.
    """
    found = mailboxes(text)
    if len(found) != 1 or "@" not in found[0].address:
        raise ValueError(f"{text!r} is not one address; write: Name <name@example.jp>")
    local, _, domain = found[0].address.rpartition("@")
    if not local.isascii():
        raise ValueError(f"the local part {local!r} holds letters outside ASCII (full-width or look-alike?)")
    _refuse_look_alikes(domain)
    _check_syntax(_without_carrier_dots(local), domain)
    normalise(found[0].address)
    return Mailbox(clean(found[0].name), found[0].address)


def written(box: Mailbox) -> str:
    """Write a mailbox as `registrable` reads it: `Name <name@example.jp>`; what has a meaning there is quoted."""
    local, _, domain = box.address.rpartition("@")
    address = f"{_quoted(local) if _SPECIAL.search(local) else local}@{domain}"
    return f"{_quoted(box.name) if _SPECIAL.search(box.name) else box.name} <{address}>".strip()


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _refuse_look_alikes(domain: str) -> None:
    if unicodedata.normalize("NFKC", domain) != domain:
        raise ValueError(f"the domain {domain!r} holds full-width or otherwise compatible letters; write it plainly")
    for label in domain.lower().split("."):
        foreign = [character for character in label if not character.isascii()]
        if any(character in _CONFUSABLE for character in foreign):
            raise ValueError(f"the domain {domain!r} holds letters that look Latin and are not")


def _without_carrier_dots(local: str) -> str:
    if local.startswith('"'):
        return local
    return re.sub(r"\.{2,}", ".", local).rstrip(".")


def _check_syntax(local: str, domain: str) -> None:
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(
            f"{local}@{domain}",
            allow_smtputf8=False,
            allow_quoted_local=True,
            check_deliverability=False,
            test_environment=True,
        )
    except EmailNotValidError as error:
        raise ValueError(f"{local}@{domain}: {error}") from error
