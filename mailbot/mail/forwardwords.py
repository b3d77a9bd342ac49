"""By which words do mail programs say that a mail is forwarded? The tables of `forwarded`. Pure."""

from __future__ import annotations

import re

from mailbot.mail.quotewords import HEADER_WORDS

_MORE = {
    "from": "šalje, expeditorul, отправитель, від кого, від, saatja, de la, nadawca, pošiljatelj, 作成者, από, 寄件人",
    "date": "dátum, dată, päiväys, дата отправки, надіслано, дата та час, 送信時刻, ημερομηνία, 傳送日期, 發送時間",
    "to": "送信先, prima, destinatarul, pre, adresat, către, προς",
    "cc": "kopio, másolat, dw, bilgi, копія, másolatot kap, kópia, kopie (cc), 同報",
    "subject": "predmet, subiectul, sujet, naslov, subiect, θέμα, 標題, 표제",
    "message-id": "message-id, メッセージid",
}
_SAME = {"sent": "date"}
_NO_LABELS = ("raw", "other")
LABELS = {
    **{word: _SAME.get(kind, kind) for word, kind in HEADER_WORDS.items() if kind not in _NO_LABELS},
    **{word.strip(): kind for kind, words in _MORE.items() for word in words.split(",")},
}
"""Names of header lines, in lower case → which field is meant."""

FORWARDED = re.compile(
    r"forwarded (?:message|e?-?mail|by)|forward message|fwd\.? ?msg|weitergeleitet|transfér|réexpédi|transmis"
    r"|reenviad|encaminhad|inoltrat|doorgestuurd|vidarebefordra|videresend|välitetty|edelleenlähetetty"
    r"|przek(?:azan|azywan)|przesłan|p[rř]eposílan|p[rř]eposlan|přeposílan|proslijeđen|posredovan|prosleđen"
    r"|továbbított|redirec[tț]|edastatud|persiųst|pārsūtīt|переадресован|пересыл|перенаправл|пересила|переслан"
    r"|препратен|προωθ|[iİı]̇?let(?:il|i ba)|הועבר|ส่งต่อ|chuyển tiếp|diteruskan|転送|转发|轉寄|轉發|전달",
    re.IGNORECASE,
)
"""Stems that stand in the line which a program draws over a forwarded mail."""

ORIGINAL = re.compile(
    r"original|ursprüng|d['’]origine|oorspronkelijk|元のメ|オリジナル|原始|원본|исходное", re.IGNORECASE
)

FORWARD_SUBJECT = re.compile(
    r"\s*(?>(?:\[[^\[\]]{0,80}\]\s*)*)(?:fwd?|wg|tr|rv|enc|i|pd|vb|vl|vs|vl|doorst|videresend|redir|[iİ]lt|転送|转发|轉寄|轉發|전달)"
    r"\.?\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]|\s*\[fwd:|.{0,900}\(fwd\)\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
"""How the subject of a forwarded mail begins; some of these words also stand before answers."""
