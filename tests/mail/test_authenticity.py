"""Only the topmost field of our own border counts (RFC 8601 §7.1)."""

from mailbot.mail.authenticity import authentication_of, parsed
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
