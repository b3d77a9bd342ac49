"""Is this a contract as the desk sells it, and are these people whom it may register? (S4–S10) Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from mailbot.desk.contract import AskerKind, Language
from mailbot.errors import Fault
from mailbot.mail.address import normalise, registrable
from mailbot.mail.header import clean
from mailbot.mail.message import Mailbox

_LONGEST_NUMBER = 64
_LONGEST_LINE = 500
_LONGEST_VALUE = 80  # of what is shown of a fault
_MOST_ASKERS = 1_000
_YES, _NO = ("yes", "true", "1"), ("", "no", "false", "0")


@dataclass(frozen=True, slots=True)
class Application:
    """A contract as somebody wrote it: text in every field, nothing checked. `where` says where that stands."""

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
    welcome: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the desk can agree to: its menus, its languages (the first one where none is written), its own addresses."""

    menus: Collection[str]
    languages: Sequence[Language]
    own_addresses: Collection[str]


@dataclass(frozen=True, slots=True)
class NewAsker:
    """An asker that may be registered, if there is a seat; `address` is normalised."""

    kind: AskerKind
    name: str
    address: str
    list_id: str | None


@dataclass(frozen=True, slots=True)
class Sale:
    """A contract that may be registered; addresses are normalised. `welcome` says whether its people are sent a guide
    (S22); None: that goes by its first day.
    """

    number: str
    customer: str
    menu: str
    language: Language
    cluster: str
    starts_on: date
    ends_on: date
    extra_askers: int
    mailing_list_option: bool
    contacts: tuple[Mailbox, ...]
    askers: tuple[NewAsker, ...]
    welcome: bool | None


@dataclass(slots=True)
class Findings:
    """All that is found in one place: `faults` are wrongly written, `refusals` are against a rule of the desk."""

    where: str
    faults: list[Fault] = field(default_factory=list)
    refusals: list[Fault] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Say whether something was found."""
        return bool(self.faults or self.refusals)

    def fault(self, name: str, value: str, mend: str) -> None:
        """Something is wrongly written."""
        self.faults.append(Fault(self.where, name, _shown(value), mend))

    def refuse(self, name: str, value: str, mend: str) -> None:
        """Something is well written and not allowed."""
        self.refusals.append(Fault(self.where, name, _shown(value), mend))


def examine(application: Application, offer: Offer, found: Findings) -> Sale | None:
    """Read the application; what is wrong with it is added to the findings, and then there is no sale."""
    starts_on, ends_on = _term(application, found)
    extra = _extra_askers(application.extra_askers, found)
    option = _yes_or_no(application.mailing_list_option, found)
    customer = _line("customer", application.customer, found, needed=True)
    sale = Sale(
        number=_number(application.number, found),
        customer=customer,
        menu=_menu(application.menu, offer, found),
        language=_language(application.language, offer, found),
        cluster=_line("cluster", application.cluster, found, needed=False),
        starts_on=starts_on,
        ends_on=ends_on,
        extra_askers=extra,
        mailing_list_option=option,
        contacts=tuple(_contacts(application.contacts, found)),
        askers=tuple(_askers(application, offer, found, customer)),
        welcome=_yes_no_or_nothing("welcome", application.welcome, found),
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


def person(written: str, offer: Offer, found: Findings) -> NewAsker | None:
    """Read `Name <address>` as a named individual (S5)."""
    box = _address("askers", written, found)
    if box is None:
        return None
    if not box.name or "@" in box.name:
        found.fault("askers", written, "an asker is a named individual (S5): write Name <name@example.jp>")
        return None
    return _not_ours(NewAsker(AskerKind.PERSON, box.name, box.address, None), written, offer, found)


def mailing_list(written: str, list_id: str, offer: Offer, found: Findings, *, name: str) -> NewAsker | None:
    """Read `Name <address>` as a mailing list (S8); `name` stands for one that has none."""
    box = _address("list", written, found)
    identifier = _list_id(list_id, found)
    if box is None:
        return None
    return _not_ours(NewAsker(AskerKind.LIST, box.name or name, box.address, identifier), written, offer, found)


def _number(written: str, found: Findings) -> str:
    before = len(found.faults)
    number = _line("number", written, found, needed=True)
    odd = len(number) > _LONGEST_NUMBER or any(map(str.isspace, number)) or number.startswith("-")
    if odd and len(found.faults) == before:
        found.fault("number", written, f"must be at most {_LONGEST_NUMBER} characters, without blanks or a - in front")
    return number


def _line(name: str, written: str, found: Findings, *, needed: bool) -> str:
    text = clean(written)
    if needed and not text:
        found.fault(name, written, "is needed")
    elif text != written.strip() and (not written.isprintable() or len(text) < len(written.strip())):
        found.fault(name, written, "must be one line without control characters")
    elif len(text) > _LONGEST_LINE:
        found.fault(name, written, f"must have at most {_LONGEST_LINE} characters")
    return text


def _menu(written: str, offer: Offer, found: Findings) -> str:
    if written.strip() not in offer.menus:
        found.fault("menu", written, f"must be {' or '.join(offer.menus)}")
    return written.strip()


def _language(written: str, offer: Offer, found: Findings) -> Language:
    if not written.strip():
        return offer.languages[0]
    if written.strip() not in offer.languages:
        found.fault("language", written, f"must be {' or '.join(offer.languages)}")
    return cast(Language, written.strip())


def _term(application: Application, found: Findings) -> tuple[date, date]:
    starts_on = _day("starts_on", application.starts_on, found)
    ends_on = _day("ends_on", application.ends_on, found)
    if starts_on and ends_on and ends_on < starts_on:
        found.fault("ends_on", application.ends_on, f"must not be before starts_on, {starts_on}")
    return starts_on or date.min, ends_on or date.max


def _day(name: str, written: str, found: Findings) -> date | None:
    text = written.strip()
    try:
        if len(text) == len("2026-04-01"):  # ISO 8601 knows other forms too, which few people can read
            return date.fromisoformat(text)
    except ValueError:
        pass
    found.fault(name, written, "must be a day like 2026-04-01" if text else "is needed: a day like 2026-04-01")
    return None


def _extra_askers(written: str, found: Findings) -> int:
    text = written.strip() or "0"
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text) < _MOST_ASKERS:
        return int(text)
    found.fault("extra_askers", written, f"must be a whole number from 0 to {_MOST_ASKERS - 1}")
    return _MOST_ASKERS  # so that no seat is missed on top of that


def _yes_or_no(written: str, found: Findings) -> bool:
    word = written.strip().lower()
    if word not in (*_YES, *_NO):
        found.fault("mailing_list_option", written, "must be yes or no")
    return word not in _NO


def _yes_no_or_nothing(name: str, written: str, found: Findings) -> bool | None:
    word = written.strip().lower()
    if word not in (*_YES, *_NO):
        found.fault(name, written, "must be yes or no, or empty")
    return word in _YES if word else None


def _contacts(written: Sequence[str], found: Findings) -> Iterator[Mailbox]:
    seen: set[str] = set()
    for each in written:
        box = _address("contacts", each, found)
        if box is not None and box.address in seen:
            found.fault("contacts", each, "stands there twice")
        elif box is not None:
            seen.add(box.address)
            yield box


def _askers(application: Application, offer: Offer, found: Findings, customer: str) -> Iterator[NewAsker]:
    seen: set[str] = set()
    readings = [(each, person(each, offer, found)) for each in application.askers]
    if application.list:
        through = mailing_list(application.list, application.list_id, offer, found, name=customer)
        readings.append((application.list, through))
    elif application.list_id:
        found.fault("list_id", application.list_id, "needs the address of the list too")
    for written, asker in readings:
        if asker is not None and asker.address in seen:
            found.fault("askers", written, "stands there twice")
        elif asker is not None:
            seen.add(asker.address)
            yield asker


def _address(name: str, written: str, found: Findings) -> Mailbox | None:
    try:
        box = registrable(written)
        return Mailbox(box.name, normalise(box.address))
    except ValueError as error:
        found.fault(name, written, str(error))
        return None


def _not_ours(asker: NewAsker, written: str, offer: Offer, found: Findings) -> NewAsker | None:
    if asker.address in offer.own_addresses:
        found.refuse("askers", written, "is an address of this desk: it would write to itself")
        return None
    return asker


def _list_id(written: str, found: Findings) -> str | None:
    """The identifier as it is read off a mail: RFC 2919 §3, without angle brackets, in lower case."""
    text = written.strip()
    inside = text.rpartition("<")[2].removesuffix(">") if text.endswith(">") else text
    if inside and (not inside.isascii() or not inside.isprintable() or " " in inside or "." not in inside):
        found.fault("list_id", written, "must be the identifier of List-Id, such as team.example.jp")
    return inside.lower()[:255] or None


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _shown(value: str) -> str:
    text = clean(value)
    return f'"{text[: _LONGEST_VALUE - 1]}…"' if len(text) > _LONGEST_VALUE else f'"{text}"' if text else ""
