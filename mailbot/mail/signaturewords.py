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
    |(?:télécharge[rz]?|obten(?:ez|ir|er|ha|ga)|obt(?:én|er)|descarg(?:ar|ue)|ottieni|scarica|transferir|baixar
    |download|haal|hämta|hent|få|last ned|hanki|lataa|pobierz|uzyskaj|získa(?:t|jte)|stáhnout|получить|скача(?:ть|йте)
    |загрузи(?:ть|те)|отримати|завантажити)(?: o| la| app(?:en)?| aplikac\w{1,3})?
    \s\[?outlook \S{1,8} (?:ios|android|mac).{0,120}
    |outlook \S{1,8} (?:ios|android|mac) (?:beziehen|herunterladen|holen|abrufen|downloaden
    |letöltése|beszerzése).{0,120}
    |(?:ios|android) (?:için outlook'?[uı] (?:edinin|indirin|alın)).{0,120}
    |(?:ios|android)용 outlook (?:다운로드|받기).{0,120}
    |(?:获取|取得|下载|下載)(?:适用于|適用於)? ?(?:(?:ios|android) ?(?:的|版) ?)?outlook.{0,120}
    |(?:diese nachricht wurde )?von (?:meinem|mein) .{1,60} gesendet.{0,40}|gesendet (?:von|mit|über) .{0,80}
    |envoyé (?:de|depuis|à partir|avec|via) .{0,80}
    |enviado (?:desde|do|de|a partir|con|com|via|pelo) .{0,80}
    |inviato (?:da|dal|dalla|con) .{0,80}|verzonden (?:vanaf|met|via|vanuit) .{0,80}|verstuurd vanaf .{0,60}
    |(?:skickat|skickades) från .{0,80}|send?t (?:fra|via) .{0,80}|wysłan[eo] (?:z|przy) .{0,80}
    |lähetetty .{0,60}|отправлено (?:с|из|через) .{0,80}|надіслано (?:з|із) .{0,80}|odesláno z .{0,60}
    |odoslané z .{0,60}|.{0,40} küldve|trimis de pe .{0,60}|poslano (?:s|iz) .{0,60}
    |.{0,30}'?(?:umdan|imden|ümden|den) gönderildi
    |.{0,40}(?:から|より|で|を使用して|を使って)(?:メール)?送信(?:されました|しました|しています|されています)?
    |.{0,20}outlook(?: for \w{2,12})? ?を入手.{0,80}|(?:发自|發自|来自|從我的|发送自|傳送自).{0,60}
    |(?:나의 )?.{0,40}에서 보(?:냄|낸 메일)|أرسلت من .{0,60}|أُرسلت من .{0,60}|נשלח (?:מה|מ|באמצעות).{0,60}
    |ส่งจาก.{0,60}|dikirim dari .{0,60}|στάλθηκε από .{0,60}|(?:đã )?gửi từ .{0,60}|saadetud minu .{0,60}
    |изпратено от .{0,60}|sūtīts no .{0,60}|išsiųsta iš .{0,60}|enviat (?:des de|amb) .{0,60}|ارسال شده از .{0,60}
    |sent a magnificent .{0,80}
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

CONTACT_LABEL = re.compile(
    r"[^\w〒℡☎]{0,8}+(?:"
    + pattern(r"""
    (?:tel|telephone|phone|ph|fax|mobile|mob|cell|direct|office|tel[/&]fax|電話|電話番号|電話[/＆&・]fax|直通|内線|代表|携帯
    |携帯電話|ＴＥＬ|ＦＡＸ|住所|所在地|営業時間|受付時間|tél|telefon|handy|mobil|téléphone|teléfono|telefono|telefax|móvil)
    \s{0,6}[.)（(]?\s{0,4}[:：/.+\d（(]
    |(?:e-?mail|mail|メール|ｅ－?ｍａｉｌ|[tmefw])\s{0,6}[:：.]\s{0,4}(?:[+\d(]|[<\w.+-]{1,64}@|www\.|https?:)
    """)
    + r")",
    re.IGNORECASE,
)
"""How a line begins that names a telephone, an address or an office."""

CONTACT = re.compile(
    pattern(r"""
    〒\s?\d{3}|[℡☎㈱㈲]|株式会社|(?:有限|合[同資]|[財社]団法)(?:会社|人)|[(（]株[)）]
    |(?<![\d.:-])\(?\d{2,5}\)?[- ]\d{2,4}[- ]\d{3,4}(?![\d.:-])|\+\d{1,3}[ (-]{1,2}\d
    |\b(?:GmbH|KG|AG|SE|LTD|INC|Ltd|Inc|Srl|SRL|SARL|SAS|LLC|Corp|CORP|Corporation|Pty|PTY|Co|CO|S\.A|B\.V|S\.p\.A|e\.V)\b
    (?:\.?\s?[,|·•–-] ?.{0,60}\d|\.?,?(?:\s?(?:Ltd|LTD|Inc|INC|KG)\.?)?\Z)
    """),
)
"""What stands somewhere in a line that one writes under a letter so as to be found: telephone, company."""

LINK = re.compile(
    r"\W{0,6}(?:(?:e-?mail|mail|url|web(?:site)?|hp|ホームページ)\s?[:：]\s?)?"
    r"[<(]?(?:[\w.+-]{1,64}@[\w.-]{1,80}|(?:https?://|www\.)\S{1,200})[>)]?\W{0,6}\Z",
    re.IGNORECASE,
)
"""A line that is no more than an address or a link: weak proof, for a question may end with one."""

ANNOUNCES = re.compile(
    pattern(r"""
    [^\W\d][”）)]?\s?[:：]\s{0,3}\Z|下記|以下|次の|連絡先|住所|宛先|宛て
    |\b(?:below|follow(?:s|ing)|contact|address(?:es)?|reach|call|details|folgende[nrs]?|unten|suivante?s?|siguientes?)\b
    """),
    re.IGNORECASE,
)
"""That the contact data below is part of what the writer says."""

NOT_SIGNATURE = re.compile(
    pattern(r"""
    \d{1,2}:\d{2}:\d{2}|(?:です|ます|した|せん|さい|たい|すか|ょうか)[。？！?!]|[{};]\s*\Z
    |\b(?<![@./-])(?:error|warning|warn|fatal|info|debug|exception|failed|select|insert|update|traceback)\b(?!@)|エラー|障害が
    |\A\s*[$#]\s|\A\s{0,8}\d{1,3}[.)]\s|[?？]\s*\Z|\w=\w
    """),
    re.IGNORECASE,
)
"""A line that no signature has: a sentence, a question, a log, code, a command."""

FOOTER = re.compile(
    r"[^\w(]{0,6}+(?:"
    + pattern(r"""
    to unsubscribe|you(?: have|'ve)? (?:are )?receiv(?:ed|ing) this (?:e-?mail|message|because)
    |reply to this (?:e-?mail|message) (?:directly|to)|unsubscribe(?: from| here|:| at)
    |(?:the (?:contents?|information) (?:contained )?(?:of|in) )?this (?:e-?mail|message|communication|transmission)
    (?:,| and| \(| is| may| contains| has been| was| message| transmission).{0,160}
    (?:confiden|privileg|intended (?:for|solely|only)|scanned|virus)
    |(?:privileged|confidential|proprietary)(?:[ /]| and | or )(?:privileged|confidential) information
    |confidentiality (?:notice|note|statement)|(?:legal |e-?mail )?disclaimer\b
    |(?:the )?information (?:contained |transmitted )?(?:in|by) this (?:e-?mail|message|communication)
    |the information transmitted |the contents? of this (?:e-?mail|message)
    |if you (?:are not the (?:intended|named)|(?:have )?receive[d]? this .{0,40}(?:in error|by mistake))
    |(?:please )?(?:consider|think of|think about) (?:the|our) environment|(?:please )?think before (?:you )?print
    |before printing this|save a tree|registered (?:office|in england)
    |view (?:this|it) (?:online|on github|message)
    |(?:diese|die in dieser|der inhalt dieser) (?:e-?mail|nachricht) (?:enthält|ist|und|kann).{0,60}
    |sitz der gesellschaft|(?:amtsgericht|registergericht|handelsregister)\b.{0,40}\bhr[ab]\b
    |geschäftsführe(?:r|rin|ung)\s?[:：]|bitte (?:denken|prüfen) sie .{0,80}(?:umwelt|drucken)
    |ce (?:message|courriel|mail)(?:,| et).{0,60}(?:confid|joint)|(?:merci de )?pens(?:ez|er) à l['’]environnement
    |avant d['’]imprimer|(?:le informazioni contenute|questo messaggio).{0,60}|ai sensi del .{0,40}privacy
    |este (?:mensaje|correo|e-?mail).{0,60}(?:confid|destin)|antes de imprimir|aviso (?:legal|de confidencialidad)
    |(?:de informatie (?:verzonden )?in )?dit (?:e-?mail)?bericht .{0,60}(?:vertrouwelijk|bestemd)
    |(?:本|この|当)(?:電子|[eｅ]-?)?(?:メール|メッセージ)(?:に|は|および|及び|並びに|、|の内容|の(?:送信先|宛先)).{0,60}
    (?:機密|秘密|添付|ウイルス|ウィルス|配信|宛先|名宛人|受信者|受取人|専用|心当たり|破棄|転載)
    |(?:万一|万が一|もし).{0,20}(?:誤って|誤送信|手違い|心当たり).{0,40}(?:受信|受け取|お?届|削除|破棄)
    |(?:配信停止|メール配信の停止|購読解除).{0,40}(?:こちら|http|は)
    |.{0,80}mailing list(?: -- \S{1,120})?\s*\Z|.{0,60}メーリングリスト\s*\Z
    """)
    + r")",
    re.IGNORECASE,
)
"""How a text begins that a list, a service or a company puts under every mail."""

FOOTER_TITLE = re.compile(
    r"[^\w]{0,8}(?:"
    + pattern(r"""
    ご注意|注意事項?|重要|免責(?:事項)?|(?:機密|秘密|守秘|個人情報|誤送信|本メール|電子メール).{0,20}
    |(?:important|legal)(?: notice)?|notice
    |confidential(?:ity)?(?: notice)?|(?:legal )?disclaimer|haftungsausschluss|hinweis|wichtiger hinweis|avertissement
    |aviso(?: legal| importante)?|avvertenza
    """)
    + r")[^\w]{0,8}\Z",
    re.IGNORECASE,
)
"""A line that is the title of such a text and nothing else."""

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
