"""Did a mail system write this about a mail that it could not deliver, or a person? Pure.

People forward, quote and discuss failures, so no word proves anything: the author, the envelope and the structure
must speak for a machine, and the fewer of them do, the more the subject and the letter have to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.mail.bouncefields import outer
from mailbot.mail.bouncewords import LETTER, SENTENCE, SUBJECT
from mailbot.mail.header import Fields, words
from mailbot.mail.structure import Part

_LOOK_AT = 32_768
_TOP = 1_200

# Nobody writes under these names.
_DAEMON = re.compile(
    r"mailer[-_. ]?daemon|mail[-_ ]delivery[-_ ](?:sub)?system|mail delivery service|\bmdaemon\b"
    r"|microsoftexchange[0-9a-f]{32}@|internet mail delivery|mail router|mta-?(?:daemon|admin)@",
    re.IGNORECASE,
)
# Names of programs, and the role that answers for them (RFC 2142 §5); sometimes a person writes as postmaster.
_SYSTEM = re.compile(
    r"po+st[-_. ]?master|mail[ _.-]?(?:delivery|system|daemon|administrat|router|server|agent|service|gateway|marshal"
    r"|sweeper|foundry)|\bsmtp|smtp[-_ ]|gateway|anti-?(?:virus|spam)|interscan|\bimss|viruswall|mimesweeper"
    r"|^mail@|<mail@"
    r"|content[- ]filter|system administrator|\bmta\b|\bndr\b|non-?delivery|undeliver|(?:^|<)daemon@",
    re.IGNORECASE,
)
# Roles under which machines and people write alike.
_ROLE = re.compile(
    r"admin(?:istrator)?@|bounces?\b|no-?_?reply|do-?not-?reply|\b(?:error|system|root)s?@|-(?:admin|owner|request)@",
    re.IGNORECASE,
)
_ONLY_HOST = re.compile(r"(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,20}\Z")
_NULL_PATH = re.compile(r"\s*(?:<>|<?mailer-?daemon(?:@\S*)?>?)\s*\Z", re.IGNORECASE)  # RFC 5321 §4.5.5
_HANDED_ON = re.compile(r"\s*(?:fwd?|wg|tr|rv|i|转发|転送)\s*[::]", re.IGNORECASE)
_ANSWER = re.compile(r"\s*(?:re|aw|sv|antw|返信)\s*[::]", re.IGNORECASE)

_MACHINE_FIELDS = frozenset({"auto-submitted", "x-mlserver"})  # the latter of fml, a list manager
_ONLY_ADDRESS = re.compile(r"(?:\"[^\"]{0,80}\" )?<?[\w.+=-]{1,80}@[\w.-]{1,200}>?:?\Z")
_GREETING = re.compile(
    r"(?:hello|hi|hey|dear|good (?:morning|day|afternoon|evening)|bonjour|hallo|guten|sehr geehrte|hola|estimad|ciao)\b"
    r"|[^\n]{0,40}(?:様|さん|さま|殿|各位|御中|お世話|こんにちは|はじめまして|お疲れ|いつも)",
    re.IGNORECASE,
)
_REJECTED = re.compile(r"reject|refus|could not be|not delivered|拒否", re.IGNORECASE)
_REPORTING = re.compile(r"^reporting-mta[ \t]{0,4}:", re.IGNORECASE | re.MULTILINE)
_BELOW = re.compile(
    r"^[ \t]*[-=_*]{2,30}[ \t]*(?:this is a copy|below this line|original message|returned|unsent|undelivered"
    r"|the body of)"
    r"|^(?:message headers follow|[^\n]{0,60}(?:a )?copy of (?:the|your) (?:original )?message"
    r"|original mail as follows)",
    re.IGNORECASE | re.MULTILINE,
)


def is_report(root: Part) -> bool:
    """multipart/report of deliveries (RFC 6522 §3); some leave its kind out, some gateways the word report."""
    kind = root.parameters.get("report-type", "").lower()
    return kind == "delivery-status" or (root.content_type == "multipart/report" and not kind)


def is_other_report(root: Part) -> bool:
    """Complaints (RFC 5965) and read receipts (RFC 8098) are reports of other things."""
    kinds = ("feedback-report", "disposition-notification")
    return any(
        part.parameters.get("report-type", "").lower() in kinds or part.content_type.partition("/")[2] in kinds
        for part in (root, *root.children)
    )


def is_challenge(fields: Fields, subject: str) -> bool:
    """A report that answers "Re: …" in somebody's name: a robot wants a proof that we are human, and holds our mail."""
    return bool(_ANSWER.match(subject)) and not _has_null_path(fields) and _rank(fields) < 2


def is_rejection(root: Part, subject: str, text: str) -> bool:
    """A refusal by somebody's filter comes as a receipt for a mail that was deleted (RFC 5429 §2.1.2)."""
    return _rank(root.fields) > 1 and _REJECTED.search(f"{subject} {text[:_TOP]}") is not None


def is_wrapped(root: Part, subject: str, inside: Part) -> bool:
    """Say whether a machine wrapped this report: a person who hands one on for advice writes a subject for it."""
    if _rank(root.fields) == 3 or _has_null_path(root.fields):
        return True
    return _rank(root.fields) == 2 and subject == words(inside.fields.raw("subject"))


def is_from_machine(root: Part, subject: str) -> bool:
    """Say whether nobody but a machine sends so: enough for a mail that has a report's fields in it."""
    if _HANDED_ON.match(subject):
        return False
    rank = _rank(root.fields)
    if rank == 3 or _has_null_path(root.fields) or "auto-submitted" in root.fields.names:
        return True
    return rank == 2 and SUBJECT.search(subject) is not None


def is_by_mail_system(root: Part, subject: str, text: str) -> bool:
    """Weigh author, envelope, structure, subject and letter; most mail ends at the author, the cheapest question."""
    fields = root.fields
    rank, null = _rank(fields), _has_null_path(fields)
    if not rank and not null:
        return False
    letter = text[:_LOOK_AT]
    reported = SUBJECT.search(subject) is not None
    if rank == 3:
        return reported or LETTER.search(letter) is not None
    if _HANDED_ON.match(subject):
        return False
    top = _top(letter)
    begins = SENTENCE.search("\n".join(top)) is not None
    told = begins or (reported and LETTER.search(letter) is not None)
    shown = null or not fields.names.isdisjoint(_MACHINE_FIELDS) or _holds_original(root, letter)
    if rank and shown:
        return told
    if rank == 2:
        return _lost_header(fields, letter) or (
            told and (reported or SENTENCE.search(top[0]) is not None) and not _greets(top)
        )
    if rank:
        return reported and not _ANSWER.match(subject) and _opens_with_a_list(top)
    return null and reported and begins and not _ANSWER.match(subject)


def _top(letter: str) -> list[str]:
    """The first lines with words in them; one empty line when there are none."""
    lines = (line.strip() for line in letter[:_TOP].split("\n"))
    return [line for line in lines if any(map(str.isalnum, line))] or [""]


def _greets(top: Sequence[str]) -> bool:
    """Machines come to the point, but for a few that give themselves away by their name."""
    return _GREETING.match(top[0]) is not None


def _opens_with_a_list(top: Sequence[str]) -> bool:
    """Say whether the letter begins with the failure and goes on with nothing but an address."""
    return LETTER.search(top[0]) is not None and any(map(_ONLY_ADDRESS.match, top[1:4]))


def _lost_header(fields: Fields, letter: str) -> bool:
    return not fields.raw("from") and _REPORTING.search(letter) is not None


def _rank(fields: Fields) -> int:
    """How surely the author is a machine: 3 a daemon, 2 a mail system or nobody, 1 a role, 0 anybody else."""
    writer = fields.text("from")
    if _DAEMON.search(writer) or writer == "<>":
        return 3
    if not writer or _SYSTEM.search(writer):
        return 2
    return 1 if _ROLE.search(writer) or _ONLY_HOST.match(writer) else 0


def _has_null_path(fields: Fields) -> bool:
    return any(_NULL_PATH.match(path) for path in fields.all("return-path")[:1])


def _holds_original(root: Part, letter: str) -> bool:
    kinds = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
    return any(part.content_type in kinds for part in outer(root)) or _BELOW.search(letter) is not None
