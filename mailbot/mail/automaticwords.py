"""Which words do only answering machines and systems write? Pure.

For mail whose fields say nothing. Customers write *about* automatic replies too, so a word is never enough: a subject
must have the form that programs give it, and a sentence must speak of the very mail in which it stands.
"""

from __future__ import annotations

import re
import unicodedata

_HEAD, _TAIL = 16, 10
_LINE = 300
_LOOK_AT = 4_096

# What programs call their answer, by language (after NFKC and in any case).
_LABELS = "|".join(
    (
        r"auto(?:mat(?:ic|ed))?[\s_-]?(?:re(?:ply|plies|sponse|spons|sponder)|answer(?:ing)?|notification)"
        r"(?: (?:message|e-?mail|mail))?",
        r"auto[\s-]?generated(?: (?:message|e-?mail|mail|reply))?|automated (?:message|e-?mail)",
        r"out[\s-]of[\s-](?:the[\s-])?office(?: (?:auto[\s-]?)?(?:reply|response|message|notice|notification|alert))?",
        r"ooo|oof|(?:vacation|absence|holiday|leave) (?:auto[\s-]?)?(?:reply|response|notice|message|notification)",
        r"away from (?:my |the )?(?:e?-?mail|office|desk)(?: message)?",
        r"(?:your )?(?:request|ticket|case|message|inquiry|enquiry) (?:has been |was )?received",
        r"自動(?:返信|応答|送信|配信|回答|返答|発信)(?:メール|メッセージ|通知|のお知らせ)?(?:です)?",
        r"不在(?:通知|連絡|応答|返信|案内|メッセージ|メール|(?:中)?のお知らせ|のご連絡|のご案内|です)",
        r"(?:(?:長期|夏季|冬季|有給)?休暇|外出|出張)中?(?:通知|(?:の|による)?(?:お知らせ|ご連絡|ご案内)|です)",
        r"(?:ただいま|只今|現在)?(?:不在|休暇中|外出中|出張中)(?:です|にしております)",
        r"オート(?:リプライ|レスポンス|レスポンダー?|アンサー)",
        r"(?:お問い?合わ?せ|お申し?込み|ご注文|ご依頼|リクエスト)(?:内容)?(?:の|を)?(?:自動)?"
        r"(?:受け?付け?(?:ました|いたしました|致しました|のお知らせ|完了(?:のお知らせ)?|通知)|承りました"
        r"|受信(?:しました|いたしました|のお知らせ|通知)?)",
        r"automatische[rsn]? (?:antwort|rückmeldung|reaktion|reactie|e-?mail)|automatisch antwoord",
        r"abwesenheits?(?:notiz|nachricht|assistent|meldung|benachrichtigung|agent|info)?|abwesend",
        r"eingangsbestätigung|(?:bin )?(?:derzeit |zur ?zeit )?nicht im (?:büro|haus)|außer haus",
        r"r[eé]ponse automatique|(?:message|avis|notification) d['’]absence|absen(?:ce|te?|t\(e\)) du bureau"
        r"|accus[eé] de r[eé]ception automatique|message automatique",
        r"respuesta autom[aá]tica|mensaje autom[aá]tico|(?:aviso|mensaje) de ausencia|fuera de (?:la )?oficina",
        r"risposta automatica|messaggio automatico|fuori (?:sede|ufficio)|avviso di assenza",
        r"(?:resposta|mensagem) autom[aá]tica|aus[eê]ncia (?:tempor[aá]ria|do escrit[oó]rio)|fora do escrit[oó]rio",
        r"afwezigheid(?:sbericht|smelding)?|afwezig|niet aanwezig",
        r"auto(?:matisk[at]*)?[\s-]?svar(?:smeddelande)?|frånvaro(?:meddelande)?|fraværs?(?:melding|besked)?",
        r"automaattinen (?:vastaus|viesti)|poissaolo(?:viesti|ilmoitus)",
        r"(?:odpowied[zź] automatyczna|automatyczna odpowied[zź]|autoodpowied[zź]|nieobecno[sś][cć]|poza biurem)",
        r"automatick[aá] odpov[eě][dď]|automatikus v[aá]lasz|r[aă]spuns automat|otomatik (?:yanıt|cevap)",
        r"automatski odgovor|samodejni odgovor|automatinis atsakymas|automātiska atbilde|automaatvastus",
        r"авто(?:матический )?ответ(?:чик)?|автоматична відповідь|автоматичен отговор|αυτόματη απάντηση",
        r"自[动動](?:回[复覆復]|答[复覆復]|响应|應答)(?:邮件|郵件)?|(?:休假|外出|不在)通知|不在办公室|不在辦公室",
        r"자동 ?(?:회신|응답|답장)|부재 ?중(?: ?(?:알림|안내|메시지|자동 ?회신))?|외출 ?중",
        r"תשובה אוטומטית|מענה אוטומטי|(?:ال)?رد (?:ال)?تلقائي|ตอบกลับอัตโนมัติ|trả lời tự động|balasan otomatis",
    )
)
_LABELLED = re.compile(
    r"(?:\[[^\[\]]{1,40}\]\s*)?[*※◆■\s]{0,4}"
    rf"(?:[\[(<【〔][^\])>】〕]{{0,30}}?(?P<bracket>{_LABELS})\s?[\])>】〕]"
    rf"|(?:{_LABELS})(?:(?P<colon>\s?:)|(?P<alone>\s*[!.。]?\s*\Z)|(?P<joined>\s(?:from|to your|re:|[-–—]\s))))",
    re.IGNORECASE,
)
_LABELLED_AT_END = re.compile(
    r"(?:[【〔]\s?自動(?:返信|応答|配信|送信)(?:メール)?\s?[】〕]"
    r"|(?:自動返信|自動応答|自動配信|自動送信)(?:メール|メッセージ)(?:です)?"
    r"|\bauto[\s-]?(?:reply|response|responder)|[(\[]out of (?:the )?office[^)\]]{0,60})[)\]\s]{0,3}\Z",
    re.IGNORECASE,
)
# Notes and many webmailers tell of a third person; people who write to a desk tell of "our" and "my".
_TOLD = re.compile(
    r"(?:auto|自動)\s?:.{1,100}\b(?:out of|away|absent|on leave|vacation|returning|(?:は|が)?不在|休暇|外出|is not)"
    r"|(?!(?:our|my|the|your|his|her|if|when|while|who|everyone|nobody|he|she|re|fwd?|question)\b)[^:?\n]{0,60}"
    r"(?:\b(?:is|am)|i'm) (?:currently |now )?(?:out of|away from) (?:the |my )?(?:office|desk)"
    r"(?:\s?[.!]?\Z|,? (?:until|till|from|since|through|returning|and will|\())"
    r"|(?:i am |i'm )?out of (?:the )?office,? (?:until|till|from|since|through|\d)|away (?:until|till) \S"
    r"|\S+ requires verification verify#\S|your (?:e-?mail|message) requires verification\b",
    re.IGNORECASE,
)
# Each label holds one of these. Most subjects hold none and need no further look.
_STEMS = (
    "auto", "office", "ooo", "oof", "desk", "vacation", "absen", "abwesen", "holiday", "leave", "away", "received",
    "verif", "自動", "不在", "休暇", "外出", "出張", "オート", "受", "承り", "eingangs", "büro", "haus", "réponse",
    "oficina", "ausencia", "ausência", "fuori", "assenza", "escrit", "afwezig", "aanwezig", "frånvaro", "fravær",
    "poissaolo", "nieobecno", "biurem", "otomatik", "samodejni", "авто", "αυτόματη", "自动", "办公室", "辦公室", "자동",
    "부재", "외출", "אוטומטי", "تلقائي", "อัตโนมัติ", "tự động", "otomatis",
)  # fmt: skip
_ASKS_IN_SUBJECT = re.compile(
    r"について|に関し|質問|相談|教えて|方法|設定|(?:でき|し|され|届か|動か|来)(?:ない|ません)|不具合|不備|エラー|失敗|停止"
    r"|\?|\b(?:how|why|when|does(?:n[o']t)?|not|fails?|failed|failure|question|problem|issue|settings?"
    r"|configur\w{1,8}|disable|enable|broken|missing|loops?|feature|bug)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"でしょうか|ますか|ですか|ませんか|教えて|\b(?:we|i|us|our|my|me)\b[^?\uff1f\n]{0,200}[?\uff1f]"
    r"|\b(?:could|can|would|will) you\b|\bplease (?:help|advise|investigate|fix|tell)\b|\bhow (?:do|can|should|to)\b",
    re.IGNORECASE,
)
_REPORTS_TROUBLE = re.compile(
    r"(?:届|動作し|動き|され|送信でき|機能し)(?:かない|きません|いていません|ない|ません|ず)|不具合|調査|再現"
    r"|\b(?:does|do|did|is|are)(?: not|n't) (?:work|send|get|fire|arrive|appear|being)|\bfail(?:s|ed|ing)?\b",
    re.IGNORECASE,
)

_MAY_SPEAK = (
    "autom", "auto-", "autog", "autor", "自動", "自动", "자동", "автомат", "専用", "전용", "system-g", "system g",
    "computer-g", "computer g", "verif", "confirm",
)  # fmt: skip
_STARTS = re.compile(r"(?:^|[.!?。(])[^\w「『\"'\u201c\u2018]*")  # with ornaments, but not what opens a citation
_SENTENCES = re.compile(
    "|".join(
        (
            r"(?:この|本|当|こちらの)(?:電子)?(?:e-?)?(?:メール|メイル|mail|メッセージ|通知|返信|ご?連絡|アドレス)(?:アドレス)?"
            r"(?:は|につきましては)[、,]?[^。\n]{0,40}?(?:自動[^。\n]{0,12}?(?:返信|応答|送信|配信|発信|生成|作成|通知|返答|お送り|お返し)"
            r"|(?:送信|配信|発信)専用)",
            r"(?:これは|こちらは|以下は)[^。\n]{0,12}自動(?:返信|応答|送信|配信)(?:メール|メッセージ|システム)?"
            r"(?:です|でございます|となり|になり)",
            r"自動(?:返信|応答|送信|配信)(?:メール|メッセージ|専用)?(?:です|でございます|にて(?:失礼|ご連絡|ご案内|お送り)|で失礼)",
            r"送信専用(?:メール)?アドレス(?:から|より|で)(?:お送り|送信|配信)",
            r"this (?:is|was) an? (?:[\w-]{1,20} ){0,2}(?:automat(?:ed|ic)|automatically|auto-?(?:generated|reply)"
            r"|auto-?response|(?:system|computer)[- ]generated)\b",
            r"this (?:e-?mail|mail|message|notification|reply|response) (?:was|is|has been|is being) "
            r"(?:(?:sent|generated|created|produced|issued|delivered) )?"
            r"(?:automatically(?: (?:generated|sent|created|produced))?|auto-?generated"
            r"|(?:by|from) an? automat(?:ed|ic)"
            r"|(?:system|computer)[- ]generated|an? (?:auto-?(?:reply|response|generated)|automat(?:ed|ic)))\b",
            r"(?:please )?(?:do not|don't) (?:reply|respond) to this (?:automat|auto-|system[- ])",
            r"(?:the|your) (?:message|e-?mail|mail)(?: you (?:just )?sent)?[^.\n]{0,80}\brequires? (?:that )?(?:you )?"
            r"(?:to )?(?:verif|confirm)",
            r"dies(?:e (?:e-?mail|nachricht|mail)| ist eine?)[^.\n]{0,30}automatisch",
            r"(?:ceci est|ce (?:message|courriel|mail|e-?mail)|cette réponse)[^.\n]{0,40}automatique",
            r"est[ea] (?:es un|mensaje|correo|e-?mail|respuesta|é uma?|mensagem)[^.\n]{0,40}autom[aá]tic",
            r"quest[oa] (?:è una?|messaggio|e-?mail)[^.\n]{0,40}automatic",
            r"dit (?:is een|bericht|e-?mail)[^.\n]{0,30}automatisch",
            r"det(?:ta|te) (?:är|er) et[tn]?[^.\n]{0,20}automatisk",
            r"(?:to jest|ta wiadomo[sś][cć])[^.\n]{0,30}automatyczn|это[^.\n]{0,30}автоматическ",
            r"(?:此|本|这是|這是)[^。\n]{0,12}(?:系统|系統|自动|自動)[^。\n]{0,8}(?:发送|發送|发出|發出|回复|回覆|生成)",
            r"(?:이|본) (?:메일|이메일|메시지)[은는][^.\n]{0,20}(?:자동|발신 ?전용)",
        )
    ),
    re.IGNORECASE,
)
# The rest of the sentence, where it speaks of another mail after all, asks, denies, or tells of a form filled by hand.
_CITED = re.compile(
    r"[」』\"”?]|という|との(?:表|記|文|メ|件)|と(?:書|記|表示|あ[るり]|出て|思|のこと)|か[。?]?\Z|か(?:どうか|教え)"
    r"|(?:では|じゃ)(?:な|あり)|について|[がを](?:届|受|頂|いただ)|ように(?:し|設定|でき)|届(?:いて|か|き)|たい|欲しい|ほしい|止め|するため|設定|機能"
    r"|\b(?:(?:that|which) (?:we|i)|not|scan|encrypt|classif|archiv)",
    re.IGNORECASE,
)
_BY_A_FORM = re.compile(r"フォーム|\bform\b|ウェブサイトから|scanned|encrypted", re.IGNORECASE)
_TO_THE_WRITER = re.compile(r"返信|応答|repl|respon", re.IGNORECASE)  # a form's receipt, and not what was typed into it
_INTRODUCES = re.compile(r"[:\uff1a]\s*\Z|(?:以下|下記|次|このよう|こういう?)の?な?(?:メール|文面|文|通知|メッセージ)")
_ANSWERS = re.compile(r"\s*(?:re|aw|sv|antw|vs|odp|回复|答复|回覆|返信|답장)\s?:", re.IGNORECASE)
_FORWARDS = re.compile(r"\s*(?:fwd?|wg|tr|rv|i|転送|转发|轉寄|전달)\s?:", re.IGNORECASE)
_QUOTED = (">", "|", "\uff1e", "\uff5c")


def label_of(subject: str, written: str) -> str | None:
    """The subject, if it has the form that programs give it; `written` is what stands in the mail without quotes."""
    line = unicodedata.normalize("NFKC", subject).strip()
    if not any(map(line.casefold().__contains__, _STEMS)):
        return None
    label = _LABELLED.match(line)
    if _TOLD.match(line) or (label and (label["joined"] or (label["colon"] and ":" in subject))):
        return subject
    if label and label["bracket"] and not _ASKS_IN_SUBJECT.search(line):
        return subject
    doubtful = label or (_LABELLED_AT_END.search(line) and not _ANSWERS.match(line) and not _FORWARDS.match(line))
    return subject if doubtful and not _asks_for_help(line, written[:_LOOK_AT]) else None


def _asks_for_help(line: str, written: str) -> bool:
    return any(pattern.search(text) for pattern in (_ASKS, _REPORTS_TROUBLE) for text in (line, written))


def sentence_of(subject: str, written: str) -> str | None:
    """The sentence by which a mail says of itself that a machine sent it, at its head or at its foot.

    Not where a person asks something, who may have pasted it; and in an answer only where it is hard to overlook.
    """
    line = unicodedata.normalize("NFKC", subject)
    edges = written if len(written) < 2 * _LOOK_AT else f"{written[:_LOOK_AT]}\n{written[-_LOOK_AT:]}"
    if not any(map(edges.casefold().__contains__, _MAY_SPEAK)) or _FORWARDS.match(line):
        return None
    lines = _lines(edges)
    head, tail = (5, 3) if _ANSWERS.match(line) else (_HEAD, _TAIL)
    numbers = range(len(lines)) if len(lines) <= head + tail else [*range(head), *range(len(lines) - tail, len(lines))]
    for number in numbers:
        found = _spoken(lines, number)
        if found:
            return None if _ASKS.search(edges) else found
    return None


def _lines(text: str) -> list[str]:
    """The lines that say something; one that ends a paragraph keeps its line end, because no sentence goes beyond."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            lines.append(line[:_LINE])
        elif lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
    return lines


def _spoken(lines: list[str], number: int) -> str | None:
    line = lines[number]
    if line.lstrip().startswith(_QUOTED) or (number and _INTRODUCES.search(lines[number - 1])):
        return None
    joint = "" if line and not line[-1].isascii() else " "
    text = unicodedata.normalize("NFKC", f"{line}{joint}{lines[number + 1] if number + 1 < len(lines) else ''}")
    for start in _STARTS.finditer(text[: len(line) + 1]):
        found = _SENTENCES.match(text, start.end())
        if found and not _is_about_another(found):
            return found.group()
    return None


def _is_about_another(found: re.Match[str]) -> bool:
    rest = re.split(r"[.。\n]", found.string[found.end() : found.end() + 80], maxsplit=1)[0]
    sentence = f"{found.group()}{rest}"
    return bool(_CITED.search(rest) or (_BY_A_FORM.search(sentence) and not _TO_THE_WRITER.search(sentence)))
