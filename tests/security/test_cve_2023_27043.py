"""CPython CVE-2023-27043 and its kin: an address that two parsers read differently proves nothing about its writer."""

from __future__ import annotations

import pytest

from tests.flows.office import Office, mail
from tests.security.people import ASKER, STRANGER, decided, outsiders

TRICKS = [
    f"{ASKER} <{STRANGER}>",
    f"{ASKER})<{STRANGER}>",
    f"{ASKER}(<{STRANGER}>",
    f"{ASKER}, {STRANGER}",
    f"{ASKER}; {STRANGER}",
    f"<{ASKER}> <{STRANGER}>",
    f"<{ASKER}><{STRANGER}>",
    f"<@elsewhere.example:{ASKER}>",
    f"{ASKER}@elsewhere.example",
    f"{ASKER}\x00@elsewhere.example",
    f"group: {ASKER};",
    f"{ASKER} (comment",
    f'"{ASKER}" <{ASKER}',
    "ann@acme.example.",
    "ann@[acme.example]",
    "ａnn@acme.example",
    "=?utf-8?q?ann=40acme.example?=",
    "=?utf-8?q?ann=40acme.example=3E?= <eve@elsewhere.example>",
]


@pytest.mark.parametrize("from_", TRICKS)
def test_nobody_is_believed_to_be_the_asker(office: Office, from_: str) -> None:
    verdict = decided(office, mail(from_, "Question", "How?"), sender=STRANGER)
    assert verdict in {"hold ambiguous-author", "hold stranger", "hold known-domain"}
    assert office.incidents() == []
    assert outsiders(office) == []
