"""Parameters and file names as they come."""

import time

import pytest

from mailbot.mail.parameter import display_name, parameters

CASES = {
    "token": ('text/plain; charset=utf-8; name="a b.txt"', {"charset": "utf-8", "name": "a b.txt"}),
    "rfc2231": ("attachment; filename*=utf-8''%E6%97%A5.txt", {"filename": "日.txt"}),
    "continued": ('a/b; name*0="ab"; name*1="cd"', {"name": "abcd"}),
    "continued and coded": ("a/b; name*0*=utf-8''%E6%97; name*1*=%A5.txt", {"name": "日.txt"}),
    "2047 inside": ('a/b; name="=?utf-8?b?5pelLnR4dA==?="', {"name": "日.txt"}),
    "raw jis": ('a/b; name="\x1b$BF|\x1b(B.txt"', {"name": "日.txt"}),
    "escaped quote": (r'a/b; name="a\"b"', {"name": 'a"b'}),
    "first counts": ("a/b; x=1; x=2", {"x": "1"}),
    "none": ("text/plain", {}),
    "open quote": ('a/b; name="abc', {"name": "abc"}),
    "no semicolon": ('a/b charset=utf-8 name="x y.txt" size=3', {"charset": "utf-8", "name": "x y.txt", "size": "3"}),
    "blanks without quotes": ("a/b; name=my file.txt; x=1", {"name": "my file.txt", "x": "1"}),
    "blanks around the sign": ('a/b; name = "x"', {"name": "x"}),
    "out of order": ("a/b; name*1=b; name*0=a; name*2=c", {"name": "abc"}),
    "coded and plain": ("a/b; name*0*=utf-8''%E6%97%A5; name*1=_x; name*2*=%E6%9C%AC", {"name": "日_x本"}),
    "no charset": ("a/b; name*=%E6%97%A5", {"name": "日"}),
    "cut in a character": ("a/b; name*0*=utf-8''%E6%97; name*1*=%A5", {"name": "日"}),
    "both kinds": ("a/b; name=fallback.txt; name*=utf-8''%E6%97%A5", {"name": "日"}),
    "sjis in percent codes": ("a/b; name*=Shift_JIS'ja'%93%FA%96%7B.txt", {"name": "日本.txt"}),
    "raw sjis": (
        'a/b; name="' + "日本語の表.txt".encode("cp932").decode("ascii", "surrogateescape") + '"',
        {"name": "日本語の表.txt"},
    ),
    "words in pieces": ('a/b; name*0="=?utf-8?b?5pel"; name*1="LnR4dA==?="', {"name": "日.txt"}),
    "path of Windows": (r'a/b; name="C:\temp\a.png"', {"name": r"C:\temp\a.png"}),
}


@pytest.mark.parametrize(("value", "found"), CASES.values(), ids=CASES.keys())
def test_parameters(value: str, found: dict[str, str]) -> None:
    assert parameters(value) == found


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("../../e\u202efdp.exe\x00", "efdp.exe"),
        ("a" * 300 + ".txt", "a" * 116 + ".txt"),
        ("a." + "x" * 300, "a" + "." + "x" * 10),
        ("報告書.pdf", "報告書.pdf"),
        ("..", ""),
        ('a:b*"c".txt', "a_b__c_.txt"),
        ("%E5%A0%B1%E5%91%8A.pdf", "報告.pdf"),
        ("100%.pdf", "100%.pdf"),
        ("%2e%2e%2fa%E5%A0%B1.pdf", "a報.pdf"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("console.log", "console.log"),
    ],
)
def test_display_name(name: str, shown: str) -> None:
    assert display_name(name) == shown


def test_sixteen_thousand_parameters_take_no_time() -> None:
    began = time.process_time()
    for value in (
        "a/b" + "; x" * 100_000,
        "a/b; x=" + " y" * 100_000,
        "a/b" + "; a*0=b" * 50_000,
        "a/b;" + "\t" * 300_000,
    ):
        parameters(value)
    assert time.process_time() - began < 2
