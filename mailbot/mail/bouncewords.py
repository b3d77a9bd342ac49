"""In which words do mail systems say that they could not deliver a mail? Pure.

Vocabulary only, in the languages of the common systems; what it proves is weighed in `bouncesigns`.
"""

from __future__ import annotations

import re

SUBJECT = re.compile(
    r"un-?deliver|not[ -](?:be )?(?:been )?deliver|delivery (?:status|fail|notification|report|error|problem|warning)"
    r"|deliver(?:y|ed)? (?:has )?failed|delayed mail|mail delivery|delivery delay|delivery (?:has been )?delayed"
    r"|return(?:ed|ing) (?:mail|message|to sender|e-?mail)|failure (?:notice|delivery|notification)|failed (?:mail"
    r"|delivery|to deliver|message|recipient)|(?:e-?)?mail (?:fail|error|undeliver|system error|not deliver)"
    r"|error mail"
    r"|could not (?:be )?(?:send|sent|deliver)|can(?:no|')t (?:be )?(?:deliver|send)|warning: (?:could not|message"
    r"|mail)|message (?:status|delayed|not delivered|rejected|blocked|undeliver|could not|expired)"
    r"|nondeliverable|non[- ]?delivery|user unknown|unknown (?:user|address|recipient)|invalid (?:user|address"
    r"|recipient)"
    r"|bounce|rejected|processing error|undelivrable|mailbox (?:is )?(?:full|unavailable)|quota|expired mail"
    r"|not (?:a )?member|loop (?:alert|back)|malformed address|spam"
    # Exchange, Exim and Postfix in other languages
    r"|unzustellbar|nicht zugestellt|unzustellung|inte leverera|olever|non remis|non distribu|échec de (?:la )?remise"
    r"|no se (?:puede|pudo|ha podido) entregar|no entregado|correo devuelto|non recapitabile|mancata consegna"
    r"|impossibile"
    r"|não (?:é possível )?entreg|onbestelbaar|niet (?:bezorgd|afgeleverd)|ikke lever|niedostarcz|nedoručiteln"
    r"|недостав"
    r"|не (?:удалось|доставлено)|无法(?:传递|送达|投递)|未(?:传递|送达)|退信|無法(?:傳遞|投遞)|배달"
    r"|配信(?:不能|できません|でき|エラー|に失敗|失敗|され(?:ません|ない)|遅延)|配達(?:不能|できません|でき"
    r"|エラー|失敗)"
    r"|送信(?:できません|でき|エラー|失敗|不能)|届(?:けられません|きません|かない)|宛先不明|あて先不明"
    r"|エラーメール|メールエラー|不達|配送(?:できません|エラー|失敗|遅延)|受信者不明",
    re.IGNORECASE,
)
# What a mail system says of the mail; people use these words, too.
LETTER = re.compile(
    r"qmail-send|mail delivery software|permanent (?:fatal )?error|transient non-fatal|fatal errors"
    r"|could ?n[o']t be delivered|not be delivered|unable to deliver|undeliver"
    r"|did not reach|was not delivered|has not been delivered|delivery (?:to the following|has failed|failed"
    r"|attempt|of your|of email|error|problem)|the following (?:address|recipient|user)|intended recipient"
    r"|fail(?:ed|ure) to deliver|does(?: not|n't) exist|user unknown|unknown user|no such (?:user|recipient|address)"
    r"|mailbox (?:is )?(?:full|unavailable)|not listed in|not accepting mail|not a valid (?:user|address|recipient)"
    r"|over quota|quota exceeded|rejected|returned to (?:you|sender)|(?:been|was) returned|cannot be delivered"
    r"|can't be delivered"
    r"|not delivered|this user|(?:invalid|failed|unknown) (?:recipient|address|user)|non-?delivery"
    r"|failure reason|message was addressed"
    r"|could not (?:be )?(?:send|sent|deliver|reach)|no longer|sendmail|\b(?:550|554|552|553|450|451|421)\b"
    r"|invalid final delivery|exceeds? allowed|does not like recipient|unable to find|valid (?:user|recipient)"
    r"|errors? (?:during|while|has occurred)|not a member of|duplicated message-id|mail loop|无法(?:发送|送达"
    r"|投递)|退信"
    r"|(?:配信|配達|送信|配送)(?:でき|不能|に失敗|が(?:でき|失敗))|届け(?:られ|る)|お届けでき|(?:宛先"
    r"|あて先)(?:不明|が)|届きませんで"
    r"|存在し(?:ない|ません)|見つかりません|リストにありません",
    re.IGNORECASE,
)
# Sentences with which delivery systems, and hardly anybody else, begin.
SENTENCE = re.compile(
    r"(?:this is (?:an?|the) [^\n]{0,40}(?:message (?:generated|created)|mail(?:er)? ?(?:system|server|agent"
    r"|daemon)|qmail|delivery)"
    r"|this message was created automatically by|hi\. this is the"
    r"|(?:your|the|a|this|an) (?:e-?mail |original )?(?:e-?mail|message"
    r"|mail)(?: (?!is going)[^\n]{0,120})? (?:could not|cannot|can't|can not|couldn'?t) be (?:\w{1,12} )?delivered"
    r"|(?:your|the|a|this|an) (?:e-?mail |original )?(?:e-?mail|message|mail)(?: [^\n]{0,80})? (?:was"
    r"|has) (?:not (?:been )?delivered|been returned|undeliverable)"
    r"|(?:could not|cannot) be delivered to:?[ \t]*[<\n]|unable to deliver (?:message|mail|your)"
    r"|message undeliverable"
    r"|delivery (?:to the following|of (?:e-?mail|your message|the following)[^\n]{0,60} failed|has failed to"
    r"|of email to this)"
    r"|did not reach the following|(?:the )?following (?:address|recipient)[^\n]{0,60}(?:had|failed|did not"
    r"|errors?|rejected|was|were)"
    r"|message from (?:the )?[^\n]{0,40}(?:interscan|mail|smtp|antivirus)"
    r"|an error (?:has )?occurred while (?:trying|attempting) to deliver"
    r"|error: invalid user|failed recipients|failure reasons|we (?:were|was) (?:unable|not able) to deliver"
    r"|you sent mail to \S{1,120}\. that's not a valid"
    r"|(?:以下|次)の(?:宛先|あて先|受信者|アドレス|メールアドレス)[^\n]{0,40}(?:でき|届|エラー|失敗|配信)"
    r"|(?:お送り|送信)(?:いただいた|された|した)?メール[^\n]{0,40}(?:でき(?:ません|なかった)|届)"
    r"|送信先の?メール(?:ボックス|アドレス)[^\n]{0,40}(?:ません|でき))",
    re.IGNORECASE,
)
