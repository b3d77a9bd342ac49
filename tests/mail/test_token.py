"""Tokens: what we sign we can read, and nothing else passes (attack rows 10 and 11)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mail.token import (
    Purpose,
    Token,
    TokenFault,
    mint,
    own_message_id,
    read,
    reply_address,
    signing_keys,
    token_in_address,
    token_in_message_id,
)

TODAY = date(2026, 11, 22)
OLD, NEW, OTHER = "o" * 40, "n" * 40, "x" * 40
KEYS = signing_keys([NEW, OLD])
TOKEN = Token("reply", 123, 7, date(2027, 11, 22))
TEXT = mint(KEYS, TOKEN)

tokens = st.builds(
    Token,
    purpose=st.sampled_from(get_args(Purpose)),
    incident=st.integers(0, 256**4 - 1),
    person=st.integers(0, 256**3 - 1),
    expires_on=st.none() | st.dates(date(2020, 1, 2), date(2199, 6, 6)),
)


@given(tokens)
def test_what_is_minted_is_read(token: Token) -> None:
    text = mint(KEYS, token)
    assert len(text) == 34
    assert text == text.lower()
    assert text.isalnum()
    assert read(KEYS, text, today=date(2020, 1, 1)) == token


@given(tokens, st.integers(0, 33), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_no_letter_can_be_changed(token: Token, place: int, letter: str) -> None:
    text = mint(KEYS, token)
    changed = text[:place] + letter + text[place + 1 :]
    assert changed == text or isinstance(read(KEYS, changed, today=date(2020, 1, 1)), TokenFault)


@given(st.text())
def test_any_text_gives_a_fault(text: str) -> None:
    assert read(KEYS, text, today=TODAY) is TokenFault.MALFORMED


@pytest.mark.parametrize("purpose", get_args(Purpose))
def test_a_token_of_one_purpose_is_none_of_another(purpose: Purpose) -> None:
    codes = [mint(KEYS, replace(TOKEN, purpose=each)) for each in get_args(Purpose)]
    assert len({text[-16:] for text in codes}) == len(codes)
    assert read(KEYS, mint(KEYS, replace(TOKEN, purpose=purpose)), today=TODAY) == replace(TOKEN, purpose=purpose)


def test_letter_case_does_not_matter() -> None:
    assert read(KEYS, TEXT.upper(), today=TODAY) == TOKEN


def test_a_token_is_good_to_the_end_of_its_last_day() -> None:
    assert TOKEN.expires_on is not None
    assert read(KEYS, TEXT, today=TOKEN.expires_on) == TOKEN
    assert read(KEYS, TEXT, today=TOKEN.expires_on + timedelta(days=1)) is TokenFault.EXPIRED


def test_a_forged_token_is_not_told_whether_it_has_expired() -> None:
    forged = TEXT[:-3] + ("aaa" if TEXT[-3:-1] != "aa" else "bba")
    assert read(KEYS, forged, today=date(2100, 1, 1)) in {TokenFault.BAD_SIGNATURE, TokenFault.MALFORMED}


def test_rotation_keeps_what_the_old_secret_signed_and_signs_with_the_new() -> None:
    before = mint(signing_keys([OLD]), TOKEN)
    assert read(KEYS, before, today=TODAY) == TOKEN
    assert mint(KEYS, TOKEN) == mint(signing_keys([NEW]), TOKEN)
    assert read(signing_keys([NEW]), before, today=TODAY) is TokenFault.UNKNOWN_KEY


def test_two_secrets_with_the_same_key_id_are_both_tried() -> None:
    ids: dict[int, str] = {}
    for number in range(1_000):
        secret = f"secret number {number}"
        first = ids.setdefault(signing_keys([secret]).keys[0].id, secret)
        if first != secret:
            break
    text = mint(signing_keys([secret]), TOKEN)
    assert read(signing_keys([first, secret]), text, today=TODAY) == TOKEN
    assert read(signing_keys([first]), text, today=TODAY) is TokenFault.BAD_SIGNATURE


@pytest.mark.parametrize("secrets", [[], [""], ["good" * 10, ""]])
def test_empty_secrets_are_refused(secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="secret"):
        signing_keys(secrets)


def test_secrets_are_not_shown() -> None:
    assert NEW not in repr(KEYS)
    assert repr(KEYS) == f"SigningKeys(keys=(SigningKey(id={KEYS.keys[0].id}), SigningKey(id={KEYS.keys[1].id})))"


@pytest.mark.parametrize(
    "token",
    [
        replace(TOKEN, incident=256**4),
        replace(TOKEN, incident=-1),
        replace(TOKEN, person=256**3),
        replace(TOKEN, expires_on=date(2020, 1, 1)),
        replace(TOKEN, expires_on=date(2200, 1, 1)),
    ],
)
def test_what_has_no_room_is_refused(token: Token) -> None:
    with pytest.raises(ValueError, match="token"):
        mint(KEYS, token)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (f"support+{TEXT}@example.jp", TEXT),
        (f"SUPPORT+{TEXT.upper()}@EXAMPLE.JP", TEXT),
        ("support@example.jp", None),
        (f"support+{TEXT}@example.com", None),
        (f"sales+{TEXT}@example.jp", None),
        (f"support+{TEXT[:-1]}@example.jp", None),
        (f"support+{TEXT}a@example.jp", None),
        (f"support+x+{TEXT}@example.jp", None),
        (f"support+{TEXT}\n@example.jp", None),
        ("support+@example.jp", None),
        ("", None),
    ],
)
def test_token_in_address(address: str, found: str | None) -> None:
    assert token_in_address(address, "Support@example.jp") == found


def test_reply_address_is_found_again_and_fits_a_local_part() -> None:
    address = reply_address("support+desk@example.jp", TEXT)
    assert token_in_address(address, "support+desk@example.jp") == TEXT
    assert len(address.rpartition("@")[0]) <= 64  # RFC 5321 §4.5.3.1.1


def test_own_message_id_is_the_same_for_the_same_letter_only() -> None:
    one = own_message_id(KEYS, "ack:INC-2026-000123", TEXT, "example.jp")
    assert one == own_message_id(KEYS, "ack:INC-2026-000123", TEXT, "example.jp")
    assert one != own_message_id(KEYS, "ack:INC-2026-000124", TEXT, "example.jp")
    assert one != own_message_id(signing_keys([OTHER]), "ack:INC-2026-000123", TEXT, "example.jp")
    assert token_in_message_id(one, "example.jp") == TEXT
    assert token_in_message_id(f"<{one.upper()}>", "EXAMPLE.jp") == TEXT


@pytest.mark.parametrize(
    "message_id",
    ["", "a@b", f"x.{TEXT}@example.jp", f"abcdefghijklm.{TEXT}@example.com", f"abcdefghijklm{TEXT}@example.jp"],
)
def test_foreign_message_ids_hold_no_token(message_id: str) -> None:
    assert token_in_message_id(message_id, "example.jp") is None
