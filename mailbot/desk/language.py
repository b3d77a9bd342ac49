"""Is this Japanese or English? By the scripts and the commonest words of what the writer himself wrote. Pure.

The desk answers in two languages. Romanised Japanese gets English, because a writer without a Japanese keyboard may
not see an answer in Japanese either; every other language gets None, and with it the language of the contract.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.desk.contract import Language

_LOOK_AT = 16_384
_HIRAGANA = re.compile("[\u3041-\u3096]+")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc\uff66-\uff9d]+")
_KANJI = re.compile("[\u3005\u4e00-\u9fff\uf900-\ufaff]+")
_WORD = re.compile("[A-Za-z\u00c0-\u024f]{2,}(?:['\u2019][a-z]{1,2}\\b)?")
_OTHER_SCRIPT = re.compile("[\u0370-\u1dff\uac00-\ud7af]")
# Forms that only Japan writes, or only China; other kanji are common to both.
_JAPANESE_FORM = re.compile(
    "[々働込峠枠検験証読発対応気鉄広図売転戻済権続駅総従処変単観覚聴経軽円塩両乗価仮伝実帰県戦択拡挙労営団囲圧壊"
    "徴悪恵渋絵縄縦脳荘薬蔵訳説豊遅釈録銭関険隠雑霊頼顕騒髄鶏黒黙齢竜亜仏払浜焼畳稲粋継緑縁繊]"
)
_CHINESE_FORM = re.compile(
    "[你您们這吗嗎么麼呢吧请谢说還还让让为务发测试问题时间开关应该对错误连库个哪怎过进运远现见规观视设计认识证词译读"
    "调负败货质购费资车转轮软载输边达迁迟选递邮释钟键长门闭闻阅队际险随难页顶项顺须预领额风馆马驱验骤"
    "們沒說讓對發應檢證讀寫當國學經變實從來關點體觀聽總據]|謝謝|什么|的是|不了"
)
_QUOTED = re.compile(r"\s{0,3}[>\uff1e|]")
# Lines that a machine wrote: log lines, paths, prompts, code, stack traces. Their letters say nothing of the writer.
_PASTED = re.compile(
    r"\s*(?:\d{4}[-/]\d\d[-/]\d\d"
    r"|\w{3} +\d{1,2} \d\d:\d\d|\[?\d\d:\d\d:\d\d|[#$%] |\S{0,40}[=#]# |[\w.-]{1,60}\s*=\s|at [\w.$]+\(|/\w+/"
    r"|(?:LOG|DETAIL|ERROR|FATAL|HINT|STATEMENT|WARNING|NOTICE|PANIC|DEBUG\d?|CONTEXT|INFO)\s?:"
    r"|(?:エラー|致命的エラー|ログ|ヒント|詳細|警告|文)\s?:  "  # PostgreSQL in Japanese
    r"|Traceback \(|File \"|Caused by:|Exception in |[{}();]{1,4}\s*\Z|//|/\*|\*/|#include"
    r"|(?i:select|insert|update|delete|create|alter|grant)\s.{1,200};\s*\Z"
    r"|(?:def|class|return|function|public|private|static|const)\b.{1,200}[:;{})]\s*\Z|import [\w.]{1,80};?\s*\Z)"
)
_FENCE = re.compile(r"\s*(?:```|~~~)")
_NOT_WORDS = re.compile(
    r"https?://[!-~]+|[\w.+-]{1,64}@[\w.-]{1,253}|[A-Za-z]:\\[!-~]+|(?<!\S)[~.]{0,2}/[\w./-]+"
    r"|[\w-]{1,60}\.(?:log|txt|xlsx?|docx?|pptx?|pdf|csv|zip|gz|png|jpe?g|conf|sql|sh|ya?ml|json|xml|html?)\b"
    r"|\w{1,60}_\w{1,60}",
    re.IGNORECASE,
)
_MAY_HOLD = re.compile(r"[/@_\\]|\.\w")  # what the pattern above would take out
_ENGLISH = frozenset(
    "the is are was were to and of we you it its please this that these those not have has had for with can could how "  # noqa: SIM905
    "what when where which why who hello hi dear thank thanks thx regards yes ok okay after before does did do my our "
    "your in on at by from be been will would should if there here they but or as an so i'm it's don't doesn't can't "
    "still now just also any some no sorry got help works fixed done".split()
)
_SPOKEN = frozenset(
    "i we you our my me us your please could would thank thanks thx hello hi dear regards sincerely i'm sorry".split()  # noqa: SIM905
)
_FOREIGN = frozenset(
    "der die das und nicht ist ein eine für mit wir sie auf von zu dem den ich danke bitte hallo le la les des est une "  # noqa: SIM905
    "pas que pour avec nous vous dans du et bonjour merci el los las una por para con del hola gracias il che di non "
    "per sono grazie ciao het een niet van en dat ik dank bedankt um os não uma com obrigado obrigada och att det "
    "som inte tack jest nie się dziękuję se es y como mais je hei takk tak kiitos".split()
)
_ROMAJI = frozenset(
    "desu masu mashita masen deshita onegai onegaishimasu itashimasu arigatou arigato gozaimasu osewa natte orimasu "  # noqa: SIM905
    "kudasai shimasu shimashita imasu dekimasen ryokai wakarimashita sumimasen konnichiwa yoroshiku kara desuka".split()
)


def language_of(text: str) -> Language | None:
    """`ja` or `en`; None when the text is too little, or neither."""
    own = _own_words(text[:_LOOK_AT])
    words = [word.lower() for word in _WORD.findall(own)]
    if _is_japanese(own, words):
        return "ja"
    latin = _size(words)
    if latin < 2 or (_size(_OTHER_SCRIPT.findall(own)) + _size(_KANJI.findall(own))) * 4 > latin:
        return None
    return "en" if _is_english(words) else None


def _own_words(text: str) -> str:
    lines: list[str] = []
    fenced = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif line == "-- " and lines:
            break
        elif not fenced and not _QUOTED.match(line) and not _PASTED.match(line):
            lines.append(_NOT_WORDS.sub(" ", line) if _MAY_HOLD.search(line) else line)
    return "\n".join(lines)


def _is_japanese(own: str, words: Sequence[str]) -> bool:
    """Kana decide, unless an English letter only names or cites something in them.

    An English writer seldom pastes sentences in kana, while a Japanese one pastes logs by the hundred lines: so the
    amount of English counts only where it speaks to somebody.
    """
    hiragana, kana = _size(_HIRAGANA.findall(own)), _size(_KATAKANA.findall(own))
    kanji = _size(_KANJI.findall(own))
    if not hiragana and not kana:
        return _is_japanese_kanji(own, kanji, words)
    if hiragana < 3 and len(_CHINESE_FORM.findall(own)) >= 2:
        return False
    common = sum(word in _ENGLISH for word in words)
    if common < 3:
        return hiragana + kana >= 2 or kanji > 0 or not words
    if hiragana < 3:
        return (kana + kanji) * 2 >= _size(words)
    if len(_SPOKEN.intersection(words)) < 2 or (hiragana + kanji) * 2 >= _size(words):
        return True
    return _begins_in_japanese(own)


def _is_japanese_kanji(own: str, kanji: int, words: Sequence[str]) -> bool:
    """Kanji alone: a short answer such as 了解. It could be Chinese; but who writes to this desk is mostly Japanese."""
    if not kanji or _CHINESE_FORM.search(own) or _OTHER_SCRIPT.search(own):
        return False
    if kanji * 6 < _size(words):
        return False
    return kanji <= 12 or _JAPANESE_FORM.search(own) is not None


def _begins_in_japanese(own: str) -> bool:
    """A writer begins in his own language, and pastes below."""
    for line in own.split("\n"):
        japanese, words = _size(_HIRAGANA.findall(line)) + _size(_KANJI.findall(line)), _WORD.findall(line)
        if japanese >= 3 or len(words) >= 3:
            return japanese * 3 >= _size(words)
    return True


def _is_english(words: Sequence[str]) -> bool:
    """Latin letters alone could be German: the commonest words must be there, or hardly any text at all."""
    common = sum(word in _ENGLISH for word in words)
    foreign = sum(word in _FOREIGN or not word.isascii() for word in words)
    if foreign > common or foreign * 4 > len(words):
        return False
    if common * 12 >= len(words) and common:
        return True
    return len(words) <= 3 or sum(word in _ROMAJI for word in words) >= 2


def _size(runs: Sequence[str]) -> int:
    return sum(map(len, runs))
