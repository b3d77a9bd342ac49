"""Which words stand under a letter: closings, devices, contact data, footers? The tables of `signature`. Pure."""

from __future__ import annotations

import re

from mailbot.mail.quotewords import pattern

SENT_FROM = re.compile(
    r"[(\[<*_ ]{0,3}(?:"
    + pattern(r"""
    (?:sent|written|posted|typed|shared|composed) (?:from|via|with|by|using|on) (?:(?:my|the|a
    |an) )?[\w<\[][^,。]{0,120}[^.,]|sent from my \w[\w ]{0,20}, please excuse .{0,40}
    |get (?:\[?outlook|bluemail|mailbird|spark) .{0,120}
    |(?:diese nachricht wurde )?von (?:meinem|mein) .{1,60} gesendet.{0,40}|gesendet (?:von|mit|über) .{0,80}
    |envoyé (?:de|depuis|à partir|avec|via) .{0,80}|télécharge[rz]? outlook .{0,60}
    |enviado (?:desde|do|de|a partir|con|com|via|pelo) .{0,80}|obt(?:ener|enha o) outlook .{0,60}
    |inviato (?:da|dal|dalla|con) .{0,80}|verzonden (?:vanaf|met|via|vanuit) .{0,80}|verstuurd vanaf .{0,60}
    |(?:skickat|skickades) från .{0,80}|send?t (?:fra|via) .{0,80}|wysłan[eo] (?:z|przy) .{0,80}
    |lähetetty .{0,60}|отправлено (?:с|из|через) .{0,80}|надіслано (?:з|із) .{0,80}|odesláno z .{0,60}
    |odoslané z .{0,60}|.{0,40} küldve|trimis de pe .{0,60}|poslano (?:s|iz) .{0,60}
    |.{0,30}'?(?:umdan|imden|ümden|den) gönderildi
    |.{0,40}(?:から|より|で|を使用して|を使って)(?:メール)?送信(?:されました|しました|しています|されています)?
    |.{0,20}outlook(?: for \w{2,12})? ?を入手.{0,80}|(?:发自|發自|来自|從我的|发送自|傳送自).{0,60}
    |(?:나의 )?.{0,40}에서 보(?:냄|낸 메일)|أرسلت من .{0,60}|أُرسلت من .{0,60}|sent a magnificent .{0,80}
    |from my (?:iphone|ipad|android|mobile|blackberry)[^.,]{0,30}|virus-free\. .{0,80}|\u1427
    """)
    + r")[)\]>*_ ]{0,3}\Z",
    re.IGNORECASE,
)

CLOSINGS = re.compile(
    r"(?:"
    + pattern(r"""
    (?:(?:with|my|very|many thanks and|thanks and|thank you and|thanks in advance and) )?(?:best|kind|kindest
    |warm|warmest|warmly|friendly|sincere)(?: personal)? (?:regards|wishes|greetings)
    |(?:with )?(?:kind )?regards|best|rgds|br|kr|bests
    |(?:yours|most|very)? ?(?:sincerely|truly|faithfully|respectfully)(?: yours)?|cordially|cheers|all the best
    |yours
    |(?:mit )?(?:freundliche|beste|herzliche|liebe|viele|schöne)[nmr]? gr(?:ü|u|ue)(?:ß|ss)e?n?(?: aus .{2,20})?
    |mfg|vg|lg|hochachtungsvoll|(?:bien )?cordialement|(?:bien )?sincèrement|(?:bien à (?:vous|toi))
    |salutations(?: distinguées)?|(?:meilleures|sincères) salutations|amicalement|cdt|cdlt
    |(?:un )?(?:cordial )?saludos?(?: cordiales)?|atentamente|un saludo|atenciosamente|atte|cumprimentos
    |(?:com os )?melhores cumprimentos|abraços|(?:cordiali|distinti) saluti|saluti
    |(?:met )?(?:vriendelijke|hartelijke|beste) groet(?:en)?|groet(?:en|jes)?|mvg
    |(?:med )?(?:venlig|vänlig|vennlig|bästa|bedste|beste)a? ?(?:hilsen|hälsning(?:ar)?|hilsner)
    |(?:mange )?hilsen|hälsningar|mvh|kh|vh|hilsner|(?:ystävällisin )?terveisin|terv
    |(?:z )?(?:poważaniem|wyrazami szacunku)|pozdrawiam(?: serdecznie)?|(?:s )?(?:pozdravem|pozdravom)
    |üdvözlettel|(?:cu )?(?:stimă|respect)|с уважением|з повагою|saygılarımla|iyi çalışmalar|srdačan pozdrav
    |此致|敬礼|祝好
    """)
    + r")\s?[,.!、，]{0,3}",
    re.IGNORECASE,
)
"""Closing formulas that say nothing but goodbye; thanks are not among them, for they are the writer's own words."""

THANKS = re.compile(
    r"(?:"
    + pattern(r"""
    (?:many )?thanks(?: (?:a lot|again|in advance|so much|and regards))?
    |thank you(?: (?:very much|again|in advance))?|thx|vielen dank|danke|merci(?: d'avance)?|gracias|grazie
    |obrigad[oa]|bedankt|tack|tak|takk|kiitos|dziękuję|спасибо
    """)
    + r")\s?[,.!]{0,3}",
    re.IGNORECASE,
)

CONTACT = re.compile(
    pattern(r"""
    \A[^\w〒℡☎]{0,8}(?:(?:tel|telephone|phone|fax|mobile|cell|電話|電話番号|直通|内線|代表|携帯|ＴＥＬ|ＦＡＸ
    |住所|所在地|営業時間|受付時間|tél|telefon|handy|téléphone|teléfono|telefono|telefax
    |móvil)\s{0,6}[.)（(]?\s{0,4}[:：/.+\d（(]|(?:e-?mail|mail|メール|ｅ－?ｍａｉｌ
    |[tmefw])\s{0,6}[:：.]\s{0,4}(?:[+\d(]|[<\w.+-]{1,64}@|www\.|https?:))|〒\s?\d{3}|[℡☎]|株式会社|有限会社
    |合同会社|合資会社|財団法人|社団法人|[(（]株[)）]|㈱|㈲
    |\b(?:Inc|Ltd|LLC|GmbH|Corp|Corporation|Pty|S\.A|B\.V|Co)\b\.?,?(?:\s?(?:Ltd|Inc|KG)\.?)?\Z
    |(?<![\d.:-])\(?\d{2,5}\)?[- ]\d{2,4}[- ]\d{3,4}(?![\d.:-])|\+\d{1,3}[ (-]{1,2}\d
    """),
    re.IGNORECASE,
)
"""A line with what one writes under a letter so as to be found: telephone, address, company."""

LINK = re.compile(
    r"\W{0,6}(?:(?:e-?mail|mail|url|web(?:site)?|hp|ホームページ)\s?[:：]\s?)?"
    r"[<(]?(?:[\w.+-]{1,64}@[\w.-]{1,80}|(?:https?://|www\.)\S{1,200})[>)]?\W{0,6}\Z",
    re.IGNORECASE,
)
"""A line that is no more than an address or a link: weak proof, for a question may end with one."""

NOT_SIGNATURE = re.compile(
    pattern(r"""
    \d{1,2}:\d{2}:\d{2}|(?:です|ます|した|せん|さい|たい|すか|ょうか)[。？！?!]|[{};]\s*\Z
    |\b(?:error|warning|warn|fatal|info|debug|exception|failed|select|insert|update|traceback)\b|エラー|障害が
    |\A\s*[$#]\s|\A\s{0,8}\d{1,3}[.)]\s|[?？]\s*\Z|\w=\w
    """),
    re.IGNORECASE,
)
"""A line that no signature has: a sentence, a question, a log, code, a command."""

FOOTER = re.compile(
    r"\W{0,6}(?:"
    + pattern(r"""
    to unsubscribe|you(?: have|'ve)? (?:are )?receiv(?:ed|ing) this (?:e-?mail|message|because)
    |reply to this (?:e-?mail|message) (?:directly|to)|unsubscribe(?: from| here|:| at)
    |this (?:e-?mail|message|communication|transmission)(?:,| and| \(| is| may| contains| has been| was| message)
    .{0,80}(?:confiden|privileg|intended (?:for|solely|only)|scanned|virus)
    |confidentiality (?:notice|note)|(?:e-?mail )?disclaimer\b
    |(?:the )?information (?:contained )?in this (?:e-?mail|message|communication)
    |the contents of this (?:e-?mail|message)|please consider the environment
    |view (?:this|it) (?:online|on github|message)
    |(?:diese|die in dieser) (?:e-?mail|nachricht) (?:enthält|ist|und).{0,60}
    |ce (?:message|courriel|mail)(?:,| et).{0,60}(?:confid|joint)
    |(?:le informazioni contenute|questo messaggio).{0,60}
    |este (?:mensaje|correo|e-?mail).{0,60}(?:confid|destin)
    |(?:本|この)(?:電子)?(?:メール|eメール)(?:に|は|および|及び|の内容).{0,40}(?:機密|秘密|添付|ウイルス
    |ウィルス|配信|宛先|受信者)|(?:配信停止|メール配信の停止|購読解除).{0,40}(?:こちら|http|は)
    |.{0,80}mailing list(?: -- \S{1,120})?\s*\Z|.{0,60}メーリングリスト\s*\Z
    """)
    + r")",
    re.IGNORECASE,
)
"""How a text begins that a list, a service or a company puts under every mail."""

GREETING = re.compile(
    pattern(r"""
    (?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|greetings|hallo|guten (?:tag|morgen)|liebe[rs]?
    |sehr geehrte[rs]?|bonjour|bonsoir|hola|buenos días|estimad[oa]|ciao|buongiorno|gentile|olá|prezad[oa]|beste
    |geachte|hej|hei|cześć|dzień dobry|здравствуйте|добрый день|привет|你好|您好|안녕하세요)\b.{0,60}\Z
    |.{1,40}(?:様|さま|さん|殿|御中|各位)\s{0,2}\Z|(?:いつも|大変)?(?:お世話に|お疲れ様)
    """),
    re.IGNORECASE,
)
"""How a letter begins."""
