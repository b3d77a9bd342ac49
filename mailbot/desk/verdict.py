"""What can be decided about a mail? A closed union, with a closed list of reasons. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mailbot.desk.contract import Asker, Contract, Staff
from mailbot.desk.incident import Incident
from mailbot.mail.message import Trust


class Signal(StrEnum):
    """What ties a mail to an incident, strongest first (architecture: order of signals for threading)."""

    REPLY_ADDRESS = "reply-address"
    OWN_MESSAGE_ID = "own-message-id"
    SAME_MESSAGE_ID = "same-message-id"
    IN_REPLY_TO = "in-reply-to"
    REFERENCES = "references"
    GHOST = "ghost"
    SUBJECT_TAG = "subject-tag"
    SAME_SUBJECT = "same-subject"
    NONE = "new"


class HoldReason(StrEnum):
    """Why a mail waits for staff: nobody but a person can tell (S28)."""

    NULL_SENDER = "null-sender"
    MACHINE = "machine"
    AMBIGUOUS_AUTHOR = "ambiguous-author"
    FORGED = "forged"
    STRANGER = "stranger"
    KNOWN_DOMAIN = "known-domain"
    CONTACT = "contact"
    PARTICIPANT = "participant"
    LIST_UNPROVEN = "list-unproven"
    UNPROVEN = "unproven"
    NOT_BEGUN = "not-begun"
    ENDED = "ended"
    WHICH_CONTRACT = "which-contract"
    FOREIGN_REFERENCE = "foreign-reference"
    STAFF_MAIL = "staff-mail"
    OTHER_ADDRESS = "other-address"
    GOES_ROUND = "goes-round"


class IgnoreReason(StrEnum):
    """Why a mail is kept but neither answered nor shown."""

    OWN_MAIL = "own-mail"
    DUPLICATE = "duplicate"
    AUTOMATIC = "automatic"
    STRANGER = "stranger"
    IGNORED_SENDER = "ignored-sender"


@dataclass(frozen=True, slots=True)
class Open:
    """A new question: make an incident and acknowledge it. `former` is the closed one that it follows (S6)."""

    contract: Contract
    asker: Asker
    former: Incident | None


@dataclass(frozen=True, slots=True)
class Append:
    """More to an incident that is there, by its asker or by somebody who was admitted to it.

    `admits` are the addresses of those whom its asker lets in by this mail.
    """

    contract: Contract
    asker: Asker
    incident: Incident
    signal: Signal
    admits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep it and ask staff. Strangers are told nothing (S28).

    `contract` and `asker` are those that the writer is registered with, or seems to belong to; `incident` is the one
    that a participant wants to join. Only where they are known beyond doubt may anybody be told anything.
    """

    reason: HoldReason
    contract: Contract | None = None
    asker: Asker | None = None
    incident: Incident | None = None


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """Somebody of a contract asks for a change of what is registered (S25): staff decide, the writer is told so.

    `asker` is None for a contract contact; `writer` is the registered address, normalised, that is answered.
    """

    contract: Contract
    asker: Asker | None
    writer: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class Ignore:
    """Keep it, do nothing."""

    reason: IgnoreReason


@dataclass(frozen=True, slots=True)
class Bounced:
    """A delivery report about a mail of ours; `original` is the Message-ID it reports on."""

    original: str | None
    permanent: bool


@dataclass(frozen=True, slots=True)
class Orders:
    """Somebody who answers here, proven by their own signed address, decides about held mails, changes and incidents.

    The partner may only take incidents that he was called for (S27).
    """

    person: Staff


Verdict = Open | Append | Hold | Ignore | Bounced | Orders | ChangeRequest


@dataclass(frozen=True, slots=True)
class Evidence:
    """One check that was made, and what it saw: stored with the mail, printed by `mailbot explain`."""

    check: str
    saw: str
