"""Is this plain text only a stand-in for the HTML beside it? Pure.

Programs that write HTML fill the plain alternative with an excuse, a preview, a template, or nothing.
"""

from __future__ import annotations

import re

_SHORT = 600
_PREVIEW = 120
_MUCH_HTML = 3_000
_EXCUSE = re.compile(
    r"(?:not|n't|cannot|unable to|nicht|pas|kein) [^\n]{0,40}"
    r"(?:support|display|view|show|read|render|anzeig|darstell|affich)[^\n]{0,80}html"
    r"|html[- ]?(?:e-?mail|version|format|message|mail|nachricht|ansicht|fähig|capable|enabled|compatible|content)"
    r"|(?:requires?|enable|format|version|en|im|al|au|in) html\b"
    r"|(?:view|see|read|open|display)\b[^\n]{0,60}\b(?:in (?:your|a|the)(?: web)? browser|online)"
    r"|web version|browser version|(?:im|in (?:je|uw|de)|nel|dans (?:votre|un)|en (?:tu|su|el)|no (?:seu )?)"
    r" ?(?:browser|navigateur|navegador)"
    r"|(?:plain[- ])?text (?:version|part)[^\n]{0,40}(?:not|un)[- ]?available"
    r"|no (?:plain[- ])?text (?:version|part|body)"
    r"|html ?(?:メール|形式|対応|版|表示)|ブラウザ(?:ー)?(?:で|から)[^\n]{0,20}(?:表示|ご覧|閲覧|見る)"
    r"|(?:表示|閲覧)(?:が)?(?:でき|され)(?:ない|ません)|webページとして",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"\s{0,200}<(?:!doctype|html|head|body|div|p|table|span|meta|style|br|font|center)\b", re.IGNORECASE
)
_DOCUMENT = re.compile(r"\s{0,200}<(?:!doctype html|html)\b", re.IGNORECASE)
_STYLE_SHEET = re.compile(
    r"\s{0,200}(?:@(?:media|font-face|import|charset)\b|<!--|/\*|[.#*a-z][\w .,#:>*-]{0,80}\s?\{[^{}]{0,200}[:;])",
    re.IGNORECASE,
)
_LEFT_OVER = re.compile(
    r"\{\{[^{}\n]{1,60}\}\}|\*\|[A-Z_:]{2,40}\|\*|%%[A-Za-z_ ]{2,40}%%|\$\{[\w.]{1,60}\}|<%=|\[\[[^\[\]\n]{1,60}\]\]"
)
_LEFT_OVER_MARKS = ("{{", "*|", "%%", "${", "<%=", "[[")
_TAG = re.compile(r"<[^<>]{0,2000}>|\s+")


def is_html_document(text: str) -> bool:
    """Say whether this is a whole page of HTML under a wrong label; a fragment may be what somebody asks about."""
    return bool(_DOCUMENT.match(text)) and "</html>" in text[-400:].lower()


def is_preview(text: str) -> bool:
    """Say whether the text is so short that long HTML beside it would say more."""
    return len(text) < 2 * _PREVIEW and len(text.strip()) < _PREVIEW


def may_stand_in(text: str, html_size: int) -> bool:
    """Say cheaply whether the plain text is worth comparing with HTML of that size."""
    plain = text.strip()
    if not plain or plain[0] in "<@" or (len(plain) < _PREVIEW and html_size > _MUCH_HTML):
        return True
    if len(plain) < _SHORT and _EXCUSE.search(plain):
        return True
    return any(mark in plain for mark in _LEFT_OVER_MARKS) or bool("{" in plain[:400] and _STYLE_SHEET.match(plain))


def stands_in(text: str, rich: str) -> bool:
    """Say that the plain text is no honest alternative to what the HTML says."""
    plain, said = text.strip(), rich.strip()
    if not said:
        return False
    if not plain or _MARKUP.match(plain) or _STYLE_SHEET.match(plain):
        return True
    if len(plain) < _SHORT and _EXCUSE.search(plain):
        return True
    left = _LEFT_OVER.search(plain)
    if left and left.group() not in said:
        return True
    return len(plain) < _PREVIEW and len(_TAG.sub("", said)) > 10 * len(plain) + 500
