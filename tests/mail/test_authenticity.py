"""Only the topmost field of our own border counts (RFC 8601 §7.1)."""

import pytest

from mailbot.mail.authenticity import MALFORMED, authentication_of, parsed
from mailbot.mail.message import AuthenticationResult

OURS = (
    "mx.desk.example; spf=fail smtp.mailfrom=a@evil.example;"
    " dkim=pass (2048 bit; ok) header.d=Good.example; dmarc=pass header.from=good.example"
)
FORGED = "mx.desk.example; dmarc=pass header.from=bank.example"


def test_topmost_of_ours() -> None:
    found = authentication_of(
        ["other.example; dmarc=pass header.from=x.example", OURS, FORGED], authserv_id="MX.desk.example"
    )
    assert found == (
        AuthenticationResult("spf", "fail", "evil.example"),
        AuthenticationResult("dkim", "pass", "good.example"),
        AuthenticationResult("dmarc", "pass", "good.example"),
    )


def test_nobody_is_believed_unless_configured() -> None:
    assert authentication_of([OURS], authserv_id="") == ()
    assert authentication_of([FORGED], authserv_id="desk.example") == ()


def test_forms() -> None:
    none = parsed("mx.example 1; none")
    assert none is not None
    assert (none.authserv_id, none.results) == ("mx.example", ())
    assert parsed("") is None
    hidden = parsed('mx.example; (dmarc=pass) spf=none reason="a; dmarc=pass"')
    assert hidden is not None
    assert [one.method for one in hidden.results] == ["spf"]


# What is shown: much more than is believed.


@pytest.mark.parametrize(
    ("value", "authserv_id", "results"),
    [
        ("mx.example; none", "mx.example", []),
        ("mx.example (our border) 1; none", "mx.example", []),
        ('"mx.example"; spf=pass', "mx.example", ["spf=pass"]),
        ("mx.example; dkim/1 = pass (good) header.d = x.example", "mx.example", ["dkim=pass"]),
        ("mx.example; dkim=pass(good)header.d=x.example", "mx.example", ["dkim=pass"]),
        ('mx.example; spf=fail reason="a; dmarc=pass"', "mx.example", ["spf=fail"]),
        ("mx.example;; spf=pass;", "mx.example", ["spf=pass"]),
        ("mx.example; gateway.spf=pass; dkim=dkim_pass", "mx.example", ["gateway.spf=pass", "dkim=dkim_pass"]),
        ("spf=pass smtp.mailfrom=x.example; dkim=none", "", ["spf=pass", "dkim=none"]),
        ("spf=none; mx.example; dmarc=none header.from=;", "mx.example", ["spf=none", "dmarc=none"]),
        ('mx.example; spf=pass (an "open quote); dmarc=fail', "mx.example", ["spf=pass", "dmarc=fail"]),
    ],
)
def test_shown(value: str, authserv_id: str, results: list[str]) -> None:
    found = parsed(value)
    assert found
    assert (found.authserv_id, [f"{each.method}={each.result}" for each in found.results]) == (authserv_id, results)


@pytest.mark.parametrize("value", ["", ";", "()", "mx example; x", "nothing at all; here"])
def test_nothing_to_show(value: str) -> None:
    assert parsed(value) is None


# What is believed: the form of the standard, under exactly our name.


@pytest.mark.parametrize(
    "value",
    [
        "spf=pass; mx.desk.example; dmarc=pass header.from=bank.example",
        "mx.desk.example.evil.example; dmarc=pass header.from=bank.example",
        "evil.example (mx.desk.example); dmarc=pass header.from=bank.example",
        "mx.desk .example; dmarc=pass header.from=bank.example",
        "mx.desk.\udce2example; dmarc=pass header.from=bank.example",
        "mx.desk.\u200bexample; dmarc=pass header.from=bank.example",
        "mx.de\u017fk.example; dmarc=pass header.from=bank.example",  # its lower case is an s
        "mx.desk.example x; dmarc=pass header.from=bank.example",
        '"mx.desk.example; dmarc=pass header.from=bank.example',
    ],
)
def test_not_ours(value: str) -> None:
    assert authentication_of([value], authserv_id="mx.desk.example") == ()


@pytest.mark.parametrize(
    "value",
    [
        "mx.desk.example; spf=pass (from a(b@evil.example); dmarc=fail header.from=bank.example",
        "mx.desk.example; spf=pass (from a); dmarc=pass header.from=bank.example; x=y (@evil.example); dmarc=fail)",
        'mx.desk.example; spf=pass smtp.mailfrom="a@evil.example; dmarc=fail header.from=bank.example',
    ],
)
def test_what_a_sender_may_have_broken_is_marked(value: str) -> None:
    assert MALFORMED in authentication_of([value], authserv_id="mx.desk.example")
