"""Is this a contract as the desk sells it, and are these people whom it may register? (S4–S10) Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from operator import attrgetter
from typing import cast

from mailbot.desk.contract import AskerKind, Equipment, Language, Term, TrustNeeded
from mailbot.desk.sale import NewAsker, Sale
from mailbot.desk.senders import NO_RULES, SenderRules
from mailbot.flows import fields
from mailbot.flows.context import Context
from mailbot.flows.fields import Findings
from mailbot.mail.message import Mailbox

_ROLE = (
    "an asker is a named individual (S5), and {said} looks like a role or a shared mailbox: name a person, sell the "
    "mailing-list option and register a list (S8), or insist by "
    "--although-role-name REASON (in a file: although_role_name)"
)


@dataclass(frozen=True, slots=True)
class Application:
    """A contract as somebody wrote it: text in every field, nothing checked. `where` says where that stands.

    `starts_on`, `ends_on` and `menu` are those of the last term; `earlier_terms` are written `2025-04-01/2026-03-31`,
    with their menu behind that if it was another. `equipment` is written `host | OS | products and versions`,
    `more_lists` `Name <address> List-Id`. `although_role_name` is why askers may be called by a role.
    """

    where: str
    number: str = ""
    customer: str = ""
    menu: str = ""
    starts_on: str = ""
    ends_on: str = ""
    language: str = ""
    cluster: str = ""
    contacts: tuple[str, ...] = ()
    askers: tuple[str, ...] = ()
    list: str = ""
    list_id: str = ""
    extra_askers: str = ""
    mailing_list_option: str = ""
    more_lists: tuple[str, ...] = ()
    earlier_terms: tuple[str, ...] = ()
    cancelled_at: str = ""
    trust: str = ""
    timezone: str = ""
    equipment: tuple[str, ...] = ()
    although_role_name: str = ""
    welcome: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the desk can agree to: its menus, its languages (the first one where none is written), its own addresses;
    what it knows of addresses, and for how many months it sells a term.
    """

    menus: Collection[str]
    languages: Sequence[Language]
    own_addresses: Collection[str]
    senders: SenderRules = NO_RULES
    term_months: int = 12


def offer_by(context: Context) -> Offer:
    """Say what the desk of these flows can agree to, in every language that it has (S15)."""
    service, own = context.rules.service, frozenset(context.addresses.purposes)
    return Offer(tuple(service.menus), ("ja", "en"), own, context.rules.senders, service.term_months)


def examine(application: Application, offer: Offer, found: Findings) -> Sale | None:
    """Read the application; what is wrong with it is added to the findings, and then there is no sale."""
    terms = tuple(_terms(application, offer, found))
    extra = fields.extra_askers(application.extra_askers, found)
    option = fields.yes_or_no("mailing_list_option", application.mailing_list_option, found)
    customer = fields.line("customer", application.customer, found, needed=True)
    sale = Sale(
        number=fields.number(application.number, found),
        customer=customer,
        menu=menu(application.menu, offer, found),
        language=language(application.language, offer, found),
        cluster=fields.line("cluster", application.cluster, found, needed=False),
        terms=terms,
        extra_askers=extra,
        mailing_list_option=option,
        contacts=tuple(contacts(application.contacts, found)),
        askers=tuple(_askers(application, offer, found, customer)),
        cancelled_at=fields.moment("cancelled_at", application.cancelled_at, found),
        trust=trust(application.trust, found),
        timezone=fields.timezone(application.timezone, found),
        equipment=tuple(_equipment(application.equipment, found)),
        welcome=fields.yes_no_or_nothing("welcome", application.welcome, found),
    )
    refuse_askers(sale.askers, seats=1 + extra, mailing_list_option=option, found=found)
    return None if found.any else sale


def refuse_askers(
    askers: Sequence[NewAsker], *, seats: int, mailing_list_option: bool, found: Findings, taken: int = 0
) -> None:
    """Hold the seats (S9) and the mailing-list option (S8); `taken` seats are occupied already."""
    wanted = taken + len(askers)
    if askers and wanted > seats:
        mend = f"the contract has {_counted(seats, 'seat')} for askers and this would make {wanted}: sell extra askers"
        found.refuse("askers", "", f"{mend} (S9)")
    if not mailing_list_option and any(asker.kind is AskerKind.LIST for asker in askers):
        found.refuse("list", "", "a mailing list as asker needs the mailing-list option (S8)")


def person(written: str, offer: Offer, found: Findings, *, although: str = "") -> NewAsker | None:
    """Read `Name <address>` as a named individual (S5); `although` is the reason why a role's name is taken."""
    box = fields.address("askers", written, found)
    if box is None:
        return None
    if not box.name or "@" in box.name:
        found.fault("askers", written, "an asker is a named individual (S5): write Name <name@example.jp>")
        return None
    role = offer.senders.role_in(box.name, box.address)
    if role is not None and not although and box.address not in offer.own_addresses:
        found.refuse("askers", written, _ROLE.format(said=f'"{role}"'))
        return None
    asker = NewAsker(AskerKind.PERSON, box.name, box.address, None, although if role else "")
    return _not_ours(asker, written, offer, found)


def mailing_list(written: str, list_id: str, offer: Offer, found: Findings, *, name: str) -> NewAsker | None:
    """Read `Name <address>` as a mailing list (S8); `name` stands for one that has none."""
    box = fields.address("list", written, found)
    identifier = fields.list_id(list_id, found)
    if box is None:
        return None
    return _not_ours(NewAsker(AskerKind.LIST, box.name or name, box.address, identifier), written, offer, found)


def menu(written: str, offer: Offer, found: Findings) -> str:
    """Read one of the menus that are sold."""
    if written.strip() not in offer.menus:
        found.fault("menu", written, f"must be {' or '.join(offer.menus)}")
    return written.strip()


def language(written: str, offer: Offer, found: Findings) -> Language:
    """Read one of the desk's languages, the first one where none is written."""
    if not written.strip():
        return offer.languages[0]
    if written.strip() not in offer.languages:
        found.fault("language", written, f"must be {' or '.join(offer.languages)}")
    return cast(Language, written.strip())


def trust(written: str, found: Findings) -> TrustNeeded | None:
    """Read what must be known of a writer; None, written `desk` or not at all: as the desk's configuration says."""
    word = written.strip()
    if word in ("", "desk"):
        return None
    if word not in tuple(TrustNeeded):
        found.fault("trust", written, f"must be desk, {' or '.join(TrustNeeded)}")
        return None
    return TrustNeeded(word)


def contacts(written: Sequence[str], found: Findings) -> Iterator[Mailbox]:
    """Read contract contacts, each once."""
    seen: set[str] = set()
    for each in written:
        box = fields.address("contacts", each, found)
        if box is not None and box.address in seen:
            found.fault("contacts", each, "stands there twice")
        elif box is not None:
            seen.add(box.address)
            yield box


def machine(host: str, os: str, versions: str, found: Findings) -> Equipment:
    """Read a machine (S3): a host with its platform and the products on it, in words."""
    return Equipment(
        host=fields.cell("host", host, found, needed=True),
        os=fields.cell("os", os, found, needed=True),
        versions=fields.cell("versions", versions, found, needed=False),
    )


def _terms(application: Application, offer: Offer, found: Findings) -> Iterator[Term]:
    before = len(found.faults)
    starts_on, ends_on = _between(application.starts_on, application.ends_on, found)
    terms = [_earlier(written, offer, found) for written in application.earlier_terms]
    terms.append(Term(starts_on, ends_on))
    if len(found.faults) > before:
        return
    terms.sort(key=attrgetter("starts_on"))
    for one, other in pairwise(terms):
        if other.starts_on <= one.ends_on:
            found.refuse("earlier_terms", str(other.starts_on), f"a term until {one.ends_on} holds this day already")
    if terms[-1].ends_on != ends_on:
        found.fault("earlier_terms", "", "must be over before starts_on")
    yield from terms


def _between(first: str, last: str, found: Findings) -> tuple[date, date]:
    starts_on = fields.day("starts_on", first, found)
    ends_on = fields.day("ends_on", last, found)
    if starts_on and ends_on and ends_on < starts_on:
        found.fault("ends_on", last, f"must not be before starts_on, {starts_on}")
    return starts_on or date.min, ends_on or date.max


def _earlier(written: str, offer: Offer, found: Findings) -> Term:
    days, _, sold = written.strip().partition(" ")
    first, _, last = days.partition("/")
    starts_on, ends_on = _between(first, last, found)
    return Term(starts_on, ends_on, menu(sold, offer, found) if sold.strip() else None)


def _askers(application: Application, offer: Offer, found: Findings, customer: str) -> Iterator[NewAsker]:
    seen: set[str] = set()
    although = fields.line("although_role_name", application.although_role_name, found, needed=False)
    readings = [(each, person(each, offer, found, although=although)) for each in application.askers]
    for written, identifier in _lists(application, found):
        readings.append((written, mailing_list(written, identifier, offer, found, name=customer)))
    for written, asker in readings:
        if asker is not None and asker.address in seen:
            found.fault("askers", written, "stands there twice")
        elif asker is not None:
            seen.add(asker.address)
            yield asker


def _lists(application: Application, found: Findings) -> Iterator[tuple[str, str]]:
    """Give each list as it is written, and its List-Id."""
    if application.list:
        yield application.list, application.list_id
    elif application.list_id:
        found.fault("list_id", application.list_id, "needs the address of the list too")
    for written in application.more_lists:
        address, angle, identifier = written.rpartition(">")
        yield (address + angle, identifier) if angle else (written, "")


def _equipment(written: Sequence[str], found: Findings) -> Iterator[Equipment]:
    seen: set[str] = set()
    for each in written:
        host, os, versions, *more = [*each.split("|"), "", ""][:4]
        if any(more):
            found.fault("equipment", each, "must be written host | OS | products and versions")
            continue
        one = machine(host, os, versions, found)
        if one.host in seen:
            found.fault("equipment", each, "stands there twice")
        seen.add(one.host)
        yield one


def _not_ours(asker: NewAsker, written: str, offer: Offer, found: Findings) -> NewAsker | None:
    if asker.address in offer.own_addresses:
        found.refuse("askers", written, "is an address of this desk: it would write to itself")
        return None
    return asker


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
