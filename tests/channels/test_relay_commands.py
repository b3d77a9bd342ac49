"""MAIL and RCPT for each kind of letter and server."""

from __future__ import annotations

import pytest

from mailbot.channels.letter import Letter
from mailbot.channels.relay_commands import commands
from mailbot.errors import RelayError

HEAD = b"Subject: x\r\n\r\n"
UTF8_HEAD = "Subject: 障害\r\n\r\n".encode()
BODY = "返金".encode()


def sent(raw: bytes, offers: set[str], recipient: str = "a@b.test", sender: str = "", id_: str = "<1@d.test>") -> str:
    mail, rcpt = commands(Letter(raw, sender, recipient, id_), offers)
    return f"{mail.decode()} | {rcpt.decode()}"


@pytest.mark.parametrize(
    ("raw", "offers", "expected"),
    [
        pytest.param(HEAD, set(), "MAIL FROM:<> | RCPT TO:<a@b.test>", id="nothing offered"),
        pytest.param(HEAD, {"8bitmime", "smtputf8"}, "MAIL FROM:<> | RCPT TO:<a@b.test>", id="nothing needed"),
        pytest.param(HEAD, {"size"}, "MAIL FROM:<> SIZE=14 | RCPT TO:<a@b.test>", id="size"),
        pytest.param(HEAD + BODY, {"8bitmime"}, "MAIL FROM:<> BODY=8BITMIME | RCPT TO:<a@b.test>", id="8-bit body"),
        pytest.param(
            UTF8_HEAD,
            {"8bitmime", "smtputf8"},
            "MAIL FROM:<> SMTPUTF8 BODY=8BITMIME | RCPT TO:<a@b.test>",
            id="8-bit header",
        ),
    ],
)
def test_only_what_is_needed_and_offered(raw: bytes, offers: set[str], expected: str) -> None:
    assert sent(raw, offers) == expected


@pytest.mark.parametrize(
    ("raw", "recipient", "offers"),
    [
        (HEAD + BODY, "a@b.test", {"smtputf8"}),
        (UTF8_HEAD, "a@b.test", {"8bitmime"}),
        (HEAD, "障害@b.test", {"8bitmime"}),
    ],
)
def test_what_the_relay_cannot_carry_is_not_mangled(raw: bytes, recipient: str, offers: set[str]) -> None:
    with pytest.raises(RelayError, match="does not offer") as caught:
        sent(raw, offers, recipient)
    assert caught.value.permanent


def test_international_address_goes_as_it_is() -> None:
    assert sent(HEAD, {"smtputf8"}, "障害@例え.test") == "MAIL FROM:<> SMTPUTF8 | RCPT TO:<障害@例え.test>"


@pytest.mark.parametrize(
    ("id_", "envelope_id"),
    [
        ("<a@d.test>", " ENVID=a@d.test"),
        ("<a+b=c@d.test>", " ENVID=a+2Bb+3Dc@d.test"),
        ("<a b\r\n@d.test>", " ENVID=a+20b+0D+0A@d.test"),
        (f"<{'a' * 95}@d.test>", ""),
        ("", ""),
    ],
)
def test_envelope_id(id_: str, envelope_id: str) -> None:
    expected = f"MAIL FROM:<s@d.test> RET=HDRS{envelope_id} | RCPT TO:<a@b.test> NOTIFY=FAILURE,DELAY"
    assert sent(HEAD, {"dsn"}, sender="s@d.test", id_=id_) == expected


@pytest.mark.parametrize(
    "recipient", ["a..b@docomo.test", "abc.@docomo.test", '"a b"@b.test', '"a\\"<>b"@b.test', "a@[192.0.2.1]"]
)
def test_odd_addresses_are_sent_as_registered(recipient: str) -> None:
    assert sent(HEAD, set(), recipient) == f"MAIL FROM:<> | RCPT TO:<{recipient}>"


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "a",
        "@b.test",
        "a@",
        "a@b.test>",
        "a@b.test> NOTIFY=NEVER",
        "a b@c.test",
        "a@b\r\nDATA",
        "a@b@c",
        '"a"b"@c.test',
        "a\0@b.test",
    ],
)
def test_what_is_no_address_is_not_sent(recipient: str) -> None:
    with pytest.raises(RelayError) as caught:
        sent(HEAD, set(), recipient)
    assert caught.value.permanent
