"""The facts of each case of the decision table: two contracts, their people and their incidents, as values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product

from mailbot.desk.contract import Asker, AskerKind, Contract, Staff, Term, TrustNeeded
from mailbot.desk.facts import Facts, Participation, Registration, Release, Tie
from mailbot.desk.incident import Incident, Status
from mailbot.desk.verdict import Signal
from mailbot.mail.message import Message, Trust
from tests.desk import decisions as d
from tests.desk.decisions import Case

TODAY = date(2026, 4, 1)
TERMS = {
    d.NOT_BEGUN: Term(date(2026, 5, 1), date(2027, 4, 30)),
    d.IN_FORCE: Term(date(2026, 1, 1), date(2026, 12, 31)),
    d.CANCELLED: Term(date(2026, 1, 1), date(2026, 12, 31)),
    d.ENDED: Term(date(2025, 1, 1), date(2025, 12, 31)),
}
DESK = {d.LAX: "plausible", d.STRICT: "authenticated", d.STRICT_HERE: "plausible", d.STRICT_ELSEWHERE: "authenticated"}
HERE = {d.LAX: None, d.STRICT: None, d.STRICT_HERE: "authenticated", d.STRICT_ELSEWHERE: "plausible"}
"""What the desk asks of a writer, and what the contract says itself."""

OPEN = Incident(1, "INC-2026-000001", 1, 1, Status.ACKNOWLEDGED, "x")
OVER = Incident(2, "INC-2026-000002", 1, 1, Status.CLOSED, "y")
OTHER = Incident(3, "INC-2026-000003", 2, 4, Status.ACKNOWLEDGED, "z")
PERSON = Asker(1, 1, AskerKind.PERSON, "Yamada", "yamada@customer.example", None)
LIST = Asker(2, 1, AskerKind.LIST, "DB", "db@lists.example", "db.lists.example")
OTHERS = Asker(4, 2, AskerKind.PERSON, "Olga", "olga@other.example", None)
SATO = Staff(1, "Sato", "sato@desk.example", "en")

_REGISTERED = {
    d.ASKER: (PERSON,), d.IGNORED_ASKER: (PERSON,), d.STAFF_ASKER: (PERSON,), d.OF_TWO: (PERSON, OTHERS),
    d.OTHERS: (OTHERS,), d.OTHERS_ADMITTED: (OTHERS,), d.LIST: (LIST,), d.LIST_UNPROVEN: (LIST,),
    d.LIST_UNPROVEN_ASKER: (PERSON, LIST),
}  # fmt: skip
_TIES: dict[str, tuple[Tie, ...]] = {
    d.TOKEN: (Tie(OPEN, Signal.REPLY_ADDRESS),),
    d.OTHER_TOKEN: (Tie(OTHER, Signal.REPLY_ADDRESS),),
    d.LETTER: (Tie(OPEN, Signal.OWN_MESSAGE_ID), Tie(OPEN, Signal.IN_REPLY_TO)),
    d.OTHER_LETTER: (Tie(OTHER, Signal.OWN_MESSAGE_ID), Tie(OTHER, Signal.IN_REPLY_TO)),
    d.BOTH: (Tie(OTHER, Signal.REPLY_ADDRESS), Tie(OPEN, Signal.OWN_MESSAGE_ID), Tie(OPEN, Signal.IN_REPLY_TO)),
    d.CLOSED: (Tie(OVER, Signal.REPLY_ADDRESS),),
    d.UNSEEN: (Tie(OTHER, Signal.GHOST),),
}
_EMPTY = Message(
    message_id="q@x.example", subject="Question", from_=(), author=None, author_defects=(), sender=None, reply_to=(),
    to=(), cc=(), date=None, in_reply_to=(), references=(), text="", new_text="How?", quoted_text="", signature="",
    attachments=(), mailing_list=None, automatic=None, bounce=None, authentication=(), warnings=(),
)  # fmt: skip
_NAMING = Message(**{name: getattr(_EMPTY, name) for name in _EMPTY.__slots__} | {"new_text": "How? (contract C-1)"})


def _contract(state: str, asked: str) -> Contract:
    own = HERE[asked]
    cancelled = datetime(2026, 3, 1, tzinfo=UTC) if state == d.CANCELLED else None
    trust = TrustNeeded(own) if own else None
    return Contract(1, "C-1", "A", "premium", "en", "", 9, True, (TERMS[state],), cancelled, trust)


_CONTRACTS = {key: _contract(*key) for key in product(d.STATE, d.ASKED)}
_OTHER = Contract(2, "C-10", "B", "premium", "en", "", 9, True, (TERMS[d.IN_FORCE],))


def facts(case: Case) -> Facts:
    """What `flows.gather` finds out about such a mail."""
    contract = _CONTRACTS[case.state, case.asked]
    registered = [
        Registration(asker, contract if asker.contract_id == 1 else _OTHER) for asker in _REGISTERED.get(case.who, ())
    ]
    person = Registration(PERSON, contract)
    release = {d.NO: None, d.AS_IT_IS: Release("sato", None), d.IN_A_NAME: Release("sato", person)}[case.released]
    known_in = {each.contract.id for each in registered} | ({1} if case.released == d.IN_A_NAME else set())
    ties = _ties(case.reference, known_in)
    joined = {tie.incident.id for tie in ties} & {OPEN.id, OVER.id} if case.who in _GUESTS else set()
    return Facts(
        message=_NAMING if case.reference == d.CONTRACT else _EMPTY,
        envelope_sender="bounces@somewhere.example",
        author=None if case.who == d.NO_AUTHOR else "the@writer.example",
        trust=Trust(case.trust),
        trust_needed=TrustNeeded(DESK[case.asked]),
        proven_domains=frozenset({"lists.example"} if case.who == d.LIST else ()),
        to_support=True,
        from_us=case.who == d.OWN,
        ignored=case.who in (d.IGNORED, d.IGNORED_ASKER),
        duplicate_of=None,
        registrations=tuple(registered),
        participations=tuple(Participation(each, person, case.who != d.SEEN) for each in sorted(joined)),
        contact_of=(contract,) if case.who in (d.CONTACT, d.CONTACT_ADMITTED) else (),
        neighbours=(contract,) if case.who in (d.MEMBER, d.NEIGHBOUR) else (),
        staff=SATO if case.who in (d.STAFF, d.STAFF_ASKER) else None,
        ties=ties,
        strangers="hold" if case.strangers == "hold" else "ignore",
        release=release,
        today=TODAY,
    )


_GUESTS = (*d.GUESTS, d.OTHERS_ADMITTED)


def _ties(reference: str, known_in: set[int]) -> tuple[Tie, ...]:
    """A number is looked up among the writer's own incidents alone."""
    if reference == d.NUMBER:
        return (Tie(OPEN, Signal.SUBJECT_TAG),) if 1 in known_in else ()
    if reference == d.OTHER_NUMBER:
        return (Tie(OTHER, Signal.SUBJECT_TAG),) if 2 in known_in else ()
    return _TIES.get(reference, ())
