"""Which words do mail programs put above a quotation? The tables of `quote`. Pure.

Collected by family: Outlook, Apple Mail, Gmail, Thunderbird, Yahoo, Notes, Becky!, and the programs of the carriers.
"""

from __future__ import annotations

import re


def pattern(table: str) -> str:
    """A table of alternatives laid out in lines, as one regular expression."""
    return "".join(line.strip() for line in table.split("\n"))


_HEADER_TABLE = {
    "from": """
        from, 差出人, 送信者, 送信元, 發件人, 发件人, 寄件者, 보낸 사람, 보낸사람, von, de, da, van, från, fra,
        absender, od, odesílatel, lähettäjä, от, от кого, отправитель, від, від кого, kimden, gönderen, expéditeur,
        mittente, remitente, remetente, feladó, desde, šalje, pošiljatelj, nadawca, de la, expeditorul, saatja,
        afzender, avsändare, avsender, afsender, από, người gửi, từ, מאת, من, จาก, dari, pengirim, nuo, подател
    """,
    "sent": """
        sent, 送信日時, 送信日, 受信日時, 发送时间, 发送日期, 傳送時間, 寄件日期, 보낸 날짜, 보낸 시간, gesendet,
        envoyé, envoyé le, enviado, enviado el, enviado em, enviada em, enviada, inviato, verzonden, skickat, sendt,
        wysłano, lähetetty, отправлено, надіслано, відправлено, gönderildi, gönderilen, gönderme tarihi, odesláno,
        odoslané, elküldve, poslano, trimis, στάλθηκε, đã gửi, נשלח, تم الإرسال, أُرسلت, ส่ง,
        dikirim, terkirim, išsiųsta, nosūtīts, изпратено, poslano dne
    """,
    "date": """
        date, date d'envoi, 日時, 日付, 日期, 时间, 時間, 날짜, datum, fecha, data, dato, dátum, dată, päivämäärä,
        päiväys, дата, tarih, message du, kuupäev, ημερομηνία, ngày, תאריך, التاريخ, تاريخ, วันที่, tanggal, datums
    """,
    "to": """
        to, 宛先, 宛て先, 送信先, 收件人, 收件者, 받는 사람, an, à, a, para, aan, naar, till, til, do, komu, adresat,
        vastaanottaja, кому, kime, alıcı, címzett, pour, destinatario, destinataire, destinatário, empfänger, prima,
        pre, către, destinatarul, saaja, προς, đến, אל, إلى, ถึง, kepada, kam
    """,
    "cc": """
        cc, bcc, copie à, copie, kopie, kopie (cc), kopia, kopi, kopio, kópia, копия, копія, 抄送, 副本, 참조, 写し, dw,
        másolat, másolatot kap, bilgi, copia, cópia, κοιν
    """,
    "subject": """
        subject, 件名, 表題, 题名, 主题, 主題, 主旨, 제목, betreff, objet, sujet, asunto, assunto, oggetto, onderwerp,
        ämne, emne, temat, tytuł, aihe, тема, konu, předmět, predmet, tárgy, naslov, subiect, subiectul, teema, θέμα,
        chủ đề, נושא, الموضوع, เรื่อง, หัวเรื่อง, subjek, perihal, относно
    """,
    "reply-to": """
        reply-to, 返信先, answer to, répondre à, antwort an, responder a, rispondi a, antwoord aan
    """,
    "other": """
        attachments, attachment, 添付ファイル, 添付, importance, 重要度, priority, 優先度, anlagen, anlage,
        pièces jointes, adjuntos, anexos, allegati, bijlagen, organization, organisation, 返信期限, フラグ
    """,
    "raw": """
        received, return-path, message-id, mime-version, content-type, content-transfer-encoding, dkim-signature,
        delivered-to, authentication-results, arc-seal, received-spf, references, in-reply-to, x-mailer, user-agent,
        x-originating-ip, x-spam-status, envelope-to, thread-index
    """,
}

HEADER_WORDS = {word.strip(): kind for kind, words in _HEADER_TABLE.items() for word in words.split(",")}
"""Header names as mail programs translate them, in lower case → which field is meant; `raw` ones stand in pastes."""

FORWARDED = re.compile(
    pattern(r"""
    forwarded (?:message|by|mail|e-?mail)|forwarded$|fwd\.? ?msg|fwd message|begin forward
    |weitergeleitete[rn]? (?:nachricht|mail|e-mail)|message (?:transféré|transmis|réexpédié)
    |(?:mensaje|correo) reenviado|messaggio inoltrato|doorgestuurd bericht|vidarebefordrat|videresendt
    |mensagem (?:reenca|enca)minhada|(?:przekazan|przesłan|przekazywan)\w{1,3} (?:dalej )?wiadomoś
    |wiadomość przesłana|treść przekazanej|(?:edelleen)?(?:lähetetty|välitetty) viesti|přeposlan\w{1,2} zpráv
    |přeposílané zprávy|preposlan\w{1,3} správ|továbbított (?:üzenet|levél)|mesaj(?:ul)? redirecționat
    |prosl?i?jeđen[au] poruk|пере(?:направленное|сылаемое|адресованно\w{1,3}) (?:сообщени|письм)
    |пере(?:слане|направлене) повідомлення|що пересилається|ile?til(?:en|miş) (?:ileti|mesaj)|ileti başlangıcı
    |edastatud kiri|προωθημένο μήνυμα|转发(?:的)?邮件|转发的信息|轉寄(?:的)?郵件|轉寄的信件
    |전달된 (?:메시지|메일)|thư đã chuyển tiếp|転送(?:された|する)?(?:メッセージ|メール)
    |(?:メッセージ|メール)を転送|転送(?:はじめ|開始|ここから)
    """),
    re.IGNORECASE,
)

ORIGINAL_MESSAGE = re.compile(
    pattern(r"""
    original (?:message|e-?mail|appointment|text)|(?:reply|replied|previous|quoted) message
    |messages? d['’]origine|mensagem original|mensaje original|ursprüngliche (?:nachricht|mail|e-mail)
    |urspr\. nachricht|originalnachricht|original-nachricht|antwort nachricht|message original
    |messaggio originale|origine(?:el|le) bericht|oorspronkelijk(?:e)? bericht|ursprungligt meddelande
    |originalmeddelande|opr(?:indelig|innelig) (?:besked|melding|meddelelse)|wiadomość oryginalna
    |oryginalna wiadomość|alkuperäinen viesti|исходное сообщение|оригинальное (?:сообщение|письмо)
    |початкове повідомлення|original(?:ní|ná) (?:zpráva|správa)|původní zpráva|pôvodná správa
    |eredeti (?:üzenet|levél)|mesaj(?:ul)? (?:original|inițial)|izvorna poruka|originalna poruka
    |orijinal (?:ileti|mesaj)|original ileti|αρχικό μήνυμα|thư gốc|原始(?:邮件|郵件|信息|信件)|回复(?:的)?邮件
    |원본 (?:메시지|메일)|元の?(?:メッセージ|メール|文章)|オリジナル(?:の)?(?:メッセージ|メール)
    |(?:受信|返信元)(?:の)?(?:メッセージ|メール)|(?:以下(?:、|は)?)?(?:引用(?:文|開始|ここから|元)?|原文)$
    """),
    re.IGNORECASE,
)

REPLY_ABOVE = re.compile(
    pattern(r"""
    [-–—#*=~_━─ ]{1,20}+(?:please )?(?:(?:type|write|enter|add) )?(?:your )?(?:reply|respond|response|answer|comment)
    (?: \w{1,12}){0,3} above this line\b.{0,80}
    |[-–—#*=~_━─ ]{1,20}+(?:この|上の)(?:行|線|ライン)(?:より|の|から)上.{0,40}(?:返信|ご?記入|ご?回答|入力).{0,40}
    |[-–—#*=~_━─ ]{1,20}+(?:bitte )?antwort\w{0,4} (?:bitte )?(?:über|oberhalb) dieser (?:zeile|linie).{0,60}
    """),
    re.IGNORECASE,
)
"""The line that a service asks to answer above; it stands where its own mail begins."""

INTRODUCED = re.compile(
    r"(?:"
    + pattern(r"""
    begin forwarded message|forwarded message(?: (?:from|follows).{0,60})?|forwarded (?:by|from) .{1,60}
    |anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:transféré|réexpédié)
    |inicio del mensaje reenviado|inizio (?:del )?messaggio inoltrato|begin doorgestuurd bericht
    |vidarebefordrat (?:mejl|brev|meddelande)|start på videresendt (?:besked|meddelelse)
    |videresendt (?:melding|meddelelse|besked)|início da mensagem (?:reenca|enca)minhada
    |początek przekazywanej wiadomości|välitetty viesti(?: alkaa)?|začátek přeposílané zprávy
    |začiatok preposlanej správy|továbbított levél kezdete|începe mesajul redirecționat
    |započni proslijeđenu poruku|начало переадресованного сообщения|початок листа, що пересилається
    |ileti başlangıcı|转发的邮件|以下是转发的邮件|開始轉寄郵件|전달된 메시지 시작|転送されたメッセージ
    |original message|reply message
    """)
    + r")\s?[:：]?",
    re.IGNORECASE,
)
"""A whole line that introduces another mail without any drawn line; it counts with a colon, or above a marked quote."""

ANSWERED = re.compile(
    pattern(r"""
    \b(?:wrote|writes|(?:has )?written|said|schrieb|écrit|escribió|escreveu|ha scritto|scritto|schreef|skrev
    |napisał(?:\(a\)|a|/a)?|kirjoitti|пише[тш]|написала?|писала?|писал\(а\)|написав|yazdı|şunu yazdı|napsala?
    |napísala?|írta|geschreven|a scris|je napisao|napisao|έγραψε|đã viết|kirjutas|va escriure
    |escribiu|menulis|skrifaði|rašė|rakstīja|написа|је написа(?:о|ла)|je napisala|כתבה?|نوشت|sent)\b
    |さん wrote|さん(?:は|が)?(?:書きました|書いた|記しました)|(?:が|は|に)?書きました
    |のメール\Z|のメッセージ\Z|写道|寫道|作성|님이 작성|님이 씀
    |wiadomość napisana przez|كتبت?\b|เขียน(?:ว่า)?\Z|ने लिखा\Z|igorleak hau idatzi du\Z
    """),
    re.IGNORECASE,
)
"""That somebody wrote; looked for in a line whose colon has been taken off."""

UNSEEN = " \t\r\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Blanks, and what programs write around right-to-left text."""

ANSWER_ENDS = (":", "：", ">", "wrote", "writes", "さん", "-", "_", "*", "記")
"""How an attribution may end: a cheap test before the dear ones."""

ATTRIBUTION_OPENS = re.compile(
    r"[-*_ ]{0,8}(?:"
    + pattern(r"""
    on|at|am|le|el|il(?: giorno)?|em|op|den|d\.|på|dne|dňa|w dniu|dnia|în|в|у|vào|στις|a las|في
    |pada|na|þann|בתאריך|ב-|เมื่อ|در
    |in (?:article|message)|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|\d|[\"'<(（「“„«]
    """)
    + r")",
    re.IGNORECASE,
)
"""How a line begins that a program writes above what it quotes."""
