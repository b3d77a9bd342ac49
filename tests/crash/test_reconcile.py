"""The reconciler itself: whatever is wrong in a ledger, it must see; a judge who never convicts proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.crash.ledgers import Kept, Ledgers, Letter, Opened, Said, Sent
from tests.crash.mails import STAFF, correspondence
from tests.crash.reconcile import reconcile

_MAILS = correspondence(20, seed=3)
_QUESTION = next(mail for mail in _MAILS if any(other.parent == mail.id for other in _MAILS))
_REPLY = next(mail for mail in _MAILS if mail.parent == _QUESTION.id)


def sound() -> Ledgers:
    """One question and one reply, and all that follows from them."""
    asker = _QUESTION.asker.address
    return Ledgers(
        brought=[_QUESTION, _REPLY],
        accepted={_QUESTION.id: _QUESTION.sha256, _REPLY.id: _REPLY.sha256},
        sink=[Sent(asker, "ack@desk", "a"), Sent(STAFF, "one@desk", "b"), Sent(STAFF, "two@desk", "c")],
        kept=[Kept(1, _QUESTION.sha256, "done", "open"), Kept(2, _REPLY.sha256, "done", "append")],
        said=[Said(1, 7), Said(2, 7)],
        opened=[Opened(7, 1, acknowledged=True)],
        letters=[
            Letter(1, "acknowledgement", 7, 1, "ack@desk", asker, "sent"),
            Letter(2, "question", 7, 1, "one@desk", STAFF, "sent"),
            Letter(3, "question", 7, 2, "two@desk", STAFF, "sent"),
        ],
    )


def test_a_sound_run_is_sound() -> None:
    findings = reconcile(sound(), kills=0)
    assert findings.sound, findings.faults()
    assert findings.copies == 0


Change = Callable[[Ledgers], Ledgers]

_WRONG: list[tuple[str, str, Change]] = [
    ("lost", "row gone", lambda all: replace(all, kept=all.kept[:1], said=all.said[:1])),
    ("lost", "other bytes", lambda all: replace(all, kept=[all.kept[0], Kept(2, "0" * 64, "done", "append")])),
    ("ghosts", "nobody sent it", lambda all: replace(all, kept=[*all.kept, Kept(3, "0" * 64, "held", "hold")])),
    ("unread", "held", lambda all: replace(all, said=all.said[:1])),
    ("doubled", "kept twice", lambda all: replace(all, kept=[*all.kept, Kept(3, _REPLY.sha256, "done", "append")])),
    ("doubled", "two messages", lambda all: replace(all, said=[*all.said, Said(2, 7)])),
    ("doubled", "two incidents", lambda all: replace(all, opened=[*all.opened, Opened(8, 1, acknowledged=True)])),
    ("doubled", "a reply opens", lambda all: replace(all, opened=[*all.opened, Opened(8, 2, acknowledged=True)])),
    ("astray", "elsewhere", lambda all: replace(all, said=[Said(1, 7), Said(2, 8)])),
    ("unacknowledged", "not at the relay", lambda all: replace(all, sink=all.sink[1:])),
    ("unacknowledged", "not known", lambda all: replace(all, opened=[Opened(7, 1, acknowledged=False)])),
    ("untold", "staff", lambda all: replace(all, sink=all.sink[:2])),
    ("unsent", "ready", lambda all: replace(all, letters=[*all.letters[:2], replace(all.letters[2], state="ready")])),
    ("forged", "unknown id", lambda all: replace(all, sink=[*all.sink, Sent(STAFF, "who@desk", "d")])),
    ("forged", "other content", lambda all: replace(all, sink=[*all.sink, Sent(STAFF, "two@desk", "d")])),
    (
        "forged",
        "second acknowledgement",
        lambda all: replace(all, letters=[*all.letters, replace(all.letters[0], id=4, message_id="again@desk")]),
    ),
    ("foreign", "a stranger", lambda all: replace(all, sink=[*all.sink, Sent("who@else.example", "ack@desk", "a")])),
    (
        "foreign",
        "staff's to the asker",
        lambda all: replace(all, sink=[*all.sink, replace(all.sink[0], message_id="two@desk")]),
    ),
    ("too_often", "twice without a kill", lambda all: replace(all, sink=[*all.sink, all.sink[0]])),
]


@pytest.mark.parametrize(
    ("name", "change"), [(name, change) for name, _, change in _WRONG], ids=[f"{a}: {b}" for a, b, _ in _WRONG]
)
def test_a_fault_is_seen(name: str, change: Change) -> None:
    assert reconcile(change(sound()), kills=0).faults()[name]


def test_a_kill_explains_one_copy() -> None:
    twice = replace(sound(), sink=[*sound().sink, sound().sink[0]])
    findings = reconcile(twice, kills=1)
    assert findings.sound
    assert (findings.copies, findings.acknowledgement_copies) == (1, 1)
