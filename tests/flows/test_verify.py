"""Our own verification, from the mail to the verdict: who is held, who is answered, and what it costs in questions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from mailbot.flows.verify import Verifier
from mailbot.mail.envelope import Channel
from mailbot.mail.lookup import Answer, Question
from mailbot.mail.verification import verify
from mailbot.sandbox import ReadingFailure
from tests.flows.office import AUTHSERV_ID, Office, mail, open_office
from tests.mail.signing import RSA, record, signed

ASKER = "yamada@customer.example"
LIST, LIST_ID = "db@lists.customer.test", "db.lists.customer.test"
REJECT = Answer((b"v=DMARC1; p=reject",))
TROUBLE = Answer(trouble=True)
POLICY = Question("_dmarc.customer.example", "TXT")
PATH = Question("customer.example", "TXT")


@dataclass
class Names:
    """The DNS of a test: what is asked at once, in turn."""

    zone: dict[Question, Answer] = field(default_factory=dict)
    turns: list[list[Question]] = field(default_factory=list)

    def resolve(self, questions: Collection[Question]) -> Mapping[Question, Answer]:
        self.turns.append(list(questions))
        return {question: self.zone.get(question, Answer(exists=False)) for question in questions}


@pytest.fixture
def names() -> Names:
    return Names({POLICY: REJECT, Question("s1._domainkey.customer.example", "TXT"): Answer((record(RSA),))})


@pytest.fixture
def office(tmp_path: Path, names: Names) -> Iterator[Office]:
    verifier = Verifier(
        lambda asked: [verify(unverified, known) for unverified, known in asked],
        names.resolve,
        [ip_network("198.51.100.0/24")],
    )
    with open_office(tmp_path / "office") as made:
        made.context = replace(made.context, verifier=verifier)
        contract = made.contract("C-1")
        made.asker(contract, "Yamada", ASKER)
        made.asker(contract, "DB", LIST, list_id=LIST_ID)
        made.staff("Sato", "sato@desk.example")
        yield made


def became(office: Office, raw: bytes, *, channel: Channel = "smtp", sender: str = ASKER) -> str:
    number = office.take_in(raw, sender=sender, channel=channel)
    office.work()
    (row,) = office.inbound(number)
    return f"{row['verdict']} {row['reason'] or ''}".strip()


def test_a_forged_mail_is_held_and_its_victim_hears_nothing(office: Office) -> None:
    assert became(office, mail(ASKER, "Q", "Tell me all.")) == "hold forged"
    assert {letter.recipient for letter in office.sent} <= {"sato@desk.example"}


def test_a_signed_mail_is_answered(office: Office) -> None:
    assert became(office, signed(mail(ASKER, "Q", "How?"), RSA)) == "open"
    assert ASKER in {letter.recipient for letter in office.sent}


@pytest.mark.parametrize("question", [POLICY, Question("_dmarc.example", "TXT")], ids=["policy", "parent"])
def test_trouble_with_the_dns_holds_nobody(office: Office, names: Names, question: Question) -> None:
    names.zone[question] = TROUBLE
    assert became(office, mail(ASKER, "Q", "How?")) == "open"


def test_a_reader_that_fails_holds_nobody(office: Office) -> None:
    assert office.context.verifier
    broken = replace(office.context.verifier, verify=lambda asked: [ReadingFailure("died") for _ in asked])
    office.context = replace(office.context, verifier=broken)
    assert became(office, mail(ASKER, "Q", "How?")) == "open"


@pytest.mark.parametrize(
    ("policy", "channel", "verdict"),
    [
        (b"v=spf1 ip4:192.0.2.1 -all", "smtp", "open"),  # the office's mails come from there
        (b"v=spf1 ip4:192.0.2.2 -all", "smtp", "hold forged"),
        (b"v=spf1 ip4:192.0.2.1 -all", "lmtp", "hold forged"),  # who handed it to the server before us is not known
    ],
)
def test_a_path_counts_where_it_is_known(
    office: Office, names: Names, policy: bytes, channel: Channel, verdict: str
) -> None:
    names.zone[PATH] = Answer((policy,))
    assert became(office, mail(ASKER, "Q", "How?"), channel=channel) == verdict


def test_a_relay_of_ours_is_no_client(office: Office, names: Names) -> None:
    assert office.context.verifier
    relays = replace(office.context.verifier, relays=[ip_network("192.0.2.0/24")])
    office.context = replace(office.context, verifier=relays)
    names.zone[PATH] = Answer((b"v=spf1 +all",))
    assert became(office, mail(ASKER, "Q", "How?")) == "hold forged"
    assert PATH not in {question for turn in names.turns for question in turn}


@pytest.mark.parametrize(
    "fields",
    [
        (f"Authentication-Results: {AUTHSERV_ID}; dmarc=pass header.from=customer.example",),
        ("Auto-Submitted: auto-replied",),
        ("From: second@customer.example",),
    ],
    ids=["our border spoke", "a machine wrote it", "nobody can say who wrote it"],
)
def test_no_question_is_asked_in_vain(office: Office, names: Names, fields: tuple[str, ...]) -> None:
    became(office, mail(ASKER, "Q", "How?", *fields))
    assert names.turns == []


def test_a_list_that_breaks_signatures_vouches_by_its_own(office: Office, names: Names) -> None:
    names.zone[Question("s1._domainkey.lists.customer.test", "TXT")] = Answer((record(RSA),))
    raw = mail("m@customer.example", "Q", "How?", f"List-Id: <{LIST_ID}>", f"List-Post: <mailto:{LIST}>")
    assert became(office, raw) == "hold forged"
    resent = signed(raw.replace(b"How?", b"How??"), RSA, domain="lists.customer.test")
    assert became(office, resent) == "open"


def test_a_mail_costs_few_questions(office: Office, names: Names) -> None:
    deep = ".".join(f"l{number}" for number in range(9)) + ".example"
    names.zone |= {
        PATH: Answer((b"v=spf1 " + b" ".join(b"mx:m%d.example" % number for number in range(9)) + b" -all",)),
        **{
            Question(f"m{number}.example", "MX"): Answer(tuple((1, f"h{number}-{host}.example") for host in range(9)))
            for number in range(9)
        },
        **{
            Question(f"h{number}-{host}.example", "A"): Answer(("203.0.113.1",))
            for number in range(9)
            for host in range(9)
        },
    }
    raw = mail(ASKER, "Q", "How?")
    for number in range(5):
        raw = signed(raw, RSA, domain=f"d{number}.{deep}")
    assert became(office, raw) == "hold forged"  # too much to ask is no excuse
    assert sum(map(len, names.turns)) == 40


def test_a_forger_gains_nothing_by_names_that_do_not_answer(office: Office, names: Names) -> None:
    names.zone[PATH] = Answer((b"v=spf1 include:a.example -all",))
    names.zone[Question("a.example", "TXT")] = Answer((b"v=spf1 include:b.example -all",))
    raw = mail(ASKER, "Q", "How?")
    for number in range(5):
        names.zone[Question(f"s1._domainkey.x{number}.evil.example", "TXT")] = TROUBLE
        raw = signed(raw, RSA, domain=f"x{number}.evil.example")
    assert became(office, raw) == "hold forged"
    names.zone[Question("evil.example", "TXT")] = TROUBLE
    assert became(office, raw.replace(b"How?", b"And?"), sender="eve@evil.example") == "hold forged"


def test_a_chain_of_policies_ends(office: Office, names: Names) -> None:
    for number in range(10):
        policy = f"v=spf1 mx:m{number}.example include:i{number + 1}.example -all".encode()
        names.zone[Question(f"i{number}.example", "TXT")] = Answer((policy,))
        names.zone[Question(f"m{number}.example", "MX")] = Answer(((1, f"h{number}.example"),))
        names.zone[Question(f"h{number}.example", "A")] = Answer(("203.0.113.1",))
    names.zone[PATH] = Answer((b"v=spf1 include:i0.example -all",))
    became(office, mail(ASKER, "Q", "How?"))
    assert len(names.turns) <= 16


def test_mails_of_a_batch_are_asked_about_together(office: Office, names: Names) -> None:
    for number in range(5):
        office.take_in(signed(mail(ASKER, f"Q{number}", "How?"), RSA), sender=ASKER)
    office.work()
    assert len(names.turns) == 1
    assert len(office.incidents()) == 5
