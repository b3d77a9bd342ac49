"""Every step of the ladder, by bytes as they come."""

import pytest

from mailbot.mail.charset import codec_of, decode

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
}


@pytest.mark.parametrize(("data", "label", "text"), CASES.values(), ids=CASES.keys())
def test_decode(data: bytes, label: str, text: str) -> None:
    assert decode(data, label).text == text


def test_a_guess_is_said() -> None:
    assert decode("日本語".encode(), "iso-2022-jp").guess
    assert not decode("日本語".encode("iso2022_jp"), "iso-2022-jp").guess


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
