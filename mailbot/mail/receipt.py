"""Did a click send this: a receipt, an answer to an invitation, a complaint, a recall? Pure."""

from __future__ import annotations

import re
import unicodedata

from mailbot.mail.message import Automatic
from mailbot.mail.structure import Part

_LOOK_AT = 4_096
_REPORTS = {
    "disposition-notification": "read-receipt",  # RFC 8098
    "feedback-report": "feedback-report",  # RFC 5965
    "tlsrpt": "feedback-report",  # RFC 8460
}
_CLASSES = {"urn:content-classes:mdn": "read-receipt", "urn:content-classes:recallmessage": "recall"}  # Exchange
_ANSWER = re.compile(
    r"\s*(?:(?:new time proposed|accepted|declined|tentative(?:ly accepted)?"
    r"|承諾|承認済み|辞退|仮の予定|仮承諾|仮の承諾|未定|新しい日時の提案|出席|欠席"
    r"|zugesagt|abgesagt|abgelehnt|angenommen|mit vorbehalt|unter vorbehalt|accepté|refusé|décliné|provisoire"
    r"|aceptad[ao]|aceptó|rechazad[ao]|provisional|accettat[ao]|rifiutat[ao]|provvisorio|geaccepteerd|geweigerd"
    r"|voorlopig|aceite|aceito|recusad[ao]|accepterat|avböjt|accepteret|afvist|zaakceptowan[oey]|odrzucon[oey]"
    r"|принято|отклонено|已接受|已拒绝|已接受|已拒絕|暂定|수락됨|거절됨|수락|거절)\s*:)",
    re.IGNORECASE,
)
_READ = re.compile(
    r"\s*(?:(?:read|not read|gelesen|ungelesen|lu|non lu|leído|no leído|letto|non letto|gelezen|lida|lido|läst|læst"
    r"|przeczytane|прочтено|прочитано|已读|已讀|未读|읽음|開封済み|開封|未開封|未読|既読|開封確認|開封通知"
    r"|return receipt|read receipt|delivered|confirmation de lecture|lesebestätigung|empfangsbestätigung)\s*:"
    r"|return receipt \(displayed\)|開封確認\s?\(表示)",
    re.IGNORECASE,
)
# What a program says below such a subject; a person who begins a subject with "Read:" says something else.
_WAS_READ = re.compile(
    r"\b(?:was|has been) (?:read|opened|displayed|deleted without being read|received by)\b|已被?(?:阅读|讀取)"
    r"|開封(?:され|しま|済)|(?:表示|削除)されました|開かれました"
    r"|wurde [^\n]{0,60}gelesen|a été lu|fue leído|è stato letto"
    r"|is gelezen|foi lid[ao]|return receipt|既読になりました",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(
    r"\s*(?:complaint about message from \d|report domain:\s*\S{1,255}\s+submitter:)", re.IGNORECASE
)  # Microsoft; RFC 7489 §7.2.1.1
_MAY_RECALL = ("ecall", "ckruf", "appel", "消", "回収")
_RECALL = re.compile(
    r"[^\n]{1,120} would like to recall the message\b|message recall (?:success|failure|report)"
    r"|[^\n]{0,120}(?:メッセージ|メール)[^\n]{0,120}を(?:取り消|回収)(?:そうと|したいと|しようと)"
    r"|[^\n]{1,120} möchte die nachricht [^\n]{1,200} zurückrufen|[^\n]{1,120} souhaite rappeler le message\b",
    re.IGNORECASE,
)


def by_click(root: Part, subject: str, text: str) -> Automatic | None:
    """Say which of the mails that programs write at a click this is."""
    subject = unicodedata.normalize("NFKC", subject)
    return (
        _by_report(root)
        or _by_class(root, subject)
        or _by_calendar(root)
        or _by_subject(subject, text.strip())
        or _recall(subject, text.strip())
    )


def _by_report(root: Part) -> Automatic | None:
    """Reports say what they are (RFC 6522), unless they are only a part of what a person sends on."""
    for part in (root, *root.children):
        kind = part.parameters.get("report-type", "").strip().lower()
        if part.content_type.startswith("message/"):
            kind = part.content_type.partition("/")[2]
        if kind in _REPORTS:
            return Automatic(_REPORTS[kind], f"message/{kind}")
    return None


def _by_class(root: Part, subject: str) -> Automatic | None:
    """Exchange names the class of what it sends, also where the part itself is lost in TNEF."""
    value = root.fields.raw("content-class").strip().lower()
    reason = _CLASSES.get(value)
    if value == "urn:content-classes:calendarmessage" and _ANSWER.match(subject):
        reason = "calendar-answer"
    return Automatic(reason, f"content-class: {value}") if reason else None


def _by_calendar(root: Part) -> Automatic | None:
    """An answer to an invitation (RFC 5546 §3.2.3) is sent by a click; an invitation is written by a person."""
    for part in root.walk():
        if part.content_type == "text/calendar" and (method := _method(part)) in ("reply", "counter"):
            return Automatic("calendar-answer", f"text/calendar; method={method}")
    return None


def _method(part: Part) -> str:
    """RFC 6047 §2.4 wants the method on the part; without, it stands in the calendar (RFC 5545 §3.7.2)."""
    named = part.parameters.get("method", "").lower()
    if named:
        return named
    match = re.search(rb"^METHOD:([A-Z]{1,20})", part.content()[:_LOOK_AT], re.MULTILINE)
    return match.group(1).decode("ascii").lower() if match else ""


def _by_subject(subject: str, text: str) -> Automatic | None:
    """Where the report is missing: the subject of one, and nothing that a person would have written below it."""
    if _COMPLAINT.match(subject):
        return Automatic("feedback-report", f"Subject: {subject[:120]}")
    if _ANSWER.match(subject) and not text:
        return Automatic("calendar-answer", f"Subject: {subject[:120]}")
    if _READ.match(subject) and _WAS_READ.search(text[:_LOOK_AT]):
        return Automatic("read-receipt", f"Subject: {subject[:120]}")
    return None


def _recall(subject: str, text: str) -> Automatic | None:
    head = text[:500]
    if not any(map(f"{subject}\n{head}".__contains__, _MAY_RECALL)):
        return None
    match = _RECALL.match(subject) or _RECALL.match(head)
    return Automatic("recall", match.group()[:120]) if match else None
