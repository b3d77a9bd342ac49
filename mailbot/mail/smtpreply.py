"""Which enhanced status does a mail server's answer mean? Pure."""

from __future__ import annotations

import re

_LOOK_AT = 2_000
# RFC 3463 §2, not within version numbers and addresses of hosts; best is the one that stands behind a reply code.
_ENHANCED = re.compile(r"(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?![\w]|\.\d)")
_BEHIND_REPLY = re.compile(r"(?<![\w.])[45]\d\d[ :-]{1,3}[#(]?([45]\.\d{1,3}\.\d{1,3})(?![\w]|\.\d)")
_REPLY = re.compile(r"(?<![\w.#@:/-])([45])[0-5]\d(?=[\s:;-]|\Z)")  # RFC 5321 §4.2
# What the words of a refusal mean (RFC 3463 §3): the first that is found counts, so the narrow ones stand first.
_MEANINGS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (detail, re.compile(words, re.IGNORECASE))
    for detail, words in (
        (
            "2.2",
            r"(?:over|exceed\w*|disk|disc|mailbox|storage|user'?s?)[ -]{1,3}(?:\w{1,12}[ -]){0,3}quota"
            r"|quota (?:is )?(?:exceed|full)"
            r"|(?:mail ?box|mailfolder|inbox|account|mail ?drop)(?: \S{1,60})? (?:is )?(?:full|over)|full mailbox"
            r"|not enough (?:storage|disk) space|insufficient system storage|(?:容量"
            r"|メールボックス)[^\n。]{0,20}(?:超|一杯|いっぱい|満杯)",
        ),
        (
            "3.4",
            r"too (?:large|big|long)|exceeds? (?:\w{1,12} ){0,4}(?:size|length)|(?:size"
            r"|length) (?:\w{1,12} ){0,2}(?:limit|exceed)"
            r"|サイズ[^\n。]{0,20}(?:超|大き|制限)",
        ),
        (
            "4.7",
            r"delivery time expired|retry timeout exceeded|(?:message|envelope) expired|not (?:be )?deliver(?:ed"
            r"|able)? (?:for|within|in) \d"
            r"|too (?:long|old)|in queue too long|(?:maximum|queue) (?:time|lifetime)",
        ),
        ("4.6", r"(?:mail|routing|forwarding|detected a?) ?loop|too many (?:hops|received)|hop count|loops back to"),
        (
            "1.2",
            r"(?:host|domain|server)(?: name)?(?: \S{1,80})? (?:is )?(?:not found|unknown|does(?: not|n't) exist"
            r"|not exist|invalid)"
            r"|(?:unknown|unrouteable|invalid|no such|bad destination) (?:mail )?(?:host|domain|system)"
            r"|unrouteable address|nxdomain"
            r"|(?:couldn'?t|could not|cannot|can'?t) find (?:any |a )?(?:host|domain|mail exchanger)|no (?:mx"
            r"|mail exchanger)"
            r"|ドメイン[^\n。]{0,20}(?:存在|見つか|不明)",
        ),
        (
            "2.1",
            r"(?:mail ?box|account|user|address|recipient)(?: \S{1,80})? (?:is |has been |was )?(?:disabled"
            r"|inactive|suspended|locked|closed"
            r"|expired|discontinued|deactivated|terminated)|(?:disabled|inactive|suspended) (?:account|user"
            r"|mailbox|recipient)",
        ),
        (
            "1.1",
            r"(?:user|recipient|account|mail ?box|address|name|addressee|local part|alias)(?:\(s\)|s)?(?: \S{1,80})?"
            r" (?:is |was |are )?(?:unknown|not (?:found|known|exist\w*|valid|recognized|listed|registered|local"
            r"|active)|invalid"
            r"|does(?: not|n't) exist|do not exist|unavailable|doesn'?t have)"
            r"|(?:unknown|no such|invalid|bad|nonexist[ea]nt|non-existent|no|not a(?: valid)?|undefined) (?:local )?"
            r"(?:user|recipient|address|mail ?box|account|person|local part|destination mailbox|alias)"
            r"|not listed in|no mailbox here|not (?:our|a) (?:customer|valid)"
            r"|do(?:es)? not have an? .{0,40}account|who\?"
            r"|(?:宛先|あて先|アドレス|ユーザー?|受信者|メールボックス)[^\n。]{0,30}(?:不明|存在し|見つか"
            r"|ありません|誤り|間違)|該当する?ユーザ",
        ),
        (
            "4.1",
            r"connection (?:timed out|refused|timeout|reset)|no answer from|unable to connect|could(?:n'?t"
            r"| not) (?:connect|establish)"
            r"|not responding|(?:host|network) (?:is )?(?:unreachable|down)|lost connection|no route to host"
            r"|server refused to talk",
        ),
        (
            "7.1",
            r"spam|\bube\b|unsolicited|block(?:ed|list)|black ?list|policy|denied|reject|not (?:permitted"
            r"|allowed|authori[sz]ed|accept)"
            r"|refus|virus|reputation|relay(?:ing)? |(?:受信)?拒否",
        ),
    )
)


def status_in(text: str, *, delayed: bool = False) -> str:
    """The code of the reply in the text (RFC 3463), as written or by the words' meaning; empty when it says nothing.

    `delayed` gives the class where no digit does: a refusal without a number is for good, unless tries go on.
    """
    text = " ".join(text[:_LOOK_AT].split())
    written = _BEHIND_REPLY.search(text) or _ENHANCED.search(text)
    if written:
        return written.group(1)
    reply = _REPLY.search(text)
    kind = reply.group(1) if reply else "4" if delayed else "5"
    detail = next((detail for detail, words in _MEANINGS if words.search(text)), "0.0" if reply else "")
    return f"{kind}.{detail}" if detail else ""
