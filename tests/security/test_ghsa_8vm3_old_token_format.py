"""FreeScout GHSA-8vm3-wwq4-ggfx: no older format, no struck-off key, no token of another purpose."""

from __future__ import annotations

import pytest

from mailbot.mail.token import Purpose, Token, mint, own_message_id, reply_address, signing_keys
from tests.flows.office import SECRET, SUPPORT, Office, mail
from tests.security.people import ASKER, acknowledged, decided, taken_at_the_door

KEYS = signing_keys([SECRET])


@pytest.mark.parametrize(
    "token",
    [
        "1",
        "000001",
        "reply-1-0",
        "1-0f0f0f0f",
        "inc1",
        mint(signing_keys(["an old secret"]), Token("reply", 1, 0, None)),
    ],
)
def test_not_even_the_door_opens(office: Office, token: str) -> None:
    acknowledged(office)
    assert not taken_at_the_door(office.context.addresses, reply_address(SUPPORT, token))


@pytest.mark.parametrize("purpose", ["message", "bounce", "staff-reply", "note"])
def test_a_token_of_another_purpose_ties_nothing(office: Office, purpose: Purpose) -> None:
    acknowledged(office)
    to = reply_address(SUPPORT, mint(KEYS, Token(purpose, 1, 0, None)))
    raw = mail(ASKER, "Another question", "How?", message_id="<x@acme.example>", to=to)
    assert decided(office, raw, sender=ASKER, to=to) == "open"


def test_a_message_id_under_a_struck_off_key_ties_nothing(office: Office) -> None:
    acknowledged(office)
    old = signing_keys(["an old secret"])
    forged = own_message_id(old, "ack:1", mint(old, Token("message", 1, 0, None)), "desk.example")
    raw = mail(ASKER, "Another question", "How?", f"In-Reply-To: <{forged}>", message_id="<x@acme.example>")
    assert decided(office, raw, sender=ASKER) == "open"
