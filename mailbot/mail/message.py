"""What does a mail say? bytes → Message. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address as written (RFC 5322 §3.4), decoded, without controls. Not normalised."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not body text. `filename` is safe to show (attack row 21), never a path. Size in bytes, decoded.

    The content stays in the raw mail; `part` is the number of the part in walking order, by which it is found again.
    """

    filename: str
    content_type: str
    size: int
    inline: bool
    part: int


@dataclass(frozen=True, slots=True)
class MailingList:
    """The list a mail came through (RFC 2919, RFC 2369 and older habits), and who really wrote.

    `list_id` is the identifier inside the angle brackets, lower case. `author` is From, or whom the list names behind
    its own address (`mail.listauthor`): for showing only, since nobody proves it. None when the list hides the writer.
    `other_ids` are more of them, when there is more than one List-Id field: RFC 2919 §3 forbids that, and nobody can
    tell which one the last list wrote.
    """

    list_id: str | None
    post_address: str | None
    software: str | None
    author: Mailbox | None
    other_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Automatic:
    """A machine wrote this (RFC 3834 and the habits around it): a reason from a closed list, and the evidence."""

    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class BouncedRecipient:
    """One recipient of a delivery report (RFC 3464 §2.3)."""

    address: str
    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report. `permanent` is false for delays."""

    permanent: bool
    recipients: tuple[BouncedRecipient, ...]
    original_message_id: str | None


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Somebody else's mail that was handed on inside this one, and whose it is, as far as it says so itself.

    `how` is `attached` (message/rfc822) or `inline` (below a header block in the text).
    """

    how: str
    author: Mailbox | None
    subject: str
    date: datetime | None
    message_id: str | None


class Trust(StrEnum):
    """How sure we are that the author's domain sent it."""

    AUTHENTICATED = "authenticated"
    PLAUSIBLE = "plausible"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class AuthenticationResult:
    """One method's word (RFC 8601 §2.7): in an Authentication-Results field that is believed, or found by ourselves.

    `policy` is what the author's domain wants done with forgeries (RFC 9989 §4.7), where that is known.
    """

    method: str
    result: str
    domain: str
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A mail, read. Text is NFC with `\\n` line ends. Message-IDs stand without angle brackets, as written.

    `author` is the one mailbox that may be taken for the writer: there is exactly one From field with exactly one
    mailbox and no parse defect; otherwise it is None and `author_defects` says why (promises §0.3). `from_` is only
    for showing. `analysed` is false when the mail was too large or too strange to be read in full; then the fields
    hold what could be had from its header within bounds, and `warnings` says what is missing. `protection` names the
    S/MIME and PGP envelopes of the mail, outermost first.
    """

    message_id: str | None
    subject: str
    from_: tuple[Mailbox, ...]
    author: Mailbox | None
    author_defects: tuple[str, ...]
    sender: Mailbox | None
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    date: datetime | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text: str
    new_text: str
    quoted_text: str
    signature: str
    attachments: tuple[Attachment, ...]
    mailing_list: MailingList | None
    automatic: Automatic | None
    bounce: Bounce | None
    authentication: tuple[AuthenticationResult, ...]
    warnings: tuple[str, ...]
    analysed: bool = True
    forwarded: Forwarded | None = None
    protection: tuple[str, ...] = ()
