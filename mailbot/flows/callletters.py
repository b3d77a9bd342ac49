"""The letters by which people are called for an urgent incident, and hear what became of it (S21, S27)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.desk import callreplies
from mailbot.desk.callreplies import Call, Next, Settled, Shown
from mailbot.desk.contract import Contract, Language, Role, Staff
from mailbot.desk.incident import Incident, Urgency
from mailbot.desk.orders import Step
from mailbot.desk.replies import Wording
from mailbot.flows import letters
from mailbot.flows.context import Context
from mailbot.mail.message import Mailbox
from mailbot.store import contracts, equipment, escalations, events, incidents, outbox
from mailbot.store.engine import Connection, RowMapping
from mailbot.store.escalations import Escalation
from mailbot.store.outbox import NewLetter

BY_RULES = "rules"
URGENCY = "urgency"
_DECIDED = "person: staff have said so"


@dataclass(frozen=True, slots=True)
class Urgent:
    """An urgent incident as it is written down: its row, its contract, and what speaks for its urgency."""

    incident: Incident
    contract: Contract
    row: RowMapping
    evidence: tuple[str, ...]

    def call(self, context: Context, language: Language, *, again: bool, steps: Sequence[Step]) -> Call:
        """Say what those must know who are called."""
        return Call(
            language=language,
            incident_number=self.incident.number,
            contract=self.contract,
            subject=self.row["subject"],
            doubtful=self.row["urgency"] == Urgency.DOUBTFUL,
            evidence=self.evidence,
            received_at=self.row["received_at"],
            again=again,
            orders=context.rules.orders.about_incident(language, self.incident.number, *steps),
        )


def remember_evidence(
    connection: Connection, incident: Incident, urgency: Urgency, evidence: Sequence[str], now: datetime
) -> None:
    """Keep by which words the rules found an incident urgent, for those who are called later."""
    detail = "\n".join((urgency.value, *evidence))
    events.put(connection, incident.id, incident.contract_id, now, URGENCY, BY_RULES, detail)


def urgent(connection: Connection, incident: Incident) -> Urgent:
    """Look up what is to be said of an incident."""
    found = [each for each in events.of(connection, incident.id) if each.what == URGENCY and each.by == BY_RULES]
    evidence = tuple(found[-1].detail.split("\n")[1:]) if found else ()
    contract = contracts.by_ids(connection, [incident.contract_id])[incident.contract_id]
    row = incidents.whole(connection, incident.id)
    decided = (_DECIDED,) if row["urgency_by"] else ()
    return Urgent(incident, contract, row, (*evidence, *decided))


def calls(
    context: Context,
    connection: Connection,
    about: Urgent,
    people: Sequence[Staff],
    *,
    key: str,
    again: bool,
    following: Next | None,
    now: datetime,
) -> list[NewLetter]:
    """Call these people; `key` makes it one call, however often it is made."""
    return [
        letters.about_incident(
            context,
            person,
            key=key,
            kind=escalations.CALL,
            incident=about.incident,
            said=_call(context, connection, about, person, again=again, following=following),
            priority=outbox.URGENT,
            now=now,
        )
        for person in people
    ]


def _call(
    context: Context, connection: Connection, about: Urgent, person: Staff, *, again: bool, following: Next | None
) -> Wording:
    if person.role is Role.PARTNER:
        call = about.call(context, person.language, again=again, steps=(Step.TAKE,))
        hidden = [each.address for each in contracts.everybody(connection) if each.id != person.id]
        return callreplies.partner_call(context.desk, call, _shown(context, connection, about), hidden)
    doubtful = (Step.URGENT, Step.NOT_URGENT) if about.row["urgency"] == Urgency.DOUBTFUL else (Step.NOT_URGENT,)
    call = about.call(context, person.language, again=again, steps=(Step.TAKE, *doubtful))
    return callreplies.staff_call(context.desk, call, following)


def _shown(context: Context, connection: Connection, about: Urgent) -> Shown:
    """Only the question itself: what came later may be of other askers, and notes are staff's (S27)."""
    asked = [
        each
        for each in incidents.conversation(connection, about.incident.id)
        if each["inbound_id"] == about.row["inbound_id"]
    ]
    ids = {each["id"] for each in asked}
    attached = [each for each in incidents.attachments(connection, about.incident.id) if each["message_id"] in ids]
    registration = contracts.registration_of(connection, about.incident.asker_id)
    titles = {product.key: product.title for product in context.rules.scope.products}
    return Shown(
        asker_name=registration.asker.name if registration else "",
        equipment=tuple(equipment.of(connection, about.incident.contract_id)),
        products=tuple(titles.get(key, key) for key in about.row["products"]),
        new_text=asked[0]["new_text"] if asked else "",
        attachments=tuple((each["filename"], each["size"]) for each in attached if not each["inline"]),
    )


def settled(
    context: Context,
    connection: Connection,
    incident: Incident,
    by: Staff,
    *,
    taken: bool,
    key: str,
    wrote: str,
    now: datetime,
) -> list[NewLetter]:
    """Tell everybody who was called, but for the one who decided, that nobody is called any more. What a partner has
    taken all staff hear of, for it is theirs in the morning. To the partner nobody is named (S27).
    """
    called = set(escalations.called(connection, incident.id))
    if not called:
        return []
    subject = incidents.whole(connection, incident.id)["subject"]
    of_partner = by.role is Role.PARTNER
    people = [
        person
        for person in contracts.everybody(connection)
        if person.id != by.id and (person.address in called or (of_partner and person.role is Role.STAFF))
    ]

    def said(person: Staff) -> Wording:
        if person.role is Role.PARTNER:
            what = "taken-by-another" if taken else "called-off"
            return callreplies.partner_told(context.desk, person.language, incident.number, what, noted=False)
        word = Settled(person.language, incident.number, subject, Mailbox(by.name, by.address), taken, wrote)
        return callreplies.settled(context.desk, word)

    return [
        letters.about_incident(
            context,
            person,
            key=key,
            kind="claimed",
            incident=incident,
            said=said(person),
            priority=outbox.URGENT,
            now=now,
        )
        for person in people
    ]


def unclaimed(context: Context, about: Urgent, running: Escalation, language: Language) -> Wording:
    """Say that everybody was called in vain."""
    call = about.call(context, language, again=True, steps=(Step.TAKE,))
    return callreplies.unclaimed(context.desk, call, running.started_at)
