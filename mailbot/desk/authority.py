"""May this writer's word change anything: a contract, an asker, a renewal? (issue 4.4, S24, S25) Pure.

To be served it is enough that nothing speaks against a writer. To change what was sold is more: a domain that publishes
nothing lets anybody write in its people's names, and an address that was changed by a stranger is a desk taken over.
"""

from __future__ import annotations

from enum import StrEnum

from mailbot.desk.facts import Facts
from mailbot.mail.message import Trust


class Authority(StrEnum):
    """How far a writer's word goes."""

    FULL = "full"
    ONCE_CONFIRMED = "once confirmed"
    NONE = "none"


def authority(facts: Facts, *, confirmed: bool) -> Authority:
    """Say whether what this mail orders may be done, must be confirmed first, or not at all.

    `confirmed` says that it came back with a signed token that was made for this one confirmation, for this person, and
    has not run out; or that the person opened such a link. The reply address of an incident is no such token: it stands
    in every letter and goes wherever one is forwarded. Whether the writer belongs to the contract is not asked here:
    `desk.triage` has said so before.
    """
    if facts.release is not None:  # a person of staff has looked and answers for it
        return Authority.FULL
    if facts.author is None or facts.trust is Trust.FORGED:
        return Authority.NONE
    if facts.trust is Trust.AUTHENTICATED or confirmed:
        return Authority.FULL
    return Authority.ONCE_CONFIRMED
