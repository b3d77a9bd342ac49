"""The cases of the decision table as real mails to a whole desk: its people, its incidents, and what they write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from mailbot.desk.contract import TrustNeeded
from mailbot.mail.token import Token, mint, reply_address, signing_keys
from mailbot.store import contracts, holds, participants
from mailbot.store.schema import contract as contract_table
from mailbot.store.schema import incident as incident_table
from mailbot.store.schema import term as term_table
from tests.desk import decisions as d
from tests.desk.decision_facts import DESK, HERE, TERMS
from tests.desk.decisions import Case
from tests.flows.office import AUTHSERV_ID, SECRET, SUPPORT, Letter, Office, mail, open_office

BOUNCES = "db-bounces@lists.example"
YAMADA, OLGA, LIST, SATO = "yamada@customer.example", "olga@other.example", "db@lists.example", "sato@desk.example"
ADDRESS = {
    d.ASKER: YAMADA,
    d.OF_TWO: "both@two.example",
    d.OTHERS: OLGA,
    d.OTHERS_ADMITTED: "oscar@other.example",
    d.LIST: "taro@elsewhere.example",
    d.LIST_UNPROVEN: "jiro@elsewhere.example",
    d.LIST_UNPROVEN_ASKER: YAMADA,
    d.MEMBER: "hanako@customer.example",
    d.CONTACT: "keiyaku@customer.example",
    d.CONTACT_ADMITTED: "bucho@customer.example",
    d.SEEN: "seen@guests.example",
    d.ADMITTED: "admitted@guests.example",
    d.NEIGHBOUR: "neighbour@other.example",
    d.SHARED: "eve@gmail.com",
    d.STRANGER: "eve@stranger.example",
    d.STAFF: SATO,
    d.STAFF_ASKER: "suzuki@desk.example",
    d.IGNORED: "spam@spam.example",
    d.IGNORED_ASKER: "ignored@customer.example",
    d.OWN: SUPPORT,
    d.NO_AUTHOR: YAMADA,
}
GUESTS = (d.SEEN, d.ADMITTED, d.CONTACT_ADMITTED, d.OTHERS_ADMITTED)
CIRCULARS = [f"<circular{number}@news.example>" for number in range(90)]
"""The other incident answers all of them, and each mail another one."""

_DMARC = {d.AUTHENTICATED: "pass", d.PLAUSIBLE: "none", d.FORGED: "fail"}


@dataclass
class Desk:
    """Three incidents are there: open and closed of the contract, open of the other; and what was sent for each."""

    office: Office
    asker: tuple[int, int]
    letters: dict[str, Letter] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    written: int = 0

    def decide(self, case: Case) -> tuple[str, list[Letter]]:
        """Hand such a mail in; its verdict in the table's words, and what went to people outside.

        A released one must have been held before, or there is nothing to release.
        """
        raw, recipient, sender = self._mail(case)
        inbound_id = self.office.take_in(raw, sender=sender, recipients=[recipient])
        assert inbound_id is not None
        self.office.sent.clear()
        self.office.work()
        if case.released != d.NO:
            assert self.office.inbound(inbound_id)[0]["state"] == "held", case
            asker = self.asker if case.released == d.IN_A_NAME else None
            with self.office.context.store.begin() as connection:
                assert holds.release(connection, inbound_id, by=SATO, asker=asker, now=self.office.now)
            self.office.work()
        outside = [letter for letter in self.office.sent if letter.audience != "staff"]
        return self._said(inbound_id), outside

    def _said(self, inbound_id: int) -> str:
        (row,) = self.office.inbound(inbound_id)
        said = " ".join(filter(None, (row["verdict"] or row["state"], row["reason"])))
        if row["verdict"] not in ("open", "append"):
            return said
        with self.office.context.store.read() as connection:
            found = connection.execute(incident_table.select().where(incident_table.c.number == row["incident"])).one()
        other = " other" if found.contract_id != 1 else ""
        return f"follow{other}" if row["verdict"] == "open" and found.former_id else f"{row['verdict']}{other}"

    def _mail(self, case: Case) -> tuple[bytes, str, str]:
        """The bytes, and the envelope's recipient and sender."""
        self.written += 1
        address = ADDRESS[case.who]
        domain = address.rpartition("@")[2]
        fields = [f"Message-ID: <m{self.written}@{domain}>"]
        subject, text, to = f"Mail {self.written}", f"Tell me about {self.written}.", self._to(case.reference)
        results = [f"dmarc={_DMARC[case.trust]} header.from={domain}"]
        if case.trust == d.AUTHENTICATED:
            results.append(f"dkim=pass header.d={domain}")
        if case.who == d.LIST:
            results.append("dkim=pass header.d=lists.example")
        if case.who in (d.LIST, d.LIST_UNPROVEN, d.LIST_UNPROVEN_ASKER):
            fields += ["List-Id: DB <db.lists.example>", f"List-Post: <mailto:{LIST}>"]
        match case.reference:
            case d.LETTER | d.BOTH:
                fields.append(f"In-Reply-To: {self.letters['open'].message_id}")
            case d.OTHER_LETTER:
                fields.append(f"In-Reply-To: {self.letters['other'].message_id}")
            case d.UNSEEN:
                fields.append(f"References: {CIRCULARS[self.written]}")
            case d.NUMBER:
                subject = f"[{self.numbers['open']}] {subject}"
            case d.OTHER_NUMBER:
                subject = f"[{self.numbers['other']}] {subject}"
            case d.CONTRACT:
                text += " Our contract is C-1."
        from_ = f"{address}, somebody@else.example" if case.who == d.NO_AUTHOR else f"Some One <{address}>"
        raw = mail(from_, subject, text, *fields, to=to)
        trace = f"Authentication-Results: {AUTHSERV_ID}; {'; '.join(results)}\r\n".encode()
        recipient = to if self.office.context.addresses.purpose(to) else SUPPORT
        return trace + raw, recipient, BOUNCES if case.who == d.LIST else address

    def _to(self, reference: str) -> str:
        def token(which: str, secret: str = SECRET, expires_on: date | None = None) -> str:
            return reply_address(SUPPORT, mint(signing_keys([secret]), Token("reply", self._id(which), 0, expires_on)))

        match reference:
            case d.TOKEN:
                return token("open")
            case d.CLOSED:
                return token("closed")
            case d.OTHER_TOKEN | d.BOTH:
                return token("other")
            case d.FORGED_TOKEN:
                return token("open", "f" * 64)
            case d.EXPIRED_TOKEN:
                return token("open", expires_on=date(2026, 3, 1))
        return SUPPORT

    def _id(self, which: str) -> int:
        with self.office.context.store.read() as connection:
            return next(
                row.id for row in connection.execute(incident_table.select()) if row.number == self.numbers[which]
            )


@contextmanager
def open_desk(folder: Path, *, state: str, asked: str, strangers: str) -> Iterator[Desk]:
    """A desk whose contract is in that state; its incidents are from a time when it was in force."""
    with open_office(folder) as office:
        contract, other = office.contract("C-1", language="en"), office.contract("C-10", language="en")
        asker = office.asker(contract, "Yamada", YAMADA)
        office.asker(contract, "DB", LIST, list_id="db.lists.example")
        for who in (d.OF_TWO, d.STAFF_ASKER, d.IGNORED_ASKER):
            office.asker(contract, who, ADDRESS[who])
        for who in (d.OF_TWO, d.OTHERS, d.OTHERS_ADMITTED):
            office.asker(other, who, ADDRESS[who])
        office.asker(other, "Gina", "gina@gmail.com")
        office.staff("Sato", SATO)
        office.staff("Suzuki", ADDRESS[d.STAFF_ASKER])
        desk = Desk(office, (asker, contract))
        _correspond(desk)
        _settle(desk, contract, state, asked)
        policy = replace(
            office.context.policy,
            strangers="hold" if strangers == "hold" else "ignore",
            trust=TrustNeeded(DESK[asked]),
        )
        office.context = replace(office.context, policy=policy)
        yield desk


def _correspond(desk: Desk) -> None:
    office = desk.office
    copies = f"Cc: {', '.join(ADDRESS[who] for who in GUESTS)}"
    for which, writer, field_ in (
        ("open", YAMADA, copies),
        ("closed", YAMADA, copies),
        ("other", OLGA, f"References: {' '.join(CIRCULARS)}"),
    ):
        raw = mail(writer, f"About {which}", f"How does {which} work?", field_, message_id=f"<{which}@asker.example>")
        office.take_in(raw, sender=writer)
        office.work()
        desk.letters[which] = next(each for each in office.sent if each.recipient == writer)
        desk.numbers[which] = office.incidents()[0]["number"]
        office.sent.clear()
    office.close_incident(desk.numbers["closed"])


def _settle(desk: Desk, contract: int, state: str, asked: str) -> None:
    office = desk.office
    with office.context.store.begin() as connection:
        for who in (d.CONTACT, d.CONTACT_ADMITTED):
            contracts.add_contact(connection, contract, name=who, address=ADDRESS[who])
        for who in (d.ADMITTED, d.CONTACT_ADMITTED, d.OTHERS_ADMITTED):
            for incident_id in (desk._id("open"), desk._id("closed")):
                assert participants.admit(connection, incident_id, ADDRESS[who], by=SATO, now=office.now)
        for who in (d.IGNORED, d.IGNORED_ASKER):
            holds.ignore(connection, ADDRESS[who], by=SATO, now=office.now)
        term = TERMS[state]
        connection.execute(
            term_table.update()
            .where(term_table.c.contract_id == contract)
            .values(starts_on=term.starts_on, ends_on=term.ends_on)
        )
        cancelled = datetime(2026, 3, 1, tzinfo=UTC) if state == d.CANCELLED else None
        connection.execute(
            contract_table.update()
            .where(contract_table.c.id == contract)
            .values(trust=HERE[asked], cancelled_at=cancelled)
        )
