"""RT CVE-2014-9472: a charset that cannot be decoded, or that swells, costs neither the question nor the log."""

from __future__ import annotations

import pytest

from tests.flows.office import Office, mail
from tests.security.people import ASKER, decided

CHARSETS = [
    "utf-32",
    "utf-7",
    "idna",
    "punycode",
    "unicode_escape",
    "rot13",
    "zlib",
    "hex",
    "base64",
    "x-unknown",
    "",
    "\0",
    "a" * 900,
]


@pytest.mark.parametrize("charset", CHARSETS, ids=range(len(CHARSETS)))
def test_any_charset(office: Office, charset: str) -> None:
    raw = mail(ASKER, f"=?{charset}?q?=FF=FE=00?=", "\x7f" + "x\xff" * 10_000).replace(
        b"charset=utf-8", f'charset="{charset}"'.encode()
    )
    assert decided(office, raw, sender=ASKER) == "open"
    assert [letter.kind for letter in office.sent] == ["acknowledgement", "question"]
    assert len(office.log) <= 20
