"""Who may say that a mail came through a list: the list's own host, and nobody else (S8, attack row 14)."""

from __future__ import annotations

from datetime import date

import pytest

from mailbot.desk import lists
from mailbot.desk.contract import Asker, AskerKind, Contract, Term, TrustNeeded
from mailbot.desk.facts import Facts, Registration
from mailbot.desk.senders import SenderRules
from mailbot.desk.triage import triage
from mailbot.desk.verdict import Hold, HoldReason, Open
from mailbot.mail.authenticity import proven_domains
from mailbot.mail.reading import read
from mailbot.mail.trust import trust_of

RULES = SenderRules(
    frozenset({"gmail.com", "googlegroups.com"}), list_domains=frozenset({"googlegroups.com", "groups.io"})
)
TODAY = date(2026, 4, 1)
MEMBER = "takahashi@customer.example"
HOST = "lists.customer.example"
OWN = Asker(1, 1, AskerKind.LIST, "DB", f"db@{HOST}", f"db.{HOST}")
AT_GOOGLE = Asker(1, 1, AskerKind.LIST, "DB", "db-team@googlegroups.com", "db-team.googlegroups.com")
AT_GROUPS_IO = Asker(1, 1, AskerKind.LIST, "DB", "main@db.groups.io", "main.db.groups.io")
AT_GMAIL = Asker(1, 1, AskerKind.LIST, "DB", "db.team@gmail.com", "db.team.gmail.com")
HOSTED = Asker(1, 1, AskerKind.LIST, "DB", "db@customer.example", "db.lists.provider.example")
OF_A_SUFFIX = Asker(1, 1, AskerKind.LIST, "DB", "db@customer.co.jp", "customer.co.jp")
BY_ADDRESS = Asker(1, 1, AskerKind.LIST, "DB", f"db@{HOST}", None)
BOUNCES = f"db-bounces@{HOST}"

# asker, envelope sender, what our border found (None: there is no border that checks) → did it come through?
CASES = {
    "nobody checks: the list's return path": (OWN, BOUNCES, None, True),
    "nobody checks: another's return path": (OWN, "x@elsewhere.example", None, False),
    "nobody checks: the author's own": (OWN, MEMBER, None, False),
    "nobody checks: a look-alike": (OWN, "x@evil-lists.customer.example.evil.example", None, False),
    "nobody checks: a list among strangers": (AT_GOOGLE, "db-team+bnc@googlegroups.com", None, False),
    "signed by the list's host": (OWN, BOUNCES, f"dkim=pass header.d={HOST}", True),
    "signed by its parent": (OWN, BOUNCES, "dkim=pass header.d=customer.example", True),
    "signed by a host beneath it": (OWN, BOUNCES, f"dkim=pass header.d=mail.{HOST}", True),
    "its return path": (OWN, BOUNCES, f"spf=pass smtp.mailfrom={BOUNCES}", True),
    "sealed by it": (OWN, BOUNCES, f"arc=pass header.d={HOST}", True),
    "signed by it, through a sending service": (OWN, "1@ses.example", f"dkim=pass header.d={HOST}", True),
    "checked, and nothing found": (OWN, BOUNCES, "spf=none; dkim=none", False),
    "its signature is broken": (OWN, BOUNCES, f"dkim=fail header.d={HOST}", False),
    "signed by a sibling": (OWN, BOUNCES, "dkim=pass header.d=other.customer.example", False),
    "signed by a stranger": (OWN, BOUNCES, "dkim=pass header.d=evil.example", False),
    "signed by a top-level domain": (OWN, BOUNCES, "dkim=pass header.d=example", False),
    "sealed by a stranger": (OWN, BOUNCES, "arc=pass header.d=evil.example", False),
    "sent by a colleague, whose company signs": (OWN, MEMBER, "dkim=pass header.d=customer.example", False),
    "sent by a colleague, in capitals": (OWN, MEMBER.upper(), "dkim=pass header.d=customer.example", False),
    "a group, signed": (AT_GOOGLE, "db-team+bnc@googlegroups.com", "dkim=pass header.d=googlegroups.com", True),
    "a group, by its return path alone": (
        AT_GOOGLE,
        "other+bnc@googlegroups.com",
        "spf=pass smtp.mailfrom=other+bnc@googlegroups.com",
        False,
    ),
    "a group, signed beneath": (
        AT_GOOGLE,
        "x@evil.googlegroups.com",
        "dkim=pass header.d=evil.googlegroups.com",
        False,
    ),
    "a group, signed by a member's own provider": (AT_GOOGLE, "x@gmail.com", "dkim=pass header.d=gmail.com", False),
    "a group at a subdomain of a provider": (AT_GROUPS_IO, "b@groups.io", "dkim=pass header.d=groups.io", True),
    "a neighbour of such a group": (AT_GROUPS_IO, "b@evil.groups.io", "dkim=pass header.d=evil.groups.io", False),
    "a mailbox provider signs what its users write": (AT_GMAIL, "x@gmail.com", "dkim=pass header.d=gmail.com", False),
    "a hosting provider, by its signature": (HOSTED, "b@bounce.example", "dkim=pass header.d=provider.example", True),
    "a hosting provider, by the customer's": (HOSTED, "b@bounce.example", "dkim=pass header.d=customer.example", True),
    "beneath the host of a List-Id that is a suffix": (
        OF_A_SUFFIX,
        "b@evil.co.jp",
        "dkim=pass header.d=evil.co.jp",
        False,
    ),
    "known by its address": (BY_ADDRESS, BOUNCES, f"dkim=pass header.d={HOST}", True),
}


def facts(asker: Asker, envelope: str, checked: str | None, *, needed: TrustNeeded = TrustNeeded.PLAUSIBLE) -> Facts:
    border = "" if checked is None else f"Authentication-Results: mx.desk.example; {checked}\r\n"
    raw = (
        f"{border}From: {MEMBER}\r\nMessage-ID: <1@customer.example>\r\nList-Id: <{asker.list_id}>\r\n"
        f"List-Post: <mailto:{asker.address}>\r\nSubject: Q\r\n\r\nHow?\r\n"
    )
    message = read(raw.encode(), authserv_id="mx.desk.example")
    term = Term(TODAY, TODAY)
    contract = Contract(1, "C-1", "Acme", "premium", "en", "", 0, mailing_list_option=True, terms=(term,))
    return Facts(
        message=message,
        envelope_sender=envelope,
        author=MEMBER,
        trust=trust_of(message.authentication, "customer.example"),
        trust_needed=needed,
        proven_domains=proven_domains(message),
        to_support=True,
        from_us=False,
        ignored=False,
        duplicate_of=None,
        registrations=(Registration(asker, contract),),
        participations=(),
        contact_of=(),
        neighbours=(),
        staff=None,
        ties=(),
        strangers="hold",
        release=None,
        today=TODAY,
        sender_rules=RULES,
        sent_by_author=envelope.lower() == MEMBER,
    )


@pytest.mark.parametrize(("asker", "envelope", "checked", "expected"), CASES.values(), ids=CASES.keys())
def test_came_through(asker: Asker, envelope: str, checked: str | None, expected: bool) -> None:
    given = facts(asker, envelope, checked)
    assert lists.came_through(asker, given) is expected
    verdict = triage(given).verdict
    if expected:
        assert isinstance(verdict, Open)
    else:
        assert isinstance(verdict, Hold)
        assert verdict.reason is HoldReason.LIST_UNPROVEN


def test_a_list_may_break_the_dmarc_of_its_author() -> None:
    """Mailman with a footer and without rewriting: the author's domain disowns what the list made of the mail."""
    broken = f"dmarc=fail header.from=customer.example; dkim=pass header.d={HOST}"
    assert isinstance(triage(facts(OWN, BOUNCES, broken)).verdict, Open)
    forged = triage(facts(OWN, BOUNCES, "dmarc=fail header.from=customer.example; dkim=pass header.d=evil.example"))
    assert isinstance(forged.verdict, Hold)
    assert forged.verdict.reason is HoldReason.FORGED


def test_a_strict_contract_takes_the_word_of_the_list_where_it_was_checked() -> None:
    signed = facts(OWN, BOUNCES, f"dkim=pass header.d={HOST}", needed=TrustNeeded.AUTHENTICATED)
    assert isinstance(triage(signed).verdict, Open)
    unchecked = triage(facts(OWN, BOUNCES, None, needed=TrustNeeded.AUTHENTICATED)).verdict
    assert isinstance(unchecked, Hold)
    assert unchecked.reason is HoldReason.UNPROVEN
