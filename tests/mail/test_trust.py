"""Results and domains → how sure we are: a table."""

import pytest

from mailbot.mail.authenticity import MALFORMED
from mailbot.mail.message import AuthenticationResult as Result
from mailbot.mail.message import Trust
from mailbot.mail.trust import trust_of

OWN, SUB, EVIL, LIST = "customer.example", "mail.customer.example", "evil.example", "lists.example"
REFUSED = Result("dmarc", "fail", OWN, "reject")

TABLE = {
    "nothing is known": ((), Trust.PLAUSIBLE),
    "nothing is published": ((Result("dmarc", "none", OWN),), Trust.PLAUSIBLE),
    "the domain says so": ((Result("dmarc", "pass", OWN),), Trust.AUTHENTICATED),
    "its organization says so": ((Result("dmarc", "pass", "example"),), Trust.AUTHENTICATED),
    "it signed": ((Result("dkim", "pass", OWN),), Trust.AUTHENTICATED),
    "it sent": ((Result("spf", "pass", OWN),), Trust.AUTHENTICATED),
    "it signed, and its policy is away": (
        (Result("dkim", "pass", OWN), Result("dmarc", "temperror", OWN)),
        Trust.AUTHENTICATED,
    ),
    "another signed": ((Result("dkim", "pass", EVIL),), Trust.PLAUSIBLE),
    "a part of it signed": ((Result("dkim", "pass", SUB),), Trust.PLAUSIBLE),
    "its signature is broken": ((Result("dkim", "fail", OWN),), Trust.PLAUSIBLE),
    "it wants refusal": ((REFUSED,), Trust.FORGED),
    "it wants quarantine": ((Result("dmarc", "fail", OWN, "quarantine"),), Trust.FORGED),
    "it wants nothing": ((Result("dmarc", "fail", OWN, "none"),), Trust.PLAUSIBLE),
    "our border says fail": ((Result("dmarc", "fail", OWN),), Trust.FORGED),
    "our border says both": ((Result("dmarc", "pass", OWN), REFUSED), Trust.FORGED),
    "our border saw another author": ((Result("dmarc", "pass", EVIL),), Trust.FORGED),
    "our border saw a part of it": ((Result("dmarc", "pass", SUB),), Trust.FORGED),
    "our border cannot be understood": ((Result("dmarc", "pass", OWN), MALFORMED), Trust.FORGED),
    "nobody could tell": ((Result("dmarc", "temperror", OWN),), Trust.PLAUSIBLE),
    "a method nobody knows": ((Result("iprev", "pass", OWN),), Trust.PLAUSIBLE),
    "a name that ends alike": ((Result("dmarc", "pass", "r.example"),), Trust.FORGED),
}


@pytest.mark.parametrize(("results", "trust"), TABLE.values(), ids=TABLE)
def test_trust(results: tuple[Result, ...], trust: Trust) -> None:
    assert trust_of(results, OWN) is trust


@pytest.mark.parametrize(
    ("word", "trust"),
    [
        (Result("dkim", "pass", LIST), Trust.PLAUSIBLE),
        (Result("arc", "pass", LIST), Trust.PLAUSIBLE),
        (Result("arc", "pass", "mx.lists.example"), Trust.PLAUSIBLE),
        (Result("arc", "fail", LIST), Trust.FORGED),
        (Result("arc", "pass", EVIL), Trust.FORGED),
        (Result("arc", "pass", "example"), Trust.FORGED),  # no name of its own
        (Result("spf", "pass", LIST), Trust.FORGED),
    ],
    ids=str,
)
def test_a_registered_list_may_break_a_signature(word: Result, trust: Trust) -> None:
    assert trust_of([REFUSED, word], OWN, lists=[LIST]) is trust
    assert trust_of([REFUSED, word], OWN) is Trust.FORGED
