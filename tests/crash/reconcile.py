"""Do the three ledgers agree? Whatever they disagree about is named, mail by mail. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.crash.ledgers import Ledgers, Letter
from tests.crash.mails import STAFF, Mail


@dataclass(frozen=True, slots=True)
class Findings:
    """Each list names what is wrong; all are empty when mailbot keeps its promises (P1, P3, P5)."""

    lost: list[str]
    """Answered 250, but not in the database with the same bytes."""
    unread: list[str]
    """In the database, but neither in an incident nor known to have gone elsewhere."""
    ghosts: list[str]
    """In the database, but nobody sent them."""
    doubled: list[str]
    """Kept twice, two messages of one mail, or two incidents of one question."""
    astray: list[str]
    """Replies that stand in another incident than their question."""
    unacknowledged: list[str]
    """Incidents whose acknowledgement the relay never took, or which do not know that it did."""
    untold: list[str]
    """Messages of which staff were never told."""
    unsent: list[str]
    """Letters that the outbox still holds at the end."""
    forged: list[str]
    """Mails at the relay that the outbox does not know, and second acknowledgements under another Message-ID."""
    foreign: list[str]
    """Mails to somebody else than the asker of that incident, or staff."""
    too_often: list[str]
    """Letters with more copies at the relay than kills can explain: one each."""
    copies: int = field(default=0)
    """Second and further copies of a letter at the relay, same Message-ID: allowed after a kill in the send window."""
    acknowledgement_copies: int = field(default=0)
    """Those of them that are acknowledgements."""

    def faults(self) -> dict[str, list[str]]:
        """What must be empty, by its name."""
        return {name: found for name in self.__slots__ if isinstance(found := getattr(self, name), list)}

    @property
    def sound(self) -> bool:
        """Say whether nothing is wrong."""
        return not any(self.faults().values())


def reconcile(ledgers: Ledgers, *, kills: int) -> Findings:
    """Compare the ledgers; `kills` bounds how often one letter may have been sent again."""
    mails = {mail.sha256: mail for mail in ledgers.brought}
    rows = {kept.id: mails.get(kept.sha256) for kept in ledgers.kept}
    kept = Counter(row.sha256 for row in ledgers.kept)
    incidents_of: dict[str, list[int]] = defaultdict(list)
    for said in ledgers.said:
        if (mail := rows.get(said.inbound)) is not None:
            incidents_of[mail.id].append(said.incident)
    opened = Counter(mail.id for each in ledgers.opened if (mail := rows.get(each.inbound)) is not None)
    arrived = Counter((each.message_id, each.recipient) for each in ledgers.sink)
    return Findings(
        lost=[mail for mail, sha256 in ledgers.accepted.items() if not kept[sha256]],
        unread=[
            f"{mail.id}: {row.state} {row.verdict}"
            for row in ledgers.kept
            if (mail := rows[row.id]) is not None and not incidents_of[mail.id]
        ],
        ghosts=[f"inbound {row}" for row, mail in rows.items() if mail is None],
        doubled=_doubled(mails, kept, incidents_of, opened),
        astray=_astray(ledgers.brought, incidents_of),
        unacknowledged=_unacknowledged(ledgers, arrived),
        untold=_untold(ledgers, rows, arrived),
        unsent=[f"{letter.message_id}: {letter.state}" for letter in ledgers.letters if letter.state != "sent"],
        forged=_forged(ledgers),
        foreign=_foreign(ledgers, rows),
        too_often=[f"{message_id}: {count}" for (message_id, _), count in arrived.items() if count > 1 + kills],
        copies=sum(arrived.values()) - len(arrived),
        acknowledgement_copies=sum(
            arrived[letter.message_id, letter.recipient] - 1
            for letter in _acknowledgements(ledgers)
            if arrived[letter.message_id, letter.recipient]
        ),
    )


def _doubled(
    mails: dict[str, Mail], kept: Counter[str], incidents_of: dict[str, list[int]], opened: Counter[str]
) -> list[str]:
    return [
        *(f"{mails[sha256].id} kept {count} times" for sha256, count in kept.items() if count > 1 and sha256 in mails),
        *(f"{mail} in incidents {found}" for mail, found in incidents_of.items() if len(found) > 1),
        *(f"{mail} opened {count} incidents" for mail, count in opened.items() if count > 1),
        *(f"{mail.id} is a reply, but opened one" for mail in mails.values() if mail.parent and opened[mail.id]),
    ]


def _astray(mails: Sequence[Mail], incidents_of: dict[str, list[int]]) -> list[str]:
    return [
        f"{mail.id} in {incidents_of[mail.id]}, its question in {incidents_of[mail.parent]}"
        for mail in mails
        if mail.parent is not None and set(incidents_of[mail.id]) - set(incidents_of[mail.parent])
    ]


def _acknowledgements(ledgers: Ledgers) -> Iterable[Letter]:
    return (letter for letter in ledgers.letters if letter.kind == "acknowledgement")


def _unacknowledged(ledgers: Ledgers, arrived: Counter[tuple[str, str]]) -> list[str]:
    taken = {
        letter.incident for letter in _acknowledgements(ledgers) if arrived[letter.message_id, letter.recipient] > 0
    }
    return [
        f"incident {each.id}: at the relay {each.id in taken}, known {each.acknowledged}"
        for each in ledgers.opened
        if each.id not in taken or not each.acknowledged
    ]


def _untold(ledgers: Ledgers, rows: dict[int, Mail | None], arrived: Counter[tuple[str, str]]) -> list[str]:
    told = {
        letter.inbound
        for letter in ledgers.letters
        if letter.kind == "question" and arrived[letter.message_id, letter.recipient] > 0
    }
    return [mail.id for said in ledgers.said if said.inbound not in told and (mail := rows.get(said.inbound))]


def _forged(ledgers: Ledgers) -> list[str]:
    known = {letter.message_id for letter in ledgers.letters}
    per_incident = Counter(letter.incident for letter in _acknowledgements(ledgers))
    bytes_of: dict[str, set[str]] = defaultdict(set)
    for each in ledgers.sink:
        bytes_of[each.message_id].add(each.sha256)
    return [
        *(f"{each.message_id} to {each.recipient}" for each in ledgers.sink if each.message_id not in known),
        *(f"incident {each} has {count} acknowledgements" for each, count in per_incident.items() if count > 1),
        *(f"{each} with {len(found)} different contents" for each, found in bytes_of.items() if len(found) > 1),
    ]


def _foreign(ledgers: Ledgers, rows: dict[int, Mail | None]) -> list[str]:
    asker_of = {each.id: mail.asker.address for each in ledgers.opened if (mail := rows.get(each.inbound)) is not None}
    meant = {
        letter.message_id: asker_of.get(letter.incident or 0) if letter.kind == "acknowledgement" else STAFF
        for letter in ledgers.letters
    }
    return [
        f"{each.message_id} to {each.recipient}, not {meant[each.message_id]}"
        for each in ledgers.sink
        if each.message_id in meant and each.recipient != meant[each.message_id]
    ]
