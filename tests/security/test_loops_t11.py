"""T11: eight partners that answer everything, 24 simulated hours each: three automatic mails at most, then silence, and
where we fell silent staff were told once. And ten thousand forged strangers get nothing at all.

Dovecot's own vacation and Mailman's own lists are in `tests/real`; the same over three days is in `tests/flows`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from mailbot.desk import loops
from mailbot.flows import receive
from mailbot.mail.envelope import Arrival, Envelope
from mailbot.store import holds
from tests.flows.office import SUPPORT, Letter, Office, mail
from tests.security.people import ASKER, STAFF

DAY = timedelta(days=1)
STEP = timedelta(minutes=5)
PARTNER = "acme.example"


@dataclass
class Partner:
    """Somebody's machine: what it answers to each letter, as (mail, envelope sender, recipient)."""

    answer: Callable[[Partner, Letter], tuple[bytes, str, str] | None]
    office: Office
    count: int = 0
    got: list[datetime] = field(default_factory=list)

    def gets(self, letter: Letter) -> None:
        self.count += 1
        self.got.append(letter.at)
        answered = self.answer(self, letter)
        if answered is not None:
            raw, sender, recipient = answered
            self.office.take_in(raw, sender=sender, recipients=[recipient])

    def writes(self, subject: str, text: str, *fields: str) -> bytes:
        own_id = f"<m{self.count}@{PARTNER}>"
        return mail(ASKER, subject, text, *fields, message_id=own_id, date=self.office.now)


def request_tracker(partner: Partner, letter: Letter) -> tuple[bytes, str, str]:
    """RT's autoreply, as it leaves."""
    fields = ("Auto-Submitted: auto-replied", f"RT-Ticket: acme #{partner.count}", "Precedence: bulk")
    raw = partner.writes(f"[acme #{partner.count}] AutoReply: {letter.subject}", "A ticket has been opened.", *fields)
    return raw, ASKER, _reply_to(letter)


def request_tracker_stripped(partner: Partner, letter: Letter) -> tuple[bytes, str, str]:
    """The same behind a gateway that lets no unknown field through, and with a subject of its own."""
    text = f"Thank you for contacting us. Your ticket is [acme #{4000 + partner.count}]."
    return partner.writes(f"[acme #{4000 + partner.count}] New ticket", text), ASKER, SUPPORT


def header_dropper(partner: Partner, letter: Letter) -> tuple[bytes, str, str]:
    """Rewrites the subject, drops all fields, answers to From."""
    return partner.writes("Your mail", "Your message is important to us."), ASKER, SUPPORT


def header_dropper_in_japanese(partner: Partner, letter: Letter) -> tuple[bytes, str, str]:
    """The usual receipt of a Japanese company's form, with a number and a time in it."""
    at = partner.office.now
    text = f"この度はお問い合わせいただき、ありがとうございます。\n受付番号：{at:%Y%m%d}-{partner.count:05d}"
    return partner.writes(f"【アクメ】{at:%H:%M} 受付", text), ASKER, SUPPORT


def absent(partner: Partner, letter: Letter) -> tuple[bytes, str, str]:
    """A vacation program of 1990 that dates its answers."""
    return partner.writes(f"Away ({partner.count})", f"I am away since {partner.office.now}."), ASKER, SUPPORT


def answers_reply_to(partner: Partner, letter: Letter) -> tuple[bytes, str, str]:
    """Drops all, but writes where answers are asked for."""
    return partner.writes(f"Noted {partner.count}", f"Noted for the {partner.count}. time."), ASKER, _reply_to(letter)


def bounces(partner: Partner, letter: Letter) -> tuple[bytes, str, str]:
    """Returns our acknowledgement to the address in From, as broken servers do (the null path allows no report)."""
    raw = (
        f"From: MAILER-DAEMON@{PARTNER}\r\nTo: {SUPPORT}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <dsn{partner.count}@{PARTNER}>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
        f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.{PARTNER}\r\n\r\n"
        f"Final-Recipient: rfc822; {ASKER}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\n"
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter.message_id}\r\n\r\n--b--\r\n"
    )
    return raw.encode(), "", SUPPORT


def redirects(partner: Partner, letter: Letter) -> tuple[bytes, str, str]:
    """A mailbox that is redirected to us: the desk meets itself."""
    return b"Received: from mx.acme.example\r\n" + letter.raw, ASKER, SUPPORT


def _reply_to(letter: Letter) -> str:
    return str(letter.message["Reply-To"].addresses[0].addr_spec)


PARTNERS = {  # and whether a sold acknowledgement was withheld, so that staff must be told
    request_tracker: False,
    request_tracker_stripped: True,
    header_dropper: True,
    header_dropper_in_japanese: True,
    absent: True,
    answers_reply_to: False,
    bounces: False,
    redirects: False,
}


@pytest.mark.parametrize(("answer", "withheld"), PARTNERS.items(), ids=[each.__name__ for each in PARTNERS])
def test_comes_to_rest_within_a_day(office: Office, answer: Callable[..., None], withheld: bool) -> None:
    partner = Partner(answer, office)
    begin = office.now
    office.take_in(partner.writes("Question", "How do I tune pgpool-II 4.5?"), sender=ASKER)
    while office.now < begin + DAY:
        for letter in office.work():
            if letter.audience != "staff":
                partner.gets(letter)
        office.passes(STEP)
    assert 1 <= len(partner.got) <= 3
    assert partner.got[-1] < begin + timedelta(hours=1)  # it converges
    told = [letter for letter in office.sent if letter.kind == "digest"]
    assert len(told) == (1 if withheld else 0)
    assert all("it was NOT acknowledged" in letter.text for letter in told)
    assert {letter.recipient for letter in office.sent} <= {ASKER, STAFF}


def test_fifty_questions_a_day_are_all_acknowledged(office: Office) -> None:
    """However alike they are, and however soon each comes after the acknowledgement of the one before."""
    for number in range(50):
        office.take_in(
            mail(ASKER, f"Question {number}", f"What of node {number}?", message_id=f"<{number}@{PARTNER}>"),
            sender=ASKER,
        )
        assert [letter.kind for letter in office.work() if letter.audience != "staff"] == ["acknowledgement"]
        office.passes(timedelta(seconds=2))


def test_a_machine_of_small_words_is_stopped_all_the_same(office: Office) -> None:
    """No receipt, no two alike, at once after each acknowledgement, for ever: that is no person."""
    sent = 0
    for number in range(200):
        raw = mail(ASKER, f"Job {number}", f"Result {number}", message_id=f"<{number}@{PARTNER}>", date=office.now)
        office.take_in(raw, sender=ASKER)
        ours = [letter for letter in office.work() if letter.audience != "staff"]
        sent += len(ours)
        if not ours:
            break
        office.passes(timedelta(seconds=2))
    assert sent == loops.IN_A_ROW
    assert [letter.kind for letter in office.sent if "it was NOT acknowledged" in letter.text] == ["digest"]


def test_what_was_withheld_by_mistake_can_still_be_acknowledged(office: Office) -> None:
    for number in range(3):
        raw = mail(ASKER, "Hello", "The weekly report.", message_id=f"<{number}@{PARTNER}>", date=office.now)
        held = office.take_in(raw, sender=ASKER)
        office.work()
        office.passes(timedelta(minutes=1))
    assert held is not None
    assert [row["reason"] for row in office.inbound(held)] == ["goes-round"]
    with office.context.store.begin() as connection:
        assert holds.release(connection, held, by=STAFF, asker=None, now=office.now)
    assert [letter.kind for letter in office.work() if letter.recipient == ASKER] == ["acknowledgement"]


FORGED = 10_000
DIGEST_EVERY = timedelta(minutes=30)


def test_ten_thousand_forged_strangers_get_nothing(office: Office) -> None:
    """Senders that others made up, some with the asker's name and with our own numbers: no mail leaves but to staff."""
    begin = office.now
    assert office.context.policy.staff_digest_every <= DIGEST_EVERY
    for first in range(0, FORGED, 500):
        receive.keep(office.context.store, [_forged(office, number) for number in range(first, first + 500)])
        office.work()
        office.passes(timedelta(minutes=5))
    hours = (office.now - begin) / timedelta(hours=1)
    assert [row["state"] for row in office.inbound()] == ["held"] * FORGED
    assert office.incidents() == []
    assert {letter.recipient for letter in office.sent} == {STAFF}
    sent = Counter(letter.kind for letter in office.sent)
    assert set(sent) == {"digest", "alarm"}
    assert sent["digest"] <= 1 + hours * (timedelta(hours=1) / office.context.policy.staff_digest_every)
    assert sent["alarm"] <= 1 + hours * 12  # five minutes apart


def _forged(office: Office, number: int) -> Arrival:
    """Every other one names the asker, whose domain disowns it; the rest are victims' addresses, with our numbers."""
    if number % 2:
        sender, subject = ASKER, f"Urgent {number}"
        fields = ["Authentication-Results: mx.desk.example; dmarc=fail header.from=acme.example"]
    else:
        sender, subject = f"victim{number}@v{number % 500}.example", f"[INC-2026-{number:06d}] Hello"
        fields = []
    raw = mail(sender, subject, "Answer!", *fields, message_id=f"<f{number}@{PARTNER}>")
    return Arrival(raw, Envelope("smtp", sender, (SUPPORT,), "192.0.2.1", "mx.evil.example"), office.now)
