"""Whom does a delivery report in prose name? For the mail systems that do not follow RFC 3464. Pure."""

from __future__ import annotations

import re

from mailbot.mail.mailboxes import mailboxes
from mailbot.mail.message import BouncedRecipient
from mailbot.mail.structure import Part

_LOOK_AT = 32_768
_DAEMON = re.compile(
    r"mailer-?daemon|postmaster|mail[ _.-]?(?:delivery|system|daemon|administrator|router)|mdaemon|\bdaemon@"
    r"|^<>$|^$|mailerdaemon"
    r"|mail_?(?:agent|server)|bounce|^mail@|\bmta\b|system administrator|internet mail delivery"
    r"|admin(?:istrator)?@|mailsweeper",
    re.IGNORECASE,
)
_NEVER_A_PERSON = re.compile(r"mailer-?daemon", re.IGNORECASE)
_SUBJECT = re.compile(
    r"un-?deliver|not deliver|delivery (?:status notification|fail|notification|report|error|problem)"
    r"|delivery (?:has )?failed|delayed mail|mail delivery"
    r"|return(?:ed|ing) (?:mail|message|to sender)|failure (?:notice|delivery|notification)|failed (?:mail"
    r"|delivery|to deliver)|mail (?:fail|error|undeliver|system error)"
    r"|could not (?:be )?(?:send|deliver)|can(?:no|')t (?:be )?(?:deliver|send)|warning: (?:could not|message"
    r"|mail)|delivery delay|message (?:status|delayed|not delivered)"
    r"|nondeliverable|non[- ]?delivery|user unknown|unknown (?:user|address|recipient)|bounce|rejected"
    r"|undelivrable|unzustellbar|inte leverera"
    r"|配信(?:不能|できません|エラー|に失敗)|配達(?:不能|できません|エラー)|送信(?:できません|エラー|失敗)"
    r"|届けられません|宛先不明|エラーメール|不達",
    re.IGNORECASE,
)
# Sentences after which the addresses follow, or that stand beside them. One is wanted besides a daemon's name.
_LETTER = re.compile(
    r"qmail-send|mail delivery software|permanent (?:fatal )?error|transient non-fatal|fatal errors"
    r"|could ?n[o']t be delivered|not be delivered|unable to deliver"
    r"|did not reach|was not delivered|has not been delivered|delivery (?:to the following|has failed|failed"
    r"|attempt|of your)|undeliver|the following (?:address|recipient|user)"
    r"|failed to deliver|does(?: not|n't) exist|user unknown|unknown user|no such (?:user|recipient|address)"
    r"|mailbox (?:is )?(?:full|unavailable)|not listed in"
    r"|over quota|quota exceeded|rejected|returned to (?:you|sender)|cannot be delivered|can't be delivered"
    r"|not delivered|this user|invalid (?:recipient|address|user)"
    r"|could not (?:be )?(?:send|deliver|reach)|no longer|delivery problem|sendmail|550|554|421"
    r"|invalid final delivery|exceeds? allowed|does not like recipient|unable to find|valid (?:user|recipient)"
    r"|failed addresses|errors? during|无法(?:发送|送达)|配信(?:でき|不能|に失敗)|配達(?:でき|不能)|送信でき"
    r"|届け(?:られ|る)|お届けでき|宛先(?:不明|が)"
    r"|存在し(?:ない|ません)|見つかりません",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"\s*[-=_*>]{0,12}\s*(?:(?:this is |below (?:this line )?is |here is )?a copy of (?:the|your)"
    r"|original (?:message|mail|text)|the (?:header|body|text) (?:of|page|lines?)"
    r"|(?:start|beginning|text|copy) of (?:the )?(?:original|returned|message)|unsent message"
    r"|returned (?:message|mail)|message (?:header|text|follows|contents)|your (?:message|mail) (?:follows|reads|was)"
    r"|forwarded message|undelivered message|(?:received|return-path|dkim-signature|x-mailer|mime-version)\s*:)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?<![\w.@/-])([A-Za-z0-9_#+~][\w.#$%&*+/?~-]{0,80}@(?:[A-Za-z0-9][\w-]{0,62}\.){1,8}[A-Za-z]{2,20})\b"
)
_FIELD = re.compile(
    r"\s*(?:from|to|cc|reply-to|date|sent|subject|received|sender|message-?id|return-path|rcpt from|mail from)\s?:",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"delayed|delay|transient non-fatal|will (?:be )?(?:retr|keep trying|continue)|still trying"
    r"|not yet been delivered|warning: (?:message|mail)|has not (?:yet )?been"
    r"|you do not need to resend|this is a warning",
    re.IGNORECASE,
)
_STATUS = re.compile(r"[^\d.]([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_BEGINS_WITH_ADDRESS = re.compile(r"<?[\w.+-]{1,80}@")
_OWN_ROLES = ("postmaster@", "mailer-daemon@", "abuse@", "support@", "helpdesk@", "webmaster@")


def recipients_in(root: Part, subject: str, text: str) -> list[BouncedRecipient] | None:
    """Read a report in prose; None when a person may have written this."""
    letter = text[:_LOOK_AT]
    if not _is_from_a_daemon(root, subject, letter):
        return None
    own = {box.address.lower() for name in ("to", "cc", "from") for box in mailboxes(root.fields.raw(name))}
    delayed = bool(_DELAY.search(subject) or _DELAY.search(letter[:2_000])) and "failed" not in subject.lower()
    named = _named(_before_the_original(letter), delayed=delayed)
    others = [one for one in named if one.address.lower() not in own and not one.address.lower().startswith(_OWN_ROLES)]
    return others or [one for one in named if _BEGINS_WITH_ADDRESS.match(one.diagnostic)][:1]


def _named(lines: list[str], *, delayed: bool) -> list[BouncedRecipient]:
    """Every address in the lines, once."""
    found: dict[str, BouncedRecipient] = {}
    for line in lines:
        status = _STATUS.search(f" {line[:500]}")
        for address in _ADDRESS.findall(line[:500]):
            code = status.group(1) if status else ""
            action = "delayed" if delayed else "failed"
            found.setdefault(address.lower(), BouncedRecipient(address, action, code, line.strip()[:300]))
    return list(found.values())


def _is_from_a_daemon(root: Part, subject: str, letter: str) -> bool:
    """A daemon or the null path, with a letter and a subject that report a failure; one is enough of a daemon."""
    fields = root.fields
    path = fields.raw("return-path").strip()
    writers = [path] if path == "<>" else []
    writers += [fields.raw("from")]
    if not any(_DAEMON.search(writer) for writer in writers):
        return False  # most mail ends here: the letter is searched last, because that costs most
    reported = _SUBJECT.search(subject) is not None
    if _NEVER_A_PERSON.search(fields.raw("from")):
        return reported or _LETTER.search(letter) is not None
    return reported and _LETTER.search(letter) is not None


def _before_the_original(letter: str) -> list[str]:
    """The lines of the report itself: the returned mail names people who have nothing to do with it."""
    kept: list[str] = []
    for line in letter.split("\n"):
        if _ORIGINAL.match(line) and kept:
            break
        if not _FIELD.match(line):
            kept.append(line)
    return kept
