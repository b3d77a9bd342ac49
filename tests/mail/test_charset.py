"""Every step of the ladder, by bytes as they come."""

import pytest

from mailbot.mail.charset import decode
from mailbot.mail.charsetname import codec_of

KANA = "サーバーが止まりました"
LETTER = "お世話になっております。株式会社アクメの高橋です。サーバーが停止しました。"

CASES = {
    "plain": (b"hello", "", "hello"),
    "utf8": ("日本語".encode(), "utf-8", "日本語"),
    "jis": ("日本語".encode("iso2022_jp"), "iso-2022-jp", "日本語"),
    "jis labelled utf-8": ("日本語".encode("iso2022_jp"), "utf-8", "日本語"),
    "jis labelled ascii": ("日本語".encode("iso2022_jp"), "us-ascii", "日本語"),
    "jis undeclared": ("日本語".encode("iso2022_jp"), "", "日本語"),
    "jis half-width kana": (b"\x1b(I1234\x1b(B", "iso-2022-jp", "ｱｲｳｴ"),
    "jis NEC row 13": (b"\x1b$B-!\x1b(B", "iso-2022-jp", "①"),
    "jis NEC-selected IBM": (b"\x1b$B|b\x1b(B", "iso-2022-jp", "髙"),
    "jis escape lost at line end": (b"\x1b$BF|K\\-!\nabc", "iso-2022-jp", "日本①\nabc"),
    "jis JIS X 0208-1978": (b"\x1b$@F|K\\\x1b(J", "iso-2022-jp", "日本"),
    "sjis is cp932": ("①㈱髙﨑".encode("cp932"), "Shift_JIS", "①㈱髙﨑"),
    "sjis labelled utf-8": ("フェイルオーバーの件".encode("cp932"), "utf-8", "フェイルオーバーの件"),
    "sjis undeclared": ("テストです".encode("cp932"), "", "テストです"),
    "euc": ("障害の報告です".encode("euc_jp"), "euc-jp", "障害の報告です"),
    "euc labelled sjis": ("これは障害の報告です".encode("euc_jp"), "us-ascii", "これは障害の報告です"),
    "utf8 labelled jis": ("日本語です".encode(), "iso-2022-jp", "日本語です"),
    "utf8 labelled latin1": ("日本語です".encode(), "iso-8859-1", "日本語です"),
    "utf8 cut": ("日本語".encode()[:-1], "utf-8", "日本\ufffd"),
    "latin1 is cp1252": (b"caf\xe9 \x80", "iso-8859-1", "café €"),
    "gb2312 is gb18030": ("中文㐀".encode("gb18030"), "gb2312", "中文㐀"),
    "big5": ("繁體".encode("big5"), "big5", "繁體"),
    "koi8": ("привет".encode("koi8_r"), "koi8-r", "привет"),
    "utf7": (b"+ZeVnLIqe-", "utf-7", "日本語"),
    "idna is no charset": (b"abc", "idna", "abc"),
    "unknown name": ("日本語".encode(), "x-unknown", "日本語"),
    # ISO-2022-JP as it really comes
    "jis half-width kana by SO": (b"A\x0e1234\x0fB", "iso-2022-jp", "AｱｲｳｴB"),
    "jis half-width kana in eight bits": (b"\x1b$BF|\x1b(B\xb1\xb2", "iso-2022-jp", "日ｱｲ"),
    "jis row 13 in eight bits": (b"\x1b$B\xad\xa1\x1b(B", "iso-2022-jp", "①"),
    "jis IBM row 115": (b"\x1b$B\x93\x21\x1b(B", "iso-2022-jp", "ⅰ"),
    "jis user-defined row": (b"\x1b$B\x7f\x21F|\x1b(B", "iso-2022-jp", "〓日"),
    "jis a row that nobody has": (b"\x1b$B\x29\x21F|\x1b(B", "iso-2022-jp", "〓日"),
    "jis JIS X 0212": (b"\x1b$(D0!\x1b(B", "iso-2022-jp", "丂"),
    "jis JIS X 0213": ("🈁".encode(), "iso-2022-jp", "🈁"),
    "jis GB 2312": ("中".encode("iso2022_jp_2"), "iso-2022-jp-2", "中"),
    "jis without escapes": (b"Re: $B>c32$NJs9p$G$9(B", "iso-2022-jp", "Re: 障害の報告です"),
    "jis without escapes, undeclared": (b"$B>c32$NJs9p$G$9(J", "", "障害の報告です"),
    "Perl is no jis": (b'printf("$B%s(B");', "", 'printf("$B%s(B");'),
    "jis and a footer in UTF-8": ("日本".encode("iso2022_jp") + "\n語".encode(), "utf-8", "日本\n語"),
    "jis and a footer in Shift_JIS": ("日本".encode("iso2022_jp") + "\n語".encode("cp932"), "", "日本\n語"),
    "jis cut in a character": (b"\x1b$BF|K", "iso-2022-jp", "日K"),
    # one reading of the doubtful characters in all three encodings
    "jis wave dash": ("〜−".encode("iso2022_jp"), "iso-2022-jp", "～－"),
    "euc wave dash": ("〜−".encode("euc_jp"), "euc-jp", "～－"),
    "sjis wave dash": (b"\x81\x60\x81\x7c", "shift_jis", "～－"),
    "wave dash in UTF-8 stays": ("〜".encode(), "utf-8", "〜"),
    # EUC-JP and Shift_JIS beyond the standards
    "euc row 13": (b"\xad\xa1\xf9\xa1", "euc-jp", "①纊"),
    "euc IBM": (b"\x8f\xf4\xfe", "eucJP-ms", "黑"),
    "euc half-width": (b"\x8e\xb1\x8e\xb2", "euc-jp", "ｱｲ"),
    "euc labelled shift_jis": (LETTER.encode("euc_jp"), "shift_jis", LETTER),
    "half-width kana in sjis": ("ｻｰﾊﾞｰ".encode("cp932"), "shift_jis", "ｻｰﾊﾞｰ"),
    "carrier's emoji": ("晴れ".encode("cp932") + b"\xf8\x9f", "shift_jis", "晴れ〓"),
    "sjis kanji alone": ("山田太郎".encode("cp932"), "", "山田太郎"),
    "euc kanji alone": ("山田太郎".encode("euc_jp"), "", "山田太郎"),
    "sjis labelled latin1": (LETTER.encode("cp932"), "iso-8859-1", LETTER),
    "sjis with a broken byte": (LETTER.encode("cp932") + b"\xeb", "", LETTER + "〓"),
    # Western text is not taken for Japanese
    "accents undeclared": ("Jérémie Müller".encode("cp1252"), "", "Jérémie Müller"),
    "quotes undeclared": ("It’s “fine” – don’t".encode("cp1252"), "us-ascii", "It’s “fine” – don’t"),
    "accents labelled utf-8": ("Grüße aus München".encode("cp1252"), "utf-8", "Grüße aus München"),
    "an undefined byte": (b"a\x81b", "iso-8859-1", "a\x81b"),
    # Unicode
    "utf8 labelled gbk": (LETTER.encode(), "gb2312", LETTER),
    "utf8 labelled koi8": ("日本語".encode(), "koi8-r", "日本語"),
    "gbk that is utf8 by chance": ("联通".encode("gbk"), "gbk", "联通"),
    "utf16 with a mark": (KANA.encode("utf-16"), "utf-16", KANA),
    "utf16 undeclared": (KANA.encode("utf-16"), "", KANA),
    "utf16 little without a mark": ((KANA + "\n").encode("utf-16-le"), "utf-16", KANA + "\n"),
    "utf16 big without a mark": ((KANA + "\n").encode("utf-16-be"), "utf-16", KANA + "\n"),
    "utf16 of the other order": ((KANA + "\n").encode("utf-16-le"), "utf-16be", KANA + "\n"),
    "utf16 without a label": ("Hello".encode("utf-16-le"), "", "Hello"),
    "ascii labelled utf16": (b"Hello, world.", "utf-16", "Hello, world."),
    "utf8 labelled unicode": (LETTER.encode(), "unicode", LETTER),
    "utf7 broken": (b"a +ZeVnLIqe", "utf-7", "a 日本語"),
    # the others
    "hz": ("中文".encode("hz"), "hz-gb-2312", "中文"),
    "iso-2022-kr": ("안녕".encode("iso2022_kr"), "", "안녕"),
    "hong kong": ("嘅".encode("big5hkscs"), "big5", "嘅"),
    "korean": ("안녕하세요".encode("cp949"), "ks_c_5601-1987", "안녕하세요"),
    "thai": ("สวัสดี".encode("cp874"), "tis-620", "สวัสดี"),
    "mac": (b"caf\x8e", "macintosh", "café"),
    "cyrillic undeclared": (
        "Здравствуйте, сервер не работает".encode("cp1251"),
        "",
        "Здравствуйте, сервер не работает",
    ),
}


@pytest.mark.parametrize(("data", "label", "text"), CASES.values(), ids=CASES.keys())
def test_decode(data: bytes, label: str, text: str) -> None:
    assert decode(data, label).text.removeprefix("\ufeff") == text


def test_a_guess_is_said() -> None:
    assert decode("日本語".encode(), "iso-2022-jp").guess
    assert not decode("日本語".encode("iso2022_jp"), "iso-2022-jp").guess


NAMES = {
    "cp932": ("Shift_JIS", "shift-jis", "x-sjis", "cp-932", "CP932", "windows-31j", "932", "x-mac-japanese"),
    "jis": ("ISO-2022-JP", "iso2022jp", '"iso-2022-jp', "ISO-2022-JP;format=flowed", "50220", "_iso-2022-jp$ESC"),
    "euc": ("EUC-JP", "eucJP-ms", "x-euc-jp", "CP51932", "ujis"),
    "utf_8": ("utf8", "UTF_8", "utf8mb4", "'utf-8'", "charset=utf-8", "65001", "utf-8 (unicode)"),
    "cp1252": ("iso-8859-1", "ISO_8859-1:1987", "Latin1", "windows-1252", "cp1252", "iso-ir-100"),
    "iso8859_15": ("iso-8859-15", "ISO8859-15", "latin-9", "28605"),
    "koi8_r": ("koi8-r", "KOI8R", "20866"),
    "gb18030": ("gb2312", "GBK", "x-gbk", "gb_2312-80", "936"),
    "cp949": ("euc-kr", "ks_c_5601-1987", "korean"),
    "utf16": ("utf-16", "unicode", "UCS-2"),
    "": ("Japanese", "x-user-defined", "unknown-8bit", "iso-8859-12", "?"),
}  # fmt: skip


@pytest.mark.parametrize(("codec", "label"), [(codec, label) for codec, labels in NAMES.items() for label in labels])
def test_names(codec: str, label: str) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize(
    "label", ["idna", "unicode_escape", "hex", "rot13", "zip", "", "../x", "utf-8\x00", "x" * 9_999]
)
def test_what_is_no_charset(label: str) -> None:
    assert codec_of(label) == ""


def test_any_bytes_decode() -> None:
    data = bytes(range(256)) * 4
    for label in (
        "",
        "utf-8",
        "iso-2022-jp",
        "cp932",
        "euc-jp",
        "utf-7",
        "gb18030",
        "big5",
        "utf-16",
        "hz",
        "nonsense",
    ):
        assert isinstance(decode(data, label).text, str)
