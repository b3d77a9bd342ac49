"""Which orders stand in a mail of staff, and which may be proposed for a held one? Also: does an asker say `let them
in`? Pure.

An order is a whole line at the top of the mail, above everything quoted. A line that is indented as in our own letters
is none, so that a mail program that quotes without marks executes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from mailbot.desk.contract import Language
from mailbot.desk.verdict import HoldReason
from mailbot.mail.message import Message

_MOST_LINES = 200
_LONGEST_LINE = 500
_LONGEST_NAME = 60
_INDENTED = 4  # how our letters set orders that may be copied
_END_OF_SENTENCE = " .。!,、"
_NO_PLAIN_NAME = re.compile(r'[<>@"\d]')  # a stranger's name must not put an address or a number into an order


class Action(StrEnum):
    """What staff can order."""

    RELEASE = "release"
    REJECT = "reject"
    REGISTER = "register"
    IGNORE = "ignore"
    LET_IN = "let-in"
    APPROVE = "approve"
    DECLINE = "decline"
    TAKE = "take"
    URGENT = "urgent"
    NOT_URGENT = "not-urgent"


ABOUT_INCIDENTS = frozenset({Action.TAKE, Action.URGENT, Action.NOT_URGENT})


@dataclass(frozen=True, slots=True)
class Order:
    """One order as it was written. `number` is a mail's, or a change's; None where it was left out.

    `contract` is a number, `address` as written; `name` belongs to a registration, `reason` to a refused change;
    `incident` is the number of the incident that it is about, None where it was left out.
    """

    line: str
    action: Action
    number: int | None = None
    contract: str | None = None
    address: str | None = None
    name: str = ""
    reason: str = ""
    incident: str | None = None

    def __str__(self) -> str:
        """Say it in the one form that the examples of the rules are written in."""
        number = "" if self.number is None else str(self.number)
        who = " ".join(filter(None, (self.name, f"<{self.address}>" if self.address and self.name else "")))
        contract = f"for {self.contract}" if self.contract else ""
        as_whom = f"as {self.address}" if self.address and not self.name else ""
        return " ".join(filter(None, (self.action.value, number, who, contract, as_whom, self.reason, self.incident)))


@dataclass(frozen=True, slots=True)
class Found:
    """The orders of a mail in their order, and the lines that are none."""

    orders: tuple[Order, ...]
    unclear: tuple[str, ...]


class Step(StrEnum):
    """What may be proposed for a held mail or an incident; words.toml says what each does."""

    RELEASE = "release"
    RELEASE_FOR = "release-for"
    REJECT = "reject"
    REGISTER = "register"
    IGNORE = "ignore"
    LET_IN = "let-in"
    TAKE = "take"
    URGENT = "urgent"
    NOT_URGENT = "not-urgent"


@dataclass(frozen=True, slots=True)
class Proposal:
    """An order that makes sense for a held mail or an incident, as a line to copy."""

    line: str
    step: Step


PROPOSED: dict[HoldReason, tuple[Step, ...]] = {
    HoldReason.NULL_SENDER: (Step.RELEASE, Step.REJECT),
    HoldReason.MACHINE: (Step.RELEASE, Step.REJECT),
    HoldReason.AMBIGUOUS_AUTHOR: (Step.RELEASE_FOR, Step.REJECT),
    HoldReason.FORGED: (Step.RELEASE, Step.RELEASE_FOR, Step.REJECT),
    HoldReason.STRANGER: (Step.REGISTER, Step.RELEASE_FOR, Step.REJECT, Step.IGNORE),
    HoldReason.KNOWN_DOMAIN: (Step.REGISTER, Step.RELEASE_FOR, Step.REJECT, Step.IGNORE),
    HoldReason.CONTACT: (Step.REGISTER, Step.RELEASE_FOR, Step.REJECT),
    HoldReason.PARTICIPANT: (Step.LET_IN, Step.RELEASE_FOR, Step.REJECT),
    HoldReason.LIST_UNPROVEN: (Step.RELEASE, Step.REJECT),
    HoldReason.UNPROVEN: (Step.RELEASE, Step.REJECT),
    HoldReason.NOT_BEGUN: (Step.RELEASE, Step.REJECT),
    HoldReason.ENDED: (Step.RELEASE, Step.REJECT),
    HoldReason.GOES_ROUND: (Step.RELEASE, Step.REJECT),
    HoldReason.WHICH_CONTRACT: (Step.RELEASE_FOR, Step.REJECT),
    HoldReason.FOREIGN_REFERENCE: (Step.RELEASE, Step.REJECT),
    HoldReason.STAFF_MAIL: (Step.RELEASE_FOR, Step.REJECT),
    HoldReason.OTHER_ADDRESS: (Step.RELEASE, Step.RELEASE_FOR, Step.REJECT),
}
"""What staff may want to do with a mail that is held for this reason, the likeliest first."""


def needs_contract(reason: str) -> bool:
    """Say whether a plain release would only hold the mail once more: nobody could tell in whose name it asks."""
    return reason in PROPOSED and Step.RELEASE not in PROPOSED[HoldReason(reason)]


@dataclass(frozen=True, slots=True)
class Words:
    """How something is said; the first word is the one that our letters use."""

    by_language: Mapping[Language, tuple[str, ...]]

    @property
    def all(self) -> tuple[str, ...]:
        """Every word in every language, longest first, in the form in which lines are compared."""
        words = {_plain(word) for words in self.by_language.values() for word in words}
        return tuple(sorted(words, key=lambda word: (-len(word), word)))

    def first(self, language: Language) -> str:
        """Give the word that our letters use."""
        return self.by_language[language][0]


@dataclass(frozen=True, slots=True)
class OrderRules:
    """The words of orders: `contract` and `asker` stand before a contract's number and an asker's address.

    `name` and `number` stand in our letters where a person must put something; `admission` are an asker's whole lines.
    """

    actions: Mapping[Action, Words]
    contract: Words
    asker: Words
    name: Words
    number: Words
    admission: Words
    patterns: tuple[tuple[Action, re.Pattern[str]], ...]

    def find(self, message: Message) -> Found:
        """Read the top of a mail."""
        orders, unclear = [], []
        for line in top_lines(message):
            order = None if _is_indented(line) else self.order(line)
            if order is not None:
                orders.append(order)
            else:
                unclear.append(line.strip())
        return Found(tuple(orders), tuple(unclear))

    def order(self, line: str) -> Order | None:
        """Read one line; None when it is no order from its first to its last word."""
        written = _unstyled(line)
        for action, pattern in self.patterns:
            match = pattern.fullmatch(written)
            if match is not None:
                return self._order(line.strip(), action, match.groupdict())
        return None

    def _order(self, line: str, action: Action, said: Mapping[str, str | None]) -> Order | None:
        name = (said.get("name") or "").strip()
        if action is Action.REGISTER and (not name or _plain(name) in self.name.all):
            return None
        number = said.get("number")
        return Order(
            line=line,
            action=action,
            number=int(number) if number else None,
            contract=said.get("contract"),
            address=said.get("address"),
            name=name,
            reason=said.get("reason") or "",
            incident=_number_of_incident(said.get("incident") or said.get("named")),
        )

    def admits(self, message: Message) -> bool:
        """Say whether a whole line at the top of the mail is a word of admission."""
        return any(
            _plain(line).strip(_END_OF_SENTENCE) in self.admission.all
            for line in top_lines(message)
            if not _is_indented(line)
        )

    def proposals(
        self, language: Language, number: int, reason: str, author_name: str, contracts: Sequence[str]
    ) -> Iterator[Proposal]:
        """Give what may be ordered about a held mail; `contracts` are the numbers that it may mean."""
        steps = PROPOSED[HoldReason(reason)] if reason in PROPOSED else (Step.RELEASE, Step.REJECT)
        likely = contracts or (self.number.first(language),)
        usable = author_name and len(author_name) <= _LONGEST_NAME and not _NO_PLAIN_NAME.search(author_name)
        who = author_name if usable else self.name.first(language)
        for step in steps:
            action = Action.RELEASE if step is Step.RELEASE_FOR else Action(step.value)
            line = f"{self.actions[action].first(language)} {number}"
            if step is Step.REGISTER:
                yield Proposal(f"{line} {who} {self.contract.first(language)} {likely[0]}", step)
            elif step is Step.RELEASE_FOR:
                for each in likely:
                    yield Proposal(f"{line} {self.contract.first(language)} {each}", step)
            else:
                yield Proposal(line, step)

    def about_incident(self, language: Language, number: str, *steps: Step) -> tuple[Proposal, ...]:
        """Give lines to copy about an incident."""
        return tuple(Proposal(f"{self.actions[Action(each.value)].first(language)} {number}", each) for each in steps)


def order_rules(
    *,
    actions: Mapping[Action, Words],
    contract: Words,
    asker: Words,
    name: Words,
    number: Words,
    admission: Words,
) -> OrderRules:
    """Prepare the words for reading."""
    patterns = tuple((action, _pattern(action, words, contract, asker)) for action, words in actions.items())
    return OrderRules(actions, contract, asker, name, number, admission, patterns)


_NUMBER = r"(?:#\s*)?(?P<number>\d{1,18})(?:番)?"
_ADDRESS = r"<?(?P<address>[^\s<>@]+@[^\s<>@]+)>?"
_INCIDENT = r"\[?INC-\d{4}-\d{1,12}\]?"
_AS_WRITTEN = re.compile(r"\[?INC-(\d{4})-0*(\d{1,12})\]?", re.IGNORECASE)


def _number_of_incident(written: str | None) -> str | None:
    """The number as it was given out, such as INC-2026-000012."""
    match = _AS_WRITTEN.fullmatch(written or "")
    return f"INC-{match[1]}-{int(match[2]):06d}" if match else None


def _pattern(action: Action, words: Words, contract: Words, asker: Words) -> re.Pattern[str]:
    for_contract = rf"{_before(contract)}(?P<contract>\S+)"
    rests = {
        Action.RELEASE: rf"(?:{_NUMBER})?(?:\s*{for_contract}(?:\s+{_before(asker)}{_ADDRESS})?)?",
        Action.REGISTER: rf"(?:{_NUMBER}\s+)?(?P<name>[^<>@#\d][^<>@]*?)(?:\s*{_ADDRESS})?\s+{for_contract}",
        Action.APPROVE: rf"(?:CHG-)?{_NUMBER}",
        Action.DECLINE: rf"(?:CHG-)?{_NUMBER}(?:\s+(?P<reason>.+))?",
    }
    if action in ABOUT_INCIDENTS:  # in Japanese what an order is about stands before it
        named, incident = rf"(?:(?P<named>{_INCIDENT})\s*[をは:]?\s*)?", rf"(?P<incident>{_INCIDENT})?"
        return re.compile(rf"/?{named}{_before(words)}{incident}", re.IGNORECASE)
    rest = rests.get(action, rf"(?:{_NUMBER})?")
    return re.compile(rf"/?{_before(words)}(?:{rest})", re.IGNORECASE)


def _before(words: Words) -> str:
    """One of these words, and what must stand between it and what follows: Japanese is written without spaces."""
    latin = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words.all if word[-1].isascii())
    others = "|".join(re.escape(word) for word in words.all if not word[-1].isascii())
    forms = [rf"(?:{latin})(?:\s+|(?=#)|\Z)" if latin else "", rf"(?:{others})[\s:]*" if others else ""]
    return f"(?:{'|'.join(filter(None, forms))})"


def top_lines(message: Message) -> Iterator[str]:
    """Give the lines above everything that is quoted or a signature, without blank ones: there the text and what is
    new in it are still the same.
    """
    new = message.new_text.split("\n")
    text = message.text.strip("\n").split("\n")
    for count, (line, same) in enumerate(zip(text, new, strict=False)):
        marked = line.lstrip().startswith((">", "＞"))  # also where the mail does not say that it answers one
        if marked or line.rstrip() != same.rstrip() or count >= _MOST_LINES:
            return
        if line.strip():
            yield line[:_LONGEST_LINE].rstrip()


def _is_indented(line: str) -> bool:
    spaces = line.expandtabs(8)
    return len(spaces) - len(spaces.lstrip(" \u3000\xa0")) >= _INDENTED


def _unstyled(line: str) -> str:
    """One form for what keyboards tell apart: full-width letters, wide spaces, a full stop at the end."""
    return " ".join(normalize("NFKC", line).split()).rstrip(" .。")


def _plain(text: str) -> str:
    return _unstyled(text).casefold()


class Said(StrEnum):
    """What became of an order; words for each stand in words.toml."""

    RELEASED = "released"
    REJECTED = "rejected"
    REGISTERED = "registered"
    IGNORED = "ignored"
    LET_IN = "let-in"
    APPROVED = "approved"
    DECLINED = "declined"
    NOT_FOUND = "not-found"
    DECIDED = "decided"
    WHICH_MAIL = "which-mail"
    NEEDS_CONTRACT = "needs-contract"
    NO_CONTRACT = "no-contract"
    NO_ASKER = "no-asker"
    WHICH_ASKER = "which-asker"
    NO_SEAT = "no-seat"
    NO_AUTHOR = "no-author"
    REGISTERED_SENDER = "registered-sender"
    NOT_JOINING = "not-joining"
    CLOSED = "closed"
    REFUSED = "refused"
    TOO_MANY = "too-many"
    TAKEN = "taken"
    TAKEN_BY_ANOTHER = "taken-by-another"
    URGENT = "urgent"
    NOT_URGENT = "not-urgent"
    UNCHANGED = "unchanged"
    WHICH_INCIDENT = "which-incident"
    INCIDENT_CLOSED = "incident-closed"
    NOT_CALLED = "not-called"
    CALLED_OFF = "called-off"
    KEPT = "kept"


DONE = frozenset(
    {
        Said.RELEASED,
        Said.REJECTED,
        Said.REGISTERED,
        Said.IGNORED,
        Said.LET_IN,
        Said.APPROVED,
        Said.DECLINED,
        Said.TAKEN,
        Said.URGENT,
        Said.NOT_URGENT,
    }
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order. `detail` needs no language: numbers, addresses, what a rule of the desk says."""

    said: Said
    detail: str = ""

    @property
    def done(self) -> bool:
        """Say whether something was changed."""
        return self.said in DONE


def listed(values: Iterable[object]) -> str:
    """Write several things as a detail."""
    return ", ".join(str(value) for value in values)
