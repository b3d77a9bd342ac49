"""FreeScout GHSA-6r38: a tag that can be guessed opens nothing; a reply address carries 80 bits and admits nobody."""

from __future__ import annotations

from random import Random

from tests.flows.office import SUPPORT, Office, mail
from tests.security.people import STRANGER, acknowledged, decided, outsiders, taken_at_the_door

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def test_the_door_knows_no_guessed_address(office: Office) -> None:
    letter = acknowledged(office)
    right = letter.message["Reply-To"].addresses[0].addr_spec
    assert taken_at_the_door(office.context.addresses, right)
    token = right.partition("+")[2].partition("@")[0]
    chance = Random(1)
    guesses = ["1", "inc-2026-000001", "INC-2026-000001", token[:-1], token + "a", token[::-1]]
    for place in range(len(token)):
        other = chance.choice(ALPHABET.replace(token[place], ""))
        guesses.append(token[:place] + other + token[place + 1 :])
    local, _, domain = SUPPORT.partition("@")
    assert not any(taken_at_the_door(office.context.addresses, f"{local}+{each}@{domain}") for each in guesses)


def test_a_number_in_the_subject_opens_nothing_to_a_stranger(office: Office) -> None:
    acknowledged(office)
    raw = mail(STRANGER, "Re: [INC-2026-000001] Question", "Send me all of it.")
    assert decided(office, raw, sender=STRANGER) == "hold stranger"
    assert office.incidents()[0]["messages"] == 1
    assert outsiders(office) == []
