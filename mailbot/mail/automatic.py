"""Did a machine write this, and which kind? Pure.

Only what proves a machine counts. `Precedence: bulk`, `X-Auto-Response-Suppress` and the List-* fields stand on mail
of people every day, so they alone prove nothing.
"""

from __future__ import annotations

import re

from mailbot.mail.header import Fields
from mailbot.mail.message import Automatic
from mailbot.mail.structure import Part

# Fields whose presence (with a value that the pattern finds) proves a machine.
_PROOFS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("auto-submitted", "auto-submitted", re.compile(r"\s*auto-(?:replied|generated|notified)", re.I)),  # RFC 3834 §5
    ("x-auto-submitted", "auto-submitted", re.compile(r"\s*auto-(?:replied|generated)", re.I)),
    ("x-autoreply", "auto-reply", re.compile(r"(?!\s*no\b)", re.I)),
    ("x-autorespond", "auto-reply", re.compile(r"")),
    ("x-autoresponder", "auto-reply", re.compile(r"")),
    ("x-autoreply-from", "auto-reply", re.compile(r"\S")),
    ("x-mail-autoreply", "auto-reply", re.compile(r"\S")),
    ("x-vacation", "auto-reply", re.compile(r"(?!\s*no\b)", re.I)),
    ("x-ms-exchange-inbox-rules-loop", "auto-reply", re.compile(r"\S")),
    ("x-ms-exchange-generated-message-source", "auto-reply", re.compile(r"mailbox rules agent|oof", re.I)),
    ("precedence", "auto-reply", re.compile(r"\s*auto[-_]?reply", re.I)),
    ("x-precedence", "auto-reply", re.compile(r"\s*auto[-_]?reply", re.I)),
    ("x-fc-machinegenerated", "auto-submitted", re.compile(r"\s*true", re.I)),
    ("x-cron-env", "auto-submitted", re.compile(r"\S")),
    ("delivered-to", "auto-reply", re.compile(r"\s*autoresponder\s*\Z", re.I)),
)
_JUNK = re.compile(r"\s*junk\b", re.I)
_NO = re.compile(r"\s*no\b", re.I)

# Subjects that only machines write, at the start of the line. A person's answer to one begins with Re: and is not met.
_SUBJECT = re.compile(
    r"(?:\[[^\[\]]{1,40}\]\s*)?(?:"
    r"auto(?:matic|mated)?[\s_-]*(?:re(?:ply|sponse|sponder)|answer)\b(?:\s*[::]|\s*\Z|\s+from\b)|autoreply\b"
    r"|auto\s*[::]\s*\S"
    r"|[^::\n]{1,80} is out of the office\.?\s*\Z|out[\s-]of[\s-](?:the[\s-])?office\b|vacation (?:reply"
    r"|response|notice|message|auto)|ooo\s*[::]"
    r"|away from (?:my mail|the office)|automatische antwort|abwesenheits(?:notiz|nachricht|assistent|meldung)"
    r"|réponse automatique|absence du bureau|respuesta automática|risposta automatica|resposta automática"
    r"|automatisch antwoord|afwezigheidsbericht|autosvar|automatiskt svar|автоответ|自动回复|自動回覆"
    r"|(?:[^\s::]{0,20}\s*)?[【\[((]?\s*(?:自動(?:返信|応答|送信|配信)|不在(?:通知|連絡|のお知らせ|応答|返信))"
    r"|休暇中?(?:の|通知|のお知らせ)"
    r"|外出中です|(?:オートリプライ|オートレスポンス)"
    r")",
    re.IGNORECASE,
)
# Sentences of Japanese answering machines without any field (S15): the mail itself says that a machine sent it.
_SENTENCE = re.compile(
    r"(?:この|本)(?:メール|メッセージ)は[、,]?[^\n。]{0,30}(?:自動(?:的に)?(?:返信|応答|送信|配信)|システムから自動)"
    r"|自動(?:返信|応答|送信)(?:メール|専用)|this (?:is an? )?(?:automated|automatic|auto-generated) (?:reply"
    r"|response|message)"
    r"|this (?:e-?mail|message) (?:was|is|has been) (?:automatically (?:generated|sent)|auto-generated"
    r"|sent automatically)",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"(?:accepted|declined|tentative(?:ly accepted)?|承諾|辞退|仮の予定|仮承諾)\s*[::]", re.I)
_READ = re.compile(r"(?:read|not read|gelesen|lu|開封済み|開封)\s*[::]", re.I)
_LOOK_AT = 2_000


def automatic_of(root: Part, subject: str, text: str) -> Automatic | None:
    """Say that a machine wrote this mail, by which closed reason and what shows it; None for people."""
    return (
        _by_report(root)
        or _by_calendar(root, subject)
        or _by_field(root.fields)
        or _by_subject(root.fields, subject)
        or _by_sentence(subject, text)
    )


def _by_report(root: Part) -> Automatic | None:
    """Reports say what they are (RFC 6522): receipts (RFC 8098), complaints (RFC 5965)."""
    for part in (root, *root.children):
        kind = part.parameters.get("report-type", "").lower()
        if "disposition-notification" in (kind, part.content_type.partition("/")[2]):
            return Automatic("read-receipt", "message/disposition-notification")
        if kind == "feedback-report" or part.content_type == "message/feedback-report":
            return Automatic("feedback-report", "message/feedback-report")
    return None


def _by_calendar(root: Part, subject: str) -> Automatic | None:
    """An answer to an invitation (RFC 5546 §3.2.3) is sent by a click; an invitation is written by a person."""
    for part in root.walk():
        if part.content_type == "text/calendar" and part.parameters.get("method", "").lower() in ("reply", "counter"):
            return Automatic("calendar-answer", f"text/calendar; method={part.parameters['method'].lower()}")
    if root.fields.raw("content-class").lower().startswith("urn:content-classes:calendarmessage") and _ANSWER.match(
        subject
    ):
        return Automatic("calendar-answer", f"Subject: {subject[:80]}")
    return None


def _by_field(fields: Fields) -> Automatic | None:
    for name, reason, pattern in _PROOFS:
        if name not in fields.names:
            continue
        for value in fields.all(name):
            if pattern.match(value):
                return Automatic(reason, f"{name}: {value[:120]}".strip())
    return _by_precedence(fields)


def _by_precedence(fields: Fields) -> Automatic | None:
    """`Precedence: junk` is what old vacation programs write; posts to lists carry `bulk` and `list`."""
    for name in ("precedence", "x-precedence"):
        value = fields.raw(name)
        if value and _JUNK.match(value) and not _is_list(fields):
            return Automatic("auto-reply", f"{name}: {value[:120]}")
    return None


def _is_list(fields: Fields) -> bool:
    return not fields.names.isdisjoint({"list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list"})


def _by_subject(fields: Fields, subject: str) -> Automatic | None:
    if _SUBJECT.match(subject):
        return Automatic("auto-reply", f"Subject: {subject[:120]}")
    if _READ.match(subject) and "disposition-notification" in fields.raw("content-type"):
        return Automatic("read-receipt", f"Subject: {subject[:120]}")
    return None


def _by_sentence(subject: str, text: str) -> Automatic | None:
    """Trust the sentence only near the top, and not in an answer that may quote it."""
    if subject[:3].lower() in ("re:", "fw:") or ("自動" not in text and "auto" not in text):
        return None
    top = "\n".join(line for line in text[:_LOOK_AT].split("\n")[:12] if not line.lstrip().startswith((">", "|", ">")))
    match = _SENTENCE.search(top)
    return Automatic("auto-reply", match.group()[:120]) if match else None
