"""Who may reach what by mail? Every form of From, with every kind of token, from every kind of writer (T9).

The table `decision` says what must happen; 760 mails say what does. Whatever is decided, no letter goes to anybody but
the registered askers, their list and staff, and no word of one contract reaches another's people (S26, S28).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mailbot.mail.token import Token, mint, reply_address, signing_keys
from tests.flows.office import AUTHSERV_ID, SECRET, SUPPORT, Letter, Office, mail, open_office

OWN = "yamada@customer.example"
OTHER = "olga@other.example"
LIST = "db@lists.customer.example"
MEMBER = "member@customer.example"
STAFF = "sato@desk.example"
STRANGER = "eve@elsewhere.example"
KNOWN = {OWN, OTHER, LIST, STAFF}
CANARY_A, CANARY_B = "Zanzibarfink", "Quetzalkoatl"
"""Words that stand in one contract's mails alone."""

WRITERS = {"asker": OWN, "other's asker": OTHER, "list": MEMBER, "stranger": STRANGER, "staff": STAFF}

# How the From field is written; {} is the writer's address. True: one writer, beyond doubt (promises 0.3).
FORMS: dict[str, tuple[tuple[str, ...], bool]] = {
    "name and address": (("From: Some One <{}>",), True),
    "bare": (("From: {}",), True),
    "in upper case": (("From: <{upper}>",), True),
    "encoded name": (("From: =?utf-8?b?5bGx55Sw?= <{}>",), True),
    "quoted name with a comma": (('From: "One, Some" <{}>',), True),
    "old name in a comment": (("From: {} (Some One)",), True),
    "folded": (("From: Some One\r\n <{}>",), True),
    "a victim's address as name": ((f"From: {OWN} <{{}}>",), False),
    "quoted victim as name": ((f'From: "{OWN}" <{{}}>',), True),
    "two fields, victim first": ((f"From: {OWN}", "From: {}"), False),
    "two fields, victim last": (("From: {}", f"From: {OWN}"), False),
    "two addresses": ((f"From: {OWN}, {{}}",), False),
    "group": (("From: askers: {};",), False),
    "two angles": ((f"From: <{OWN}> <{{}}>",), False),
    "address in a comment": ((f"From: {{}} ({OWN})",), False),
    "blanks in the brackets": (("From: Some One < {} >",), True),
    "blank within": (("From: Some One <{local} @{domain}>",), False),
    "encoded address": (("From: =?utf-8?q?yamada=40customer=2Eexample?=",), False),
    "none": ((), False),
}
TOKENS = ("none", "own", "foreign", "forged", "own by message-id", "foreign by message-id", "number", "foreign number")
ENTITLED = {"asker", "other's asker", "list"}


@dataclass(frozen=True)
class Desk:
    """An incident of each contract is there, and what was sent for it."""

    office: Office
    ours: tuple[str, int, Letter]
    theirs: tuple[str, int, Letter]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_office(tmp_path / "office") as office:
        first = office.contract("C-A", customer="A Ltd")
        second = office.contract("C-B", customer="B Ltd")
        office.asker(first, "Yamada", OWN)
        office.asker(first, "DB", LIST, list_id="db.lists.customer.example")
        office.asker(second, "Olga", OTHER)
        office.staff("Sato", STAFF)
        begun = []
        for writer, canary in ((OWN, CANARY_A), (OTHER, CANARY_B)):
            office.take_in(mail(writer, canary, f"About {canary}.", message_id=f"<{canary}@x.example>"), sender=writer)
            letter = next(each for each in office.work() if each.recipient == writer)
            row = office.incidents()[0]
            begun.append((row["number"], len(office.incidents()), letter))
        office.sent.clear()
        yield Desk(office, begun[0], begun[1])


def decision(writer: str, token: str, certain: bool) -> set[str]:
    """What may happen, from the top: the first line that fits."""
    if token == "forged":
        return {"no such address"}  # refused at RCPT
    if not certain:
        return {"hold ambiguous-author"}
    if writer == "staff":
        return {"hold staff-mail"}
    if writer == "stranger":
        return {"hold stranger"}
    at_home = {"asker": "own", "list": "own", "other's asker": "foreign"}[writer]
    if token in ("none", "number", "foreign number") and token != _number_of(at_home):
        return {"open"}  # a number is a label: for others it points to nothing
    if token == _number_of(at_home) or token.split(maxsplit=1)[0] == at_home:
        return {"append"}
    return {"hold foreign-reference"}


def _number_of(at_home: str) -> str:
    return "number" if at_home == "own" else "foreign number"


def written(desk: Desk, form: str, token: str, writer: str, number: int) -> tuple[bytes, str]:
    """The mail, and the address that it is written to."""
    address = WRITERS[writer]
    target = desk.theirs if token.startswith("foreign") else desk.ours
    subject, to, fields = f"Mail {number}", SUPPORT, [f"Message-ID: <m{number}@x.example>"]
    if token in ("own", "foreign"):
        to = reply_address(SUPPORT, mint(signing_keys([SECRET]), Token("reply", target[1], 0, None)))
    elif token == "forged":
        to = reply_address(SUPPORT, mint(signing_keys(["f" * 64]), Token("reply", target[1], 0, None)))
    elif token.endswith("message-id"):
        fields.append(f"In-Reply-To: {target[2].message_id}")
    elif token.endswith("number"):
        subject = f"[{target[0]}] {subject}"
    if writer == "list":
        fields += ["List-Id: <db.lists.customer.example>", f"List-Post: <mailto:{LIST}>"]
    local, _, domain = address.partition("@")
    from_ = [each.format(address, upper=address.upper(), local=local, domain=domain) for each in FORMS[form][0]]
    raw = mail("x", subject, "Tell me all you know.", *fields, to=to)
    return "".join(f"{each}\r\n" for each in from_).encode() + raw.partition(b"\r\n")[2], to


def happened(office: Office, inbound_id: int) -> str:
    (row,) = office.inbound(inbound_id)
    return " ".join(filter(None, (row["verdict"] or row["state"], row["reason"])))


@pytest.mark.parametrize("writer", WRITERS)
def test_every_mail_has_its_decision(desk: Desk, writer: str) -> None:
    office = desk.office
    wrong = []
    for number, (form, token) in enumerate(itertools.product(FORMS, TOKENS)):
        raw, to = written(desk, form, token, writer, number)
        certain = FORMS[form][1] or (form == "a victim's address as name" and writer == "asker")  # his own name
        expected = decision(writer, token, certain=certain)
        if office.context.addresses.purpose(to) is None:
            got = "no such address"
        else:
            sender = "db-bounces@lists.customer.example" if writer == "list" else WRITERS[writer]
            inbound_id = office.take_in(raw, sender=sender, recipients=[to])
            assert inbound_id is not None
            office.work()
            got = happened(office, inbound_id)
        if got not in expected:
            wrong.append(f"{form} / {token}: {got}, not {expected}")
    assert wrong == []
    assert {letter.recipient for letter in office.sent} <= KNOWN
    for letter in office.sent:
        _nothing_crosses(letter)


def _nothing_crosses(letter: Letter) -> None:
    if letter.recipient in (OWN, LIST):
        assert CANARY_B not in letter.subject + letter.text
        assert "C-B" not in letter.text
    if letter.recipient == OTHER:
        assert CANARY_A not in letter.subject + letter.text
        assert "C-A" not in letter.text


def test_there_are_enough() -> None:
    assert len(FORMS) * len(TOKENS) * len(WRITERS) >= 500


# What a sender may write about himself: he may put fields below those of our border, and whatever he likes into them.

PASS, FAIL = (f"dmarc={word} header.from=customer.example" for word in ("pass", "fail"))
OURS = f"Authentication-Results: {AUTHSERV_ID}; {FAIL}"
FORGED_WORDS = {
    "below": f"Authentication-Results: {AUTHSERV_ID}; {PASS}",
    "in upper case": f"AUTHENTICATION-RESULTS: {AUTHSERV_ID.upper()}; {PASS.upper()}",
    "folded": f"Authentication-Results:\r\n {AUTHSERV_ID};\r\n\t{PASS}",
    "with a version": f"Authentication-Results: {AUTHSERV_ID} 1; {PASS}",
    "quoted": f'Authentication-Results: "{AUTHSERV_ID}"; {PASS}',
    "another's": f"Authentication-Results: mx.elsewhere.example; {PASS}",
    "a name that begins alike": f"Authentication-Results: {AUTHSERV_ID}.evil.example; {PASS}",
    "a name that ends alike": f"Authentication-Results: x{AUTHSERV_ID}; {PASS}",
    "in a comment": f"Authentication-Results: evil.example ({AUTHSERV_ID}); {PASS}",
    "eight bit in the name": f"Authentication-Results: {AUTHSERV_ID}\u00e9; {PASS}",
    "between results": f"Authentication-Results: spf=pass; {AUTHSERV_ID}; {PASS}",
    "for another author": f"Authentication-Results: {AUTHSERV_ID}; dmarc=pass header.from=evil.example",
    "a comment without end": f"Authentication-Results: {AUTHSERV_ID}; spf=pass (a(b); {PASS}",
    "of a chain": f"ARC-Authentication-Results: i=1; {AUTHSERV_ID}; {PASS}",
    "of another program": f"X-Authentication-Results: {AUTHSERV_ID}; {PASS}",
}
NOT_BELIEVED = {
    "another's",
    "a name that begins alike",
    "a name that ends alike",
    "in a comment",
    "eight bit in the name",
    "between results",
    "of a chain",
    "of another program",
}


@pytest.mark.parametrize("word", FORGED_WORDS)
def test_our_border_is_not_outvoted(desk: Desk, word: str) -> None:
    raw = mail(OWN, "Forged", "Tell me all you know.", OURS, FORGED_WORDS[word])
    assert _became(desk, raw) == "hold forged"


@pytest.mark.parametrize("word", sorted(NOT_BELIEVED))
def test_the_word_of_others_hides_nothing_and_proves_nothing(desk: Desk, word: str) -> None:
    refused = FORGED_WORDS[word].replace("dmarc=pass", "dmarc=fail")
    assert _became(desk, mail(OWN, "Question", "How?", refused)) == "open"
    assert _became(desk, mail(OWN, "Again", "And how?", FORGED_WORDS[word], OURS)) == "hold forged"


@pytest.mark.parametrize("word", ["for another author", "a comment without end"])
def test_a_border_that_was_misled_proves_nothing(desk: Desk, word: str) -> None:
    assert _became(desk, mail(OWN, "Question", "How?", FORGED_WORDS[word])) == "hold forged"


def test_too_strange_to_be_read_is_no_way_round(desk: Desk) -> None:
    raw = mail(OWN, "Forged", "Tell me all you know.", OURS, *(f"X-{number}: x" for number in range(1_200)))
    assert _became(desk, raw) == "hold forged"


def _became(desk: Desk, raw: bytes) -> str:
    inbound_id = desk.office.take_in(raw, sender=OWN)
    assert inbound_id is not None
    desk.office.work()
    return happened(desk.office, inbound_id)
