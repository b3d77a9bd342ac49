"""Which words do mail programs put above a quotation and under a letter? The tables of `quote`. Pure."""

from __future__ import annotations

import re

_HEADER_TABLE = {
    "from": """
        from, 差出人, 送信者, 送信元, 發件人, 发件人, 寄件者, 보낸 사람, 보낸사람, von, de, da, van, från, fra,
        od, lähettäjä, от, от кого, kimden, gönderen, expéditeur, mittente, remitente, feladó, desde
    """,
    "date": """
        date, sent, 日時, 日付, 送信日時, 送信日, 受信日時, 发送时间, 寄件日期, 日期, 보낸 날짜, 날짜,
        gesendet, datum, envoyé, envoyé le, enviado, enviado el, enviado em, fecha, data, inviato, verzonden,
        skickat, sendt, dato, wysłano, lähetetty, päivämäärä, отправлено, дата, tarih, gönderildi, message du,
        odesláno, elküldve
    """,
    "to": """
        to, 宛先, 宛て先, 收件人, 收件者, 받는 사람, an, à, a, para, aan, naar, till, til, do, komu,
        vastaanottaja, кому, kime, címzett, pour, destinatario, destinataire
    """,
    "cc": """
        cc, bcc, copie à, kopie, kopia, kopi, копия, 抄送, 副本, 참조, 写し
    """,
    "subject": """
        subject, 件名, 表題, 题名, 主题, 主題, 主旨, 제목, betreff, objet, asunto, assunto, oggetto, onderwerp,
        ämne, emne, temat, aihe, тема, konu, předmět, tárgy
    """,
    "reply-to": """
        reply-to, 返信先, answer to, répondre à
    """,
}

HEADER_WORDS = {word.strip(): kind for kind, words in _HEADER_TABLE.items() for word in words.split(",")}
"""Header names as mail programs translate them, in lower case → which field is meant."""

ORIGINAL_MESSAGE = re.compile(
    r"original (?:message|e-?mail|appointment)|forwarded (?:message|by)|begin forwarded|reply message"
    r"|mensagem original|mensaje original"
    r"|ursprüngliche (?:nachricht|mail)|urspr\. nachricht|originalnachricht|weitergeleitete nachricht"
    r"|message (?:d['’]origine|original|transféré)|messaggio (?:originale|inoltrato)|oorspronkelijk bericht"
    r"|ursprungligt meddelande|originalmeddelande|vidarebefordrat|oprindelig (?:besked|meddelelse)|opprinnelig melding"
    r"|wiadomość oryginalna|oryginalna wiadomość|alkuperäinen viesti|исходное сообщение|пересылаемое сообщение"
    r"|original ileti|原始邮件|原始郵件|转发邮件|轉寄郵件|원본 메시지|원본 메일"
    r"|元のメッセージ|元のメール|オリジナル(?:の)?メッセージ|転送(?:された)?メッセージ|転送メール|引用"
    r"|以下(?:、)?引用|返信元",
    re.IGNORECASE,
)

ANSWERED = re.compile(
    r"\b(?:wrote|writes|said|schrieb|écrit|escribió|escreveu|ha scritto|scritto|schreef|skrev|napisał(?:\(a\)|a"
    r"|/a)?|kirjoitti"
    r"|пишет|написала?|писал\(а\)|yazdı|napsala?|írta|geschreven)\b"
    r"|さん(?:は|が)?(?:書|記|のメール|wrote)|(?:が|は)?書きました|さんからのメール|のメッセージ|のメール(?:で"
    r"|から)|写道|寫道|作성|님이 작성",
    re.IGNORECASE,
)

SENT_FROM = re.compile(
    r"(?:sent|written|posted) (?:from|via|with|by|using|on) (?:my |the "
    r"|a )?[\w<][^,。]{0,80}[^.,]\Z|get outlook for .{0,80}\Z"
    r"|envoyé (?:de|depuis|à partir) .{0,80}\Z|von meinem .{1,60} gesendet.{0,40}\Z|gesendet (?:von|mit) .{0,80}\Z"
    r"|enviado (?:desde|do|de|a partir) .{0,80}\Z|inviato da(?:l|lla)? .{0,80}\Z|verzonden (?:vanaf|met|via) .{0,80}\Z"
    r"|skickat från .{0,80}\Z|sendt fra .{0,80}\Z|wysłane z .{0,80}\Z|lähetetty .{0,80}\Z|отправлено (?:с"
    r"|из) .{0,80}\Z"
    r"|.{0,40}(?:から送信|より送信|から送信されました|を使用して送信)\s*\Z|发自.{0,40}\Z|나의 .{0,40}에서 보냄\Z"
    r"|sent a magnificent .{0,80}\Z",
    re.IGNORECASE,
)

SIGNATURE_EVIDENCE = re.compile(
    r"@[\w-]{1,60}\.|\btel\b|電話|〒|株式会社|有限会社|合同会社|\(株\)|(株)|㈱|e-?mail\s?[::]|メール[::]|fax"
    r"|\d{2,4}-\d{2,4}-\d{3,4}|\+\d{1,3}[ -]\d",
    re.IGNORECASE,
)
