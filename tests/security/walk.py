"""A random walk over everything that people do with a desk's mail, in search of a leak (S26, promises T12).

Every word that belongs to somebody carries a canary: a token that occurs nowhere else, with the addresses of those who
may read it. Whatever leaves the desk is read, byte for byte and decoded, and no token may be in a letter to anybody
else. Who may read a token is said by the one who plants it, before the desk has decided anything.

What people do is a verb: a method of `Walk` in `VERBS`, with how often it is done. A new way to write, to merge or to
split is one more of them.

    python -m tests.security.walk 100000          so many steps, in fresh desks of 5,000; the figures at the end
"""

from __future__ import annotations

import quopri
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from sqlalchemy import update

from mailbot.mail.token import Token, mint, reply_address, signing_keys
from mailbot.store import contracts, holds, participants
from mailbot.store.schema import incident as incident_table
from mailbot.store.schema import message as message_table
from mailbot.store.schema import term as term_table
from tests.flows.office import AUTHSERV_ID, SECRET, SUPPORT, Letter, Office, open_office

STEPS_A_DESK = 5_000
CANARY = re.compile(r"zq89[a-z]{10}")  # in no base32 text, such as our signed addresses are
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Person:
    """Somebody who writes. `of` is the customer (C-1 …) that he belongs to, if to any."""

    name: str
    address: str
    of: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"


@dataclass(frozen=True)
class Customer:
    """A contract and its people: `askers` are registered, `ended` says that the last term is over."""

    number: str
    id: int
    askers: tuple[Person, ...]
    asker_ids: tuple[int, ...]
    mailing_list: Person
    members: tuple[Person, ...]
    guests: tuple[Person, ...]
    ended: bool


@dataclass
class Incident:
    """What the walker knows of an incident."""

    id: int
    number: str
    of: str
    guests: set[Person] = field(default_factory=set)
    admitted: set[Person] = field(default_factory=set)
    closed: bool = False


@dataclass(frozen=True)
class Waiting:
    """A mail that staff may release: the tokens that it planted, its writer, and the customer whose list it names."""

    words: tuple[str, ...]
    writer: Person
    through: Customer | None


@dataclass(frozen=True)
class Leak:
    """A token in a letter to somebody who may not read it."""

    token: str
    planted: str
    kind: str
    recipient: str

    def __str__(self) -> str:
        return f"{self.token} ({self.planted}) in a {self.kind} to {self.recipient}"


@dataclass
class Walk:
    """One desk, walked over. Reproducible by its seed."""

    office: Office
    dice: random.Random
    audiences: dict[str, frozenset[str]] = field(default_factory=dict)
    planted: dict[str, str] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    staff: tuple[Person, ...] = ()
    strangers: tuple[Person, ...] = ()
    incidents: dict[int, Incident] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    raws: list[tuple[bytes, str]] = field(default_factory=list)
    waiting: dict[int, Waiting] = field(default_factory=dict)
    leaks: list[Leak] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    read: int = 0
    seen: int = 0
    """Letters that were read, and tokens that were found in them where they belong."""
    written: int = 0
    _last_incident: int = 0

    # --- The stage ------------------------------------------------------------------------------------------------
    def settle(self) -> None:
        """Four customers (one whose contract has ended, one who shares an asker with another), staff and strangers."""
        self.staff = tuple(self._person(name, "desk.example", ()) for name in ("Sato", "Ito"))
        for person in self.staff:
            self.office.staff(person.name, person.address)
            self._may_read(person, "staff", self._everybody_here())
        shared = self._person("Both", "both.example", ())
        for number in ("C-1", "C-2", "C-3", "C-4"):
            self._customer(number, [shared] if number in ("C-2", "C-3") else [], ended=number == "C-4")
        self._may_read(shared, "asker of two", self._people_of("C-2") | self._people_of("C-3"))
        self.strangers = tuple(self._person("Eve", f"s{n}.example", ()) for n in range(4))
        for person in self.strangers:
            self._may_read(person, "stranger", self._everybody_here())

    def _customer(self, number: str, more: list[Person], *, ended: bool) -> None:
        host = f"{number.lower().replace('-', '')}.example"
        askers = (*(self._person("Asker", host, (), number) for _ in range(2)), *more)
        members = tuple(self._person("Member", host, (), number) for _ in range(2))
        guests = tuple(self._person("Guest", f"guest-{host}", (), number) for _ in range(3))
        mailing_list = self._person("List", f"lists-{host}", (), number)
        here = frozenset(each.address for each in (*askers, mailing_list)) | self._everybody_here()
        name, cluster = self._token(f"customer of {number}", here), self._token(f"cluster of {number}", here)
        contract_id = self.office.contract(number, customer=f"Customer {name}", cluster=cluster, language="en")
        ids = tuple(self.office.asker(contract_id, each.name, each.address) for each in askers)
        list_id = f"all.lists-{host}"
        self.office.asker(contract_id, mailing_list.name, mailing_list.address, list_id=list_id)
        self.customers[number] = Customer(number, contract_id, askers, ids, mailing_list, members, guests, ended)
        for person in (*askers, mailing_list, *members, *guests):
            if person not in more:
                self._may_read(person, f"people of {number}", here)
        with self.office.context.store.begin() as connection:
            boss = self._person("Contact", host, (), number)
            self._may_read(boss, f"contact of {number}", here)
            contracts.add_contact(connection, contract_id, name=boss.name, address=boss.address)

    def end_terms(self) -> None:
        """From here on the contracts that are to end have ended; before, they had incidents too."""
        with self.office.context.store.begin() as connection:
            for customer in self.customers.values():
                if customer.ended:
                    connection.execute(
                        update(term_table)
                        .where(term_table.c.contract_id == customer.id)
                        .values(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
                    )

    def _person(self, role: str, host: str, audience: Iterable[str], of: str = "") -> Person:
        """Name and address each carry a token; who may read them is said as soon as all are there."""
        return Person(
            f"{role} {self._token(role, audience)}", f"{role.lower()}-{self._token(role, audience)}@{host}", of
        )

    def _token(self, what: str, audience: Iterable[str]) -> str:
        token = "zq89" + "".join(self.dice.choices(_LETTERS, k=10))
        self.audiences[token] = frozenset(audience)
        self.planted[token] = what
        return token

    def _may_read(self, person: Person, what: str, audience: Iterable[str]) -> None:
        for token in CANARY.findall(f"{person.name} {person.address}"):
            # The one who is written to reads his own address in it.
            self.audiences[token] = frozenset(audience) | {person.address}
            self.planted[token] = what

    def _everybody_here(self) -> frozenset[str]:
        return frozenset(person.address for person in self.staff)

    def _people_of(self, number: str) -> frozenset[str]:
        customer = self.customers[number]
        return frozenset(each.address for each in (*customer.askers, customer.mailing_list)) | self._everybody_here()

    # --- The walk -------------------------------------------------------------------------------------------------
    def step(self, count: int) -> None:
        """Do so many things; the desk works whenever it comes to it."""
        verbs = [verb for verb, _ in VERBS]
        for verb in self.dice.choices(verbs, [often for _, often in VERBS], k=count):
            verb(self)
            self.done[verb.__name__] += 1
            if self.dice.random() < 0.3:
                self.work()
        self.work()

    def work(self) -> None:
        """Let the desk do what there is to do, and read all that it sends."""
        self.office.passes(timedelta(minutes=self.dice.randrange(40)))
        for letter in self.office.work():
            self._inspect(letter)
            self.letters = [*self.letters[-200:], letter]
        self.office.sent.clear()
        self._look_for_incidents()

    def _inspect(self, letter: Letter) -> None:
        self.read += 1
        for token in canaries(letter.raw):
            audience = self.audiences.get(token)
            if audience is None or letter.recipient not in audience:
                self.leaks.append(Leak(token, self.planted.get(token, "?"), letter.kind, letter.recipient))
            else:
                self.seen += 1

    def _look_for_incidents(self) -> None:
        by_id = {customer.id: customer.number for customer in self.customers.values()}
        with self.office.context.store.read() as connection:
            query = incident_table.select().where(incident_table.c.id > self._last_incident)
            for row in connection.execute(query.order_by(incident_table.c.id)):
                self.incidents[row.id] = Incident(row.id, row.number, by_id[row.contract_id])
                self._last_incident = row.id

    def astray(self) -> list[str]:
        """Messages that lie in an incident of somebody who may not read them: what a page or an export would show."""
        wrong = []
        by_id = {customer.id: customer.number for customer in self.customers.values()}
        with self.office.context.store.read() as connection:
            for row in connection.execute(message_table.select()):
                home = self._people_of(by_id[row.contract_id]) - self._everybody_here()
                for token in CANARY.findall(f"{row.subject} {row.text}".lower()):
                    named = ": " not in self.planted[token]  # in a signature of what staff released
                    if not named and not self.audiences[token] & home:
                        wrong.append(f"{token} ({self.planted[token]}) in an incident of {by_id[row.contract_id]}")
        return wrong

    # --- Verbs: what people do ------------------------------------------------------------------------------------
    def ask(self) -> None:
        asker = self._asker()
        self._write(asker, "asks", self._home(asker))

    def ask_with_copies(self) -> None:
        asker = self._asker()
        customer = self.customers[asker.of or "C-2"]
        self._write(asker, "asks, with Cc and Bcc", self._home(asker), copies=customer.guests)

    def reply(self) -> None:
        asker = self._asker()
        self._write(asker, "replies", self._home(asker), letter=self._letter_to(asker.address))

    def reply_with_the_number(self) -> None:
        incident = self._incident()
        if incident:
            asker = self.dice.choice(self.customers[incident.of].askers)
            self._write(asker, "names a number", self._home(asker), subject=f"[{incident.number}] More")

    def reply_into_another_contract(self) -> None:
        """A right reply address, or a right letter, in wrong hands: nothing of it reaches either side."""
        incident, asker = self._incident(), self._asker()
        if incident:
            self._write(asker, "answers what is not theirs", self._home(asker), to=self._address_of(incident))

    def answer_another_letter(self) -> None:
        if self.letters:
            asker = self._asker()
            letter = self.dice.choice(self.letters)
            self._write(asker, "answers another's letter", self._home(asker), answers=letter.message_id)

    def forward_a_letter_attached(self) -> None:
        """What somebody was sent comes back from somebody else: what is in it spreads no further for that."""
        asker = self._asker()
        self._write(asker, "forwards", self._home(asker), attached=self._outward_letter())

    def forward_a_letter_inline(self) -> None:
        letter = self._outward_letter()
        if letter:
            head = f"--- Forwarded message ---\nFrom: {letter.message['From']}\nSubject: {letter.subject}\n"
            self._write(self.dice.choice(self.strangers), "forwards", (), more=f"\n\n{head}\n{letter.text}")

    def post_to_the_list(self) -> None:
        customer = self._customer_of_choice()
        people = (*customer.members, *customer.askers[:2])
        self._write(self.dice.choice(people), "posts", self._people_of(customer.number), through=customer)

    def post_to_a_list_of_others(self) -> None:
        """The List-Id is right, and the list's host has not sent it: the asker speaks for himself alone."""
        customer, asker = self._customer_of_choice(), self._asker()
        self._write(asker, "feigns a list", self._home(asker), through=customer, vouched=False)

    def guest_writes(self) -> None:
        incident = self._incident()
        if incident:
            guest = self.dice.choice(self.customers[incident.of].guests)
            let_in = guest in incident.admitted
            audience = self._people_of(incident.of) if let_in else self._everybody_here()
            self._write(guest, "writes as a guest", audience, to=self._address_of(incident))

    def admit_a_guest(self) -> None:
        incident = self._incident()
        if incident:
            guest = self.dice.choice(self.customers[incident.of].guests)
            with self.office.context.store.begin() as connection:
                by = self.staff[0].address
                if participants.admit(connection, incident.id, guest.address, by=by, now=self.office.now):
                    incident.admitted.add(guest)

    def stranger_writes(self) -> None:
        incident, eve = self._incident(), self.dice.choice(self.strangers)
        to = self._address_of(incident) if incident and self.dice.random() < 0.5 else SUPPORT
        self._write(eve, "writes", self._everybody_here(), to=to)

    def forger_writes(self) -> None:
        incident, asker = self._incident(), self._asker()
        to = self._address_of(incident) if incident and self.dice.random() < 0.5 else SUPPORT
        self._write(asker, "is forged", self._everybody_here(), to=to, dmarc="fail")

    def staff_write(self) -> None:
        """Staff's own words: nobody outside may read them, whatever they answer."""
        letter = self.dice.choice(self.letters) if self.letters else None
        self._write(self.dice.choice(self.staff), "writes internally", self._everybody_here(), letter=letter)

    def release_as_it_is(self) -> None:
        self._release(None)

    def release_in_a_name(self) -> None:
        self._release(self._customer_of_choice())

    def close(self) -> None:
        incident = self._incident()
        if incident and not incident.closed:
            self.office.close_incident(incident.number)
            incident.closed = True

    def send_again(self) -> None:
        if self.raws:
            raw, sender = self.dice.choice(self.raws)
            self.office.take_in(raw, sender=sender, recipients=(SUPPORT, "staff@desk.example"))

    def machine_answers(self) -> None:
        letter = self._outward_letter()
        if letter:
            asker = Person("", letter.recipient)
            self._write(asker, "is away", (), letter=letter, more="\n\nI am away.", auto="Auto-Submitted: auto-replied")

    def bounce(self) -> None:
        letter = self._outward_letter()
        if letter:
            self.office.take_in(_returned(letter), sender="", recipients=("bounce@desk.example",))

    # --- How it is written ----------------------------------------------------------------------------------------
    def _write(
        self,
        writer: Person,
        what: str,
        audience: Iterable[str],
        *,
        to: str = SUPPORT,
        subject: str = "",
        letter: Letter | None = None,
        answers: str = "",
        copies: Iterable[Person] = (),
        attached: Letter | None = None,
        more: str = "",
        through: Customer | None = None,
        vouched: bool = True,
        dmarc: str = "pass",
        auto: str = "",
    ) -> None:
        """A mail whose subject, text, attachment and Bcc each carry a token of that audience."""
        self.written += 1
        who = f"{writer.of or writer.address} {what}"
        readers = frozenset(audience) | self._everybody_here()
        words = tuple(self._token(f"{who}: {part}", readers) for part in ("subject", "text", "file"))
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = str(writer)
        mail["Message-ID"] = f"<m{self.written}@{writer.address.rpartition('@')[2]}>"
        mail["Date"] = format_datetime(self.office.now)
        if letter is not None:
            subject, answers = f"Re: {letter.subject}", letter.message_id
            to = str(letter.message["Reply-To"] or SUPPORT)
            more += "\n\nThe desk wrote:\n" + "\n".join(f"> {each}" for each in letter.text.splitlines()[:30])
        mail["To"] = to
        mail["Subject"] = f"{subject or 'pgpool-II'} {words[0]}"
        mail["Bcc"] = f"hidden-{self._token(f'{who}: Bcc', self._everybody_here())}@hidden.example"
        if copies:
            mail["Cc"] = ", ".join(map(str, copies))
        if answers:
            mail["In-Reply-To"] = answers
            mail["References"] = answers
        mail.set_content(f"How does {words[1]} work in pgpool-II 4.5?{more}\n\n--\n{writer.name}\n")
        mail.add_attachment(b"log", maintype="text", subtype="plain", filename=f"{words[2]}.log")
        if attached is not None:
            mail.add_attachment(message_from_bytes(attached.raw, policy=policy.SMTP))
        inbound_id = self._hand_in(mail, writer, to, through, vouched=vouched, dmarc=dmarc, auto=auto)
        if inbound_id is not None and not (more or auto or attached):
            self.waiting[inbound_id] = Waiting(words, writer, through)
            if len(self.waiting) > 60:
                del self.waiting[next(iter(self.waiting))]

    def _hand_in(
        self,
        mail: EmailMessage,
        writer: Person,
        to: str,
        through: Customer | None,
        *,
        vouched: bool,
        dmarc: str,
        auto: str,
    ) -> int | None:
        domain = writer.address.rpartition("@")[2]
        head = [f"Authentication-Results: {AUTHSERV_ID}; dmarc={dmarc} header.from={domain}"]
        sender = writer.address
        if through is not None:
            host = through.mailing_list.address.rpartition("@")[2]
            head[0] += f"; dkim=pass header.d={host}" if vouched else ""
            head += [f"List-Id: <all.{host}>", f"List-Post: <mailto:{through.mailing_list.address}>"]
            sender = f"bounces@{host}"
        if auto:
            head.append(auto)
        raw = "".join(f"{each}\r\n" for each in head).encode() + mail.as_bytes()
        recipient = to.rpartition("<")[2].rstrip(">")
        inbound_id = self.office.take_in(raw, sender=sender, recipients=[recipient])
        self.raws = [*self.raws[-50:], (raw, sender)]
        return inbound_id

    def _release(self, customer: Customer | None) -> None:
        """Staff answer for what they release: in a customer's name, that customer may read what it says."""
        self.work()
        for inbound_id, mail in list(self.waiting.items()):
            (row,) = self.office.inbound(inbound_id)
            del self.waiting[inbound_id]
            if row["state"] != "held":
                continue
            place = self.dice.randrange(len(customer.askers)) if customer else 0
            named = (customer.asker_ids[place], customer.id) if customer else None
            with self.office.context.store.begin() as connection:
                by = self.staff[0].address
                assert holds.release(connection, inbound_id, by=by, asker=named, now=self.office.now)
            readers = self._people_of(customer.number) if customer else self._readers_as_it_is(mail)
            for token in mail.words:
                self.audiences[token] |= readers
            return

    def _readers_as_it_is(self, mail: Waiting) -> frozenset[str]:
        """The writer's own contracts, the list's that it names, and the incident's whose guest the writer is."""
        found: set[str] = set()
        for customer in self.customers.values():
            if mail.through == customer or mail.writer in (*customer.askers, *customer.guests):
                found |= self._people_of(customer.number)
        return frozenset(found)

    # --- Choices --------------------------------------------------------------------------------------------------
    def _customer_of_choice(self) -> Customer:
        return self.dice.choice(list(self.customers.values()))

    def _asker(self) -> Person:
        return self.dice.choice(self._customer_of_choice().askers)

    def _home(self, asker: Person) -> frozenset[str]:
        if asker.of:
            return self._people_of(asker.of)
        return self._people_of("C-2") | self._people_of("C-3")

    def _incident(self) -> Incident | None:
        return self.incidents[self.dice.choice(list(self.incidents)[-60:])] if self.incidents else None

    def _address_of(self, incident: Incident) -> str:
        return reply_address(SUPPORT, mint(signing_keys([SECRET]), Token("reply", incident.id, 0, None)))

    def _letter_to(self, address: str) -> Letter | None:
        mine = [letter for letter in self.letters if letter.recipient == address]
        return self.dice.choice(mine) if mine else None

    def _outward_letter(self) -> Letter | None:
        outward = [letter for letter in self.letters if letter.audience != "staff"]
        return self.dice.choice(outward) if outward else None


VERBS: tuple[tuple[Callable[[Walk], None], int], ...] = (
    (Walk.ask, 10),
    (Walk.ask_with_copies, 6),
    (Walk.reply, 12),
    (Walk.reply_with_the_number, 4),
    (Walk.reply_into_another_contract, 6),
    (Walk.answer_another_letter, 6),
    (Walk.forward_a_letter_attached, 4),
    (Walk.forward_a_letter_inline, 4),
    (Walk.post_to_the_list, 8),
    (Walk.post_to_a_list_of_others, 3),
    (Walk.guest_writes, 8),
    (Walk.admit_a_guest, 4),
    (Walk.stranger_writes, 5),
    (Walk.forger_writes, 4),
    (Walk.staff_write, 4),
    (Walk.release_as_it_is, 4),
    (Walk.release_in_a_name, 4),
    (Walk.close, 4),
    (Walk.send_again, 3),
    (Walk.machine_answers, 3),
    (Walk.bounce, 3),
)


def canaries(raw: bytes) -> set[str]:
    """Every token in a mail: as it stands on the wire, and in every header, part and attachment, decoded."""
    parsed = message_from_bytes(raw, policy=policy.default)
    shown = [raw.decode("latin-1"), quopri.decodestring(raw).decode("latin-1")]
    for part in parsed.walk():
        shown += [f"{name}: {value}" for name, value in part.items()]
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            shown.append(content.decode("utf-8", "replace"))
    return {token for text in shown for token in CANARY.findall(text.lower())}


def _returned(letter: Letter) -> bytes:
    """A delivery report of somebody's server about a letter of ours (RFC 3464), with the letter in it."""
    return (
        b"From: MAILER-DAEMON@relay.example\r\nTo: bounce@desk.example\r\nSubject: Undelivered Mail\r\n"
        b"Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; "
        + letter.recipient.encode()
        + b"\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + letter.raw
        + b"\r\n--b--\r\n"
    )


@contextmanager
def walked(folder: Path, *, steps: int, seed: str) -> Iterator[Walk]:
    """A desk over which so many steps were walked; some of them before the contract that has ended did so."""
    with open_office(folder / "desk") as office:
        walk = Walk(office, random.Random(seed))
        walk.settle()
        walk.step(steps // 20)
        walk.end_terms()
        walk.step(steps - steps // 20)
        yield walk


def main(steps: int, seed: int) -> int:
    began = time.monotonic()
    total: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for first in range(0, steps, STEPS_A_DESK):
        count = min(STEPS_A_DESK, steps - first)
        with tempfile.TemporaryDirectory() as folder, walked(Path(folder), steps=count, seed=f"{seed}.{first}") as walk:
            astray = walk.astray()
            total += Counter(
                steps=sum(walk.done.values()),
                mails=walk.written,
                letters=walk.read,
                canaries=len(walk.audiences),
                found_at_home=walk.seen,
                leaks=len(walk.leaks),
                astray=len(astray),
            )
            done += walk.done
            for leak in [*walk.leaks[:5], *astray[:5]]:
                print(leak)
            print(dict(total), f"{time.monotonic() - began:.0f} s", flush=True)
    print(", ".join(f"{name} {count}" for name, count in sorted(done.items())))
    print(f"seed {seed}: {total['leaks'] + total['astray']} leaks")
    return 1 if total["leaks"] or total["astray"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())))
