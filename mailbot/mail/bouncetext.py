"""Whom does the letter of a delivery report name? For the mail systems that do not follow RFC 3464. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailbot.mail.bouncefields import LIMIT
from mailbot.mail.mailboxes import mailboxes
from mailbot.mail.message import BouncedRecipient
from mailbot.mail.smtpreply import status_in
from mailbot.mail.structure import Part

_LOOK_AT = 32_768
_LINES = 1_000
_LINES_EACH = 8
_ADDRESS = re.compile(
    r"(?<![\w.@/=-])(?:(?i:smtp"
    r"|rfc-?822)[=:])?([A-Za-z0-9_#+~][\w.#$%&*+/?~=-]{0,80}@(?:[A-Za-z0-9][\w-]{0,62}\.){1,8}[A-Za-z]{2,20})\b"
)
_ORIGINAL = re.compile(
    r"\s*[-=_*>]{0,40}\s*(?:(?:this is |below (?:this line )?is |here is )?a copy of (?:the|your)"
    r"|original (?:message|mail|text)|the (?:header|body|text) (?:of|page|lines?)"
    r"|(?:start|beginning|text|copy) of (?:the )?(?:original|returned|message)|unsent message"
    r"|returned (?:message|mail)(?: (?:follows|below)|\s*-)|(?:message )?headers follow|message (?:header|text"
    r"|contents)"
    r"|your (?:message|mail) (?:follows|reads|was:)"
    r"|forwarded message|undelivered message|a summary of the undelivered|元の(?:メッセージ|メール)"
    r"|(?:received|return-path|dkim-signature|x-mailer|mime-version)\s*:)",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"\s*(?:from|to|cc|reply-to|date|sent|subject|received|sender|message-?id|return-path|rcpt from|mail from"
    r"|in-reply-to"
    r"|references|reporting-mta|x-postfix-sender|envelope-from)\s?:",
    re.IGNORECASE,
)
# What stands before an address on a line that names a recipient.
_LISTED = re.compile(
    r"[\s<>\"'*・:.!-]{0,20}(?:[45]\d\d[ -]{1,3}<?)?(?:(?:rcpt to|(?:final-|original-|failed "
    r"|intended )?recipients?(?: address)?|(?:e-?mail |original )?address"
    r"|user|mailbox|宛先|あて先|受信者|メールアドレス)\s{0,3}[::]?[\s<\"'(]{0,6}(?:rfc822;\s{0,3}|smtp:)?)?<?\Z",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"deliver|reach|send|sent|reject|unknown|invalid|fail|exist|addressed|recipient|full|quota|\b[45]\d\d\b"
    r"|(?:mail|message) to"
    r"|配信|配達|送信|届|宛先|あて先|存在",
    re.IGNORECASE,
)
_WRITTEN_AS = re.compile(
    r"\((?:generated|expanded|forwarded|aliased) from:?\s{1,3}<?([\w.+=-]{1,80}@[\w.-]{1,200}\w)", re.IGNORECASE
)
_BROKEN_OFF = re.compile(r"(\((?:generated|expanded) from:?)[ \t]{0,4}\n[ \t]{0,20}", re.IGNORECASE)
_NOT_TO = re.compile(
    r"mail from|<from>|contact|please|postmaster|help|support|administrator|\bfor (?:further|more)", re.I
)
_BETWEEN = re.compile(r"[\s,;<>()\"']|and")
_DELAY = re.compile(
    r"delayed|delay|transient non-fatal|will (?:be )?(?:retr|keep trying|continue|try)|still (?:trying|being retried)"
    r"|not yet been delivered|warning: (?:message|mail)|has not yet been|attempts will continue|been postponed"
    r"|do not need to resend|this is a warning|(?:delivery|mail) warning|再送を?(?:試み|続け)|遅延|まだ配信",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(r"fail|undeliver|permanent|returned mail|giv(?:en|ing) up|removed from (?:the )?queue", re.I)
_SECTIONS = (
    ("delayed", re.compile(r"[\s-]*the following addresses had transient non-fatal", re.IGNORECASE)),
    ("failed", re.compile(r"[\s-]*the following addresses had (?:permanent|unrecoverable|fatal)", re.IGNORECASE)),
)
_OTHERS = re.compile(
    r"(?:postmaster|mailer-daemon|abuse|support|helpdesk|help|webmaster|hostmaster|noc)@|\S{0,80}-(?:ctl|request"
    r"|help|owner|admin)@",
    re.IGNORECASE,
)
_LOCAL_PART = re.compile(
    r"(?:recipient|address"
    r"|user)[^\n]{0,60}\n?[^\n]{0,160}:[ \t]*\n{1,2}[ \t]{1,20}([A-Za-z0-9][\w.+-]{0,63})[ \t]*(?:\n|\Z)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Named:
    """An address with how surely it is a recipient (0 is best), and the lines that speak of it."""

    address: str
    rank: int
    action: str
    lines: list[str]


def recipients_in(root: Part, subject: str, text: str) -> list[BouncedRecipient]:
    """The recipients that the letter names; the returned mail, and whoever is to be asked for help, are left out."""
    letter = text[:_LOOK_AT]
    lines = _before_the_original(letter)
    own = {box.address.lower() for name in ("to", "cc", "from") for box in mailboxes(root.fields.raw(name))}
    action = "delayed" if is_delay(subject, letter) else "failed"
    named = _named(lines, action)
    others = [one for one in named if one.address.lower() not in own and not _OTHERS.match(one.address)]
    kept = _best(others) or _best([one for one in named if not one.rank])[:1] or _local(root, lines, action)
    return [_recipient(one, alone=len(kept) == 1, lines=lines) for one in kept[:LIMIT]]


def is_delay(subject: str, text: str) -> bool:
    """Say whether the mail system goes on trying (RFC 5321 §6.1 bids it to tell when it gives up)."""
    if _GIVEN_UP.search(subject):
        return bool(re.search(r"do not need to resend|attempts will continue", text[:2_000], re.IGNORECASE))
    return bool(_DELAY.search(subject) or _DELAY.search(text[:2_000]))


def _before_the_original(letter: str) -> list[str]:
    """The lines of the report itself: the returned mail names people who have nothing to do with it."""
    kept: list[str] = []
    said = False
    for line in _BROKEN_OFF.sub(r"\1 ", letter).split("\n")[:_LINES]:
        if said and _ORIGINAL.match(line):
            break
        said = said or bool(line.strip())
        kept.append("" if _FIELD.match(line) else line[:500])
    return kept


def _named(lines: Sequence[str], action: str) -> list[_Named]:
    """Every address once, at its best rank, with its line and those after it up to the next address or gap."""
    found: dict[str, _Named] = {}
    current: list[_Named] = []
    before = ""
    for line in lines:
        action = next((name for name, section in _SECTIONS if section.match(line)), action)
        if "@" in line:
            current = _spoken_of(line, before, action, found) or current
            written_as = _WRITTEN_AS.search(line)
            if written_as and len(current) == 1:
                current[0].address = written_as.group(1)  # the sender knows this one, and not what became of it
        for one in current:
            if len(one.lines) < _LINES_EACH:
                one.lines.append(line.strip())
        if not line.strip() and current and len(current[0].lines) > 2:
            current = []
        before = line if line.strip() else before
    return list(found.values())


def _spoken_of(line: str, before: str, action: str, found: dict[str, _Named]) -> list[_Named]:
    """The recipients on this line, entered in `found`; none where it only says what an address was before."""
    first, matches = 2, list(_ADDRESS.finditer(line))
    aside = _WRITTEN_AS.search(line)
    if aside and found:
        matches = [match for match in matches if match.end() < aside.start()]
    if matches and _LISTED.match(line[: matches[0].start()]):
        first = 0
        matches = matches if _is_a_list(line[matches[0].start() :]) else matches[:1]
    elif _NOT_TO.search(line):
        return []
    rank = first if not first or not _SENTENCE.search(f"{before} {line}") else 1
    return [_remember(found, _Named(match.group(1), rank, action, [])) for match in matches]


def _is_a_list(text: str) -> bool:
    """Say whether there is nothing but addresses; else what follows the first explains it."""
    return not _BETWEEN.sub("", _ADDRESS.sub("", text))


def _remember(found: dict[str, _Named], one: _Named) -> _Named:
    known = found.setdefault(one.address.lower(), one)
    known.rank = min(known.rank, one.rank)
    return known


def _best(named: Iterable[_Named]) -> list[_Named]:
    ranked = list(named)
    best = min((one.rank for one in ranked), default=0)
    return [one for one in ranked if one.rank == best]


def _local(root: Part, lines: Sequence[str], action: str) -> list[_Named]:
    """Some systems name their own users without the domain, which is theirs."""
    match = _LOCAL_PART.search("\n".join(lines))
    domain = next((box.address.rpartition("@")[2] for box in mailboxes(root.fields.raw("from"))), "")
    return [_Named(f"{match.group(1)}@{domain}", 2, action, [])] if match and domain else []


def _recipient(one: _Named, *, alone: bool, lines: Sequence[str]) -> BouncedRecipient:
    delayed = one.action == "delayed"
    said = " ".join(line for line in one.lines if line)
    status = status_in(said, delayed=delayed)
    if alone and (not status or status.endswith("0.0")):
        status = status_in(" ".join(lines), delayed=delayed) or status
    return BouncedRecipient(one.address, one.action, status, said[:500])
