"""Look up all that is known about one mail before anything is decided about it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mailbot.desk import loops
from mailbot.desk.contract import AskerKind, Contract, Role, Staff
from mailbot.desk.facts import Facts, Newcomer, Participation, Registration, Release, Tie, Writer
from mailbot.desk.incident import Incident, Status
from mailbot.desk.verdict import Signal
from mailbot.flows.context import Context
from mailbot.flows.context import Purpose as AddressPurpose
from mailbot.flows.letters import joining_key
from mailbot.mail.address import normalise
from mailbot.mail.authenticity import proven_domains
from mailbot.mail.message import Message, Trust
from mailbot.mail.thread import base_subject, is_reply_subject, subject_numbers
from mailbot.mail.token import Purpose, Token, read, token_in_address, token_in_message_id
from mailbot.mail.trust import trust_of
from mailbot.store import contracts, holds, inbound, incidents, outbox, participants
from mailbot.store.engine import Connection
from mailbot.store.inbound import Waiting

_REFERENCES_LOOKED_UP = 30
_NEIGHBOURS_TOLD = 5


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is looked up once for a whole batch: who answers here, which kept mails have the same content, which askers
    and contacts may stand behind its writers, which of them staff ignore, and what a person has released. The partner
    is one of the `partners` and none of `staff`: he is told nothing of what comes in (S27).
    """

    staff: Mapping[str, Staff]
    partners: Mapping[str, Staff]
    twins: Mapping[str, Sequence[tuple[int, tuple[str, ...]]]]
    registrations: Sequence[Registration]
    contacts: Mapping[str, Sequence[Contract]]
    ignored: Collection[str]
    released: Mapping[int, Release]


def look_around(connection: Connection, mails: Sequence[Waiting], messages: Sequence[Message]) -> Surroundings:
    """Look up what all mails of a batch need."""
    twins: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for fingerprint, inbound_id, recipients in inbound.twins(connection, [mail.fingerprint for mail in mails]):
        twins.setdefault(fingerprint, []).append((inbound_id, recipients))
    writers = [_writer(message) for message in messages]
    addresses = sorted({each for writer in writers for each in (writer.author, writer.post_address) if each})
    list_ids = {writer.list_id for writer in writers if writer.list_id}
    people = contracts.everybody(connection)
    return Surroundings(
        staff={person.address: person for person in people if person.role is Role.STAFF},
        partners={person.address: person for person in people if person.role is Role.PARTNER},
        twins=twins,
        registrations=contracts.registrations(connection, addresses=addresses, list_ids=sorted(list_ids)),
        contacts=_contacts(connection, addresses),
        ignored=holds.ignored(connection, addresses),
        released={
            each.inbound_id: _release(connection, each) for each in holds.released(connection, [m.id for m in mails])
        },
    )


def _contacts(connection: Connection, addresses: Sequence[str]) -> Mapping[str, Sequence[Contract]]:
    found = contracts.contacts_at(connection, addresses)
    known = contracts.by_ids(connection, [contract_id for _, contract_id in found]) if found else {}
    contacts: dict[str, list[Contract]] = {}
    for address, contract_id in found:
        contacts.setdefault(address, []).append(known[contract_id])
    return contacts


def _release(connection: Connection, released: holds.Released) -> Release:
    named = None if released.asker_id is None else contracts.registration_of(connection, released.asker_id)
    return Release(released.by, None if named is None or named.asker.removed else named)


def _as_of(release: Release | None, today: date) -> Release | None:
    if release is None or release.registration is None:
        return release
    return Release(release.by, release.registration.as_of(today))


def gather(context: Context, connection: Connection, around: Surroundings, mail: Waiting, message: Message) -> Facts:
    """Put together the facts about one mail."""
    writer = _writer(message)
    today = context.day(mail.received_at)
    registrations = [each.as_of(today) for each in around.registrations if writer.is_registered_as(each.asker)]
    release = _as_of(around.released.get(mail.id), today)
    in_a_name = [release.registration] if release and release.registration else []
    ties = tuple(_ties(context, connection, mail, message, [*registrations, *in_a_name]))
    contact_of = around.contacts.get(writer.author, ()) if writer.author else ()
    known = bool(registrations or contact_of)
    return Facts(
        message=message,
        envelope_sender=mail.sender,
        author=writer.author,
        trust=_trust(message, writer, registrations),
        trust_needed=context.policy.trust,
        proven_domains=proven_domains(message),
        to_support=_is_for_support(context, mail.recipients),
        from_us=_is_from_us(context, mail, message, writer.author),
        ignored=writer.author in around.ignored,
        duplicate_of=_duplicate_of(context, around, mail),
        registrations=tuple(registrations),
        participations=tuple(_participations(connection, writer.author, ties, today)),
        contact_of=tuple(contract.as_of(today) for contract in contact_of),
        neighbours=() if known else _neighbours(context, connection, writer.author),
        staff=(around.staff.get(writer.author) or around.partners.get(writer.author)) if writer.author else None,
        ties=ties,
        strangers=context.policy.strangers,
        release=release,
        today=today,
        order_addresses=_order_addresses(context, around, mail, message),
        newcomers=tuple(_newcomers(context, connection, message, ties)),
        to_registry=_is_for(context, mail.recipients, "registry"),
        sender_rules=context.rules.senders,
        going_round=_going_round(context, connection, mail, message, registrations, ties),
        sent_by_author=writer.author is not None and _normalised(mail.sender) == writer.author,
    )


def _trust(message: Message, writer: Writer, registrations: Sequence[Registration]) -> Trust:
    lists = {each.asker.address for each in registrations if each.asker.kind is AskerKind.LIST}
    domain = (writer.author or "").rpartition("@")[2]
    return trust_of(message.authentication, domain, lists={address.rpartition("@")[2] for address in lists})


def _writer(message: Message) -> Writer:
    through = message.mailing_list
    return Writer(
        author=_normalised(message.author.address) if message.author else None,
        list_id=through.list_id if through and not through.other_ids else None,  # which one is the last list's?
        post_address=_normalised(through.post_address) if through and through.post_address else None,
    )


def _normalised(address: str) -> str | None:
    try:
        return normalise(address)
    except ValueError:
        return None


def _is_for_support(context: Context, recipients: Sequence[str]) -> bool:
    return _is_for(context, recipients, "support")


def _is_for(context: Context, recipients: Sequence[str], purpose: AddressPurpose) -> bool:
    return any(context.addresses.purpose(each) == purpose for each in recipients)


def _is_from_us(context: Context, mail: Waiting, message: Message, author: str | None) -> bool:
    """Our own address as author, or our own signed Message-ID: a list or a robot that sends our words back."""
    if author is not None and context.addresses.purpose(author) is not None:
        return True
    own = token_in_message_id(message.message_id or "", context.domain)
    return own is not None and isinstance(read(context.keys, own, today=context.day(mail.received_at)), Token)


def _duplicate_of(context: Context, around: Surroundings, mail: Waiting) -> int | None:
    """An earlier mail with this content that was for the same purpose, whichever addresses and doors they took."""
    purpose = _purpose(context, mail.recipients)
    earlier = [
        twin
        for twin, recipients in around.twins.get(mail.fingerprint, ())
        if twin < mail.id and _purpose(context, recipients) == purpose
    ]
    return min(earlier, default=None)


def _purpose(context: Context, recipients: Sequence[str]) -> tuple[bool, bool]:
    return _is_for_support(context, recipients), _is_for(context, recipients, "registry")


def _participations(
    connection: Connection, author: str | None, ties: Sequence[Tie], today: date
) -> Iterator[Participation]:
    """What the author takes part in, of the incidents that the mail points to."""
    if author is None or not ties:
        return
    for part in participants.parts_of(connection, author, [tie.incident.id for tie in ties]):
        registration = contracts.registration_of(connection, part.asker_id)
        if registration is not None:
            yield Participation(part.incident_id, registration.as_of(today), part.admitted)


def _order_addresses(context: Context, around: Surroundings, mail: Waiting, message: Message) -> frozenset[int]:
    """Whose own addresses for orders the mail was written to: signed, and not expired; the partner's only where they
    are for one incident (S27).
    """
    partners = {person.id for person in around.partners.values()}
    tokens = order_tokens(context, mail, message)
    return frozenset(token.person for token in tokens if token.incident or token.person not in partners)


def order_tokens(context: Context, mail: Waiting, message: Message) -> list[Token]:
    """Give what the addresses for orders say to which the mail was written: whose, and for which incident, if any."""
    today = context.day(mail.received_at)
    found = (read(context.keys, text, today=today) for text in _address_tokens(context.addresses.staff, mail, message))
    return [token for token in found if isinstance(token, Token) and token.purpose == "desk"]


def _newcomers(context: Context, connection: Connection, message: Message, ties: Sequence[Tie]) -> Iterator[Newcomer]:
    """Who waits to join what this mail points to, when it says that somebody may."""
    if not ties or not context.rules.orders.admits(message):
        return
    asked = set(outbox.keys_of(connection, message.in_reply_to[:_REFERENCES_LOOKED_UP]))
    text = message.new_text.lower()
    for incident_id, address in holds.joining(connection, [tie.incident.id for tie in ties]):
        answered = joining_key(incident_id, address) in asked
        yield Newcomer(incident_id, address, answered, named=_names(text, address))


def _names(text: str, address: str) -> bool:
    return re.search(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", text) is not None


def _neighbours(context: Context, connection: Connection, author: str | None) -> tuple[Contract, ...]:
    """The contracts of people with addresses in the author's own domain, unless it is a provider's."""
    domain = (author or "").rpartition("@")[2]
    if not domain or context.rules.senders.is_shared(domain):
        return ()
    found = contracts.neighbours(connection, domain, limit=_NEIGHBOURS_TOLD)
    return tuple(contracts.by_ids(connection, found).values()) if found else ()


def _going_round(
    context: Context,
    connection: Connection,
    mail: Waiting,
    message: Message,
    registrations: Sequence[Registration],
    ties: Sequence[Tie],
) -> Mapping[int, str]:
    """Which askers this comes from as from a machine that answers our acknowledgements; what joins wakes none."""
    mine = {registration.contract.id for registration in registrations}
    if any(tie.incident.contract_id in mine and tie.incident.status is not Status.CLOSED for tie in ties):
        return {}
    asked = loops.Asked(message.subject, message.new_text[: loops.BEGINNING], message.date, mail.received_at, None)
    since = mail.received_at - loops.WITHIN
    found = {}
    for asker_id in {registration.asker.id for registration in registrations}:
        earlier = incidents.asked_lately(connection, asker_id, since, limit=loops.IN_A_ROW)
        if why := loops.why_round(asked, earlier, context.rules.robots):
            found[asker_id] = why
    return found


def _ties(
    context: Context, connection: Connection, mail: Waiting, message: Message, registrations: Sequence[Registration]
) -> Iterator[Tie]:
    """Give every incident that this mail points to, the strongest signal first (architecture: who is writing)."""
    today = context.day(mail.received_at)
    replies = _address_tokens(context.addresses.support, mail, message)
    yield from _signed(context, connection, replies, "reply", Signal.REPLY_ADDRESS, today)
    yield from _signed(
        context, connection, _message_id_tokens(context, message), "message", Signal.OWN_MESSAGE_ID, today
    )
    found = list(_referenced(connection, message))
    yield from found
    mine = [registration.contract.id for registration in registrations]
    numbers = subject_numbers(message.subject) if mine else ()
    if numbers:
        for incident in incidents.by_numbers(connection, numbers, mine):
            yield Tie(incident, Signal.SUBJECT_TAG)
    elif not found and registrations and is_reply_subject(message.subject):
        since = mail.received_at - context.policy.same_subject_window
        askers = [registration.asker.id for registration in registrations]
        same = incidents.by_subject(connection, askers, base_subject(message.subject), since)
        if same is not None:
            yield Tie(same, Signal.SAME_SUBJECT)


def _address_tokens(own: str, mail: Waiting, message: Message) -> list[str]:
    addresses = [*mail.recipients, *(mailbox.address for mailbox in (*message.to, *message.cc))]
    found = (token_in_address(address, own) for address in addresses)
    return list(dict.fromkeys(token for token in found if token))


def _message_id_tokens(context: Context, message: Message) -> list[str]:
    ids = [*message.in_reply_to, *reversed(message.references)]
    found = (token_in_message_id(each, context.domain) for each in ids[:_REFERENCES_LOOKED_UP])
    return list(dict.fromkeys(token for token in found if token))


def _signed(
    context: Context, connection: Connection, tokens: Sequence[str], purpose: Purpose, signal: Signal, today: date
) -> Iterator[Tie]:
    for text in tokens:
        token = read(context.keys, text, today=today)
        if isinstance(token, Token) and token.purpose == purpose:
            incident = incidents.by_id(connection, token.incident)
            if incident is not None:
                yield Tie(incident, signal)


def _referenced(connection: Connection, message: Message) -> Iterator[Tie]:
    """What the mail's own id and its References say; the newest reference is the nearest relative."""
    wanted: dict[str, Signal] = {}
    if message.message_id:
        wanted[message.message_id] = Signal.SAME_MESSAGE_ID
    for each in message.in_reply_to[:_REFERENCES_LOOKED_UP]:
        wanted.setdefault(each, Signal.IN_REPLY_TO)
    for each in message.references[: -_REFERENCES_LOOKED_UP - 1 : -1]:
        wanted.setdefault(each, Signal.REFERENCES)
    if not wanted:
        return
    known: dict[str, list[tuple[bool, Incident]]] = {}
    for message_id, ghost, incident in incidents.by_references(connection, list(wanted)):
        known.setdefault(message_id, []).append((ghost, incident))
    ghosts = []
    for message_id, signal in wanted.items():
        for ghost, incident in known.get(message_id, ()):
            if ghost:
                ghosts.append(Tie(incident, Signal.GHOST))
            else:
                yield Tie(incident, signal)
    yield from ghosts
