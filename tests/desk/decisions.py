"""Who may write? The decision table (promises T9), in words: the tests expect what it says, and the docs print it.

It is written from the service's clauses, not from the code: a line says for whom and when it holds, what becomes of the
mail, and who outside the desk gets a letter. The first line that fits decides.

    python -m tests.desk.decisions --write        write docs/who-may-write.md anew
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from mailbot.desk import neutral

DOCUMENT = Path(__file__).parents[2] / "docs" / "who-may-write.md"

# --- Who ------------------------------------------------------------------------------------------------------------
ASKER = "an asker"
OF_TWO = "an asker of both contracts"
OTHERS = "an asker of the other contract"
OTHERS_ADMITTED = "an asker of the other contract, let into the incident"
LIST = "anybody through the list, its host vouching"
LIST_UNPROVEN = "anybody with the list's fields, its host not vouching"
LIST_UNPROVEN_ASKER = "an asker with the list's fields, its host not vouching"
MEMBER = "a member of the list, not through it"
CONTACT = "a contact"
CONTACT_ADMITTED = "a contact, let into the incident"
SEEN = "somebody in Cc of the incident"
ADMITTED = "somebody let into the incident"
NEIGHBOUR = "somebody with a customer's mail domain"
SHARED = "somebody with a customer's mail provider"
STRANGER = "a stranger"
STAFF = "staff"
STAFF_ASKER = "staff, also an asker"
IGNORED = "a stranger whom staff ignore"
IGNORED_ASKER = "an asker whom staff ignore"
OWN = "the desk's own address"
NO_AUTHOR = "an asker and somebody else in one From"
WHO = (
    ASKER, OF_TWO, OTHERS, OTHERS_ADMITTED, LIST, LIST_UNPROVEN, LIST_UNPROVEN_ASKER, MEMBER, CONTACT, CONTACT_ADMITTED,
    SEEN, ADMITTED, NEIGHBOUR, SHARED, STRANGER, STAFF, STAFF_ASKER, IGNORED, IGNORED_ASKER, OWN, NO_AUTHOR,
)  # fmt: skip

# --- How sure it is, and how sure it must be ------------------------------------------------------------------------
AUTHENTICATED, PLAUSIBLE, FORGED = "authenticated", "plausible", "forged"
TRUST = (AUTHENTICATED, PLAUSIBLE, FORGED)
LAX, STRICT, STRICT_HERE, STRICT_ELSEWHERE = (
    "plausible",
    "authenticated",
    "authenticated by the contract, plausible by the desk",
    "plausible by the contract, authenticated by the desk",
)
ASKED = (LAX, STRICT, STRICT_HERE, STRICT_ELSEWHERE)

# --- What the mail points to ----------------------------------------------------------------------------------------
NOTHING = "nothing"
TOKEN = "the incident's reply address"
OTHER_TOKEN = "the other incident's reply address"
FORGED_TOKEN = "a forged reply address"
EXPIRED_TOKEN = "an expired reply address"
LETTER = "a letter of ours about the incident"
OTHER_LETTER = "a letter of ours about the other incident"
BOTH = "a letter of ours about the incident, by the other incident's reply address"
NUMBER = "the incident's number"
OTHER_NUMBER = "the other incident's number"
CONTRACT = "the contract's number"
CLOSED = "the reply address of a closed incident"
UNSEEN = "a circular that the other incident answers too"
REFERENCE = (
    NOTHING, TOKEN, OTHER_TOKEN, FORGED_TOKEN, EXPIRED_TOKEN, LETTER, OTHER_LETTER, BOTH, NUMBER, OTHER_NUMBER,
    CONTRACT, CLOSED, UNSEEN,
)  # fmt: skip

# --- Where the contract is in its life ------------------------------------------------------------------------------
NOT_BEGUN, IN_FORCE, CANCELLED, ENDED = "not begun", "in force", "cancelled at the end", "ended"
STATE = (NOT_BEGUN, IN_FORCE, CANCELLED, ENDED)

# --- What staff said, and what the desk does with strangers ---------------------------------------------------------
NO, AS_IT_IS, IN_A_NAME = "no", "as it is", "in the asker's name"
RELEASED = (NO, AS_IT_IS, IN_A_NAME)
STRANGERS = ("hold", "ignore")


@dataclass(frozen=True)
class Case:
    """One mail: everything that the decision may depend on."""

    who: str
    trust: str
    asked: str
    reference: str
    state: str
    released: str
    strangers: str


def cases() -> Iterator[Case]:
    """Every combination."""
    yield from itertools.starmap(Case, itertools.product(WHO, TRUST, ASKED, REFERENCE, STATE, RELEASED, STRANGERS))


# --- What becomes of it ---------------------------------------------------------------------------------------------
OUTCOMES = {
    "open": "a new question under the contract",
    "open other": "a new question under the other contract",
    "follow": "a new question that goes on from the closed one",
    "append": "joins the incident",
    "append other": "joins the other incident",
    "hold": "held for staff",
    "ignore": "kept, not shown, not answered",
}
NOBODY, ACKNOWLEDGED = "nobody", "acknowledged"
TOLD_ENDED = "the asker, once a term: it ended, and how to renew"
ASKED_TO_ADMIT = "the incident's asker, once: may they join?"


@dataclass(frozen=True)
class Line:
    """For whom and when; what becomes of the mail; who outside is told; why. A dimension that is not named is any."""

    then: str
    why: str
    who: frozenset[str] = frozenset(WHO)
    trust: frozenset[str] = frozenset(TRUST)
    asked: frozenset[str] = frozenset(ASKED)
    reference: frozenset[str] = frozenset(REFERENCE)
    state: frozenset[str] = frozenset(STATE)
    released: frozenset[str] = frozenset(RELEASED)
    strangers: frozenset[str] = frozenset(STRANGERS)
    told: str = NOBODY

    def fits(self, case: Case) -> bool:
        return all(getattr(case, each.name) in getattr(self, each.name) for each in fields(case))


def line(then: str, why: str, *, told: str = "", **when: str | Iterable[str]) -> Line:
    said = told or (ACKNOWLEDGED if then.startswith(("open", "follow")) else NOBODY)
    chosen = {name: frozenset([value] if isinstance(value, str) else value) for name, value in when.items()}
    return Line(then, why, told=said, **chosen)


BY_RIGHT = (ASKER, IGNORED_ASKER, LIST, LIST_UNPROVEN, LIST_UNPROVEN_ASKER)
IN_PERSON = (ASKER, IGNORED_ASKER, LIST_UNPROVEN_ASKER)
OF_THE_OTHER = (OTHERS, OTHERS_ADMITTED)
GUESTS = (SEEN, ADMITTED, CONTACT_ADMITTED)
NOBODYS = (STRANGER, SHARED, SEEN, ADMITTED, IGNORED)
TO_THE_INCIDENT = (TOKEN, LETTER)
POINTS_HERE = (TOKEN, LETTER, BOTH, CLOSED)
POINTS_ELSEWHERE = (OTHER_TOKEN, OTHER_LETTER, BOTH)
BELONGS_ELSEWHERE = (OTHER_TOKEN, OTHER_LETTER, BOTH, OTHER_NUMBER, UNSEEN)
POINTS_NOWHERE = (NOTHING, FORGED_TOKEN, EXPIRED_TOKEN, NUMBER, OTHER_NUMBER, CONTRACT, UNSEEN)
SERVED, NOT_SERVED = (IN_FORCE, CANCELLED), (NOT_BEGUN, ENDED)
WANTS_PROOF, OTHER_WANTS_PROOF = (STRICT, STRICT_HERE), (STRICT, STRICT_ELSEWHERE)
NAMED = (TOKEN, LETTER, NUMBER, CLOSED, CONTRACT)

TABLE: tuple[Line, ...] = (
    # Whoever it is
    line("ignore own-mail", "two robots would talk for ever", who=OWN),
    line("hold ambiguous-author", "programs disagree about who wrote it", who=NO_AUTHOR, released=(NO, AS_IT_IS)),
    line("ignore ignored-sender", "staff said so", who=IGNORED, released=NO),
    line("ignore ignored-sender", "staff said so", who=IGNORED_ASKER, state=ENDED, released=NO),
    line("hold forged", "the writer's domain disowns it; a list breaks signatures, and vouches instead",
         trust=FORGED, who=set(WHO) - {LIST}, released=NO),
    line("hold staff-mail", "staff answer in ways that prove who they are", who=(STAFF, STAFF_ASKER),
         released=(NO, AS_IT_IS)),
    # Staff put a name to it: what is left is where it belongs
    line("append", "staff answer for it", released=IN_A_NAME, reference=(TOKEN, LETTER, NUMBER, BOTH)),
    line("follow", "staff answer for it", released=IN_A_NAME, reference=CLOSED),
    line("open", "staff answer for it", released=IN_A_NAME),
    # Guests of one incident
    line("hold participant", "only an asker may put a new question", who=(*GUESTS, OTHERS_ADMITTED), released=AS_IT_IS,
         reference=CLOSED),
    line("append", "staff let this one mail in", who=(*GUESTS, OTHERS_ADMITTED), released=AS_IT_IS,
         reference=TO_THE_INCIDENT),
    line("append", "staff let this one mail in", who=GUESTS, released=AS_IT_IS, reference=BOTH),
    line("hold foreign-reference", "a right reply address is never outvoted", who=GUESTS, reference=BOTH, state=SERVED),
    line("hold unproven", "the contract wants more proof", who=(*GUESTS, OTHERS_ADMITTED), trust=PLAUSIBLE,
         asked=WANTS_PROOF, reference=(*TO_THE_INCIDENT, CLOSED), state=SERVED),
    line("hold participant", "only an asker may put a new question", who=(*GUESTS, OTHERS_ADMITTED), reference=CLOSED,
         state=SERVED),
    line("append", "they were let in", who=(ADMITTED, CONTACT_ADMITTED, OTHERS_ADMITTED), reference=TO_THE_INCIDENT,
         state=SERVED),
    line("hold participant", "nobody subscribes by being in Cc", who=SEEN, reference=TO_THE_INCIDENT, state=SERVED,
         told=ASKED_TO_ADMIT),
    # Nobody with a right to ask
    line("hold contact", "buys the service, and does not ask", who=(CONTACT, CONTACT_ADMITTED)),
    line("hold known-domain", "may be a colleague: staff ask, never the machine", who=(MEMBER, NEIGHBOUR)),
    line("ignore stranger", "the desk has chosen so", who=NOBODYS, strangers="ignore", released=NO,
         reference=POINTS_NOWHERE),
    line("hold stranger", "may learn nothing (S28)", who=NOBODYS),
    line("hold list-unproven", "a List-Id is easily written", who=LIST_UNPROVEN, released=NO),
    # Askers, and what comes through their list
    line("hold not-begun", "no term has begun", who=BY_RIGHT, state=NOT_BEGUN, released=NO),
    line("hold ended", "the term is over; a list is told nothing", who=LIST, state=ENDED, released=NO),
    line("hold ended", "the term is over, and it may be somebody else", who=BY_RIGHT, state=ENDED, released=NO,
         trust=PLAUSIBLE, asked=WANTS_PROOF),
    line("hold ended", "the term is over", who=BY_RIGHT, state=ENDED, released=NO, told=TOLD_ENDED),
    line("hold unproven", "the contract wants more proof; a reply address is none", who=IN_PERSON, released=NO,
         trust=PLAUSIBLE, asked=WANTS_PROOF),
    line("hold foreign-reference", "a token admits nobody", who=BY_RIGHT, released=NO, reference=POINTS_ELSEWHERE),
    line("append", "answers the incident", who=BY_RIGHT, reference=(TOKEN, LETTER, NUMBER, BOTH)),
    line("follow", "a closed incident stays closed (S6)", who=BY_RIGHT, reference=CLOSED),
    line("open", "a question", who=BY_RIGHT),
    # Askers of the other contract
    line("hold unproven", "their contract wants more proof", who=OF_THE_OTHER, released=NO, trust=PLAUSIBLE,
         asked=OTHER_WANTS_PROOF),
    line("hold foreign-reference", "a token admits nobody", who=OF_THE_OTHER, released=NO, reference=POINTS_HERE),
    line("append other", "answers their own incident", who=OF_THE_OTHER, reference=BELONGS_ELSEWHERE),
    line("open other", "a question of their own", who=OF_THE_OTHER),
    # Askers of both
    line("hold unproven", "the contract that is meant wants more proof", who=OF_TWO, released=NO, trust=PLAUSIBLE,
         asked=WANTS_PROOF, state=SERVED, reference=NAMED),
    line("hold unproven", "the contract that is meant wants more proof", who=OF_TWO, released=NO, trust=PLAUSIBLE,
         asked=OTHER_WANTS_PROOF, reference=BELONGS_ELSEWHERE),
    line("hold unproven", "the contract in force wants more proof", who=OF_TWO, released=NO, trust=PLAUSIBLE,
         asked=OTHER_WANTS_PROOF, state=NOT_SERVED),
    line("hold unproven", "one of those that may be meant wants more proof", who=OF_TWO, released=NO, trust=PLAUSIBLE,
         asked=(STRICT, STRICT_HERE, STRICT_ELSEWHERE), state=SERVED,
         reference=(NOTHING, FORGED_TOKEN, EXPIRED_TOKEN)),
    line("hold ended", "of the contract that ended; the other one runs, so no machine says a word", who=OF_TWO,
         released=NO, state=ENDED, reference=POINTS_HERE),
    line("hold foreign-reference", "of a contract that has not begun", who=OF_TWO, released=NO, state=NOT_BEGUN,
         reference=POINTS_HERE),
    line("append other", "answers the other incident", who=OF_TWO, reference=BELONGS_ELSEWHERE),
    line("open other", "the contract that runs", who=OF_TWO, released=NO, state=NOT_SERVED),
    line("append", "answers the incident", who=OF_TWO, reference=(TOKEN, LETTER, NUMBER)),
    line("follow", "a closed incident stays closed (S6)", who=OF_TWO, reference=CLOSED),
    line("open other", "the contract that runs", who=OF_TWO, state=NOT_SERVED),
    line("open", "names the contract", who=OF_TWO, reference=CONTRACT),
    line("hold which-contract", "may mean either", who=OF_TWO),
)  # fmt: skip


def decided(case: Case) -> Line:
    """The first line that fits."""
    return next(each for each in TABLE if each.fits(case))


# --- The page -------------------------------------------------------------------------------------------------------
HEADS = {
    "trust": "trust",
    "asked": "asked",
    "reference": "points to",
    "state": "contract",
    "released": "released",
    "strangers": "strangers",
}


def page() -> str:
    """docs/who-may-write.md."""
    rows = [
        f"| {number} | {_who(each.who)} | {_when(each)} | {_then(each.then)} | {each.told} | {each.why} |"
        for number, each in enumerate(TABLE, 1)
    ]
    count = len(list(cases()))
    return _PREFACE.format(
        lines=len(TABLE),
        count=f"{count:,}",
        neutral=_neutral(),
        values=_values(),
        rows="\n".join(rows),
        groups=_groups(),
    )


def _neutral() -> str:
    *most, last = (f"`{reason.value}`" for reason, rule in neutral.RULES.items() if rule.tells)
    return f"{', '.join(most)} or {last}"


GROUPS: dict[str, tuple[str, ...]] = {
    "any guest": (*GUESTS, OTHERS_ADMITTED),
    "a guest but an asker": GUESTS,
    "nobody's": NOBODYS,
    "entitled by the contract": BY_RIGHT,
    "entitled in person": IN_PERSON,
    "answers the incident": TO_THE_INCIDENT,
    "points to the incident": POINTS_HERE,
    "points to the other incident": POINTS_ELSEWHERE,
    "belongs to the other incident": BELONGS_ELSEWHERE,
    "names no incident surely": POINTS_NOWHERE,
    "means the contract": NAMED,
    "wants proof": WANTS_PROOF,
    "the other wants proof": OTHER_WANTS_PROOF,
}
"""What the page calls sets that come again and again."""


def _who(who: frozenset[str]) -> str:
    if group := _group(who):
        return group
    if len(who) > len(WHO) / 2:
        left = [each for each in WHO if each not in who]
        return "anybody" + (f" but {', '.join(left)}" if left else "")
    return "; ".join(each for each in WHO if each in who)


def _when(each: Line) -> str:
    said = []
    for name, head in HEADS.items():
        chosen, everything = getattr(each, name), globals()[name.upper()]
        if len(chosen) < len(everything):
            words = _group(chosen) or " / ".join(value for value in everything if value in chosen)
            said.append(f"**{head}** {words}")
    return "; ".join(said) or "always"


def _group(chosen: frozenset[str]) -> str:
    return next((f"*{name}*" for name, members in GROUPS.items() if frozenset(members) == chosen), "")


def _groups() -> str:
    return "\n".join(f"- *{name}*: {' · '.join(members)}" for name, members in GROUPS.items())


def _then(then: str) -> str:
    if then in OUTCOMES:
        return OUTCOMES[then]
    verdict, reason = then.split()
    return f"{OUTCOMES[verdict]}: `{reason}`"


def _values() -> str:
    who = f"- **who**: {' · '.join(WHO)}\n"
    return who + "\n".join(f"- **{head}**: {' · '.join(globals()[name.upper()])}" for name, head in HEADS.items())


_PREFACE = """\
# Who may write

This page is generated: `python -m tests.desk.decisions --write`. The {lines} lines below are what the tests expect of
all {count} combinations, and of a sample of real mails through a whole desk
(`tests/desk/test_decisions.py`, `tests/flows/test_decisions.py`).

Two contracts stand for all: *the contract*, whose asker, list, contact and incidents are meant where nothing else is
said, and *the other contract*, of another customer, which is in force. A mail is looked at from the top; the first line
that fits decides.

**Before the table.** A mail with a Message-ID that we signed is our own, and ignored. So is a copy of a mail that is
here already, and what a machine wrote (an absence note, a receipt); but what an asker's machine sent by itself, a
watchdog's alarm say, is held. A delivery report is told to staff if a letter of ours did not arrive. A mail without
return path that shows no other sign of a machine is held. Changes are asked for at the registry address by contacts and
askers, staff give orders at their own signed addresses; other mail that is not written to the support address is held.
So is what only a machine repeats (`goes-round`).

**Held** means: kept, with the reason and with the clock of a question running; staff are told, and let it go its way,
name the person it comes from, or put it away. Nobody outside is told anything, but for the letters in the column
*told outside*, which go to registered people alone. A stranger is never told anything: not by SMTP, not by mail, not by
how long it takes.

**The neutral letter** is the one exception, and comes later: where nobody has decided in 90 per cent of that time, the
registered person in whose name the mail came hears, at the registered address and once a day, that a mail is here, and
nothing else. So it is, while a contract of theirs is in force, with what is held as
{neutral} (`desk/neutral.py`).

{values}

*Trust* is what our own border says of the writer's domain (DMARC): it vouches, it says nothing, it disowns the mail.
*Asked* is what must be known of a writer before he is served: by the contract, else by the desk's `[policy] trust`.
Three things follow that are easily taken for granted the other way:

- **A reply address raises no trust.** It proves that somebody received a letter of ours, and letters are forwarded. A
  plausible writer under a contract that asks for authenticated ones is held, with the right token too.
- **To be served is not to be obeyed.** No order, change or renewal is taken from a plausible writer before it was
  confirmed by a token that was made for that one confirmation and sent to the registered person (`desk/authority.py`).
- **Through a list, the list's host is believed**, not the writer's domain, whose signature the list has broken. Then
  the list alone is entitled: what the writer may do as himself counts for nothing.

| # | who | when | then | told outside | why |
|--:|---|---|---|---|---|
{rows}

What the table calls by a short name:

{groups}
"""

if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        DOCUMENT.parent.mkdir(exist_ok=True)
        DOCUMENT.write_text(page(), encoding="utf-8")
    else:
        print(page(), end="")
